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
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.composes import Service, filled, services, variables
from guardrail.views.items import Item
from guardrail.views.once import once

__all__ = ["default_passwords", "literals"]

_MOST_NODES = 50_000
_CERTAIN = ("password", "secret key", "token", "secret", "credential")
_APART = frozenset({"environment", "image", "ports", "depends_on", "networks", "container_name", "hostname"})
_SERVERS = regex(
    r"(?:.*/)?(?:postgres|postgresql|postgis|timescaledb(?:-ha)?|mysql|mysql-server|mariadb|mongo|mongodb|redis|valkey"
    r"|rabbitmq|elasticsearch|opensearch|minio|keycloak|grafana|pgadmin4|influxdb|neo4j|couchdb|clickhouse-server"
    r"|mssql|server|couchbase|activemq-artemis|nexus3)(?:[:@].*)?\Z"
)
"""Images that ask for a password, by the last part of their names: who else has the same one is a client of theirs."""
_MOST_CLIENTS = 20


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
    """Passwords that everybody knows or could guess, also as the default of a variable.

    One is told at the service that asks for it; the clients that are given the same are places beside it.
    """
    for seen, clients in _asked_for(item.resource):
        if seen.path[: len(item.path)] == item.path:
            related = tuple((Pointer("", c.path), "the same password, as its client") for c in clients[:_MOST_CLIENTS])
            told = f"service {item.bindings['serviceName']}: {_what(seen)} that is guessed at once"
            yield Hit(seen.path, told, related=related)


@once
def _asked_for(resource: Resource) -> tuple[tuple[Sighting, tuple[Sighting, ...]], ...]:
    """Passwords that are guessed at once, each with those that only repeat it: in the same service, or in clients."""
    depth = len(resource.path) + 2  # services, and the name of one
    asking = {s.path for s in services(resource) if _asks(s)}
    found = [(seen, seen.path[:depth]) for seen in sightings(resource) if _is_common(seen)]
    firsts: dict[str, Path] = {}  # by password: the first service that asks for it
    for seen, service in found:
        if service in asking:
            firsts.setdefault(seen.value, service)
    told: dict[tuple[Path, str], list[Sighting]] = {}
    for own in (True, False):  # the places in the service itself before those in its clients
        for seen, service in found:
            owner = service if service in asking else firsts.get(seen.value, service)
            if own is (owner == service):
                told.setdefault((owner, seen.value), []).append(seen)
    return tuple((first, tuple(others)) for first, *others in told.values())


def _asks(service: Service) -> bool:
    image = service.data.get("image")
    return isinstance(image, str) and "build" not in service.data and _SERVERS.match(image) is not None


def _of(item: Item) -> Iterator[Sighting]:
    return (seen for seen in sightings(item.resource) if seen.path[: len(item.path)] == item.path)


def _what(seen: Sighting) -> str:
    return f"{seen.name[:60]} holds a {seen.kind}" if seen.name else f"{seen.path[2]} holds a {seen.kind}"
