"""`guardrail why`, through the installed command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Command, as_json

CD = """\
name: CD
on:
  push:
    branches: [main, "release/*"]
  pull_request:
    branches: [main]
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: echo lint
  test:
    runs-on: ubuntu-latest
    steps:
      - name: Unit tests
        run: echo test
  deploy:
    needs: [lint, test]
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    steps:
      - if: vars.FREEZE != 'true'
        run: kubectl apply -f k8s/
      - name: Roll back
        if: failure()
        run: kubectl rollout undo deploy/app
  tell:
    needs: deploy
    if: ${{ always() && vars.TELL == 'yes' }}
    runs-on: ubuntu-latest
    steps:
      - run: echo done
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "cd.yml").write_text(CD)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_every_way_to_start_says_what_each_job_does_and_why(guardrail: Command) -> None:
    done = guardrail("why", ".github/workflows/cd.yml")
    assert (done.returncode, done.stderr) == (0, "")
    head, on_main, elsewhere = done.stdout.split("\n\n")
    assert head == ".github/workflows/cd.yml  CD"
    assert on_main.splitlines() == [
        "push to main",
        "  runs     lint, test",
        "  runs     deploy      if: github.ref == 'refs/heads/main' is true",
        "  depends  tell",
        "           runs     if vars.TELL == 'yes'",
        "           skipped  otherwise, because if: always() && vars.TELL == 'yes' is false",
    ]
    assert elsewhere.splitlines()[:4] == [
        "push to release/some-branch; pull_request to main",
        "  runs     lint, test",
        "  skipped  deploy      if: github.ref == 'refs/heads/main' is false",
        "  depends  tell",
    ]


@pytest.mark.usefixtures("repository")
def test_a_job_is_told_step_by_step(guardrail: Command) -> None:
    done = guardrail("why", "cd", "deploy", "--event", "push")
    assert done.stdout.splitlines() == [
        ".github/workflows/cd.yml  CD, job deploy",
        "",
        "push to main",
        "  runs     job deploy  if: github.ref == 'refs/heads/main' is true",
        "  depends  kubectl apply -f k8s/",
        "           runs     if vars.FREEZE != 'true'",
        "           skipped  otherwise, because if: vars.FREEZE != 'true' is false",
        "  skipped  Roll back   if: failure() is false",
        "",
        "push to release/some-branch",
        "  skipped  job deploy  if: github.ref == 'refs/heads/main' is false",
    ]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("word", ["Unit tests", "test", "test/0", "echo test"])
def test_what_follows_when_a_step_fails(guardrail: Command, word: str) -> None:
    done = guardrail("why", "cd.yml", "--ref", "main", "--event", "push", "--fail", word)
    assert done.stdout.splitlines()[:6] == [
        ".github/workflows/cd.yml  CD",
        "made to fail: Unit tests (test/0)",
        "",
        "push to main",
        "  runs     lint",
        "  fails    test    step Unit tests failed",
    ]
    assert "  skipped  deploy  " in done.stdout
    assert "needs test" in done.stdout


@pytest.mark.usefixtures("repository")
def test_the_steps_after_a_failed_one(guardrail: Command) -> None:
    done = guardrail("why", "cd", "deploy", "--ref", "main", "--event", "push", "--fail", "kubectl apply -f k8s/")
    assert "  depends  Roll back\n           runs     if vars.FREEZE != 'true'\n" in done.stdout


@pytest.mark.usefixtures("repository")
def test_a_ref_need_not_be_named_in_the_workflow(guardrail: Command) -> None:
    assert "push to release/9.1\n" in guardrail("why", "cd", "--ref", "release/9.1").stdout
    assert guardrail("why", "cd", "--ref", "nowhere").stdout.endswith("Nothing starts this workflow on nowhere.\n")


@pytest.mark.usefixtures("repository")
def test_json_tells_every_scenario(guardrail: Command) -> None:
    data = as_json(guardrail("why", "cd", "tell", "-f", "json"))
    assert (data["schema"], data["workflow"], data["name"]) == ("guardrail-why/1", ".github/workflows/cd.yml", "CD")
    scenarios = data["scenarios"]
    assert isinstance(scenarios, list)
    assert [s["label"] for s in scenarios] == ["push to main", "push to release/some-branch", "pull_request to main"]
    first = scenarios[0]
    assert (first["event"], first["ref"], first["complete"]) == ("push", "refs/heads/main", True)
    job, step = first["outcomes"]
    assert (job["kind"], job["id"]) == ("job", "tell")
    assert job["cases"][0]["result"] == "success"
    assert job["cases"][0]["when"] == [[{"text": "vars.TELL == 'yes'", "holds": True, "documented": True}]]
    assert job["cases"][1]["result"] == "skipped"
    assert (step["kind"], step["id"], step["name"]) == ("step", "tell/0", "echo done")
    assert step["cases"] == [{"result": "success", "conclusion": "success", "because": "", "when": []}]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("c",), "there is no workflow 'c'"),
        (("dc.yml",), "(did you mean 'cd.yml'?); known: cd.yml"),
        ((".github",), "'.github' is a folder"),
        (("cd", "deplo"), "there is no job 'deplo' (did you mean 'deploy'?)"),
        (("cd", "--event", "pus"), "is not started by 'pus' (did you mean 'push'?)"),
        (("cd", "--fail", "Unit test"), "there is no step or job 'Unit test' (did you mean 'unit tests'?)"),
        (("cd", "-f", "yaml"), "yaml"),
        (("pod.yaml",), "pod.yaml is no workflow"),
        (("cd", "--config", "nope.yaml"), "does not exist"),
    ],
)
def test_wrong_names(guardrail: Command, repository: Path, args: tuple[str, ...], words: str) -> None:
    (repository / "pod.yaml").write_text("kind: Pod\n")
    done = guardrail("why", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_read_is_no_wrong_name(guardrail: Command, tmp_path: Path) -> None:
    (tmp_path / "w.yml").write_text("on: push\njobs: {a: [\n")
    (tmp_path / "b.yml").write_bytes(b"on: push\0")
    for name in ("w.yml", "b.yml"):
        done = guardrail("why", name)
        assert (done.returncode, done.stdout) == (3, "")
        assert name in done.stderr
    done = guardrail("why", "ci")
    assert done.returncode == 2
    assert "no .github/workflows here" in done.stderr


def test_a_workflow_is_found_from_anywhere(guardrail: Command, repository: Path, tmp_path: Path) -> None:
    inside = repository / "src" / "deep"
    inside.mkdir(parents=True)
    assert guardrail("why", "cd", cwd=inside).stdout.startswith(".github/workflows/cd.yml  CD\n")
    (tmp_path / "elsewhere").mkdir()
    done = guardrail("why", str(repository / ".github" / "workflows" / "cd.yml"), cwd=tmp_path / "elsewhere")
    assert done.stdout.startswith(".github/workflows/cd.yml  CD\n")


def test_called_workflows_and_actions_are_followed(guardrail: Command, repository: Path) -> None:
    folder = repository / ".github" / "workflows"
    (folder / "called.yml").write_text(
        "on: workflow_call\njobs:\n  publish:\n    if: github.event_name == 'push'\n    runs-on: x\n"
        "    steps: [{uses: ./build}, {run: npm publish}]\n"
    )
    (folder / "release.yml").write_text("on: [push, schedule]\njobs: {go: {uses: ./.github/workflows/called.yml}}\n")
    (repository / "build").mkdir()
    (repository / "build" / "action.yml").write_text(
        "name: b\nruns: {using: composite, steps: [{name: Inner, shell: bash, run: make}]}\n"
    )
    shown = guardrail("why", "release", "go/publish").stdout
    assert "  runs  job go/publish  if: github.event_name == 'push' is true\n" in shown
    assert "  runs  ./build\n  runs    Inner\n  runs  npm publish\n" in shown
    assert "  skipped  job go/publish  if: github.event_name == 'push' is false\n" in shown


def test_what_github_would_refuse_is_said_first(guardrail: Command, repository: Path) -> None:
    (repository / ".github" / "workflows" / "bad.yml").write_text(
        "on: push\njobs: {a: {needs: nobody, runs-on: x, steps: [{run: x}]}}\n"
    )
    assert "warning: .github/workflows/bad.yml: job `a` needs nobody" in guardrail("why", "bad").stdout.splitlines()[1]


def test_long_lines_are_folded_and_names_cannot_steer_the_terminal(guardrail: Command, repository: Path) -> None:
    steps = [{"name": f"\u001b[31m{'word ' * 40}", "if": f"vars.{'X' * 30} == '{'y ' * 60}'", "run": "x"}]
    jobs = {f"job-number-{n}": {"runs-on": "x", "needs": [], "steps": steps} for n in range(40)}
    (repository / ".github" / "workflows" / "odd.yml").write_text(
        json.dumps({"name": "\u202eevil\r::error::x", "on": ["push", "pull_request"], "jobs": jobs})
    )
    for args in (("odd",), ("odd", "job-number-3")):
        done = guardrail("why", *args)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
        assert all(len(line) <= 100 for line in done.stdout.splitlines())


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("words", ["guardrail why c", "guardrail graph c"])
def test_names_are_completed(repository: Path, words: str) -> None:
    environment = {
        **os.environ,
        "_GUARDRAIL_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [sys.executable, "-m", "guardrail.cli.main"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60, cwd=repository
    )
    assert "plain,cd.yml" in done.stdout.splitlines()


@pytest.mark.parametrize("command", [("why", "leak", "a"), ("why", "leak", "a", "-f", "json"), ("graph", "leak")])
def test_secrets_are_masked(guardrail: Command, repository: Path, command: tuple[str, ...]) -> None:
    token = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"
    (repository / ".github" / "workflows" / "leak.yml").write_text(
        f"on: push\njobs:\n  a:\n    if: vars.TOKEN != '{token}'\n    runs-on: x\n"
        f"    steps:\n      - run: curl -H {token} x\n      - if: failure()\n        run: x\n"
    )
    done = guardrail(*command)
    assert done.returncode == 0
    assert "*" * 20 in done.stdout or "#42;" * 20 in done.stdout
    assert token[:12] not in done.stdout
