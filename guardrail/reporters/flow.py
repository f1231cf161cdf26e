"""The places that lead to a fault, told as a path: numbered lines for a terminal, one line elsewhere."""

from __future__ import annotations

from guardrail.model.place import Location
from guardrail.pages.screen import Paint, clean, width, wrap
from guardrail.reporters.outline import place

_STEPS = 12
"""More cannot be read in ten seconds: the middle of a longer path is counted."""
_FIRST = 4
_ARROW = " -> "
_SHORT = 400


def numbered(flow: tuple[Location, ...], gutter: int, room: int, paint: Paint) -> list[str]:
    """A path as lines of at most `room` columns, one for each step; nothing without steps.

    Places are aligned; where they would take most of the room, what happens there goes below.
    """
    if not flow:
        return []
    pad, digits = " " * (gutter + 3), len(str(len(flow)))
    cut = len(flow) - _STEPS
    steps = list(enumerate(flow, 1))
    shown = steps if cut <= 0 else steps[:_FIRST] + steps[_FIRST + cut :]
    places = {number: place(step) for number, step in shown}
    widest = max(map(width, places.values()))
    below = gutter + 3 + digits + 4 + widest > room * 2 // 3
    lines = [f"{paint('dim', ' ' * gutter + ' =')} {paint('bold', 'path:')}"]
    for number, step in shown:
        lead = f"{pad}{number:>{digits}}. "
        where = places[number]
        if below:
            lines.append(f"{lead}{where}")
            lines += wrap(step.note, room, " " * len(lead), " " * len(lead)) if clean(step.note) else []
        else:
            column = len(lead) + widest + 2
            gap = " " * (widest - width(where) + 2)
            lines += [line.rstrip() for line in wrap(step.note, room, f"{lead}{where}{gap}", " " * column)]
        if cut > 0 and number == _FIRST:
            lines.append(f"{pad}{' ' * digits}  ({cut:,} more)")
    return lines


def short(flow: tuple[Location, ...]) -> str:
    """A path on one line: what happens, in order, without places; empty without steps."""
    words = _ARROW.join(filter(None, (clean(step.note) for step in flow)))
    return words if len(words) <= _SHORT else words[: _SHORT - 1] + "…"
