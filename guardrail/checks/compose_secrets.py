"""Secrets in Compose files: in environments, arguments of builds, commands, and wherever a text may stand.

What a variable stands for by default (`${PASSWORD:-secret}`) is a value like any other: it is what most run with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.checks.secret_lines import commands, given
from guardrail.checks.secret_names import keeps, promise
from guardrail.checks.secret_shapes import tokens
from guardrail.checks.secret_sighting import ENV, FIELD, Sighting
from guardrail.checks.secret_words import entropy, has_digit_and_letter, is_default, is_label
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.composes import Service, filled, services, variables
from guardrail.views.items import Item
from guardrail.views.once import once

__all__ = ["default_passwords", "literals"]

_MOST_NODES = 50_000
_CERTAIN = ("password", "secret key", "token", "secret", "credential")
_APART = frozenset({"environment", "image", "ports", "depends_on", "networks", "container_name", "hostname"})
_WORDS = regex(r"[A-Za-z]+")


@once
def sightings(resource: Resource) -> tuple[Sighting, ...]:
    """Every secret in a Compose file."""
    return tuple(_sightings(resource))


def _sightings(resource: Resource) -> Iterator[Sighting]:
    for service in services(resource):
        for variable in variables(service):
            yield from _named(variable.name, variable.value, variable.path)
        yield from _elsewhere(service)


def _named(name: str, value: str | None, path: Path) -> Iterator[Sighting]:
    """The secret that a variable holds, its default put in."""
    text = filled(value) if value else None
    if not text or len(text) < 4:
        return
    promised, token = promise(name), next(tokens(text), None)
    if token is not None:
        yield Sighting(ENV, path, name, token.kind, text[token.start : token.end])
    elif promised and keeps(promised, text):
        yield Sighting(ENV, path, name, promised, text)
    else:
        for found in list(given(text))[:1]:
            yield Sighting(ENV, path, name, found.kind, text[found.start : found.end])


def _elsewhere(service: Service) -> Iterator[Sighting]:
    """Secrets in commands, arguments, labels and health checks of a service."""
    stack: list[tuple[object, Path, str]] = [
        (value, (*service.path, key), str(key)) for key, value in service.data.items() if key not in _APART
    ]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node, path, name = stack.pop()
        if isinstance(node, dict):
            stack.extend((value, (*path, key), str(key)) for key, value in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((value, (*path, number), "") for number, value in reversed(list(enumerate(node))))
        elif isinstance(node, str) and len(node) > 3:
            if "args" in path and name:
                yield from _named(name, node, path)
            else:
                yield from _in_text(node, path)


def _in_text(text: str, path: Path) -> Iterator[Sighting]:
    plain = filled(text)
    if plain is None:
        plain = text
    found = [("", t.kind, t.start, t.end) for t in tokens(plain)]
    found += [(g.name, g.kind, g.start, g.end) for g in (*given(plain), *commands(plain))]
    last = 0
    for name, kind, start, end in sorted(found, key=lambda f: (f[2], -f[3]))[:10]:
        if start >= last:
            yield Sighting(FIELD, path, name, kind, plain[start:end])
            last = end


def _is_common(seen: Sighting) -> bool:
    """Whether a secret is one that everybody knows or could guess: a default, a word, the service's own name."""
    value = seen.value
    if seen.kind not in _CERTAIN and not seen.kind.startswith("password in"):
        return False
    if is_default(value) or is_label(value) or not has_digit_and_letter(value):
        return True
    return entropy(value) < 2.8 or len(value) < 8


def literals(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets written out, those apart that everybody knows."""
    for seen in _of(item):
        if not _is_common(seen):
            yield Hit(seen.path, f"service {item.bindings['serviceName']}: {_what(seen)} in clear")


def default_passwords(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Passwords that everybody knows or could guess, also as the default of a variable."""
    for seen in _of(item):
        if _is_common(seen):
            yield Hit(seen.path, f"service {item.bindings['serviceName']}: {_what(seen)} that is guessed at once")


def _of(item: Item) -> Iterator[Sighting]:
    return (seen for seen in sightings(item.resource) if seen.path[: len(item.path)] == item.path)


def _what(seen: Sighting) -> str:
    return f"{seen.name[:60]} holds a {seen.kind}" if seen.name else f"{seen.path[2]} holds a {seen.kind}"
