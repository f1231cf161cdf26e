"""What becomes of jobs, said briefly: nothing that matters is left out, and nothing else is told."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Assumption, Fault, JobRun, Scenario, Trace
from guardrail.actions.scenarios import scenarios
from guardrail.graph.outcomes import Case, Fate, Outcome, groups, of_jobs
from tests.graph.made import pipeline

NOWHERE = Scenario("push")
ATOMS = ("a", "b", "c", "d")
RUNS, WAITS = Outcome(SUCCESS, SUCCESS), Outcome(SKIPPED, SKIPPED, "why")
ONE = pipeline("on: push\njobs: {it: {runs-on: x, steps: [{run: x}]}}")


def fate(rows: list[tuple[dict[str, bool], Outcome]]) -> Fate:
    """The fate of the one job in runs given as answers and how it ends."""
    traces = [
        Trace(NOWHERE, tuple(Assumption(a, h) for a, h in answers.items()), {"it": JobRun(o.result, o.because)})
        for answers, o in rows
    ]
    (found,) = of_jobs(ONE.jobs, traces)
    return found


def told(case: Case) -> list[dict[str, bool]]:
    return [{a.text: a.holds for a in when} for when in case.when]


def test_what_does_not_matter_is_not_told() -> None:
    rows = [({"a": a, "b": b}, RUNS if b else WAITS) for a, b in product((True, False), repeat=2)]
    runs, waits = fate(rows).cases
    assert (runs.outcome, told(runs)) == (RUNS, [{"b": True}])
    assert (waits.outcome, told(waits)) == (WAITS, [{"b": False}])
    assert fate([({"a": True}, RUNS), ({"a": False}, RUNS)]).cases == (Case(RUNS),)


def test_the_last_case_is_the_one_with_most_words() -> None:
    rows = [({"a": True, "b": True}, WAITS), ({"a": True, "b": False}, RUNS), ({"a": False}, RUNS)]
    assert [c.outcome for c in fate(rows).cases] == [WAITS, RUNS]
    rows = [({"a": True, "b": True}, RUNS), ({"a": True, "b": False}, WAITS), ({"a": False}, WAITS)]
    runs, waits = fate(rows).cases
    assert told(runs) == [{"a": True, "b": True}]
    assert told(waits) == [{"a": True, "b": False}, {"a": False}]


Tree = Outcome | tuple[str, "Tree", "Tree"]


def trees(atoms: tuple[str, ...]) -> st.SearchStrategy[Tree]:
    """Ways to ask questions, none twice on a way, each answered both ways."""
    leaves = st.sampled_from([RUNS, WAITS, Outcome(SKIPPED, SKIPPED, "other")])
    if not atoms:
        return leaves
    return st.one_of(
        leaves,
        st.sampled_from(atoms).flatmap(
            lambda atom: st.tuples(st.just(atom), *[trees(tuple(a for a in atoms if a != atom))] * 2)
        ),
    )


def rows_of(tree: Tree, answers: dict[str, bool]) -> list[tuple[dict[str, bool], Outcome]]:
    if isinstance(tree, Outcome):
        return [(answers, tree)]
    atom, yes, no = tree
    return rows_of(yes, {**answers, atom: True}) + rows_of(no, {**answers, atom: False})


def end_of(tree: Tree, answers: dict[str, bool]) -> Outcome:
    while not isinstance(tree, Outcome):
        tree = tree[1] if answers[tree[0]] else tree[2]
    return tree


@given(trees(ATOMS))
def test_exactly_one_case_comes_true_and_it_is_the_right_one(tree: Tree) -> None:
    cases = fate(rows_of(tree, {})).cases
    for values in product((True, False), repeat=len(ATOMS)):
        answers = dict(zip(ATOMS, values, strict=True))
        held = [c for c in cases if not c.when or any(w.items() <= answers.items() for w in told(c))]
        assert [c.outcome for c in held] == [end_of(tree, answers)]


CHAIN = "on: push\njobs:\n" + "".join(
    f"  j{n}: {{if: vars.X{n} == 'y', runs-on: x, steps: [{{run: x}}], needs: [{f'j{n - 1}' if n % 9 else ''}]}}\n"
    for n in range(18)
)


def test_where_the_whole_has_too_many_runs_each_job_is_played_by_itself() -> None:
    it = pipeline(CHAIN.replace("needs: []", "x: x"))
    (group,) = groups(it, scenarios(it)[:1])
    assert all(f.cases for f in group.fates)
    assert told(group.fates[17].cases[0]) == [{f"vars.X{n} == 'y'": True for n in range(9, 18)}]


def test_what_cannot_be_played_through_is_not_told() -> None:
    free = "".join(f"  f{n}: {{if: vars.X{n} == 'y', runs-on: x, steps: [{{run: x}}]}}\n" for n in range(8))
    ends = "  all: {needs: [f0, f1, f2, f3, f4, f5, f6, f7], if: always(), runs-on: x, steps: [{run: x}]}\n"
    it = pipeline(f"on: push\njobs:\n{free}{ends}  after: {{needs: all, runs-on: x, steps: [{{run: x}}]}}\n")
    (group,) = groups(it, scenarios(it)[:1])
    assert [len(f.cases) for f in group.fates] == [2] * 8 + [0, 0]
    (only,) = groups(it, scenarios(it)[:1], (), "after")
    assert only.fates == (Fate("after", ()),)


def test_the_fate_of_a_call_is_that_of_what_it_calls() -> None:
    called = "on: workflow_call\njobs: {in: {runs-on: x, steps: [{run: x}]}}"
    free = "".join(f"  f{n}: {{if: vars.X{n} == 'y', runs-on: x, steps: [{{run: x}}]}}\n" for n in range(8))
    it = pipeline(f"on: push\njobs:\n{free}  call: {{uses: ./called.yml}}\n", {"called.yml": called})
    (group,) = groups(it, scenarios(it)[:1], (Fault("call/in/0"),))
    ends = {f.subject: f.cases[0].outcome.result for f in group.fates[8:]}
    assert ends == {"call": FAILURE, "call/in": FAILURE}
