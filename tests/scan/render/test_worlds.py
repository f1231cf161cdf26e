"""Overlays of one base, and renderings of one chart, are deployed apart: each is judged among its own objects."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from guardrail.model.report import Report
from tests.scan.render.tools import KUSTOMIZE, Scan, needs_helm, needs_kustomize

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: registry.example/app:1.4
          envFrom:
            - configMapRef: {name: settings}
"""
BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: web}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - port: 80
"""
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  mode: fast\n"
BASE = {
    "base/kustomization.yaml": "resources: [web.yaml, budget.yaml, service.yaml, settings.yaml]\n",
    "base/web.yaml": DEPLOYMENT,
    "base/budget.yaml": BUDGET,
    "base/service.yaml": SERVICE,
    "base/settings.yaml": SETTINGS,
}
PROD = {"prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\ncommonLabels: {env: prod}\n"}
DEV = {"dev/kustomization.yaml": "resources: [../base]\nreplicas:\n  - {name: web, count: 1}\n"}


@pytest.fixture
def scan(scan: Scan) -> Scan:
    """Scans files for some policies."""
    return lambda files, *select: scan(files, select=select)


def told(report: Report) -> list[tuple[str, int, str]]:
    return [(f.location.file, f.location.span.line, f.message) for f in report.live]


@needs_kustomize
def test_a_budget_counts_the_pods_of_its_own_overlay(scan: Scan) -> None:
    (finding,) = scan({**BASE, **PROD, **DEV}, "disruption-budget-blocks-evictions").live
    assert (finding.location.file, finding.location.span.line) == ("base/budget.yaml", 6)
    assert finding.message.endswith("1 of 1 pod allows no eviction (in dev)")
    assert [(r.file, r.span.line) for r in finding.related] == [("dev/kustomization.yaml", 3)]


@needs_kustomize
def test_a_service_does_not_select_pods_of_another_overlay(scan: Scan) -> None:
    slip = "resources: [../base]\npatches:\n  - patch: |-\n      apiVersion: v1\n      kind: Service\n"
    slip += "      metadata: {name: web}\n      spec: {selector: {app: wed}}\n"
    other = "resources: [../base]\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n"
    other += "      - {op: replace, path: /spec/template/metadata/labels/app, value: wed}\n"
    other += "      - {op: replace, path: /spec/selector/matchLabels/app, value: wed}\n"
    other += "  - target: {kind: Service}\n    patch: |-\n      - {op: replace, path: /spec/selector/app, value: wed}\n"
    files = {**BASE, "a/kustomization.yaml": slip, "b/kustomization.yaml": other}
    assert [(f, line) for f, line, _ in told(scan(files, "service-selects-nothing"))] == [("a/kustomization.yaml", 7)]


@needs_kustomize
def test_an_object_of_two_overlays_is_not_declared_twice(scan: Scan) -> None:
    assert not scan({**BASE, **PROD, **DEV}, "object-declared-twice", "service-selects-nothing").live


@needs_kustomize
def test_overlays_without_a_common_file_may_be_deployed_together(scan: Scan) -> None:
    files = {
        "web/kustomization.yaml": "resources: [web.yaml, service.yaml]\n",
        "web/web.yaml": DEPLOYMENT,
        "web/service.yaml": SERVICE.replace("app: web", "app: wep"),
        "other/kustomization.yaml": "resources: [other.yaml]\n",
        "other/other.yaml": DEPLOYMENT.replace("web", "wep"),
    }
    assert not scan(files, "service-selects-nothing").live
    files["other/other.yaml"] = DEPLOYMENT.replace("web", "other")
    assert [(f, line) for f, line, _ in told(scan(files, "service-selects-nothing"))] == [("web/service.yaml", 6)]


@needs_kustomize
def test_a_fault_of_one_environment_is_told_with_its_name(scan: Scan) -> None:
    privileged = "resources: [../base]\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n"
    privileged += "      - {op: add, path: /spec/template/spec/hostPID, value: true}\n"
    (finding,) = scan({**BASE, **PROD, "dev/kustomization.yaml": privileged}, "host-namespace-shared").live
    assert finding.location.file == "dev/kustomization.yaml"
    assert "(in" not in finding.message


@needs_kustomize
def test_findings_are_remembered_by_the_object_in_the_base(scan: Scan) -> None:
    bad = {**BASE, "base/web.yaml": DEPLOYMENT.replace("    spec:\n", "    spec:\n      hostPID: true\n", 1)}
    one = scan({**bad, **PROD}, "host-namespace-shared").live
    two = scan({**bad, **PROD, **DEV}, "host-namespace-shared").live
    assert [f.fingerprint for f in one] == [f.fingerprint for f in two]
    assert two[0].resource.name == "web"
    assert two[0].message.endswith("(also Deployment prod-web; in dev, prod)")


CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"


@needs_helm
def test_renderings_of_one_chart_are_apart(scan: Scan) -> None:
    files = {
        "c/Chart.yaml": CHART,
        "c/values.yaml": "replicas: 3\n",
        "c/ci/one-values.yaml": "replicas: 1\n",
        "c/templates/web.yaml": DEPLOYMENT.replace("replicas: 3", "replicas: {{ .Values.replicas }}"),
        "c/templates/budget.yaml": BUDGET,
        "c/templates/settings.yaml": SETTINGS,
    }
    (finding,) = scan(files, "disruption-budget-blocks-evictions", "object-declared-twice").live
    assert (finding.location.file, finding.location.span.line) == ("c/templates/budget.yaml", 6)
    assert finding.message.endswith("allows no eviction (with ci/one-values.yaml)")
    assert [(r.file, r.span.line) for r in finding.related][:1] == [("c/templates/web.yaml", 5)]


@needs_helm
def test_what_templates_of_a_chart_say_of_each_other(scan: Scan) -> None:
    web = DEPLOYMENT.replace("envFrom:", "env:").replace(
        "- configMapRef: {name: settings}",
        "- name: MODE\n              valueFrom:\n                configMapKeyRef: {name: settings, key: modus}",
    )
    both = "{{ if true }}\n" + BUDGET + "---\n" + SETTINGS + "---\n" + web + "{{ end }}"
    for files, at in (
        ({"c/templates/all.yaml": both}, ("c/templates/all.yaml", 14)),
        ({"c/templates/all.yaml": web, "c/templates/settings.yaml": SETTINGS}, ("c/templates/settings.yaml", 4)),
    ):
        (finding,) = scan({"c/Chart.yaml": CHART, **files}, "config-key-missing").live
        assert [(r.file, r.span.line) for r in finding.related] == [at]


def test_related_places_are_in_the_document_they_are_about(scan: Scan) -> None:
    pod = DEPLOYMENT.replace("envFrom:", "env:").replace(
        "- configMapRef: {name: settings}",
        "- name: MODE\n              valueFrom:\n                configMapKeyRef: {name: settings, key: modus}",
    )
    report = scan({"all.yaml": f"{BUDGET}---\n{SETTINGS}---\n{pod}"}, "config-key-missing")
    assert [(r.file, r.span.line) for f in report.live for r in f.related] == [("all.yaml", 13)]


@needs_kustomize
def test_what_an_overlay_is_built_to_and_saved_is_told_in_the_overlay(scan: Scan, tmp_path: Path) -> None:
    base = {**BASE, "base/web.yaml": DEPLOYMENT.replace("    spec:\n", "    spec:\n      hostPID: true\n", 1)}
    dev = {"dev/kustomization.yaml": "resources: [../base]\nconfigMapGenerator:\n  - {name: a, literals: [b=c]}\n"}
    alone = scan({**base, **dev}, "host-namespace-shared")
    command = [KUSTOMIZE, "build", str(tmp_path / "repository" / "dev")]
    built = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "name: a-" in built
    both = scan({"deploy/dev.yaml": built}, "host-namespace-shared")
    assert told(both) == told(alone) == [("base/web.yaml", 13, alone.live[0].message)]
    assert {f.path: f.reason for f in both.files}["deploy/dev.yaml"] == "what dev renders to: judged there"
    other = scan({"deploy/dev.yaml": built.replace("replicas: 3", "replicas: 4")}, "host-namespace-shared")
    assert {f for f, _, _ in told(other)} == {"base/web.yaml", "deploy/dev.yaml"}
