"""Open questions: how many runs there are, that answers fit together, that nothing is claimed beyond the limit."""

from __future__ import annotations

from guardrail.actions import simulate
from guardrail.actions.model import Fault, Scenario
from guardrail.actions.scenarios import scenarios
from tests.actions.simulate.playing import build, play

PUSH = "on: {push: {branches: [main]}}\njobs:\n"


def jobs(*conditions: str) -> str:
    """A job for each condition."""
    lines = [f'  j{i}: {{if: "{c}", runs-on: x, steps: [{{run: a}}]}}' for i, c in enumerate(conditions)]
    return PUSH + "\n".join(lines)


def ran(text: str) -> list[str]:
    """For each run the jobs that ran, as digits."""
    return sorted("".join(j[1:] for j, r in t.jobs.items() if r.result != "skipped") for t in play(text))


def test_one_run_where_nothing_is_open() -> None:
    assert ran(jobs("github.event_name == 'push'", "false", "vars.x && false", "true || vars.y")) == ["03"]


def test_both_answers_to_one_question() -> None:
    assert ran(jobs("vars.x == 'a'", "vars.x != 'a'")) == ["0", "1"]


def test_equalities_on_one_variable_exclude_one_another() -> None:
    assert ran(jobs("vars.x == 'a'", "vars.x == 'b'", "vars.x == 'A'")) == ["", "02", "1"]


def test_truth_fits_equality() -> None:
    assert ran(jobs("vars.x == 'a'", "vars.x", "vars.x == ''")) == ["01", "1", "2"]


def test_empty_is_the_same_question_as_false() -> None:
    assert ran(jobs("vars.x == ''", "!vars.x", "vars.x == false", "vars.x != ''")) == ["012", "3"]


def test_a_bound_variable_settles_functions_of_it() -> None:
    conditions = ("github.event.head_commit.message == 'x'", "contains(github.event.head_commit.message, 'y')")
    assert ran(jobs(*conditions)) == ["", "0", "1"]


def test_less_equal_and_greater_exclude_one_another() -> None:
    assert ran(jobs("fromJSON(vars.n) > 3", "fromJSON(vars.n) < 3", "fromJSON(vars.n) == 3")) == ["", "0", "1", "2"]


def test_the_order_of_jobs_does_not_change_the_runs() -> None:
    one = jobs("vars.x == 'a'", "vars.x", "vars.y && vars.x == 'b'")
    two = jobs("vars.y && vars.x == 'b'", "vars.x", "vars.x == 'a'")
    turned = sorted("".join(sorted(r.translate(str.maketrans("02", "20")))) for r in ran(two))
    assert set(turned) == set(ran(one))


def test_inputs_left_open_have_one_of_their_options() -> None:
    text = """
    on: {workflow_dispatch: {inputs: {env: {type: choice, options: [dev, prod]}, dry: {type: boolean}}}}
    jobs:
      a: {if: "inputs.env == 'dev'", runs-on: x, steps: []}
      b: {if: "inputs.env == 'prod'", runs-on: x, steps: []}
      c: {if: "inputs.env == 'nowhere'", runs-on: x, steps: []}
      d: {if: "inputs.dry == true", runs-on: x, steps: []}
      e: {if: "inputs.dry == 'true'", runs-on: x, steps: []}
    """
    traces = play(text, scenario=Scenario("workflow_dispatch", "refs/heads/main"))
    found = sorted("".join(j for j, r in t.jobs.items() if r.result != "skipped") for t in traces)
    assert found == ["a", "ad", "b", "bd"]


def test_inputs_that_are_fixed() -> None:
    text = """
    on: {workflow_dispatch: {inputs: {env: {type: choice, options: [dev, prod]}, dry: {type: boolean}}}}
    jobs:
      a: {if: "inputs.env == 'prod' && !inputs.dry", runs-on: x, steps: []}
      b: {if: "github.event.inputs.dry == 'false'", runs-on: x, steps: []}
      c: {if: "inputs.dry == 'false'", runs-on: x, steps: []}
    """
    scenario = Scenario("workflow_dispatch", "refs/heads/main", inputs={"env": "prod", "dry": False})
    (trace,) = play(text, scenario=scenario)
    assert [run.result for run in trace.jobs.values()] == ["success", "success", "skipped"]


def test_outputs_are_the_same_wherever_they_are_asked_for() -> None:
    text = """
    on: {push: {branches: [main]}}
    jobs:
      a: {runs-on: x, outputs: {go: "${{ steps.s.outputs.go }}"}, steps: [{id: s, run: a}]}
      b: {needs: a, if: "needs.a.outputs.go == 'true'", runs-on: x, steps: []}
      c: {needs: a, if: "needs.a.outputs.go != 'true'", runs-on: x, steps: []}
    """
    assert {tuple(run.result for run in t.jobs.values()) for t in play(text)} == {
        ("success", "success", "skipped"),
        ("success", "skipped", "success"),
    }


def test_beyond_the_limit_nothing_is_complete() -> None:
    built = build(jobs(*(f"vars.x{i}" for i in range(12))))
    scenario = scenarios(built)[0]
    found = simulate.simulate(built, scenario)
    assert (len(found.traces), found.complete) == (256, False)
    assert simulate.simulate(built, scenario, limit=4096).complete
    exactly = build(jobs(*(f"vars.x{i}" for i in range(8))))
    assert simulate.simulate(exactly, scenario).complete


def test_steps_nobody_asks_about_stay_open() -> None:
    steps = ", ".join(f"{{if: vars.x{i}, run: a}}" for i in range(12))
    built = build(f"{PUSH}  j: {{runs-on: x, steps: [{steps}, {{if: vars.y, run: deploy}}]}}")
    scenario = scenarios(built)[0]
    found = simulate.simulate(built, scenario, focus=["j/12"])
    assert (len(found.traces), found.complete) == (2, True)
    assert sorted(simulate.runs_ability(t, "j/12", 0) for t in found.traces) == [False, True]


def test_steps_that_are_looked_at_are_settled_all_the_same() -> None:
    text = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: x
        steps: [{id: s, if: vars.x, run: a}, {if: "steps.s.outcome == 'skipped'", run: deploy}, {if: vars.z, run: t}]
    """
    built = build(text)
    focused = simulate.simulate(built, scenarios(built)[0], [Fault("j/2")], focus=["j/1"])
    assert {(simulate.runs_ability(t, "j/1", 0), t.jobs["j"].result) for t in focused.traces} == {
        (True, "failure"),
        (True, "success"),
        (False, "failure"),
        (False, "success"),
    }


def test_assumptions_are_told_in_words() -> None:
    (yes, no) = play(jobs("vars.Region == 'EU'"))
    assert [(a.text, a.holds, a.documented) for a in yes.assumptions] == [("vars.REGION == 'eu'", True, True)]
    assert [(a.text, a.holds) for a in no.assumptions] == [("vars.REGION == 'eu'", False)]
