"""The tables of docs/gates.md are true: teeth, causes, what each key of a pipeline gate demands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardrail.actions.model import NOT_KNOWN
from guardrail.actions.recognise import Where, recognise
from guardrail.catalog import pipeline_gate
from guardrail.catalog.load import load
from guardrail.catalog.recognise import load as table
from guardrail.checks.delivery import GATES
from guardrail.graph import gates, protection
from guardrail.graph.evidence import ALL

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
KNOWN = load().policies


def rows(first: str) -> list[list[str]]:
    """The rows of the table whose first column has that heading."""
    found = re.search(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert found, first
    cells = (re.split(r"(?<!\\)\|", line.strip("|")) for line in found.group(1).splitlines())
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in cells]


def names(cell: str) -> list[str]:
    return re.findall(r"`([\w-]+)`", cell)


@pytest.mark.parametrize(("step", "teeth", "because"), rows("step"))
def test_teeth(step: str, teeth: str, because: str) -> None:
    ability = recognise({"run": step.strip("`")}, Where(), table()).abilities[0]
    assert (ability.teeth if ability.sure else NOT_KNOWN) == teeth
    assert not because or ability.reason == because


CAUSES = rows("cause")


@pytest.mark.parametrize(("cause", "policy", "profile"), [(c, names(p)[0], profile) for c, _, p, profile in CAUSES])
def test_causes(cause: str, policy: str, profile: str) -> None:
    found = KNOWN[policy]
    assert profile in found.profiles
    assert cause == gates.MISSING or list(found.with_arguments["causes"]) == [cause]  # type: ignore[call-overload]
    assert cause != gates.MISSING or found.check in ("gates.missing", "gates.nothing")


def test_every_cause_is_told() -> None:
    told = [cause for cause, *_ in CAUSES]
    every = (gates.MISSING, gates.UNAWAITED, gates.MASKED, gates.REPORT_ONLY, gates.SKIPPED)
    assert list(dict.fromkeys(told)) == [*every, gates.BYPASSED, gates.LAUNDERED]
    assert set(pipeline_gate.TOOTHLESS) <= {name for _, _, policy, _ in CAUSES for name in names(policy)}


def demanded(key: str) -> set[str]:
    """The shipped policies that one key asks for."""
    data = {"id": "x", "applies_to": {"deploys_to": "production"}, **yaml.safe_load(key)}
    return {policy.id.removeprefix("x-") for policy in pipeline_gate.policies(data, "", KNOWN)}


KEYS = [(key.strip("`"), policies) for key, _, policies in rows("key")]


@pytest.mark.parametrize(("key", "policies"), KEYS)
def test_what_a_key_demands(key: str, policies: str) -> None:
    told = set(names(policies))
    if key.startswith("gates:") and "required" in key:
        told |= {*pipeline_gate.TOOTHLESS, "deploy-without-gates"}
    assert demanded(key) == told


def keys(data: Any) -> Iterator[str]:
    """Every key of a schema."""
    if isinstance(data, dict):
        yield from data.get("properties", {})
        for value in data.values():
            yield from keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from keys(value)


def test_every_key_of_a_gate_is_told() -> None:
    path = ROOT / "guardrail" / "catalog" / "pipelinegate.schema.json"
    known = set(keys(json.loads(path.read_text(encoding="utf-8")))) - {"description"}
    assert {key for key in known if f"{key}:" not in TEXT} == set()


def test_every_gate_is_told() -> None:
    (told,) = re.findall(r"^- `gates`: (.*?)\n(?=- )", TEXT, re.MULTILINE | re.DOTALL)
    asked = {p.with_arguments["gate"] for p in KNOWN.values() if p.check == "gates.missing"} | {"unit-test"}
    assert set(names(told)) == asked
    assert asked <= set(GATES)


def test_evidence() -> None:
    assert [names(kind)[0] for kind, _ in rows("evidence")] == list(ALL)


SCRIPTS = {
    "package.json": '{"scripts": {"test": "pytest"}}',
    "Makefile": "test:\n\tpytest\n",
    "justfile": "test:\n  pytest\n",
    "Taskfile.yml": "version: 3\ntasks:\n  test:\n    cmds:\n      - pytest\n",
    "tox.ini": "[testenv:test]\ncommands = pytest\n",
    "noxfile.py": 'import nox\n\n@nox.session\ndef test(session):\n    session.run("pytest")\n',
    "pyproject.toml": '[tool.poe.tasks]\ntest = "pytest"\n',
    "composer.json": '{"scripts": {"test": "pytest"}}',
    ".pre-commit-config.yaml": "repos:\n- repo: https://github.com/example/hooks\n  rev: v1\n  hooks:\n  - id: ruff\n",
    "scripts/test.sh": "#!/bin/sh\npytest\n",
}
FOLLOWED = [
    (command, re.findall(r"`([^`]+)`", read)[0])
    for commands, read in rows("a step runs")
    for command in re.findall(r"`([^`]+)`", commands)
    if not command.startswith("uses:")
]


@pytest.mark.parametrize(("command", "file"), FOLLOWED)
def test_what_is_followed(command: str, file: str) -> None:
    files = {file: SCRIPTS[file]}
    (ability,) = recognise({"run": command}, Where(read=files.get), table()).abilities
    assert ability.sure
    assert ability.capability == ("lint" if file.startswith(".pre-commit") else "unit-test")
    assert ability.via[0].startswith(file)
    (hint, *_) = recognise({"run": command}, Where(), table()).abilities or [None]
    assert hint is None or not hint.sure


def test_every_setting_of_github_that_is_read_is_told() -> None:
    source = Path(protection.__file__).read_text(encoding="utf-8")
    told = {name for _, read in rows("file") for name in names(read)}
    assert set(re.findall(r"github_\w+", source.replace("github_repository_environment.{label}", ""))) <= told
    assert set(protection.SETTINGS) >= {names_.strip("`") for names_, _ in rows("file") if "settings" in names_}


def test_bounds() -> None:
    from guardrail.actions import scenarios
    from guardrail.actions.simulate import play

    assert f"{scenarios.LIMIT} scenarios" in TEXT
    assert f"{play.LIMIT} runs of a scenario" in TEXT
