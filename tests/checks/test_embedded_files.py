"""Settings in files inside ConfigMaps: which are told, at which line, and what is left alone."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from guardrail.catalog.load import load
from guardrail.checks import embedded_files
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.items import Item

CATALOG = load()
VERIFY, OPEN, TLS = "config-verification-off", "config-authentication-off", "config-tls-outdated"


def lines(folder: Path, policy: str, name: str, text: str) -> list[int]:
    """Lines of the embedded file, counted from 1, that a policy tells of."""
    inner = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
    (folder / "map.yaml").write_text(
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  {name}: |\n{inner}"
    )
    chosen = Settings(profile="none", select=(policy,))
    report = Run(chosen, CATALOG, (str(folder),), today="2026-01-01").report()
    return [f.location.span.line - 5 for f in report.live]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("prometheus.yml", "tls_config: {insecure_skip_verify: true}"),
        ("config.json", '"insecureSkipVerify": true,'),
        ("datasources.yaml", "tlsSkipVerify: true"),
        ("grafana.ini", "skip_verify = true"),
        ("grafana.ini", "tls_skip_verify_insecure = true"),
        ("config", "insecure-skip-tls-verify: true"),
        ("fluent-bit.conf", "tls.verify   Off"),
        ("fluent-bit.yaml", "tls.verify: off"),
        ("fluent.conf", "ssl_verify false"),
        ("nginx.conf", "proxy_ssl_verify off;"),
        ("envoy.yaml", "trust_chain_verification: ACCEPT_UNTRUSTED"),
        ("haproxy.cfg", "server a 10.0.0.1:443 ssl verify none"),
        ("logstash.conf", 'ssl_verification_mode => "none"'),
        ("filebeat.yml", "ssl.verification_mode: none"),
        ("vector.toml", "tls.verify_certificate = false"),
        ("vector.yaml", "verify_certificate: false"),
        ("app.properties", "url=jdbc:sqlserver://db;encrypt=true;trustServerCertificate=true"),
        (".env", "NODE_TLS_REJECT_UNAUTHORIZED=0"),
    ],
)
def test_verification_off(tmp_path: Path, name: str, setting: str) -> None:
    text = f"first: line\n\n{setting}\nlast: line"
    assert lines(tmp_path, VERIFY, name, text) == [3]
    assert lines(tmp_path, VERIFY, name, f"# {setting}") == []
    for off, on in (
        ("true", "false"),
        ("false", "true"),
        ("none", "full"),
        ("Off", "On"),
        (" off", " on"),
        ("=0", "=1"),
    ):
        if setting.rstrip(';",}').endswith(off):
            assert lines(tmp_path, VERIFY, name, text.replace(off, on)) == []


def test_the_same_setting_twice_is_told_at_both_lines(tmp_path: Path) -> None:
    text = "a:\n  insecure_skip_verify: true\nb:\n  insecure_skip_verify: true"
    assert lines(tmp_path, VERIFY, "a.yml", text) == [2, 4]


@pytest.mark.parametrize(
    "text",
    ["insecure_skip_verify: false", "skip_verify = false", "verify: true", "NODE_TLS=0", "bind :443 ssl verify none"],
)
def test_verification_on(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, VERIFY, "a.yml", text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("host all all 0.0.0.0/0 trust", [1]),
        ("host  all  all  all  trust", [1]),
        ("hostssl all all ::/0 trust", [1]),
        ("host all all 127.0.0.1/32 trust", []),
        ("local all all trust", []),
        ("# host all all 0.0.0.0/0 trust", []),
        ("xpack.security.enabled: false", [1]),
        ("xpack.security.enabled: true", []),
        ("allow_anonymous true", [1]),
        ("[auth.anonymous]\nenabled = true\norg_role = Admin", [3]),
        ("[auth.anonymous]\norg_role = Editor\nenabled = true", [2]),
        ("[auth.anonymous]\nenabled = true\norg_role = Viewer", []),
        ("[auth.anonymous]\nenabled = false\norg_role = Admin", []),
        ("[auth.anonymous]\nenabled = true\n[users]\norg_role = Admin", []),
    ],
)
def test_authentication_off(tmp_path: Path, text: str, found: list[int]) -> None:
    assert lines(tmp_path, OPEN, "a.conf", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ssl_protocols TLSv1 TLSv1.2;", [1]),
        ("ssl_protocols TLSv1.1 TLSv1.2;", [1]),
        ("ssl_protocols SSLv3;", [1]),
        ("ssl_protocols TLSv1.2 TLSv1.3;", []),
        ("# ssl_protocols TLSv1;", []),
        ("bind :443 ssl-min-ver TLSv1.1", [1]),
        ("bind :443 ssl-min-ver TLSv1.2", []),
        ("tls_minimum_protocol_version: TLSv1_1", [1]),
        ("min_version: TLS10", [1]),
        ("min_version: TLS12", []),
    ],
)
def test_old_tls(tmp_path: Path, text: str, found: list[int]) -> None:
    assert lines(tmp_path, TLS, "a.conf", text) == found


@pytest.mark.parametrize(
    "text",
    ["insecure_skip_verify " * 9000, "host " + "a " * 90_000, "ssl_protocols " * 12_000, "[auth.anonymous]\n" * 9000],
)
def test_hostile_text_costs_little(text: str) -> None:
    data: dict[str, object] = {"data": {"x": text}}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", "ConfigMap", "x")
    begin = perf_counter()
    for check in (embedded_files.verification_off, embedded_files.authentication_off, embedded_files.tls_outdated):
        list(check(Item(resource, (), {}, {}), {}))
    assert perf_counter() - begin < 3
