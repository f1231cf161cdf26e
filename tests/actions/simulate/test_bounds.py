"""Hostile workflows: bounded time and depth, whatever they hold."""

from __future__ import annotations

import time

import pytest

from guardrail.actions import pipeline, simulate
from guardrail.actions.model import Scenario
from guardrail.actions.scenarios import scenarios
from tests.actions.simulate.playing import Known

PUSH = Scenario("push", "refs/heads/main")


def steps(number: int, **more: object) -> list[dict[str, object]]:
    return [{"run": f"work {i}", **more} for i in range(number)]


HOSTILE: dict[str, dict[str, object]] = {
    "a long chain": {f"j{i}": {"needs": [f"j{i - 1}"] if i else [], "steps": steps(1)} for i in range(900)},
    "everybody needs everybody": {
        f"j{i}": {"needs": [f"j{k}" for k in range(i)], "steps": steps(1)} for i in range(300)
    },
    "circles": {f"j{i}": {"needs": [f"j{k}" for k in range(200) if k != i], "steps": steps(1)} for i in range(200)},
    "open questions": {f"j{i}": {"if": f"vars.x{i}", "steps": steps(5, **{"if": f"vars.y{i}"})} for i in range(60)},
    "one long job": {"j": {"steps": steps(5000, **{"if": "always() && github.ref == 'x'"})}},
    "combinations": {
        "j": {
            "strategy": {"matrix": {"n": list(range(256))}},
            "steps": steps(300, **{"if": "matrix.n == 3 && vars.x"}),
        }
    },
    "wide matrices": {"j": {"strategy": {"matrix": {f"v{i}": list(range(9)) for i in range(200)}}, "steps": steps(1)}},
    "a long condition": {"j": {"if": " || ".join(f"vars.x{i} == '{i}'" for i in range(700)), "steps": steps(1)}},
    "a long name": {"j": {"name": "x" * 10**6, "if": "'" + "x" * 20000 + "' == 'y'", "steps": steps(1)}},
    "groups in groups": {"j": {"steps": [{"parallel": [{"parallel": [{"parallel": steps(3)}]}]}]}},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bounded(name: str) -> None:
    began = time.process_time()
    built = pipeline.build({"on": "push", "jobs": HOSTILE[name]}, "f.yml", lambda _: None, lambda s, f: Known())
    found = simulate.simulate(built, PUSH)
    assert found.complete or found.traces
    assert time.process_time() - began < 8


def nested(depth: int) -> object:
    group: object = steps(1)
    for _ in range(depth):
        group = [{"parallel": group}]
    return group


def test_groups_nested_too_deeply_are_a_defect() -> None:
    jobs = {"j": {"steps": nested(400)}}
    built = pipeline.build({"on": "push", "jobs": jobs}, "f.yml", lambda _: None, lambda s, f: Known())
    assert any("nested too deeply" in defect for defect in built.defects)
    assert simulate.simulate(built, PUSH).complete


def test_actions_that_use_two_of_each_other_end() -> None:
    """Each uses the next twice: two to the tenth steps, and no more."""

    def calls(path: str) -> tuple[str, dict[str, object]]:
        following = f"./a{int(path[3:]) + 1}"
        return path, {"runs": {"using": "composite", "steps": [{"uses": following}, {"uses": following}]}}

    jobs = {"j": {"steps": [{"uses": "./a0"}]}}
    built = pipeline.build({"on": "push", "jobs": jobs}, "f.yml", calls, lambda s, f: Known())
    assert simulate.simulate(built, PUSH).complete


def test_workflows_that_call_two_of_each_other_end() -> None:
    def calls(path: str) -> tuple[str, dict[str, object]]:
        number = int(path.rpartition("/")[2].removesuffix(".yml")) + 1
        call = {"uses": f"./.github/workflows/{number}.yml"}
        return path, {"on": {"workflow_call": {}}, "jobs": {"a": call, "b": call}}

    jobs = {"j": {"uses": "./.github/workflows/0.yml"}}
    built = pipeline.build({"on": "push", "jobs": jobs}, "f.yml", calls, lambda s, f: Known())
    assert len(built.jobs) < 2500
    began = time.process_time()
    simulate.simulate(built, PUSH, limit=4)
    assert time.process_time() - began < 5


def test_filters_without_end() -> None:
    on = {"push": {"branches": [f"b{i}/**" for i in range(20000)], "tags": ["*" * 5000, "[" * 5000]}}
    began = time.process_time()
    built = pipeline.build({"on": on, "jobs": {}}, "f.yml", lambda _: None, lambda s, f: Known())
    assert 0 < len(scenarios(built)) < 60
    assert time.process_time() - began < 5
