"""Where quotes, parentheses and `${{ }}` end: scanning without recursion, each character looked at once."""

from __future__ import annotations

import re

_NEXT = re.compile(r"[\\'\"`$(){}#<\n]")
_DELIMITER = re.compile(r"<<-?[ \t]*(['\"\\]?)([\w.!-]+)\1?")


def expressions(text: str) -> dict[int, int]:
    """Where each `${{ }}` of a text begins and ends; a string inside may hold `}}` (GitHub's expressions syntax)."""
    found: dict[int, int] = {}
    at, aware = text.find("${{"), True
    while at >= 0:
        end = _expression_end(text, at + 3) if aware else -1
        if end < 0:
            aware, end = False, text.find("}}", at) + 2
            if end < 2:
                break
        found[at] = end
        at = text.find("${{", end)
    return found


_IN_EXPRESSION = re.compile(r"'|\}\}")


def _expression_end(text: str, at: int) -> int:
    while match := _IN_EXPRESSION.search(text, at):
        if match.group() == "}}":
            return match.end()
        at = text.find("'", match.end()) + 1
        if at == 0:
            return -1
    return -1


def closing(text: str, start: int, end: int, holes: dict[int, int]) -> int:
    """The offset behind what closes the `(`, `{`, `"` or backtick at `start`; -1 when nothing does."""
    stack = [_CLOSES[text[start]]]
    at, pending = start + 1, list[str]()
    while match := _NEXT.search(text, at, end):
        here, char = match.start(), match.group()
        if here in holes:
            at = holes[here]
        elif char == "\n" and pending and stack[-1] == ")":
            at = behind_documents(text, here + 1, end, pending)
            pending = []
        else:
            at = _step(text, here, end, stack, pending)
        if at < 0 or not stack:
            return at
    return -1


_CLOSES = {"(": ")", "{": "}", '"': '"', "`": "`"}


def _step(text: str, here: int, end: int, stack: list[str], pending: list[str]) -> int:
    """What one character does to the stack; the offset to go on from, -1 for a quote that nothing closes."""
    char, state = text[here], stack[-1]
    if char == "\\":
        return here + 2
    if char == state:
        stack.pop()
    elif char == "$":
        if text[here + 1 : here + 2] in ("(", "{"):
            stack.append(_CLOSES[text[here + 1]])
            return here + 2
    elif char == "`" or (state != '"' and char == '"') or (state == ")" and char == "("):
        stack.append(_CLOSES[char])
    elif char == "'" and state != '"':
        return text.find("'", here + 1, end) + 1 or -1
    elif state == ")":
        return _in_script(text, here, end, pending)
    return here + 1


def _in_script(text: str, here: int, end: int, pending: list[str]) -> int:
    """Comments and here-documents within `$( )` may hold any quote."""
    if text[here] == "#" and text[here - 1] in " \t\n;(":
        return text.find("\n", here, end) if text.find("\n", here, end) >= 0 else end
    if text[here] == "<" and text[here + 1 : here + 2] == "<":
        if text[here + 2 : here + 3] == "<":
            return here + 3
        if match := _DELIMITER.match(text, here, end):
            pending.append(match.group(2) + ("\t" if text[here + 2] == "-" else ""))
            return match.end()
    return here + 1


def behind_documents(text: str, at: int, end: int, delimiters: list[str]) -> int:
    """The offset behind the here-documents that begin at `at`; a tab behind a delimiter says that it was `<<-`."""
    for delimiter in delimiters:
        at = document(text, at, end, delimiter.rstrip("\t"), delimiter.endswith("\t"))[1]
    return at


def document(text: str, at: int, end: int, delimiter: str, tabs: bool) -> tuple[int, int]:
    """Where the body of a here-document ends, and where the line behind its delimiter begins.

    `<<-` (`tabs`) takes leading tabs away, also before the delimiter. One that is never closed goes to the end.
    """
    lead = "\t*" if tabs else ""
    match = re.compile(rf"^{lead}{re.escape(delimiter)}\r?$", re.MULTILINE).search(text, at, end)
    return (end, end) if match is None else (match.start(), min(match.end() + 1, end))
