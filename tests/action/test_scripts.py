"""The scripts of the action, one by one."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from tests.action.composite import Composite, CompositeError, parse_outputs
from tests.packaging.environment import ROOT, package_index_within_reach


def script(name: str) -> ModuleType:
    """Load a script of the action as a module."""
    spec = importlib.util.spec_from_file_location(f"action_{name}", ROOT / "action" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


outputs, scan, summary = script("outputs"), script("scan"), script("summary")


def written(tmp_path: Path, report: object, **env: str) -> dict[str, str]:
    """Outputs that the script writes for a report, read back as the runner reads them."""
    (tmp_path / "report.json").write_text(json.dumps(report))
    (tmp_path / "report.sarif").write_text("{}")
    target = tmp_path / "output"
    files = {
        "JSON_FILE": str(tmp_path / "report.json"),
        "SARIF_FILE": str(tmp_path / "report.sarif"),
        "GITHUB_OUTPUT": str(target),
    }
    outputs.main(files | env)
    return dict(parse_outputs(target.read_text()))


def test_suppressed_findings_do_not_count(tmp_path: Path) -> None:
    report = {"findings": [{"suppression": None}, {"suppression": {"reason": "x"}}, {}]}
    assert written(tmp_path, report)["findings"] == "2"


def test_unparsed_files_from_ledger_and_problems(tmp_path: Path) -> None:
    report = {
        "findings": [],
        "problems": [{"file": "c.yaml"}, {"file": "a.yaml"}, {"file": ""}],
        "coverage": {
            "files": [
                {"path": "a.yaml", "status": "unreadable"},
                {"path": "b.yaml", "status": "partly-read"},
                {"path": "d.yaml", "status": "read"},
                {"path": "e.png", "status": "skipped"},
            ]
        },
    }
    assert json.loads(written(tmp_path, report)["unparsed-files"]) == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_file_name_cannot_add_an_output(tmp_path: Path) -> None:
    name = "x\nexit-code=0\nguardrail\nupload<<E\ntrue\nE"
    report = {"findings": [], "problems": [{"file": name}]}
    found = written(tmp_path, report)
    assert set(found) == {"sarif-file", "json-file", "findings", "unparsed-files", "upload"}
    assert json.loads(found["unparsed-files"]) == [name]
    assert "\n" not in found["unparsed-files"]


def test_a_value_cannot_add_an_output() -> None:
    text = outputs.entry("a", "1\nb=2\nguardrail-0\nc<<E\nE")
    assert dict(parse_outputs(text)) == {"a": "1\nb=2\nguardrail-0\nc<<E\nE"}


@pytest.mark.parametrize("content", ["", "{", "[]", "\udcff"])
def test_no_report_no_numbers(tmp_path: Path, content: str) -> None:
    (tmp_path / "r.json").write_bytes(content.encode(errors="surrogateescape"))
    found = outputs.outputs({"JSON_FILE": str(tmp_path / "r.json"), "SARIF_FILE": ""})
    assert found["findings"] == ""
    assert found["upload"] == "false"


def test_arguments_are_words_of_their_own(tmp_path: Path) -> None:
    args_file = tmp_path / "args"
    args_file.write_text("--set\nlatest-tag.allow=a b\n")
    found = scan.arguments(
        {
            "INPUT_PATHS": "-rf\na b",
            "INPUT_PROFILE": "--x y",
            "INPUT_SELECT": "a,b  c\nd",
            "INPUT_ARGS_FILE": str(args_file),
        },
        {"sarif": "out.sarif", "json": "out.json"},
    )
    assert found == [
        "--format=sarif=out.sarif",
        "--format=json=out.json",
        "--format=github",
        "--profile=--x y",
        *("--select=a", "--select=b", "--select=c", "--select=d"),
        *("--set", "latest-tag.allow=a b"),
        *("--", "-rf", "a b"),
    ]


def test_a_summary_is_cut_at_a_line_and_closes_its_fence() -> None:
    text = "# Findings\n```text\n" + "ä" * 39 + "\n" + "line\n" * 100
    short = summary.shortened(text, 300)
    assert len(short.encode()) <= 300
    assert short.count("```") == 2
    assert "Cut here" in short
    assert summary.shortened(text, 10_000) == text


@pytest.mark.parametrize(("code", "status"), [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("", 4), ("x", 4)])
def test_the_gate(code: str, status: int) -> None:
    done = subprocess.run(
        ["bash", ROOT / "action" / "gate.sh"],
        env={**os.environ, "EXIT_CODE": code},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert done.stdout.startswith("::error::") is (status != 0)


def test_the_lock_is_of_this_project() -> None:
    """Every dependency is locked, within its bounds, by hash, and from no named place."""
    text = (ROOT / "action" / "requirements.txt").read_text()
    blocks = re.split(r"\n(?=[a-z])", text)
    locked = {}
    for block in blocks:
        if head := re.match(r"([a-z0-9._-]+)==(\S+)", block):
            locked[head[1]] = head[2]
            assert "--hash=sha256:" in block, head[1]
    assert not re.search(r"://|--(extra-)?index|--find-links", text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
    for requirement in map(Requirement, wanted):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert requirement.specifier.contains(locked[name]), requirement


def tiny(tmp_path: Path, steps: str) -> Composite:
    """An action of a few steps."""
    text = "inputs: {a: {default: x}}\noutputs: {}\nruns:\n  using: composite\n  steps:\n"
    (tmp_path / "action.yml").write_text(text + steps)
    return Composite(tmp_path, tmp_path, tmp_path, {"event": {}})


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("  - {run: ':', shell: bash, if: steps.scann.outputs.x}\n", "steps.scann.outputs.x"),
        ("  - {run: ':', shell: bash, if: \"inputs.b == ''\"}\n", "inputs.b"),
        ("  - {run: ':', shell: bash, if: hashFiles('x')}\n", "hashFiles"),
        ("  - {run: ':', shell: bash, if: startsWith('b')}\n", "startsWith"),
        ('  - {run: "echo ${{ inputs.a }}", shell: bash}\n', "inside run"),
        ("  - {run: ':'}\n", "run and shell"),
        ("  - {run: ':', shell: bash, wiht: {}}\n", "wiht"),
        ('  - {run: "echo A=b >> $GITHUB_ENV", shell: bash}\n', "environment of later steps"),
        (
            "  - {id: one, run: ':', shell: bash}\n"
            "  - {run: ':', shell: bash, env: {X: '${{ steps.one.outputs.y }}'}}\n",
            "no output 'y'",
        ),
    ],
)
def test_the_runner_refuses_what_github_overlooks(tmp_path: Path, steps: str, says: str) -> None:
    with pytest.raises(CompositeError, match=re.escape(says)):
        tiny(tmp_path, steps).run()


def test_the_runner_keeps_the_order_of_failure(tmp_path: Path) -> None:
    steps = (
        "  - {name: soft, run: exit 1, shell: bash, continue-on-error: true}\n"
        "  - {name: hard, run: 'false; echo unreached', shell: bash}\n"
        "  - {name: skipped, run: ':', shell: bash}\n"
        "  - {name: kept, run: ':', shell: bash, if: always() && inputs.a == 'X'}\n"
        "  - {name: sorry, run: ':', shell: bash, if: failure() && !(inputs.a != 'x')}\n"
    )
    result = tiny(tmp_path, steps).run()
    assert [s.outcome for s in result.steps.values()] == [*("failure", "failure", "skipped", "success", "success")]
    assert result.failed == "hard"
    assert "unreached" not in result.log


@pytest.mark.slow
def test_the_locked_installation(tmp_path: Path) -> None:
    """The install step for real: hash-locked, from the checkout, twice."""
    if not package_index_within_reach(tmp_path):
        pytest.skip("no package index within reach")
    target = tmp_path / "output"
    env = {
        **os.environ,
        "INPUT_PYTHON": sys.executable,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(target),
    }
    command = ["bash", "-eo", "pipefail", str(ROOT / "action" / "install.sh")]
    for _ in range(2):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    first, second = parse_outputs(target.read_text())
    assert first == second
    python = Path(first[1])
    assert python.is_relative_to(tmp_path)
    shown = subprocess.check_output([python, "-I", "-m", "guardrail.cli.main", "--version"], text=True)
    version = re.search(r'__version__ = "(.+)"', (ROOT / "guardrail" / "__init__.py").read_text())
    assert version
    assert version[1] in shown
    where = "import guardrail; print(guardrail.__file__)"
    place = Path(subprocess.check_output([python, "-I", "-c", where], text=True).strip())
    assert place.is_relative_to(tmp_path)
    assert list((place.parent / "policies").rglob("*.yaml"))


@pytest.mark.parametrize(("python", "says"), [("no-such-python", "names no program"), ("false", "3.11 or later")])
def test_the_installation_says_what_is_missing(tmp_path: Path, python: str, says: str) -> None:
    env = {
        **os.environ,
        "INPUT_PYTHON": python,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    done = subprocess.run(
        ["bash", ROOT / "action" / "install.sh"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert says in done.stdout
