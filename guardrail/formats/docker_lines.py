"""A Dockerfile's text cut into instructions: comments, continuations, parser directives and here-documents.

Sources: docs.docker.com, Dockerfile reference, "Format", "Parser directives", "Here-documents"; the tests compare with
BuildKit's own parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex
from typing import NamedTuple

_BLANKS = " \t\v\f\r"
_SPACES = _BLANKS + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What may stand before an instruction: White_Space of Unicode, as Go has it."""

_DIRECTIVE = regex(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(\S.*?)[ \t\r]*\Z")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_HEREDOC = regex(r"(\d*)<<(-?)\s*([^<]+)\Z")
_NAME = regex(r"""(?:[^\s"'\\]|\\.?|"[^"]*"|'[^']*')+\Z""")
_QUOTES = regex(r"""["']""")
_WITH_DOCUMENTS = frozenset({"RUN", "COPY", "ADD"})

CONTINUED = "\\\n"
"""What stands in an instruction's text for the end of a line that goes on."""

MOST_INSTRUCTIONS = 10_000
_MOST_DOCUMENTS = 50


class Heredoc(NamedTuple):
    """A here-document: its name, where its redirection and its body are in the file, and whether variables are put in.

    `line_end` lies behind the line that ends it; `closed` says whether there is one.
    """

    name: str
    mark: tuple[int, int]
    start: int
    end: int
    line_end: int
    expand: bool
    closed: bool


class Logical(NamedTuple):
    """An instruction with all its lines: where it starts and ends in the file, and its text.

    The text is as long as it is in the file, so that an offset in it is one there: comments between its lines are
    blanks, and a line that goes on ends in `CONTINUED`, whatever the escape character is. `gap` says that an empty line
    stands between them.
    """

    start: int
    end: int
    text: str
    heredocs: tuple[Heredoc, ...] = ()
    gap: bool = False


def escape_character(text: str) -> str:
    r"""The escape character that a file's parser directive names: a backslash, or a backtick."""
    return next((v for name, v, _, _ in _directives(text) if name == "escape" and v in ("\\", "`")), "\\")


def repeated_directive(text: str) -> tuple[str, int, int] | None:
    """The first parser directive that is given twice, with its place."""
    seen: set[str] = set()
    for name, _, start, end in _directives(text):
        if name in seen:
            return name, start, end
        seen.add(name)
    return None


def _directives(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Name, value and place of each parser directive: comments that nothing else stands before."""
    at = 0
    for line in text.split("\n", 20)[:20]:
        found = _DIRECTIVE.match(line.strip(_BLANKS) if at else line.removeprefix("\ufeff").strip(_BLANKS))
        if found is None or found[1].lower() not in _DIRECTIVES:
            return
        yield found[1].lower(), found[2], at, at + len(line)
        at += len(line) + 1


def logical_lines(text: str, escape: str) -> Iterator[Logical]:
    """Every instruction of a file, at most MOST_INSTRUCTIONS."""
    at, count = 0, 0
    while at < len(text) and count < MOST_INSTRUCTIONS:
        stop, behind = _line(text, at)
        line = (text[at:stop] if at else text[at:stop].removeprefix("\ufeff")).lstrip(_SPACES)
        if not line or line[0] == "#":
            at = behind
            continue
        start = stop - len(line)
        pieces, end, at, gap = _joined(text, start, escape)
        joined = "".join(pieces)
        heredocs, at = _heredocs(text, start, joined, at)
        if content(joined, 0) < len(joined):
            yield Logical(start, heredocs[-1].line_end if heredocs else end, joined, heredocs, gap)
            count += 1


def _line(text: str, at: int) -> tuple[int, int]:
    """Where the line that starts at an offset ends, and where the next one starts."""
    stop = text.find("\n", at)
    return (len(text), len(text)) if stop < 0 else (stop, stop + 1)


def _joined(text: str, start: int, escape: str) -> tuple[list[str], int, int, bool]:
    """The text of an instruction that starts at an offset, where it ends, where the next line starts, and `gap`."""
    pieces: list[str] = []
    at, end, gap = start, start, False
    while at < len(text):
        stop, behind = _line(text, at)
        goes_on = _escaped(text, at, stop, escape)
        if goes_on < 0:
            last = text[at:stop].rstrip(_SPACES)
            pieces.append(last)
            return pieces, at + len(last), behind, gap
        pieces += [text[at:goes_on], _continuation(behind - goes_on, text[behind - 1] == "\n")]
        end, at = goes_on, behind
        while at < len(text):  # comments and, for compatibility, empty lines between the lines are left out
            stop, behind = _line(text, at)
            line = text[at:stop].strip(_SPACES)
            if line and line[0] != "#":
                break
            gap = gap or not line
            pieces.append(_continuation(behind - at, bool(line) and text[behind - 1] == "\n"))
            at = behind
    return pieces, end, at, gap


def _escaped(text: str, at: int, stop: int, escape: str) -> int:
    """Where the escape character at the end of a line stands; -1 without one, or where it is escaped itself."""
    last = stop - 1
    while last >= at and text[last] in _BLANKS:
        last -= 1
    if last < at or text[last] != escape or (last > at and text[last - 1] == escape):
        return -1
    return last


def _continuation(length: int, broken: bool) -> str:
    return " " * (length - 2) + CONTINUED if broken and length > 1 else " " * length


def _heredocs(text: str, start: int, joined: str, at: int) -> tuple[tuple[Heredoc, ...], int]:
    """The here-documents of an instruction, whose bodies start at `at`, and where the next line starts."""
    if "<<" not in joined:
        return (), at
    behind = keyword_end(joined)
    words = [(content(joined, 0), behind), *words_of(joined, behind, True)]
    keywords = [joined[w[0] : w[1]].replace(CONTINUED, "").upper() for w in words[:2]]
    if keywords[:1] == ["ONBUILD"]:
        keywords = keywords[1:]
    if not keywords or keywords[0] not in _WITH_DOCUMENTS or _is_open(joined[words[-1][0] : words[-1][1]]):
        return (), at
    found: list[Heredoc] = []
    for first, last in words[1:]:
        mark = _HEREDOC.match(joined[first:last])
        if mark is None or not _NAME.match(mark[3]) or len(found) == _MOST_DOCUMENTS:
            continue
        name = unquoted(mark[3]).removesuffix("\\")
        if not name:
            continue
        body, end, at, closed = _body(text, at, name, mark[2] == "-")
        expand = len(_QUOTES.findall(name)) == len(_QUOTES.findall(mark[3]))
        found.append(Heredoc(name, (start + first, start + last), body, end, end if at <= end else at, expand, closed))
        found[-1] = found[-1]._replace(line_end=_content_end(text, body, at))
    return tuple(found), at


def _is_open(word: str) -> bool:
    """Whether a quote in a word does not end, so that BuildKit finds no here-document in its line."""
    quote, escaped = "", False
    for char in word:
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif char in "\"'" and (not quote or quote == char):
            quote = "" if quote else char
    return bool(quote)


def _body(text: str, at: int, name: str, chomp: bool) -> tuple[int, int, int, bool]:
    """Start and end of a here-document's body, where the line behind it starts, and whether it was closed."""
    body = at
    while at < len(text):
        stop, behind = _line(text, at)
        line = text[at:stop].rstrip("\r")
        if (line.lstrip("\t") if chomp else line) == name:
            return body, at, behind, True
        at = behind
    return body, len(text), len(text), False


def _content_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    return end


def content(text: str, at: int) -> int:
    """The first offset that holds more than a blank or the end of a line that goes on."""
    while at < len(text):
        if text[at] in _BLANKS:
            at += 1
        elif text.startswith(CONTINUED, at):
            at += 2
        else:
            break
    return min(at, len(text))


def keyword_end(text: str) -> int:
    """Where the first word of an instruction ends: at a blank, whatever quotes it holds."""
    at = content(text, 0)
    while at < len(text) and text[at] not in _BLANKS:
        if text.startswith(CONTINUED, at):
            if _apart(text, at):
                break
            at += 1
        at += 1
    return min(at, len(text))


def words_of(text: str, at: int, redirected: bool = False, escape: str = "\\") -> Iterator[tuple[int, int]]:
    """Start and end of each word of an instruction's text, behind an offset; quoted blanks do not end one.

    With `redirected`, blanks behind `<<` do not either: the name of a here-document may follow them.
    """
    size = len(text)
    while at < size:
        if text[at] in _BLANKS or text.startswith(CONTINUED, at):
            at += 1 if text[at] in _BLANKS else 2
            continue
        start, quote = at, ""
        while at < size:
            char = text[at]
            if not quote and (char in _BLANKS or (text.startswith(CONTINUED, at) and _apart(text, at))):
                break
            if char == escape and quote != "'":
                at += 2
                continue
            if char in "\"'" and (not quote or quote == char):
                quote = "" if quote else char
            if redirected and char == "<" and not quote and text.startswith("<<", at):
                at = content(text, at + 2)
                continue
            at += 1
        at = min(at, size)
        yield start, at


def _apart(text: str, at: int) -> bool:
    """Whether blanks follow the end of a line that goes on, so that a word ends there."""
    return at + 2 >= len(text) or text[at + 2] in _BLANKS or text.startswith(CONTINUED, at + 2)


def unquoted(word: str, escape: str = "\\") -> str:
    """A word as the builder reads it: without quotes, and without the escape character where it escapes."""
    if not any(c in word for c in "\"'" + escape):
        return word
    out: list[str] = []
    quote, at = "", 0
    while at < len(word):
        char = word[at]
        if char == escape and quote != "'" and at + 1 < len(word):
            following = word[at + 1]
            out.append(following if not quote or following in '"$\\' else char + following)
            at += 2
            continue
        if char in "\"'" and (not quote or quote == char):
            quote = "" if quote else char
        else:
            out.append(char)
        at += 1
    return "".join(out)
