"""A source line with carets under the exact columns, as compilers show it."""

from __future__ import annotations

from guardrail.model.place import Location
from guardrail.pages.screen import Paint, cells, clean, width, wrap

_ELLIPSIS = "…"


def _columns(shown: list[tuple[str, int]], start: int, end: int) -> tuple[int, int]:
    """Display columns before, and under, the characters from `start` to `end`."""
    before = sum(size for _, size in shown[:start])
    return before, max(1, sum(size for _, size in shown[start:end]))


def _window(shown: list[tuple[str, int]], start: int, end: int, room: int) -> tuple[int, int]:
    """The characters to show when the line is wider than `room`.

    The marked ones, with what fits around them.
    """
    if sum(size for _, size in shown) <= room:
        return 0, len(shown)
    first = last = min(start, len(shown) - 1)
    used = shown[first][1]
    last += 1
    lead = room // 3
    while last < len(shown) and used + shown[last][1] <= (room - lead if last >= end else room):
        used += shown[last][1]
        last += 1
    while first > 0 and used + shown[first - 1][1] <= room:
        first -= 1
        used += shown[first][1]
    while last < len(shown) and used + shown[last][1] <= room:
        used += shown[last][1]
        last += 1
    return first, last


def excerpt(location: Location, room: int) -> tuple[str, int, int] | None:
    """The line as shown, the column where carets begin (0-based) and how many.

    None without an excerpt.
    """
    text = location.excerpt.rstrip()
    if not text:
        return None
    span = location.span
    shown = cells(text)
    start = min(max(span.column - 1 - location.excerpt_offset, 0), len(shown))
    end = span.end_column - 1 - location.excerpt_offset if span.end_line == span.line else len(shown)
    end = min(max(end, start), len(shown))
    first, last = _window(shown, start, end, room)
    cut_left = first > 0 or location.excerpt_offset > 0
    beyond = location.excerpt_offset + len(location.excerpt) < span.end_column - 1
    one_line = span.end_line == span.line
    cut_right = last < len(shown) or (one_line and beyond and start < len(shown))
    line = "".join(cell for cell, _ in shown[first:last])
    before, under = _columns(shown[first:last], start - first, min(end, last) - first)
    if cut_left:
        line, before = _ELLIPSIS + line, before + 1
    return line + (_ELLIPSIS if cut_right else ""), before, under


def frame(location: Location, message: str, gutter: int, room: int, paint: Paint, style: str) -> list[str]:
    """The source line behind a gutter of `gutter` digits, carets, and the message beside or below
    them.
    """
    bar = paint("dim", f"{' ' * gutter} |")
    got = excerpt(location, room - gutter - 5)
    if got is None:
        return [paint("dim", f"{' ' * gutter} = ") + line for line in wrap(message, room - gutter - 3)]
    line, before, under = got
    number = paint("dim", f"{location.span.line:>{gutter}} |")
    carets = paint(style, "^" * under)
    out = [bar, f"{number} {line}".rstrip()]
    words = clean(message)
    if gutter + 4 + before + under + width(words) <= room:
        return [*out, f"{bar} {' ' * before}{carets} {paint(style, words)}".rstrip()]
    indent = min(before, max(0, room - gutter - 3 - 60))
    out.append(f"{bar} {' ' * before}{carets}")
    return out + [f"{bar} {' ' * indent}{paint(style, words)}" for words in wrap(message, room - gutter - 3 - indent)]
