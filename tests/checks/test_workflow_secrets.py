"""Literal secrets in workflows and Dependabot's settings: all are masked, and the real ones are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from guardrail.checks.secret_places import sightings
from guardrail.checks.secret_workflows import real
from guardrail.checks.secrets import secret_values
from guardrail.model.document import Document, Place, Resource
from guardrail.model.place import Path as Steps
from guardrail.model.place import Span
from guardrail.model.report import Report
from tests.checks.made_up import TOKENS, body
from tests.checks.test_leaks import FORMATS, Vault
from tests.conftest import Command

Scan = Callable[..., Report]
PW = "Wint3r-Coat-91"


class Nowhere:
    """Places of a document that has no text."""

    def locate(self, path: Steps) -> Place:
        """Line one."""
        return Place(Span(1, 1, 1, 1))


def resource(data: dict[str, Any], type_: str = "workflow", kind: str = "Workflow") -> Resource:
    """A workflow, or something else, of the given data."""
    return Resource(Document("x.yml", 0, data, Nowhere(), 1, 1), data, (), type_, "", kind)


def step(**data: object) -> dict[str, Any]:
    """A workflow with one step."""
    return {"on": "push", "jobs": {"a": {"steps": [data]}}}


SPOTS: dict[str, dict[str, Any]] = {
    "env of the workflow": {"env": {"DB_PASSWORD": PW}},
    "env of a job": {"jobs": {"a": {"env": {"DB_PASSWORD": PW}}}},
    "env of a step": step(env={"DB_PASSWORD": PW}),
    "input": step(uses="x/y@v1", **{"with": {"password": PW}}),
    "script": step(run=f"npm test\ncurl -u robot:{PW} https://api.shop.example\n"),
    "assignment": step(run=f"export API_PASSWORD={PW}"),
    "url": step(run=f"git clone https://robot:{PW}@git.shop.example/shop"),
    "container": {"jobs": {"a": {"container": {"credentials": {"username": "x", "password": PW}}}}},
    "service": {"jobs": {"a": {"services": {"db": {"env": {"POSTGRES_PASSWORD": PW}}}}}},
    "call": {"jobs": {"a": {"uses": "./x.yml", "secrets": {"password": PW}}}},
    "input of a script": step(uses="actions/github-script@v7", **{"with": {"script": f"const password = '{PW}'"}}),
}


@pytest.mark.parametrize("spot", SPOTS)
def test_every_spot_is_masked(spot: str) -> None:
    assert PW in {s.value for s in secret_values(resource(SPOTS[spot]))}


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_tokens_are_masked_wherever_they_stand(name: str) -> None:
    _, token = TOKENS[name]
    for data in (step(run=f"echo {token} x"), step(name=f"uses {token} now"), {"env": {"X": token}}):
        assert any(seen.value and seen.value in token for seen in sightings(resource(data))), data


def test_dependabot_and_pre_commit_are_masked_too() -> None:
    registries = {"registries": {"a": {"password": "abcd efgh", "token": "${{secrets.X}}"}}}
    assert {s.value for s in secret_values(resource(registries, "dependabot", "Dependabot"))} == {"abcd efgh"}
    hooks = {"repos": [{"repo": f"https://robot:{PW}@git.shop.example/hooks"}]}
    assert {s.value for s in secret_values(resource(hooks, "pre-commit", "PreCommitConfig"))} == {PW}


def told(data: dict[str, Any]) -> list[str]:
    """The values that a finding is made of."""
    return [seen.value for seen in real(resource(data))]


@pytest.mark.parametrize(
    "spot", ["env of the workflow", "env of a job", "env of a step", "input", "script", "assignment", "url", "call"]
)
def test_real_ones_are_told(spot: str) -> None:
    assert told(SPOTS[spot]) == [PW]


def test_what_services_are_set_up_with_is_no_secret_anywhere() -> None:
    job = {
        "services": {"db": {"env": {"POSTGRES_PASSWORD": PW}}},
        "env": {"PGPASSWORD": PW, "DATABASE_URL": f"postgres://shop:{PW}@db.shop.example/shop"},
    }
    assert told({"jobs": {"a": job}}) == []
    assert told({"jobs": {"a": {"env": job["env"]}}}) == [PW, PW]


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:5432", "postgres:5432", "db", "[::1]", "0.0.0.0", "host.docker.internal"]
)
def test_a_database_on_this_machine_is_one_of_the_run(host: str) -> None:
    assert told(step(env={"URL": f"postgres://shop:{PW}@{host}/shop"})) == []
    assert told(step(env={"URL": f"postgres://shop:{PW}@{host}"})) == []


@pytest.mark.parametrize(
    "value",
    [
        "postgres",
        "test",
        "test-secret-key-1234",
        "ci_password_9A8B",
        "dummy-8f2k",
        "notasecret",
        "${{ secrets.X }}",
        "$PW",
        "changeme",
        "your-password-123",
        "<password>",
        "AKIAIOSFODNN7EXAMPLE",
        "some-long-name-of-a-thing",
        "password123",
    ],
)
def test_words_that_stand_for_a_password(value: str) -> None:
    for name in ("DB_PASSWORD", "JWT_SECRET", "API_TOKEN"):
        assert told(step(env={name: value})) == [], name


def test_tokens_are_told_wherever_they_stand() -> None:
    _, token = TOKENS["github classic"]
    assert told({"jobs": {"a": {"services": {"db": {"env": {"X_TOKEN": token}, "image": "x"}}}}}) == [token]
    assert told({"jobs": {"a": {"container": {"env": {"X_TOKEN": token}}}}}) == [token]


def test_no_format_shows_a_secret(tmp_path: Path, guardrail: Command) -> None:
    vault = Vault()
    text = dedent(f"""\
        on: push
        permissions: write-all
        env:
          DB_PASSWORD: {vault.new()}
        jobs:
          a:
            runs-on: ubuntu-latest
            container:
              image: registry.example.com/build:latest
              credentials: {{username: robot, password: {vault.new()}}}
            steps:
              - uses: example/deploy@main
                with: {{api-token: {vault.new()}, also: "${{{{ secrets.X }}}}", password: "{vault.new()}"}}
              - run: |
                  npm test
                  curl -u "robot:{vault.new()}" -d "${{{{ github.event.issue.title }}}}" https://api.shop.example
              - run: psql postgres://shop:{vault.new()}@db.shop.example/shop -c "${{{{ github.head_ref }}}}"
        """)
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/ci.yml").write_text(text)
    dependabot = f"version: 2\nregistries:\n  a: {{type: npm-registry, token: {vault.new()}}}\nupdates: []\n"
    (tmp_path / ".github/dependabot.yml").write_text(dependabot)
    for form in FORMATS:
        done = guardrail("scan", "--profile", "strict", "-f", form, "--no-cache", "--fail-on", "never")
        assert "secret" in done.stdout
        for secret in vault.made:
            assert secret not in done.stdout + done.stderr, form


def test_a_secret_in_a_script_is_shown_at_its_line(scan: Scan) -> None:
    value = body(16, seed="line") + "7z"
    text = (
        f"on: push\njobs:\n  a:\n    steps:\n      - run: |\n          npm test\n          export API_TOKEN={value}\n"
    )
    (found,) = scan({".github/workflows/a.yml": text}, profile="none", select=("secret-in-workflow",)).findings
    assert found.location.span.line == 7
    assert value not in found.location.excerpt + found.message + found.path
