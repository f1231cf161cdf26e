"""Files inside ConfigMaps and Secrets: what is known of the programs that read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from re import IGNORECASE, MULTILINE
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["broken", "verification_off"]

_LONGEST = 200_000
_FILLED_IN = regex(r"\{\{|\$\{|<[A-Z_]+>|\{%")
_NEEDLE = regex("skip_?verify|tls\\.verify|ssl_verify", IGNORECASE)
_OFF = regex(
    r"""^[^#\n]{0,200}?\b(?P<text>insecure_skip_verify["']?[ \t]{0,4}[:=][ \t]{0,4}true
    |insecureSkipVerify["']?[ \t]{0,4}[:=][ \t]{0,4}true
    |tlsSkipVerify["']?[ \t]{0,4}:[ \t]{0,4}true
    |tls_skip_verify_insecure[ \t]{0,4}=[ \t]{0,4}true
    |tls\.verify[ \t]{1,20}off
    |ssl_verify[ \t]{1,20}false)\b""".replace("\n    ", ""),
    MULTILINE | IGNORECASE,
)
"""Prometheus, Alertmanager, Loki and OpenTelemetry (`insecure_skip_verify`), Traefik, Grafana, Fluent Bit, Fluentd.

Each is documented as "disable validation of the server certificate" or the like.
"""
_JOB = regex(r"^[ \t]*- job_name:", MULTILINE)
_KUBELET = regex(r"kubelet|cadvisor|role:[ \t]*node\b|/api/v1/nodes|:10250", IGNORECASE)


def verification_off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Settings that stop a program from verifying the certificate of its peer, each at its line.

    Scrapes of the kubelet are left out: its serving certificate is self-signed unless the cluster was told otherwise
    (Kubernetes' documents, "TLS bootstrapping", client and serving certificates).
    """
    for path, text in _files(item):
        if not _NEEDLE.search(text):
            continue
        counts: dict[str, int] = {}
        for match in _OFF.finditer(text):
            found = match["text"]
            number = counts[found] = counts.get(found, -1) + 1
            if not _KUBELET.search(_job(text, match.start("text"))):
                where = (*path, f"#{number}") if number else path
                yield Hit(where, f"{path[-1]}: {found} accepts any certificate", text=found, occurrence=number)


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
