"""Downloads that a script runs as they come: `curl … | sh`, `bash <(curl …)`, `iex (iwr …)`.

What a pipe hands to a shell runs before anybody could compare it with a checksum, and half of it when the connection
breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from re import IGNORECASE
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
SIGNS = (
    "curl",
    "wget",
    "fetch",
    "deno",
    "iwr",
    "irm",
    "nvoke-",
    "ownload",
    "IWR",
    "IRM",
    "NVOKE-",
    "OWNLOAD",
    "CURL",
    "WGET",
)
"""One of these stands in every script that downloads anything."""

_VALUED = frozenset(
    "-o --output -H --header -d --data -u --user -X --request -A --user-agent -m --max-time --retry --proto "
    "--connect-timeout --cacert --output-document -P --directory-prefix".split()
)
"""Options of fetchers whose value is no address."""

_DEEPEST, _LONGEST = 4, 200_000

_ASSIGNMENT = regex(r"[A-Za-z_]\w*\+?=")
_FIXED = regex(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])")
_LOCAL = regex(
    r"(?i)(?:[a-z]+://)?(?:[^/@]*@)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?![\w.-])"
)
_GET = regex(r"(?:\b(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod)|\.download(?:string|data))\b", IGNORECASE)
_RUN = regex(r"(?<![\w-])(?:iex|invoke-expression)(?![\w-])", IGNORECASE)
_RUN_BEHIND = regex(r"\|\s{0,20}&?\s{0,20}(?:iex|invoke-expression)(?![\w-])", IGNORECASE)
_ADDRESS = regex(r"https?://[^\s'\"()|;`]+", IGNORECASE)


class _Source(NamedTuple):
    """A script and where its `${{ }}` begin and end."""

    text: str
    holes: dict[int, int]


class Download(NamedTuple):
    """A download that is run: its address as far as it is written, what runs it, and where that begins and ends."""

    address: str
    into: str
    start: int
    end: int

    @property
    def is_fixed(self) -> bool:
        """Whether the address names the content: by a commit or a SHA-256."""
        return is_fixed(self.address)

    @property
    def is_local(self) -> bool:
        """Whether it comes from the machine itself."""
        return is_local(self.address)

    @property
    def is_plain(self) -> bool:
        """Whether it travels without encryption, so that anyone on the way can change it."""
        return self.address.lower().startswith("http://")


def is_fixed(address: str) -> bool:
    """Whether an address names its content: by a commit or a SHA-256."""
    return _FIXED.search(address.lower()) is not None


def is_local(address: str) -> bool:
    """Whether an address is on the machine itself."""
    return _LOCAL.match(address) is not None


def executed(script: str, shell: Shell) -> tuple[Download, ...]:
    """Every download that a script runs, in order. Never raises."""
    text = script[:_LONGEST]
    if not any(sign in text for sign in SIGNS):
        return ()
    if shell.family != POSIX:
        return tuple(_of_powershell(text, 0))
    return tuple(
        sorted(set(_of_posix(_Source(text, expressions(text)), 0, len(text), 0)), key=lambda found: found.start)
    )


def _of_powershell(text: str, base: int) -> Iterator[Download]:
    """Lines that hand a download to `Invoke-Expression`, as its argument or through a pipe."""
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        fetched = None if line.lstrip().startswith("#") else _GET.search(line)
        run = _RUN.search(line) if fetched else None
        if fetched and run and (run.start() < fetched.start() or _RUN_BEHIND.search(line, fetched.end())):
            address = _ADDRESS.search(line)
            indent = len(line) - len(line.lstrip())
            told = address[0] if address else ""
            yield Download(told, "Invoke-Expression", base + start + indent, base + start + len(line.rstrip()))


def _of_posix(source: _Source, start: int, end: int, depth: int) -> Iterator[Download]:
    if depth > _DEEPEST:
        return
    tree = parse(source.text, start, end, source.holes)
    for pipeline in _pipelines(tree.body):
        yield from _piped(pipeline)
        for node in pipeline.commands:
            if isinstance(node, Simple):
                yield from _substituted(node, source, depth)
                yield from _named(node)


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


def _substituted(node: Simple, source: _Source, depth: int) -> Iterator[Download]:
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
            fetched = _fetched(source, *inner) if alone else None
            if fetched is None:
                yield from _of_posix(source, *inner, depth + 1)
            else:
                yield Download(fetched, head, node.start, node.end)
    if head in ("pwsh", "powershell"):
        yield from _of_powershell(source.text[node.start : node.end].replace("\n", " "), node.start)


def _named(node: Simple) -> Iterator[Download]:
    """`deno run https://…`, which fetches by itself (docs.deno.com, `deno run`)."""
    words = _words(node)
    remote = next((word for word in words[2:] if word.startswith(("https://", "http://"))), "")
    if remote and words[0] == "deno" and words[1] in ("run", "install"):
        yield Download(remote, "deno", node.start, node.end)


def _program(node: Simple, words: list[str]) -> Word | None:
    """The word that an interpreter takes its program from: the first that is no option."""
    behind = node.words[len(node.words) - len(words) + 1 :]
    return next((word for word in behind if not word.text().startswith(("-", "+"))), None)


def _fetched(source: _Source, start: int, end: int) -> str | None:
    """What a substitution downloads, if its output is a download."""
    for item in parse(source.text, start, end, source.holes).body:
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
    """What a fetcher is told to fetch: the value of `--url`, the word with a scheme, else the last without a dash."""
    if "--url" in words[:-1]:
        return words[words.index("--url") + 1]
    plain: list[str] = []
    for before, word in pairwise(words):
        if word and not word.startswith("-") and before not in _VALUED:
            plain.append(word)
    return next((word for word in plain if "://" in word), plain[-1] if plain else "")
