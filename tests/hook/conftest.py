"""A copy of this checkout as a hook repository, with a commit of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.environment import ROOT

AUTHOR = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def world(**more: str) -> dict[str, str]:
    """This process's environment without its git repository, and with an author."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return ours | AUTHOR | more


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder."""
    return subprocess.check_output(["git", *arguments], cwd=folder, env=world(), text=True).strip()


def tracked() -> list[str]:
    """Files of the checkout: what git knows or would add; without git, all but the obvious."""
    if (ROOT / ".git").exists():
        listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    away = {".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in found if not away & set(path.parts)]


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout, uncommitted changes included, committed to a repository of its own."""
    folder = tmp_path_factory.mktemp("hooks") / "guardrail"
    for name in tracked():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "-m", "working tree")
    return folder


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    """A repository of somebody who uses the hook."""
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder
