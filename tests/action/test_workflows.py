"""Action, workflows and hook manifest as they stand: what zizmor sees, and what it does not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from typing import Any

import pytest
import yaml

from tests.packaging.environment import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
AUDITED = [*WORKFLOWS, ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def uses(node: Any) -> list[dict[str, Any]]:
    """Every step with `uses`, wherever it stands."""
    if isinstance(node, list):
        return [found for item in node for found in uses(item)]
    if isinstance(node, dict):
        here = [node] if isinstance(node.get("uses"), str) else []
        return here + [found for item in node.values() for found in uses(item)]
    return []


def test_zizmor_has_nothing_to_say() -> None:
    zizmor = shutil.which("zizmor", path=sysconfig.get_path("scripts")) or shutil.which("zizmor")
    if not zizmor:
        pytest.skip("zizmor is not installed (it is in the dev extra)")
    command = [zizmor, "--offline", "--no-progress", "--pedantic", "--strict-collection", "."]
    command[-1:] = map(str, AUDITED)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", AUDITED[:-1], ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_and_named(path: Any) -> None:
    for line in re.findall(r"^\s*(?:- )?uses:(.*)$", path.read_text(), re.MULTILINE):
        assert re.fullmatch(
            r" (\./ # zizmor: ignore\[self-repository\] .+|[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*)",
            line,
        ), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_our_own_use_of_the_action_is_right(path: Any) -> None:
    """No linter checks the inputs and outputs of a local action."""
    text = path.read_text()
    workflow = yaml.safe_load(text)
    for step in uses(workflow):
        if step["uses"] == "./":
            assert set(step.get("with", {})) <= set(ACTION["inputs"])
            named = re.findall(rf"steps\.{step['id']}\.outputs\.([\w-]+)", text) if "id" in step else []
            assert set(named) <= set(ACTION["outputs"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_few_rights_and_an_end(path: Any) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"} or workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        for step in uses(job):
            if step["uses"].startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_no_expression_stands_in_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
