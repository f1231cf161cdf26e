"""Charts rendered by the real helm: findings on the templates' own lines."""

from __future__ import annotations

import tarfile
from functools import partial
from pathlib import Path

import pytest

from guardrail.model.report import Report
from tests.scan.render.tools import HELM, POD, Scan, needs_helm, write

CHART = """\
apiVersion: v2
name: shop
version: 1.0.0
appVersion: "1.2"
"""
VALUES = """\
image: registry.example/shop:1.4
debug: false
securityContext:
  runAsUser: 1000
  privileged: true
workers:
  - mail
  - bills
"""
DEPLOYMENT = """\
{{- $name := .Chart.Name -}}
{{/* the web server */}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  template:
    spec:
      {{- if .Values.debug }}
      hostPID: true
      {{- end }}
      containers:
        - name: web
          image: {{ .Values.image | quote }}
          {{- with .Values.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
        - name: side
          image: {{ .Values.image -}}
          {{/* gone */}}
          securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
"""
WORKERS = """\
{{- range .Values.workers }}
---
apiVersion: v1
kind: Pod
metadata:
  name: worker-{{ . }}
spec:
  containers:
    - name: app
      image: {{ $.Values.image }}
      securityContext:
        privileged: true
{{- end }}
"""
NAMES = """\
{{- define "shop.name" -}}
{{ .Chart.Name | trunc 63 }}
{{- end }}
{{- define "shop.labels" -}}
app: {{ include "shop.name" . }}
tier: front
{{- end }}
"""
FILES = {
    "shop/Chart.yaml": CHART,
    "shop/values.yaml": VALUES,
    "shop/templates/_names.tpl": NAMES,
    "shop/templates/deployment.yaml": DEPLOYMENT,
    "shop/templates/workers.yaml": WORKERS,
    "shop/templates/NOTES.txt": "Thank you\n",
}
ONLY = ("privileged-container", "host-namespace-shared")


@pytest.fixture
def scan_chart(scan: Scan) -> Scan:
    """Scans with helm alone on the PATH."""
    return partial(scan, **{"tools": (HELM,), "select": ONLY})


def places(report: Report) -> list[tuple[str, int, str]]:
    return [(f.location.file, f.location.span.line, f.policy.id) for f in report.live]


def statuses(report: Report) -> dict[str, str]:
    return {f.path: f.status for f in report.files}


@needs_helm
def test_findings_stand_on_the_templates_own_lines(scan_chart: Scan) -> None:
    report = scan_chart(FILES)
    assert not report.problems
    assert places(report) == [
        ("shop/templates/deployment.yaml", 21, "privileged-container"),
        ("shop/templates/deployment.yaml", 26, "privileged-container"),
        ("shop/templates/workers.yaml", 12, "privileged-container"),
    ]
    assert statuses(report)["shop/templates/deployment.yaml"] == "read"
    assert report.findings[0].location.excerpt == "            {{- toYaml . | nindent 12 }}"
    assert report.findings[2].location.excerpt == "        privileged: true"
    assert report.findings[0].resource.namespace == ""


@needs_helm
def test_what_a_loop_renders_is_one_finding_that_names_all(scan_chart: Scan) -> None:
    report = scan_chart(FILES)
    assert report.findings[2].resource.name == "worker-mail"
    assert report.findings[2].message.endswith("(also Pod worker-bills)")


@needs_helm
def test_the_line_of_the_values_is_related(scan_chart: Scan) -> None:
    report = scan_chart(FILES)
    for finding in report.findings[:2]:  # by its path, and by the `with` around it
        related = finding.related
        assert [(r.file, r.span.line, r.note) for r in related] == [("shop/values.yaml", 5, "the value is set here")]


@needs_helm
def test_every_file_of_values_for_tests_counts(scan_chart: Scan) -> None:
    report = scan_chart({**FILES, "shop/ci/debug-values.yaml": "debug: true\n"})
    assert ("shop/templates/deployment.yaml", 14, "host-namespace-shared") in places(report)
    assert len(report.live) == 4


@needs_helm
def test_values_of_the_user(scan_chart: Scan, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("securityContext: null\nworkers: []\n")
    report = scan_chart(FILES, helm_values=(str(tmp_path / "own.yaml"),), helm_set=("debug=true",))
    assert places(report) == [("shop/templates/deployment.yaml", 14, "host-namespace-shared")]
    assert statuses(report)["shop/templates/workers.yaml"] == "skipped"


@needs_helm
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        privileged: true", "        privileged: true  # guardrail: ignore[privileged-container] must"),
        (
            "        privileged: true",
            "        # guardrail: ignore[privileged-container] must\n        privileged: true",
        ),
        (
            "        privileged: true",
            "        {{/* guardrail: ignore[privileged-container] must */}}\n        privileged: true",
        ),
        (
            "    - name: app",
            "    {{- /* guardrail: ignore[privileged-container] must */ -}}\n    - name: app",
        ),
        ("  name: worker", "  annotations: {guardrail.dev/ignore: 'privileged-container: must'}\n  name: worker"),
    ],
)
def test_suppressions_in_templates(scan_chart: Scan, old: str, new: str) -> None:
    report = scan_chart({**FILES, "shop/templates/workers.yaml": WORKERS.replace(old, new)})
    told = [f.suppression for f in report.findings if f.location.file.endswith("workers.yaml")]
    assert [s.reason for s in told if s] == ["must"]
    assert told[0] is not None
    assert told[0].location.file == "shop/templates/workers.yaml"
    assert not report.problems


@needs_helm
def test_a_template_named_alone_is_judged_within_its_chart(scan_chart: Scan) -> None:
    report = scan_chart(FILES, "shop/templates/workers.yaml")
    assert places(report) == [("shop/templates/workers.yaml", 12, "privileged-container")]
    assert statuses(report) == {"shop/templates/workers.yaml": "read"}


@needs_helm
def test_a_chart_in_an_archive(scan_chart: Scan, tmp_path: Path) -> None:
    write(tmp_path / "src", FILES)
    (tmp_path / "repository").mkdir()
    with tarfile.open(tmp_path / "repository" / "shop-1.0.0.tgz", "w:gz") as packed:
        packed.add(tmp_path / "src" / "shop", "shop")
    report = scan_chart({}, "shop-1.0.0.tgz")
    assert ("shop-1.0.0.tgz/templates/workers.yaml", 12, "privileged-container") in places(report)
    assert statuses(report) == {"shop-1.0.0.tgz": "read"}


@needs_helm
def test_a_chart_of_the_chart(scan_chart: Scan) -> None:
    report = scan_chart(
        {
            "shop/Chart.yaml": CHART,
            "shop/values.yaml": "cache:\n  privileged: true\n",
            "shop/charts/cache/Chart.yaml": CHART.replace("shop", "cache"),
            "shop/charts/cache/values.yaml": "privileged: false\n",
            "shop/charts/cache/templates/pod.yaml": POD.replace("true", "{{ .Values.privileged }}"),
        }
    )
    assert places(report) == [("shop/charts/cache/templates/pod.yaml", 10, "privileged-container")]
    related = report.findings[0].related
    assert [(r.file, r.span.line) for r in related] == [("shop/values.yaml", 2)]


@needs_helm
def test_a_dependency_that_is_not_there_is_told_and_the_rest_is_judged(scan_chart: Scan) -> None:
    needs = f"{CHART}dependencies:\n  - name: postgresql\n    version: 1.2.3\n    repository: https://charts.example\n"
    report = scan_chart({**FILES, "shop/Chart.yaml": needs})
    assert [(p.code, p.location.file, p.location.span.line) for p in report.problems] == [
        ("missing-dependency", "shop/Chart.yaml", 6)
    ]
    assert len(report.live) == 3
    assert report.exit_code("never") == 3
    assert report.exit_code("critical") == 1


@needs_helm
def test_a_dependency_in_the_repository_is_taken_from_there(scan_chart: Scan) -> None:
    needs = f"{CHART}dependencies:\n  - name: lib\n    version: 1.0.0\n    repository: file://../lib\n"
    library = {"lib/Chart.yaml": CHART.replace("shop", "lib") + "type: library\n"}
    names = {"lib/templates/_names.tpl": '{{ define "lib.pod" }}\n' + POD + "{{ end }}"}
    chart = {"shop/Chart.yaml": needs, "shop/templates/pod.yaml": '{{ include "lib.pod" . }}\n'}
    report = scan_chart({**chart, **library, **names})
    assert places(report) == [("shop/templates/pod.yaml", 1, "privileged-container")]
    assert not report.problems


@needs_helm
def test_a_fault_of_a_template_is_told_where_helm_tells_it(scan_chart: Scan) -> None:
    broken = DEPLOYMENT.replace(".Values.image | quote", 'required "an image" .Values.absent')
    report = scan_chart({**FILES, "shop/templates/deployment.yaml": broken})
    assert [(p.code, p.location.file, p.location.span.line) for p in report.problems] == [
        ("not-rendered", "shop/templates/deployment.yaml", 18)
    ]
    assert "an image" in report.problems[0].message
    assert set(statuses(report).values()) <= {"unreadable", "skipped", "read"}
    assert statuses(report)["shop/templates/workers.yaml"] == "unreadable"
    assert report.exit_code("low") == 3


def test_without_helm_every_template_is_told(scan_chart: Scan) -> None:
    report = scan_chart({**FILES, "shop/templates/pod.yaml": POD}, tools=())
    assert {p.location.file for p in report.problems} == {
        "shop/templates/deployment.yaml",
        "shop/templates/workers.yaml",
    }
    assert all("helm is not installed" in p.message for p in report.problems)
    assert statuses(report)["shop/templates/workers.yaml"] == "unreadable"
    assert places(report) == [("shop/templates/pod.yaml", 10, "privileged-container")]


@needs_helm
@pytest.mark.parametrize(
    "template",
    [
        '{{ range until 100000 }}{{ range until 100000 }}{{ "" }}{{ end }}{{ end }}',
        '{{ repeat 2000000000 "x" }}',
        '{{ range until 1000000 }}{{ repeat 1000 "x" }}\n{{ end }}',
        '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    ],
)
def test_a_template_cannot_hang_the_scan(scan_chart: Scan, template: str) -> None:
    report = scan_chart({**FILES, "shop/templates/bomb.yaml": template}, render_seconds=2)
    assert [p.code for p in report.problems] == ["not-rendered"]
    assert not report.live


@needs_helm
def test_a_chart_sees_nothing_beyond_the_repository(scan_chart: Scan, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("privileged: true\n")
    chart = tmp_path / "repository" / "shop"
    chart.mkdir(parents=True)
    (chart / "secret.txt").symlink_to(tmp_path / "secret.txt")
    pod = POD.replace("        privileged: true", '{{ .Files.Get "secret.txt" | indent 8 }}')
    report = scan_chart({"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod})
    assert not report.live


@needs_helm
@pytest.mark.parametrize(
    "note",
    [
        "note: one\n      two",
        'note: "one\n      two"',
        "note: |\n      one\n  {{- if true }}\n      two\n  {{- end }}\n{{ if true }}\n      # three\n{{ end }}",
        'note: "{{ `}}` }}"',
        '{{ if true -}}\n    {{ "note" }}: two\n    {{- end }}\n    {{- /* }} */}}',
        "note: >-\n      {{- range tuple 1 2 }}\n      {{ . }}\n      {{- end }}",
        '{{ toYaml (dict "a" "b" "c" "d") | nindent 4 -}}\n    {{ "\\n" }}',
    ],
)
def test_marks_change_nothing(scan_chart: Scan, note: str) -> None:
    pod = POD.replace("  name: web", f"  name: web\n  annotations:\n    {note}")
    report = scan_chart({"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod})
    assert not report.problems
    assert [f.location.excerpt for f in report.live] == ["        privileged: true"]


@needs_helm
def test_a_secret_of_the_values_is_one_finding(scan_chart: Scan) -> None:
    secret = """\
apiVersion: v1
kind: Secret
metadata:
  name: shop
stringData:
  password: {{ .Values.password }}
  other: {{ .Values.given | default "" | quote }}
"""
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "password: S3cr3t-in-the-open\n"}
    report = scan_chart({**files, "shop/templates/secret.yaml": secret}, profile="recommended", select=())
    assert places(report) == [("shop/values.yaml", 1, "secret-in-values")]
    assert "S3cr3t" not in str(report.findings)


@needs_helm
def test_a_suppression_in_the_values(scan_chart: Scan) -> None:
    values = VALUES.replace("privileged: true", "privileged: true  # guardrail: ignore[privileged-container] must")
    report = scan_chart({**FILES, "shop/values.yaml": values}, select=("privileged-container", "unused-suppression"))
    told = [f.suppression for f in report.findings if f.suppression]
    assert [(s.reason, s.location.file, s.location.span.line) for s in told] == [("must", "shop/values.yaml", 5)] * 2
    assert places(report) == [("shop/templates/workers.yaml", 12, "privileged-container")]


@needs_helm
def test_a_suppression_that_one_rendering_uses_is_used(scan_chart: Scan) -> None:
    comment = "      # guardrail: ignore[host-namespace-shared] must\n      hostPID"
    template = (
        DEPLOYMENT.replace("      hostPID", comment)
        .replace("      {{- if .Values.debug }}\n", "")
        .replace("hostPID: true\n      {{- end }}", "hostPID: {{ .Values.debug }}")
    )
    files = {**FILES, "shop/ci/debug-values.yaml": "debug: true\n", "shop/templates/deployment.yaml": template}
    select = ("host-namespace-shared", "unused-suppression")
    assert not scan_chart(files, select=select).live
    del files["shop/ci/debug-values.yaml"]
    (alone,) = scan_chart({**files, "shop/ci/debug-values.yaml": "debug: false\n"}, select=select).live
    assert (alone.policy.id, alone.location.file, alone.location.span.line) == (
        "unused-suppression",
        "shop/templates/deployment.yaml",
        13,
    )
