"""Overlays built by the real kustomize: findings at the base or patch that sets a field, each once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guardrail.catalog.load import Catalog, load
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.scan.render.tools import KUSTOMIZE, needs_kustomize, on_path, write

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: registry.example/app:1.4
          securityContext:
            privileged: true
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: side
          image: registry.example/side:2
          securityContext:
            privileged: true
        - name: app
          image: registry.example/app:1.5
"""
OVERLAY = """\
namePrefix: prod-
resources:
  - ../../base
patches:
  - path: patches/web.yaml
"""
FILES = {
    "base/kustomization.yaml": "resources:\n  - web.yaml\n",
    "base/web.yaml": DEPLOYMENT,
    "overlays/prod/kustomization.yaml": OVERLAY,
    "overlays/prod/patches/web.yaml": PATCH,
}
ONLY = ("privileged-container", "host-namespace-shared")

ScanOverlay = Callable[..., Report]


@pytest.fixture
def scan_overlay(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> ScanOverlay:
    """Scans a folder with files in it, with kustomize on the PATH."""

    def run(files: dict[str, str], path: str = ".", tools: tuple[str, ...] = (KUSTOMIZE,), **options: Any) -> Report:
        on_path(monkeypatch, tmp_path / "bin", *tools)
        root = tmp_path / "repository"
        (root / ".git").mkdir(parents=True, exist_ok=True)
        write(root, files)
        known = options.pop("catalog", catalog)
        given = Settings(**{"profile": "none", "select": ONLY, **options})
        return Run(given, known, (str(root / path),), today="2026-06-01").report()

    return run


def places(report: Report) -> list[tuple[str, int, str]]:
    return [(f.location.file, f.location.span.line, f.policy.id) for f in report.live]


def statuses(report: Report) -> dict[str, tuple[str, str]]:
    return {f.path: (f.status, f.reason) for f in report.files}


@needs_kustomize
def test_findings_stand_where_a_field_is_set(scan_overlay: ScanOverlay) -> None:
    report = scan_overlay(FILES)
    assert not report.problems
    assert places(report) == [
        ("base/web.yaml", 12, "privileged-container"),
        ("overlays/prod/patches/web.yaml", 8, "host-namespace-shared"),
        ("overlays/prod/patches/web.yaml", 13, "privileged-container"),
    ]
    assert report.findings[0].resource.name == "prod-web"
    assert statuses(report) == {
        "base/kustomization.yaml": ("read", "part of an overlay"),
        "base/web.yaml": ("read", ""),
        "overlays/prod/kustomization.yaml": ("read", "part of an overlay"),
        "overlays/prod/patches/web.yaml": ("read", "part of an overlay"),
    }


@needs_kustomize
def test_a_fault_of_a_base_is_one_finding_in_however_many_overlays(scan_overlay: ScanOverlay) -> None:
    other = {"overlays/test/kustomization.yaml": "nameSuffix: -test\nresources: [../../base]\n"}
    report = scan_overlay({**FILES, **other})
    assert len(report.live) == 3
    assert report.live[0].message.endswith("(also Deployment web-test)")


@needs_kustomize
def test_what_an_overlay_mends_is_no_finding(scan_overlay: ScanOverlay) -> None:
    mended = PATCH.replace("true", "false").replace("1.5", "1.5\n          securityContext: {privileged: false}")
    assert not scan_overlay({**FILES, "overlays/prod/patches/web.yaml": mended}).live


@needs_kustomize
@pytest.mark.parametrize(
    ("patches", "line"),
    [
        ("  - patch: |-\n      - op: add\n        path: /spec/template/spec/hostPID\n        value: true\n", 6),
        (
            "  - patch: |-\n      - op: add\n        path: /metadata/labels\n        value: {a: b}\n"
            "      - op: add\n        path: /spec/template/spec/hostPID\n        value: true\n",
            9,
        ),
        (
            "  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: web}\n"
            "      spec:\n        template:\n          spec:\n            hostPID: true\n",
            11,
        ),
    ],
)
def test_patches_within_the_kustomization(scan_overlay: ScanOverlay, patches: str, line: int) -> None:
    target = "    target: {kind: Deployment, name: web}\n"
    overlay = OVERLAY.replace("namePrefix: prod-\n", "").replace("  - path: patches/web.yaml\n", patches + target)
    files = {name: text for name, text in FILES.items() if "patches/" not in name}
    report = scan_overlay({**files, "overlays/prod/kustomization.yaml": overlay}, select=("host-namespace-shared",))
    assert places(report) == [("overlays/prod/kustomization.yaml", line, "host-namespace-shared")]


@needs_kustomize
def test_patches_of_operations_in_a_file(scan_overlay: ScanOverlay) -> None:
    operations = "- op: add\n  path: /spec/template/spec/hostPID\n  value: true\n"
    overlay = "resources: [../../base]\npatches:\n  - target: {kind: Deployment, name: web}\n"
    report = scan_overlay(
        {
            **FILES,
            "overlays/prod/kustomization.yaml": f"{overlay}    path: patches/web.yaml\n",
            "overlays/prod/patches/web.yaml": operations,
        },
        select=("host-namespace-shared",),
    )
    assert places(report) == [("overlays/prod/patches/web.yaml", 3, "host-namespace-shared")]


IMAGE = """\
guardrail: 1
kind: Policy
id: own-latest
title: Image is the latest
severity: low
category: images
why: For this test, which wants to see where it is shown.
remediation: Name a version.
match: {type: kubernetes, kinds: [Workload]}
each: containers
assert:
  - path: image
    notMatches: ":latest$"
    message: latest
"""


@needs_kustomize
def test_an_image_stands_in_the_kustomization_that_names_its_tag(scan_overlay: ScanOverlay, tmp_path: Path) -> None:
    (tmp_path / "latest.yaml").write_text(IMAGE)
    overlay = "resources: [../../base]\nimages:\n  - name: registry.example/app\n    newTag: latest\n"
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay}
    report = scan_overlay(files, catalog=load([tmp_path / "latest.yaml"]), select=("own-latest",))
    assert places(report) == [("overlays/prod/kustomization.yaml", 4, "own-latest")]


@needs_kustomize
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("base/web.yaml", "privileged: true", "privileged: true  # guardrail: ignore[privileged-container] must"),
        (
            "base/web.yaml",
            "  name: web\n",
            "  name: web\n  annotations: {guardrail.dev/ignore: 'privileged-container: must'}\n",
        ),
        (
            "overlays/prod/patches/web.yaml",
            "      hostPID",
            "      # guardrail: ignore[host-namespace-shared] must\n      hostPID",
        ),
    ],
)
def test_suppressions_in_bases_and_patches(scan_overlay: ScanOverlay, file: str, old: str, new: str) -> None:
    report = scan_overlay({**FILES, file: FILES[file].replace(old, new, 1)})
    told = [f.suppression for f in report.findings if f.suppression]
    assert [(s.reason, s.location.file) for s in told] == [("must", file)]


@needs_kustomize
def test_an_overlay_alone_tells_of_its_base(scan_overlay: ScanOverlay) -> None:
    report = scan_overlay(FILES, "overlays")
    assert ("base/web.yaml", 12, "privileged-container") in places(report)
    assert not scan_overlay(FILES, "overlays", exclude=("base", "overlays/prod/patches")).live


@needs_kustomize
def test_what_is_remote_is_not_fetched(scan_overlay: ScanOverlay) -> None:
    overlay = "resources:\n  - https://github.com/example/repository//deploy?ref=v1\n  - web.yaml\n"
    report = scan_overlay({"kustomization.yaml": overlay, "web.yaml": DEPLOYMENT})
    assert [(p.code, p.location.file) for p in report.problems] == [("not-built", "kustomization.yaml")]
    assert "was not fetched" in report.problems[0].message
    assert places(report) == [("web.yaml", 12, "privileged-container")]
    assert report.exit_code("never") == 3


@needs_kustomize
def test_charts_and_programs_are_not_run(scan_overlay: ScanOverlay, tmp_path: Path) -> None:
    made = tmp_path / "made"
    generator = (
        "apiVersion: example/v1\nkind: G\nmetadata:\n  name: g\n  annotations:\n    config.kubernetes.io/function: |\n"
        "      exec:\n        path: ./run.sh\n"
    )
    files = {
        "kustomization.yaml": "generators: [g.yaml]\n",
        "g.yaml": generator,
        "run.sh": f"#!/bin/sh\ntouch {made}\n",
    }
    report = scan_overlay(files)
    assert [p.code for p in report.problems] == ["not-built"]
    assert not made.exists()


def test_without_a_tool_files_are_judged_as_they_stand(scan_overlay: ScanOverlay) -> None:
    report = scan_overlay(FILES, tools=())
    assert not report.problems
    assert statuses(report)["overlays/prod/kustomization.yaml"][1].startswith(
        "not built: neither kustomize nor kubectl"
    )
    assert ("overlays/prod/patches/web.yaml", 8, "host-namespace-shared") in places(report)


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not here")
def test_kubectl_will_do(scan_overlay: ScanOverlay) -> None:
    report = scan_overlay(FILES, tools=(str(shutil.which("kubectl")),))
    assert places(report)[0] == ("base/web.yaml", 12, "privileged-container")
    assert not report.problems


@needs_kustomize
def test_a_component_that_nobody_uses_is_judged_as_it_stands(scan_overlay: ScanOverlay) -> None:
    part = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [web.yaml]\n"
    report = scan_overlay({"kustomization.yaml": part, "web.yaml": DEPLOYMENT})
    assert places(report) == [("web.yaml", 12, "privileged-container")]
    assert "component" in statuses(report)["kustomization.yaml"][1]
    assert not report.problems


@needs_kustomize
def test_kustomizations_in_a_circle(scan_overlay: ScanOverlay) -> None:
    files = {f"{a}/kustomization.yaml": f"resources: [../{b}, web.yaml]\n" for a, b in (("a", "b"), ("b", "a"))}
    files |= {"a/web.yaml": DEPLOYMENT, "b/web.yaml": DEPLOYMENT}
    report = scan_overlay({**files, "kustomization.yaml": "resources: [a]\n"})
    assert [p.code for p in report.problems] == ["not-built"]
    assert len(report.live) == 2


@needs_kustomize
def test_generated_objects_stand_at_their_generator(scan_overlay: ScanOverlay) -> None:
    overlay = (
        "resources: [../../base]\nconfigMapGenerator:\n  - name: app\n    literals:\n      - password=hunter2hunter2\n"
    )
    report = scan_overlay({**FILES, "overlays/prod/kustomization.yaml": overlay}, profile="recommended", select=())
    found = [f for f in report.live if f.resource.kind == "ConfigMap"]
    assert [(f.location.file, f.location.span.line) for f in found] == [("overlays/prod/kustomization.yaml", 3)]
    assert "hunter2" not in str(report.findings)
