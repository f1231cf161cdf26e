"""ValidatingAdmissionPolicies as policies: real-world ones, end to end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail.catalog.admission import policy_id
from guardrail.catalog.load import Catalog, load
from guardrail.catalog.select import Selected
from guardrail.engine.compile import NEWEST_MINOR, compile_policy
from guardrail.errors import PolicyError
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.admission import KINDS, plural
from tests.conftest import Command

Judge = Callable[..., Report]

HEAD = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {name}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [{group}]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [{resources}]
"""
BINDING = """\
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {name}-binding
spec:
  policyName: {name}
  validationActions: [{actions}]
"""


def head(name: str = "demo.example.com", group: str = "apps", resources: str = "deployments") -> str:
    return HEAD.format(name=name, group=group, resources=resources)


def binding(name: str = "demo.example.com", actions: str = "Deny") -> str:
    return BINDING.format(name=name, actions=actions)


REPLICAS = """\
  validations:
    - expression: object.spec.replicas <= 5
      message: at most 5 replicas
"""
LIMIT = head() + REPLICAS
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 9
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: registry.example/app:latest
"""
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  initContainers:
    - name: init
      image: registry.example/init:1
      securityContext:
        privileged: true
  containers:
    - name: app
      image: registry.example/app:latest
    - name: side
      image: registry.example/side
"""
NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {environment: prod}
"""


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Judges texts by the policies in another text; the policies lie outside what is scanned."""

    def run(policies: str, *texts: str, **settings: object) -> Report:
        for folder in ("policies", "repo"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "policies" / "vap.yaml").write_text(policies)
        for index, text in enumerate(texts):
            (tmp_path / "repo" / f"{index}.yaml").write_text(text)
        catalog = load((tmp_path / "policies",))
        ids = [p.id for p in catalog.policies.values() if p.category == "admission"]
        found = Settings(**{"profile": "none", "select": tuple(ids), **settings})  # type: ignore[arg-type]
        return Run(found, catalog, (str(tmp_path / "repo"),), today="2026-06-01").report()

    return run


def lines(report: Report) -> list[int]:
    return [f.location.span.line for f in report.live]


def reasons(report: Report) -> list[str]:
    return [u.reason for u in report.unknowns]


# --- what the policies of real clusters ask for


def test_replicas(judge: Judge) -> None:
    report = judge(LIMIT + binding(), DEPLOYMENT)
    (finding,) = report.live
    assert (finding.location.span.line, finding.path) == (7, "spec.replicas")
    assert finding.message == "at most 5 replicas"
    assert (finding.severity, finding.enforced, report.exit_code("high")) == ("high", True, 1)
    policy = finding.policy
    assert (policy.id, policy.category, policy.title) == ("demo-example-com", "admission", "at most 5 replicas")
    assert "demo.example.com-binding: a cluster refuses it" in policy.why
    assert policy.remediation == "Make this hold:\n\n    at most 5 replicas"
    assert policy.place.endswith("vap.yaml:4:3")


def test_the_default_the_api_server_fills_in(judge: Judge) -> None:
    report = judge(LIMIT + binding(), DEPLOYMENT.replace("  replicas: 9\n", ""))
    assert (report.live, report.problems) == ((), ())
    assert report.coverage["demo-example-com"].evaluated == 1


def test_only_what_the_rules_name(judge: Judge) -> None:
    other = DEPLOYMENT.replace("apps/v1", "example.com/v1")
    report = judge(LIMIT + binding(), POD, other, DEPLOYMENT.replace("Deployment", "StatefulSet"))
    assert report.live == ()
    tally = report.coverage["demo-example-com"]
    assert (tally.evaluated, tally.not_applicable) == (0, 1)  # a Deployment of another group


def test_latest_tag_and_every_container_through_variables(judge: Judge) -> None:
    text = (
        head(group='""', resources="pods")
        + """\
  variables:
    - name: containers
      expression: >-
        object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])
    - name: untagged
      expression: variables.containers.filter(c, !c.image.contains(':') || c.image.endsWith(':latest'))
    - name: never
      expression: object.spec.nodeName.size()
  validations:
    - expression: variables.containers.all(c, !(c.image.endsWith(':latest')) && c.image.contains(':'))
      messageExpression: "'images without a fixed tag: ' + variables.untagged.map(c, c.name).join(', ')"
      reason: Forbidden
    - expression: >-
        variables.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) ||
        !c.securityContext.privileged)
      message: privileged containers are not allowed
    - expression: "!has(object.spec.nodeName) || variables.never > 3"
"""
    )
    report = judge(text + binding(), POD)
    assert lines(report) == [11, 14, 16]
    assert [f.message for f in report.live] == [
        "privileged containers are not allowed",
        "images without a fixed tag: app, side",
        "images without a fixed tag: app, side",
    ]
    assert report.problems == ()
    assert report.live[0].policy.tags == ("Forbidden",)


@pytest.mark.parametrize("spoken", ["object.spec.nothing", "'two\\\\nlines'", "'  '", "3"])
def test_a_message_expression_that_fails(judge: Judge, spoken: str) -> None:
    text = LIMIT.replace("at most 5 replicas", "at most {{5}} replicas") + f'      messageExpression: "{spoken}"\n'
    assert [f.message for f in judge(text + binding(), DEPLOYMENT).live] == ["at most {{5}} replicas"]


def test_without_a_message_the_expression_is_shown(judge: Judge) -> None:
    report = judge(LIMIT.replace("      message: at most 5 replicas\n", "") + binding(), DEPLOYMENT)
    assert report.live[0].message == "failed expression: object.spec.replicas <= 5"


LABELS = (
    head("labels", '""', "pods")
    + """\
  paramKind: {apiVersion: rules.example.com/v1, kind: RequiredLabels}
  validations:
    - expression: params.labels.all(l, has(object.metadata.labels) && l in object.metadata.labels)
      messageExpression: "'labels needed: ' + params.labels.join(', ')"
"""
)
PARAMETERS = """\
---
apiVersion: rules.example.com/v1
kind: RequiredLabels
metadata:
  name: for-pods
  labels: {audience: pods}
labels: [team, cost-centre]
"""


@pytest.mark.parametrize("reference", ["name: for-pods", "selector: {matchLabels: {audience: pods}}"])
@pytest.mark.parametrize("beside", [True, False])
def test_parameters(judge: Judge, reference: str, beside: bool) -> None:
    bound = binding("labels") + f"  paramRef: {{{reference}, parameterNotFoundAction: Deny}}\n"
    policies = LABELS + bound + (PARAMETERS if beside else "")
    report = judge(policies, POD, *([] if beside else [PARAMETERS]))
    assert [(f.message, f.location.span.line) for f in report.live] == [("labels needed: team, cost-centre", 3)]
    labelled = POD.replace("  name: web", "  name: web\n  labels: {team: x, cost-centre: y}")
    assert judge(policies, labelled).live == ()


def test_every_parameter_that_is_selected_must_be_met(judge: Judge) -> None:
    bound = binding("labels") + "  paramRef: {selector: {}, parameterNotFoundAction: Deny}\n"
    second = PARAMETERS.replace("for-pods", "more").replace("[team, cost-centre]", "[owner]")
    labelled = POD.replace("  name: web", "  name: web\n  labels: {team: x, cost-centre: y}")
    report = judge(LABELS + bound + PARAMETERS + second, labelled)
    assert [f.message for f in report.live] == ["labels needed: owner"]


def test_parameters_of_the_objects_own_namespace(judge: Judge) -> None:
    text = LABELS.replace("rules.example.com/v1, kind: RequiredLabels", "v1, kind: ConfigMap")
    text = text.replace("params.labels.all(l, ", "params.data.label.split(',').all(l, ")
    text = text.replace("params.labels.join(', ')", "params.data.label")
    bound = binding("labels") + "  paramRef: {name: label, parameterNotFoundAction: Deny}\n"
    maps = "".join(
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: label, namespace: {n}}}\ndata: {{label: of-{n}}}\n"
        for n in ("shop", "other")
    )
    assert [f.message for f in judge(text + bound + maps, POD).live] == ["labels needed: of-shop"]
    within = bound.replace("{name: label", "{name: label, namespace: other")
    assert [f.message for f in judge(text + within + maps, POD).live] == ["labels needed: of-other"]


def test_a_missing_parameter(judge: Judge) -> None:
    bound = binding("labels") + "  paramRef: {name: nowhere}\n"
    report = judge(LABELS + bound + PARAMETERS, POD)
    assert (report.live, report.problems) == ((), ())
    assert reasons(report) == ["RequiredLabels nowhere, which is not among the files"]
    allowed = bound.replace("nowhere", "nowhere, parameterNotFoundAction: Allow")
    report = judge(LABELS + allowed + PARAMETERS, POD)
    assert (report.live, reasons(report), report.coverage["labels-policy"].not_applicable) == ((), [], 1)
    report = judge(LABELS + allowed, POD, "kind: RequiredLabels\na: [")
    assert reasons(report) == ["a RequiredLabels that may be in files that could not be read"]


def test_match_conditions(judge: Judge) -> None:
    conditions = """\
  matchConditions:
    - name: none-of-this-here
      expression: object.spec.nonsense == 3
    - name: not-exempt
      expression: "!has(object.metadata.labels) || !('exempt' in object.metadata.labels)"
"""
    exempt = DEPLOYMENT.replace("  name: web\n", "  name: web\n  labels: {exempt: ''}\n")
    report = judge(LIMIT + conditions + binding(), exempt)  # one that is false outweighs one that errs
    assert (report.live, report.problems, report.exit_code("low")) == ((), (), 0)
    report = judge(LIMIT + conditions + binding(), DEPLOYMENT)
    assert [(p.code, report.exit_code("low")) for p in report.problems] == [("check-failed", 3)]
    kind = conditions.replace("object.spec.nonsense == 3", "request.kind.kind == 'Deployment'")
    assert lines(judge(LIMIT + kind + binding(), DEPLOYMENT)) == [7]


# --- matching

SELECTED = "    namespaceSelector: {matchLabels: {environment: prod}}\n"


def constrained(more: str) -> str:
    return head() + more + REPLICAS + binding()


def test_a_namespace_selector_needs_the_namespace(judge: Judge) -> None:
    report = judge(constrained(SELECTED), DEPLOYMENT)
    assert (report.live, reasons(report)) == ((), ["Namespace shop, which is not among the files"])
    assert lines(judge(constrained(SELECTED), DEPLOYMENT, NAMESPACE)) == [7]
    report = judge(constrained(SELECTED), DEPLOYMENT, NAMESPACE.replace("prod", "test"))
    assert (report.live, report.unknowns) == ((), ())
    anywhere = DEPLOYMENT.replace("  namespace: shop\n", "")
    assert reasons(judge(constrained(SELECTED), anywhere)) == ["the namespace it is applied to"]


@pytest.mark.parametrize(
    ("name", "operator", "found"),
    [("shop", "NotIn", []), ("kube-system", "NotIn", [7]), ("shop", "In", [7]), ("kube-system", "In", [])],
)
def test_a_namespace_is_known_by_its_name(judge: Judge, name: str, operator: str, found: list[int]) -> None:
    wanted = f"{{key: kubernetes.io/metadata.name, operator: {operator}, values: [{name}]}}"
    report = judge(constrained(f"    namespaceSelector: {{matchExpressions: [{wanted}]}}\n"), DEPLOYMENT)
    assert (lines(report), report.unknowns) == (found, ())


def test_a_namespace_is_selected_by_its_own_labels_and_a_node_always(judge: Judge) -> None:
    text = (
        head(group='""', resources="namespaces, nodes")
        + SELECTED
        + """\
  validations:
    - expression: namespaceObject == null && has(object.metadata.annotations)
      message: annotate it
"""
    )
    node = "apiVersion: v1\nkind: Node\nmetadata:\n  name: n\n"
    assert len(judge(text + binding(), NAMESPACE, node).live) == 2
    assert len(judge(text + binding(), NAMESPACE.replace("prod", "test"), node).live) == 1


def test_the_namespace_object(judge: Judge) -> None:
    text = (
        head()
        + """\
  validations:
    - expression: namespaceObject.metadata.labels['environment'] != 'prod' || object.spec.replicas < 3
      message: small ones only
"""
    )
    assert lines(judge(text + binding(), DEPLOYMENT, NAMESPACE)) == [7]
    assert reasons(judge(text + binding(), DEPLOYMENT.replace("shop", "attic"))) == [
        "Namespace attic, which is not among the files"
    ]
    label = text.replace("'environment'] != 'prod'", "'kubernetes.io/metadata.name'] != 'shop'")
    assert lines(judge(label + binding(), DEPLOYMENT, NAMESPACE)) == [7]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("{apiGroups: [apps], apiVersions: [v1], operations: ['*'], resources: [deployments]}", []),
        ("{apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: ['*']}", []),
        ("{apiGroups: [apps], apiVersions: [v1], operations: [DELETE], resources: [deployments]}", [7]),
        ("{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments/scale]}", [7]),
        ("{apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [deployments]}", [7]),
        ("{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: ['*'], resourceNames: [web]}", []),
        ("{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: ['*'], resourceNames: [x]}", [7]),
        ("{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: ['*'], scope: Cluster}", [7]),
        ("{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: ['*'], scope: Namespaced}", []),
    ],
)
def test_excluded_rules(judge: Judge, more: str, found: list[int]) -> None:
    assert lines(judge(constrained(f"    excludeResourceRules: [{more}]\n"), DEPLOYMENT)) == found


def test_object_selectors(judge: Judge) -> None:
    labelled = DEPLOYMENT.replace("  name: web\n", "  name: web\n  labels: {tier: back}\n")
    for wanted, found in {
        "matchLabels: {tier: back}": [8],
        "matchLabels: {tier: front}": [],
        "matchExpressions: [{key: tier, operator: Exists}]": [8],
        "matchExpressions: [{key: tier, operator: DoesNotExist}]": [],
        "matchExpressions: [{key: tier, operator: In, values: [back, x]}]": [8],
        "matchExpressions: [{key: none, operator: NotIn, values: [back]}]": [8],
    }.items():
        assert lines(judge(constrained(f"    objectSelector: {{{wanted}}}\n"), labelled)) == found, wanted


def test_every_kind_and_custom_ones(judge: Judge) -> None:
    everything = HEAD.replace("[{group}]", "['*']").replace("[v1]", "['*']").replace("[{resources}]", "['*']")
    text = (
        everything.format(name="annotated.everything")
        + """\
  validations:
    - expression: has(object.metadata.annotations)
      message: annotate it
"""
    )
    bound = binding("annotated.everything")
    widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n"
    assert len(judge(text + bound, widget, DEPLOYMENT, text).live) == 2  # admission policies are beyond reach
    assert (
        len(
            judge(
                text.replace("['*']", "[widgets]")
                .replace("apiGroups: [widgets]", "apiGroups: ['*']")
                .replace("apiVersions: [widgets]", "apiVersions: ['*']")
                + bound,
                widget,
                DEPLOYMENT,
            ).live
        )
        == 1
    )


def test_versions_are_equivalent_unless_exact(judge: Judge) -> None:
    old = DEPLOYMENT.replace("apps/v1", "apps/v1beta2")
    assert lines(judge(LIMIT + binding(), old)) == [7]
    assert lines(judge(constrained("    matchPolicy: Exact\n"), old)) == []


def test_a_binding_narrows(judge: Judge) -> None:
    narrow = "  matchResources:\n    objectSelector: {matchLabels: {tier: back}}\n"
    assert judge(LIMIT + binding() + narrow, DEPLOYMENT).live == ()
    labelled = DEPLOYMENT.replace("  name: web\n", "  name: web\n  labels: {tier: back}\n")
    assert lines(judge(LIMIT + binding() + narrow, labelled)) == [8]


# --- bindings and their actions


@pytest.mark.parametrize(
    ("actions", "severity", "enforced"),
    [("Deny", "high", True), ("'Deny', Audit", "high", True), ("Warn, Audit", "medium", True), ("Audit", "low", False)],
)
def test_actions(judge: Judge, actions: str, severity: str, enforced: bool) -> None:
    report = judge(LIMIT + binding(actions=actions), DEPLOYMENT)
    assert [(f.severity, f.enforced) for f in report.live] == [(severity, enforced)]
    assert report.exit_code("low") == int(enforced)


def test_without_a_binding_it_is_only_reported(judge: Judge) -> None:
    report = judge(LIMIT, DEPLOYMENT)
    assert (lines(report), report.exit_code("low")) == ([7], 0)
    assert "no binding among the policy files puts it in force" in report.live[0].policy.why
    assert reasons(judge(LABELS, POD)) == ["the RequiredLabels that a binding would name"]


def test_several_bindings_are_several_policies(judge: Judge) -> None:
    second = binding(actions="Audit").replace("demo.example.com-binding", "trial")
    report = judge(LIMIT + binding() + second, DEPLOYMENT)
    assert [(f.policy.id, f.severity) for f in report.live] == [
        ("demo-example-com-demo-example-com-binding", "high"),
        ("demo-example-com-trial", "low"),
    ]


def test_descriptions_come_from_annotations(judge: Judge) -> None:
    notes = """\
  annotations:
    policies.example.com/title: Too many replicas.
    kubernetes.io/description: Ten of these once ate the cluster.
    example.com/remediation: Ask the platform team.
"""
    text = LIMIT.replace("  name: demo.example.com\n", "  name: demo.example.com\n" + notes)
    policy = judge(text + binding(), DEPLOYMENT).live[0].policy
    assert (policy.title, policy.remediation) == ("Too many replicas", "Ask the platform team.")
    assert policy.why.startswith("Ten of these once ate the cluster. The ValidatingAdmissionPolicy demo")


# --- what files cannot tell


@pytest.mark.parametrize(
    "expression",
    [
        "authorizer.group('').resource('pods').namespace('x').check('create').allowed()",
        "variables.allowed",
        "request.userInfo.username == 'admin'",
    ],
)
def test_what_only_a_cluster_knows_is_never_passed(judge: Judge, expression: str) -> None:
    text = (
        head()
        + f"""\
  variables:
    - name: allowed
      expression: authorizer.group('').resource('pods').check('create').allowed()
  validations:
    - expression: "{expression}"
    - expression: object.spec.replicas <= 5
"""
    )
    report = judge(text + binding(), DEPLOYMENT)
    assert lines(report) == [7]
    assert reasons(report) in (["what the cluster's authorizer answers"], ["who makes the request"])
    quoted = LIMIT.replace("object.spec.replicas <= 5", "object.spec.replicas != 9 || 'authorizer' == ''")
    assert lines(judge(quoted + binding(), DEPLOYMENT)) == [7]


def test_a_policy_about_updates_alone(judge: Judge) -> None:
    text = (
        head().replace("CREATE, UPDATE", "UPDATE")
        + """\
  validations:
    - expression: object.spec.selector == oldObject.spec.selector
    - expression: request.operation == 'UPDATE' && object.spec.replicas <= 5
"""
    )
    report = judge(text + binding(), DEPLOYMENT)
    assert (lines(report), reasons(report)) == ([7], ["the object before the change"])


def test_a_policy_about_neither(judge: Judge) -> None:
    for change in (("CREATE, UPDATE", "DELETE, CONNECT"), ("[deployments]", "[deployments/scale]")):
        report = judge(LIMIT.replace(*change) + binding(), DEPLOYMENT)
        assert (report.live, report.coverage["demo-example-com"].evaluated) == ((), 0)


def test_names_of_a_request(judge: Judge) -> None:
    text = (
        head()
        + """\
  validations:
    - expression: >-
        request.operation == 'CREATE' && oldObject == null && params == null && !request.dryRun
        && request.kind == {'group': 'apps', 'version': 'v1', 'kind': 'Deployment'}
        && request.resource.resource == 'deployments' && request.name == 'web' && request.namespace == 'shop'
        && !has(request.subResource) && object.spec.replicas < 3
"""
    )
    assert lines(judge(text + binding(), DEPLOYMENT)) == [7]


@pytest.mark.parametrize("policy", ["Fail", "Ignore"])
def test_an_expression_that_errs_is_a_problem(judge: Judge, policy: str) -> None:
    text = LIMIT.replace("object.spec.replicas <= 5", "object.spec.paused").replace("Fail", policy)
    report = judge(text + binding(), DEPLOYMENT)
    assert (report.live, report.exit_code("low")) == ((), 3)
    assert "demo-example-com could not be evaluated" in report.problems[0].message


# --- malformed ones


def loaded(tmp_path: Path, text: str) -> Catalog:
    (tmp_path / "vap.yaml").write_text(text, encoding="utf-8")
    return load((tmp_path,))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  validations", "  validatons", 13, "unknown key 'validatons' in spec (did you mean 'validations'?)"),
        ("  failurePolicy: Fail", "  failurePolicy: Fial", 6, "(did you mean 'Fail'?)"),
        ("CREATE, ", "CRAETE, ", 11, "(did you mean 'CREATE'?)"),
        ("    - expression: object.spec.replicas <= 5\n      message", "    - message", 14, "'expression' is missing"),
        (
            "kind: ValidatingAdmissionPolicy\n",
            "kind: ValidatingAdmisionPolicy\n",
            2,
            "did you mean 'ValidatingAdmissionPo",
        ),
        (
            "k8s.io/v1\nkind: ValidatingAdmissionPolicy\n",
            "k8s.io/v3\nkind: ValidatingAdmissionPolicy\n",
            1,
            "k8s.io/v1",
        ),
        ("policyName: demo.example.com", "policyName: demo.exmaple.com", 22, "did you mean 'demo.example.com'?"),
        ("[Deny]", "[Refuse]", 23, "'Refuse' is not one of Deny, Warn, Audit"),
        ("  validationActions: [Deny]\n", "", 21, "'validationActions' is missing"),
    ],
)
def test_load_errors(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    text = LIMIT + binding()
    assert old in text
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, text.replace(old, new, 1))
    assert f"vap.yaml:{line}:" in str(caught.value)
    assert words in str(caught.value)


def test_names_that_collide(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"demo\.example\.com is defined twice, first in .*vap\.yaml:4:3"):
        loaded(tmp_path, LIMIT + "---\n" + LIMIT)
    with pytest.raises(PolicyError, match=r"vap\.yaml:20:3: policy demo-example-com is defined twice"):
        loaded(tmp_path, LIMIT + "---\n" + LIMIT.replace("demo.example.com", "demo-example.com"))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("object.spec.replicas <= 5", "objct.spec.replicas <= 5", 14, "spec.validations[0].expression: unknown name"),
        ("object.spec.replicas <= 5", "variables.limt > object.spec.replicas", 14, "did you mean 'variables.limit'"),
        ("{validations}", "  variables: [{name: limit, expression: objct.x}]", 13, "spec.variables[0].expression"),
        ("{validations}", "  matchConditions:\n  - {name: a, expression: 'true'}\n  - {name: b, expression: objct.x}",
         15, "spec.matchConditions[1].expression: unknown name 'objct' (did you mean 'object'?) (line 1, column 1"),
        ("      message: at most 5 replicas", "      messageExpression: 'object.x +'", 15, "messageExpression"),
    ],
)  # fmt: skip
def test_positions_of_expressions(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    limit = "  variables: [{name: limit, expression: '3'}]\n" if "variables.limt" in new else ""
    text = (
        head()
        + "{validations}\n"
        + REPLICAS.replace("<= 5", "<= 5 && variables.limit > 0" if "name: limit" in new else "<= 5")
    )
    text = text.replace(old, new).replace("{validations}\n", "") + limit
    policy = loaded(tmp_path, text).policy("demo-example-com")
    with pytest.raises(PolicyError) as caught:
        compile_policy(Selected(policy, policy.severity, {}, True), NEWEST_MINOR)
    assert f"vap.yaml:{line}:" in str(caught.value)
    assert words in str(caught.value)


def test_lists_and_other_suffixes(tmp_path: Path) -> None:
    import json

    from yaml import safe_load

    exported = {"apiVersion": "v1", "kind": "List", "items": [safe_load(LIMIT), {"kind": "Other", "apiVersion": "v1"}]}
    (tmp_path / "exported.yml").write_text(json.dumps(exported, indent=1))
    assert load((tmp_path,)).policy("demo-example-com").mode == "audit"
    (tmp_path / "exported.yml").unlink()
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "bad.yaml").write_text(LIMIT.replace("validations", "validatons"))
    assert "demo-example-com" not in load((tmp_path,)).policies


@pytest.mark.parametrize(
    ("name", "id_"),
    [("demo-policy.example.com", "demo-policy-example-com"), ("labels", "labels-policy"), ("3.x", "policy-3-x")],
)
def test_ids(name: str, id_: str) -> None:
    assert policy_id(name) == id_


def test_plurals() -> None:
    wanted = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies", "Gateway": "gateways", "Patch": "patches"}
    assert {kind: plural(kind) for kind in wanted} == wanted
    assert KINDS["endpoints"] == "Endpoints"
    assert KINDS["storageclasses"] == "StorageClass"


# --- through the command


def test_through_the_command(guardrail: Command, tmp_path: Path) -> None:
    (tmp_path / "vaps").mkdir()
    (tmp_path / "vaps" / "replicas.yaml").write_text(LIMIT + binding())
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "web.yaml").write_text(DEPLOYMENT)
    done = guardrail("scan", "app", "--policies", "vaps", "--profile", "essential")
    assert done.returncode == 1
    assert "app/web.yaml:7:3" in done.stdout
    assert "at most 5 replicas" in done.stdout
    assert guardrail("policy", "lint", "vaps").returncode == 0
    assert "has no bad fixture" in guardrail("policy", "test", "vaps").stdout
    assert "demo.example.com" in guardrail("explain", "demo-example-com", "--policies", "vaps").stdout
    (tmp_path / "vaps" / "replicas.yaml").write_text(LIMIT.replace("replicas <=", "replicas <=="))
    done = guardrail("policy", "lint", "vaps")
    assert done.returncode == 2
    assert "replicas.yaml:14:7: spec.validations[0].expression" in done.stdout
