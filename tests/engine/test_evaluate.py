"""Evaluation: results, blame, unknowns, patches, crashes."""

from __future__ import annotations

from typing import Any

from guardrail.catalog.select import Selected
from guardrail.engine.compile import compile_policy
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.formats import kubernetes, yaml_text
from guardrail.formats.nodes import Lines
from guardrail.model.document import Document, Resource
from guardrail.model.place import render_path
from guardrail.model.policy import Match, Policy
from guardrail.model.value import UnknownValue
from guardrail.views.items import Lens

POD = """
apiVersion: v1
kind: Pod
metadata: {name: x}
spec:
  containers:
    - {name: a, image: i, securityContext: {privileged: true}}
    - {name: b, image: i}
"""


def resource(text: str) -> Resource:
    lines = Lines(text)
    parsed = next(yaml_text.read(text, lines))
    assert isinstance(parsed, yaml_text.Parsed)
    document = Document("x.yaml", 0, parsed.data, parsed.places, 1, 99)
    return next(iter(kubernetes.resources(document)))


def policy(**changes: Any) -> Policy:
    given: dict[str, Any] = {
        "id": "some-fault",
        "title": "Some fault",
        "severity": "low",
        "category": "test",
        "why": "",
        "remediation": "",
        "match": Match("kubernetes", ("Workload",)),
        "each": "containers",
    }
    return Policy(**{**given, **changes})


def judged(text: str, **changes: Any) -> Outcome:
    found = policy(**changes)
    compiled = compile_policy(Selected(found, "low", {}, True), 37)
    outcome = Outcome()
    evaluate(compiled, Lens(resource(text)).items(found.each), outcome)
    return outcome


def paths(outcome: Outcome) -> list[str]:
    return [render_path(h.path) for h in outcome.hits]


def test_a_hit_blames_the_field() -> None:
    outcome = judged(POD, assertions=({"path": "securityContext.privileged", "notEquals": True},))
    assert paths(outcome) == ["spec.containers[0].securityContext.privileged"]
    assert (outcome.tally.evaluated, outcome.tally.failed) == (2, 1)


def test_an_absence_names_the_whole_path() -> None:
    outcome = judged(POD, assertions=({"path": "resources.limits.memory", "exists": True},))
    assert paths(outcome) == [
        "spec.containers[0].resources.limits.memory",
        "spec.containers[1].resources.limits.memory",
    ]
    assert all(h.missing for h in outcome.hits)


def test_inherited_fields_are_blamed_where_they_are_written() -> None:
    text = POD.replace("spec:\n", "spec:\n  securityContext: {runAsNonRoot: false}\n")
    outcome = judged(text, assertions=({"cel": "effective.?runAsNonRoot.orValue(false)"},))
    assert paths(outcome) == ["spec.securityContext.runAsNonRoot"] * 2
    outcome = judged(POD, assertions=({"cel": "effective.?runAsNonRoot.orValue(false)"},))
    assert paths(outcome)[1] == "spec.containers[1].securityContext.runAsNonRoot"


def test_when_leaves_items_out() -> None:
    outcome = judged(POD, when=({"cel": "container.name == 'b'"},), assertions=({"path": "nothing", "exists": True},))
    assert paths(outcome) == ["spec.containers[1].nothing"]
    assert outcome.tally.not_applicable == 1


def test_messages_are_filled_in() -> None:
    outcome = judged(
        POD,
        assertions=(
            {
                "path": "securityContext.privileged",
                "notEquals": True,
                "message": "{{role}} {{container.name}}: {{[1, 2]}} {{container.nothing}}",
            },
        ),
    )
    assert outcome.hits[0].message == "container a: 1, 2 ?"


def test_variables_carry_blame() -> None:
    outcome = judged(
        POD,
        variables={"sc": "container.?securityContext", "priv": "variables.sc.?privileged.orValue(false)"},
        assertions=({"cel": "!variables.priv"},),
    )
    assert paths(outcome) == ["spec.containers[0].securityContext.privileged"]


def test_an_absence_in_a_patch_is_unknown_and_a_fault_in_it_is_not() -> None:
    patch = POD.replace("image: i, ", "").replace(", image: i", "")
    outcome = judged(patch, assertions=({"path": "resources", "exists": True},))
    assert not outcome.hits
    assert len(outcome.undecided) == 2
    outcome = judged(patch, assertions=({"path": "securityContext.privileged", "notEquals": True},))
    assert len(outcome.hits) == 1


def test_an_expression_that_goes_wrong_is_a_failure_never_a_pass() -> None:
    outcome = judged(POD, assertions=({"cel": "container.securityContext.privileged == true"},))
    assert len(outcome.failures) == 1
    outcome = judged(POD, assertions=({"cel": "size(container)"},))
    assert len(outcome.failures) == 2


def unknown_in(text: str, **changes: Any) -> Outcome:
    found = policy(each="resource", **changes)
    compiled = compile_policy(Selected(found, "low", {}, True), 37)
    subject = resource(text)
    subject.data["spec"] = {"x": UnknownValue("var.environment")}
    outcome = Outcome()
    evaluate(compiled, Lens(subject).items("resource"), outcome)
    return outcome


def test_unknowns() -> None:
    check = ({"path": "spec.x", "equals": True},)
    outcome = unknown_in(POD, assertions=check)
    assert [u.reason for u in outcome.undecided] == ["var.environment"]
    assert (outcome.tally.unknown, outcome.tally.failed) == (1, 0)
    assert not unknown_in(POD, assertions=check, unknown="pass").undecided
    assert len(unknown_in(POD, assertions=check, unknown="fail").hits) == 1


def test_a_fault_under_an_unknown_condition_is_unknown() -> None:
    outcome = unknown_in(
        POD, when=({"cel": "object.spec.x == true"},), assertions=({"path": "nothing", "exists": True},)
    )
    assert not outcome.hits
    assert [u.reason for u in outcome.undecided] == ["var.environment"]


def test_what_stumbles_over_a_value_that_is_refused_is_not_known() -> None:
    spec = "spec: {template: {spec: {hostNetwork: %s, containers: [{name: a, image: b}]}}}"
    text = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\n{spec}\n"
    asserted = ({"cel": "object.spec.template.spec.hostNetwork + 1 == 2"},)
    for value, unknown in (("[1]", 1), ("true", 0)):
        outcome = judged(text % value, assertions=asserted, each="resource")
        assert len(outcome.undecided) == unknown
        assert len(outcome.failures) == 1 - unknown
        assert not outcome.hits
        assert all(u.reason.endswith("hostNetwork must be true or false, and is a list") for u in outcome.undecided)
