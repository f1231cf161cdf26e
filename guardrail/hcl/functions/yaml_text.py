"""yamlencode, as Terraform writes YAML (go-cty-yaml): block style, keys sorted and quoted like every string."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.hcl.functions import limits
from guardrail.hcl.functions.json_text import quoted
from guardrail.hcl.functions.literals import decimal, plain
from guardrail.hcl.functions.signature import settle


def yamlencode(value: object) -> str:
    """The YAML of a value; all of it must be known."""
    settle((value,))
    return limits.bounded("\n".join(_lines(plain(value), 0)) + "\n")


def _lines(value: object, level: int) -> Iterator[str]:
    """Lines without indentation of their own."""
    limits.depth(level)
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _entry(f"{quoted(key)}:", plain(value[key]), level)
    elif isinstance(value, list) and value:
        for element in value:
            lines = _lines(plain(element), level + 1)
            yield f"- {next(lines)}"
            yield from (f"  {line}" for line in lines)
    else:
        yield _scalar(value)


def _entry(name: str, value: object, level: int) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield name
        yield from (f"  {line}" for line in _lines(value, level + 1))
    elif isinstance(value, list) and value:
        yield name
        yield from _lines(value, level + 1)
    else:
        yield f"{name} {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return decimal(value)
    return "null" if value is None else "{}" if isinstance(value, dict) else "[]"
