"""The commit a report names."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from guardrail.catalog.load import Catalog
from guardrail.reporters import RenderOptions, render
from guardrail.scan.revision import revision
from guardrail.scan.run import Run
from guardrail.settings import Settings


def test_no_repository(tmp_path: Path) -> None:
    assert revision(str(tmp_path)) == {}


def test_commit_branch_and_address_without_credentials(tmp_path: Path, catalog: Catalog) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments],
            check=True,
            capture_output=True,
        )

    git("init", "-b", "trunk")
    git("remote", "add", "origin", "https://user:hunter2hunter2@git.example/team/app.git")
    git("commit", "--allow-empty", "-m", "x")
    found = revision(str(tmp_path))
    assert found["branch"] == "trunk"
    assert len(found["revisionId"]) == 40
    report = Run(Settings(), catalog, (str(tmp_path),), for_upload=True).report()
    for name in ("json", "sarif", "markdown"):
        assert "hunter2" not in render(name, report, RenderOptions())
    told = json.loads(render("json", report, RenderOptions()))["run"]["revision"]
    assert told["repositoryUri"] == "https://git.example/team/app"
