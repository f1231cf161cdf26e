"""Rendered output, saved or piped: findings on the templates of charts that lie in the repository."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from guardrail.catalog.load import Catalog
from guardrail.model.report import Report
from guardrail.scan.render import streams
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.scan.render.test_helm import FILES, WORKERS
from tests.scan.render.tools import HELM, POD, needs_helm, on_path, write

RENDERED = """\
---
# Source: shop/templates/workers.yaml
apiVersion: v1
kind: Pod
metadata:
  name: worker-mail
spec:
  containers:
    - name: app
      image: registry.example/shop:1.4
      securityContext:
        privileged: true
---
# Source: shop/templates/workers.yaml
apiVersion: v1
kind: Pod
metadata:
  name: worker-bills
spec:
  containers:
    - name: app
      image: registry.example/shop:1.4
      securityContext:
        privileged: true
"""
ELSEWHERE = f"---\n# Source: other/templates/pod.yaml\n{POD}"


def scan(
    tmp_path: Path,
    catalog: Catalog,
    files: dict[str, str],
    path: str = ".",
    monkeypatch: pytest.MonkeyPatch | None = None,
) -> Report:
    (tmp_path / ".git").mkdir(exist_ok=True)
    write(tmp_path, files)
    settings = Settings(profile="none", select=("privileged-container",))
    return Run(settings, catalog, (str(tmp_path / path),), today="2026-06-01").report()


def places(report: Report) -> list[tuple[str, int]]:
    return [(f.location.file, f.location.span.line) for f in report.live]


def test_a_saved_rendering_is_placed_on_the_template(tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {**FILES, "out/all.yaml": RENDERED + ELSEWHERE}, "out")
    assert not report.problems
    assert places(report) == [("out/all.yaml", 36), ("shop/templates/workers.yaml", 12)]
    assert report.live[1].message.endswith("(also Pod worker-bills)")
    assert [(f.path, f.status, f.resources) for f in report.files] == [("out/all.yaml", "read", 3)]
    assert report.files[0].reason.startswith("some of the templates")


def test_without_the_chart_findings_stand_in_the_rendering(tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {"all.yaml": RENDERED})
    assert places(report) == [("all.yaml", 12), ("all.yaml", 24)]
    assert [f.reason.partition(":")[0] for f in report.files] == [
        "the templates it was rendered from are not here, or not in one chart only"
    ]


def test_of_two_charts_of_one_name_none_is_guessed(tmp_path: Path, catalog: Catalog) -> None:
    other = {f"examples/{name}": text for name, text in FILES.items()}
    files = {**FILES, **other, "examples/shop/templates/workers.yaml": WORKERS + "# other\n", "out/all.yaml": RENDERED}
    assert places(scan(tmp_path, catalog, files, "out")) == [("out/all.yaml", 12), ("out/all.yaml", 24)]
    files["examples/shop/templates/workers.yaml"] = WORKERS
    assert [line for _, line in places(scan(tmp_path, catalog, files, "out"))] == [12]


def test_without_a_repository_charts_are_not_looked_for_everywhere(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {**{f"a/{name}": text for name, text in FILES.items()}, "all.yaml": RENDERED})
    monkeypatch.chdir(tmp_path)
    settings = Settings(profile="none", select=("privileged-container",))

    def lines() -> list[tuple[str, int]]:
        return places(Run(settings, catalog, ("all.yaml",), today="2026-06-01").report())

    assert lines() == [("a/shop/templates/workers.yaml", 12)]
    monkeypatch.setattr(streams, "_MOST_FOLDERS", 2)
    assert lines() == [("all.yaml", 12), ("all.yaml", 24)]


@pytest.mark.parametrize(
    "comment",
    ["# guardrail: ignore[privileged-container] must", "{{- /* guardrail: ignore[privileged-container] must */}}"],
)
def test_suppressions_of_the_template(tmp_path: Path, catalog: Catalog, comment: str) -> None:
    line = "        privileged: true"
    template = WORKERS.replace(line, f"        {comment}\n{line}")
    rendered = RENDERED if "{{" in comment else RENDERED.replace(line, f"        {comment}\n{line}")
    report = scan(
        tmp_path, catalog, {**FILES, "shop/templates/workers.yaml": template, "all.yaml": rendered}, "all.yaml"
    )
    assert [f.suppression.location.file for f in report.findings if f.suppression] == ["shop/templates/workers.yaml"]
    assert not report.live


@needs_helm
def test_a_chart_and_its_saved_rendering_tell_a_fault_once(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(monkeypatch, tmp_path / "bin", HELM)
    alone = scan(tmp_path, catalog, FILES)
    rendered = subprocess.run([HELM, "template", "x", "shop"], cwd=tmp_path, capture_output=True, text=True, check=True)
    both = scan(tmp_path, catalog, {**FILES, "out/all.yaml": rendered.stdout})
    assert places(both) == places(alone)
    assert len(alone.live) == 3


@needs_helm
def test_piped(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, FILES)
    rendered = subprocess.run([HELM, "template", "x", "shop"], cwd=tmp_path, capture_output=True, check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rendered.stdout)))
    settings = Settings(profile="none", select=("privileged-container",))
    report = Run(settings, catalog, ("-",), today="2026-06-01").report()
    assert places(report) == [
        ("shop/templates/deployment.yaml", 21),
        ("shop/templates/deployment.yaml", 26),
        ("shop/templates/workers.yaml", 12),
    ]


def test_a_hostile_stream_costs_little(tmp_path: Path, catalog: Catalog) -> None:
    template = "".join(f"line{n}: {{{{ .Values.a }}}}\n" for n in range(900))
    document = "---\n# Source: shop/templates/workers.yaml\n" + "".join(f"line{n}: 1\n" for n in range(900))
    begin = perf_counter()
    scan(tmp_path, catalog, {**FILES, "shop/templates/workers.yaml": template, "all.yaml": document * 200}, "all.yaml")
    assert perf_counter() - begin < 30
