"""The action as a whole: action.yml run by a small composite runner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import BROKEN, HARMLESS, PRIVILEGED, Run, report

UPLOAD, GATE = "Upload to code scanning", "Gate"


def pull_request(head: str | None) -> dict[str, Any]:
    """What GitHub says about a pull request from repository `head` (None: deleted since)."""
    repo = {"full_name": head} if head else None
    return {"event_name": "pull_request", "event": {"pull_request": {"head": {"repo": repo}}}}


def test_findings_fail_the_gate_after_summary_and_upload(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    result = run_action()
    assert list(result.steps) == ["Install guardrail", "Scan", "Outputs", "Summary", UPLOAD, GATE]
    assert [s.name for s in result.steps.values() if s.outcome != "success"] == [GATE], result.log
    assert result.outputs["exit-code"] == "1"
    assert int(result.outputs["findings"]) == len(report(result)["findings"]) > 0
    assert result.outputs["unparsed-files"] == "[]"
    assert result.steps["Summary"].summary.strip()
    upload = result.steps[UPLOAD]
    assert upload.inputs == {"sarif_file": result.outputs["sarif-file"], "category": "guardrail"}
    assert json.loads(Path(upload.inputs["sarif_file"]).read_text())["runs"][0]["results"]
    assert "findings at or above the threshold" in result.steps[GATE].log


def test_annotations_point_at_the_file(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    with_them = run_action().steps["Scan"].log
    assert "::error file=pod.yaml,line=" in with_them or "::error title=" in with_them
    without = run_action({"annotations": "false"}).steps["Scan"].log
    first, *_, last = without.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert token != first
    assert last == f"::{token}::"
    assert "pod.yaml" in without


def test_clean_passes(run_action: Run, workspace: Path) -> None:
    (workspace / "map.yaml").write_text(HARMLESS)
    result = run_action()
    assert not result.failed, result.log
    assert result.outputs["exit-code"] == "0"
    assert result.outputs["findings"] == "0"
    assert result.steps[UPLOAD].outcome == "success"  # an empty report closes what was fixed


def test_unreadable_input_is_no_pass(run_action: Run, workspace: Path) -> None:
    (workspace / "map.yaml").write_text(HARMLESS)
    (workspace / "broken.yaml").write_text(BROKEN)
    result = run_action()
    assert result.failed == GATE, result.log
    assert result.outputs["exit-code"] == "3"
    assert result.outputs["findings"] == "0"
    assert json.loads(result.outputs["unparsed-files"]) == ["broken.yaml"]
    assert "not a pass" in result.steps[GATE].log


@pytest.mark.parametrize(
    ("choice", "github", "uploaded"),
    [
        ("auto", {}, True),
        ("auto", pull_request("acme/shop"), True),
        ("auto", pull_request("mallory/shop"), False),
        ("auto", pull_request(None), False),
        ("auto", {"actor": "dependabot[bot]"}, False),
        ("true", pull_request("mallory/shop"), True),
        ("false", {}, False),
    ],
)
def test_upload_where_the_token_can_write(
    run_action: Run, workspace: Path, choice: str, github: dict[str, Any], uploaded: bool
) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    result = run_action({"upload-sarif": choice}, github=github)
    assert result.steps[UPLOAD].outcome == ("success" if uploaded else "skipped")
    assert result.failed == GATE
    assert result.outputs["sarif-file"]  # for whoever uploads it otherwise


def test_a_failing_upload_does_not_hide_the_gate(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    result = run_action(failing=(UPLOAD,))
    assert result.failed == UPLOAD
    assert result.steps[GATE].outcome == "failure"


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"profile": "no-such-profile"}, "no-such-profile"),
        ({"select": "no-such-policy"}, "no-such-policy"),
        ({"annotations": "yes"}, "'annotations' must be one of true, false"),
        ({"upload-sarif": "perhaps"}, "'upload-sarif' must be one of auto, true, false"),
        ({"config": "a\nb"}, "'config' must be one line"),
        ({"args-file": "missing.txt"}, "'args-file' cannot be read"),
        ({"paths": "no-such-folder"}, "no-such-folder"),
    ],
)
def test_wrong_usage_is_recorded_and_gated(run_action: Run, workspace: Path, inputs: dict[str, str], says: str) -> None:
    (workspace / "map.yaml").write_text(HARMLESS)
    result = run_action(inputs)
    assert says in result.log
    assert result.steps["Scan"].outcome == "success"
    assert result.outputs["exit-code"] == "2"
    assert result.outputs["findings"] == ""
    assert result.steps[UPLOAD].outcome == "skipped"
    assert result.failed == GATE


def test_options_reach_the_scan(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    everything = report(run_action())["findings"]
    policy = everything[0]["policy"]
    chosen = report(run_action({"only": policy}))["findings"]
    assert {f["policy"] for f in chosen} == {policy}
    assert report(run_action({"profile": "none", "select": policy}))["findings"] == chosen
    others = report(run_action({"ignore": f"{policy}, {policy}\n{policy}"}))["findings"]
    assert others
    assert policy not in {f["policy"] for f in others}
    assert run_action({"fail-on": "never"}).outputs["exit-code"] == "0"
    named = run_action({"category": "k8s"})
    sarif = json.loads(Path(named.outputs["sarif-file"]).read_text())
    assert sarif["runs"][0]["automationDetails"]["id"] == "k8s/"
    assert named.steps[UPLOAD].inputs["category"] == "k8s"


def test_paths_one_per_line(run_action: Run, workspace: Path) -> None:
    for name in ("a folder", "other", "third"):
        (workspace / name).mkdir()
        (workspace / name / "pod.yaml").write_text(PRIVILEGED)
    found = report(run_action({"paths": "a folder\n\nother\n"}))["findings"]
    assert {f["file"] for f in found} == {"a folder/pod.yaml", "other/pod.yaml"}


def test_args_file(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    (workspace / "args.txt").write_text("# ours\n--fail-on\nnever\r\n\n--exclude=none/**\n")
    result = run_action({"args-file": "args.txt", "paths": "pod.yaml"})
    assert result.outputs["exit-code"] == "0", result.log
    assert int(result.outputs["findings"]) > 0


def test_sarif_where_it_is_asked_for(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    (workspace / "out.sarif").write_text("left over")
    result = run_action({"sarif-file": "out.sarif"})
    assert result.outputs["sarif-file"] == "out.sarif"
    assert json.loads((workspace / "out.sarif").read_text())["version"] == "2.1.0"
    stale = run_action({"sarif-file": "out.sarif", "profile": "no-such-profile"})
    assert stale.outputs["sarif-file"] == ""
    assert not (workspace / "out.sarif").exists()


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "x\ntouch pwned",
    "x\nexit-code=0",
    "--fail-on=never",
    "${{ github.token }}",
    "../../etc/passwd",
    "::set-output name=exit-code::0",
]
TEXTS = [
    "paths",
    "config",
    "profile",
    "select",
    "only",
    "ignore",
    "severity",
    "fail-on",
    "kubernetes-version",
    "sarif-file",
    "category",
    "upload-sarif",
    "annotations",
    "summary",
    "args-file",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_inputs_stay_text(run_action: Run, workspace: Path, value: str) -> None:
    (workspace / "map.yaml").write_text(HARMLESS)
    inside = workspace / "map.yaml"
    for name in ("config", "select", "paths", "args-file"):
        result = run_action({name: value})
        assert result.outputs["exit-code"] in ("1", "2", "3"), (name, result.log)
        assert result.failed == GATE
    assert [p.name for p in workspace.iterdir() if p.name != ".git"] == [inside.name]


@pytest.mark.parametrize("name", TEXTS)
def test_no_input_reaches_the_shell(run_action: Run, workspace: Path, name: str) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    run_action({name: '"; touch pwned; $(touch pwned) `touch pwned`'})
    assert not list(workspace.glob("pwned*"))


def test_nothing_in_the_workspace_is_imported(run_action: Run, workspace: Path) -> None:
    (workspace / "map.yaml").write_text(HARMLESS)
    for name in ("json", "guardrail", "yaml", "click", "sitecustomize"):
        (workspace / f"{name}.py").write_text("open('pwned', 'w')\nraise SystemExit(0)\n")
    result = run_action()
    assert result.outputs["exit-code"] == "0", result.log
    assert not (workspace / "pwned").exists()


def test_a_scan_that_never_ran_is_no_pass(run_action: Run, workspace: Path) -> None:
    (workspace / "map.yaml").write_text(HARMLESS)
    result = run_action({"sarif-file": "."})
    assert result.outputs["exit-code"] == "2"
    assert result.failed == GATE


def test_a_baseline_opens_the_gate(run_action: Run, workspace: Path) -> None:
    (workspace / "pod.yaml").write_text(PRIVILEGED)
    found = report(run_action())["findings"]
    entries = [{"fingerprint": f["fingerprint"]} for f in found]
    (workspace / "accepted.json").write_text(json.dumps({"schema": "guardrail-baseline/1", "accepted": entries}))
    result = run_action({"baseline": "accepted.json"})
    assert not result.failed, result.log
    assert result.outputs["findings"] == "0"
