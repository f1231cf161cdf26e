"""Characters as a reader sees them, which is how Terraform counts them (Unicode annex 29, in outline)."""

from __future__ import annotations

import re

_PICTURES = "\u2600-\u27bf\U0001f300-\U0001faff"
_CLUSTER = re.compile(
    r"\r\n"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    r"|[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*"
    rf"|[\s\S](?:[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u093c\u093e-\u094f"
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
    rf"\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef]|\u200d[{_PICTURES}]|\u200d)*"
)


def clusters(value: str) -> list[str]:
    """The characters of a text, marks with their letter. Rare scripts are cut more finely than by Unicode."""
    if value.isascii() and "\r" not in value:
        return list(value)
    return _CLUSTER.findall(value)
