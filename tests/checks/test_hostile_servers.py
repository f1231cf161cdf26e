"""Checks of images, servers and scripts on input that is made to be slow."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from guardrail.model.report import Report

LONG = 200_000


def dockerfile(run: str) -> str:
    return f"FROM python:3.13-slim\nRUN {run}\nHEALTHCHECK CMD curl -f http://localhost/\n"


@pytest.mark.parametrize(
    "run",
    [
        "apt " * (LONG // 4),
        "apt install " * (LONG // 12),
        "adduser " * (LONG // 8),
        "(" * LONG,
        ";" * LONG,
        "apk $" * 9_000,
    ],
)
def test_long_instructions(scan: Callable[..., Report], run: str) -> None:
    started = process_time()
    chosen = ("healthcheck-program-missing", "user-already-there", "base-image-unsupported")
    scan({"Dockerfile": dockerfile(run)}, profile="none", select=chosen)
    assert process_time() - started < 20


def test_many_network_policies(scan: Callable[..., Report]) -> None:
    one = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p%d, namespace: shop}\n"
        "spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: %d}]}]}\n"
    )
    text = "---\n".join(one % (n, n + 100) for n in range(800))
    started = process_time()
    scan({"all.yaml": text}, profile="none", select=("network-policy-forbids-dns",))
    assert process_time() - started < 20


def test_a_long_script_of_a_job(scan: Callable[..., Report]) -> None:
    script = "pg_dump a > b\\n" * 1_000
    text = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: shop}\nspec: {template: {spec: {containers: "
        f'[{{name: a, image: "redis:7", command: [sh, -c, "{script}"]}}]}}}}}}\n'
    )
    started = process_time()
    report = scan({"job.yaml": text}, profile="none", select=("backup-failure-unnoticed",))
    assert len(report.live) == 1
    assert process_time() - started < 20


@pytest.mark.parametrize(("pattern", "name"), [("*a" * 9 + "b", "a" * 60), ("**/a/" * 9 + "b", "/".join("a" * 60))])
def test_patterns_of_a_dockerignore(scan: Callable[..., Report], pattern: str, name: str) -> None:
    """Regular expressions of them would try every way to share the name among the stars."""
    files = {"Dockerfile": f"FROM alpine:3.22\nCOPY {name} kept /srv/\n", ".dockerignore": f"{pattern}\nkep?\n"}
    started = process_time()
    report = scan({**files, name: "x", "kept": "x"}, profile="none", select=("copied-file-ignored",))
    assert [f.message for f in report.live] == ["COPY kept, which .dockerignore keeps out of the build"]
    assert process_time() - started < 20


def test_many_services(scan: Callable[..., Report]) -> None:
    """Each publishes one port at an address of its own, waits for the next one, and the last one for all."""
    count = 12_000
    one = '  s%d: {image: "a:1", ports: ["10.%d.%d.1:80:80"], depends_on: [s%d]}\n'
    lines = [one % (n, n // 250, n % 250, n + 1) for n in range(count)]
    last = f'  s{count}: {{image: "a:1", depends_on: [{", ".join(f"s{n}" for n in range(1, count))}, s0]}}\n'
    chosen = ("compose-port-conflict", "compose-dependency-cycle", "compose-dependency-in-profile")
    started = process_time()
    report = scan({"compose.yaml": "services:\n" + "".join(lines) + last}, profile="none", select=chosen)
    assert {f.policy.id for f in report.live} == {"compose-dependency-cycle"}
    assert process_time() - started < 10
