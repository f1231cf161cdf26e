"""A workflow file to a pipeline."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import pipeline, simulate
from guardrail.actions.model import Ability, Fault
from guardrail.actions.order import in_order
from guardrail.actions.pipeline import steps_of
from guardrail.actions.scenarios import scenarios
from guardrail.actions.steps import Facts
from tests.actions.simulate.playing import Known, build, data


def facts(text: str, **files: str) -> list[tuple[str, Facts]]:
    """What the recogniser is told of each script."""
    seen: list[tuple[str, Facts]] = []

    def recognise(step: Mapping[str, object], around: Facts) -> Known:
        seen.append((str(step.get("run") or step.get("uses")), around))
        return Known()

    read = {name: (f"actions/{name}/action.yml", data(content)) for name, content in files.items()}
    pipeline.build(data(text), "f.yml", lambda path: read.get(path.rpartition("/")[2].removesuffix(".yml")), recognise)
    return seen


def test_jobs_come_after_what_they_need() -> None:
    built = build("on: push\njobs: {c: {needs: [a, B], steps: []}, a: {steps: []}, b: {needs: a, steps: []}}")
    assert list(built.jobs) == ["a", "b", "c"]
    assert built.jobs["c"].needs == ("a", "b"), "GitHub ignores case in job ids"


@pytest.mark.parametrize(
    ("needs", "faults"),
    [
        ({"a": ["b"], "b": ["a"]}, {"a": "needs itself over b", "b": "needs itself over a"}),
        ({"a": ["a"]}, {"a": "needs itself"}),
        ({"a": ["x", "y"], "b": ["a"]}, {"a": "needs x, y, which do not exist"}),
        ({"a": ["b"], "b": ["c"], "c": ["b"], "d": []}, {"b": "needs itself over c", "c": "needs itself over b"}),
        (
            {c: ["abcdefgh"[i - 1]] for i, c in enumerate("abcdefgh")},
            {c: f"needs itself over {', '.join(x for x in 'ahgfedcb' if x != c)[:13]}, …" for c in "abcdefgh"},
        ),
    ],
)
def test_needs_that_cannot_be(needs: dict[str, list[str]], faults: dict[str, str]) -> None:
    """workflow-syntax.md, jobs.<job_id>.needs: such a file is refused."""
    assert {job: fault for job, _, fault in in_order(needs) if fault} == faults


IDS = st.sampled_from("abcdefgh")


@given(st.dictionaries(IDS, st.lists(IDS, max_size=4)))
def test_order(needs: dict[str, list[str]]) -> None:
    found = in_order(needs)
    assert sorted(job for job, _, _ in found) == sorted(needs)
    place = {job: at for at, (job, _, _) in enumerate(found)}
    for job, named, fault in found:
        assert fault or all(place[need] < place[job] for need in named)
        assert bool(set(needs[job]) - set(needs)) <= bool(fault)


def test_long_chains_and_wide_ones() -> None:
    chain = {f"j{i}": [f"j{i + 1}"] for i in range(3000)} | {"j3000": []}
    assert in_order(chain)[0][0] == "j3000"
    wide = {"all": [f"j{i}" for i in range(20000)]} | {f"j{i}": [] for i in range(20000)}
    assert in_order(wide)[-1][0] == "all"


def test_shell_and_directory_of_a_step() -> None:
    """workflow-syntax.md, defaults.run: the most specific default wins."""
    found = facts(
        """
        on: push
        defaults: {run: {shell: sh, working-directory: w}}
        jobs:
          a: {runs-on: x, steps: [{run: a}, {run: b, shell: python, working-directory: z}]}
          b: {runs-on: x, defaults: {run: {shell: bash}}, steps: [{run: c}]}
        """
    )
    assert [(run, f.shell, f.directory) for run, f in found] == [
        ("a", "sh", "w"),
        ("b", "python", "z"),
        ("c", "bash", "w"),
    ]


def test_literal_variables() -> None:
    """workflow-syntax.md, env: the most specific variable wins; what holds an expression is not known."""
    found = facts(
        """
        on: push
        env: {A: 1, B: true, C: x}
        jobs: {j: {runs-on: x, env: {A: 2, C: "${{ vars.c }}"}, steps: [{run: a, env: {D: "", A: "${{ x }}"}}]}}
        """
    )
    assert found[0][1].env == {"B": "true", "D": ""}


@pytest.mark.parametrize(
    ("runs_on", "windows"),
    [
        ("windows-latest", True),
        ("[self-hosted, Windows]", True),
        ("ubuntu-latest", False),
        ("{group: g, labels: [windows-2022]}", True),
        ("'${{ matrix.os }}'", False),
        ("'${{ matrix.win }}'", True),
        ("'${{ vars.runner }}'", False),
    ],
)
def test_windows_runners(runs_on: str, windows: bool) -> None:
    matrix = "{os: [windows-latest, ubuntu-latest], win: [windows-2022, windows-2019]}"
    found = facts(f"on: push\njobs: {{j: {{runs-on: {runs_on}, strategy: {{matrix: {matrix}}}, steps: [{{run: a}}]}}}}")
    assert found[0][1].windows is windows


ACTION = """
inputs: {target: {default: dev}, Name: {required: true}}
runs: {using: composite, steps: [{run: "go ${{ inputs.target }} ${{ inputs.name }}", shell: bash}, {uses: other/x@v1}]}
"""


def test_composite_actions_are_inlined() -> None:
    built = build("on: push\njobs: {j: {runs-on: x, steps: [{uses: ./act, with: {name: n}}]}}", act=ACTION)
    keys = [(step.key, step.pointer.file, step.pointer.path) for _, step in steps_of(built)]
    assert keys == [
        ("j/0", ".github/workflows/test.yml", ("jobs", "j", "steps", 0)),
        ("j/0/0", ".github/workflows/act.yml", ("runs", "steps", 0)),
        ("j/0/1", ".github/workflows/act.yml", ("runs", "steps", 1)),
    ]
    inner = built.jobs["j"].steps[0].steps[0]
    assert inner.inputs == {"target": "dev", "Name": "n"}


def test_inputs_of_an_action_are_filled_in_for_the_recogniser() -> None:
    """metadata-syntax.md, inputs.<input_id>.default; the caller's shell and directory do not hold within."""
    text = """
    on: push
    defaults: {run: {shell: sh, working-directory: w}}
    jobs: {j: {runs-on: x, env: {A: a}, steps: [{uses: $/act, env: {B: b}, with: {Name: me, target: "${{ vars.t }}"}}]}}
    """
    (script, around), _ = facts(text, act=ACTION)
    assert script == "go ${{ inputs.target }} ${{ inputs.name }}".replace("${{ inputs.name }}", "me")
    assert (around.shell, around.directory, around.env) == ("bash", "", {"A": "a", "B": "b"})
    assert around.action == "actions/act"


def test_actions_that_use_themselves() -> None:
    one = "runs: {using: composite, steps: [{uses: ./two}]}"
    two = "runs: {using: composite, steps: [{uses: ./one}]}"
    built = build("on: push\njobs: {j: {runs-on: x, steps: [{uses: ./one}]}}", one=one, two=two)
    assert any("uses itself" in defect for defect in built.defects)
    assert "uses itself" in [step.opaque for _, step in steps_of(built)][-1]


@pytest.mark.parametrize(
    ("action", "opaque"),
    [
        ("runs: {using: node20, main: x.js}", "./act runs code of its own (node20)"),
        ("name: x", "./act runs code of its own (no `runs.using`)"),
    ],
)
def test_actions_with_code_of_their_own_are_opaque(action: str, opaque: str) -> None:
    built = build("on: push\njobs: {j: {runs-on: x, steps: [{uses: ./act}]}}", act=action)
    assert built.jobs["j"].steps[0].opaque == opaque


def test_an_action_that_is_not_there_is_opaque() -> None:
    built = build("on: push\njobs: {j: {runs-on: x, steps: [{uses: ../act}, {uses: $/act}]}}")
    assert [s.opaque for s in built.jobs["j"].steps] == [
        "../act is not in this repository",
        "$/act is not in this repository",
    ]


LIB = "on: {workflow_call: {}}\njobs: {a: {runs-on: x, steps: []}, b: {needs: a, runs-on: x, steps: []}}"


def test_called_workflows_are_inlined() -> None:
    text = (
        "on: push\njobs: {t: {runs-on: x, steps: []}, c: {needs: t, uses: $/.github/workflows/lib.yml, with: {x: 1}}}"
    )
    built = build(text, lib=LIB)
    assert list(built.jobs) == ["t", "c", "c/a", "c/b"]
    assert built.jobs["c"].called == ("c/a", "c/b")
    assert built.jobs["c"].inputs == {"x": 1}
    inner = built.jobs["c/b"]
    assert (inner.caller, inner.needs, inner.short, inner.pointer.file, inner.pointer.path) == (
        "c",
        ("c/a",),
        "b",
        ".github/workflows/lib.yml",
        ("jobs", "b"),
    )


@pytest.mark.parametrize(
    ("lib", "opaque"),
    [
        ("on: {workflow_call: {}}\njobs: {a: {uses: ./.github/workflows/lib.yml}}", ""),
        ("on: push\njobs: {}", "./.github/workflows/lib.yml cannot be called: it has no `workflow_call`"),
    ],
)
def test_calls_that_cannot_be(lib: str, opaque: str) -> None:
    built = build("on: push\njobs: {c: {uses: ./.github/workflows/lib.yml}}", lib=lib)
    assert built.jobs["c"].opaque == opaque
    assert built.defects


def test_calls_elsewhere_are_opaque_unless_they_are_known() -> None:
    text = "on: push\njobs: {c: {uses: acme/ops/.github/workflows/deploy.yml@v1}, d: {needs: c, runs-on: x, steps: []}}"
    unknown = build(text)
    assert "is in another repository" in unknown.jobs["c"].opaque

    def recognise(step: Mapping[str, object], around: Facts) -> Known:
        return Known((Ability("deploy"),)) if "acme" in str(step.get("uses")) else Known()

    known = pipeline.build(data(text), "f.yml", lambda _: None, recognise)
    assert known.jobs["c"].opaque == ""
    (step,) = known.jobs["c"].steps
    (trace,) = simulate.simulate(known, scenarios(known)[0], [Fault(step.key)]).traces
    assert {job: run.result for job, run in trace.jobs.items()} == {"c": "failure", "d": "skipped"}
    (trace,) = simulate.simulate(known, scenarios(known)[0]).traces
    assert simulate.runs_ability(trace, step.key, 0)


MALFORMED = {
    "a job that is a list": ("{a: [], b: {runs-on: x, steps: [{run: b}]}}", "job `a` is not a mapping"),
    "steps that are text": ("{a: {steps: x}, b: {runs-on: x, steps: [{run: b}]}}", "the steps of `a` are not a list"),
    "a step that is text": ("{b: {runs-on: x, steps: [x, {run: b}]}}", "step 1 of `b` is not a mapping"),
    "no steps": ("{a: {runs-on: x}, b: {runs-on: x, steps: [{run: b}]}}", "job `a` has neither `steps` nor `uses`"),
    "an id that is none": ("{a b: {steps: []}, b: {runs-on: x, steps: [{run: b}]}}", "`a b` is no job id"),
    "uses that is a list": ("{a: {uses: [x]}, b: {runs-on: x, steps: [{run: b}]}}", "job `a`: `uses` is not a string"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_costs_only_itself(name: str) -> None:
    jobs, defect = MALFORMED[name]
    built = build(f"on: push\njobs: {jobs}")
    assert any(defect in found for found in built.defects)
    assert [step.abilities[0].capability for step in built.jobs["b"].steps if step.abilities] == ["b"]


def test_no_jobs() -> None:
    assert build("on: push\njobs: []").defects == (".github/workflows/test.yml: `jobs` is not a mapping",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab ${}.'", max_size=8) | st.sampled_from(["${{ always() }}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "jobs steps if needs strategy matrix include run uses env with id parallel wait outputs environment "
                "continue-on-error defaults shell runs-on a b c background max-parallel fail-fast name".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
ALWAYS_JOBS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@given(ALWAYS_JOBS, JSON)
def test_anything_can_stand_in_a_workflow(jobs: dict[str, object], env: object) -> None:
    given_data: dict[str, object] = {"on": "push", "jobs": jobs, "env": env}
    built = pipeline.build(given_data, "f.yml", lambda path: ("g.yml", {"runs": env}), lambda step, around: Known())
    for scenario in scenarios(built):
        first = simulate.simulate(built, scenario, limit=8)
        assert first == simulate.simulate(built, scenario, limit=8)
