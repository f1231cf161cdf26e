"""A drawing in Graphviz's DOT language. No text can become syntax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guardrail.graph.gates import PROVEN, UNPROVEN, VIOLATED
from guardrail.pages.drawing import DEPLOY, EVENT, JOB, VERDICT, Box, Drawing, Edge, Node

_SHAPES: Mapping[str, str] = {
    EVENT: "shape=oval",
    JOB: "shape=box",
    DEPLOY: "shape=box, peripheries=2",
    VERDICT: 'shape=box, style="rounded,filled"',
}
_COLOURS: Mapping[str, tuple[str, str]] = {
    PROVEN: ("#dafbe1", "#1a7f37"),
    VIOLATED: ("#ffebe9", "#cf222e"),
    UNPROVEN: ("#eaeef2", "#6e7781"),
}


def dot(drawing: Drawing) -> str:
    """A directed graph from left to right."""
    anchors = dict(_anchors(drawing.parts))
    lines = [
        "digraph workflow {",
        f"  label={_quoted(drawing.title)};",
        "  rankdir=LR;",
        "  compound=true;",
        '  node [fontname="Helvetica", fontsize=11, style=filled, fillcolor="#ffffff"];',
        '  graph [fontname="Helvetica", fontsize=11];',
    ]
    for part in drawing.parts:
        lines += _part(part, "  ")
    lines += [f"  {_edge(edge, anchors)};" for edge in drawing.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _part(part: Node | Box, indent: str) -> Iterator[str]:
    if isinstance(part, Node):
        fill, line = _COLOURS.get(part.state, ("", ""))
        colours = f', fillcolor="{fill}", color="{line}"' if fill else ""
        label = "".join(f"{_escaped(line)}\\l" for line in part.lines)
        yield f'{indent}{part.key} [label="{label}", {_SHAPES[part.kind]}{colours}];'
        return
    yield f"{indent}subgraph cluster_{part.key} {{"
    yield f"{indent}  label={_quoted(part.title)};"
    for inner in part.parts:
        yield from _part(inner, indent + "  ")
    yield f"{indent}}}"


def _anchors(parts: tuple[Node | Box, ...]) -> Iterator[tuple[str, str]]:
    """For each box a node in it: an arrow can end at a box's edge only on its way to such a node."""
    waiting = [part for part in parts if isinstance(part, Box)]
    while waiting:
        box = waiting.pop()
        inside: Node | Box = box
        while isinstance(inside, Box):
            inside = inside.parts[0]
        yield box.key, inside.key
        waiting += [part for part in box.parts if isinstance(part, Box)]


def _edge(edge: Edge, anchors: Mapping[str, str]) -> str:
    given = ["style=dashed", "arrowhead=none"] if edge.kind == VERDICT else []
    given += [f"ltail=cluster_{edge.source}"] if edge.source in anchors else []
    given += [f"lhead=cluster_{edge.target}"] if edge.target in anchors else []
    ends = f"{anchors.get(edge.source, edge.source)} -> {anchors.get(edge.target, edge.target)}"
    return f"{ends} [{', '.join(given)}]" if given else ends


def _escaped(text: str) -> str:
    """Text within quotes: no quote ends it, no `\\N` is replaced, no entity is read."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'
