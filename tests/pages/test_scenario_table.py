"""The scenario table: what is alike is told once, conditions in words, and no input that steers the terminal."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.actions.model import CANCELLED, FAILURE, SKIPPED, SUCCESS, Assumption, Scenario
from guardrail.graph.outcomes import Case, Fate, Group, Outcome
from guardrail.pages.scenario_table import Table, as_data, terminal
from tests.graph.made import pipeline
from tests.reporters.strategies import made, texts

IT = pipeline("name: It\non: push\njobs: {a: {runs-on: x, steps: [{run: x}]}}")
RUNS = Case(Outcome(SUCCESS, SUCCESS))


def shown(*groups: Group, **more: object) -> list[str]:
    """The blocks below the head, as lines."""
    return terminal(Table(IT, groups, **more)).splitlines()[2:]  # type: ignore[arg-type]


def group(*fates: Fate, labels: tuple[str, ...] = ("push",)) -> Group:
    return Group(tuple(Scenario(label.partition(" ")[0], label=label) for label in labels), fates)


def test_an_event_all_of_whose_ways_are_alike_is_named_once() -> None:
    many = tuple(f"workflow_dispatch on {n}" for n in range(4))
    assert shown(group(Fate("a", (RUNS,)), labels=("push to main", *many)))[0] == (
        "push to main; workflow_dispatch (all 4 ways)"
    )
    apart = (group(Fate("a", (RUNS,)), labels=many[:3]), group(Fate("a", ()), labels=many[3:]))
    assert shown(apart[0], apart[1]._replace(fates=()))[0] == "; ".join(many[:3])
    pushes = tuple(f"push to {n}" for n in range(12))
    lines = shown(group(Fate("a", (RUNS,)), labels=pushes), group(labels=("push to x",)))
    assert " ".join(" ".join(lines[:2]).split()).endswith("push to 7; and 4 ways more")


@pytest.mark.parametrize(
    ("assumption", "words"),
    [
        (Assumption("vars.A", True), "vars.A"),
        (Assumption("vars.A", False), "not vars.A"),
        (Assumption("vars.A == 'x'", True), "vars.A == 'x'"),
        (Assumption("vars.A == 'x'", False), "vars.A != 'x'"),
        (Assumption("vars.A < 3", False), "not (vars.A < 3)"),
        (Assumption("it == odd", True, False), "it == odd (which GitHub does not document)"),
    ],
)
def test_conditions_in_words(assumption: Assumption, words: str) -> None:
    waits = Case(Outcome(SKIPPED, SKIPPED, "of x"), ((assumption,), (assumption,)))
    lines = shown(group(Fate("a", (Case(RUNS.outcome, ((assumption,),)), waits))))
    assert lines[1:] == [
        "  depends  a",
        f"           runs     if {words}",
        "           skipped  otherwise, because of x",
    ]


def test_endings_that_differ_from_what_others_see() -> None:
    tolerated = Case(Outcome(FAILURE, SUCCESS, "it is made to fail"))
    lines = shown(group(Fate("a", (RUNS,)), Fate("a/0", (tolerated,))), job="a", labels={"a/0": "npm test"})
    assert lines[2] == "  fails  npm test  it is made to fail; goes on as success"


def test_two_reasons_for_one_ending_are_one_case() -> None:
    a, b = Assumption("a", True), Assumption("b", True)
    cases = (
        Case(RUNS.outcome, ((a,),)),
        Case(Outcome(SKIPPED, SKIPPED, "x"), ((b,),)),
        Case(Outcome(SKIPPED, SKIPPED, "y"), ((b, a),)),
    )
    assert shown(group(Fate("a", cases)))[2:] == [
        "           runs     if a",
        "           skipped  otherwise, because x, or because y",
    ]
    assert shown(group(Fate("a", cases[1:])))[1] == "  skipped  a  x, or because y"


def test_a_bound_is_never_silent() -> None:
    lines = shown(group(Fate("a", ()), Fate("b", ()), Fate("c", (RUNS,))))
    assert lines[1:] == ["  unknown  a, b  there are more cases than can be played through", "  runs     c"]
    assert shown() == ["Nothing starts this workflow."]
    assert shown(asked="on v1") == ["Nothing starts this workflow on v1."]


results = st.sampled_from([SUCCESS, FAILURE, SKIPPED, CANCELLED])
assumptions = made(Assumption, text=texts, holds=st.booleans(), documented=st.booleans())
cases = made(
    Case,
    outcome=made(Outcome, result=results, conclusion=results, because=texts),
    when=st.lists(st.lists(assumptions, min_size=1, max_size=3).map(tuple), max_size=6).map(tuple),
)
fates = made(Fate, subject=texts, cases=st.lists(cases, max_size=3).map(tuple))
groups = made(
    Group,
    scenarios=st.lists(made(Scenario, event=texts, label=texts), min_size=1, max_size=5).map(tuple),
    fates=st.lists(fates, max_size=4).map(tuple),
)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.lists(groups, max_size=3).map(tuple), st.booleans(), st.sampled_from([40, 100]), st.lists(texts, max_size=2))
def test_any_table_can_be_shown(found: tuple[Group, ...], steps: bool, room: int, words: list[str]) -> None:
    labels = {fate.subject: fate.subject for g in found for fate in g.fates}
    table = Table(IT, found, "a" if steps else "", labels, tuple(words), "".join(words))
    text = terminal(table, room=room)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
    assert re.sub(r"\x1b\[[\d;]+m", "", terminal(table, color=True, room=room)) == text
    data = json.loads(json.dumps(as_data(table)))
    assert len(data["scenarios"]) == sum(len(g.scenarios) for g in found)
