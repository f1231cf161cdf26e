"""Where a rendered value comes from: through named templates, variables, charts of charts, files given by the user."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from guardrail.model.report import Report
from guardrail.scan.render.defines import defines, named
from guardrail.scan.render.values import assigned
from tests.scan.render import tools
from tests.scan.render.tools import CHART, Scan, needs_helm

POD = tools.POD.replace("\n        privileged: true", " SECURITY")
VALUES = """\
web:
  securityContext:
    runAsUser: 1000
    privileged: true
image:
  name: app
  pull: Always
"""


def related(report: Report) -> list[tuple[str, int, str]]:
    (finding,) = report.live
    return [(r.file, r.span.line, r.note) for r in finding.related]


HERE = ("shop/values.yaml", 4, "the value is set here")


@needs_helm
@pytest.mark.parametrize(
    ("security", "helpers", "written"),
    [
        (
            '{{ include "shop.security" . | nindent 8 }}',
            '{{- define "shop.security" -}}\n{{- toYaml .Values.web.securityContext -}}\n{{- end -}}\n',
            2,
        ),
        (
            '{{ include "shop.security" .Values.web | nindent 8 }}',
            '{{- define "shop.security" -}}\n{{- with .securityContext }}{{ toYaml . }}{{ end -}}\n{{- end -}}\n',
            2,
        ),
        (
            '{{ include "shop.security" (dict "context" . "of" .Values.web) | nindent 8 }}',
            '{{- define "shop.security" -}}\n{{- toYaml .of.securityContext -}}\n{{- end -}}\n',
            2,
        ),
        (
            '{{ include "shop.security" $ | nindent 8 }}',
            '{{- define "shop.security" -}}\nrunAsUser: 1\n'
            "privileged: {{ .Values.web.securityContext.privileged }}\n{{- end -}}\n",
            3,
        ),
        (
            '{{ include "shop.outer" . | nindent 8 }}',
            '{{- define "shop.outer" -}}\n{{ include "shop.inner" . }}\n{{- end -}}\n'
            '{{- define "shop.inner" -}}\n{{- $web := .Values.web -}}\n'
            "{{ toYaml $web.securityContext }}\n{{- end -}}\n",
            6,
        ),
    ],
)
def test_through_named_templates(scan: Scan, security: str, helpers: str, written: int) -> None:
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": VALUES, "shop/templates/_helpers.tpl": helpers}
    told = related(scan({**files, "shop/templates/pod.yaml": POD.replace("SECURITY", security)}))
    assert ("shop/templates/_helpers.tpl", written, "written here") in told
    assert HERE in told
    assert all(file != "shop/values.yaml" or line in (2, 4) for file, line, _ in told)


@needs_helm
def test_through_a_variable(scan: Scan) -> None:
    pod = "{{- $web := .Values.web }}\n" + POD.replace(
        "SECURITY", "{privileged: {{ $web.securityContext.privileged }}}"
    )
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": VALUES, "shop/templates/pod.yaml": pod}
    assert related(scan(files))[0] == HERE


@needs_helm
@pytest.mark.parametrize(
    "resources",
    [
        "resources:\n        {{- toYaml .Values.resources | nindent 8 }}",
        "{{- with .Values.wrapper }}\n      resources:\n        {{- toYaml .resources | nindent 8 }}\n      {{- end }}",
        "resources: {{- toYaml .Values.resources | nindent 8 }}",
    ],
)
def test_what_a_key_has_from_the_line_below(scan: Scan, resources: str) -> None:
    values = "resources: {}\n" if "with" not in resources else "wrapper:\n  resources: {}\n"
    pod = POD.replace("securityContext: SECURITY", resources)
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": values, "shop/templates/pod.yaml": pod}
    report = scan(files, select=("resources-missing",))
    assert related(report) in ([("shop/values.yaml", n, "the value is set here")] for n in (1, 2))


@needs_helm
def test_what_is_not_known_is_not_told(scan: Scan) -> None:
    helpers = '{{- define "shop.x" -}}\nprivileged: {{ .Values.web.securityContext.privileged }}\n{{ if false }}\n'
    helpers += "privileged: {{ .Values.image.pull }}\n{{ end }}\n{{- end -}}\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": VALUES, "shop/templates/_helpers.tpl": helpers}
    pod = POD.replace("SECURITY", '{{ include "shop.x" . | nindent 8 }}')
    assert related(scan({**files, "shop/templates/pod.yaml": pod})) == []


@needs_helm
def test_the_file_that_the_user_gives_is_where_a_value_is_set(scan: Scan, tmp_path: Path) -> None:
    pod = POD.replace("SECURITY", "{privileged: {{ .Values.web.securityContext.privileged }}}")
    values = VALUES.replace("privileged: true", "privileged: false")
    own = "web:\n  securityContext: {privileged: true}\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": values, "shop/templates/pod.yaml": pod, "own.yaml": own}
    given = (str(tmp_path / "repository" / "own.yaml"),)
    assert related(scan(files, helm_values=given)) == [("own.yaml", 2, "the value is set here")]
    assert related(scan(files, helm_set=("web.securityContext.privileged=true",))) == []


def test_what_is_assigned() -> None:
    assert assigned(("a.b=1,c[0].d=2", "e=x=y")) == {("a", "b"), ("c",), ("e",)}


@pytest.mark.parametrize(
    "text",
    [
        '{{ define "a" }}' * 20_000,
        '{{ define "a" }}{{ include "a" . }}{{ include "a" . }}{{ end }}',
        "\n".join(f'{{{{ define "{n}" }}}}' + f'{{{{ include "{n + 1}" . }}}}' * 30 + "{{ end }}" for n in range(30)),
        '{{ define "a" }}' + '{{ include "a" (dict ' + '"a" ' * 50_000 + "{{ end }}",
        "{{ $a := .Values.b }}" * 20_000,
    ],
)
def test_hostile_named_templates_cost_little(text: str) -> None:
    begin = perf_counter()
    known = defines({"f": text})
    for name in ("a", "0"):
        for _ in zip(
            range(10_000), named(f'{{{{ include "{name}" . }}}}{{{{ $a.b }}}}', text, known, "x"), strict=False
        ):
            pass
    assert perf_counter() - begin < 5
