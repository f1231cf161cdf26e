"""Downloads that a script runs as they come: `curl … | sh`, `bash <(curl …)`, `iex (iwr …)`.

What a pipe hands to a shell runs before anybody could compare it with a checksum, and half of it when the connection
breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import IGNORECASE, MULTILINE
from re import compile as regex
from typing import NamedTuple

from guardrail.actions.shell.nesting import expressions
from guardrail.actions.shell.parser import parse
from guardrail.actions.shell.shells import POSIX, Shell
from guardrail.actions.shell.tree import (
    COMMANDS,
    FILES,
    AndOr,
    Case,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Simple,
    Word,
)

_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish"})
_INTERPRETERS = frozenset({"python", "python2", "python3", "perl", "ruby", "node", "php", "pwsh", "powershell"})
_FETCHERS = frozenset({"curl", "wget", "fetch"})
_PREFIXES = frozenset({"sudo", "doas", "env", "time", "exec", "command", "nohup", "builtin"})
_READERS = frozenset({"source", ".", "eval"})
_DEEPEST, _LONGEST = 4, 200_000

_ASSIGNMENT = regex(r"[A-Za-z_]\w*\+?=")
_FIXED = regex(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])")
_LOCAL = regex(
    r"(?i)(?:[a-z]+://)?(?:[^/@]*@)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?![\w.-])"
)
_GET = r"(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod|\.download(?:string|data)\b)"
_RUN = r"(?<![\w-])(?:iex|invoke-expression)(?![\w-])"
_POWERSHELL = regex(rf"^(?!\s*#).*?(?:{_RUN}.*{_GET}|{_GET}.*\|\s*&?\s*{_RUN}).*$", IGNORECASE | MULTILINE)
_ADDRESS = regex(r"https?://[^\s'\"()|;`]+", IGNORECASE)


class Download(NamedTuple):
    """A download that is run: its address as far as it is written, what runs it, and where that begins and ends."""

    address: str
    into: str
    start: int
    end: int

    @property
    def is_fixed(self) -> bool:
        """Whether the address names the content: by a commit or a SHA-256."""
        return _FIXED.search(self.address.lower()) is not None

    @property
    def is_local(self) -> bool:
        """Whether it comes from the machine itself."""
        return is_local(self.address)

    @property
    def is_plain(self) -> bool:
        """Whether it travels without encryption, so that anyone on the way can change it."""
        return self.address.lower().startswith("http://")


def is_local(address: str) -> bool:
    """Whether an address is on the machine itself."""
    return _LOCAL.match(address) is not None


def executed(script: str, shell: Shell) -> tuple[Download, ...]:
    """Every download that a script runs, in order. Never raises."""
    text = script[:_LONGEST]
    if not any(word in text.lower() for word in ("curl", "wget", "fetch", "iwr", "irm", "invoke-", "download")):
        return ()
    if shell.family != POSIX:
        return tuple(_of_powershell(text, 0))
    return tuple(sorted(set(_of_posix(text, 0, len(text), 0)), key=lambda found: found.start))


def _of_powershell(text: str, base: int) -> Iterator[Download]:
    for found in _POWERSHELL.finditer(text):
        address = _ADDRESS.search(found[0])
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        yield Download(address[0] if address else "", "Invoke-Expression", base + start, base + found.end())


def _of_posix(text: str, start: int, end: int, depth: int) -> Iterator[Download]:
    if depth > _DEEPEST:
        return
    tree = parse(text, start, end, expressions(text))
    for pipeline in _pipelines(tree.body):
        yield from _piped(pipeline)
        for node in pipeline.commands:
            if isinstance(node, Simple):
                yield from _substituted(node, text, depth)


def _pipelines(body: tuple[AndOr, ...]) -> Iterator[Pipeline]:
    """Every pipeline of a tree, those inside compound commands too."""
    stack = [body]
    while stack:
        for item in stack.pop():
            for pipeline in item.pipelines:
                yield pipeline
                for node in pipeline.commands:
                    stack.extend(_bodies(node))


def _bodies(node: Node) -> list[tuple[AndOr, ...]]:
    match node:
        case Group(body=body) | Function(body=body):
            return [body]
        case If(branches=branches, otherwise=otherwise):
            return [*(part for branch in branches for part in branch), *([otherwise] if otherwise else [])]
        case Loop(condition=condition, body=body):
            return [condition, body]
        case Case(arms=arms):
            return [listed for _, listed in arms]
        case _:
            return []


def _piped(pipeline: Pipeline) -> Iterator[Download]:
    """A fetcher with an interpreter somewhere behind it in the pipe."""
    fetched: str | None = None
    for node in pipeline.commands:
        words = _words(node) if isinstance(node, Simple) else []
        if fetched is not None and _runs_input(words):
            yield Download(fetched, words[0].rpartition("/")[2], pipeline.start, node.end)
            return
        if words and words[0].rpartition("/")[2] in _FETCHERS:
            fetched = address(words)


def _substituted(node: Simple, text: str, depth: int) -> Iterator[Download]:
    """`bash <(curl …)`, `eval "$(curl …)"`, `sh -c "$(curl …)"`; and scripts within other substitutions."""
    words = _words(node)
    head = words[0].rpartition("/")[2] if words else ""
    program = _program(node, words) if head in _READERS | _SHELLS | _INTERPRETERS else None
    for word in (*node.assignments, *node.words):
        for piece in word.pieces:
            if piece.kind not in (COMMANDS, FILES):
                continue
            inner = piece.start, piece.start + len(piece.text)
            alone = word is program and not any(other.text for other in word.pieces if other is not piece)
            fetched = _fetched(text, *inner) if alone else None
            if fetched is None:
                yield from _of_posix(text, *inner, depth + 1)
            else:
                yield Download(fetched, head, node.start, node.end)
    if head in ("pwsh", "powershell"):
        yield from _of_powershell(text[node.start : node.end].replace("\n", " "), node.start)


def _program(node: Simple, words: list[str]) -> Word | None:
    """The word that an interpreter takes its program from: the first that is no option."""
    behind = node.words[len(node.words) - len(words) + 1 :]
    return next((word for word in behind if not word.text().startswith(("-", "+"))), None)


def _fetched(text: str, start: int, end: int) -> str | None:
    """What a substitution downloads, if its output is a download."""
    for item in parse(text, start, end, expressions(text)).body:
        for pipeline in item.pipelines:
            for node in pipeline.commands:
                words = _words(node) if isinstance(node, Simple) else []
                if words and words[0].rpartition("/")[2] in _FETCHERS and not _writes_file(words):
                    return address(words)
    return None


def _writes_file(words: list[str]) -> bool:
    return any(word in ("-o", "-O", "--output", "--remote-name") for word in words[1:]) and words[0] == "curl"


def _words(node: Simple) -> list[str]:
    """The words of a command without what only changes how it runs."""
    words = [word.text() for word in node.words]
    while words and (words[0].rpartition("/")[2] in _PREFIXES or _ASSIGNMENT.match(words[0])):
        wrapper, words = words[0], words[1:]
        while words and words[0].startswith("-") and not _ASSIGNMENT.match(wrapper):
            words = words[2:] if words[0] in ("-u", "-g", "-C", "-h", "-p") else words[1:]
    return words


def _runs_input(words: list[str]) -> bool:
    """Whether a command runs what it reads: an interpreter that is given no code and no file."""
    head = words[0].rpartition("/")[2] if words else ""
    if head not in _SHELLS | _INTERPRETERS:
        return False
    for word in words[1:]:
        if word in ("-", "-s", "/dev/stdin", "--"):
            return True
        if not word.startswith(("-", "+")):
            return False
        if head in _SHELLS and not word.startswith("--"):
            if "c" in word:
                return False
            if "s" in word:
                return True
        elif head in _INTERPRETERS and word not in ("-u", "-B", "-E", "-I", "-q", "-NoProfile"):
            return False
    return True


def address(words: list[str]) -> str:
    """What a fetcher is told to fetch: the word with a scheme, else the last one that is no option."""
    plain = [word for word in words[1:] if word and not word.startswith("-")]
    return next((word for word in plain if "://" in word), plain[-1] if plain else "")
