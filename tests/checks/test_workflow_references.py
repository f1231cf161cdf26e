"""What expressions may name, and where.

Sources: github/docs `contexts.md` ("Context availability") and `expressions.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.expressions import availability
from guardrail.actions.matrix import legs
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.scan.read import open_text
from guardrail.views import names
from guardrail.views.expressions import MOST_TOLD, sites
from guardrail.views.once import once
from tests.checks.workflow_texts import hits, job, step, told

IDS = {"<job_id>": "a", "<step_id>": "0"}


def _nest(keys: list[str], value: object) -> object:
    """A value below these keys; `steps` and the arguments of a container are lists."""
    if not keys:
        return value
    key, below = IDS.get(keys[0], keys[0].strip("<>")), _nest(keys[1:], value)
    return {key: [below] if key == "steps" else below}


def _resource(text: str, name: str = ".github/workflows/ci.yml") -> Resource:
    return open_text(name, text).resources[0]


def _at(key: str, expression: str) -> list[tuple[int, str]]:
    """What is said of an expression at a key of the table."""
    action = not key.startswith(("jobs", "on", "env", "concurrency", "run-name"))
    data = _nest(key.split("."), f"${{{{ {expression} }}}}")
    name = "action.yml" if action else ".github/workflows/ci.yml"
    assert isinstance(data, dict)
    whole = {"runs": {"using": "composite"}, **data} if action else {"on": "push", "jobs": {}, **data}
    return hits("workflow_expressions.unavailable", f"# as JSON\n{json.dumps(whole)}\n", name)


@pytest.mark.parametrize("key", availability.KEYS)
def test_every_key_takes_the_contexts_and_functions_of_its_row(key: str) -> None:
    contexts, functions = availability.available(key)
    for context in availability.CONTEXTS:
        assert bool(_at(key, f"{context}.x.y")) == (context not in contexts), context
    for function in ("always", "cancelled", "failure", "success", "hashFiles", "toJSON"):
        arguments = "'x'" if function in {"hashFiles", "toJSON"} else ""
        assert bool(_at(key, f"{function}({arguments}) == 1")) == (function.lower() not in functions), function


@pytest.mark.parametrize(
    "text",
    [
        "name: ${{ github.ref }}\non: push\njobs: {}\n",
        "on: {push: {branches: ['${{ github.ref }}']}}\njobs: {}\n",
        "on: push\npermissions: {contents: '${{ github.ref }}'}\njobs: {}\n",
        "on: push\ndefaults: {run: {shell: '${{ github.ref }}'}}\njobs: {}\n",
        step("{id: 'x${{ github.ref }}', run: y}"),
        job("{runs-on: x, needs: ['${{ github.ref }}'], steps: []}"),
        job("{runs-on: x, permissions: {contents: '${{ github.ref }}'}, steps: []}"),
    ],
)
def test_keys_that_take_no_expression(text: str) -> None:
    assert "takes no expression" in told("workflow_expressions.unavailable", text)


@pytest.mark.parametrize(
    "body",
    [
        "{runs-on: x, steps: [{parallel: [{run: '${{ steps.b.outputs.c }}', env: {A: '${{ secrets.B }}'}}]}]}",
        "{runs-on: x, steps: [{run: y, background: '${{ matrix.b }}'}, {wait: '${{ env.C }}'}]}",
        "{runs-on: x, cancel-timeout-minutes: '${{ fromJSON(vars.B) }}', steps: []}",
        "{runs-on: x, if: \"github.ref == 'x' && always()\", steps: [{run: y, if: hashFiles('x') != ''}]}",
        "{runs-on: x, container: {image: '${{ matrix.i }}', options: '${{ needs.b.outputs.c }}'}, steps: []}",
    ],
)
def test_where_expressions_are_fine(body: str) -> None:
    assert told("workflow_expressions.unavailable", job(body)) == ""


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("github.ref = 'x'", "'='"),
        ('github.ref == "x"', "'"),
        ("contains(github.ref)", "contains"),
        ("startWith(github.ref, 'a')", "did you mean startsWith?"),
        ("foo(1)", "no function foo"),
        ("", ""),
        ("(github.ref", ")"),
        ("format('{1}', 1)", "format has {1}"),
        ("format('{0} {{9}}', 1)", None),
        ("fromJSON('[1,')", "no JSON"),
        ("fromJSON('[1]')[0]", None),
        ("case(github.ref == 'a', 1, 2)", None),
        ("github.event['x y'].*.z[0]", None),
        ("!!(1 <= 0x1F && -2.5e3 != null)", None),
    ],
)
def test_expressions_that_cannot_be_read(expression: str, words: str | None) -> None:
    text = step(json.dumps({"run": f"x ${{{{ {expression} }}}} y"}))
    found = hits("workflow_expressions.invalid", text)
    assert len(found) == (words is not None), found
    assert words is None or words in found[0][1]


def test_an_expression_without_an_end() -> None:
    assert len(hits("workflow_expressions.invalid", step("{run: 'x ${{ github.ref'}"))) == 1


def test_each_of_several_expressions_is_shown_where_it_stands() -> None:
    text = (
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n"
        "          echo ${{ github.ref }}\n          echo ${{ nope() }}\n          echo ${{ nope() }}\n"
    )
    assert [line for line, _ in hits("workflow_expressions.invalid", text)] == [8, 9]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("github.branch", "did you mean github.ref_name?"),
        ("github.event_nam", "event_name"),
        ("steps.b.output.c", "did you mean outputs?"),
        ("steps.b.outcom", "outcome"),
        ("needs.b.conclusion", "did you mean result?"),
        ("runner.platform", "did you mean runner.os?"),
        ("github.event.anything.at.all", ""),
        ("github[matrix.b]", ""),
        ("github.*", ""),
        ("GITHUB.REF_NAME", ""),
    ],
)
def test_properties(expression: str, words: str) -> None:
    found = told("workflow_expressions.properties", step(json.dumps({"run": f"${{{{ {expression} }}}}"})))
    assert (words in found) if words else (found == "")


STEPS = [
    ("[{run: '${{ steps.b.outputs.c }}'}, {run: x, id: b}]", "comes later"),
    ("[{run: x, id: b}, {run: '${{ steps.B.outputs.c }}'}]", ""),
    ("[{run: '${{ steps.b.outputs.c }}', id: b}]", "refers to itself"),
    ("[{run: x, id: build}, {run: '${{ steps.biuld.outcome }}'}]", "did you mean build?"),
    ("[{run: x, id: b}, {run: \"${{ steps['b'].outcome }}\"}]", ""),
    ("[{run: '${{ toJSON(steps) }} ${{ steps.*.outcome }} ${{ steps[matrix.x].outcome }}'}]", ""),
    ("[{parallel: [{run: x, id: b}, {run: '${{ steps.b.outcome }}'}]}]", "at the same time"),
    ("[{parallel: [{run: x, id: b}]}, {run: '${{ steps.b.outcome }}'}]", ""),
    ("[{run: x, id: b, background: true}, {run: '${{ steps.b.outcome }}'}]", "in the background"),
    ("[{run: x, id: b, background: true}, {wait: b}, {run: '${{ steps.b.outcome }}'}]", ""),
    ("[{run: x, id: b, background: true}, {wait-all: }, {run: '${{ steps.b.outcome }}'}]", ""),
]


@pytest.mark.parametrize(("steps", "words"), STEPS, ids=[row[0] for row in STEPS])
def test_steps(steps: str, words: str) -> None:
    found = told("workflow_references.steps", job(f"{{runs-on: x, steps: {steps}}}"))
    assert (words in found) if words else (found == "")


def test_a_step_of_another_job() -> None:
    text = (
        "on: push\njobs:\n  a: {runs-on: x, steps: [{run: y, id: s}]}\n"
        "  b: {runs-on: x, needs: a, steps: [{run: '${{ steps.s.outputs.o }}'}]}\n"
    )
    assert "is in job a" in told("workflow_references.steps", text)


JOBS = [
    ("needs: [one]", "needs.one.outputs.o", "", ""),
    ("needs: one", "needs.ONE.outputs.O", "", ""),
    ("needs: [two]", "needs.one.outputs.o", "does not need one", ""),
    ("needs: [one]", "needs.oen.outputs.o", "did you mean one?", ""),
    ("needs: [one]", "needs.one.outputs.p", "", "has no output p"),
    ("needs: [two]", "needs.two.outputs.p", "", ""),  # a called workflow: told where its outputs are known
    ("needs: '${{ vars.X }}'", "needs.one.outputs.p", "", "has no output p"),
    ("needs: [one]", "needs.*.result", "", ""),
    ("name: x", "needs.one.result", "does not need one", ""),
]


@pytest.mark.parametrize(("needs", "expression", "missing", "output"), JOBS)
def test_jobs(needs: str, expression: str, missing: str, output: str) -> None:
    text = (
        "on: push\njobs:\n  one: {runs-on: x, outputs: {o: 1}, steps: [{run: y}]}\n"
        "  two: {uses: ./.github/workflows/x.yml}\n"
        f"  c: {{runs-on: x, {needs}, steps: [{{run: '${{{{ {expression} }}}}'}}]}}\n"
    )
    for check, words in (("needs", missing), ("outputs", output)):
        found = told(f"workflow_references.{check}", text)
        if "vars" not in needs:
            assert (words in found) if words else (found == "")


def test_outputs_of_a_called_workflow_name_jobs_of_it() -> None:
    on = "{workflow_call: {outputs: {o: {value: '${{ jobs.b.outputs.c }}'}, p: {value: '${{ jobs.a.outputs.c }}'}}}}"
    text = job("{runs-on: x, outputs: {d: 1}, steps: [{run: y}]}", on)
    assert told("workflow_references.needs", text).startswith("there is no job b")
    assert told("workflow_references.outputs", text).startswith("job a has no output c")


INPUTS = [
    ("push", "inputs.a", "neither workflow_dispatch nor workflow_call"),
    ("workflow_dispatch", "inputs.a", "declares no input a"),
    ("{workflow_dispatch: {inputs: {a: }}}", "inputs.A", ""),
    ("{workflow_dispatch: {inputs: {ab1: }}}", "inputs.ab2", "did you mean ab1?"),
    ("{workflow_dispatch: {inputs: {a: }}, workflow_call: {inputs: {b: {type: string}}}}", "inputs.b", ""),
    ("{workflow_dispatch: {inputs: {a: }}}", "github.event.inputs.b", "workflow_dispatch declares no input b"),
    ("{workflow_dispatch: {inputs: {a: }}, workflow_call: }", "github.event.inputs.b", ""),
    ("{workflow_dispatch: {inputs: 5}}", "inputs.b", ""),
]


@pytest.mark.parametrize(("on", "expression", "words"), INPUTS)
def test_inputs(on: str, expression: str, words: str) -> None:
    text = job(f"{{runs-on: x, steps: [{{run: '${{{{ {expression} }}}}'}}]}}", on)
    found = told("workflow_references.inputs", text)
    assert (words in found) if words else (found == "")


def test_inputs_of_an_action() -> None:
    text = "inputs: {a: {}}\nruns: {using: composite, steps: [{run: '${{ inputs.a }} ${{ inputs.b }}', shell: bash}]}\n"
    assert told("workflow_references.inputs", text, "action.yml").startswith("the action declares no input b")


KEYS = st.sampled_from(["os", "version", "extra"])
VALUES = st.sampled_from(["a", "b", 1, True])
ENTRIES = st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=2), min_size=1, max_size=2)
MATRICES = st.fixed_dictionaries(
    {},
    optional={
        "os": st.lists(VALUES, min_size=1, max_size=2),
        "version": st.lists(VALUES, min_size=1, max_size=2),
        "include": ENTRIES,
        "exclude": ENTRIES,
    },
).filter(lambda matrix: matrix.keys() - {"exclude"})


def _of_matrix(matrix: Mapping[str, object], run: str = "x") -> str:
    data = {"on": "push", "jobs": {"a": {"runs-on": "x", "strategy": {"matrix": matrix}, "steps": [{"run": run}]}}}
    return f"# as JSON\n{json.dumps(data)}\n"


@given(MATRICES, KEYS)
def test_a_key_of_the_matrix_is_one_that_some_leg_has(matrix: dict[str, object], key: str) -> None:
    found = hits("workflow_references.matrix", _of_matrix(matrix, f"${{{{ matrix.{key} }}}}"))
    every = legs({"matrix": matrix})
    assert every is not None
    assert not (found and any(key in leg for leg in every))
    assert found or key in matrix or any(key in leg for leg in every)


@given(MATRICES)
def test_what_excludes_nothing_can_be_taken_away(matrix: dict[str, object]) -> None:
    exclude = matrix.get("exclude")
    found = [message for _, message in hits("workflow_matrix.excluded", _of_matrix(matrix))]
    rest = {**matrix, "exclude": []} if exclude else matrix
    same = legs({"matrix": matrix}) == legs({"matrix": rest})
    wrong = [m for m in found if "no key" in m or "is never" in m]
    if isinstance(exclude, list) and len(exclude) == 1 and wrong:
        assert same
    if any("every combination" in message for message in found):
        assert legs({"matrix": matrix}) == ()


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ({"os": ["a"], "exclude": [{"oss": "a"}]}, "no key of the matrix; did you mean os?"),
        ({"os": ["a"], "exclude": [{"os": "b"}]}, "os is never"),
        ({"os": ["a", "b"], "exclude": [{"os": "A"}]}, ""),  # `==` of expressions ignores case
        ({"n": [1, 2], "exclude": [{"n": "1"}]}, ""),  # and casts
        ({"n": [{"a": 1, "b": 2}], "exclude": [{"n": {"a": 1}}]}, ""),  # part of a value is enough
        ({"n": [1], "exclude": [{"n": 1}]}, "every combination"),
        ({"os": ["${{ vars.X }}"], "exclude": [{"os": "b"}]}, ""),
        ({"os": "${{ fromJSON(vars.X) }}", "exclude": [{"os": "b"}]}, ""),
        ({"os": ["a"], "exclude": "${{ fromJSON(vars.X) }}"}, ""),
    ],
)
def test_exclusions(matrix: dict[str, object], words: str) -> None:
    found = told("workflow_matrix.excluded", _of_matrix(matrix))
    assert (words in found) if words else (found == "")


def test_services() -> None:
    text = job("{runs-on: x, services: {db: {image: y}}, steps: [{run: '${{ job.services.bd.id }}'}]}")
    assert told("workflow_references.services", text).startswith("job a has no service bd")
    assert told("workflow_references.services", text.replace("bd", "db")) == ""


def test_a_site_knows_its_job_and_step() -> None:
    text = (
        "on: push\nenv: {A: '${{ vars.A }}'}\njobs:\n  a:\n    runs-on: x\n    steps:\n"
        "      - run: ${{ vars.B }}\n      - parallel: [{run: '${{ vars.C }}'}]\n"
    )
    at: list[tuple[str, Path]] = [(site.job, site.step) for site in sites(_resource(text))]
    below: Path = ("jobs", "a", "steps")
    assert at == [("", ()), ("a", (*below, 0)), ("a", (*below, 1, "parallel", 0))]


def test_work_is_done_once_for_a_resource_and_again_for_its_equal() -> None:
    seen: list[Resource] = []

    @once
    def length(resource: Resource) -> int:
        seen.append(resource)
        return len(seen)

    one, other = _resource(step("{run: x}")), _resource(step("{run: x}"))
    assert [length(one), length(other), length(one)] == [1, 2, 1]
    assert names.scopes(one) == names.scopes(other)


def test_a_text_full_of_faults_is_quick() -> None:
    text = step(json.dumps({"run": "${{ nope() }} ${{ steps.b.outputs.c }} ${{ github.branch }} " * 5000}))
    for check in ("expressions.invalid", "expressions.properties", "references.steps"):
        assert len(hits(f"workflow_{check}", text)) == MOST_TOLD
