"""Charts as people write them: what they depend on, what they refuse, what they leave to the cluster."""

from __future__ import annotations

import subprocess
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest

from guardrail.model.report import Report
from tests.scan.render import tools
from tests.scan.render.tools import CHART, HELM, Scan, needs_helm

POD = tools.POD.replace("true", "{{ .Values.privileged }}")
CACHE = {
    "Chart.yaml": CHART.replace("shop", "cache"),
    "values.yaml": "privileged: true\n",
    "templates/pod.yaml": POD,
}
NEEDS = f"{CHART}dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: https://charts.example\n"


def below(folder: str, files: dict[str, str]) -> dict[str, str | bytes]:
    return {f"{folder}/{name}": text for name, text in files.items()}


def packed(name: str, files: dict[str, str]) -> bytes:
    to = BytesIO()
    with tarfile.open(fileobj=to, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(text.encode())
            archive.addfile(member, BytesIO(text.encode()))
    return to.getvalue()


def places(report: Report) -> list[tuple[str, int]]:
    return [(f.location.file, f.location.span.line) for f in report.live]


def related(report: Report) -> list[tuple[str, int]]:
    return [(r.file, r.span.line) for f in report.live for r in f.related]


def problems(report: Report) -> list[tuple[str, str, int]]:
    return [(p.code, p.location.file, p.location.span.line) for p in report.problems]


# ------------------------------------------------------------------ what a chart depends on


@needs_helm
def test_a_dependency_in_an_archive_is_told_within_it(scan: Scan) -> None:
    files = {"shop/Chart.yaml": NEEDS, "shop/values.yaml": "cache:\n  privileged: true\n"}
    report = scan({**files, "shop/charts/cache-1.0.0.tgz": packed("cache", {**CACHE, "values.yaml": "{}\n"})})
    assert not report.problems
    assert places(report) == [("shop/charts/cache-1.0.0.tgz/templates/pod.yaml", 10)]
    assert related(report) == [("shop/values.yaml", 2)]
    assert {f.path: f.resources for f in report.files}["shop/Chart.yaml"] >= 1


@needs_helm
def test_an_archive_in_an_archive(scan: Scan) -> None:
    middle = {"Chart.yaml": NEEDS.replace("name: shop", "name: middle")}
    inner = packed("cache", CACHE)
    to = BytesIO()
    with tarfile.open(fileobj=to, mode="w:gz") as archive:
        for path, data in (("Chart.yaml", middle["Chart.yaml"].encode()), ("charts/cache-1.0.0.tgz", inner)):
            member = tarfile.TarInfo(f"middle/{path}")
            member.size = len(data)
            archive.addfile(member, BytesIO(data))
    needs = NEEDS.replace("cache", "middle")
    report = scan({"shop/Chart.yaml": needs, "shop/charts/middle-1.0.0.tgz": to.getvalue()})
    assert places(report) == [("shop/charts/middle-1.0.0.tgz/charts/cache-1.0.0.tgz/templates/pod.yaml", 10)]


@needs_helm
def test_an_alias_and_a_folder_of_another_name(scan: Scan) -> None:
    needs = NEEDS.replace("    version", "    alias: store\n    version")
    files = {"shop/Chart.yaml": needs, "shop/values.yaml": "store:\n  privileged: true\n"}
    report = scan({**files, **below("shop/charts/some-folder", {**CACHE, "values.yaml": "privileged: false\n"})})
    assert places(report) == [("shop/charts/some-folder/templates/pod.yaml", 10)]
    assert related(report) == [("shop/values.yaml", 2)]


@needs_helm
def test_two_aliases_of_one_chart_are_told_once_and_not_guessed(scan: Scan) -> None:
    needs = f"{CHART}dependencies:\n" + "".join(
        f"  - name: cache\n    alias: {alias}\n    version: 1.0.0\n    repository: https://charts.example\n"
        for alias in ("one", "two")
    )
    files = {"shop/Chart.yaml": needs, "shop/values.yaml": "one:\n  privileged: true\ntwo:\n  privileged: false\n"}
    report = scan({**files, **below("shop/charts/cache", {**CACHE, "values.yaml": "{}\n"})})
    assert places(report) == [("shop/charts/cache/templates/pod.yaml", 10)]
    assert related(report) == []


@needs_helm
def test_requirements_of_an_older_chart(scan: Scan) -> None:
    old = CHART.replace("v2", "v1")
    requirements = "dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: https://charts.example\n"
    files = {"shop/Chart.yaml": old, "shop/requirements.yaml": requirements, "shop/templates/pod.yaml": POD}
    report = scan({**files, "shop/values.yaml": "privileged: true\n"})
    assert problems(report) == [("missing-dependency", "shop/requirements.yaml", 2)]
    assert places(report) == [("shop/templates/pod.yaml", 10)]
    report = scan({**below("shop/charts/cache", CACHE)})
    assert not report.problems
    assert places(report)[0] == ("shop/charts/cache/templates/pod.yaml", 10)


@needs_helm
def test_a_library_that_templates_come_from(scan: Scan) -> None:
    helpers = '{{- define "lib.security" -}}\nprivileged: {{ .Values.privileged }}\n{{- end -}}\n'
    library = {"Chart.yaml": CHART.replace("shop", "lib") + "type: library\n", "templates/_lib.tpl": helpers}
    needs = f"{CHART}dependencies:\n  - name: lib\n    version: 1.0.0\n    repository: file://../lib\n"
    pod = POD.replace(
        "        privileged: {{ .Values.privileged }}", '        {{- include "lib.security" . | nindent 8 }}'
    )
    chart = {"Chart.yaml": needs, "values.yaml": "privileged: true\n", "templates/pod.yaml": pod}
    report = scan({**below("shop", chart), **below("lib", library)})
    assert not report.problems
    assert places(report) == [("shop/templates/pod.yaml", 10)]
    assert related(report) == [("lib/templates/_lib.tpl", 2), ("shop/values.yaml", 1)]


@needs_helm
def test_a_chart_of_the_repository_that_another_depends_on_is_told_where_it_is(scan: Scan) -> None:
    needs = f"{CHART}dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: file://../cache\n"
    chart = {"Chart.yaml": needs, "values.yaml": "cache:\n  privileged: true\n"}
    both = {**below("shop", chart), **below("cache", {**CACHE, "values.yaml": "privileged: false\n"})}
    report = scan(both)
    assert places(report) == [("cache/templates/pod.yaml", 10)]
    assert related(report) == [("shop/values.yaml", 2)]
    report = scan({**both, "cache/values.yaml": "privileged: true\n"})
    assert places(report) == [("cache/templates/pod.yaml", 10)]


@needs_helm
def test_a_dependency_that_is_switched_off_lacks_nothing(scan: Scan) -> None:
    needs = NEEDS + "    condition: cache.enabled\n"
    files = {"shop/Chart.yaml": needs, "shop/templates/pod.yaml": POD}
    values = "privileged: true\ncache:\n  enabled: false\n"
    assert not scan({**files, "shop/values.yaml": values}).problems
    report = scan({**files, "shop/values.yaml": values}, helm_set=("cache.enabled=true",))
    assert problems(report) == [("missing-dependency", "shop/Chart.yaml", 5)]
    report = scan({**files, "shop/values.yaml": values.replace("false", "true")})
    assert problems(report) == [("missing-dependency", "shop/Chart.yaml", 5)]
    assert "--helm-dependency-update" in report.problems[0].message


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A repository of charts, and what it was asked for."""
    folder = tmp_path / "charts"
    folder.mkdir()
    for version in ("1.0.0", "1.9.0"):
        chart = {**CACHE, "Chart.yaml": CACHE["Chart.yaml"].replace("1.0.0", version)}
        (folder / f"cache-{version}.tgz").write_bytes(packed("cache", chart))
    (folder / "index.yaml").write_text(
        "apiVersion: v1\nentries:\n  cache:\n"
        + "".join(
            f"    - {{apiVersion: v2, name: cache, version: {v}, urls: [cache-{v}.tgz]}}\n" for v in ("1.0.0", "1.9.0")
        )
    )
    asked: list[str] = []

    class Noted(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Noted, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@needs_helm
def test_dependencies_are_fetched_only_when_asked_for(
    scan: Scan, repository: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = repository
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    needs = NEEDS.replace("https://charts.example", address).replace(
        "version: 1.0.0\n    rep", "version: ^1.0.0\n    rep"
    )
    files = {"shop/Chart.yaml": needs, "shop/templates/pod.yaml": POD, "shop/values.yaml": "privileged: false\n"}
    report = scan(files)
    assert problems(report) == [("missing-dependency", "shop/Chart.yaml", 5)]
    assert asked == []
    report = scan(files, helm_dependency_update=True)
    assert not report.problems
    assert places(report) == [("shop/charts/cache-1.9.0.tgz/templates/pod.yaml", 10)]
    lock = f"dependencies:\n- name: cache\n  repository: {address}\n  version: 1.0.0\ndigest: sha256:0\n"
    report = scan({**files, "shop/Chart.lock": lock}, helm_dependency_update=True)
    assert places(report) == [("shop/charts/cache-1.0.0.tgz/templates/pod.yaml", 10)]
    assert asked.count("/cache-1.9.0.tgz") == 1


@needs_helm
def test_what_cannot_be_fetched_is_told(scan: Scan) -> None:
    needs = NEEDS.replace("https://charts.example", "http://127.0.0.1:9")
    report = scan({"shop/Chart.yaml": needs, "shop/templates/pod.yaml": POD}, helm_dependency_update=True)
    assert problems(report) == [("missing-dependency", "shop/Chart.yaml", 5)]
    assert "could not be fetched: " in report.problems[0].message
    needs = NEEDS.replace("https://charts.example", "file:///etc")
    report = scan({"shop/Chart.yaml": needs}, helm_dependency_update=True)
    assert "none that can be fetched from" in report.problems[0].message


# ------------------------------------------------------------------ what a chart refuses


@needs_helm
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{{ required "set the host" .Values.host }}', ", which says: set the host"),
        ('{{ fail "choose one:\\n- a\\n- b" }}', ", which says: choose one: - a - b"),
        ("{{ .Values.a.b.c }}", "nil pointer evaluating"),
        ('{{ env "HOME" }}', 'function "env" not defined'),
        ('{{ expandenv "$HOME" }}', 'function "expandenv" not defined'),
        ("{{ if }}", "missing value for if"),
    ],
)
def test_what_a_chart_says_is_told_where_it_says_it(scan: Scan, line: str, words: str) -> None:
    pod = POD.replace("name: web", f"name: {line}")
    report = scan({"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod})
    assert problems(report) == [("not-rendered", "shop/templates/pod.yaml", 4)]
    assert words in report.problems[0].message
    assert report.problems[0].message.startswith("helm could not render the chart")
    assert {f.path: f.status for f in report.files}["shop/templates/pod.yaml"] == "unreadable"
    assert report.exit_code("low") == 3


@needs_helm
def test_a_chart_that_wants_values_is_judged_with_those_it_is_tested_with(scan: Scan) -> None:
    pod = POD.replace("name: web", 'name: {{ required "set the name" .Values.name }}')
    files = {"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod, "shop/values.yaml": "privileged: true\n"}
    report = scan({**files, "shop/ci/name-values.yaml": "name: web\n", "shop/ci/none-values.yaml": "{}\n"})
    assert places(report) == [("shop/templates/pod.yaml", 10)]
    assert [p.message for p in report.problems] == [
        "helm could not render the chart with ci/none-values.yaml, which says: set the name"
    ]
    assert not scan(files, helm_set=("name=web",)).problems[1:]


SCHEMA = """\
{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "required": ["host"],
 "properties": {"web": {"type": "object", "properties": {"replicas": {"type": "integer"}}}}}
"""


@needs_helm
def test_values_that_the_schema_refuses_are_told_at_their_line(scan: Scan) -> None:
    files = {"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": POD, "shop/values.schema.json": SCHEMA}
    report = scan({**files, "shop/values.yaml": "host: a\nweb:\n  name: x\n  replicas: many\n"})
    assert problems(report) == [("not-rendered", "shop/values.yaml", 4)]
    assert "web.replicas" in report.problems[0].message or "/web/replicas" in report.problems[0].message
    report = scan({**files, "shop/values.yaml": "web: {}\n"})
    assert problems(report) == [("not-rendered", "shop/values.yaml", 1)]
    assert "host" in report.problems[0].message


@needs_helm
def test_yaml_that_is_none_is_told_with_its_template(scan: Scan) -> None:
    report = scan({"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": POD + "  a: [\n", "shop/values.yaml": "{}\n"})
    assert problems(report) == [("not-rendered", "shop/templates/pod.yaml", 1)]


# ------------------------------------------------------------------ what a chart leaves to the cluster


ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: web
  namespace: {{ .Release.Namespace }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects:
  - kind: ServiceAccount
    name: web
    namespace: {{ .Release.Namespace }}
"""


@needs_helm
def test_the_namespace_of_the_release_is_any(scan: Scan) -> None:
    pod = POD.replace("  name: web\n", "  name: web\n  namespace: {{ .Release.Namespace }}\n", 1)
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n  namespace: prod\n"
    files = {"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod, "shop/templates/role.yaml": ROLE}
    report = scan({**files, "accounts.yaml": account}, profile="strict", select=())
    told = [f.message for f in report.findings if "namespace" in f.message.lower()]
    assert not [m for m in told if "release-namespace" in m]
    assert not [f for f in report.findings if f.policy.id in ("default-namespace-used", "service-account-missing")]


@needs_helm
def test_the_version_of_the_cluster_is_the_one_asked_for(scan: Scan) -> None:
    pod = POD.replace("{{ .Values.privileged }}", '{{ semverCompare "<1.25-0" .Capabilities.KubeVersion.Version }}')
    files = {"shop/Chart.yaml": CHART + 'kubeVersion: ">=1.20.0-0"\n', "shop/templates/pod.yaml": pod}
    assert places(scan(files, kubernetes_version="1.24")) == [("shop/templates/pod.yaml", 10)]
    assert not scan(files, kubernetes_version="1.30").live
    older = {**files, "shop/Chart.yaml": CHART + 'kubeVersion: "<1.20.0"\n'}
    assert not scan(older, kubernetes_version="1.24").problems


@needs_helm
def test_nothing_is_looked_up_in_a_cluster(scan: Scan) -> None:
    pod = POD.replace("{{ .Values.privileged }}", '{{ not (lookup "v1" "Secret" "" "x") }}')
    assert places(scan({"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod})) == [("shop/templates/pod.yaml", 10)]


@needs_helm
def test_tests_of_a_release_are_no_workloads(scan: Scan) -> None:
    hook = '  annotations:\n    "helm.sh/hook": HOOK\nspec:'
    both = POD.replace("name: web", "name: check").replace("spec:", hook.replace("HOOK", "test"))
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "privileged: true\n"}
    report = scan({**files, "shop/templates/tests/check.yaml": both})
    assert not report.live
    status = {f.path: (f.status, f.reason) for f in report.files}["shop/templates/tests/check.yaml"]
    assert status == ("skipped", "only tests of the release (helm.sh/hook: test), which were not judged")
    waived = both.replace(
        "      securityContext:", "      # guardrail: ignore[privileged-container] must\n      securityContext:"
    )
    select = ("privileged-container", "unused-suppression")
    assert not scan({**files, "shop/templates/tests/check.yaml": waived}, select=select).findings
    install = POD.replace("spec:", hook.replace("HOOK", "pre-install,test"))
    assert len(scan({**files, "shop/templates/tests/check.yaml": install}).live) == 1


@needs_helm
def test_definitions_and_notes(scan: Scan) -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: a.b.example\n"
    files = {
        "shop/Chart.yaml": CHART,
        "shop/crds/a.yaml": crd,
        "shop/templates/NOTES.txt": "{{ .Values.x }} {{ `}}` }}\n",
    }
    report = scan(files)
    assert not report.problems
    assert {f.path: f.status for f in report.files}["shop/crds/a.yaml"] == "read"
    assert "shop/templates/NOTES.txt" not in {f.path for f in report.files}


@needs_helm
def test_what_many_items_render_is_one_finding(scan: Scan) -> None:
    pod = "{{- range $n, $_ := until 40 }}\n---\n" + POD.replace("web", "web-{{ $n }}").replace(".Values", "$.Values")
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "privileged: true\n"}
    report = scan({**files, "shop/templates/pods.yaml": pod + "{{- end }}\n"})
    assert places(report) == [("shop/templates/pods.yaml", 12)]
    assert report.live[0].message.endswith("(also Pod web-1, web-2, web-3 and 36 more)")
    assert {f.path: f.resources for f in report.files}["shop/templates/pods.yaml"] == 40


@needs_helm
@pytest.mark.parametrize("saved", ["out/all.yaml", "rendered.yaml"])
def test_a_chart_and_its_rendering_in_the_repository(scan: Scan, tmp_path: Path, saved: str) -> None:
    chart = {"Chart.yaml": CHART, "values.yaml": "privileged: true\n", "templates/pod.yaml": POD}
    alone = scan(below("shop", chart))
    command = [HELM, "template", "x", str(tmp_path / "repository" / "shop")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    both = scan({saved: done.stdout})
    assert places(both) == places(alone) == [("shop/templates/pod.yaml", 10)]


@needs_helm
@pytest.mark.parametrize("comment", ["# WORDS", "{{/* WORDS */}}", "{{- /* WORDS */}}"])
def test_suppressions_in_named_templates(scan: Scan, comment: str) -> None:
    words = "guardrail: ignore[privileged-container] must"
    helpers = f'{{{{- define "shop.security" -}}}}\nrunAsUser: 1\n{comment.replace("WORDS", words)}\n'
    helpers += "privileged: true\n{{- end -}}\n"
    pod = POD.replace("privileged: {{ .Values.privileged }}", '{{- include "shop.security" . | nindent 8 }}')
    files = {"shop/Chart.yaml": CHART, "shop/templates/pod.yaml": pod, "shop/templates/_helpers.tpl": helpers}
    report = scan(files, select=("privileged-container", "unused-suppression"))
    assert not report.problems
    assert [f.suppression.reason for f in report.findings if f.suppression] == ["must"]
    assert not report.live


PACKED = {
    "Chart.yaml": CHART + "dependencies:\n  - {name: cache, version: 1.0.0, repository: 'http://charts.example'}\n",
    "values.yaml": "privileged: true\npassword: S3cr3t-in-the-open\n",
    "templates/pod.yaml": POD,
}


@needs_helm
def test_an_archive_with_all_that_is_in_it(scan: Scan) -> None:
    select = ("privileged-container", "secret-in-values", "chart-dependency-over-http")
    report = scan({"shop-1.0.0.tgz": packed("shop", PACKED)}, "shop-1.0.0.tgz", select=select)
    assert places(report) == [
        ("shop-1.0.0.tgz/Chart.yaml", 5),
        ("shop-1.0.0.tgz/templates/pod.yaml", 10),
        ("shop-1.0.0.tgz/values.yaml", 2),
    ]
    assert "S3cr3t" not in str(report.findings)
    assert problems(report) == [("missing-dependency", "shop-1.0.0.tgz/Chart.yaml", 5)]


@pytest.mark.parametrize("data", [packed("shop", PACKED), b"\x1f\x8b no archive", b""])
def test_an_archive_that_is_not_rendered_does_not_pass(scan: Scan, data: bytes) -> None:
    tools = () if data[:4] == packed("shop", PACKED)[:4] else (HELM,)
    select = ("privileged-container", "secret-in-values")
    report = scan({"shop-1.0.0.tgz": data}, "shop-1.0.0.tgz", tools, select=select)
    assert problems(report) == [("not-rendered", "shop-1.0.0.tgz", 1)]
    assert [f.status for f in report.files] == ["unreadable"]
    assert report.exit_code("critical") == 3
    assert places(report) == ([("shop-1.0.0.tgz/values.yaml", 2)] if len(data) > 50 else [])


def test_a_chart_of_charts_that_is_not_rendered_does_not_pass(scan: Scan) -> None:
    report = scan({"shop/Chart.yaml": NEEDS, "shop/charts/cache-1.0.0.tgz": packed("cache", CACHE)}, tools=())
    assert problems(report) == [("not-rendered", "shop/Chart.yaml", 1)]
    assert report.exit_code("low") == 3


@needs_helm
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"templates/NOTES.txt": "installed {{ .Release.Name }}\n"},
        {"templates/pod.yaml": "{{/* later */}}\n"},
        {"templates/pod.yaml": "# later\n"},
        {"templates/pod.yaml": "---\n---\n"},
    ],
)
def test_a_chart_that_renders_to_nothing(scan: Scan, files: dict[str, str | bytes]) -> None:
    report = scan({"Chart.yaml": CHART, **files})
    assert report.problems == ()
    assert report.findings == ()
    statuses = {f.path: (f.status, f.reason) for f in report.files}
    assert statuses.get("templates/pod.yaml", ("skipped", "renders to nothing")) == ("skipped", "renders to nothing")
