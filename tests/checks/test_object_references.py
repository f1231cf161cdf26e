"""Every edge between objects: which field names what, and what is said of a name that leads nowhere."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml

from guardrail.catalog.load import load
from guardrail.graph.cluster import PLATFORM, WITHOUT_NAMESPACE
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.place import render_path
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.object_references import host, references

CATALOG = load()

EDGES = [  # kind, body, path of the name, kind and name of what is named
    ("Pod", "spec: {containers: [{name: a, image: b, env: [{name: A, valueFrom: {secretKeyRef: {name: x, key: k}}}]}]}",
     "spec.containers[0].env[0].valueFrom.secretKeyRef.name", "Secret", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b, envFrom: [{configMapRef: {name: x}}]}]}",
     "spec.containers[0].envFrom[0].configMapRef.name", "ConfigMap", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b}], volumes: [{name: v, secret: {secretName: x}}]}",
     "spec.volumes[0].secret.secretName", "Secret", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b}], volumes: [{name: v, persistentVolumeClaim: {claimName: x}}]}",
     "spec.volumes[0].persistentVolumeClaim.claimName", "PersistentVolumeClaim", "x"),
    ("Pod", "spec: {containers: [{image: b}], volumes: [{name: v, projected: {sources: [{secret: {name: x}}]}}]}",
     "spec.volumes[0].projected.sources[0].secret.name", "Secret", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b}], imagePullSecrets: [{name: x}]}",
     "spec.imagePullSecrets[0].name", "Secret", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b}], serviceAccountName: x}",
     "spec.serviceAccountName", "ServiceAccount", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b}], priorityClassName: x}",
     "spec.priorityClassName", "PriorityClass", "x"),
    ("Pod", "spec: {containers: [{name: a, image: b}], runtimeClassName: x}",
     "spec.runtimeClassName", "RuntimeClass", "x"),
    ("Rollout", "spec: {template: {spec: {containers: [{name: a, image: b}], serviceAccountName: x}}}",
     "spec.template.spec.serviceAccountName", "ServiceAccount", "x"),
    ("ServiceAccount", "imagePullSecrets: [{name: x}]", "imagePullSecrets[0].name", "Secret", "x"),
    ("Ingress", "spec: {defaultBackend: {service: {name: x, port: {number: 80}}}}",
     "spec.defaultBackend.service.name", "Service", "x"),
    ("Ingress", "spec: {rules: [{http: {paths: [{backend: {serviceName: x, servicePort: 80}}]}}]}",
     "spec.rules[0].http.paths[0].backend.serviceName", "Service", "x"),
    ("Ingress", "spec: {tls: [{secretName: x}]}", "spec.tls[0].secretName", "Secret", "x"),
    ("Ingress", "spec: {ingressClassName: x}", "spec.ingressClassName", "IngressClass", "x"),
    ("HTTPRoute", "spec: {rules: [{backendRefs: [{name: x, port: 80}]}]}",
     "spec.rules[0].backendRefs[0].name", "Service", "x"),
    ("GRPCRoute", "spec: {parentRefs: [{name: x}]}", "spec.parentRefs[0].name", "Gateway", "x"),
    ("Gateway", "spec: {listeners: [{tls: {certificateRefs: [{name: x}]}}]}",
     "spec.listeners[0].tls.certificateRefs[0].name", "Secret", "x"),
    ("Gateway", "spec: {gatewayClassName: x}", "spec.gatewayClassName", "GatewayClass", "x"),
    ("HorizontalPodAutoscaler", "spec: {scaleTargetRef: {kind: StatefulSet, name: x}}",
     "spec.scaleTargetRef.name", "StatefulSet", "x"),
    ("VerticalPodAutoscaler", "spec: {targetRef: {kind: Deployment, name: x}}",
     "spec.targetRef.name", "Deployment", "x"),
    ("ScaledObject", "spec: {scaleTargetRef: {name: x}}", "spec.scaleTargetRef.name", "Deployment", "x"),
    ("StatefulSet", "spec: {serviceName: x}", "spec.serviceName", "Service", "x"),
    ("StatefulSet", "spec: {volumeClaimTemplates: [{spec: {storageClassName: x}}]}",
     "spec.volumeClaimTemplates[0].spec.storageClassName", "StorageClass", "x"),
    ("PersistentVolumeClaim", "spec: {storageClassName: x}", "spec.storageClassName", "StorageClass", "x"),
    ("RoleBinding", "roleRef: {kind: Role, name: x}", "roleRef.name", "Role", "x"),
    ("ClusterRoleBinding", "roleRef: {kind: ClusterRole, name: x}", "roleRef.name", "ClusterRole", "x"),
    ("RoleBinding", "subjects: [{kind: ServiceAccount, name: x, namespace: n}]",
     "subjects[0].name", "ServiceAccount", "x"),
    ("ValidatingWebhookConfiguration", "webhooks: [{clientConfig: {service: {name: x, namespace: n}}}]",
     "webhooks[0].clientConfig.service.name", "Service", "x"),
    ("APIService", "spec: {service: {name: x, namespace: n}}", "spec.service.name", "Service", "x"),
    ("CustomResourceDefinition", "spec: {conversion: {webhook: {clientConfig: {service: {name: x}}}}}",
     "spec.conversion.webhook.clientConfig.service.name", "Service", "x"),
    ("Application", "spec: {project: x}", "spec.project", "AppProject", "x"),
    ("ApplicationSet", "spec: {template: {spec: {project: x}}}", "spec.template.spec.project", "AppProject", "x"),
    ("ExternalSecret", "spec: {secretStoreRef: {name: x}}", "spec.secretStoreRef.name", "SecretStore", "x"),
    ("ExternalSecret", "spec: {secretStoreRef: {kind: ClusterSecretStore, name: x}}",
     "spec.secretStoreRef.name", "ClusterSecretStore", "x"),
    ("Rollout", "spec: {strategy: {canary: {stableService: x}}}", "spec.strategy.canary.stableService", "Service", "x"),
    ("Rollout", "spec: {strategy: {blueGreen: {previewService: x}}}",
     "spec.strategy.blueGreen.previewService", "Service", "x"),
    ("Rollout", "spec: {strategy: {canary: {steps: [{analysis: {templates: [{templateName: x}]}}]}}}",
     "spec.strategy.canary.steps[0].analysis.templates[0].templateName", "AnalysisTemplate", "x"),
    ("Rollout", "spec: {strategy: {canary: {analysis: {templates: [{templateName: x, clusterScope: true}]}}}}",
     "spec.strategy.canary.analysis.templates[0].templateName", "ClusterAnalysisTemplate", "x"),
    ("VirtualService", "spec: {gateways: [n/x]}", "spec.gateways[0]", "Gateway", "x"),
    ("VirtualService", "spec: {http: [{route: [{destination: {host: x.n.svc.cluster.local}}]}]}",
     "spec.http[0].route[0].destination.host", "Service", "x"),
    ("VirtualService", "spec: {tcp: [{route: [{destination: {host: x}}]}]}",
     "spec.tcp[0].route[0].destination.host", "Service", "x"),
    ("Certificate", "spec: {issuerRef: {name: x}}", "spec.issuerRef.name", "Issuer", "x"),
    ("Ingress", "metadata: {annotations: {cert-manager.io/cluster-issuer: x}}",
     "metadata.annotations['cert-manager.io/cluster-issuer']", "ClusterIssuer", "x"),
    ("Schedule", "spec: {template: {storageLocation: x}}",
     "spec.template.storageLocation", "BackupStorageLocation", "x"),
]  # fmt: skip


def resource(kind: str, body: str) -> Resource:
    data: dict[str, Any] = {"apiVersion": "v1", "kind": kind, **yaml.safe_load(body)}
    return Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", kind, "")


@pytest.mark.parametrize(("kind", "body", "path", "target", "name"), EDGES)
def test_an_edge(kind: str, body: str, path: str, target: str, name: str) -> None:
    found = [(render_path(r.path), r.kind, r.name) for r in references(resource(kind, body))]
    assert (path, target, name) in found


DANGLING = [p for p in CATALOG.policies.values() if p.check == "object_references.dangling"]
WITH_PODS = {"Pod", "Rollout"}


@pytest.mark.parametrize(("kind", "target"), sorted({(edge[0], edge[3]) for edge in EDGES}))
def test_each_edge_is_told_by_one_policy(kind: str, target: str) -> None:
    about = [
        policy.id
        for policy in DANGLING
        if target in policy.with_arguments["kinds"]
        and (
            {k.rpartition("/")[2] for k in policy.match.kinds}
            & ({kind} | ({"Workload"} if kind in WITH_PODS else set()))
        )
    ]
    assert len(about) == 1, about


def test_what_the_policies_look_up_is_kept() -> None:
    for policy in DANGLING:
        assert set(policy.with_arguments["kinds"]) <= set(policy.needs), policy.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reviews", ("reviews", "")),
        ("reviews.shop.svc", ("reviews", "shop")),
        ("reviews.shop.svc.cluster.local", ("reviews", "shop")),
        ("api.example.com", ("", "")),
        ("*.shop.svc.cluster.local", ("", "")),
        ("", ("", "")),
    ],
)
def test_hosts_of_istio(text: str, expected: tuple[str, str]) -> None:
    assert host(text) == expected


def test_a_volume_that_a_claim_template_replaces_is_no_reference() -> None:
    volumes = "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"
    template = f"template: {{spec: {{containers: [{{name: a, image: b}}], {volumes}}}}}"
    claims = "volumeClaimTemplates: [{metadata: {name: data}}]"
    assert [r.kind for r in references(resource("StatefulSet", f"spec: {{{template}, {claims}}}"))] == []
    assert [r.kind for r in references(resource("StatefulSet", f"spec: {{{template}}}"))] == ["PersistentVolumeClaim"]


# In scans ------------------------------------------------------------------------------------------------------------


def said(folder: Path, policy: str) -> tuple[list[str], list[str]]:
    """Findings and unknowns of a policy: file, line and words."""
    report = Run(Settings(profile="none", select=(policy,)), CATALOG, (str(folder),), today="2026-01-01").report()
    hits = [f"{f.location.file.rpartition('/')[2]}:{f.location.span.line} {f.message}" for f in report.live]
    doubts = [f"{u.location.file.rpartition('/')[2]}:{u.location.span.line} {u.reason}" for u in report.unknowns]
    return hits, doubts


def pod(name: str, *secrets: str, namespace: str = "") -> str:
    sources = ", ".join(f"{{secretRef: {{name: {secret}}}}}" for secret in secrets)
    where = f", namespace: {namespace}" if namespace else ""
    spec = f"spec: {{containers: [{{name: a, image: 'b:1', envFrom: [{sources}]}}]}}"
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}{where}}}\n{spec}\n"


def secret(name: str, namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}{where}}}\n"


def test_one_line_for_one_cause(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "app" / "a.yaml").write_text(pod("a", "one", "two") + "---\n" + pod("b", "two", "three"))
    (tmp_path / "app" / "b.yaml").write_text(pod("c", "four"))
    (tmp_path / "other" / "c.yaml").write_text(pod("d", "five"))
    hits, doubts = said(tmp_path, "secret-missing")
    assert hits == []
    assert [d.split(" ", 1)[0] for d in doubts] == ["a.yaml:4", "c.yaml:4"]
    assert doubts[0].endswith(
        "Secret one, Secret two, Secret three, Secret four, which may be made outside of these files"
    )


def test_many_names_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(pod("a", *(f"secret-{n}" for n in range(30))))
    _, (doubt,) = said(tmp_path, "secret-missing")
    assert "Secret secret-7 and 22 more" in doubt


def fenced(*blocks: str) -> str:
    return "# How\n\n" + "\n".join(f"```yaml\n{block}```\n" for block in blocks)


def test_a_document_is_asked_for_what_it_shows_only(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(fenced(pod("a", "password")))
    assert said(tmp_path, "secret-missing") == ([], [])
    (tmp_path / "guide.md").write_text(fenced(pod("a", "password"), secret("unrelated")))
    assert len(said(tmp_path, "secret-missing")[1]) == 1


def test_blocks_of_a_document_are_one_application_and_documents_are_not(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(fenced(pod("a", "pasword"), secret("password")))
    hits, _ = said(tmp_path, "secret-missing")
    assert [h.split(" ")[0] for h in hits] == ["guide.md:7"]
    (tmp_path / "guide.md").write_text(fenced(pod("a", "pasword")))
    (tmp_path / "other.md").write_text(fenced(secret("password")))
    assert said(tmp_path, "secret-missing") == ([], [])


def test_items_of_a_list_are_objects(tmp_path: Path) -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: password}\n"
    (tmp_path / "a.yaml").write_text(pod("a", "password") + "---\n" + listed)
    assert said(tmp_path, "secret-missing") == ([], [])
    (tmp_path / "a.yaml").write_text(pod("a", "pasword") + "---\n" + listed)
    assert len(said(tmp_path, "secret-missing")[0]) == 1


def test_generated_names_are_no_slips(tmp_path: Path) -> None:
    generated = "apiVersion: v1\nkind: Secret\nmetadata: {generateName: password}\n"
    (tmp_path / "a.yaml").write_text(pod("a", "pasword") + "---\n" + generated)
    assert said(tmp_path, "secret-missing")[0] == []


def test_what_could_not_be_read_may_hold_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(pod("a", "pasword") + "---\n" + secret("password"))
    assert len(said(tmp_path, "secret-missing")[0]) == 1
    (tmp_path / "broken.yaml").write_text("kind: Secret\nmetadata: {name: [\n")
    hits, doubts = said(tmp_path, "secret-missing")
    assert (hits, len(doubts)) == ([], 1)


def test_overlays_may_rename(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(pod("a", "pasword") + "---\n" + secret("password"))
    (tmp_path / "kustomization.yaml").write_text("resources: [a.yaml]\nbad: {\n")
    assert said(tmp_path, "secret-missing")[0] == []


def test_other_namespaces(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(pod("a", "password", namespace="shop") + "---\n" + secret("password", "other"))
    (hit,) = said(tmp_path, "secret-missing")[0]
    assert "one of that name is in namespace other only" in hit


def test_kinds_of_the_whole_cluster_have_no_namespace(tmp_path: Path) -> None:
    claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a, namespace: shop}\n"
    named = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast, namespace: odd}\n"
    (tmp_path / "a.yaml").write_text(f"{claim}spec: {{storageClassName: fast}}\n---\n{named}")
    assert said(tmp_path, "class-missing") == ([], [])
    assert "StorageClass" in WITHOUT_NAMESPACE
    assert "ClusterRole" in WITHOUT_NAMESPACE - PLATFORM


def test_what_platforms_make_is_doubted_only_beside_its_like(tmp_path: Path) -> None:
    wanted = (
        "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\nspec: {issuerRef: {name: internal}}\n"
    )
    (tmp_path / "a.yaml").write_text(wanted)
    assert said(tmp_path, "issuer-missing") == ([], [])
    (tmp_path / "a.yaml").write_text(
        wanted + "---\napiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: other}\n"
    )
    hits, doubts = said(tmp_path, "issuer-missing")
    assert (hits, len(doubts)) == ([], 1)


def test_selectors_that_select_nothing_are_told_once(tmp_path: Path) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {selector: {app: %s}, ports: [{port: 80}]}\n"
    (tmp_path / "a.yaml").write_text("---\n".join(service % (name, f"{name}-pods") for name in ("a", "b", "c")))
    hits, doubts = said(tmp_path, "service-selects-nothing")
    assert hits == []
    assert len(doubts) == 1
    assert "app=a-pods; app=b-pods; app=c-pods" in doubts[0]


def test_many_names_that_lead_nowhere_cost_little(tmp_path: Path) -> None:
    wanted = [f"application-secret-{'abcdefgh'[n % 8]}{n:x}" for n in range(4_000)]
    there = "---\n".join(secret(f"application-secret-{n:x}{'xyz'[n % 3]}") for n in range(190))
    (tmp_path / "a.yaml").write_text(pod("a", *wanted) + "---\n" + there)
    begin = perf_counter()
    said(tmp_path, "secret-missing")
    assert perf_counter() - begin < 20
