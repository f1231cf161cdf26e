"""Secrets in Dockerfiles: values in ENV, ARG, LABEL and RUN, arguments of the build that carry one, passwords set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.checks.dockerfile_run import at_command, executed
from guardrail.checks.secret_lines import commands, given
from guardrail.checks.secret_names import KEY, PASSWORD, SECRET, TOKEN, keeps, promise
from guardrail.checks.secret_shapes import tokens
from guardrail.checks.secret_sighting import ENV, FIELD, Sighting
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, of_item, stages
from guardrail.views.items import Item
from guardrail.views.once import once

__all__ = ["build_argument", "password_set", "values"]

_CARRIERS = frozenset({PASSWORD, KEY, TOKEN, SECRET})
_MOST = 20
_CHPASSWD = regex(r"[\w.$-]+:([^\s$:]{1,100})")


@once
def sightings(resource: Resource) -> tuple[Sighting, ...]:
    """Every secret in a Dockerfile."""
    return tuple(_sightings(resource))


def _sightings(resource: Resource) -> Iterator[Sighting]:
    listed = resource.data.get("arguments")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        yield from _variables(one, (*resource.path, "arguments", number))
    for stage in stages(resource):
        for instruction in stage.instructions:
            yield from _of(instruction)


def _of(one: Instruction) -> Iterator[Sighting]:
    if one.keyword in ("ENV", "ARG", "LABEL"):
        yield from _variables(one.data, one.path)
        return
    text = one.script or str(one.data.get("value", ""))
    documents = one.data.get("documents")
    path: Path = (*one.path, "script") if one.script else (*one.path, "value")
    yield from _in_text(text, path)
    for number, document in enumerate(documents if isinstance(documents, list) and not one.script else ()):
        yield from _in_text(str(document.get("value", "")), (*one.path, "documents", number, "value"))


def _variables(data: Mapping[str, object], path: Path) -> Iterator[Sighting]:
    listed = data.get("variables")
    for number, variable in enumerate(listed if isinstance(listed, list) else ()):
        name, value = str(variable.get("name", "")), variable.get("value")
        if not isinstance(value, str) or len(value) < 4:
            continue
        place = (*path, "variables", number, "value")
        promised, token = promise(name), next(tokens(value), None)
        if token is not None:
            yield Sighting(ENV, place, name, token.kind, value[token.start : token.end])
        elif promised and keeps(promised, value):
            yield Sighting(ENV, place, name, promised, value)
        else:
            for found in list(given(value))[:1]:
                yield Sighting(ENV, place, name, found.kind, value[found.start : found.end])


def _in_text(text: str, path: Path) -> Iterator[Sighting]:
    found = [("", t.kind, t.start, t.end) for t in tokens(text)]
    found += [(g.name, g.kind, g.start, g.end) for g in (*given(text), *commands(text))]
    last = 0
    for name, kind, start, end in sorted(found, key=lambda f: (f[2], -f[3]))[:_MOST]:
        if start >= last:
            yield Sighting(FIELD, path, name, kind, text[start:end], text.count("\n", 0, start))
            last = end


def values(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets written out in a Dockerfile."""
    for seen in sightings(item.resource):
        named = f" ({seen.name[:60]})" if seen.name else ""
        keyword = _keyword(item.resource, seen.path)
        if seen.place == ENV:
            yield Hit(seen.path, f"{keyword} {seen.name[:60]} holds a {seen.kind} in clear")
        else:
            yield Hit(seen.path, f"{keyword} holds a {seen.kind} in clear{named}", text=seen.value.partition("\n")[0])


def _keyword(resource: Resource, path: Path) -> str:
    node: object = resource.data
    keyword = "ARG"
    for step in path[len(resource.path) :]:
        if isinstance(node, dict):
            node = node.get(step) if isinstance(step, str) else None
        elif isinstance(node, list) and isinstance(step, int):
            node = node[step]
        if isinstance(node, dict) and isinstance(node.get("keyword"), str):
            keyword = str(node["keyword"])
    return keyword


def build_argument(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """ARG whose name promises a secret: its value is in the history of the image, and in the cache of the build."""
    _, one = of_item(item.resource, item.path)
    listed = one.data.get("variables") if one and one.keyword in ("ARG", "ENV") else None
    for number, variable in enumerate(listed if isinstance(listed, list) else ()):
        name, value = str(variable.get("name", "")), variable.get("value")
        if promise(name) not in _CARRIERS or one is None:
            continue
        carried = value in (None, "") if one.keyword == "ARG" else _refers(str(value or ""), name, one)
        if carried:
            keyword = one.keyword
            yield Hit((*item.path, "variables", number), f"{keyword} {name[:60]} is kept in the history of the image")


def _refers(value: str, name: str, one: Instruction) -> bool:
    """Whether ENV takes its value from a variable that does not say itself that it is a secret."""
    found = regex(r"\$\{?([A-Za-z_]\w*)").findall(value)
    return bool(found) and not any(promise(other) in _CARRIERS for other in found)


def password_set(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Passwords of users that the image comes with: `chpasswd`, `passwd --stdin`, `useradd -p`."""
    found = executed(item, "chpasswd", "passwd", "useradd", "usermod")
    for command in found:
        if command.head == "chpasswd" or (command.head == "passwd" and "--stdin" in command.words):
            yield at_command(item, command, f"`{command.head}` gives every copy of the image the same password")
        elif command.head in ("useradd", "usermod") and any(w in ("-p", "--password") for w in command.words):
            yield at_command(item, command, f"`{command.head} -p` gives every copy of the image the same password")
