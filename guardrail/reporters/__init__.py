"""Reports for people and machines: one module per output, each with `render(report, options)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Literal, NamedTuple

from guardrail.errors import UsageError, did_you_mean
from guardrail.model.report import Report

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "guardrail.reporters.text",
        "json": "guardrail.reporters.json_report",
        "sarif": "guardrail.reporters.sarif",
        "github": "guardrail.reporters.github",
        "junit": "guardrail.reporters.junit",
        "markdown": "guardrail.reporters.markdown",
    }
)
"""Name of each output and the module that writes it."""

_SURROGATES = re.compile("[\ud800-\udfff]")


class RenderOptions(NamedTuple):
    """How to render: what decides the exit code, and the looks.

    `category` tells uploads of one run apart; with `coverage` the text says what became of every file and block.
    """

    fail_on: str = "low"
    allow_unparsed: bool = False
    color: bool = False
    width: int = 100
    quiet: bool = False
    elapsed: float | None = None
    sarif_profile: Literal["github", "full"] = "github"
    pretty: bool = False
    category: str = "guardrail"
    coverage: bool = False


def render(name: str, report: Report, options: RenderOptions) -> str:
    """The report in the format called `name`; encodable as UTF-8, ending in a newline.

    Raises UsageError for a name that is not in FORMATS.
    """
    if name not in FORMATS:
        raise UsageError(
            f"there is no output format '{name}'{did_you_mean(name, FORMATS)}; known: {', '.join(FORMATS)}"
        )
    text: str = import_module(FORMATS[name]).render(report, options)
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    return text if not text or text.endswith("\n") else text + "\n"
