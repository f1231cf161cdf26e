"""The door of the room: a script and its `shell:` to commands with offsets of the script as it is written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from re import compile as regex

from guardrail.actions.shell.batch import batch
from guardrail.actions.shell.command import Command
from guardrail.actions.shell.found import Found
from guardrail.actions.shell.powershell import powershell
from guardrail.actions.shell.shells import BATCH, POSIX, POWERSHELL, Shell, shell
from guardrail.actions.shell.substitute import substitute
from guardrail.actions.shell.walk import Spot, walk

_LONGEST = 400_000
_SHORT = 20_000
"""Scripts longer than this are not kept."""

_BREAK = regex("\n")


def commands(
    script: str, shell_text: str = "", values: Mapping[str, str] | None = None, windows: bool = False
) -> tuple[Command, ...]:
    """What a script runs, in order; nothing for a script of another language. Never raises.

    `shell_text` is the effective `shell:` ("" when nobody sets one), `values` what is known: `X` is a variable of the
    environment, `env.X`, `matrix.x` … stand for `${{ env.X }}` …
    """
    read = _read if len(script) < _SHORT else _read.__wrapped__
    return read(script[:_LONGEST], shell(shell_text, windows), _named(script, values or {}))


def _named(script: str, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The values whose name stands in the script or in another value: the others change nothing."""
    text = "\n".join((script, *values.values())).lower() if values else ""
    return tuple((name, value) for name, value in values.items() if name.rpartition(".")[2].lower() in text)


@lru_cache(maxsize=1024)
def _read(script: str, kind: Shell, known: tuple[tuple[str, str], ...]) -> tuple[Command, ...]:
    """The commands of a script; remembered, as many policies ask for the same ones."""
    values = dict(known)
    text, original = substitute(script, values)
    if kind.family == POSIX:
        found = walk(text, kind.options, values, Spot(None))
    elif kind.family == POWERSHELL:
        found = powershell(text, values)
    elif kind.family == BATCH:
        found = batch(text, values)
    else:
        return ()
    return _ordered(found, script, original)


def _ordered(found: list[Found], script: str, original: Mapping[int, int]) -> tuple[Command, ...]:
    """The commands with offsets of the original script, which never fall back."""
    starts = sorted(original)
    lines = [match.start() for match in _BREAK.finditer(script)]
    ordered, latest = list[Command](), 0
    for one in sorted(found, key=lambda one: one.at):
        known = starts[bisect_right(starts, one.at) - 1] if starts and one.at >= starts[0] else 0
        order = original[known] + (one.at - known) if known in original else one.at
        latest = max(latest, min(order, max(len(script) - 1, 0)))
        ordered.append(one.command._replace(order=latest, line=bisect_right(lines, latest - 1)))
    return tuple(ordered)
