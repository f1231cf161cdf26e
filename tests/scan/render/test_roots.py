"""What is scanned from outside of its repository is rendered like everything else, and reads nothing beyond it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from guardrail.catalog.load import Catalog
from guardrail.model.report import Report
from guardrail.scan.render.roots import roots
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.scan.render import test_helm, test_kustomize
from tests.scan.render.tools import HELM, KUSTOMIZE, needs_helm, needs_kustomize, on_path, write

ONLY = ("privileged-container", "host-namespace-shared")


def scan(catalog: Catalog, *paths: str) -> Report:
    return Run(Settings(profile="none", select=ONLY), catalog, paths, today="2026-06-01").report()


def names(report: Report) -> set[tuple[str, int]]:
    return {(f.location.file, f.location.span.line) for f in report.live}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository to work in, with another folder beside it that is none."""
    on_path(monkeypatch, tmp_path / "bin", *(tool for tool in (HELM, KUSTOMIZE) if tool))
    (tmp_path / "main" / ".git").mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    monkeypatch.chdir(tmp_path / "main")
    return tmp_path


@needs_kustomize
def test_an_overlay_outside_of_the_repository_is_built(here: Path, catalog: Catalog) -> None:
    write(here / "shared", test_kustomize.FILES)
    report = scan(catalog, "../shared")
    assert not report.problems
    assert ("../shared/base/web.yaml", 12) in names(report)
    assert ("../shared/overlays/prod/patches/web.yaml", 8) in names(report)
    assert {f.reason for f in report.files if f.path.endswith("kustomization.yaml")} == {"part of an overlay"}


@needs_kustomize
def test_an_overlay_reads_the_base_in_its_own_repository(here: Path, catalog: Catalog) -> None:
    write(here / "shared", test_kustomize.FILES)
    report = scan(catalog, str(here / "shared" / "overlays"))  # no repository: the folder is all there is
    assert [p.code for p in report.problems] == ["not-built"]
    subprocess.run(["git", "init", "-q", str(here / "shared")], check=True)
    report = scan(catalog, str(here / "shared" / "overlays"))
    assert not report.problems
    assert any(file.endswith("base/web.yaml") for file, _ in names(report))


@needs_kustomize
def test_two_folders_that_are_scanned_together(here: Path, catalog: Catalog) -> None:
    files = test_kustomize.FILES
    write(here / "shared", {name: text for name, text in files.items() if name.startswith("base")})
    overlay = files["overlays/prod/kustomization.yaml"].replace("../../base", "../../../shared/base")
    write(here / "main", {**files, "overlays/prod/kustomization.yaml": overlay})
    assert "not in the repository" in scan(catalog, "overlays").problems[0].message
    report = scan(catalog, "overlays", "../shared")
    assert not report.problems
    assert names(report) == {
        ("../shared/base/web.yaml", 12),
        ("overlays/prod/patches/web.yaml", 8),
        ("overlays/prod/patches/web.yaml", 13),
    }


@needs_kustomize
@pytest.mark.parametrize("way", ["../../secret", "inside"])
def test_nothing_beyond_is_read(here: Path, catalog: Catalog, way: str) -> None:
    write(here / "secret", {"kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": test_kustomize.DEPLOYMENT})
    write(here / "shared" / "top", {"kustomization.yaml": f"resources: [{way}]\n"})
    (here / "shared" / "top" / "inside").symlink_to(here / "secret")
    report = scan(catalog, "../shared")
    assert [p.code for p in report.problems] == ["not-built"]
    assert not report.findings


@needs_helm
def test_a_chart_outside_of_the_repository_is_rendered(here: Path, catalog: Catalog) -> None:
    write(here / "shared", test_helm.FILES)
    for path in ("../shared", str(here / "shared"), "../shared/shop/templates/workers.yaml"):
        report = scan(catalog, path)
        assert not report.problems
        assert ("../shared/shop/templates/workers.yaml", 12) in names(report)


@needs_helm
def test_a_chart_outside_reads_nothing_beyond_its_folder(here: Path, catalog: Catalog) -> None:
    needs = f"{test_helm.CHART}dependencies:\n  - name: lib\n    version: 1.0.0\n    repository: file://../../lib\n"
    write(
        here / "lib", {"Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n", "templates/p.yaml": test_helm.POD}
    )
    write(here / "shared", {**test_helm.FILES, "shop/Chart.yaml": needs})
    report = scan(catalog, "../shared")
    assert [p.code for p in report.problems] == ["missing-dependency"]


def test_a_path_through_a_link_is_named_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "real" / ".git").mkdir(parents=True)
    (tmp_path / "real" / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    found = roots(str(tmp_path / "real"), [str(tmp_path / "link" / "a")])
    assert found.written == (str(tmp_path / "real"), str(tmp_path / "link"))
    assert found.allow("../link/a/b")
    assert not found.allow("../other")
    (tmp_path / "real" / "out").symlink_to(tmp_path)
    assert not found.allow("out")
    assert not found.allow("..")
    assert found.copied("../link/a/b", "/to") == "/to/link/a/b"
