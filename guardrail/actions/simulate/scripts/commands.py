"""Simple commands of a script run in thought: those of the shell itself are done, all others succeed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from guardrail.actions.shell.tree import Function, Simple
from guardrail.actions.simulate.scripts import conditions
from guardrail.actions.simulate.scripts.conditions import Item
from guardrail.actions.simulate.scripts.words import Known, Words, array
from guardrail.actions.simulate.scripts.written import write

_SCRIPTS = (".sh", ".py", ".js", ".mjs", ".ts", ".rb")
_UNKNOWN = frozenset({"eval", "source", ".", "read"})
_INTERPRETERS = frozenset("jq yq grep egrep fgrep awk python python3 node ruby perl bash sh deno bun".split())
_SURE = frozenset("echo printf true : cd pushd popd shift unset shopt umask export set trap wait sleep date".split())
_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset"})


class Result(NamedTuple):
    """How something ended: `good` is None where that is open; `left` is `exit`, `return` or `break` when it left.

    `assumed`: an ordinary command, which is taken to succeed, but might not.
    """

    good: bool | None
    left: str = ""
    at: int = 0
    assumed: bool = False


GOOD = Result(True)

Called = tuple[Function, list[str | None]]


class Runner:
    """Runs simple commands. `functions`, `errexit`, `pipefail` and `last` (`$?`) are the state of the shell.

    In a `watched` script, commands that may look at what they are given (filters, interpreters, scripts of the
    repository) are open.
    """

    def __init__(self, text: str, holes: dict[int, int], words: Words, watched: bool) -> None:
        self._text = text
        self._holes = holes
        self._words = words
        self._watched = watched
        self.functions: dict[str, Function] = {}
        self.errexit = True
        self.pipefail = False
        self.last: bool | None = True

    @property
    def state(self) -> tuple[bool, bool, bool | None]:
        """Options and `$?`."""
        return self.errexit, self.pipefail, self.last

    @state.setter
    def state(self, state: tuple[bool, bool, bool | None]) -> None:
        self.errexit, self.pipefail, self.last = state

    def run(self, node: Simple) -> Result | Called:
        """How a command ended, or the function to call with its arguments."""
        if node.redirects:
            write(node, self._words)
        for word in node.assignments:
            self._assign(node, word.start, word.end)
        if not node.words:
            return GOOD
        raw = node.words[0].pieces[0].raw if node.words[0].pieces else ""
        if raw.startswith("[["):
            asked = conditions.double(self._text, node.start, node.words[0].end, self._holes, self._words.text)
            return Result(asked, "", node.start)
        if raw.startswith("(("):
            return Result(None, "", node.start)
        return self._command(node, self.fields(node))

    def fields(self, node: Simple) -> list[str | None]:
        """The words of a command, expanded."""
        return [f for word in node.words for f in self._words.fields(word)]

    def _assign(self, node: Simple, start: int, end: int) -> None:
        name, _, _ = self._text[start:end].partition("=")
        if name.endswith("+"):
            self._words.variables[name[:-1]] = None
            return
        begins = start + len(name) + 1
        value: Known
        if self._text[begins : begins + 1] == "(":
            value = [self._words.text(w) for w in array(self._text, begins, end, self._holes)]
        else:
            word = next(w for w in node.assignments if w.start == start)
            whole = self._words.text(word)
            value = None if whole is None else whole.partition("=")[2]
        self._words.variables[name] = value

    def _command(self, node: Simple, words: list[str | None]) -> Result | Called:
        head = words[0] if words else None
        if head is None:
            return Result(None, "", node.start)
        if head in ("[", "test"):
            inside = node.words[1:-1] if head == "[" else node.words[1:]
            items = [Item(self._text[w.start : w.end], self._words.text(w)) for w in inside]
            return Result(conditions.single(items), "", node.start)
        if head in ("exit", "return"):
            return Result(self._status(words[1:]), head, node.start)
        if head in ("break", "continue"):
            return Result(True, "break" if head == "break" else "")
        if head in self.functions:
            return self.functions[head], words[1:]
        return self._known(head, words, node.start)

    def _known(self, head: str, words: list[str | None], at: int) -> Result:
        if head == "false":
            return Result(False, "", at)
        if head == "set":
            self._set(words[1:])
        elif head in _DECLARING:
            self._export(words[1:])
        elif head in _UNKNOWN or (self._watched and _may_look(head)):
            return Result(None, "", at)
        return GOOD if head in _SURE or head in _DECLARING else Result(True, "", at, True)

    def _status(self, words: Sequence[str | None]) -> bool | None:
        """Whether `exit` or `return` with these arguments is a success."""
        if not words:
            return self.last
        return int(words[0]) % 256 == 0 if words[0] is not None and words[0].isdecimal() else None

    def _export(self, words: Iterable[str | None]) -> None:
        for word in words:
            name, equals, value = (word or "").partition("=")
            if equals:
                self._words.variables[name] = value

    def _set(self, words: list[str | None]) -> None:
        for index, word in enumerate(words):
            if word is None or word[:1] not in ("-", "+"):
                continue
            if "e" in word[1:]:
                self.errexit = word[0] == "-"
            if word[1:].endswith("o") and index + 1 < len(words) and words[index + 1] == "pipefail":
                self.pipefail = word[0] == "-"


def _may_look(head: str) -> bool:
    """Whether a command may fail because of the results it is given: filters, interpreters and scripts."""
    return head.rpartition("/")[2] in _INTERPRETERS or head.endswith(_SCRIPTS)
