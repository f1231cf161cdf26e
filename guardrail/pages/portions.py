"""A policy's words as written in YAML: paragraphs, and indented blocks of what to write."""

from __future__ import annotations

import re
from textwrap import dedent

from guardrail.pages.markup import block, prose
from guardrail.pages.screen import clean, escape, wrap


def portions(text: str) -> list[tuple[bool, str]]:
    """Safe portions in order: whether it is code, and the text; code keeps its lines."""
    made: list[tuple[bool, str]] = []
    for chunk in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").expandtabs(2)):
        lines = [line for line in chunk.split("\n") if line.strip()]
        if not lines:
            continue
        if all(line.startswith("    ") for line in lines):
            shown = dedent("\n".join(lines)).split("\n")
            code = "\n".join(escape(line).rstrip() for line in shown)
            if made and made[-1][0]:
                code = f"{made.pop()[1]}\n\n{code}"
            made.append((True, code))
        elif clean(chunk):
            made.append((False, clean(chunk)))
    return made


def headline(text: str) -> str:
    """The first paragraph on one line."""
    return next((words for is_code, words in portions(text) if not is_code), clean(text))


def as_markdown(text: str) -> str:
    """Paragraphs with their code spans, blocks fenced as YAML."""
    return "\n\n".join(block(t, "yaml") if is_code else prose(t) for is_code, t in portions(text))


def as_lines(text: str, room: int, first: str = "", then: str = "") -> list[str]:
    """Paragraphs wrapped to `room` columns, blocks indented by two and not wrapped."""
    lines: list[str] = []
    for is_code, words in portions(text):
        lead = then if lines else first
        if is_code:
            shown = words.split("\n")
            lines += [f"{then if lines or n else first}  {line}".rstrip() for n, line in enumerate(shown)]
        else:
            lines += wrap(words, room, lead, then)
    return lines
