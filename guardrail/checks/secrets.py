"""Secrets by value and shape: the checks that find them, and what is masked in every report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from guardrail.checks import secret_data, secret_places
from guardrail.checks.secret_lines import commands, given
from guardrail.checks.secret_shapes import tokens
from guardrail.checks.secret_sighting import DATA, Sighting
from guardrail.model.document import Document, Resource
from guardrail.model.place import Path, Pointer, Span
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.pods import Container

__all__ = [
    "annotation_values",
    "arguments",
    "committed",
    "config_map",
    "env_literals",
    "fields",
    "in_workflow",
    "registry_passwords",
    "repeated_env",
]

_SHOWN_NAMES = 3
_LONGEST_NAME = 60


class Secret(NamedTuple):
    """A value that must not be shown: where it is, what it is, and the text as written."""

    path: Path
    kind: str
    value: str


def secret_values(resource: Resource) -> Iterator[Secret]:
    """Every secret in a resource, for masking: all that is detected, and all values of a Secret.

    A Secret's base64 yields the text as written and, as a further value, what it stands for.
    """
    for path, _, written, plain in secret_data.values(resource):
        yield Secret(path, "value", written)
        if plain and plain != written:
            yield Secret(path, "value", plain)
    for seen in _sightings(resource):
        if seen.place != DATA:
            yield Secret(seen.path, seen.kind, seen.value)


def _sightings(resource: Resource) -> Iterable[Sighting]:
    if resource.type in ("dockerfile", "compose"):
        from guardrail.checks import compose_secrets, dockerfile_secrets  # for these files alone

        found: Iterable[Sighting] = (
            dockerfile_secrets.sightings(resource)
            if resource.type == "dockerfile"
            else compose_secrets.sightings(resource)
        )
        return found
    return secret_places.sightings(resource)


def mask(text: str, values: Collection[str]) -> str:
    """The text with secrets replaced by asterisks of the same length, and what looks like one in the text itself.

    Values of fewer than four characters are left: they would blot out ordinary words.
    """
    wanted = sorted((v for v in values if len(v) > 3 and v.strip("*")), key=len, reverse=True)
    while True:  # until stable: an asterisk made by masking may complete a value that holds some
        masked = _masked_once(text, wanted)
        if masked == text:
            return text
        text = masked


def _masked_once(text: str, wanted: list[str]) -> str:
    spans = [(t.start, t.end) for t in tokens(text)]
    spans += [(g.start, g.end) for g in (*given(text, comments=True), *commands(text))]
    for value in wanted:
        at = text.find(value)
        while at >= 0:
            spans.append((at, at + len(value)))
            at = text.find(value, at + len(value))
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end > done:
            parts += [text[done : max(start, done)], "*" * (end - max(start, done))]
            done = end
    return "".join([*parts, text[done:]])


def env_literals(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets written as the value of an environment variable."""
    container = _container(item)
    allowed = _Allowed.of(arguments)
    for seen in allowed.rest(secret_places.env(container.data, item.path, allowed.extra)):
        yield Hit(seen.path, f"{_who(item)}: env {_short(seen.name)} holds a {seen.kind} in clear")


def arguments(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets in a command line: command, args, and the commands of probes and hooks."""
    for seen in _Allowed.of(arguments).rest(secret_places.arguments(_container(item))):
        named = f" ({_short(seen.name)})" if seen.name else ""
        yield Hit(seen.path, f"{_who(item)} has a {seen.kind} on its command line{named}")


def config_map(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets in a ConfigMap, each at its line where a value is a whole file."""
    allowed = _Allowed.of(arguments)
    found = allowed.rest(secret_places.config_map(item.resource, allowed.extra))
    yield from _in_files(item.resource, found, "ConfigMap key")


def annotation_values(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets in annotations, one hit for each annotation."""
    seen: set[Path] = set()
    for found in _Allowed.of(arguments).rest(secret_places.annotation_values(item.resource)):
        if found.path not in seen:
            seen.add(found.path)
            yield Hit(found.path, f"annotation {_short(str(found.path[-1]))} holds a {found.kind}")


def fields(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets in any field that no other check here looks at."""
    found = _Allowed.of(arguments).rest(secret_places.fields(item.resource))
    yield from _in_files(item.resource, found, "field")


def committed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A Secret whose data are real: one hit, at the first such value."""
    found = list(_Allowed.of(arguments).rest(secret_data.secret_data(item.resource)))
    if found:
        names = ", ".join(_short(s.name) for s in found[:_SHOWN_NAMES])
        more = f" and {len(found) - _SHOWN_NAMES} more" if len(found) > _SHOWN_NAMES else ""
        yield Hit(found[0].path, f"Secret {item.resource.name} is committed with its data: {names}{more}")


def in_workflow(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets written out in a workflow or action: in `env`, `with`, a script, or wherever a text may stand."""
    from guardrail.checks import secret_workflows  # for these files alone

    passwords = {path for path, _ in secret_workflows.registry_passwords(item.resource)}
    found = _Allowed.of(arguments).rest(secret_workflows.real(item.resource))
    yield from _in_files(item.resource, (seen for seen in found if seen.path not in passwords), "value of")


def registry_passwords(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Passwords written out in the `credentials` of a container or service."""
    from guardrail.checks import secret_workflows  # for these files alone

    for path, holder in secret_workflows.registry_passwords(item.resource):
        yield Hit(path, f"the {holder} has the registry's password in clear")


def repeated_env(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An environment variable given again, unless its later value builds on the earlier one by `$(NAME)`."""
    listed = _container(item).data.get("env")
    seen: dict[str, int] = {}
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen and f"$({name})" not in str(entry.get("value", "")):
            path = (*item.path, "env", index, "name")
            first = (Pointer("", (*item.path, "env", seen[name], "name")), "given here first, and overridden")
            yield Hit(path, f"{_who(item)}: env {_short(name)} is given twice; the last one wins", related=(first,))
        seen.setdefault(name, index)


class _Allowed(NamedTuple):
    """What a policy's parameters let pass: names as patterns, values as SHA-256; and names to add."""

    names: tuple[str, ...]
    hashes: frozenset[str]
    extra: tuple[str, ...]

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> _Allowed:
        params = arguments.get("params") or {}
        return cls(
            tuple(str(n).lower() for n in params.get("allowedNames", ())),
            frozenset(str(h).lower().removeprefix("sha256:") for h in params.get("allowedValues", ())),
            tuple(str(n).lower() for n in params.get("extraNames", ())),
        )

    def rest(self, found: Iterable[Sighting]) -> Iterator[Sighting]:
        """The sightings that are not allowed."""
        for seen in found:
            if any(fnmatchcase(seen.name.lower(), pattern) for pattern in self.names):
                continue
            if self.hashes and _hash(seen.value) in self.hashes:
                continue
            yield seen


def _hash(value: str) -> str:
    from hashlib import sha256

    return sha256(value.encode("utf-8", "replace")).hexdigest()


def _in_files(resource: Resource, found: Iterable[Sighting], what: str) -> Iterator[Hit]:
    """Hits at the lines of files within values; several under one name are numbered, so that none is lost."""
    counts: dict[Path, int] = {}
    for seen in found:
        key = _short(str(seen.path[-1] if isinstance(seen.path[-1], str) else seen.name))
        path, where = seen.path, key
        if seen.name and seen.name != seen.path[-1] and isinstance(seen.path[-1], str):
            path, where = (*path, seen.name), f"{key} ({_short(seen.name)})"
        number = counts[path] = counts.get(path, 0) + 1
        path = path if number == 1 else (*path, f"#{number}")
        yield Hit(path, f"{what} {where} holds a {seen.kind}", span=_line_span(resource.document, seen))


def _line_span(document: Document, seen: Sighting) -> Span | None:
    """The line of a secret within a block scalar, when the document's places can tell and the line agrees."""
    lines = getattr(document.places, "lines", None)
    value_lines = getattr(document.places, "value_lines", None)
    if lines is None or value_lines is None:
        return None
    rows = [number for number, _, _ in value_lines(seen.path)]
    first = seen.value.splitlines()[0] if seen.value else ""
    if len(rows) <= seen.line + 1:
        return None
    number = rows[seen.line + 1]
    text = lines.line(number)
    if not first or first not in text:
        return None
    start = len(text) - len(text.lstrip()) + 1
    return Span(number, start, number, text.index(first) + len(first) + 1)


def _container(item: Item) -> Container:
    data = item.bindings.get("container")
    return Container(data if isinstance(data, dict) else {}, str(item.bindings.get("role")), item.path, {}, {})


def _who(item: Item) -> str:
    data = item.bindings.get("container")
    name = data.get("name", "") if isinstance(data, dict) else ""
    return f"{item.bindings.get('role')} {name}".strip()


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
