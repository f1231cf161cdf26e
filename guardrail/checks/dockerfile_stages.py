"""Stages of Dockerfiles: who the image runs as, what the stages are called, what the builder refuses or leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.dockerfiles import Instruction, Stage, lineage, of_item, sources, stages, used
from guardrail.views.items import Item

__all__ = [
    "casing",
    "duplicate_name",
    "faults",
    "gap",
    "label_missing",
    "overridden",
    "unknown_stage",
    "user_missing",
    "user_named",
    "user_root",
]

_DROPPERS = frozenset("gosu su-exec setpriv runuser chpst s6-setuidgid capsh".split())
"""Programs that start another one as another user."""

_ONE_OF_A_KIND = ("CMD", "ENTRYPOINT", "HEALTHCHECK")
"""Instructions of which only the last one counts (Dockerfile reference)."""


def faults(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """What the builder refuses: unknown instructions, missing arguments, here-documents without an end."""
    listed = item.resource.data.get("faults")
    for number, fault in enumerate(listed if isinstance(listed, list) else ()):
        yield Hit((*item.path, "faults", number, "message"), str(fault["message"]))


def is_root(user: str) -> bool:
    """Whether USER names root: by name or number, with or without a group."""
    name = user.partition(":")[0].strip()
    return name == "root" or (name.isdecimal() and int(name[:20]) == 0)


def _shipped(item: Item, arguments: Mapping[str, Any]) -> Stage | None:
    """The stage of an item if its image is one that runs: the last, or with `everyTarget` one that none builds on.

    A last stage from scratch without anything to start holds files to be exported, not a program.
    """
    stage, _ = of_item(item.resource, item.path)
    if not (stage.final or (arguments["params"].get("everyTarget") and stage.number not in used(item.resource))):
        return None
    family = list(lineage(stages(item.resource), stage))
    starts = any(one.keyword in ("CMD", "ENTRYPOINT") for part in family for one in part.instructions)
    return None if family[-1].image == "scratch" and not starts else stage


def user_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """No USER in the stage that is shipped, nor in those it is built on, from an image that is root's by default."""
    stage = _shipped(item, arguments)
    if stage is None or any(_drops(one) for one in stage.instructions):
        return
    family = list(lineage(stages(item.resource), stage))
    if any(one.keyword == "USER" for part in family for one in part.instructions):
        return
    base = family[-1].image
    if base is None:
        yield Undecided((*stage.path, "image"), "the image that an ARG without a default names")
        return
    known = [str(pattern).lower() for pattern in arguments["params"]["nonRootImages"]]
    if not any(fnmatchcase(base.lower(), pattern) for pattern in known):
        shown = "the final stage" if stage.final else f"stage {stage.name or stage.number}"
        yield Hit(stage.path, f"{shown} has no USER: it runs as {base} does, as root unless that says otherwise")


def user_root(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The last USER of the stage that is shipped is root."""
    stage = _shipped(item, arguments)
    if stage is None or not stage.state.user or not is_root(stage.state.user):
        return
    if any(_drops(one) for one in stage.instructions):
        return
    for part in lineage(stages(item.resource), stage):
        last = next((one for one in reversed(part.instructions) if one.keyword == "USER"), None)
        if last is not None:
            yield Hit(last.path, f"the image runs as {stage.state.user}: this is its last USER")
            return


def _drops(one: Instruction) -> bool:
    """Whether an instruction starts the program by one that gives up root."""
    words = one.data.get("exec")
    first = words[0] if isinstance(words, list) and words else str(one.data.get("value")).partition(" ")[0]
    return one.keyword in ("ENTRYPOINT", "CMD") and str(first).rpartition("/")[2] in _DROPPERS


def user_named(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The image's user is a name: the kubelet cannot tell that it is not root's (`runAsNonRoot`)."""
    stage = _shipped(item, arguments)
    user = stage.state.user if stage else ""
    if stage is None or not user or is_root(user) or user.partition(":")[0].isdecimal():
        return
    last = next((one for one in reversed(stage.instructions) if one.keyword == "USER"), None)
    if last is not None:
        yield Hit(last.path, f"USER {user} is a name, which runAsNonRoot in Kubernetes cannot verify; give its number")


def overridden(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """CMD, ENTRYPOINT or HEALTHCHECK that a later one of the same stage replaces; CMD that ENTRYPOINT ignores."""
    stage, _ = of_item(item.resource, item.path)
    for keyword in _ONE_OF_A_KIND:
        found = [one for one in stage.instructions if one.keyword == keyword and "trigger" not in one.path]
        for one in found[:-1]:
            later = (Pointer("", found[-1].path), "this one counts")
            yield Hit(one.path, f"{keyword} has no effect: a later one in this stage replaces it", related=(later,))


def duplicate_name(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A stage named as one before it."""
    stage, _ = of_item(item.resource, item.path)
    for other in stages(item.resource)[: stage.number]:
        if stage.name and other.name.lower() == stage.name.lower():
            first = (Pointer("", (*other.path, "name")), "named here first")
            told = f"stage name {stage.name} is taken; what refers to it means the one before"
            yield Hit((*stage.path, "name"), told, related=(first,))
            return


def unknown_stage(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Files taken from a stage that is not there: itself, one that comes later, a number too high, a misspelt name."""
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    for one in stage.instructions:
        for source in sources(one):
            told = _why_unknown(found, stage, source)
            if told:
                yield Hit(_place(one), f"{one.keyword} takes files from {source}, {told}")


def _place(one: Instruction) -> Path:
    return (*one.path, "flags", "from") if one.keyword == "COPY" else (*one.path, "mounts")


def _why_unknown(found: tuple[Stage, ...], stage: Stage, source: str) -> str:
    if "$" in source:
        return ""
    if source.isdecimal():
        number = int(source[:9])
        if number >= stage.number:
            return "the stage itself" if number == stage.number else "which is no stage before this one"
        return ""
    named = {other.name.lower(): other.number for other in found if other.name}
    number = named.get(source.lower(), -1)
    if number == stage.number:
        return "the stage itself"
    if number > stage.number:
        return "a stage that comes later"
    if number < 0 and not any(c in source for c in "/:@."):
        near = get_close_matches(source.lower(), [name for name, n in named.items() if n < stage.number], 1, 0.75)
        return f"which is no stage and so an image's name; did you mean {near[0]}?" if near else ""
    return ""


def casing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Instructions in the other case than the first one, `as` in another than its FROM, names of stages in capitals.

    One of each is told (build checks ConsistentInstructionCasing, FromAsCasing and StageNameCasing).
    """
    told: set[str] = set()
    first = ""
    for stage in stages(item.resource):
        own = str(stage.data.get("written", "FROM"))
        joined = str(stage.data.get("as", "AS"))
        if "as" in stage.data and joined.isupper() != own.isupper() and "as" not in told:
            told.add("as")
            yield Hit((*stage.path, "as"), f"{joined} beside {own}")
        if stage.name != stage.name.lower() and "name" not in told:
            told.add("name")
            yield Hit((*stage.path, "name"), f"stage {stage.name} has capitals in its name, which is written small")
        pairs = [(own, stage.path), *((str(o.data.get("written", o.keyword)), o.path) for o in stage.instructions)]
        for written, path in pairs:
            first = first or written
            if written.isupper() != first.isupper() and "word" not in told and "trigger" not in path:
                told.add("word")
                yield Hit((*path, "keyword"), f"{written} beside {first}")


def gap(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An empty line between the lines of an instruction (build check NoEmptyContinuation)."""
    _, one = of_item(item.resource, item.path)
    if one is not None and one.data.get("gap"):
        yield Hit((*one.path, "keyword"), f"{one.keyword} goes on behind an empty line")


def label_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Labels that were agreed upon and that no stage of the image sets."""
    stage, _ = of_item(item.resource, item.path)
    given = {
        str(variable.get("name"))
        for part in lineage(stages(item.resource), stage)
        for one in part.instructions
        if one.keyword == "LABEL"
        for variable in _listed(one.data.get("variables"))
    }
    for label in arguments["params"]["labels"]:
        if str(label) not in given:
            yield Hit(stage.path, f"the image has no label {label}")


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
