"""The installed command, end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Command, as_json
from tests.scan.test_scan import BAD

RUN = ("--only", "privileged-container")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "pod.yaml"
    file.write_text(BAD)
    return file


@pytest.mark.usefixtures("bad")
def test_text_shows_the_line_and_what_to_do(guardrail: Command) -> None:
    done = guardrail("scan", *RUN)
    assert done.returncode == 1
    assert "pod.yaml:10:9" in done.stdout
    assert "privileged: true" in done.stdout
    assert "^^^^^^^^^^^^^^^^" in done.stdout
    assert "= why:" in done.stdout
    assert "= fix:" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


@pytest.mark.usefixtures("bad")
def test_several_outputs_in_one_run(guardrail: Command, tmp_path: Path) -> None:
    names = ("json", "sarif", "github", "junit", "markdown")
    done = guardrail("scan", *RUN, "-f", "text", *(a for n in names for a in ("-f", f"{n}=out/{n}")))
    assert done.returncode == 1
    for name in names:
        assert "privileged" in (tmp_path / "out" / name).read_text()
    sarif = json.loads((tmp_path / "out" / "sarif").read_text())
    result = sarif["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 10
    assert result["partialFingerprints"]["primaryLocationLineHash"]


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github", "junit", "markdown"])
def test_the_exit_code_is_the_same_in_every_format(guardrail: Command, name: str) -> None:
    assert guardrail("scan", "-", *RUN, "-f", name, stdin=BAD).returncode == 1
    assert guardrail("scan", "-", *RUN, "-f", name, stdin="a: [").returncode == 3
    assert guardrail("scan", "-", *RUN, "-f", name, stdin="a: 1").returncode == 0


def test_standard_input(guardrail: Command) -> None:
    done = guardrail("scan", "-", "--stdin-filename", "x.yaml", *RUN, "-f", "json", stdin=BAD)
    finding = as_json(done)["findings"][0]  # type: ignore[index]
    assert (finding["file"], finding["line"], finding["column"]) == ("x.yaml", 10, 9)


def test_fail_on_and_severity(guardrail: Command, bad: Path) -> None:
    assert guardrail("scan", *RUN, "--fail-on", "never").returncode == 0
    assert guardrail("scan", *RUN, "--set", "privileged-container.x=1").returncode == 2
    (bad.parent / ".guardrail.yaml").write_text("policies: {privileged-container: {severity: low}}\n")
    assert guardrail("scan", *RUN, "--fail-on", "medium").returncode == 0
    assert guardrail("scan", *RUN, "--severity", "medium").returncode == 0
    assert guardrail("scan", *RUN).returncode == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("scna",), "did you mean 'scan'"),
        (("scan", "nowhere"), "does not exist"),
        (("scan", "-f", "srif"), "did you mean 'sarif'"),
        (("scan", "--profile", "strct"), "did you mean 'strict'"),
        (("scan", "--only", "privilegd-container"), "did you mean 'privileged-container'"),
        (("scan", "--kubernetes-version", "2"), "not a Kubernetes version"),
        (("scan", "--config", "nope.yaml"), "does not exist"),
        (("scan", "--fail-on", "loud"), "loud"),
        (("explain", "privilegd-container"), "did you mean 'privileged-container'"),
        (("policy", "lint", "nowhere"), "does not exist"),
    ],
)
def test_usage_errors(guardrail: Command, args: tuple[str, ...], words: str) -> None:
    done = guardrail(*args)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_error_has_its_place(guardrail: Command, tmp_path: Path) -> None:
    (tmp_path / ".guardrail.yaml").write_text("profile: strict\nignor: [x]\n")
    done = guardrail("scan")
    assert done.returncode == 2
    assert ".guardrail.yaml:2:1: unknown key 'ignor' (did you mean 'ignore'?)" in done.stderr


def test_explain_rules_and_version(guardrail: Command) -> None:
    assert "privileged" in guardrail("explain", "privileged-container").stdout
    assert guardrail("explain", "privileged-container", "--markdown").stdout.startswith("# ")
    records = json.loads(guardrail("rules", "--json", "--profile", "pss-baseline").stdout)
    assert len(records) == 12
    assert "privileged-container" in guardrail("rules", "--search", "CKV_K8S_16").stdout
    assert guardrail("rules", "--category", "nothing").stdout == "0 policies\n"
    assert guardrail("--version").stdout.startswith("guardrail ")


def test_config(guardrail: Command, tmp_path: Path) -> None:
    assert guardrail("config", "init").returncode == 0
    assert guardrail("config", "init").returncode == 2
    assert guardrail("scan").returncode == 0
    shown = json.loads(guardrail("config", "show").stdout)
    assert shown["source"].endswith(".guardrail.yaml")
    assert "privileged-container" in shown["selected"]
    for kind in ("settings", "policy", "profile", "report"):
        assert json.loads(guardrail("config", "schema", kind).stdout)["$schema"]
    assert "profile" in (tmp_path / ".guardrail.yaml").read_text()


def test_the_starter_names_policies_that_exist(guardrail: Command, tmp_path: Path) -> None:
    guardrail("config", "init")
    file = tmp_path / ".guardrail.yaml"
    lines = file.read_text().replace("# ", "", 1).splitlines()
    opened = [line.removeprefix("# ") if line.startswith("# ") and ":" in line else line for line in lines]
    file.write_text("\n".join(line.replace("#   ", "  ", 1) for line in opened[1:]))
    (tmp_path / "policies").mkdir()
    done = guardrail("config", "show")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["policies"]["run-as-root"]["mode"] == "audit"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(guardrail: Command, shell: str) -> None:
    assert "_GUARDRAIL_COMPLETE" in guardrail("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("guardrail sc", "scan"),
        ("guardrail explain privileged-container", "privileged-container"),
        ("guardrail scan --profile pss-r", "pss-restricted"),
        ("guardrail scan --only proc-mount-un", "proc-mount-unmasked"),
    ],
)
def test_completion_offers(words: str, offered: str) -> None:
    environment = {
        **os.environ,
        "_GUARDRAIL_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [sys.executable, "-m", "guardrail.cli.main"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert f"plain,{offered}" in done.stdout.splitlines()


POLICY = """\
guardrail: 1
kind: Policy
id: team-label-missing
title: Workload has no team label
severity: low
category: ownership
why: Nobody knows whom to call when it breaks at night.
remediation: Set metadata.labels.team.
match: {type: kubernetes, kinds: [Workload]}
assert:
  - path: metadata.labels.team
    exists: true
    message: "{{object.kind}} {{object.metadata.name}} has no label team"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "team-label-missing.yaml").write_text(POLICY)
    folder = tmp_path / "fixtures" / "team-label-missing"
    folder.mkdir(parents=True)
    named = BAD.replace("  name: web", "  name: web  # expect: team-label-missing")
    (folder / "bad.yaml").write_text(named.replace("metadata:", "metadata:  # expect: team-label-missing"))
    (folder / "good.yaml").write_text(BAD.replace("  name: web", "  name: web\n  labels: {team: x}"))
    return tmp_path


def test_a_policy_of_ones_own_is_tested(guardrail: Command, own: Path) -> None:
    done = guardrail("policy", "test", "policies")
    assert done.returncode == 1
    assert "bad.yaml:4: expected a finding of team-label-missing, got none" in done.stdout
    bad = own / "fixtures" / "team-label-missing" / "bad.yaml"
    bad.write_text(bad.read_text().replace("name: web  # expect: team-label-missing", "name: web"))
    done = guardrail("policy", "test", "policies")
    assert (done.returncode, done.stdout) == (0, "1 policies, 2 cases, 0 wrong\n")


def test_every_fault_of_a_policy_test_is_named(guardrail: Command, own: Path) -> None:
    folder = own / "fixtures" / "team-label-missing"
    (folder / "good.yaml").write_text(BAD)
    (folder / "bad.yaml").unlink()
    (own / "fixtures" / "team-lable-missing").mkdir()
    (own / "fixtures" / "team-lable-missing" / "bad.yaml").write_text(BAD)
    done = guardrail("policy", "test", "policies")
    assert done.returncode == 1
    assert "has no bad fixture" in done.stdout
    assert "good.yaml:3: unexpected finding of team-label-missing" in done.stdout
    assert "a fixture without a policy" in done.stdout


def test_a_policy_of_ones_own_is_enforced(guardrail: Command, own: Path) -> None:
    (own / ".guardrail.yaml").write_text(
        "policy-paths: [policies]\nprofile: none\nselect: [team-label-missing]\nexclude: [fixtures, policies]\n"
    )
    (own / "pod.yaml").write_text(BAD)
    done = guardrail("scan")
    assert done.returncode == 1
    assert "Pod web has no label team" in done.stdout


def test_policy_lint(guardrail: Command, own: Path) -> None:
    assert guardrail("policy", "lint", "policies").returncode == 0
    file = own / "policies" / "team-label-missing.yaml"
    file.write_text(POLICY.replace("path: metadata.labels.team\n    exists: true", "cel: objct.x"))
    done = guardrail("policy", "lint", "policies")
    assert done.returncode == 2
    assert "did you mean 'object'" in done.stdout
