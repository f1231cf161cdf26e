"""Steps that fail of their own accord: guards, and steps that collect the results of others."""

from __future__ import annotations

import pytest

from guardrail.actions.model import Scenario
from guardrail.actions.simulate import runs_ability
from tests.actions.simulate.playing import play

S, F, K = "success", "failure", "skipped"
MAIN = Scenario("push", "refs/heads/main")

COLLECTED = """
on: {push: {branches: [main]}}
jobs:
  test: {runs-on: x, steps: [{id: t, run: test}]}
  lint: {runs-on: x, steps: [{run: lint}]}
  optional: {if: false, runs-on: x, steps: [{run: o}]}
  gate:
    needs: [test, lint, optional]
    if: always()
    runs-on: x
    steps:
STEPS
  deploy: {needs: gate, if: "always() && needs.gate.result == 'success'", runs-on: x, steps: [{run: deploy}]}
"""

SOUND = {
    "exit behind a condition of the step": """
      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')
        run: exit 1
    """,
    "exit behind a condition, with a word before": """
      - if: needs.test.result != 'success'
        run: |
          echo "tests did not pass"
          exit 1
    """,
    "[ ] on a result": """
      - run: |
          if [ "${{ needs.test.result }}" != "success" ]; then
            echo bad
            exit 1
          fi
    """,
    "[[ ]] with or": """
      - run: |
          if [[ "${{ needs.lint.result }}" != "success" || "${{ needs.test.result }}" != "success" ]]; then
            exit 1
          fi
    """,
    "[[ ]] as the last word": """
      - run: '[[ "${{ needs.test.result }}" == "success" ]]'
    """,
    "test and exit": """
      - run: test "${{ needs.test.result }}" = success || exit 1
    """,
    "exit with the status of the test before": """
      - run: |
          [ "${{ needs.test.result }}" = success ] || exit
          echo fine
    """,
    "an expression as a command": """
      - run: ${{ !contains(needs.*.result, 'failure') }}
    """,
    "an expression as exit code": """
      - run: exit ${{ contains(needs.*.result, 'failure') && 1 || 0 }}
    """,
    "through the environment": """
      - env: {RESULT: "${{ needs.test.result }}"}
        run: |
          if [ "$RESULT" != "success" ] && [ "${RESULT}" != "skipped" ]; then exit 1; fi
    """,
    "a loop over results": """
      - run: |
          for result in ${{ join(needs.*.result, ' ') }}; do
            if [[ "$result" != success && "$result" != skipped ]]; then exit 1; fi
          done
    """,
    "a loop over an array": """
      - run: |
          RESULTS=("${{ needs.test.result }}" "${{ needs.lint.result }}")
          for r in "${RESULTS[@]}"; do
            [[ $r == "success" ]] || exit 1
          done
    """,
    "case": """
      - env: {R: "${{ needs.test.result }}"}
        run: |
          case "$R" in
            success|skipped) echo fine ;;
            *) exit 1 ;;
          esac
    """,
    "grep in a joined text": """
      - run: |
          if echo "${{ join(needs.*.result, ',') }}" | grep -q failure; then
            exit 1
          fi
    """,
    "a function": """
      - run: |
          check() {
            if [ "$1" != "success" ]; then
              echo "no"
              return 1
            fi
          }
          check "${{ needs.lint.result }}"
          check "${{ needs.test.result }}"
    """,
    "a variable that collects": """
      - run: |
          failed=false
          if [[ "${{ needs.test.result }}" == "failure" ]]; then failed=true; fi
          if [[ "${{ needs.lint.result }}" == "failure" ]]; then failed=true; fi
          if [ "$failed" = true ]; then exit 1; fi
    """,
    "a regular expression of plain words": """
      - run: |
          if [[ ! "${{ needs.test.result }}" =~ ^(success|skipped)$ ]]; then exit 1; fi
    """,
    "github-script": """
      - if: contains(needs.*.result, 'failure')
        uses: actions/github-script@v7
        with: {script: "core.setFailed('no')"}
    """,
    "alls-green": """
      - uses: re-actors/alls-green@release/v1
        with: {allowed-skips: optional, jobs: "${{ toJSON(needs) }}"}
    """,
    "pwsh behind a condition": """
      - if: needs.test.result == 'failure'
        shell: pwsh
        run: |
          Write-Host "no"
          exit 1
    """,
}

LOOSE = {
    "a notice": """
      - run: echo "tests ${{ needs.test.result }}"
    """,
    "another job": """
      - run: if [ "${{ needs.lint.result }}" != success ]; then exit 1; fi
    """,
    "exit 0": """
      - run: if [ "${{ needs.test.result }}" != success ]; then exit 0; fi
    """,
    "only cancelled": """
      - if: contains(needs.*.result, 'cancelled')
        run: exit 1
    """,
    "forgiven": """
      - run: exit 1
        if: needs.test.result == 'failure'
        continue-on-error: true
    """,
    "masked": """
      - run: '[ "${{ needs.test.result }}" = success ] || echo no'
    """,
    "a comment": """
      - run: |
          # if [ "${{ needs.test.result }}" != success ]; then exit 1; fi
          true
    """,
}


def deployed(steps: str, fault: str = "test/0") -> set[tuple[str, bool]]:
    """What became of the deploy, and whether anything had to be assumed."""
    lines = "\n".join("    " + line for line in steps.strip("\n").splitlines()).replace("    " * 2, "    ", 0)
    text = COLLECTED.replace("STEPS", lines)
    traces = play(text, *([fault] if fault else []))
    return {(trace.jobs["deploy"].result, bool(trace.assumptions)) for trace in traces}


@pytest.mark.parametrize("name", SOUND)
def test_a_step_that_collects_results_fails_with_them(name: str) -> None:
    assert deployed(SOUND[name]) == {(K, False)}
    assert deployed(SOUND[name], "") == {(S, False)}


@pytest.mark.parametrize("name", LOOSE)
def test_a_step_that_only_looks_like_it_does_not(name: str) -> None:
    assert deployed(LOOSE[name]) == {(S, False)}


UNCLEAR = {
    "jq": """
      - env: {NEEDS: "${{ toJSON(needs) }}"}
        run: echo "$NEEDS" | jq -e 'all(.[]; .result == "success")'
    """,
    "a script of the repository": """
      - run: ./scripts/check.sh ${{ needs.test.result }}
    """,
    "python": """
      - shell: python
        run: |
          import sys
          sys.exit('${{ needs.test.result }}' != 'success')
    """,
    "an unknown beside": """
      - run: |
          if [ "${{ needs.test.result }}" != success ] && [ -f strict ]; then exit 1; fi
    """,
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_cannot_be_followed_is_open_and_proves_nothing(name: str) -> None:
    assert {result for result, _ in deployed(UNCLEAR[name])} == {S, K}
    assert all(assumed for _, assumed in deployed(UNCLEAR[name]))


GUARD = """
on: {push: {branches: [main, dev]}, workflow_dispatch: {}}
jobs:
  guard:
    runs-on: x
    steps:
      - run: |
          echo start
          if [[ "$GITHUB_REF" != "refs/heads/main" ]]; then
            echo "only main"
            exit 1
          fi
          deploy
"""


def test_a_guard_on_the_ref_is_understood() -> None:
    """variables reference: GITHUB_REF is github.ref."""
    (there,) = play(GUARD, scenario=MAIN)
    (elsewhere,) = play(GUARD, scenario=Scenario("push", "refs/heads/dev"))
    assert (there.jobs["guard"].result, elsewhere.jobs["guard"].result) == (S, F)
    at = len('echo start\nif [[ "$GITHUB_REF" != "refs/heads/main" ]]; then\n  echo "only main"\n  exit 1\nfi\n')
    assert runs_ability(there, "guard/0", at)
    assert not runs_ability(elsewhere, "guard/0", at)
    assert runs_ability(elsewhere, "guard/0", 0)


def test_scripts_that_look_at_no_results_are_taken_to_succeed() -> None:
    text = """
    on: {push: {branches: [main]}}
    jobs:
      j:
        runs-on: x
        steps:
          - run: |
              if ! curl -f http://localhost; then exit 1; fi
              [ -f package.json ] || exit 1
              while true; do if ready; then break; fi; done
              test "$(git status)" = "" || { echo dirty; exit 1; }
    """
    (trace,) = play(text)
    assert trace.jobs["j"].result == S


def test_a_step_that_always_fails() -> None:
    """Bash manual, exit: a workflow that is disabled by `exit 1` never gets further."""
    text = "on: {push: {branches: [main]}}\njobs: {j: {runs-on: x, steps: [{run: echo no; exit 1}, {run: deploy}]}}"
    (trace,) = play(text)
    assert [run.outcome for run in trace.jobs["j"].steps.values()] == [F, K]


HOSTILE = {
    "deep": "if true; then " * 400 + "exit 1; " + "fi; " * 400,
    "calls itself": "f() { f; f; }\nf\nexit 1",
    "doubles": "".join(f"if [ -f a{i} ]; then X=1; else X=2; fi; " for i in range(200)) + "exit 1",
    "nested doubts": "if a; then " * 20 + "exit 1; " + "else exit 0; fi; " * 20,
    "many words": "for i in " + "a " * 5000 + "; do [ $i = b ] || false; done",
    "stars": "[[ " + "a" * 300 + " == " + "*a" * 90 + "b ]] && exit 1",
    "quotes": "exit 1 '" + "''" * 5000,
    "never closed": "if [ x = y ]; then exit 1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_end(name: str) -> None:
    script = HOSTILE[name].replace("\n", "\n            ")
    text = f"on: push\njobs:\n  j:\n    runs-on: x\n    steps:\n      - run: |\n            {script}\n"
    play(text)
