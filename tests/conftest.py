"""What tests share: running the installed command, and scanning texts in process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from guardrail.catalog.load import Catalog, load
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings

# The same examples in every run, and no minutes spent on making a failing one pretty: CI must be quick to say no.
# HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile(
    "ci", derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate], print_blob=True
)
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped catalogue, loaded once."""
    return load()


@pytest.fixture
def guardrail(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Runs `guardrail ARGS` in a folder of its own and returns the finished process."""

    cache = str(tmp_path_factory.getbasetemp() / "cache")

    def run(*args: str, stdin: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guardrail.cli.main", *args],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd or tmp_path,
            env={**os.environ, "XDG_CACHE_HOME": cache},
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def scan(tmp_path: Path, catalog: Catalog) -> Callable[..., Report]:
    """Scans texts given by file name; keyword arguments are settings."""

    def run(files: dict[str, str], **options: object) -> Report:
        for name, text in files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        given = Settings(**{"profile": "recommended", **options})  # type: ignore[arg-type]
        return Run(given, catalog, (str(tmp_path),), today="2026-06-01").report()

    return run


def as_json(process: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """The JSON report a process printed."""
    found: dict[str, object] = json.loads(process.stdout)
    return found
