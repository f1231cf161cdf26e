"""Variables of Dockerfiles that are empty where they are used: ARG that a stage does not declare, ENV of the same line.

Sources: docs.docker.com, Dockerfile reference, "Understand how ARG and FROM interact", "Automatic platform ARGs in the
global scope", "Environment replacement"; build checks UndefinedArgInFrom, InvalidDefaultArgInFrom and UndefinedVar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, lineage, of_item, stages
from guardrail.views.items import Item

__all__ = ["base_undeclared", "base_without_default", "same_line", "undeclared"]

_PLATFORM = frozenset(
    "TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT".split()
)
"""What BuildKit sets by itself: for FROM, and in a stage that declares it."""

_ANYWHERE = frozenset("HOME HOSTNAME JAVA_HOME JAVA_VERSION LANG PATH PWD SHELL USER".split())
"""What shells set, or many images."""

_USE = regex(r"(\\?)\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?])?)")
_ELSEWHERE = regex(r"(?:^|[\s;&|(])(?:\.|source|eval)\s|<<")
"""What may set variables that nobody sees, and here-documents, whose text may be anything."""

_ASSIGNED = regex(r"(?:^|[\s;&|(`])([A-Za-z_]\w*)=")
_NAMING = regex(r"\b(?:read|for|export|declare|local|getopts)\b([^\n;]*)")
_WORD = regex(r"[A-Za-z_]\w*")
_FLAGS = ("chown", "chmod", "checksum")
_EXPANDED = frozenset("ADD ARG COPY ENV EXPOSE LABEL STOPSIGNAL USER VOLUME WORKDIR".split())
"""Instructions in which the builder puts in variables (Dockerfile reference, "Environment replacement")."""

_SETTING = ("ARG", "ENV")
"""A stage inherits what these set in the stage it is built on."""

_MOST = 20


def _uses(text: str) -> Iterator[str]:
    """The variables of a text that stand for nothing where they are not set."""
    for found in _USE.finditer(text):
        if not found[1] and not (found[4] or "").endswith(("-", "+")):
            yield found[2] or found[3]


def _declared(data: Mapping[str, object]) -> Iterator[tuple[str, bool]]:
    """The variables of ARG or ENV, and whether each has a value."""
    listed = data.get("variables")
    for one in listed if isinstance(listed, list) else ():
        yield str(one["name"]), isinstance(one.get("value"), str)


def _global(item: Item) -> dict[str, tuple[bool, Path]]:
    """ARG before the first FROM: whether each has a default, and its place."""
    listed = item.resource.data.get("arguments")
    found: dict[str, tuple[bool, Path]] = {}
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        for name, given in _declared(one):
            found[name] = (given, (*item.resource.path, "arguments", number))
    return found


def base_undeclared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """FROM with a variable that no ARG before the first FROM declares: it is empty whatever is given to the build."""
    known = _global(item)
    for name in _of_base(item):
        if name not in known and name not in _PLATFORM:
            told = f"{name} is declared by no ARG before the first FROM, and is empty here"
            yield Hit((*item.path, "image"), told)
            return


def base_without_default(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """FROM with an ARG that has no default: `docker build` fails where nobody gives it."""
    known = _global(item)
    for name in _of_base(item):
        if name in known and not known[name][0]:
            note = (Pointer("", known[name][1]), "declared here")
            yield Hit(
                (*item.path, "image"), f"{name} has no default: without --build-arg the build fails", related=(note,)
            )
            return


def _of_base(item: Item) -> Iterator[str]:
    stage, _ = of_item(item.resource, item.path)
    return _uses(str(stage.data.get("image", "")))


def undeclared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Uses in a stage of an ARG that stands before the first FROM, or that BuildKit sets, without declaring it there.

    What the base image exports is not known: left out are names that FROM itself puts in, as `node:${NODE_VERSION}`
    does, and those that begin as the image is called, since such images export variables of that name.
    """
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    known = _global(item)
    family = list(lineage(found, stage))
    exported = {name for part in family for name in _uses(str(part.data.get("image", "")))}
    bases = " ".join(str(part.image or part.data.get("image", "")).lower() for part in family)
    own = {name for name in known if name.partition("_")[0].lower() in bases or name in _ANYWHERE}
    wanted = (set(known) | _PLATFORM) - exported - own
    for part in family[1:]:
        wanted -= {name for one in part.instructions for name, _ in _declared(one.data) if one.keyword in _SETTING}
    told = 0
    for one in stage.instructions:
        if one.keyword in _SETTING:
            declared = {name for name, _ in _declared(one.data)}
        for name, path in _used(one, wanted):
            if told < _MOST:
                told += 1
                wanted.discard(name)
                yield _hit(name, path, known)
        if one.keyword in _SETTING:
            wanted -= declared


def _hit(name: str, path: Path, known: Mapping[str, tuple[bool, Path]]) -> Hit:
    if name in known:
        note = ((Pointer("", known[name][1]), "this ARG is for FROM alone"),)
        return Hit(path, f"{name} is empty here: the stage has no ARG {name}", related=note, text=name)
    return Hit(path, f"{name} is empty here: BuildKit sets it where the stage has ARG {name}", text=name)


def _used(one: Instruction, wanted: set[str]) -> Iterator[tuple[str, Path]]:
    """The wanted variables that an instruction uses, each with its place."""
    if "trigger" in one.path:
        return
    text = str(one.data.get("value", ""))
    flags = one.data.get("flags")
    for name, value in flags.items() if isinstance(flags, dict) else ():
        if name in _FLAGS:
            yield from ((used, (*one.path, "flags", name)) for used in _uses(str(value)) if used in wanted)
    if one.keyword in _EXPANDED:
        yield from ((used, (*one.path, "value")) for used in dict.fromkeys(_uses(text)) if used in wanted)
    elif one.keyword == "RUN" and one.script and one.state.is_posix:
        names = [used for used in dict.fromkeys(_uses(one.script)) if used in wanted]
        if names and not _ELSEWHERE.search(one.script):
            given = _set_in(one.script)
            yield from ((used, (*one.path, "script")) for used in names if used not in given)


def _set_in(script: str) -> set[str]:
    """The variables that a script gives a value itself."""
    found = set(_ASSIGNED.findall(script))
    for statement in _NAMING.findall(script):
        found.update(_WORD.findall(statement))
    return found


def same_line(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """ENV that uses a variable which the same ENV sets: it has the value from before the instruction."""
    _, one = of_item(item.resource, item.path)
    listed = one.data.get("variables") if one and one.keyword == "ENV" else None
    before: set[str] = set()
    for number, variable in enumerate(listed if isinstance(listed, list) else ()):
        name, value = str(variable["name"]), variable.get("value")
        used = next((u for u in _uses(str(value or "")) if u in before and u != name), "")
        if used:
            told = f"{name} takes the value that {used} has before this ENV, not the one it is given here"
            yield Hit((*item.path, "variables", number, "value"), told)
        before.add(name)
