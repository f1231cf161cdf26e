"""GitHub's rules for running jobs and steps, one row for each, with where it is written down."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.actions.simulate.playing import build, play, results

S, F, K = "success", "failure", "skipped"

EXPRESSIONS = "github/docs, actions reference, expressions.md"
SYNTAX = "github/docs, actions reference, workflow-syntax.md"
CONTEXTS = "github/docs, actions reference, contexts.md"


class Row(NamedTuple):
    """A workflow's jobs, the steps that fail, and the results of all jobs."""

    source: str
    jobs: str
    faults: tuple[str, ...]
    results: str


def chain(condition: str) -> str:
    """Three jobs in a row, the last with a condition."""
    return f"""
      a: {{runs-on: x, steps: [{{run: a}}]}}
      b: {{needs: a, runs-on: x, steps: [{{run: b}}]}}
      c: {{needs: b, if: "{condition}", runs-on: x, steps: [{{run: c}}]}}
    """


def after_skipped(condition: str) -> str:
    """A job that needs a skipped one."""
    return f"""
      a: {{if: false, runs-on: x, steps: [{{run: a}}]}}
      b: {{needs: a, if: "{condition}", runs-on: x, steps: [{{run: b}}]}}
    """


ROWS = {
    "a failed need skips what needs it": Row(
        f"{SYNTAX}, jobs.<job_id>.needs: If a job fails, all jobs that need it are skipped",
        """
        a: {runs-on: x, steps: [{run: a}]}
        b: {needs: a, runs-on: x, steps: [{run: b}]}
        c: {needs: [a, b], runs-on: x, steps: [{run: c}]}
        """,
        ("a/0",),
        "a: failure, b: skipped, c: skipped",
    ),
    "jobs without needs do not care": Row(
        f"{SYNTAX}, jobs.<job_id>.needs",
        "  a: {runs-on: x, steps: [{run: a}]}\n  b: {runs-on: x, steps: [{run: b}]}",
        ("a/0",),
        "a: failure, b: success",
    ),
    "a condition without a status function has success() before it": Row(
        f"{EXPRESSIONS}, Status check functions: A default status check of success() is applied",
        chain("github.event_name == 'push'"),
        ("b/0",),
        "a: success, b: failure, c: skipped",
    ),
    "a condition that is true still waits for success": Row(
        f"{EXPRESSIONS}, Status check functions",
        chain("${{ true }}"),
        ("b/0",),
        "a: success, b: failure, c: skipped",
    ),
    "always() runs whatever happened": Row(
        f"{EXPRESSIONS}, always", chain("always()"), ("a/0",), "a: failure, b: skipped, c: success"
    ),
    "!cancelled() runs whatever happened": Row(
        f"{EXPRESSIONS}, always, the warning", chain("!cancelled()"), ("a/0",), "a: failure, b: skipped, c: success"
    ),
    "failure() is true when any ancestor failed": Row(
        f"{EXPRESSIONS}, failure: true if any ancestor job fails",
        chain("failure()"),
        ("a/0",),
        "a: failure, b: skipped, c: success",
    ),
    "failure() is false when none failed": Row(
        f"{EXPRESSIONS}, failure", chain("failure()"), (), "a: success, b: success, c: skipped"
    ),
    "names of functions ignore case": Row(
        "actions/runner, src/Sdk/Expressions: functions are looked up ignoring case",
        chain("ALWAYS()"),
        ("b/0",),
        "a: success, b: failure, c: success",
    ),
    "success() looks past a direct need that succeeded, at a skipped ancestor": Row(
        "actions/runner#2205: jobs skipped when NEEDS job ran successfully",
        """
        a: {if: 1 != 1, runs-on: x, steps: [{run: a}]}
        b: {needs: a, if: "always() && needs.a.result != 'failure'", runs-on: x, steps: [{run: b}]}
        c: {needs: b, runs-on: x, steps: [{run: c}]}
        """,
        (),
        "a: skipped, b: success, c: skipped",
    ),
    "success() looks past a direct need that succeeded, at a failed ancestor": Row(
        "btclib-org/btclib#1470: pypi-install skipped by a failure two needs up, measured",
        """
        a: {runs-on: x, steps: [{run: a}]}
        b: {needs: a, if: always(), runs-on: x, steps: [{run: b}]}
        c: {needs: b, runs-on: x, steps: [{run: c}]}
        """,
        ("a/0",),
        "a: failure, b: success, c: skipped",
    ),
    "every job down the chain has to say so again": Row(
        "Take-st/github-needs-bug-reproduction, README, case 2",
        """
        a: {if: false, runs-on: x, steps: [{run: a}]}
        b: {runs-on: x, steps: [{run: b}]}
        c: {needs: [a, b], if: "!failure() && !cancelled()", runs-on: x, steps: [{run: c}]}
        d: {needs: c, runs-on: x, steps: [{run: d}]}
        e: {needs: d, if: "!failure() && !cancelled()", runs-on: x, steps: [{run: e}]}
        """,
        (),
        "a: skipped, b: success, c: success, d: skipped, e: success",
    ),
    "an explicit result breaks the chain only behind a status function": Row(
        "actions/runner#491",
        """
        a: {if: false, runs-on: x, steps: [{run: a}]}
        b: {needs: a, if: "needs.a.result == 'skipped'", runs-on: x, steps: [{run: b}]}
        c: {needs: a, if: "always() && needs.a.result == 'skipped'", runs-on: x, steps: [{run: c}]}
        """,
        (),
        "a: skipped, b: skipped, c: success",
    ),
    "skipped need: always() is true": Row(
        "TWiStErRob/net.twisterrob.ghlint#814", after_skipped("always()"), (), "a: skipped, b: success"
    ),
    "skipped need: success() is false": Row(
        "TWiStErRob/net.twisterrob.ghlint#814", after_skipped("success()"), (), "a: skipped, b: skipped"
    ),
    "skipped need: failure() is false": Row(
        "TWiStErRob/net.twisterrob.ghlint#814", after_skipped("failure()"), (), "a: skipped, b: skipped"
    ),
    "skipped need: cancelled() is false": Row(
        "TWiStErRob/net.twisterrob.ghlint#814", after_skipped("cancelled()"), (), "a: skipped, b: skipped"
    ),
    "skipped need: success() || failure() is false": Row(
        "TWiStErRob/net.twisterrob.ghlint#814", after_skipped("success() || failure()"), (), "a: skipped, b: skipped"
    ),
    "skipped need: !failure() is true": Row(
        "litentry/heima#1324: Use !failure() to cover skipped jobs",
        after_skipped("!failure()"),
        (),
        "a: skipped, b: success",
    ),
    "skipped need: its outputs are empty": Row(
        f"{CONTEXTS}, needs context: outputs of a job that did not run",
        """
        a: {if: false, runs-on: x, outputs: {go: "${{ 'true' }}"}, steps: [{run: a}]}
        b: {needs: a, if: "always() && needs.a.outputs.go == ''", runs-on: x, steps: [{run: b}]}
        """,
        (),
        "a: skipped, b: success",
    ),
    "needs holds direct needs only": Row(
        f"{CONTEXTS}, needs context: this doesn't include implicitly dependent jobs",
        """
        a: {runs-on: x, steps: [{run: a}]}
        b: {needs: a, runs-on: x, steps: [{run: b}]}
        c: {needs: b, if: "always() && needs.a.result == 'success'", runs-on: x, steps: [{run: c}]}
        """,
        (),
        "a: success, b: success, c: skipped",
    ),
    "text around the expression makes a condition that always holds": Row(
        "prestodb/presto#28291: a fenced condition is a string that is not empty",
        """
        a: {if: "${{ false }} ", runs-on: x, steps: [{run: a}]}
        """,
        (),
        "a: success",
    ),
    "text around the expression still waits for success": Row(
        "prestodb/presto#28291; expressions.md, Status check functions",
        chain("x ${{ false }}"),
        ("b/0",),
        "a: success, b: failure, c: skipped",
    ),
    "strings are compared without case": Row(
        f"{EXPRESSIONS}, Operators: ignores case when comparing strings",
        """
        a: {if: "github.ref == 'REFS/HEADS/MAIN'", runs-on: x, steps: [{run: a}]}
        """,
        (),
        "a: success",
    ),
    "continue-on-error of a job makes its result success": Row(
        "actions/runner#1161; workflow-syntax.md, jobs.<job_id>.continue-on-error",
        """
        a: {continue-on-error: true, runs-on: x, steps: [{run: a}]}
        b: {needs: a, runs-on: x, steps: [{run: b}]}
        c: {needs: a, if: "needs.a.result == 'success'", runs-on: x, steps: [{run: c}]}
        d: {needs: a, if: failure(), runs-on: x, steps: [{run: d}]}
        """,
        ("a/0",),
        "a: success, b: success, c: success, d: skipped",
    ),
    "continue-on-error of a job may be an expression": Row(
        f"{CONTEXTS}, Context availability, jobs.<job_id>.continue-on-error",
        """
        a: {continue-on-error: "${{ github.event_name == 'push' }}", runs-on: x, steps: [{run: a}]}
        """,
        ("a/0",),
        "a: success",
    ),
    "job.if is evaluated before the matrix, which it may not name": Row(
        f"{CONTEXTS}, Context availability, jobs.<job_id>.if: github, needs, vars, inputs",
        """
        a: {if: "matrix.os == 'linux'", runs-on: x, strategy: {matrix: {os: [linux]}}, steps: [{run: a}]}
        """,
        (),
        "a: skipped",
    ),
    "secrets may not stand in an if": Row(
        f"{SYNTAX}, jobs.<job_id>.steps[*].if: Secrets cannot be directly referenced in if: conditionals",
        """
        a: {if: "secrets.X != ''", runs-on: x, steps: [{run: a}]}
        """,
        (),
        "a: skipped",
    ),
    "a matrix fails when one combination fails": Row(
        f"{SYNTAX}, jobs.<job_id>.strategy.fail-fast",
        """
        a:
          runs-on: x
          strategy: {matrix: {n: [1, 2]}}
          steps: [{run: a, if: matrix.n == 2}]
        b: {needs: a, runs-on: x, steps: [{run: b}]}
        """,
        ("a/0",),
        "a: failure, b: skipped",
    ),
    "a combination with continue-on-error may fail": Row(
        f"{SYNTAX}, jobs.<job_id>.continue-on-error, the example with matrix.experimental",
        """
        a:
          runs-on: x
          continue-on-error: ${{ matrix.experimental }}
          strategy:
            matrix:
              n: [1]
              experimental: [false]
              include: [{n: 2, experimental: true}]
          steps: [{run: a, if: matrix.n == 2}]
        b: {needs: a, runs-on: x, steps: [{run: b}]}
        """,
        ("a/0",),
        "a: success, b: success",
    ),
    "job outputs come from steps": Row(
        f"{CONTEXTS}, needs context, the example",
        """
        a:
          runs-on: x
          outputs: {skipped: "${{ steps.one.outputs.x }}", kept: "${{ steps.two.outcome }}"}
          steps: [{id: one, if: false, run: a}, {id: two, run: b}]
        b: {needs: a, if: "needs.a.outputs.skipped == '' && needs.a.outputs.kept == 'success'", runs-on: x, steps: []}
        """,
        (),
        "a: success, b: success",
    ),
    "jobs in a circle, or that need nobody, never run": Row(
        f"{SYNTAX}, jobs.<job_id>.needs: such a file is refused",
        """
        a: {needs: b, if: always(), runs-on: x, steps: [{run: a}]}
        b: {needs: a, if: always(), runs-on: x, steps: [{run: b}]}
        c: {needs: nobody, if: always(), runs-on: x, steps: [{run: c}]}
        d: {needs: c, runs-on: x, steps: [{run: d}]}
        """,
        (),
        "a: skipped, b: skipped, c: skipped, d: skipped",
    ),
    "a wildcard over results": Row(
        f"{EXPRESSIONS}, Object filters",
        """
        a: {runs-on: x, steps: [{run: a}]}
        b: {if: false, runs-on: x, steps: [{run: b}]}
        c: {needs: [a, b], if: "always() && contains(needs.*.result, 'failure')", runs-on: x, steps: [{run: c}]}
        d: {needs: [a, b], if: "always() && contains(needs.*.result, 'skipped')", runs-on: x, steps: [{run: d}]}
        """,
        ("a/0",),
        "a: failure, b: skipped, c: success, d: success",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_jobs(name: str) -> None:
    row = ROWS[name]
    found = results(f"on: {{push: {{branches: [main]}}}}\njobs:\n{row.jobs}", *row.faults)
    assert ", ".join(f"{job}: {result}" for job, result in found.items()) == row.results, row.source


class Steps(NamedTuple):
    """The steps of a job, those that fail, outcome/conclusion of each, and the job's result."""

    source: str
    steps: str
    faults: tuple[str, ...]
    ends: str
    result: str


STEPS = {
    "a failed step skips those after it": Steps(
        f"{EXPRESSIONS}, success: true when all previous steps have succeeded",
        "[{run: a}, {run: b}, {run: c}]",
        ("j/1",),
        "success failure skipped",
        F,
    ),
    "failure() and always() run after a failed step": Steps(
        f"{EXPRESSIONS}, failure: true when any previous step of a job fails",
        "[{run: a}, {if: failure(), run: b}, {if: always(), run: c}, {if: success(), run: d}]",
        ("j/0",),
        "failure success success skipped",
        F,
    ),
    "failure() does not run when nothing failed": Steps(
        f"{EXPRESSIONS}, failure", "[{run: a}, {if: failure(), run: b}]", (), "success skipped", S
    ),
    "more conditions beside failure()": Steps(
        f"{EXPRESSIONS}, failure with conditions",
        "[{id: demo, run: a}, {if: \"${{ failure() && steps.demo.conclusion == 'failure' }}\", run: b}]",
        ("j/0",),
        "failure success",
        F,
    ),
    "continue-on-error: outcome failure, conclusion success": Steps(
        f"{CONTEXTS}, steps context: outcome before, conclusion after continue-on-error",
        "[{id: a, run: a, continue-on-error: true}, {run: b},"
        " {if: \"steps.a.outcome == 'failure'\", run: c}, {if: \"steps.a.conclusion == 'failure'\", run: d}]",
        ("j/0",),
        "failure success success skipped",
        S,
    ),
    "continue-on-error may be an expression": Steps(
        f"{EXPRESSIONS}, fromJSON, the example with continue-on-error",
        '[{run: a, continue-on-error: "${{ fromJSON(env.go) }}"}, {run: b}]',
        ("j/0",),
        "failure success",
        S,
    ),
    "a later failure() does not see a forgiven failure": Steps(
        f"{CONTEXTS}, steps context",
        "[{run: a, continue-on-error: true}, {if: failure(), run: b}]",
        ("j/0",),
        "failure skipped",
        S,
    ),
    "env of the step counts in its if": Steps(
        "actions/runner, src/Runner.Worker/StepsRunner.cs: env of the step is evaluated before its condition",
        "[{if: \"env.mine == 'yes' && env.go == 'true'\", env: {mine: yes}, run: a}]",
        (),
        "success",
        S,
    ),
    "a step's secrets in if are refused": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].if: Secrets cannot be directly referenced",
        "[{if: \"secrets.x != ''\", run: a}]",
        (),
        "skipped",
        S,
    ),
    "job.status tells how it goes": Steps(
        f"{CONTEXTS}, job context",
        "[{run: a}, {if: \"always() && job.status == 'failure'\", run: b}]",
        ("j/0",),
        "failure success",
        F,
    ),
    "a background step lets the job go on, and fails it at the wait": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].background",
        "[{id: t, run: a, background: true}, {run: deploy}, {wait: t}, {run: c}]",
        ("j/0",),
        "failure success failure skipped",
        F,
    ),
    "wait-all waits for every background step": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].wait-all",
        "[{id: t, run: a, background: true}, {id: u, run: b, background: true}, {wait-all: null}, {run: c}]",
        ("j/1",),
        "success failure failure skipped",
        F,
    ),
    "wait for one does not wait for another": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].wait",
        "[{id: t, run: a, background: true}, {id: u, run: b, background: true}, {wait: [t]}, {run: c}]",
        ("j/1",),
        "success failure success success",
        F,
    ),
    "continue-on-error on the background step": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].background: unless continue-on-error is set on that step",
        "[{id: t, run: a, background: true, continue-on-error: true}, {wait: t}, {run: c}]",
        ("j/0",),
        "failure success success",
        S,
    ),
    "continue-on-error on wait-all": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].wait-all: unless you set continue-on-error",
        "[{id: t, run: a, background: true}, {wait-all: null, continue-on-error: true}, {run: c}]",
        ("j/0",),
        "failure failure success",
        S,
    ),
    "an implicit wait-all ends the job": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].background: An implicit wait-all runs before any post-job cleanup",
        "[{run: a, background: true}, {run: b}]",
        ("j/0",),
        "failure success",
        F,
    ),
    "a cancelled background step fails nothing": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].cancel",
        "[{id: t, run: a, background: true}, {run: b}, {cancel: t}, {run: c}]",
        ("j/0",),
        "failure success success success",
        S,
    ),
    "wait runs after a failure, whatever its if": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].wait: always runs and does not support the if conditional",
        "[{id: t, run: a, background: true}, {run: b}, {wait: t, if: false}]",
        ("j/1",),
        "success failure success",
        F,
    ),
    "outcomes in the background are not there before the wait": Steps(
        f"{SYNTAX}, jobs.<job_id>.steps[*].background: only available after you run a wait",
        "[{id: t, run: a, background: true}, {if: \"steps.t.outcome == 'failure'\", run: b}, {wait: t},"
        " {if: \"always() && steps.t.outcome == 'failure'\", run: c}]",
        ("j/0",),
        "failure skipped failure success",
        F,
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps(name: str) -> None:
    row = STEPS[name]
    text = f"on: {{push: {{branches: [main]}}}}\njobs:\n  j: {{runs-on: x, env: {{go: true}}, steps: {row.steps}}}"
    (trace,) = play(text, *row.faults)
    assert " ".join(run.outcome for run in trace.jobs["j"].steps.values()) == row.ends, row.source
    assert trace.jobs["j"].result == row.result, row.source


def test_members_of_a_parallel_group_all_run_and_then_the_job_fails() -> None:
    """workflow-syntax.md, jobs.<job_id>.steps[*].parallel: the same as background steps followed by a wait."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: x
        steps:
          - parallel: [{run: a}, {id: t, run: test}, {run: c}]
          - run: after
          - {if: "always() && steps.t.outcome == 'failure'", run: report}
    """
    (trace,) = play(text, "j/0/1")
    ends = {key: run.outcome for key, run in trace.jobs["j"].steps.items()}
    assert ends == {"j/0/0": S, "j/0/1": F, "j/0/2": S, "j/0": F, "j/1": K, "j/2": S}


COMPOSITE = """
runs:
  using: composite
  steps:
    - {id: one, run: a, shell: bash}
    - {if: failure(), run: b, shell: bash}
    - {run: c, shell: bash}
outputs:
  said: {value: "${{ steps.one.outcome }}"}
"""


def test_a_composite_action_has_a_status_of_its_own() -> None:
    """actions/runner#1271, fixed: status functions in an action look at the action's steps, not at the job's."""
    text = """
    on: {push: {branches: [main]}}
    jobs: {j: {runs-on: x, steps: [{run: test}, {if: always(), uses: ./act}]}}
    """
    (trace,) = play(text, "j/0", act=COMPOSITE)
    ends = {key: run.outcome for key, run in trace.jobs["j"].steps.items()}
    assert ends == {"j/0": F, "j/1/0": S, "j/1/1": K, "j/1/2": S, "j/1": S}


def test_a_step_that_fails_in_a_composite_action_fails_it() -> None:
    """metadata-syntax.md, runs.steps[*].if, the example with failure()."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: x
        steps: [{id: act, uses: ./act}, {if: "always() && steps.act.outputs.said == 'failure'", run: x}, {run: y}]
    """
    (trace,) = play(text, "j/0/0", act=COMPOSITE)
    ends = {key: run.outcome for key, run in trace.jobs["j"].steps.items()}
    assert ends == {"j/0/0": F, "j/0/1": S, "j/0/2": K, "j/0": F, "j/1": S, "j/2": K}


def test_continue_on_error_within_a_composite_action() -> None:
    """metadata-syntax.md, runs.steps[*].continue-on-error; actions/runner#1238."""
    action = "runs: {using: composite, steps: [{run: a, shell: bash, continue-on-error: true}, {run: b, shell: bash}]}"
    text = "on: {push: {branches: [main]}}\njobs: {j: {runs-on: x, steps: [{uses: ./act}, {run: y}]}}"
    (trace,) = play(text, "j/0/0", act=action)
    assert [run.outcome for run in trace.jobs["j"].steps.values()] == [F, S, S, S]


CALLED = """
on: {workflow_call: {inputs: {deploy: {type: boolean, default: false}, env: {type: string, default: dev}},
     outputs: {tag: {value: "${{ jobs.build.outputs.tag }}"}}}}
jobs:
  build: {runs-on: x, outputs: {tag: "${{ steps.t.outcome }}"}, steps: [{id: t, run: build}]}
  deploy: {needs: build, if: inputs.deploy, runs-on: x, environment: "${{ inputs.env }}", steps: [{run: deploy}]}
"""


def test_a_called_workflow_fails_its_caller() -> None:
    """github/docs#30296: any of the called jobs fails, the calling job fails."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      call: {uses: ./.github/workflows/lib.yml, with: {deploy: true}}
      after: {needs: call, runs-on: x, steps: [{run: a}]}
    """
    found = results(text, "call/build/0", lib=CALLED)
    assert found == {"call": F, "call/build": F, "call/deploy": K, "after": K}


def test_a_called_workflow_with_a_skipped_job_succeeds() -> None:
    """github/docs#30296: most pass but some skipped, the calling job passes."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      call: {uses: ./.github/workflows/lib.yml}
      after: {needs: call, if: "needs.call.outputs.tag == 'success'", runs-on: x, steps: [{run: a}]}
    """
    found = results(text, lib=CALLED)
    assert found == {"call": S, "call/build": S, "call/deploy": K, "after": S}


def test_the_environment_of_a_called_job_comes_from_its_inputs() -> None:
    """reusing-workflow-configurations.md; workflow-syntax.md, on.workflow_call.inputs."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      dev: {uses: ./.github/workflows/lib.yml, with: {deploy: true}}
      all:
        strategy: {matrix: {env: [staging, production]}}
        uses: ./.github/workflows/lib.yml
        with: {deploy: true, env: "${{ matrix.env }}"}
    """
    (trace,) = play(text, lib=CALLED)
    assert trace.jobs["dev/deploy"].environment == "dev"
    assert trace.jobs["all/deploy"].environment == "staging, production"


def test_env_does_not_cross_a_call() -> None:
    """reusing-workflow-configurations.md, Limitations: env of the caller is not propagated."""
    lib = """
    on: workflow_call
    env: {MINE: here}
    jobs:
      j: {runs-on: x, steps: [{if: env.THEIRS == '', run: a}, {if: "env.MINE == 'here'", run: b}]}
    """
    text = "on: {push: {branches: [main]}}\nenv: {THEIRS: set}\njobs: {call: {uses: ./.github/workflows/lib.yml}}"
    (trace,) = play(text, lib=lib)
    assert [run.outcome for run in trace.jobs["call/j"].steps.values()] == [S, S]


def test_what_status_functions_see_beyond_a_call_is_not_documented() -> None:
    """actions/runner#2205 has reports of called jobs skipped; nothing says so: both ways are played, and marked."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      test: {runs-on: x, steps: [{run: test}]}
      call: {needs: test, if: always(), uses: ./.github/workflows/lib.yml, with: {deploy: true}}
    """
    traces = play(text, "test/0", lib=CALLED)
    assert sorted(t.jobs["call/deploy"].result for t in traces if not t.assumptions[0].holds) == [S]
    assert all(t.jobs["call/deploy"].result == K for t in traces if t.assumptions[0].holds)
    assert not any(a.documented for t in traces for a in t.assumptions)
    assert len(play(text, lib=CALLED)) == 1


def test_combinations_one_at_a_time_stop_at_the_first_failure() -> None:
    """workflow-syntax.md, strategy.fail-fast (queued jobs are cancelled) and strategy.max-parallel."""
    jobs = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: x
        strategy: {max-parallel: 1, matrix: {env: [staging, production]}, fail-fast: FAST}
        steps: [{run: check, if: matrix.env == 'staging'}, {run: deploy, if: matrix.env == 'production'}]
    """
    (stopped,) = play(jobs.replace("FAST", "true"), "j/0")
    (went_on,) = play(jobs.replace("FAST", "false"), "j/0")
    assert not stopped.jobs["j"].steps["j/1"].ran
    assert went_on.jobs["j"].steps["j/1"].ran


def test_a_secret_tested_through_env_is_open() -> None:
    """workflow-syntax.md, jobs.<job_id>.steps[*].if, Using secrets: empty when it has not been set."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: x
        env: {token: "${{ secrets.Scan }}"}
        steps: [{if: env.token != '', run: scan}, {if: env.token == '', run: warn}]
    """
    ran = {tuple(run.ran for run in trace.jobs["j"].steps.values()): trace.assumptions for trace in play(text)}
    assert set(ran) == {(True, False), (False, True)}
    assert [(a.text, a.holds) for a in ran[True, False]] == [("secrets.SCAN == ''", False)]


def test_github_refuses_a_file_with_a_circle() -> None:
    """The defect says so."""
    built = build("on: push\njobs: {a: {needs: b, steps: []}, b: {needs: a, steps: []}}")
    assert any("GitHub refuses the whole file" in defect for defect in built.defects)


def test_the_runner_is_known_by_its_label() -> None:
    """contexts.md, runner context: os is Linux, Windows or macOS."""
    text = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: ${{ matrix.os }}
        strategy: {matrix: {os: [ubuntu-latest, windows-latest]}}
        steps:
          - {if: runner.os == 'Linux', run: a}
          - {if: runner.os == 'macOS', run: b}
          - {if: runner.os == 'windows', run: c}
    """
    (trace,) = play(text)
    assert [run.ran for run in trace.jobs["j"].steps.values()] == [True, False, True]


def test_a_call_whose_jobs_are_all_skipped() -> None:
    """github/docs#30296 asks what its result is: both are played where somebody needs it, and marked."""
    lib = "on: workflow_call\njobs: {a: {if: false, runs-on: x, steps: []}}"
    text = "on: {push: {branches: [main]}}\njobs: {call: {uses: ./.github/workflows/lib.yml}MORE}"
    assert len(play(text.replace("MORE", ""), lib=lib)) == 1
    found = play(text.replace("MORE", ", after: {needs: call, runs-on: x, steps: []}"), lib=lib)
    assert {(t.jobs["after"].result, t.assumptions[0].documented) for t in found} == {(S, False), (K, False)}
