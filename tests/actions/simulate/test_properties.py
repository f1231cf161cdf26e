"""What holds for every workflow, and a second, much simpler implementation to compare with."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import pipeline, simulate
from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Fault, Pipeline, Scenario
from tests.actions.simulate.playing import abilities

PUSH = Scenario("push", "refs/heads/main")
NAMES = "abcdef"

CONDITIONS = {
    None: lambda s, f: s,
    "success()": lambda s, f: s,
    "failure()": lambda s, f: f,
    "always()": lambda s, f: True,
    "!cancelled()": lambda s, f: True,
    "cancelled()": lambda s, f: False,
    "!failure()": lambda s, f: not f,
    "!success()": lambda s, f: not s,
    "success() || failure()": lambda s, f: s or f,
    "failure() && !success()": lambda s, f: f and not s,
    "github.event_name == 'push'": lambda s, f: s,
    "github.event_name != 'push'": lambda s, f: False,
    "${{ false }} ": lambda s, f: s,
    False: lambda s, f: False,
    True: lambda s, f: s,
    "always() && github.ref == 'refs/heads/dev'": lambda s, f: False,
}


@st.composite
def workflows(draw: st.DrawFn, conditions: st.SearchStrategy[object]) -> dict[str, dict[str, object]]:
    """Jobs that need some of those before them, in any order in the file."""
    jobs: Jobs = {}
    for index, name in enumerate(NAMES[: draw(st.integers(1, 6))]):
        needs = draw(st.lists(st.sampled_from(NAMES[:index]), unique=True, max_size=3)) if index else []
        steps: list[dict[str, object]] = []
        for step in range(draw(st.integers(1, 3))):
            condition = draw(conditions)
            steps.append({"id": f"s{step}", "run": "work", **({} if condition is None else {"if": condition})})
            if draw(st.integers(0, 5)) == 0:
                steps[-1]["continue-on-error"] = True
        condition = draw(conditions)
        jobs[name] = {
            "runs-on": "x",
            "needs": needs,
            "steps": steps,
            **({} if condition is None else {"if": condition}),
        }
        if draw(st.integers(0, 5)) == 0:
            jobs[name]["continue-on-error"] = True
    order = draw(st.permutations(list(jobs)))
    return {name: jobs[name] for name in order}


ANY = workflows(st.sampled_from(list(CONDITIONS)))
DEFAULT = workflows(st.none())
Jobs = dict[str, dict[str, object]]
Faults = set[tuple[str, int]]
Ends = tuple[dict[str, str], dict[str, str]]
"""Results of jobs and outcomes of steps."""

FAULTS = st.sets(st.tuples(st.sampled_from(NAMES), st.integers(0, 2)), max_size=4)


def built(jobs: Mapping[str, object]) -> Pipeline:
    return pipeline.build({"on": "push", "jobs": jobs}, "f.yml", lambda _: None, abilities)


def played(jobs: Mapping[str, object], faults: Faults) -> Ends:
    """Results of jobs and outcomes of steps."""
    found = simulate.simulate(built(jobs), PUSH, [Fault(f"{job}/{step}") for job, step in faults])
    assert found.complete
    (trace,) = found.traces
    steps = {key: run.outcome for job in trace.jobs.values() for key, run in job.steps.items()}
    return {job: run.result for job, run in trace.jobs.items()}, steps


def reference(jobs: Mapping[str, dict[str, object]], faults: Faults) -> Ends:
    """The rules as the documents put them, over sets of all ancestors, as plainly as possible."""
    results: dict[str, str] = {}
    steps: dict[str, str] = {}

    def ancestors(name: str) -> set[str]:
        direct = set(jobs[name]["needs"])  # type: ignore[call-overload]
        return direct.union(*map(ancestors, direct))

    def ends(name: str) -> str:
        failed = False
        for index, step in enumerate(jobs[name]["steps"]):  # type: ignore[arg-type, var-annotated]
            runs = CONDITIONS[step.get("if")](not failed, failed)
            broken = runs and (name, index) in faults
            steps[f"{name}/{index}"] = FAILURE if broken else SUCCESS if runs else SKIPPED
            failed = failed or (broken and not step.get("continue-on-error"))
        return FAILURE if failed and not jobs[name].get("continue-on-error") else SUCCESS

    for name in sorted(jobs):
        before = [results[one] for one in ancestors(name)]
        success, failure = all(r == SUCCESS for r in before), FAILURE in before
        if CONDITIONS[jobs[name].get("if")](success, failure):  # type: ignore[index]
            results[name] = ends(name)
        else:
            results[name] = SKIPPED
            steps |= {f"{name}/{i}": SKIPPED for i in range(len(jobs[name]["steps"]))}  # type: ignore[arg-type]
    return results, steps


@given(ANY, FAULTS)
def test_like_the_reference(jobs: Jobs, faults: Faults) -> None:
    assert played(jobs, faults) == reference(jobs, faults)


@given(DEFAULT)
def test_without_faults_and_conditions_everything_runs(jobs: Jobs) -> None:
    results, steps = played(jobs, set())
    assert set(results.values()) | set(steps.values()) == {SUCCESS}


@given(ANY, FAULTS, FAULTS)
def test_a_fault_never_starts_a_job_without_conditions(jobs: Jobs, faults: Faults, more: Faults) -> None:
    """Such a job waits for the success of all before it, which a fault can only take away."""
    before, _ = played(jobs, faults)
    after, _ = played(jobs, faults | more)
    for name, job in jobs.items():
        if "if" not in job and after[name] != SKIPPED:
            assert before[name] != SKIPPED


@given(DEFAULT, FAULTS)
def test_a_fault_stops_all_behind_it(jobs: Jobs, faults: Faults) -> None:
    results, _ = played(jobs, faults)
    for job in jobs.values():
        for need in job["needs"]:  # type: ignore[attr-defined]
            assert results[need] == SUCCESS or results[next(n for n, j in jobs.items() if j is job)] == SKIPPED


OPEN = workflows(st.sampled_from([*CONDITIONS, "vars.a", "vars.b == 'x'", "always() && vars.b != 'y'"]))


@given(OPEN, FAULTS)
def test_runs_differ_in_their_assumptions(jobs: Jobs, faults: Faults) -> None:
    made = [Fault(f"{job}/{step}") for job, step in faults]
    found = simulate.simulate(built(jobs), PUSH, made)
    assert found == simulate.simulate(simulate.plan(built(jobs)), PUSH, made)
    given_ = [trace.assumptions for trace in found.traces]
    assert len({tuple(a) for a in given_}) == len(given_) >= 1
    for assumptions in given_:
        assert len({a.text for a in assumptions}) == len(assumptions)
    if not any("vars" in str(job) for job in jobs.values()):
        assert given_ == [()]


@given(OPEN, FAULTS)
def test_a_focus_changes_nothing_about_the_jobs(jobs: Jobs, faults: Faults) -> None:
    made = [Fault(f"{job}/{step}") for job, step in faults]
    every = simulate.simulate(built(jobs), PUSH, made).traces
    some = simulate.simulate(built(jobs), PUSH, made, focus=()).traces
    assert len(some) <= len(every)
    assert {tuple(r.result for r in t.jobs.values()) for t in some} == {
        tuple(r.result for r in t.jobs.values()) for t in every
    }
