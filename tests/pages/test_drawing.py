"""Drawings: what is shown of a workflow, and that no text in it becomes syntax."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.actions.model import ENFORCING, REPORT_ONLY, Ability
from guardrail.checks.delivery import Look
from guardrail.graph.delivery import Delivery
from guardrail.graph.repository import Repository
from guardrail.pages.dot import dot
from guardrail.pages.drawing import DEPLOY, EVENT, JOB, NEEDS, STATES, VERDICT, Box, Drawing, Edge, Node, drawing
from guardrail.pages.mermaid import mermaid
from guardrail.pages.screen import clean
from tests.graph.made import pipeline
from tests.reporters.strategies import texts

DOES = {
    "npm test": Ability("unit-test", ENFORCING, evidence="npm test"),
    "semgrep": Ability("sast", REPORT_ONLY, "it exits with 0", "semgrep"),
    "kubectl apply": Ability("deploy", ENFORCING, evidence="kubectl apply"),
}
CD = """\
on: {push: {branches: [main]}}
jobs:
  test: {runs-on: x, steps: [{run: npm test}]}
  scan: {name: Scans, runs-on: x, steps: [{run: semgrep}]}
  release: {needs: [test, scan], uses: ./called.yml}
  after: {needs: release, if: "${{ always() }}", runs-on: x, steps: [{run: x}], strategy: {matrix: {a: [1, 2]}}}
"""
CALLED = """\
on: workflow_call
jobs: {deploy: {runs-on: x, environment: production, steps: [{run: kubectl apply}]}}
"""


class _NoTree:
    """A repository without files."""

    def text(self, name: str) -> str | None:
        return None

    def document(self, name: str) -> object:
        return None

    def names(self, folder: str) -> tuple[str, ...]:
        return ()

    def below(self, folder: str, suffixes: tuple[str, ...], most: int) -> tuple[str, ...]:
        return ()


def drawn(text: str, required: tuple[str, ...] = (), files: dict[str, str] | None = None) -> Drawing:
    delivery = Delivery.of(pipeline(text, files, DOES))
    repository = Repository("", _NoTree(), lambda: pytest.fail("no table is needed"))
    return drawing(Look(repository, delivery, delivery.deploys, {}, delivery.pipeline.file), required)


def test_a_workflow_is_drawn_with_what_is_known_of_its_gates() -> None:
    made = drawn(CD, ("secret-scan",), {"called.yml": CALLED})
    assert made.parts == (
        Node("start", ("on:", "push"), EVENT),
        Node("j0", ("test", "tests: npm test"), JOB, "proven"),
        Node("j1", ("scan: Scans", "sast (report-only): semgrep"), JOB, "violated"),
        Box(
            "j2",
            "release calls called.yml",
            (
                Node(
                    "j3",
                    ("release/deploy", "environment: production", "deploys: kubectl apply"),
                    DEPLOY,
                    "violated",
                ),
            ),
        ),
        Node("j4", ("after", "matrix of 2", "if: always()")),
        Node("v0", ("proven:", "tests"), VERDICT, "proven"),
        Node("v1", ("violated:", "sast: report only (it exits with 0)", "secret-scan: missing"), VERDICT, "violated"),
    )
    assert [(e.source, e.target, e.kind) for e in made.edges] == [
        ("start", "j0", NEEDS),
        ("start", "j1", NEEDS),
        ("j0", "j2", NEEDS),
        ("j1", "j2", NEEDS),
        ("j2", "j4", NEEDS),
        ("v0", "j3", VERDICT),
        ("v1", "j3", VERDICT),
    ]


def test_mermaid() -> None:
    made = drawn(CD, (), {"called.yml": CALLED})
    assert mermaid(made).splitlines() == [
        "%% .github/workflows/it.yml",
        "flowchart LR",
        '  start(["on#58;<br/>push"])',
        '  j0["test<br/>tests#58; npm test"]',
        '  j1["scan#58; Scans<br/>sast (report-only)#58; semgrep"]',
        '  subgraph j2["release calls called.yml"]',
        '    j3[["release/deploy<br/>environment#58; production<br/>deploys#58; kubectl apply"]]',
        "  end",
        '  j4["after<br/>matrix of 2<br/>if#58; always()"]',
        '  v0("proven#58;<br/>tests")',
        '  v1("violated#58;<br/>sast#58; report only (it exits with 0)")',
        "  start --> j0",
        "  start --> j1",
        "  j0 --> j2",
        "  j1 --> j2",
        "  j2 --> j4",
        "  v0 -.- j3",
        "  v1 -.- j3",
        "  classDef proven fill:#dafbe1,stroke:#1a7f37,color:#0f4d21",
        "  class j0,v0 proven",
        "  classDef violated fill:#ffebe9,stroke:#cf222e,color:#82071e",
        "  class j1,j3,v1 violated",
    ]


def test_dot_arrows_end_at_the_edges_of_boxes() -> None:
    text = dot(drawn(CD, (), {"called.yml": CALLED}))
    assert "  j0 -> j3 [lhead=cluster_j2];\n" in text
    assert "  j3 -> j4 [ltail=cluster_j2];\n" in text
    assert "  v0 -> j3 [style=dashed, arrowhead=none];\n" in text
    assert '    j3 [label="release/deploy\\lenvironment: production\\ldeploys: kubectl apply\\l", shape=box,' in text


def test_what_is_not_known_is_grey() -> None:
    far = CD.replace("uses: ./called.yml", "uses: acme/x/.github/workflows/y.yml@v1")
    assert any("not known: acme/x" in line for node in drawn(far).nodes() for line in node.lines)
    never = "on: push\njobs: {deploy: {if: false, runs-on: x, steps: [{run: npm test}, {run: kubectl apply}]}}"
    assert {n.state for n in drawn(never).nodes()} == {"", "unproven"}
    assert "nothing starts this" in mermaid(drawn("on: {}\njobs: {a: {runs-on: x, steps: []}}"))


HOSTILE = [
    'x"] --> evil["y',
    "%%{init: {'securityLevel': 'loose'}}%%",
    "<img src=x onerror=alert(1)>",
    "`**bold**`",
    "1. one",
    "- dash",
    "===",
    "style a:b#c;",
    "javascript:alert(1)",
    "a\\",
    "\\N",
    'x"; evil [label="',
    "&lt;b&gt;",
    "end",
    "_x_ a_b __y__",
    "$$x$$ fa:fa-car",
    "名前 é",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_jobs_are_only_text(name: str) -> None:
    text = f"on: push\njobs: {{a: {{name: {_yaml(name)}, runs-on: x, steps: []}}}}"
    assert mermaid_lines(mermaid(drawn(text))) == ["on:\npush", f"a: {clean(name)}"]
    assert dot_labels(dot(drawn(text)))[2:] == [f"a: {clean(name)}"]


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def nodes() -> st.SearchStrategy[Node]:
    lines = st.lists(texts.map(clean), min_size=1, max_size=3).map(tuple)
    kinds, states = st.sampled_from([EVENT, JOB, DEPLOY, VERDICT]), st.sampled_from(["", *STATES])
    return st.builds(lambda lines, kind, state: Node("", lines, kind, state), lines, kinds, states)


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Any nodes, some in boxes in boxes, with arrows between them."""
    many = [node._replace(key=f"j{n}") for n, node in enumerate(draw(st.lists(nodes(), min_size=1, max_size=5)))]
    parts: list[Node | Box] = list(many)
    for number in range(draw(st.integers(0, 3))):
        parts[0:2] = [Box(f"b{number}", clean(draw(texts)), tuple(parts[0:2]))]
    keys = st.sampled_from([node.key for node in many])
    edges = draw(st.lists(st.builds(Edge, keys, keys, st.sampled_from([NEEDS, VERDICT])), max_size=4))
    return Drawing(clean(draw(texts)), tuple(parts), tuple(edges))


_MANY = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@_MANY
@given(drawings())
def test_any_text_can_be_read_back_from_mermaid(made: Drawing) -> None:
    assert sorted(mermaid_lines(mermaid(made))) == sorted(label or " " for label in _labels(made))


@_MANY
@given(drawings())
def test_any_text_can_be_read_back_from_dot(made: Drawing) -> None:
    assert sorted(dot_labels(dot(made))) == sorted([made.title, *_labels(made)])


def _labels(made: Drawing) -> list[str]:
    out: list[str] = []
    waiting: list[Node | Box] = list(made.parts)
    while waiting:
        part = waiting.pop()
        out.append(part.title if isinstance(part, Box) else "\n".join(part.lines))
        waiting += part.parts if isinstance(part, Box) else ()
    return out


_LABEL = r'"((?:[^\W_]|[ ,\'/()=+?._-]|#\d+;|<br/>)*)"'
_STATEMENTS = [
    rf"\s+\w+(?:\(\[{_LABEL}\]\)|\[{_LABEL}\]|\[\[{_LABEL}\]\]|\({_LABEL}\))",
    rf"\s+subgraph \w+\[{_LABEL}\]",
    r"\s+end",
    r"  \w+ (?:-->|-\.-) \w+",
    rf"  classDef (?:{'|'.join(STATES)}) fill:#\w{{6}},stroke:#\w{{6}},color:#\w{{6}}",
    rf"  class [\w,]+ (?:{'|'.join(STATES)})",
]


def mermaid_lines(text: str) -> list[str]:
    """The labels of a flowchart, read back. Fails where a line is not one of the few statements we write."""
    title, kind, *lines = text.removesuffix("\n").split("\n")
    assert re.fullmatch(_LABEL[2:-2].join((r"%% (", ")")), title)
    assert kind == "flowchart LR"
    found: list[str] = []
    for line in lines:
        match = next((m for s in _STATEMENTS if (m := re.fullmatch(s, line))), None)
        assert match, line
        label = next((group for group in match.groups() if group is not None), None)
        if label is not None:
            parts = label.split("<br/>")
            assert not any(re.match(r"(\d+[.)]|[-+=])", part) for part in parts), "Markdown would read a list"
            found.append("\n".join(re.sub(r"#(\d+);", lambda m: chr(int(m[1])), part) for part in parts))
    return found


def dot_labels(text: str) -> list[str]:
    """The labels of a graph, read back. Fails where anything outside of quotes is not a word of ours."""
    quoted = r'"((?:[^"\\]|\\.)*)"'
    rest = re.sub(quoted, '""', text, flags=re.DOTALL)
    known = r"(?:[jbv]\d+|start|digraph|workflow|subgraph|cluster_\w\d+|node|graph|label|fontname|fontsize|rankdir|LR"
    known += r"|compound|true|shape|oval|box|peripheries|style|filled|fillcolor|color|dashed|arrowhead|none|lhead|ltail"
    known += r'|""|\d+|->|[\[\]{}=,;\s])*'
    assert re.fullmatch(known, rest), rest
    found = re.findall(rf"label={quoted}", text, flags=re.DOTALL)
    lines = [re.sub(r"\\l$", "", label).replace("\\l", "\n") for label in _unescaped(found)]
    return [line.replace("\x00", "\\").replace("&amp;", "&") for line in lines]


def _unescaped(labels: list[str]) -> list[str]:
    return [label.replace("\\\\", "\x00").replace('\\"', '"') for label in labels]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not here: no `dot` on the path")
@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_draws_it(name: str) -> None:
    text = dot(drawn(CD.replace("Scans", _yaml(name)), (), {"called.yml": CALLED}))
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('class="node"') == 7
