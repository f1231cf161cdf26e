"""What holds of every format for every report: none raises, each is valid in its language."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.errors import UsageError
from guardrail.model.report import Report
from guardrail.reporters import FORMATS, RenderOptions, json_report, render
from tests.reporters.strategies import made, reports

_MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_OPTIONS = made(
    RenderOptions,
    fail_on=st.sampled_from(["never", "info", "low", "high"]),
    allow_unparsed=st.booleans(),
    width=st.sampled_from([20, 80, 100, 200]),
    quiet=st.booleans(),
    elapsed=st.sampled_from([None, 0.5]),
    sarif_profile=st.sampled_from(["github", "full"]),
    pretty=st.booleans(),
)


@cache
def _sarif() -> jsonschema_rs.Validator:
    text = Path(__file__).with_name("sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text), validate_formats=True)


@cache
def _own() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json_report.schema())


@_MANY
@given(report=reports(), options=_OPTIONS)
def test_every_format_renders_every_report(report: Report, options: RenderOptions) -> None:
    for name in FORMATS:
        text = render(name, report, options)
        assert text.encode("utf-8").endswith(b"\n") or not text, name
        assert text == render(name, report, options), name


@_MANY
@given(report=reports(), options=_OPTIONS)
def test_every_sarif_obeys_the_standard(report: Report, options: RenderOptions) -> None:
    log = json.loads(render("sarif", report, options))
    assert [error.message for error in _sarif().iter_errors(log)] == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        ids = {place["id"] for place in result.get("relatedLocations", [])}
        linked = {int(n) for n in re.findall(r"(?<!\\)(?:\\\\)*\]\((\d+)\)", result["message"]["text"])}
        assert linked == ids
        for place in result.get("locations", []):
            uri = place.get("physicalLocation", {"artifactLocation": {"uri": "x"}})
            uri = uri["artifactLocation"]["uri"]
            assert re.fullmatch(r"[!-~]+", uri)
            assert not uri.startswith(("/", "./"))
        for step in _steps(result):
            assert step["message"]["text"]
            assert not re.search(r"(?<!\\)(?:\\\\)*\]\(\d+\)", step["message"]["text"])
            assert step["physicalLocation"]["region"]["startLine"] >= 1
    if options.sarif_profile == "github":
        assert len(run["results"]) == sum(f.live or f.accepted for f in report.findings)
        assert not any("suppressions" in result for result in run["results"])
    for rule in rules:
        assert len(rule["properties"]["tags"]) <= 10
        assert isinstance(rule["properties"].get("security-severity", ""), str)


def _steps(result: Any) -> list[Any]:
    """The places of a result's path."""
    flows = result.get("codeFlows", [])
    return [s["location"] for flow in flows for thread in flow["threadFlows"] for s in thread["locations"]]


@_MANY
@given(report=reports(), options=_OPTIONS)
def test_every_json_report_obeys_its_schema(report: Report, options: RenderOptions) -> None:
    data = json.loads(render("json", report, options))
    assert [error.message for error in _own().iter_errors(data)] == []
    assert len(data["findings"]) == len(report.findings)
    assert [len(f["flow"]) for f in data["findings"]] == [len(f.flow) for f in report.findings]


@_MANY
@given(report=reports(), options=_OPTIONS)
def test_every_junit_report_parses(report: Report, options: RenderOptions) -> None:
    root = ElementTree.fromstring(render("junit", report, options))
    assert len(root.findall("testsuite/testcase/error")) == len(report.problems)
    assert int(root.get("tests", "0")) == len(root.findall("testsuite/testcase"))


@_MANY
@given(report=reports(), options=_OPTIONS)
def test_annotations_are_whole_commands_within_the_limits(report: Report, options: RenderOptions) -> None:
    lines = render("github", report, options).removesuffix("\n").split("\n")
    assert not any(re.search("[\r\x0b\x0c\x1b\x85\u2028]", line) for line in lines)
    commands = [line for line in lines if line.startswith("::")]
    assert all(re.match(r"::(error|warning|notice) ([a-zA-Z]+=[^,:]*,?)*::", c) for c in commands)
    for level in ("error", "warning", "notice"):
        assert sum(c.startswith(f"::{level} ") for c in commands) <= 10
    assert len(lines) - len(commands) == (1 if report.resources else 0)


@_MANY
@given(report=reports(), options=_OPTIONS)
def test_text_never_contains_control_characters(report: Report, options: RenderOptions) -> None:
    text = render("text", report, options)
    assert not _CONTROLS.search(text)
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "##[" not in text


@_MANY
@given(report=reports())
def test_colour_changes_nothing_but_colour(report: Report) -> None:
    plain = render("text", report, RenderOptions())
    painted = render("text", report, RenderOptions(color=True))
    assert re.sub(r"\x1b\[[\d;]+m", "", painted) == plain


def test_an_unknown_format_is_a_usage_error() -> None:
    empty = Report((), (), (), (), {}, (), {}, "", "")
    with pytest.raises(UsageError, match="did you mean 'sarif'"):
        render("sarfi", empty, RenderOptions())
