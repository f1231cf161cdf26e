"""A drawing in Mermaid's language, as GitHub shows it in Markdown. No text can become syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from guardrail.graph.gates import PROVEN, UNPROVEN, VIOLATED
from guardrail.pages.drawing import DEPLOY, EVENT, JOB, VERDICT, Box, Drawing, Node

MOST_TEXT, MOST_EDGES = 50_000, 500
"""Beyond these Mermaid refuses to draw unless its settings say otherwise (`maxTextSize`, `maxEdges`)."""

_SHAPES: Mapping[str, tuple[str, str]] = {
    EVENT: ('(["', '"])'),
    JOB: ('["', '"]'),
    DEPLOY: ('[["', '"]]'),
    VERDICT: ('("', '")'),
}
_COLOURS: Mapping[str, str] = {
    PROVEN: "fill:#dafbe1,stroke:#1a7f37,color:#0f4d21",
    VIOLATED: "fill:#ffebe9,stroke:#cf222e,color:#82071e",
    UNPROVEN: "fill:#eaeef2,stroke:#6e7781,color:#32383f",
}
_PLAIN = re.compile(r"[^\W_]|[ ,'/()=+?.-]|(?<=[^\W_])_(?=[^\W_])")
_MARK_AT_START = re.compile(r"^(?:\d+(?=[.)])|[-+=]+)")


def mermaid(drawing: Drawing) -> str:
    """A flowchart from left to right."""
    lines = [f"%% {_escaped(drawing.title)}", "flowchart LR"]
    for part in drawing.parts:
        lines += _part(part, "  ")
    arrows = {VERDICT: "-.-"}
    lines += [f"  {edge.source} {arrows.get(edge.kind, '-->')} {edge.target}" for edge in drawing.edges]
    by_state: dict[str, list[str]] = {}
    for node in drawing.nodes():
        if node.state:
            by_state.setdefault(node.state, []).append(node.key)
    for state, keys in by_state.items():
        lines.append(f"  classDef {state} {_COLOURS[state]}")
        lines.append(f"  class {','.join(keys)} {state}")
    return "\n".join(lines) + "\n"


def _part(part: Node | Box, indent: str) -> Iterator[str]:
    if isinstance(part, Node):
        before, after = _SHAPES[part.kind]
        yield f"{indent}{part.key}{before}{_label(part.lines)}{after}"
        return
    yield f'{indent}subgraph {part.key}["{_label([part.title])}"]'
    for inner in part.parts:
        yield from _part(inner, indent + "  ")
    yield f"{indent}end"


def _label(lines: Iterable[str]) -> str:
    return "<br/>".join(map(_escaped, lines)) or " "  # an empty label is a syntax error


def _escaped(text: str) -> str:
    """Text in which every character that Mermaid, or the Markdown in its labels, may read is an entity code.

    Letters, digits and harmless punctuation stay; so does `_` within a word, which Markdown leaves alone there.
    """
    marked = _MARK_AT_START.match(text)
    start = "".join(f"#{ord(c)};" for c in marked[0]) if marked else ""
    rest = text[marked.end() :] if marked else text
    out = [start]
    for at, char in enumerate(rest):
        out.append(char if _PLAIN.match(rest, at) else f"#{ord(char)};")
    return "".join(out)
