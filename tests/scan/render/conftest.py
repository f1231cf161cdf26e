"""Scanning a repository with charts and overlays in it, with some tools on the PATH."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from guardrail.catalog.load import Catalog
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.scan.render.tools import HELM, KUSTOMIZE, Scan, on_path, write


@pytest.fixture
def scan(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Scans a path of a repository with files in it; keyword arguments are settings, or `catalog`."""

    def run(
        files: Mapping[str, str | bytes], path: str = ".", tools: tuple[str, ...] = (HELM, KUSTOMIZE), **options: Any
    ) -> Report:
        on_path(monkeypatch, tmp_path / "bin", *(tool for tool in tools if tool))
        root = tmp_path / "repository"
        (root / ".git").mkdir(parents=True, exist_ok=True)
        write(root, files)
        known = options.pop("catalog", catalog)
        given = Settings(**{"profile": "none", "select": ("privileged-container",), **options})
        return Run(given, known, (str(root / path),), today="2026-06-01").report()

    return run
