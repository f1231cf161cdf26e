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
