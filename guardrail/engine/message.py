"""Message templates: text with `{{expression}}` parts, filled in only for a hit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from re import compile as regex
from typing import NamedTuple

from guardrail import cel
from guardrail.model.value import UnknownValue

_PART = regex(r"\{\{(.*?)\}\}")
_LONGEST = 300


class Message(NamedTuple):
    """A compiled template: alternating text and programs."""

    parts: tuple[str | cel.Program, ...]

    def render(self, bindings: Mapping[str, object]) -> str:
        """The message for an item; a part that cannot be evaluated reads `?`."""
        return "".join(p if isinstance(p, str) else _shown(p, bindings) for p in self.parts)


def compile_message(
    text: str,
    names: Collection[str],
    constants: Mapping[str, object],
    prepare: Callable[[str], str] = str.strip,
) -> Message:
    """Compile a template; `prepare` rewrites each expression first. Raises cel.CelCompileError."""
    parts: list[str | cel.Program] = []
    for index, part in enumerate(_PART.split(text)):
        if index % 2:
            parts.append(cel.compile(prepare(part.strip()), names, constants))
        elif part:
            parts.append(part)
    return Message(tuple(parts))


def _shown(program: cel.Program, bindings: Mapping[str, object]) -> str:
    try:
        return words(program(bindings))
    except cel.CelError:
        return "?"


def words(value: object) -> str:
    """A value as people write it: lists joined by commas, booleans as in YAML, long text cut."""
    if value is None:
        text = "nothing"
    elif isinstance(value, UnknownValue):
        text = "?"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, list | tuple):
        text = ", ".join(words(v) for v in value)
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{k}: {words(v)}" for k, v in value.items()) + "}"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
