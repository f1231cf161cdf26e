"""A baseline: what is accepted no longer fails a run, and is still shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import RUN
from tests.conftest import Command
from tests.scan.test_scan import BAD

SETTINGS = "profile: none\nselect: [privileged-container]\n"


@pytest.fixture
def accepted(guardrail: Command, tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()  # names are relative to the repository, wherever the command is run
    (tmp_path / ".guardrail.yaml").write_text(SETTINGS)
    (tmp_path / "a.yaml").write_text(BAD)
    done = guardrail("baseline", "create")
    assert (done.returncode, done.stdout) == (0, ".guardrail-baseline.json: 1 findings accepted\n")
    return tmp_path / ".guardrail-baseline.json"


@pytest.mark.usefixtures("accepted")
def test_only_what_is_new_fails(guardrail: Command, tmp_path: Path) -> None:
    options = ("scan", "--baseline", ".guardrail-baseline.json")
    assert guardrail("scan").returncode == 1
    done = guardrail(*options)
    assert done.returncode == 0
    assert "1 suppressed (1 baseline)" in done.stdout
    (tmp_path / "a.yaml").write_text("# moved\n\n" + BAD)
    assert guardrail(*options).returncode == 0
    (tmp_path / "b.yaml").write_text(BAD.replace("name: web", "name: other"))
    done = guardrail(*options, "-f", "json")
    assert done.returncode == 1
    found = {f["file"]: (f["baseline"], f["suppression"] is None) for f in json.loads(done.stdout)["findings"]}
    assert found == {"a.yaml": ("unchanged", False), "b.yaml": (None, True)}


@pytest.mark.usefixtures("accepted")
def test_code_scanning_still_gets_what_is_accepted(guardrail: Command) -> None:
    done = guardrail("scan", "--baseline", ".guardrail-baseline.json", "-f", "sarif")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["runs"][0]["results"]) == 1


def test_the_settings_may_name_it(guardrail: Command, tmp_path: Path, accepted: Path) -> None:
    (tmp_path / ".guardrail.yaml").write_text(f"{SETTINGS}baseline: {accepted.name}\n")
    assert guardrail("scan").returncode == 0
    assert guardrail("scan", str(tmp_path), cwd=tmp_path.parent).returncode == 0


def test_pruning_and_dates(guardrail: Command, tmp_path: Path, accepted: Path) -> None:
    text = accepted.read_text()
    accepted.write_text(text.replace(json.loads(text)["accepted"][0]["since"], "2020-01-01"))
    (tmp_path / "b.yaml").write_text(BAD.replace("name: web", "name: other"))
    assert "2 findings" in guardrail("baseline", "create").stdout
    assert "2020-01-01" in accepted.read_text()
    (tmp_path / "a.yaml").unlink()
    assert guardrail("baseline", "prune").stdout == ".guardrail-baseline.json: 1 taken out, 1 left\n"
    assert "2020-01-01" not in accepted.read_text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is not JSON"),
        ("[]", "is not a baseline"),
        ('{"schema": "other/1"}', "is not a baseline"),
        ('{"schema": "guardrail-baseline/1", "accepted": [3]}', "entry 1"),
        ('{"schema": "guardrail-baseline/1", "accepted": [{"fingerprin": "x"}]}', "did you mean 'fingerprint'"),
        ('{"schema": "guardrail-baseline/1", "accepted": [{"policy": "x"}]}', "'fingerprint' is missing"),
    ],
)
def test_what_is_not_a_baseline(guardrail: Command, tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "b.json").write_text(content)
    done = guardrail("scan", *RUN, "--baseline", "b.json")
    assert done.returncode == 2
    assert words in done.stderr


def test_no_baseline(guardrail: Command) -> None:
    assert "cannot be read" in guardrail("scan", "--baseline", "none.json").stderr
