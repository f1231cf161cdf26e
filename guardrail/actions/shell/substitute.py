"""`${{ env.X }}` and `${{ matrix.X }}` replaced by what they are known to be, as GitHub does before a shell sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.actions.shell.nesting import expressions

_PATH = re.compile(r"\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+)\s*")
_LONGEST = 2000


def substitute(script: str, values: Mapping[str, str]) -> tuple[str, dict[int, int]]:
    """The text with known expressions replaced, and where its stretches begin in the original, by their offset."""
    if "${{" not in script or not any("." in name for name in values):
        return script, {}
    known = {name.lower(): value for name, value in values.items() if "." in name}
    pieces: list[str] = []
    offsets = {0: 0}
    at = length = 0
    for start, end in expressions(script).items():
        match = _PATH.fullmatch(script, start + 3, end - 2)
        value = known.get(match.group(1).lower()) if match else None
        if value is None:
            continue
        pieces += [script[at:start], value[:_LONGEST]]
        length += len(pieces[-2])
        # Commands within the value begin where the expression does.
        offsets |= {length + i: start for i in range(len(pieces[-1]))}
        length += len(pieces[-1])
        at = end
        offsets[length] = end
    return "".join([*pieces, script[at:]]), offsets
