"""Which line of a template a rendered line comes from: told by comments that a copy of the template carries through.

A comment with the line's number stands at the end of every line whose text goes straight to the output. What is
rendered before it, back to the comment before that, comes from that line: its own text, or all that its action wrote.
Comments are taken out again before the text is read. They stand where they cannot change it: never where an action
trims white space, never in a `define`, whose text may go through functions. Where a tool stumbles over one (within a
plain scalar of several lines) the template is left as it is, and its lines are found by `align`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import DOTALL, Match
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.comments import MARKER
from guardrail.formats.nodes import Lines

_ACTION = regex(
    r"\{\{(?P<left>-(?=[ \t\r\n]))?[ \t\r\n]*+"
    r"(?:(?P<comment>/\*.*?\*/)[ \t\r\n]*+"
    r"|(?P<word>[a-z]*+)(?:\"(?:\\.|[^\"\\\n])*+\"|`[^`]*+`|'(?:\\.|[^'\\\n])*+'|(?!-?\}\})[^\"`'])*+)"
    r"(?P<right>-)?\}\}",
    DOTALL,
)
"""An action as text/template reads it: `}}` within strings, raw strings and comments does not end it."""

OPENS = frozenset(("if", "range", "with", "block", "define"))
_DEFINES = frozenset(("define", "block"))
_CONTROL = frozenset((*OPENS, "else", "end", "break", "continue"))
_SETS = regex(r"\{\{-?\s*\$\w*\s*:?=")
_MARK = regex(" #\ue000(\\d+)\ue001")
_FAR = 50


class Action(NamedTuple):
    """An action of a template: where it stands, whether it writes, whether it trims what follows, in a `define`?

    `word` is the keyword or function it begins with, empty where it begins with something else.
    """

    start: int
    end: int
    writes: bool
    trims: bool
    defined: bool
    comment: bool
    word: str


def actions(text: str) -> Iterator[Action]:
    """Every action of a template, up to the first that is not closed."""
    open_: list[str] = []
    defines = 0
    at = text.find("{{")
    while at >= 0:
        match = _ACTION.match(text, at)
        if match is None:
            return
        word = match["word"] or ""
        if word in OPENS:
            open_.append(word)
            defines += word in _DEFINES
        comment = match["comment"] is not None
        writes = _is_output(match)
        yield Action(at, match.end(), writes, match["right"] is not None, defines > 0, comment, word)
        if word == "end" and open_:
            defines -= open_.pop() in _DEFINES
        at = text.find("{{", match.end())


def _is_output(match: Match[str]) -> bool:
    """Whether an action may write something."""
    return match["comment"] is None and match["word"] not in _CONTROL and not _SETS.match(match.group())


def around(text: str, offset: int) -> list[str]:
    """The actions that open a block around an offset, outermost first."""
    open_: list[str] = []
    for action in actions(text):
        if action.start > offset:
            break
        if action.word in OPENS:
            open_.append(text[action.start : action.end])
        elif action.word == "end" and open_:
            open_.pop()
    return open_


def marked(text: str, first: int, marking: bool = True) -> str:
    """A template with a comment at the end of its lines; `first` is the number of its first line.

    Suppressions in template comments become YAML comments, which say what they cover.
    """
    lines = Lines(text)
    found = list(actions(text))
    edits: list[tuple[int, int, str]] = []
    for action in found:
        if speaks(text, action):
            edits.extend(_spoken(text, lines, action))
    if marking and "\ue000" not in text:
        edits.extend((at, at, f" #\ue000{first + n - 1}\ue001") for n, at in _ends(text, lines, found))
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(edits):
        parts += (text[done:start], new)
        done = end
    return "".join((*parts, text[done:]))


def _spoken(text: str, lines: Lines, action: Action) -> Iterator[tuple[int, int, str]]:
    """A comment action that ends its line as a YAML comment."""
    number = lines.position(action.start)[0]
    end = lines.bounds(number)[1]
    if action.end <= end and not text[action.end : end].strip():
        space = "" if text[action.start - 1 : action.start] in ("", " ", "\t", "\n") else " "
        yield action.start, action.end, f"{space}# {words(text, action)}"


def _ends(text: str, lines: Lines, found: Sequence[Action]) -> Iterator[tuple[int, int]]:
    """Number and end of each line at which a comment does no harm."""
    waiting = 0
    for number in range(1, len(lines.starts) + 1):
        start, end = lines.bounds(number)
        while waiting < len(found) and found[waiting].end <= start:
            waiting += 1
        behind = waiting
        while behind < len(found) and found[behind].start < end:
            behind += 1
        stands = found[waiting:behind]
        content = text[start:end].rstrip()
        last = start + len(content)
        if not content or content.startswith(("---", "...", "%")):
            continue
        if any(a.defined or a.end > last for a in stands):
            continue
        if stands and stands[-1].end == last and stands[-1].trims and not speaks(text, stands[-1]):
            continue
        if not stands and _within(found, waiting):
            continue
        if _writes(text, start, last, stands):
            yield number, last


def speaks(text: str, action: Action) -> bool:
    """Whether an action is a comment that may hold a suppression."""
    return action.comment and bool(MARKER.search(text, action.start, action.end))


def words(text: str, action: Action) -> str:
    """What a comment says."""
    return text[action.start : action.end].strip("{}- \t").removeprefix("/*").removesuffix("*/").strip()


def _within(found: Sequence[Action], waiting: int) -> bool:
    """Whether a line without actions is in a `define`: between two actions of one."""
    before = found[waiting - 1] if waiting else None
    after = found[waiting] if waiting < len(found) else None
    return before is not None and before.defined and (after is None or after.defined)


def _writes(text: str, start: int, end: int, stands: Sequence[Action]) -> bool:
    """Whether a line has text of its own, or an action that writes."""
    at = start
    for action in stands:
        if action.writes or text[at : max(action.start, at)].strip():
            return True
        at = max(action.end, at)
    return bool(text[at:end].strip())


def unmarked(text: str) -> tuple[str, list[int]]:
    """A rendered text without marks, and the number for each of its lines from 1; 0 where none was found."""
    rows = text.split("\n")
    known = [0] * (len(rows) + 1)
    following = 0
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row.startswith(("---", "# Source: ")):
            following = 0
            continue
        marks = list(_MARK.finditer(row))
        if marks:
            following = int(marks[0][1])
            rows[at] = _MARK.sub("", row)
        known[at + 1] = following
    return "\n".join(rows), known


@lru_cache(maxsize=4096)
def static(line: str) -> tuple[str, str]:
    """The text of a template's line before its first action and behind its last."""
    if "{{" not in line:
        return line.strip(), ""
    return line[: line.index("{{")].strip(), line[line.rfind("}}") + 2 :].strip() if "}}" in line else ""


def fits(rendered: str, line: str) -> int:
    """How well a rendered line fits one of a template: 3 the same, 2 but for white space, 1 as far as known, 0 not."""
    if rendered.rstrip() == line.rstrip():
        return 3
    rendered = rendered.strip()
    before, behind = static(line)
    if "{{" not in line:
        return 2 if rendered == before else 0
    whole = len(rendered) >= len(before) + len(behind)
    return 1 if before and whole and rendered.startswith(before) and rendered.endswith(behind) else 0


def settled(text: str, known: list[int], written: Lines) -> None:
    """Mend numbers where a line had no mark of its own: it is the one before the mark that it fits."""
    before = 0
    for number, row in enumerate(text.split("\n"), 1):
        told = known[number]
        if before < told - 1 and told - before <= _FAR and row.strip() and not fits(row, written.line(told)):
            known[number] = next((n for n in range(before + 1, told) if fits(row, written.line(n))), told)
        before = told


_MOST_CELLS = 1_000_000


def align(rendered: Sequence[str], template: Sequence[str]) -> list[int]:
    """For each rendered line the index of the template's line that it comes from, found by their texts alone.

    The longest common run of lines that fit, in order; what is left comes from the action before, as what a loop
    renders again comes from the line it fits.
    """
    rows, columns = len(rendered), len(template)
    if not rows or not columns or rows * columns > _MOST_CELLS:
        return [0] * rows
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        here, below = best[i], best[i + 1]
        scores = _scores(rendered[i], template)
        for j in range(columns - 1, -1, -1):
            score = scores[j]
            value = below[j + 1] + score if score else 0
            here[j] = max(value, below[j], here[j + 1])
    return _followed(best, rendered, template)


def _scores(row: str, template: Sequence[str]) -> list[int]:
    return [fits(row, line) for line in template] if row.strip() else [0] * len(template)


def _followed(best: list[list[int]], rendered: Sequence[str], template: Sequence[str]) -> list[int]:
    """The way through the table of `align`; lines that are not on it find their place beside it.

    Of equal ways the one with longer runs: what follows a line follows it in the template, too.
    """
    found = [-1] * len(rendered)
    i = j = 0
    last = -1
    while i < len(rendered) and j < len(template):
        score = fits(rendered[i], template[j]) if rendered[i].strip() else 0
        fit = bool(score) and best[i][j] == best[i + 1][j + 1] + score
        if fit and (j == last + 1 or best[i][j + 1] < best[i][j]):
            found[i] = last = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    _fill(found, rendered, template)
    return found


def _fill(found: list[int], rendered: Sequence[str], template: Sequence[str]) -> None:
    """Give every line that is on no way its place: what writes it in the gap, else the line it fits."""
    following = [len(template)] * len(found)
    for i in range(len(found) - 2, -1, -1):
        following[i] = found[i + 1] if found[i + 1] >= 0 else following[i + 1]
    last = 0
    for i, row in enumerate(rendered):
        if found[i] < 0:
            found[i] = _beside(row, last, following[i], template)
        last = found[i]


def _beside(row: str, last: int, following: int, template: Sequence[str]) -> int:
    """Where a line may come from that stands between two of the template's."""
    for at in range(last, min(following, last + _FAR, len(template))):
        if only_writes(template[at]):
            return at
    if row.strip():
        score, _, at = max((fits(row, line), -abs(at - last), at) for at, line in enumerate(template))
        if score > 1 or (score and static(template[at])[0].endswith(":")):
            return at
    return last


def only_writes(line: str) -> bool:
    """Whether a line is an action that writes, and nothing else."""
    match = _ACTION.match(line.strip())
    return match is not None and _is_output(match) and not static(line)[0]
