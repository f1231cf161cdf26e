"""What undoes a setting that lets everybody into a server, and whose images the known defaults are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardrail.model.report import Report


def found(scan: Callable[..., Report], policy: str, service: str) -> int:
    return len(scan({"compose.yaml": f"services:\n  one: {{{service}}}\n"}, profile="none", select=(policy,)).live)


@pytest.mark.parametrize(
    ("service", "count"),
    [
        ('image: "redis:8", ports: ["6379:6379"], command: redis-server --protected-mode no', 1),
        ('image: "redis:8", ports: ["6379:6379"], command: redis-server --requirepass x --protected-mode no', 0),
        ('image: "redis:8", ports: ["6379:6379"], command: redis-server /a/redis.conf --protected-mode no', 0),
        ('image: "mariadb:11", ports: ["3306:3306"], environment: {MYSQL_ALLOW_EMPTY_PASSWORD: "no"}', 1),
        (
            'image: "mariadb:11", ports: ["3306:3306"],'
            ' environment: {MYSQL_ALLOW_EMPTY_PASSWORD: "1", MARIADB_ROOT_PASSWORD_HASH: "*A"}',
            0,
        ),
        ('image: "docker:28-dind", ports: ["2375:2375"], environment: {DOCKER_TLS_CERTDIR: ""}', 1),
        ('image: "docker:28-dind", ports: ["8080:80"], environment: {DOCKER_TLS_CERTDIR: ""}', 0),
        ('image: "traefik:v3", ports: ["9000:8080"], command: --api.insecure=true', 1),
        ('image: "traefik:v3", ports: ["80:80", "443:443"], command: --api.insecure=true', 0),
    ],
)
def test_what_undoes_it(scan: Callable[..., Report], service: str, count: int) -> None:
    assert found(scan, "compose-authentication-switched-off", service) == count


@pytest.mark.parametrize(
    ("image", "count"),
    [
        ("redis", 1), ("library/redis:8", 1), ("docker.io/library/redis:8", 1), ("localhost:5000/redis:8", 1),
        ("valkey/valkey:8", 1), ("public.ecr.aws/docker/library/redis:8", 1), ("quay.io/minio/minio", 1),
        ("bitnami/redis:8", 0), ("docker.io/bitnamilegacy/redis:8", 0), ("ubuntu/redis", 0), ("bitnami/minio", 0),
        ("ghcr.io/acme/grafana", 0), ("grafana/grafana:12.1.0", 1),
    ],
)  # fmt: skip
def test_whose_defaults_are_known(scan: Callable[..., Report], image: str, count: int) -> None:
    assert found(scan, "compose-default-credentials", f'image: "{image}"') == count
