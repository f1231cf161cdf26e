"""The pre-commit hooks, run by pre-commit itself."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action.conftest import HARMLESS, PRIVILEGED
from tests.hook.conftest import git, world
from tests.packaging.environment import ROOT, package_index_within_reach

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: dict[str, Any] = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text())}

pre_commit_needed = pytest.mark.skipif(
    not importlib.util.find_spec("pre_commit"),
    reason="pre-commit is not installed (it is in the dev extra)",
)


def pre_commit(folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit in a folder, with its environments in `home`."""
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=folder,
        env=world(PRE_COMMIT_HOME=str(home), PRE_COMMIT_COLOR="never"),
        capture_output=True,
        text=True,
        check=False,
    )


@pre_commit_needed
def test_the_manifest_is_valid(tmp_path: Path) -> None:
    done = pre_commit(tmp_path, tmp_path, "validate-manifest", str(MANIFEST))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("deploy/pod.yaml", True),
        ("pod.yml", True),
        ("pod.json", True),
        ("main.tf", True),
        ("main.tofu", True),
        ("main.tf.json", True),
        ("prod.tfvars", True),
        ("prod.auto.tfvars", True),
        ("terragrunt.hcl", True),
        ("chart/templates/_names.tpl", True),
        ("values.yaml.gotmpl", True),
        ("README.md", True),
        ("Dockerfile", True),
        ("api/Dockerfile.dev", True),
        ("api.dockerfile", True),
        ("Containerfile", True),
        ("dockerfiles/run.sh", False),
        ("mydockerfile", False),
        (".github/workflows/ci.yml", True),
        (".github/dependabot.yml", True),
        ("action.yml", True),
        (".pre-commit-config.yaml", True),
        ("main.py", False),
        ("yaml", False),
        ("pod.yaml.bak", False),
        ("notyml", False),
    ],
)
def test_which_files_it_is_for(name: str, wanted: bool) -> None:
    assert bool(re.search(HOOKS["guardrail"]["files"], name)) is wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (".github/workflows/ci.yml", True),
        (".github/workflows/ci.yaml", True),
        ("templates/.github/workflows/ci.yml", True),
        (".github/dependabot.yml", True),
        ("action.yml", True),
        (".github/actions/setup/action.yaml", True),
        (".pre-commit-config.yaml", True),
        (".pre-commit-hooks.yaml", True),
        (".github/workflows/scripts/data.yml", False),
        (".github/ISSUE_TEMPLATE/bug.yml", False),
        ("docs/transaction.yml", False),
        ("deploy/pod.yaml", False),
        ("workflows/ci.yml", False),
        ("package.json", False),
    ],
)
def test_which_files_the_workflow_hook_is_for(name: str, wanted: bool) -> None:
    assert bool(re.search(HOOKS["guardrail-workflows"]["files"], name)) is wanted
    assert not wanted or re.search(HOOKS["guardrail"]["files"], name)


def test_the_hooks_are_the_package_and_nothing_else() -> None:
    assert set(HOOKS) == {"guardrail", "guardrail-workflows", "guardrail-repo"}
    for hook in HOOKS.values():
        assert hook["language"] == "python"
        assert hook["require_serial"] is True
        assert hook["description"]
        assert "additional_dependencies" not in hook


@pytest.mark.slow
@pre_commit_needed
def test_only_what_is_staged_is_judged(hooks: Path, work_tree: Path, tmp_path: Path) -> None:
    """`try-repo`: the staged bad file is shown, the committed and the unstaged one are not."""
    if not package_index_within_reach(tmp_path):
        pytest.skip("no package index within reach")
    (work_tree / "old.yaml").write_text(PRIVILEGED)
    git(work_tree, "add", "old.yaml")
    git(work_tree, "commit", "--quiet", "-m", "old")
    (work_tree / "new.yaml").write_text(PRIVILEGED)
    (work_tree / "map.yaml").write_text(HARMLESS)
    git(work_tree, "add", "new.yaml", "map.yaml")
    (work_tree / "later.yaml").write_text(PRIVILEGED)
    done = pre_commit(work_tree, tmp_path / "home", "try-repo", str(hooks), "guardrail")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "- exit code: 1" in done.stdout
    assert "new.yaml" in done.stdout
    assert re.search(r"privileged", done.stdout)
    for name in ("old.yaml", "later.yaml", "map.yaml"):
        assert name not in done.stdout
    assert "\x1b[" not in done.stdout


TEST = """
on: {push: {branches: [main]}}
permissions: {contents: read}
jobs:
  test:
    runs-on: ubuntu-24.04
    steps: [{uses: ./.github/actions/test}]
"""
DEPLOY = """
  deploy:
    needs: [test]
    environment: production
    runs-on: ubuntu-24.04
    steps: [{run: helm upgrade shop ./chart}]
"""
ACTION = """
name: Test
description: Runs the tests
runs:
  using: composite
  steps: [{shell: bash, run: go test ./... || true}]
"""


@pytest.mark.slow
@pre_commit_needed
def test_a_staged_workflow_is_judged_with_what_it_calls(hooks: Path, work_tree: Path, tmp_path: Path) -> None:
    """The gate that cannot fail stands in an action that was committed before; the manifest is another hook's."""
    if not package_index_within_reach(tmp_path):
        pytest.skip("no package index within reach")
    action = work_tree / ".github" / "actions" / "test" / "action.yml"
    action.parent.mkdir(parents=True)
    action.write_text(ACTION)
    git(work_tree, "add", "--all")
    git(work_tree, "commit", "--quiet", "-m", "action")
    workflow = work_tree / ".github" / "workflows" / "deliver.yml"
    workflow.parent.mkdir()
    workflow.write_text(TEST + DEPLOY)
    (work_tree / "pod.yaml").write_text(PRIVILEGED)
    git(work_tree, "add", "--all")
    done = pre_commit(work_tree, tmp_path / "home", "try-repo", str(hooks), "guardrail-workflows")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "[gate-cannot-fail]" in done.stdout
    assert "pod.yaml" not in done.stdout


@pytest.mark.slow
@pre_commit_needed
def test_as_a_project_uses_it(hooks: Path, work_tree: Path, tmp_path: Path) -> None:
    """Pinned in a configuration: a commit is stopped or let through, a push sees the whole."""
    if not package_index_within_reach(tmp_path):
        pytest.skip("no package index within reach")
    home = tmp_path / "home"
    config = {
        "repos": [
            {
                "repo": str(hooks),
                "rev": git(hooks, "rev-parse", "HEAD"),
                "hooks": [{"id": "guardrail"}, {"id": "guardrail-repo"}],
            }
        ]
    }
    (work_tree / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (work_tree / "map.yaml").write_text(HARMLESS)
    (work_tree / "notes.txt").write_text("privileged: true\n")
    git(work_tree, "add", "--all")
    good = pre_commit(work_tree, home, "run")
    assert good.returncode == 0, good.stdout + good.stderr
    assert re.search(r"^guardrail\.+Passed$", good.stdout, re.MULTILINE)
    assert "whole repository" not in good.stdout

    git(work_tree, "commit", "--quiet", "-m", "good")
    (work_tree / "pod.yaml").write_text(PRIVILEGED)
    git(work_tree, "add", "pod.yaml")
    bad = pre_commit(work_tree, home, "run")
    assert bad.returncode == 1
    assert "pod.yaml" in bad.stdout

    git(work_tree, "commit", "--quiet", "-m", "bad, past the hook")
    pushed = pre_commit(work_tree, home, "run", "--hook-stage", "pre-push", "guardrail-repo")
    assert pushed.returncode == 1, pushed.stdout + pushed.stderr
    assert "pod.yaml" in pushed.stdout

    (work_tree / "notes.txt").write_text("nothing to judge\n")
    git(work_tree, "add", "notes.txt")
    other = pre_commit(work_tree, home, "run")
    assert other.returncode == 0
    assert "(no files to check)Skipped" in other.stdout
