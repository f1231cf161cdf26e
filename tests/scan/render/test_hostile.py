"""A chart is untrusted input: what it cannot do with the real helm. Of overlays: `test_nothing_leads_out`."""

from __future__ import annotations

import http.server
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from guardrail.scan.render.sandbox import Sandbox
from tests.scan.render import test_kustomize, tools
from tests.scan.render.tools import CHART, Scan, needs_helm

POD = tools.POD.replace("true", "{{ VALUE }}")


def chart(template: str, **more: str) -> dict[str, str]:
    return {"shop/Chart.yaml": CHART, "shop/templates/x.yaml": template, **more}


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address that takes note of who asks."""
    asked: list[str] = []

    class Noted(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noted) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@needs_helm
@pytest.mark.parametrize(
    "value",
    [
        '{{ getHostByName "localhost" | empty | not }}',
        '{{ lookup "v1" "Namespace" "" "default" | empty | not }}',
        '{{ .Files.Get "../../../../../../etc/passwd" | empty | not }}',
        '{{ .Files.Get "/etc/passwd" | empty | not }}',
        '{{ .Files.Get "link" | empty | not }}',
        '{{ (.Files.Glob "/**").Get "/etc/passwd" | empty | not }}',
        '{{ .Files.Get "folder/passwd" | empty | not }}',
    ],
)
def test_a_template_reaches_nothing(scan: Scan, tmp_path: Path, value: str) -> None:
    folder = tmp_path / "repository" / "shop"
    folder.mkdir(parents=True)
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "folder").symlink_to("/etc")
    report = scan(chart(POD.replace("{{ VALUE }}", value)))
    assert not report.problems
    assert not report.live
    assert not scan(chart(POD.replace("{{ VALUE }}", "false"))).live
    assert scan(chart(POD.replace("{{ VALUE }}", "true"))).live


@needs_helm
def test_files_of_values_that_lead_out_are_not_read(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("privileged: true\n")
    folder = tmp_path / "repository" / "shop"
    (folder / "ci").mkdir(parents=True)
    (folder / "values.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "ci" / "a-values.yaml").symlink_to(tmp_path / "secret.yaml")
    assert not scan(chart(POD.replace("VALUE", "default false .Values.privileged"))).live


@needs_helm
@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    "schema",
    [
        '{"$ref": "ADDRESS/schema.json"}',
        '{"\\u0024ref": "ADDRESS/schema.json"}',
        '{"$id": "ADDRESS/a.json", "properties": {"a": {"$ref": "schema.json"}}}',
        '{"$schema": "ADDRESS/draft.json", "type": "object"}',
        '{"$ref": "file:///etc/passwd"}',
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
)
def test_nobody_is_asked_for_anything(
    scan: Scan, listening: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, schema: str, apart: bool
) -> None:
    if not apart:
        monkeypatch.setattr(Sandbox, "_apart", lambda self: [])  # as where users may not have namespaces
    address, asked = listening
    needs = f"dependencies:\n  - {{name: a, version: 1.0.0, repository: '{address}'}}\n"
    overlay = f"resources: ['{address}/x.yaml', web.yaml]\n"
    other = f"resources: [web.yaml]\nopenapi: {{path: '{address}/y'}}\n"
    report = scan(
        {
            **chart(POD.replace("VALUE", "true")),
            "shop/Chart.yaml": CHART + needs,
            "shop/values.schema.json": schema.replace("ADDRESS", address),
            "one/kustomization.yaml": overlay,
            "one/web.yaml": test_kustomize.DEPLOYMENT,
            "two/kustomization.yaml": other,
            "two/web.yaml": test_kustomize.DEPLOYMENT,
        }
    )
    assert asked == []
    assert "shop/templates/x.yaml" in {f.location.file for f in report.live}


@needs_helm
def test_the_home_of_the_user_is_left_alone(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HELM_CACHE_HOME", "HELM_PLUGINS"):
        monkeypatch.setenv(name, str(home))
    (home / "plugin.yaml").write_text("name: x\nversion: 1.0.0\ncommand: touch $HOME/ran\n")
    report = scan({**chart(POD.replace("VALUE", "true")), **test_kustomize.FILES})
    assert {f.location.file for f in report.live} >= {"shop/templates/x.yaml"}
    assert [p.name for p in home.rglob("*")] == ["plugin.yaml"]


@needs_helm
def test_nothing_is_left_in_the_temporary_folder(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    scan({**chart("{{ range until 1000000000 }}x{{ end }}"), **test_kustomize.FILES}, render_seconds=3)
    assert list((tmp_path / "temporary").iterdir()) == []


BOMBS = {
    "list": "{{ range until 1000000000 }}x{{ end }}",
    "loop": '{{ range until 100000 }}{{ range until 100000 }}{{ "" }}{{ end }}{{ end }}',
    "long": '{{ range until 1000000 }}{{ repeat 1000 "x" }}\n{{ end }}',
    "double": '{{ $s := "xxxxxxxxxxxxxxxx" }}{{ range until 40 }}{{ $s = cat $s $s }}{{ end }}{{ len $s }}',
    "tpl": "{{ tpl .Values.again . }}",
    "include": '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    "template": '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
    "expression": '{{ regexReplaceAll "(a*)*b" (repeat 5000 "a") "x" }}{{ range until 100000000 }}{{ end }}',
    "key": '{{ genPrivateKey "rsa" }}{{ range until 10000 }}{{ genPrivateKey "rsa" }}{{ end }}',
}


@needs_helm
@pytest.mark.parametrize("name", sorted(BOMBS))
def test_nothing_takes_longer_than_it_may(scan: Scan, name: str) -> None:
    values = {"shop/values.yaml": "again: '{{ tpl .Values.again . }}'\n"}
    ci = {f"shop/ci/{n}-values.yaml": "a: 1\n" for n in range(5)}
    begin = monotonic()
    report = scan(
        {
            **chart(BOMBS[name]),
            **values,
            **ci,
            "ok/Chart.yaml": CHART,
            "ok/templates/x.yaml": POD.replace("VALUE", "true"),
        },
        render_seconds=2,
    )
    assert monotonic() - begin < 15
    told = [p for p in report.problems if p.location.file.startswith("shop/")]
    assert told
    assert {p.code for p in told} == {"not-rendered"}
    assert [f.location.file for f in report.live] == ["ok/templates/x.yaml"]
    assert {f.path: f.status for f in report.files}["shop/templates/x.yaml"] == "unreadable"
    assert len(str(told)) < 10_000


@needs_helm
def test_text_that_looks_like_marks_changes_nothing(scan: Scan) -> None:
    pod = POD.replace("VALUE", "true").replace("name: web", "name: web #\ue00099999\ue001")
    assert len(scan(chart(pod)).live) == 1
    pod = POD.replace("VALUE", "true").replace("name: web", 'name: {{ printf "web #\\ue000%d\\ue001" 99999999 }}')
    assert len(scan(chart(pod)).live) == 1
    pod = (
        POD.replace("VALUE", "true") + "# Source: shop/../../../etc/passwd\n---\n# Source: shop/templates/absent.yaml\n"
    )
    assert [f.location.span.line for f in scan(chart(pod)).live] == [10]


@needs_helm
@pytest.mark.parametrize("name", ["../../../../made", "../made", "/made", "..", ""])
def test_a_dependency_is_put_nowhere_else(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "a" / "b"))
    needs = f"dependencies:\n  - {{name: '{name}', version: 1.0.0, repository: 'file://../other'}}\n"
    other = {"other/Chart.yaml": CHART.replace("shop", "other"), "other/made": "x"}
    scan({**chart(POD.replace("VALUE", "true")), **other, "shop/Chart.yaml": CHART + needs})
    assert not (tmp_path / "repository" / "shop" / "charts").exists()
    assert not [p for p in tmp_path.rglob("made") if p.parent.name != "other"]


@needs_helm
def test_many_that_hang_do_not_add_up(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardrail.scan.render.run.TOGETHER", 2)
    files = {f"c{n}/Chart.yaml": CHART for n in range(40)}
    files |= {f"c{n}/templates/x.yaml": BOMBS["loop"] for n in range(40)}
    begin = monotonic()
    report = scan(files, render_seconds=1)
    assert monotonic() - begin < 10  # one by one it would take that, four at a time
    assert len(report.problems) == 40
    assert {p.message.rpartition(": ")[2] for p in report.problems} == {
        "took longer than 1 seconds and was stopped",
        "all charts and overlays together took too long",
    }
