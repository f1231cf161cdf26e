"""Scripts behind a command: found by what runs them, followed, bounded, and hidden by what hides their failure."""

from __future__ import annotations

import json

import pytest

from guardrail.actions.model import ENFORCING, MASKED, Ability
from guardrail.actions.recognise import Where, recognise
from tests.actions.recognise.recognising import Files, ability, capabilities, run, shipped


def package(**scripts: str) -> str:
    return json.dumps({"scripts": {name.replace("_", ":"): text for name, text in scripts.items()}})


def told(found: Ability) -> tuple[str, str, str, tuple[str, ...]]:
    return found.capability, found.teeth, found.evidence, found.via


MAKEFILE = """
GO ?= go
.PHONY: all lint test deploy
all: lint test
test: build ## run the tests
\t@$(GO) test ./...
lint:
\t-golangci-lint run
build:
\tgo build \\
\t  -o app
deploy: test
\thelm upgrade --install web ./chart -n prod
sub:
\t$(MAKE) lint
"""
JUSTFILE = """
set shell := ["bash", "-euo", "pipefail", "-c"]
default: lint
lint:
    ruff check .
    -mypy .
test *args: lint
    pytest {{args}}
log:
    pytest | tee log
"""
TASKFILE = """
version: '3'
tasks:
  lint:
    cmds:
      - golangci-lint run
      - task: fmt
  fmt: gofmt -l .
  test:
    deps: [lint]
    cmds:
      - cmd: go test ./...
        ignore_error: true
      - |
        go vet ./...
"""
TOX = """
[tox]
envlist = py311
[testenv]
commands =
    pytest {posargs:tests} \\
        --strict
[testenv:lint]
commands =
    ruff check .
    - mypy .
[testenv:py{311,312}-slow]
commands = pytest -m slow
[testenv:maybe]
ignore_outcome = true
commands = pytest
"""
NOX = """
import nox

@nox.session(python=["3.11", "3.12"])
def tests(session):
    session.install(".[test]")
    session.run("pytest", "--strict", *session.posargs)

@nox.session(name="lint")
def run_linters(session):
    session.run("ruff", "check", ".", env={"A": "1"})
"""
HOOKS = """
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.6.0
    hooks:
      - id: ruff
      - id: ruff-format
  - repo: https://github.com/gitleaks/gitleaks
    rev: v8
    hooks: [{id: x}]
  - repo: local
    hooks:
    - id: types
      name: Types
      entry: mypy src
      language: system
    - id: gitleaks
      stages: [manual]
"""
REPOSITORY: Files = {
    "package.json": package(
        pretest="npm run lint",
        test="jest --ci",
        posttest="echo done",
        lint="eslint . || true",
        test_unit="vitest run",
        test_e2e="playwright test",
        type="tsc --noEmit",
        ci="run-s lint 'test:*'",
        both="npm-run-all --parallel lint type",
        joined="eslint . && jest",
        loose="jest; echo done",
        deploy="bash scripts/deploy.sh production",
        loop="npm run loop",
        first="npm run second",
        second="npm run first && jest",
    ),
    "packages/web/package.json": package(test="vitest"),
    "web/package.json": package(test="mocha"),
    "scripts/deploy.sh": "#!/bin/bash\nset -e\n./scripts/check.sh\nkubectl apply -f k8s -n $1\n",
    "scripts/check.sh": "#!/usr/bin/env bash\npytest\npylint src || exit 1\n",
    "scripts/strict.sh": "#!/bin/bash -e\npytest\npylint src\n",
    "scripts/code.sh": "#!/usr/bin/env python3\nprint('x')\n",
    "bin/ci": "#!/bin/sh\nset -e\ncargo test\n",
    "Makefile": MAKEFILE,
    "justfile": JUSTFILE,
    "Taskfile.yml": TASKFILE,
    "tox.ini": TOX,
    "noxfile.py": NOX,
    ".pre-commit-config.yaml": HOOKS,
    "composer.json": '{"scripts": {"test": ["@lint", "phpunit"], "lint": "phpcs"}}',
    "deno.json": '{"tasks": {"check": "deno lint && deno test"}}',
    "pyproject.toml": '[tool.poe.tasks]\nlint = "ruff check"\nall = ["lint", {cmd = "pytest"}]\n'
    '[tool.hatch.envs.default.scripts]\ncov = "pytest --cov"\n',
}

FOUND = [
    ("npm test", [("lint", MASKED, "eslint ."), ("unit-test", ENFORCING, "jest --ci")]),
    ("npm run test -- -t x", [("lint", MASKED, "eslint ."), ("unit-test", ENFORCING, "jest --ci -t x")]),
    ("npm run lint", [("lint", MASKED, "eslint .")]),
    ("npm run joined", [("lint", ENFORCING, "eslint ."), ("unit-test", ENFORCING, "jest")]),
    # npm runs scripts by `sh -c`, so the last command of a list decides (docs.npmjs.com, npm run-script).
    ("npm run loose", [("unit-test", MASKED, "jest")]),
    ("npm run type | tee log", [("typecheck", MASKED, "tsc --noEmit")]),
    ("npm run type || true", [("typecheck", MASKED, "tsc --noEmit")]),
    (
        "npm run ci",
        [
            ("lint", MASKED, "eslint ."),
            ("unit-test", ENFORCING, "vitest run"),
            ("e2e", ENFORCING, "playwright test"),
        ],
    ),
    ("npm run both", [("lint", MASKED, "eslint ."), ("typecheck", ENFORCING, "tsc --noEmit")]),
    ("npm --prefix web test", [("unit-test", ENFORCING, "mocha")]),
    ("cd web && npm test", [("unit-test", ENFORCING, "mocha")]),
    ("npm test -w packages/web", [("unit-test", ENFORCING, "vitest")]),
    ("pnpm --filter @acme/web test", [("unit-test", ENFORCING, "vitest")]),
    ("yarn workspace web test", [("unit-test", ENFORCING, "vitest")]),
    ("yarn type", [("typecheck", ENFORCING, "tsc --noEmit")]),
    ("yarn jest --ci", [("unit-test", ENFORCING, "yarn jest --ci")]),
    ("pnpm run type", [("typecheck", ENFORCING, "tsc --noEmit")]),
    ("bun run type", [("typecheck", ENFORCING, "tsc --noEmit")]),
    ("concurrently 'npm:type' 'jest'", [("typecheck", ENFORCING, "tsc --noEmit"), ("unit-test", ENFORCING, "jest")]),
    (
        "make",
        [
            ("lint", MASKED, "golangci-lint run"),
            ("build", ENFORCING, "go build -o app"),
            ("unit-test", ENFORCING, "go test ./..."),
        ],
    ),
    ("make -j4 lint", [("lint", MASKED, "golangci-lint run")]),
    ("make sub", [("lint", MASKED, "golangci-lint run")]),
    ("make -n deploy", []),
    ("just", [("lint", ENFORCING, "ruff check ."), ("typecheck", MASKED, "mypy .")]),
    (
        "just test -k x",
        [
            ("lint", ENFORCING, "ruff check ."),
            ("typecheck", MASKED, "mypy ."),
            ("unit-test", ENFORCING, "pytest $args"),
        ],
    ),
    ("just log", [("unit-test", ENFORCING, "pytest")]),
    (
        "task test",
        [
            ("lint", ENFORCING, "golangci-lint run"),
            ("format", "report-only", "gofmt -l ."),
            ("unit-test", MASKED, "go test ./..."),
            ("lint", ENFORCING, "go vet ./..."),
        ],
    ),
    ("tox", [("unit-test", ENFORCING, "pytest tests --strict")]),
    ("tox -e lint", [("lint", ENFORCING, "ruff check ."), ("typecheck", MASKED, "mypy .")]),
    ("tox -e py312-slow", [("unit-test", ENFORCING, "pytest -m slow")]),
    ("tox -e maybe", [("unit-test", MASKED, "pytest")]),
    ("nox -s lint", [("lint", ENFORCING, "ruff check .")]),
    ("nox", [("unit-test", ENFORCING, "pytest --strict"), ("lint", ENFORCING, "ruff check .")]),
    ("composer test", [("lint", ENFORCING, "phpcs"), ("unit-test", ENFORCING, "phpunit")]),
    ("deno task check", [("lint", ENFORCING, "deno lint"), ("unit-test", ENFORCING, "deno test")]),
    ("poe all", [("lint", ENFORCING, "ruff check"), ("unit-test", ENFORCING, "pytest")]),
    ("hatch run cov", [("coverage", "report-only", "pytest --cov"), ("unit-test", ENFORCING, "pytest --cov")]),
    ("bash -e scripts/check.sh", [("unit-test", ENFORCING, "pytest"), ("lint", ENFORCING, "pylint src")]),
    ("./scripts/check.sh", [("unit-test", MASKED, "pytest"), ("lint", ENFORCING, "pylint src")]),
    ("./scripts/strict.sh", [("unit-test", ENFORCING, "pytest"), ("lint", ENFORCING, "pylint src")]),
    ("bash scripts/strict.sh", [("unit-test", MASKED, "pytest"), ("lint", ENFORCING, "pylint src")]),
    ("source scripts/strict.sh", [("unit-test", ENFORCING, "pytest"), ("lint", ENFORCING, "pylint src")]),
    ("bin/ci", [("unit-test", ENFORCING, "cargo test")]),
]


@pytest.mark.parametrize(("script", "expected"), FOUND, ids=[f[0] for f in FOUND])
def test_scripts_are_followed(script: str, expected: list[tuple[str, str, str]]) -> None:
    assert [told(a)[:3] for a in run(script, REPOSITORY).abilities] == expected


def test_the_way_is_told() -> None:
    found = run("npm run deploy", REPOSITORY)
    assert ability(found, "unit-test").via == ("package.json: scripts.deploy", "scripts/deploy.sh", "scripts/check.sh")
    assert ability(found, "deploy").details["namespace"] == "$1"
    assert ability(run("cd web && npm test", REPOSITORY), "unit-test").via == ("web/package.json: scripts.test",)


def test_hooks_of_pre_commit() -> None:
    found = run("pre-commit run --all-files", REPOSITORY)
    assert {a.capability for a in found.abilities} == {"lint", "format", "typecheck"}
    assert {a.capability for a in run("pre-commit run gitleaks", REPOSITORY).abilities} == {"secret-scan"}
    assert {a.capability for a in run("pre-commit run ruff || true", REPOSITORY).abilities} == {"lint"}


def test_the_working_directory_counts() -> None:
    step = {"run": "npm test", "working-directory": "web"}
    assert ability(recognise(step, Where(read=REPOSITORY.get), shipped()), "unit-test").evidence == "mocha"
    where = Where(directory="packages/web", read=REPOSITORY.get)
    assert ability(recognise({"run": "npm test"}, where, shipped()), "unit-test").evidence == "vitest"


def test_circles_and_depths_end() -> None:
    assert run("npm run loop", REPOSITORY).opaque == "package.json: scripts.loop runs itself"
    assert capabilities(run("npm run first", REPOSITORY)) == {"unit-test"}
    deep = {"package.json": package(**{f"s{i}": f"npm run s{i + 1}" for i in range(20)})}
    assert "deep" in run("npm run s0", deep).opaque
    wide = {
        "package.json": package(**{f"s{i}": f"npm run s{i + 1} && npm run s{i + 1}" for i in range(20)}, s20="jest")
    }
    assert run("npm run s0", wide).opaque


@pytest.mark.parametrize(
    ("script", "capability", "missing"),
    [
        ("npm run test:integration", "integration-test", "package.json is not there"),
        ("npm test", "unit-test", "package.json is not there"),
        ("yarn lint", "lint", "package.json is not there"),
        ("make test", "unit-test", "Makefile is not there"),
        ("just lint", "lint", "justfile is not there"),
        ("tox -e lint", "lint", "tox.ini is not there"),
        ("./scripts/smoke-tests.sh green", "smoke-test", "./scripts/smoke-tests.sh is not there"),
        ("./deploy.sh", "deploy", "./deploy.sh is not there"),
        ("bash rollback.sh", "rollback", "rollback.sh is not there"),
        ("turbo run lint", "lint", "the packages it runs in are not looked at"),
        ("nx run-many -t lint", "lint", "the packages it runs in are not looked at"),
        ("cd $DIR && npm test", "unit-test", "package.json is not there"),
    ],
)
def test_a_name_alone_is_a_hint(script: str, capability: str, missing: str) -> None:
    found = run(script)
    assert ability(found, capability).sure is False
    assert ability(found, capability).reason == f"not verified: {missing}"
    assert missing in found.opaque


def test_a_script_of_unknown_contents_is_a_hint() -> None:
    found = run("npm test", {"package.json": package(test="node scripts/test.js")})
    assert [(a.capability, a.sure) for a in found.abilities] == [("unit-test", False)]
    assert found.opaque


def test_scripts_that_are_not_there() -> None:
    assert run("npm run nothing --if-present", REPOSITORY) == ((), "")
    assert run("npm run nothing", REPOSITORY) == ((), "package.json has no script nothing")
    assert run("./scripts/code.sh", REPOSITORY).opaque == "./scripts/code.sh is a script in another language"
    assert run("make nothing", REPOSITORY).opaque == "Makefile has no target nothing"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"scripts": 1}', '{"scripts": {"test": 1}}', '{"scripts": {"test": null}}', "null", "[" * 5000],
)
def test_broken_files_break_nothing(text: str) -> None:
    for command in ("npm test", "make test", "tox -e x", "nox", "task test", "just test", "composer test", "poe x"):
        names = ["package.json", "Makefile", "tox.ini", "noxfile.py", "Taskfile.yml", "justfile", "composer.json"]
        run(command, dict.fromkeys([*names, "pyproject.toml"], text))


def test_nothing_outside_of_the_repository_is_read() -> None:
    asked: list[str] = []

    def read(name: str) -> str | None:
        asked.append(name)
        return None

    for script in (
        "bash ../../etc/x.sh",
        "npm --prefix ../.. test",
        "make -C /etc",
        "source /etc/profile",
        "/bin/x.sh",
    ):
        recognise({"run": script}, Where(read=read), shipped())
    assert not [name for name in asked if name.startswith(("/", "..")) or "/../" in name]
