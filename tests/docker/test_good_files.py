"""Good files stay clean: a finding in one of these is one that its author would shrug at."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog.load import Catalog
from tests.docker.good_texts import COMPOSE, COMPOSE_NAMES, DOCKERFILES
from tests.docker.test_scanning import found, scan


@pytest.mark.parametrize("name", DOCKERFILES)
def test_dockerfiles(name: str, tmp_path: Path, catalog: Catalog) -> None:
    assert found(scan(tmp_path, catalog, {"Dockerfile": DOCKERFILES[name]})) == []


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_files(name: str, tmp_path: Path, catalog: Catalog) -> None:
    file = COMPOSE_NAMES.get(name, "compose.yaml")
    dockerfile = "FROM node:24-alpine AS dev\nUSER node\nFROM dev AS production\n"
    report = scan(tmp_path, catalog, {file: COMPOSE[name], "Dockerfile": dockerfile})
    assert found(report) == []
    judged = {Path(one.path).name: one.resources for one in report.files}
    assert judged[file] == 1, "it was judged"
