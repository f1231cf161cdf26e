"""What the recogniser is told, what it tells, and the table it goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from guardrail.actions.model import Ability

Entry = Mapping[str, object]
"""One entry of the recognition table, as `recognition.schema.json` describes it."""


def nothing(_: str) -> None:
    """A repository of which nothing can be read."""


class Where(NamedTuple):
    """Where a step runs.

    `shell` is the effective `shell:` ("" when nobody sets one), `env` the literal environment of workflow, job and
    step together, `values` literals that expressions stand for (`matrix.node: "20"`), `directory` the working
    directory relative to the repository's root. `read` gives the text of a file of the repository, or None.
    """

    shell: str = ""
    env: Mapping[str, str] = {}
    directory: str = ""
    read: Callable[[str], str | None] = nothing
    windows: bool = False
    depth: int = 0
    values: Mapping[str, str] = {}


class Recognition(NamedTuple):
    """What a step can do, and why it may do more than that (empty when all of it is known)."""

    abilities: tuple[Ability, ...] = ()
    opaque: str = ""


class Table(NamedTuple):
    """The recognition table, its entries by what they begin with; people's own entries come first in each list.

    `uses` is by `owner/name` in lower case; `globs` holds entries whose `uses` has a wildcard there, with their
    position, by the owner ("" where the wildcard is in it); `heads` is by the command's name, `hooks` by the id of a
    pre-commit hook, `images` by the name of a container image; `scripts` and `names` hold entries for the names of
    scripts and of steps. `options` are those options of a program that take a value.
    """

    uses: Mapping[str, list[Entry]]
    globs: Mapping[str, list[tuple[int, str, Entry]]]
    heads: Mapping[str, list[tuple[str, Entry]]]
    hooks: Mapping[str, list[Entry]]
    images: Mapping[str, list[Entry]]
    scripts: tuple[tuple[str, Entry], ...]
    names: tuple[tuple[str, Entry], ...]
    options: Mapping[str, frozenset[str]] = {}


class Subject(NamedTuple):
    """What an entry is compared with: the words of a command or the inputs of an action.

    `rest` are the words behind those that the pattern names. `text` is the command with its here-document. `options`
    are those that take a value.
    """

    words: tuple[str, ...] = ()
    inputs: Mapping[str, str] = {}
    env: Mapping[str, str] = {}
    where: Where = Where()
    text: str = ""
    judged: str = ""
    wrappers: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()
