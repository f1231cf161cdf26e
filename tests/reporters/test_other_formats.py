"""JSON, GitHub annotations, JUnit and Markdown: contents, limits, escaping."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from guardrail.model.report import Problem, ResourceRef
from guardrail.reporters import FORMATS, RenderOptions, json_report, render
from guardrail.reporters.advice import meaning, remedy
from guardrail.reporters.markdown import LIMIT
from tests.reporters.samples import clean_report, finding, location, path, policy, report

_PLAIN = RenderOptions()
NOBODY = ResourceRef("", "", "", "")


def test_json_holds_everything() -> None:
    data = json.loads(render("json", report(), _PLAIN))
    assert data["schema"] == "guardrail-report/1"
    assert [f["suppression"] is None for f in data["findings"]] == [True, True, True, False]
    first = data["findings"][0]
    assert (first["file"], first["line"], first["column"]) == ("deploy/api.yaml", 14, 11)
    assert first["controls"] == {"cis-kubernetes": ["5.2.1"], "cwe": ["250"]}
    assert data["stats"]["by_severity"] == {
        "critical": 0,
        "high": 2,
        "medium": 0,
        "low": 1,
        "info": 0,
    }
    assert (data["stats"]["exit_code"], data["stats"]["suppressed"]) == (1, 1)
    assert data["coverage"]["policies"]["latest-tag"]["unknown"] == 1
    assert data["problems"][0]["code"] == "unreadable"


def test_a_path_is_in_every_format() -> None:
    made = report((finding(flow=path()),), revision={})
    steps = json.loads(render("json", made, _PLAIN))["findings"][0]["flow"]
    assert steps[1] == {
        "file": "package.json",
        "line": 12,
        "column": 5,
        "end_line": 12,
        "end_column": 20,
        "note": "gate `npm test` fails",
    }
    told = "push to main starts the workflow -> gate `npm test` fails -> job test: failure"
    assert f"%0APath: {told} -> deploys" in render("github", made, _PLAIN)
    assert f"  Path: {told}".replace(">", "&gt;") in render("junit", made, _PLAIN)
    shown = render("markdown", made, _PLAIN)
    assert "<details><summary>Path in 4 steps</summary><ol><li>push to main starts the workflow [`" in shown
    assert "<li>gate \\`npm test\\` fails [`package.json:12`](package.json#L12)</li>" in shown


def test_a_path_cannot_break_out_of_a_row() -> None:
    odd = location("a|b</li>.yaml", note="</ol></details> | @team <script>")
    (row,) = (
        line for line in render("markdown", report((finding(flow=(odd,)),)), _PLAIN).splitlines() if "ol>" in line
    )
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 5
    assert row.count("</ol>") == row.count("<ol>") == 1
    assert "@team" not in row


def test_json_is_compact_unless_asked() -> None:
    assert render("json", report(), _PLAIN).count("\n") == 1
    assert render("json", report(), RenderOptions(pretty=True)).count("\n") > 50


def test_the_json_schema_describes_every_key() -> None:
    schema = json_report.schema()
    assert schema["$schema"].endswith("2020-12/schema")
    stack = [schema]
    while stack:
        node = stack.pop()
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False
            assert all("description" in p or "$ref" in p for p in node["properties"].values())
        stack += [v for v in node.values() if isinstance(v, dict)]


@pytest.mark.parametrize(
    ("file", "message", "line"),
    [
        ("a.yaml", "50% off\nnow", "file=a.yaml,line=14,endLine=14,col=11,endColumn=27"),
        ("a,b:c%.yaml", "x", "file=a%2Cb%3Ac%25.yaml,line=14,endLine=14,col=11,endColumn=27"),
        ("a\nb", "::error::x", "file=a%0Ab,line=14,endLine=14,col=11,endColumn=27"),
    ],
)
def test_annotations_are_escaped(file: str, message: str, line: str) -> None:
    made = report((finding(message=message, location=location(file)),), problems=())
    first = render("github", made, _PLAIN).splitlines()[0]
    assert first.startswith(f"::error {line},title=high%3A Container runs privileged")
    assert first.count("::") == (3 if message.startswith("::") else 2) or "error::x" in first
    if "%" in message:
        assert "50%25 off now%0ADeployment web/api%0AFix: " in first


def test_annotations_keep_to_ten_a_level() -> None:
    policies = [policy(f"some-{s}", s) for s in ("critical", "high", "medium", "low")]
    found = tuple(finding(policies[n % 4], location=location(line=n + 1)) for n in range(80))
    problems = tuple(Problem("unreadable", "x", location(f"{n}.yaml")) for n in range(5))
    lines = render("github", report(found, problems=problems), _PLAIN).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    notices = [line for line in lines if line.startswith("::notice")]
    assert (len(errors), len(notices)) == (10, 10)
    assert sum("not judged" in line for line in errors) == 3
    assert all("critical%3A" in line for line in errors[:7])
    shown = 7 + 3 + 10 + 9
    assert notices[-1] == f"::notice title=guardrail::{85 - shown} more in the summary"


def test_columns_are_left_out_over_several_lines() -> None:
    wide = location()
    wide = location(span=type(wide.span)(3, 5, 6, 2))
    first = render("github", report((finding(location=wide),)), _PLAIN).splitlines()[0]
    assert "line=3,endLine=6,title" in first


def test_silence_is_no_pass_in_annotations() -> None:
    assert render("github", clean_report(), _PLAIN).startswith("guardrail: no findings; 4 resources")
    empty = render("github", clean_report(resources=0), _PLAIN)
    assert empty.startswith("::warning title=guardrail::nothing was judged")


def test_junit_has_suites_by_policy_and_cases_by_file() -> None:
    root = ElementTree.fromstring(render("junit", report(), _PLAIN))
    assert root.attrib == {
        "name": "guardrail",
        "tests": "4",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
    }
    suites = [suite.get("name") for suite in root]
    assert suites == ["latest-tag", "privileged-container", "problems"]
    failure = root.find("testsuite[@name='privileged-container']/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "high: container app runs privileged (and 1 more)"
    assert "deploy/api.yaml:44:11" in (failure.text or "")


def test_junit_shows_passes_and_survives_odd_characters() -> None:
    root = ElementTree.fromstring(render("junit", clean_report(), _PLAIN))
    names = [case.get("name") for case in root.iter("testcase")]
    assert names == ["4 items judged", "9 items judged"]
    odd = finding(message="\x00\x08\ufffe\ud800 ]]> <b>", location=location("a\x01.yaml"))
    assert "]]&gt;" in render("junit", report((odd,)), _PLAIN)
    ElementTree.fromstring(render("junit", report((odd,)), _PLAIN))
    nothing = ElementTree.fromstring(render("junit", clean_report(resources=0), _PLAIN))
    skipped = nothing.find("testsuite[@name='guardrail']/testcase/skipped")
    assert skipped is not None
    assert "nothing was judged" in skipped.get("message", "")


@pytest.mark.parametrize(
    ("message", "mark"),
    [
        ("<img src=x onerror=alert(1)>", "<"),
        ("</details> <!-- x", "<"),
        ("@acme/team look", "@a"),
        ("fixes #12", "#1"),
        ("GH-12", "GH-1"),
        ("https://evil.example", "s://"),
        ("www.evil.example", "www.e"),
        ("[x](y) ![x](y)", r"\["),
        ("**bold** _it_", r"\*|_"),
        ("`code`", "`"),
        ("$x^2$", r"\$"),
        ("back\\", r"\\(?!\\)"),
    ],
)
def test_markdown_is_literal(message: str, mark: str) -> None:
    made = report((finding(message=message, resource=NOBODY),), problems=(), revision={})
    lines = render("markdown", made, _PLAIN).splitlines()
    row = next(line for line in lines if line.startswith("| high |"))
    cell = row.split(" | ")[2]
    assert not re.search(rf"(?<!\\)(?:\\\\)*(?:{mark})", cell)


@pytest.mark.parametrize("message", ["a | b", "a \\| b", "x\n| y |\n# title"])
def test_markdown_rows_keep_their_columns(message: str) -> None:
    made = report((finding(message=message),), problems=(), revision={})
    lines = render("markdown", made, _PLAIN).splitlines()
    (row,) = (line for line in lines if line.startswith("| high |"))
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 5


def test_markdown_links_to_the_line() -> None:
    shown = render("markdown", report(), _PLAIN)
    assert "](https://github.com/acme/shop/blob/0123abc/deploy/api.yaml#L14)" in shown
    assert "](deploy/%D0%B6%20b.yaml#L2)" in render("markdown", report(revision={}), _PLAIN)
    assert "### Not judged" in shown
    assert "### Unknown" in shown
    assert "<details><summary>What was judged</summary>" in shown


def test_markdown_is_cut_aloud() -> None:
    many = tuple(finding(message=f"{n} " + "ж" * 2000) for n in range(400))
    shown = render("markdown", report(many), _PLAIN)
    assert len(shown.encode()) <= LIMIT
    assert "more, the least severe, are not shown: this page is full." in shown
    assert shown.endswith("</details>\n")


def test_markdown_warns_when_nothing_was_judged() -> None:
    assert "> [!WARNING]\n> nothing was judged" in render("markdown", clean_report(resources=0), _PLAIN)


def test_every_code_has_advice() -> None:
    codes = ["unreadable", "not-rendered", "too-large", "check-failed", "something-new"]
    assert all(meaning(code).endswith(".") and remedy(code).endswith(".") for code in codes)
    assert "Render it" in remedy("not-rendered")


def test_heavy_libraries_are_imported_by_those_who_need_them() -> None:
    """A scan that prints text must not pay for SARIF or XML."""
    program = (
        "import sys, guardrail.reporters as r\n"
        "from tests.reporters.samples import report\n"
        "r.render('text', report(), r.RenderOptions())\n"
        "print([m for m in ('sarif_om', 'attr', 'xml.etree', 'json') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert list(FORMATS) == ["text", "json", "sarif", "github", "junit", "markdown"]
