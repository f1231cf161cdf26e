"""Lenses on Dockerfiles: stages with the image they build on, instructions with the state they find.

Source: docs.docker.com, Dockerfile reference (FROM, ARG, "Environment replacement", SHELL, USER, WORKDIR).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import Match
from re import compile as regex
from typing import NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.once import once

Data = dict[str, object]

_VARIABLE = regex(r"\\?\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})|\\?\$(?=[{(])")
SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
"""Shells whose scripts are read."""

_DEFAULT_SHELL = ("/bin/sh", "-c")
_WINDOWS_SHELL = ("cmd", "/S", "/C")
_WINDOWS = regex(r"^mcr\.microsoft\.com/(?:windows|dotnet/framework)\b|windowsservercore|nanoserver")
_DEEPEST = 50
"""Stages that one is built on, one on the other, that are looked at."""

_MOST_VARIABLES, _LONGEST = 500, 4_000
"""Variables of a stage that are followed, and how long a value may grow: `ARG B=$A$A` doubles it at every step."""


class State(NamedTuple):
    """What holds at an instruction: the user ("" as the base image has it), shell, working directory, variables.

    A value that hangs on something unknown is None.
    """

    user: str | None = ""
    shell: tuple[str, ...] = _DEFAULT_SHELL
    directory: str | None = ""
    variables: Mapping[str, str | None] = {}

    @property
    def is_posix(self) -> bool:
        """Whether RUN in shell form is a script for a POSIX shell."""
        return self.shell[:1] == () or self.shell[0].rpartition("/")[2] in SHELLS

    @property
    def pipefail(self) -> bool:
        """Whether the shell is told that a pipe fails where a part of it does."""
        return "pipefail" in " ".join(self.shell)


class Instruction(NamedTuple):
    """An instruction: its data and path, and the state it finds."""

    data: Data
    path: Path
    state: State

    @property
    def keyword(self) -> str:
        """RUN, COPY …"""
        return str(self.data.get("keyword"))

    @property
    def script(self) -> str:
        """The script of a shell form, as long as it is in the file; else nothing."""
        script = self.data.get("script")
        return script if isinstance(script, str) else ""


class Stage(NamedTuple):
    """A stage: what it is called, the image it is built on, the number of the stage that image is, or -1.

    `image` has the defaults of ARG put in, and is None where one is not known. `state` is the one it ends with; `final`
    says that it is the last, which is built unless a target is named. `by_path` finds an instruction by its path.
    """

    number: int
    name: str
    data: Data
    path: Path
    image: str | None
    base: int
    instructions: tuple[Instruction, ...]
    state: State
    final: bool
    by_path: Mapping[Path, Instruction]

    def bindings(self, state: State) -> Data:
        """What expressions see of a point of it; empty texts stand for what is not known."""
        known = {"image": self.image or "", "user": state.user or "", "workdir": state.directory or ""}
        return {"final": self.final, "effective": known}


@once
def stages(resource: Resource) -> tuple[Stage, ...]:
    """Every stage of a Dockerfile, in order."""
    given = _arguments(resource.data)
    found: list[Stage] = []
    names: dict[str, int] = {}
    listed = resource.data.get("stages")
    listed = listed if isinstance(listed, list) else []
    for index, data in enumerate(listed):
        path = (*resource.path, "stages", index)
        image = filled(str(data.get("image", "")), given)
        base = names.get((image or "").lower(), -1)
        state = found[base].state if base >= 0 else _own_state(image)
        # A stage sees what its base exports (ENV); of ARG only what it declares itself.
        start = State(state.user, state.shell, state.directory, dict(state.variables))
        inside, end = _followed(data, path, start, given)
        name = str(data.get("name", ""))
        final = index == len(listed) - 1
        by_path = {one.path: one for one in inside}
        found.append(Stage(index, name, data, path, image, base, inside, end, final, by_path))
        if name:
            names[name.lower()] = index
    return tuple(found)


def _own_state(image: str | None) -> State:
    """What holds in an image that is not built here; those of Windows run commands by cmd (reference, SHELL)."""
    if image is None:
        return State(user=None)
    return State(shell=_WINDOWS_SHELL) if _WINDOWS.search(image.lower()) else State()


def _arguments(data: Data) -> dict[str, str | None]:
    """Defaults of the ARG before the first FROM: None for one without."""
    known: dict[str, str | None] = {}
    listed = data.get("arguments")
    for instruction in listed if isinstance(listed, list) else ():
        for variable in instruction.get("variables", ()):
            value = variable.get("value")
            known[variable["name"]] = None if value is None else filled(value, known)
    return known


def _followed(
    data: Data, path: Path, state: State, given: Mapping[str, str | None]
) -> tuple[tuple[Instruction, ...], State]:
    """The instructions of a stage, each with the state before it, and the state at its end."""
    found: list[Instruction] = []
    listed = data.get("instructions")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        here = (*path, "instructions", number)
        found.append(Instruction(one, here, state))
        trigger = one.get("trigger")
        if isinstance(trigger, dict):
            found.append(Instruction(trigger, (*here, "trigger"), state))
        state = _after(one, state, given)
    return tuple(found), state


def _after(data: Data, state: State, given: Mapping[str, str | None]) -> State:
    keyword = data.get("keyword")
    if keyword == "USER":
        return state._replace(user=filled(str(data.get("argument", "")), state.variables))
    if keyword == "WORKDIR":
        there = filled(str(data.get("argument", "")), state.variables)
        return state._replace(directory=there or state.directory)
    if keyword == "SHELL":
        words = data.get("words")
        return state._replace(shell=tuple(str(w) for w in words) if isinstance(words, list) else ())
    if keyword in ("ARG", "ENV"):
        if len(state.variables) >= _MOST_VARIABLES:
            return state
        variables = dict(state.variables)
        listed = data.get("variables")
        for one in listed if isinstance(listed, list) else ():
            name, value = str(one["name"]), one.get("value")
            if isinstance(value, str):
                variables[name] = filled(value, state.variables)
            elif keyword == "ARG":
                variables[name] = given.get(name)
        return state._replace(variables=variables)
    return state


def filled(text: str, known: Mapping[str, str | None]) -> str | None:
    """A text with the variables put in; None where one is not known."""
    if "$" not in text:
        return text
    unknown = False

    def value(match: Match[str]) -> str:
        nonlocal unknown
        if match[0].startswith("\\"):
            return match[0][1:]
        name, operator, word = match[1] or match[2], match[3] or "", match[4] or ""
        found = known.get(name) if name else None
        if operator in (":-", "-") and not found:
            return word
        if operator in (":+", "+") and found is not None:
            return word if found else ""
        if found is None:
            unknown = True
        return found or ""

    out = _VARIABLE.sub(value, text)
    return None if unknown or len(out) > _LONGEST else out


def of_item(resource: Resource, path: Path) -> tuple[Stage, Instruction | None]:
    """The stage, and the instruction if there is one, that an item's path leads to."""
    stage = stages(resource)[int(path[len(resource.path) + 1])]
    return stage, stage.by_path.get(path)


def lineage(found: tuple[Stage, ...], stage: Stage) -> Iterator[Stage]:
    """A stage and the stages it is built on, nearest first."""
    for _ in range(_DEEPEST):
        yield stage
        if stage.base < 0:
            return
        stage = found[stage.base]


@once
def used(resource: Resource) -> frozenset[int]:
    """The numbers of stages that another stage is built on or copies from."""
    found = stages(resource)
    names = {stage.name.lower(): stage.number for stage in found if stage.name}
    numbers = {stage.base for stage in found}
    for stage in found:
        for instruction in stage.instructions:
            for source in sources(instruction):
                numbers.add(names.get(source.lower(), int(source) if source.isdecimal() and len(source) < 6 else -1))
    return frozenset(numbers)


def sources(instruction: Instruction) -> Iterator[str]:
    """What an instruction takes files from: `COPY --from=x`, `RUN --mount=from=x`."""
    flags = instruction.data.get("flags")
    if isinstance(flags, dict) and instruction.keyword == "COPY" and isinstance(flags.get("from"), str):
        yield flags["from"]
    mounts = instruction.data.get("mounts")
    for mount in mounts if isinstance(mounts, list) else ():
        for option in str(mount).split(","):
            key, equals, value = option.partition("=")
            if equals and key.strip() == "from":
                yield value
