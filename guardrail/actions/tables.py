"""Tables of facts about actions, written as text so that a row is a line: `action | since | why`."""

from __future__ import annotations


def rows(text: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """The rows of a table: cells without blanks around them, what is left out at the end as empty text.

    Lines that are empty or begin with `#` are skipped. Raises ValueError for a row with too many cells.
    """
    found: list[tuple[str, ...]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > columns:
            raise ValueError(f"more than {columns} cells: {line}")
        found.append((*cells, *[""] * (columns - len(cells))))
    return tuple(found)
