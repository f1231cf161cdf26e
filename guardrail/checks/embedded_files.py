"""Files inside ConfigMaps and Secrets: what is known of the programs that read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from re import IGNORECASE, MULTILINE, Pattern
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["authentication_off", "broken", "tls_outdated", "verification_off"]

_LONGEST = 200_000
_FILLED_IN = regex(r"\{\{|\$\{|<[A-Z_]+>|\{%")

_NEEDLE = regex("verify|verification|untrusted|trustserver|reject_unauthorized", IGNORECASE)
_OFF = r"""^(?![ \t]{0,80}(?:;|bind[ \t]))[^#\n]{0,200}?(?:\b|(?<=-))(?P<text>
    insecure_skip_verify["']?[ \t]{0,4}[:=][ \t]{0,4}true
    |insecureSkipVerify["']?[ \t]{0,4}[:=][ \t]{0,4}true
    |tlsSkipVerify["']?[ \t]{0,4}:[ \t]{0,4}true
    |tls_skip_verify_insecure[ \t]{0,4}=[ \t]{0,4}true
    |insecure-skip-tls-verify["']?[ \t]{0,4}:[ \t]{0,4}true
    |(?<!tls_)skip_verify[ \t]{0,4}=[ \t]{0,4}true
    |tls\.verify(?:[ \t]{0,4}:)?[ \t]{1,20}off
    |(?:proxy|grpc|uwsgi)_ssl_verify[ \t]{1,20}off
    |ssl_verify[ \t]{1,20}false
    |trust_chain_verification["']?[ \t]{0,4}:[ \t]{0,4}["']?ACCEPT_UNTRUSTED
    |ssl[ \t]{1,4}verify[ \t]{1,4}none
    |ssl_certificate_verification[ \t]{0,4}=>[ \t]{0,4}false
    |ssl_verification_mode[ \t]{0,4}=>[ \t]{0,4}["']?none
    |ssl\.verification_mode[ \t]{0,4}:[ \t]{0,4}["']?none
    |verify_certificate[ \t]{0,4}[:=][ \t]{0,4}false
    |trustServerCertificate=true
    |NODE_TLS_REJECT_UNAUTHORIZED=["']?0
    |GIT_SSL_NO_VERIFY=["']?(?:1|true)
    |VAULT_SKIP_VERIFY=["']?(?:1|true))\b""".replace("\n    ", "")
"""What each program documents as "do not verify the certificate", or the like.

Prometheus, Alertmanager, Loki and OpenTelemetry (`insecure_skip_verify`), Traefik, Grafana (data sources, OAuth, smtp),
kubectl, Fluent Bit, Fluentd (fluent-plugin-elasticsearch), nginx, Envoy, HAProxy (of servers; `verify none` on a `bind`
line is about clients, and its default), Logstash, Beats, Vector, Microsoft's drivers for SQL Server; and the variables
of Node.js, Git and Vault that say so in files of settings.
"""

_OPEN_NEEDLE = regex(r"xpack\.security|allow_anonymous|authorization|[ \t]trust\b|\[auth\.anonymous\]", IGNORECASE)
_OPEN = r"""^(?![ \t]{0,80};)[^#\n]{0,200}?\b(?P<text>xpack\.security\.enabled["']?[ \t]{0,4}:[ \t]{0,4}["']?false
    |allow_anonymous[ \t]{1,4}true
    |authorization["']?[ \t]{0,4}:[ \t]{0,4}["']?disabled
    |host(?:ssl|nossl)?[ \t]{1,40}\S{1,80}[ \t]{1,40}\S{1,80}[ \t]{1,40}(?:0\.0\.0\.0/0|::/0|all)[ \t]{1,40}trust)\b
    """.replace("\n    ", "")
"""Elasticsearch, Mosquitto, MongoDB and PostgreSQL's pg_hba.conf, as each documents it."""
_GRAFANA = r"^\[auth\.anonymous\][ \t]*$(?P<section>(?:\n(?!\[)[^\n]{0,400}){0,40})"
_ANONYMOUS = r"^[ \t]*enabled[ \t]*=[ \t]*true\b"
_ROLE = r"^[ \t]*(?P<text>org_role[ \t]*=[ \t]*(?:Admin|Editor))\b"

_OLD_TLS_NEEDLE = regex("ssl_protocols|ssl-min-ver|tls_minimum|min_version")
_OLD_TLS = r"""^(?![ \t]{0,80};)[^#\n]{0,200}?\b(?P<text>ssl_protocols[^;\n]{0,80}?\b(?:SSLv3|TLSv1|TLSv1\.1)(?=[ \t;])
    |ssl-min-ver[ \t]{1,4}(?:SSLv3|TLSv1\.[01])\b
    |tls_minimum_protocol_version["']?[ \t]{0,4}:[ \t]{0,4}["']?TLSv1_[01]\b
    |min_version["']?[ \t]{0,4}:[ \t]{0,4}["']?(?:TLS10|TLS11)\b)""".replace("\n    ", "")
"""nginx, HAProxy, Envoy and Prometheus; RFC 8996 deprecates TLS 1.0 and 1.1, RFC 7568 SSL 3."""
_JOB = regex(r"^[ \t]*- job_name:", MULTILINE)
_KUBELET = regex(r"kubelet|cadvisor|role:[ \t]*node\b|/api/v1/nodes|:10250", IGNORECASE)


def verification_off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Settings that stop a program from verifying the certificate of its peer, each at its line.

    Scrapes of the kubelet are left out: its serving certificate is self-signed unless the cluster was told otherwise
    (Kubernetes' documents, "TLS bootstrapping", client and serving certificates).
    """
    for path, text in _files(item):
        if _NEEDLE.search(text):
            for hit, at in _found(_OFF, path, text, "accepts any certificate"):
                if not _KUBELET.search(_job(text, at)):
                    yield hit


def authentication_off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Settings that let everybody in, each at its line."""
    for path, text in _files(item):
        if not _OPEN_NEEDLE.search(text):
            continue
        yield from (hit for hit, _ in _found(_OPEN, path, text, "asks nobody who they are"))
        for section in _lines(_GRAFANA).finditer(text):
            role = _lines(_ROLE).search(section["section"]) if _lines(_ANONYMOUS).search(section["section"]) else None
            if role:
                words = f"{path[-1]}: whoever is not signed in has {role['text'].rpartition('=')[2].strip()} rights"
                yield Hit(path, words, text=role["text"])


def tls_outdated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Settings that let servers speak versions of TLS that are no longer safe."""
    for path, text in _files(item):
        if _OLD_TLS_NEEDLE.search(text):
            yield from (hit for hit, _ in _found(_OLD_TLS, path, text, "lets peers agree on a broken version of TLS"))
        if path[-1] == "ssl-protocols" and regex(r"\b(?:SSLv3|TLSv1|TLSv1\.1)(?:[ \t]|$)").search(text):
            yield Hit(path, f"ssl-protocols: {text.strip()[:60]} lets peers agree on a broken version of TLS")


def _lines(pattern: str) -> Pattern[str]:
    """A pattern for lines in any case; compiled when a text first needs it."""
    return regex(pattern, MULTILINE | IGNORECASE)


def _found(pattern: str, path: Path, text: str, words: str) -> Iterator[tuple[Hit, int]]:
    """A hit for each line that a pattern matches, and its offset; the same words twice are told apart by number."""
    counts: dict[str, int] = {}
    for match in _lines(pattern).finditer(text):
        found = match["text"]
        number = counts[found] = counts.get(found, -1) + 1
        where = (*path, f"#{number}") if number else path
        yield Hit(where, f"{path[-1]}: {found} {words}", text=found, occurrence=number), match.start("text")


def _job(text: str, at: int) -> str:
    """The scrape job around an offset; empty where there is none."""
    starts = [m.start() for m in _JOB.finditer(text)]
    before = [s for s in starts if s <= at]
    if not before:
        return ""
    after = next((s for s in starts if s > at), len(text))
    return text[before[-1] : after]


def broken(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Files that no program can read: JSON that is none, YAML indented with tabs. Templates are left out."""
    for path, text in _files(item):
        name = str(path[-1]).lower()
        if not text.strip() or _FILLED_IN.search(text):
            continue
        if name.endswith(".json"):
            yield from _broken_json(path, text)
        elif name.endswith((".yaml", ".yml")):
            yield from _tabbed(path, text)


def _broken_json(path: Path, text: str) -> Iterator[Hit]:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if any(line.lstrip().startswith(("//", "/*")) for line in text.splitlines()):
            return  # JSON with comments, which some programs read
        yield Hit(path, f"{path[-1]} is not JSON: {error.msg} in line {error.lineno}")
    except RecursionError:
        return


def _tabbed(path: Path, text: str) -> Iterator[Hit]:
    block = False
    for number, line in enumerate(text.splitlines(), 1):
        if block and (not line.strip() or line[:1] in " \t"):
            continue
        block = line.rstrip().endswith(("|", ">", "|-", ">-", "|+", ">+"))
        if line.startswith("\t") and line.strip() and not line.lstrip().startswith("#"):
            yield Hit(path, f"{path[-1]} is not YAML: line {number} is indented with a tab")
            return


def _files(item: Item) -> Iterator[tuple[Path, str]]:
    for field in ("data", "stringData") if item.resource.kind == "Secret" else ("data",):
        held = item.resource.data.get(field)
        for key, value in held.items() if isinstance(held, dict) else ():
            if isinstance(value, str) and len(value) <= _LONGEST:
                yield (*item.path, field, str(key)), value
