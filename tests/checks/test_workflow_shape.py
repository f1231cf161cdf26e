"""The shape of workflows: what GitHub's own reader accepts and refuses.

Sources: github/docs `workflow-syntax.md` and `metadata-syntax.md`; actions/runner `src/Sdk/WorkflowParser`
(`TemplateReader.cs`, `WorkflowTemplateConverter.cs`, `workflow-v1.0.json`), `src/Runner.Worker/action_yaml.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail import checks
from guardrail.model.report import Report
from guardrail.scan.read import open_text
from guardrail.views.items import Lens
from tests.checks.workflow_texts import OF_JOBS, hits, job, step, told

MALFORMED = "workflow_shape.malformed"


@pytest.mark.parametrize(
    "body",
    [
        "{run: make, name: , timeout-minutes: 5}",  # TemplateReader.Validate: null becomes an empty text
        "{run: 1, env: {A: , B: 1, C: true}}",  # "Not a string, convert"
        "{run: make, continue-on-error: '${{ github.ref == 1 }}', timeout-minutes: '${{ 5 }}'}",
        "{run: make, env: '${{ fromJSON(vars.X) }}'}",  # `AllowedContext.Length`
        "{uses: a/b@v1, with: {args: , '${{ insert }}': {}}}",  # WorkflowTemplateConstants.Insert
        "{run: make, background: true}",  # steps[*].background
        "{wait: [a, b]}",  # steps[*].wait, "or multiple step ids as an array"
        "{wait-all: }",  # steps[*].wait-all, "takes no arguments"
        "{cancel: a}",
        "{parallel: [{run: x}, {uses: a/b@v1}]}",  # steps[*].parallel
        "{uses: $/.github/actions/x}",  # steps[*].uses, "$/path/to/action"
    ],
)
def test_what_a_step_may_be(body: str) -> None:
    assert told(MALFORMED, step(body)) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{run: make, timeout-minutes: '5'}", "must be a number, not the text '5'"),  # NumberDefinition
        ("{run: make, timeout-minutes: 0}", "at least 1"),  # "must be a positive integer"
        ("{run: make, timeout-minutes: 2.5}", "whole numbers"),  # "Fractional values are not supported"
        ("{run: make, timeout-minutes: true}", "must be a number"),
        ("{run: make, continue-on-error: 'true'}", "must be true or false"),  # BooleanDefinition
        ("{run: make, continue-on-error: ' ${{ github.ref }} x'}", "yields text"),
        ("{run: make, env: [A]}", "must be a mapping, not a list"),  # UnexpectedSequenceStart
        ("{run: make, env: }", "is empty"),  # "Unexpected value ''"
        ("{run: [make]}", "must be text, not a list"),
        ("{uses: a/b@v1, run: make}", "one of them"),
        ("{uses: a/b@v1, shell: bash}", "goes with run"),  # `regular-step` has no shell
        ("{run: make, with: {a: b}}", "goes with uses"),  # `run-step` has no with
        ("{name: x}", "has no run or uses"),  # "Required property is missing"
        ("{run: make, id: }", "is empty"),  # require-non-empty
        ("{wait: a, if: always()}", "always runs"),  # steps[*].wait, the note
        ("{parallel: [{wait-all: }]}", "parallel group"),
        ("make", "must be a mapping"),
        ("", "is empty"),
    ],
)
def test_what_a_step_may_not_be(body: str, words: str) -> None:
    assert words in told(MALFORMED, step(body or "null"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{runs-on: x, steps: make}", "must be a list"),
        ("{runs-on: , steps: []}", "is empty"),
        ("{steps: []}", "job a has no runs-on"),
        ("{}", "job a has no runs-on or uses"),
        ("[]", "job a must be a mapping, not a list"),
        ("{runs-on: x, needs: {b: c}}", "must be text or a list"),
        ("{runs-on: x, needs: '${{ vars.X }}y'}", ""),  # of expressions another policy tells
        ("{runs-on: x, strategy: {matrix: {a: b}}}", "must be a list"),  # loose-value-type: sequence
        ("{runs-on: x, strategy: {matrix: {a: []}}}", "empty list"),  # "does not contain any values"
        ("{runs-on: x, strategy: {matrix: {}}}", "empty mapping"),  # "Matrix must define at least one vector"
        ("{runs-on: x, strategy: {matrix: {a: [1], include: [{}]}}}", "empty mapping"),
        ("{runs-on: x, concurrency: {cancel-in-progress: true}}", "has no group"),
        ("{runs-on: x, concurrency: {group: g, queue: all}}", "GitHub knows single and max"),
        ("{runs-on: x, concurrency: {group: g, queue: max, cancel-in-progress: true}}", "refuses queue: max"),
        ("{runs-on: x, environment: {url: u}}", "has no name"),
        ("{runs-on: x, permissions: {issues: all}}", "GitHub knows read, write and none"),
        ("{runs-on: x, permissions: {id-token: read}}", "GitHub knows write and none"),
        ("{runs-on: x, permissions: none}", "GitHub knows read-all and write-all"),
        ("{runs-on: x, services: {db: {ports: [1]}}}", "has no image"),
        ("{runs-on: x, container: {image: y, ports: 80}}", "must be a list"),
        ("{uses: ./.github/workflows/x.yml, secrets: all}", "GitHub knows inherit"),
    ],
)
def test_what_a_job_may_not_be(body: str, words: str) -> None:
    found = told(MALFORMED, job(body))
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    "body",
    [
        "{runs-on: x, name: , if: , container: '', environment: , concurrency: ''}",  # `string` may be empty
        "{runs-on: '${{ vars.X }}', strategy: '${{ fromJSON(vars.X) }}', services: '${{ fromJSON(vars.X) }}'}",
        "{runs-on: {group: g}, snapshot: image, cancel-timeout-minutes: 3}",
        "{runs-on: x, environment: {name: e, deployment: false}}",
        "{runs-on: x, concurrency: {group: g, queue: max, cancel-in-progress: false}}",
        "{runs-on: x, services: {db: {image: y, command: c, entrypoint: e}}}",
        "{runs-on: x, permissions: {}, outputs: {}, env: {}, needs: []}",
        "{uses: a/b/.github/workflows/c.yml@v1, secrets: inherit, with: {a: , b: 1, c: true}}",
    ],
)
def test_what_a_job_may_be(body: str) -> None:
    assert told(MALFORMED, job(body)) == ""


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("{push: , pull_request: {types: , branches: main}}", ""),  # `event-property-strings-relaxed` takes null
        ("{push: {branches: {a: b}}}", "must be text or a list"),
        ("{schedule: {cron: x}}", "must be a list"),
        ("{schedule: [{timezone: UTC}]}", "has no cron"),
        ("{schedule: [{cron: '0 0 * * *', timezone: Europe/Berlin}]}", ""),
        ("{workflow_call: {inputs: {a: {}}}}", "has no type"),  # `type` is required
        ("{workflow_call: {inputs: {a: {type: choice}}}}", "GitHub knows boolean, number and string"),
        ("{workflow_call: {outputs: {a: {}}}}", "has no value"),
        ("{workflow_call: {secrets: {a: }}}", ""),
        ("{workflow_dispatch: {inputs: {a: , b: {type: environment}}}}", ""),
        ("{workflow_dispatch: {inputs: [a]}}", "must be nothing or a mapping"),
        ("[]", "empty list"),
        ("{}", "empty mapping"),
        ("", "is empty"),
    ],
)
def test_what_starts_a_workflow(on: str, words: str) -> None:
    found = told(MALFORMED, job("{runs-on: x, steps: [{run: y}]}", on))
    assert (words in found) if words else (found == "")


def test_merge_keys_are_refused() -> None:
    """Anchors are supported, merging is not: `YamlObjectReader` yields `<<` as a key like any other."""
    text = "on: push\njobs:\n  a: &a\n    runs-on: x\n    steps: [{run: y}]\n  b:\n    <<: *a\n    name: b\n  c: *a\n"
    assert hits(MALFORMED, text) == [
        (7, "<< is a key like any other to GitHub, which merges nothing and refuses the file")
    ]


def test_a_second_document_is_refused() -> None:
    """`YamlObjectReader.ValidateEnd`: "Expected stream end parse event"."""
    text = job("{runs-on: x, steps: [{run: y}]}")
    assert [line for line, _ in hits(MALFORMED, f"{text}---\n{text}")] == [5]


def test_one_finding_for_a_misspelt_key_that_is_required() -> None:
    """A required key that is there, misspelt, is not missing, too."""
    text = job("{run-on: x, steps: [{user: a/b@v1}]}")
    assert told(MALFORMED, text) == ""
    assert [m.partition("; ")[2] for _, m in hits("workflow_shape.misspelt", text)] == [
        "did you mean runs-on?",
        "did you mean uses?",
    ]


@pytest.mark.parametrize("text", ["env: {A: 1, a: 2}", "env: {a: 1}\ndefaults: {run: {shell: bash}}"])
def test_keys_are_compared_without_case(text: str) -> None:
    """`HashSet<String>(StringComparer.OrdinalIgnoreCase)` in TemplateReader; known keys are told apart by case."""
    found = told("workflow_shape.repeated", f"{text}\n{job('{runs-on: x, steps: [{run: y}]}')}")
    assert ("again" in found) == ("A: 1" in text)


def test_templates_may_leave_things_to_be_filled_in() -> None:
    """github/docs "Creating workflow templates": `$default-branch`, `$cron-daily`."""
    assert told(MALFORMED, job("{runs-on: x, strategy: {matrix: $languages-matrix}, timeout-minutes: $a-b}")) == ""


SAMPLE: dict[str, object] = {
    "name": "Build",
    "on": {"push": {"branches": ["main"]}, "workflow_dispatch": {"inputs": {"a": {"type": "string"}}}},
    "permissions": {"contents": "read"},
    "env": {"A": "b"},
    "jobs": {
        "build": {
            "runs-on": "ubuntu-24.04",
            "timeout-minutes": 10,
            "if": "github.ref == 'x'",
            "strategy": {"fail-fast": True, "matrix": {"os": ["a", "b"], "exclude": [{"os": "a"}]}},
            "environment": {"name": "staging", "deployment": False},
            "container": {"image": "x", "ports": [80]},
            "outputs": {"image": "${{ steps.make.outputs.image }}"},
            "steps": [
                {"id": "make", "run": "make", "env": {"OS": "${{ matrix.os }}"}, "continue-on-error": True},
                {"uses": "a/b@v1", "with": {"c": "d"}},
                {"parallel": [{"run": "one"}, {"run": "two"}]},
            ],
        },
        "call": {"needs": ["build"], "uses": "./.github/workflows/x.yml", "with": {"a": 1}, "secrets": "inherit"},
    },
}
OTHERS: dict[str, object] = {"mapping": {"x": "y"}, "list": ["x"], "text": "x", "number": 7, "flag": True, "null": None}
TAKES = {
    "name run-name": "text number flag null",
    "on": "text number flag list",  # of events that do not exist another policy tells
    "on.*": "mapping null",
    "on.workflow_dispatch": "null",
    "on.push.branches": "text list number flag null",
    "on.push.branches.*": "text number flag",
    "on.workflow_dispatch.inputs": "null",
    "on.workflow_dispatch.inputs.*": "null",
    "permissions": "",
    "permissions.*": "",
    "env jobs.*.steps.*.env jobs.*.steps.*.with jobs.*.outputs": "mapping",
    "env.* jobs.*.steps.*.env.* jobs.*.steps.*.with.* jobs.*.outputs.* jobs.call.with.*": "text number flag null",
    "jobs": "",
    "jobs.*": "",
    "jobs.*.runs-on": "text list number flag",
    "jobs.*.timeout-minutes": "number",
    "jobs.*.if": "text number flag null",
    "jobs.*.strategy": "",
    "jobs.*.strategy.fail-fast": "flag",
    "jobs.*.strategy.matrix": "",
    "jobs.*.strategy.matrix.os": "list",
    "jobs.*.strategy.matrix.os.*": "mapping list text number flag null",
    "jobs.*.strategy.matrix.exclude": "",
    "jobs.*.strategy.matrix.exclude.*": "mapping",
    "jobs.*.strategy.matrix.exclude.*.*": "mapping list text number flag null",
    "jobs.*.environment": "text number flag null",
    "jobs.*.environment.name": "text number flag null",
    "jobs.*.environment.deployment": "flag",
    "jobs.*.container": "text number flag null",
    "jobs.*.container.image": "text number flag null",
    "jobs.*.container.ports": "list",
    "jobs.*.container.ports.*": "text number flag",
    "jobs.*.steps": "",
    "jobs.*.steps.*": "",
    "jobs.*.steps.*.id": "text number flag",
    "jobs.*.steps.*.run": "text number flag null",
    "jobs.*.steps.*.uses jobs.call.uses": "text number flag",
    "jobs.*.steps.*.continue-on-error": "flag",
    "jobs.*.steps.*.parallel": "",
    "jobs.*.steps.*.parallel.*": "",
    "jobs.*.steps.*.parallel.*.run": "text number flag null",
    "jobs.*.needs": "text list number flag",
    "jobs.*.needs.*": "text number flag",
    "jobs.call.with": "mapping",
    "jobs.call.secrets": "mapping",
}
"""What stands at each place of SAMPLE may become without being malformed; by the sources named above."""

_BY_PLACE = {place: set(kinds.split()) for places, kinds in TAKES.items() for place in places.split()}

Place = tuple[str | int, ...]


def _places(node: object, path: Place = ()) -> Iterator[Place]:
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield (*path, key)
            yield from _places(value, (*path, key))


ALL_PLACES = [p for p in _places(SAMPLE) if p[:4] != ("on", "workflow_dispatch", "inputs", "a") or len(p) == 4]


def _replaced(place: Place, value: object) -> dict[str, object]:
    data = deepcopy(SAMPLE)
    node: object = data
    for key in place[:-1]:
        node = node[key]  # type: ignore[index]
    node[place[-1]] = deepcopy(value)  # type: ignore[index]
    return data


def _takes(place: Place) -> set[str]:
    """The row of TAKES for a place, the most particular first."""
    best: tuple[int, set[str]] = (-1, set())
    for pattern, kinds in _BY_PLACE.items():
        parts = pattern.split(".")
        fits = len(parts) == len(place) and all(a in ("*", str(b)) for a, b in zip(parts, place, strict=True))
        if fits:
            best = max(best, (sum(a != "*" for a in parts), kinds), key=lambda row: row[0])
    assert best[0] >= 0, place
    return best[1]


def _yaml(value: object) -> str:
    """JSON is YAML; a text that begins with a brace is read as JSON, where a null is no value."""
    return f"# in flow style\n{json.dumps(value)}\n"


def _shown(value: dict[str, object]) -> list[Place]:
    opened = open_text(".github/workflows/ci.yml", _yaml(value))
    found: list[Place] = []
    for item in Lens(opened.resources[0]).items("resource"):
        for check in (MALFORMED, "workflow_shape.misspelt", "workflow_shape.unknown", "workflow_shape.calling_keys"):
            found += [hit.path for hit in checks.find(check)(item, {})]  # type: ignore[union-attr]
    return found


def test_the_sample_is_fine() -> None:
    assert _shown(SAMPLE) == []


@pytest.mark.parametrize("kind", sorted(OTHERS))
@pytest.mark.parametrize("place", ALL_PLACES, ids=[".".join(map(str, p)) for p in ALL_PLACES])
def test_any_node_of_another_type_is_told_at_its_place_or_is_fine(place: Place, kind: str) -> None:
    shown = _shown(_replaced(place, OTHERS[kind]))
    near = [p for p in shown if p[: len(place)] == place or place[: len(p)] == p or p[:-1] == place[:-1]]
    assert near == shown, "a malformed node costs only itself"
    assert bool(shown) != (kind in _takes(place)), (place, kind, shown)


EVERY = [
    name
    for name in checks.names()
    if name.startswith(
        ("workflow_shape", "workflow_events", "workflow_jobs", "workflow_expressions", "workflow_references")
    )
    or name.startswith(("workflow_inputs", "workflow_runners", "workflow_matrix", "workflow_values", "action_files"))
    or name.startswith(("workflow_order", "workflow_calls", "workflow_local"))
]

_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("${{ matrix.os }}"),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=6), below, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.sampled_from(ALL_PLACES), _JUNK)
def test_no_check_falls_over_anything(place: Place, junk: object) -> None:
    data = _replaced(place, junk)
    for name, text in ((".github/workflows/ci.yml", data), ("action.yml", {"runs": data, "inputs": junk, **data})):
        opened = open_text(name, _yaml(text))
        for resource in opened.resources:
            lens = Lens(resource)
            for check in EVERY:
                of_jobs = check.partition(".")[2] in OF_JOBS or check == "workflow_runners.misspelt"
                each = "jobs" if of_jobs else "steps" if check == "workflow_inputs.misspelt" else "resource"
                for item in lens.items(each):
                    assert list(checks.find(check)(item, {"of": "workflow"})) is not None


def test_nothing_is_told_twice_of_a_malformed_node(scan: Callable[..., Report]) -> None:
    """A node of the wrong type is one finding, whatever else is asked about it."""
    text = job("{runs-on: x, timeout-minutes: 5, outputs: '${{ github.sha }}', steps: [{uses: ''}]}")
    report = scan({".github/workflows/ci.yml": f"permissions: {{}}\n{text}"}, profile="recommended")
    assert [f.policy.id for f in report.findings] == ["workflow-malformed", "workflow-malformed"]
