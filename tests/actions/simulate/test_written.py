"""What scripts write to GITHUB_OUTPUT and GITHUB_ENV, and what follows from it."""

from __future__ import annotations

import pytest

from guardrail.actions.model import Scenario
from tests.actions.simulate.playing import play

TEXT = """
on: {push: {branches: [main, dev], tags: [v*]}}
jobs:
  setup:
    runs-on: x
    outputs: {env: "${{ steps.which.outputs.env }}"}
    steps:
      - uses: actions/checkout@v4
      - id: which
        run: |
SCRIPT
  deploy: {needs: setup, runs-on: x, environment: "${{ needs.setup.outputs.env }}", steps: [{run: deploy}]}
"""

KNOWN = {
    "if and else": """
        if [[ "${{ github.ref }}" == "refs/heads/main" ]]; then
          echo "env=production" >> $GITHUB_OUTPUT
        else
          echo "env=staging" >> "$GITHUB_OUTPUT"
        fi
    """,
    "through a variable": """
        ENV=staging
        if [ "$GITHUB_REF_NAME" = "main" ]; then ENV=production; fi
        echo "env=${ENV}" >> ${GITHUB_OUTPUT}
    """,
    "case": """
        case "${GITHUB_REF##*/}" in
          main) env=production ;;
          *) env=staging ;;
        esac
        git log -1
        echo env=$env >> $GITHUB_OUTPUT
    """,
    "and, or": """
        [[ $GITHUB_REF == refs/heads/main ]] && ENV=production || ENV=staging
        echo "env=$ENV" >> $GITHUB_OUTPUT
    """,
    "an expression": """
        echo "env=${{ github.ref_name == 'main' && 'production' || 'staging' }}" >> "${GITHUB_OUTPUT}"
    """,
    "a function in a subshell": """
        say() { echo "env=$1" >> $GITHUB_OUTPUT; }
        ( [ "$GITHUB_REF_NAME" = main ] && say production || say staging )
    """,
}

UNKNOWN = {
    "a command decides": """
        if git diff --quiet HEAD^ -- src; then
          echo "env=production" >> $GITHUB_OUTPUT
        else
          echo "env=staging" >> $GITHUB_OUTPUT
        fi
    """,
    "a command may stop short": """
        ENV=staging
        grep -q production .env && ENV=production
        echo "env=$ENV" >> $GITHUB_OUTPUT
    """,
    "a file decides": """
        if [ -f production ]; then ENV=production; else ENV=staging; fi
        echo "env=$ENV" >> $GITHUB_OUTPUT
    """,
    "a command tells": """
        echo "env=$(cat .env)" >> $GITHUB_OUTPUT
    """,
    "a group": """
        { echo "env=production"; echo "other=x"; } >> $GITHUB_OUTPUT
    """,
    "tee": """
        echo "env=production" | tee -a $GITHUB_OUTPUT
    """,
    "a here-document": """
        cat <<EOF >> $GITHUB_OUTPUT
        env=production
        EOF
    """,
    "somebody else": """
        ./which.sh
    """,
    "a loop": """
        while read -r line; do ENV=$line; done < envs
        echo "env=$ENV" >> $GITHUB_OUTPUT
    """,
}


def environments(script: str) -> list[str]:
    """The environment of the deploy on main, on dev and on a tag."""
    text = TEXT.replace("SCRIPT", "\n".join("  " + line for line in script.strip("\n").splitlines()))
    refs = ("refs/heads/main", "refs/heads/dev", "refs/tags/v1.0.0")
    runs = [play(text, scenario=Scenario("push", ref)) for ref in refs]
    assert all(len(traces) == 1 for traces in runs)
    return [traces[0].jobs["deploy"].environment for traces in runs]


@pytest.mark.parametrize("name", KNOWN)
def test_outputs_that_are_known(name: str) -> None:
    """workflow-commands.md, Setting an output parameter."""
    assert environments(KNOWN[name]) == ["production", "staging", "staging"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_outputs_that_are_not(name: str) -> None:
    assert environments(UNKNOWN[name]) == ["", "", ""]


def test_an_output_on_another_way_is_empty() -> None:
    text = """
    on: {push: {branches: [main]}}
    jobs:
      a:
        runs-on: x
        outputs: {go: "${{ steps.s.outputs.go }}"}
        steps: [{id: s, run: "if [ $GITHUB_REF_NAME = dev ]; then echo go=true >> $GITHUB_OUTPUT; fi"}]
      b: {needs: a, if: needs.a.outputs.go == 'true', runs-on: x, steps: []}
      c: {needs: a, if: needs.a.outputs.go == '', runs-on: x, steps: []}
    """
    (trace,) = play(text)
    assert [run.result for run in trace.jobs.values()] == ["success", "skipped", "success"]


def test_variables_for_later_steps() -> None:
    """workflow-commands.md, Setting an environment variable: it holds for the steps that follow."""
    text = """
    on: {push: {branches: [main]}}
    env: {TARGET: nowhere}
    jobs:
      j:
        runs-on: x
        env: {TARGET: job}
        steps:
          - {if: env.TARGET == 'job', run: a}
          - run: echo "TARGET=prod" >> $GITHUB_ENV
          - {if: env.TARGET == 'prod', run: b}
          - {if: env.TARGET == 'step', env: {TARGET: step}, run: c}
          - {if: env.OTHER == '', run: d}
          - run: echo "OTHER=$(date)" >> $GITHUB_ENV
          - {if: env.OTHER == 'x', run: e}
          - {if: false, run: "echo TARGET=never >> $GITHUB_ENV"}
          - {if: env.TARGET == 'never', run: f}
    """
    traces = play(text)
    ran = {tuple(i for i in (0, 2, 3, 4, 6, 8) if t.jobs["j"].steps[f"j/{i}"].ran) for t in traces}
    assert ran == {(0, 2, 3, 4, 6), (0, 2, 3, 4)}
    assert {a.text for t in traces for a in t.assumptions} == {"j.env.OTHER == 'x'"}


def test_variables_of_a_script_that_is_not_followed() -> None:
    text = """
    on: {push: {branches: [main]}}
    env: {A: a}
    jobs:
      j:
        runs-on: x
        steps:
          - {shell: python, run: "open(os.environ['GITHUB_ENV'], 'a').write('A=b')"}
          - {if: env.A == 'a', run: a}
    """
    assert len(play(text)) == 2


def test_actions_may_set_variables() -> None:
    text = """
    on: {push: {branches: [main]}}
    jobs: {j: {runs-on: x, steps: [{uses: some/action@v1}, {if: env.X == 'y', run: a}]}}
    """
    assert len(play(text)) == 2
