"""The part of YAML that settings of tools are written in: mappings and lists by indentation, plain and quoted scalars,
block scalars, flow lists of scalars. Everything is text. Anchors, tags and flow mappings are left as they are written.

The recogniser reads other tools' files for a hint of what they do; the library that reads YAML lives further up.
"""

from __future__ import annotations

import re

_DEEPEST = 30
_MOST_LINES = 20_000
_LONGEST_LINE = 1000
_KEY = re.compile(r"(\"[^\"]*\"|'[^']*'|[^\s'\"#\[{&*!|>-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+(.*))?$")
_SINGLE = re.compile(r"'((?:[^']|'')*)'?")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_BLOCK = re.compile(r"([|>])[-+\d]*\s*(?:#.*)?$")

Line = tuple[int, str]


def outline(text: str) -> object:
    """The data of a document; {} for what is not understood."""
    lines: list[Line] = []
    for line in text.splitlines()[:_MOST_LINES]:
        content = line.strip()[:_LONGEST_LINE]
        lines.append((len(line) - len(line.lstrip(" ")), content))
    return _Outline(lines).value(0, 0)


class _Outline:
    """`at` is the line that is looked at."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.at = 0

    def value(self, least: int, depth: int) -> object:
        """The mapping or list that begins at the next line, if that is indented enough."""
        line = self._peek()
        if line is None or line[0] < least or depth > _DEEPEST:
            return {}
        if line[1].startswith("- ") or line[1] == "-":
            return self._list(line[0], depth)
        if _KEY.match(line[1]):
            return self._mapping(line[0], depth)
        self.at += 1
        return _scalar(line[1])

    def _peek(self) -> Line | None:
        """The next line that is neither blank nor a comment nor the mark of a document."""
        while self.at < len(self.lines):
            content = self.lines[self.at][1]
            if content and not content.startswith("#") and content not in ("---", "..."):
                return self.lines[self.at]
            self.at += 1
        return None

    def _list(self, indent: int, depth: int) -> list[object]:
        found: list[object] = []
        while (line := self._peek()) is not None and line[0] == indent and line[1][:2] in ("- ", "-"):
            rest = line[1][1:].lstrip()
            if not rest:
                self.at += 1
                found.append(self.value(indent + 1, depth + 1))
            elif _BLOCK.match(rest):
                self.at += 1
                found.append(self._block(indent))
            elif _KEY.match(rest) and rest[0] not in "\"'":
                # The item is a mapping whose first key stands behind the dash.
                self.lines[self.at] = (indent + len(line[1]) - len(rest), rest)
                found.append(self._mapping(self.lines[self.at][0], depth + 1))
            else:
                self.at += 1
                found.append(_scalar(rest))
        return found

    def _mapping(self, indent: int, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while (line := self._peek()) is not None and line[0] == indent:
            match = _KEY.match(line[1])
            if match is None:
                break
            self.at += 1
            key, rest = match.group(1).strip("\"'"), (match.group(2) or "").strip()
            if _BLOCK.match(rest):
                found[key] = self._block(indent)
            elif rest and not rest.startswith("#"):
                found[key] = _scalar(rest)
            else:
                below = self._peek()
                # A list may stand at the indentation of its key.
                least = indent if below is not None and below[1].startswith("- ") else indent + 1
                found[key] = self.value(least, depth + 1)
        return found

    def _block(self, indent: int) -> str:
        """A block scalar: the lines that are indented further."""
        found: list[str] = []
        while self.at < len(self.lines):
            depth, content = self.lines[self.at]
            if content and depth <= indent:
                break
            found.append(content)
            self.at += 1
        return "\n".join(found).strip("\n")


def _scalar(text: str) -> object:
    """A scalar without quotes and comment, or a flow list of them."""
    if text.startswith("["):
        inside = text[1:].partition("]")[0]
        return [_plain(part) for part in inside.split(",") if part.strip()]
    return _plain(text)


def _plain(text: str) -> str:
    text = text.strip()
    if match := _SINGLE.match(text):
        return match.group(1).replace("''", "'")
    if match := _DOUBLE.match(text):
        return match.group(1).replace('\\"', '"')
    return re.split(r"\s#", text, maxsplit=1)[0].strip()
