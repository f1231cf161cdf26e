"""What says the same in another way counts: each alternative silences the policy, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog.load import Catalog
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.scan.render.tools import write

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""


def deployment(spec: str = "", pods: str = "", containers: str = "") -> str:
    """A Deployment with more in its spec, its pods' and its container's."""
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n"
        f"  selector: {{matchLabels: {{app: web}}}}\n{spec}"
        f"  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n{pods}"
        f"      containers:\n        - name: web\n          image: registry.example/web:1.4.2\n{containers}"
    )


def other(api: str, kind: str, spec: str, namespace: str = "shop") -> str:
    """Another object of one line."""
    within = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: other{within}}}\nspec: {spec}\n"


TARGET = "{scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 4}"
KEDA = "{scaleTargetRef: {name: web}, minReplicaCount: 2}"
VERTICAL = "{targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}"
OFF = "{targetRef: {kind: Deployment, name: web}, updatePolicy: {updateMode: 'Off'}}"
LIMITS = "{limits: [{type: Container, default: {cpu: 1, memory: 1Gi, ephemeral-storage: 1Gi}}]}"
MOST = "{limits: [{type: Container, max: {cpu: 1, memory: 1Gi, ephemeral-storage: 1Gi}}]}"
POD_LIMITS = "{limits: [{type: Pod, max: {cpu: 1, memory: 1Gi}}]}"
TERM = "{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}"
SPREAD = (
    "      topologySpreadConstraints:\n        - maxSkew: 1\n          topologyKey: kubernetes.io/hostname\n"
    "          whenUnsatisfiable: ScheduleAnyway\n          labelSelector: {matchLabels: {app: web}}\n"
)
AFFINITY = f"      affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{TERM}]}}}}\n"
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {%s}}
spec: {rules: [{host: shop.example.org}]%s}
"""
ALTERNATIVES: list[tuple[str, list[str], dict[str, list[str]]]] = [
    (
        "single-replica",
        [deployment(), SERVICE],
        {
            "autoscaler": [deployment(), SERVICE, other("autoscaling/v2", "HorizontalPodAutoscaler", TARGET)],
            "keda": [deployment(), SERVICE, other("keda.sh/v1alpha1", "ScaledObject", KEDA)],
            "recreate": [deployment("  strategy: {type: Recreate}\n"), SERVICE],
        },
    ),
    (
        "replicas-not-spread",
        [deployment("  replicas: 2\n")],
        {
            "spread": [deployment("  replicas: 2\n", SPREAD)],
            "anti-affinity": [deployment("  replicas: 2\n", AFFINITY)],
        },
    ),
    (
        "resources-missing",
        [deployment(), other("v1", "LimitRange", POD_LIMITS)],
        {
            "limit range": [deployment(), other("v1", "LimitRange", LIMITS)],
            "its most": [deployment(), other("v1", "LimitRange", MOST)],
            "vertical": [deployment(), other("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", VERTICAL)],
            "pod level": [deployment(pods="      resources: {requests: {cpu: 1, memory: 1Gi}}\n")],
        },
    ),
    (
        "cpu-request-missing",
        [deployment(), other("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", OFF)],
        {
            "vertical": [deployment(), other("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", VERTICAL)],
            "limit range": [deployment(), other("v1", "LimitRange", LIMITS)],
            "limit": [deployment(containers="          resources: {limits: {cpu: 1}}\n")],
        },
    ),
    (
        "memory-limit-missing",
        [deployment(), other("v1", "LimitRange", LIMITS, "elsewhere")],
        {
            "limit range": [deployment(), other("v1", "LimitRange", LIMITS)],
            "its most": [deployment(), other("v1", "LimitRange", MOST)],
        },
    ),
    (
        "ephemeral-storage-limit-missing",
        [deployment()],
        {"limit range": [deployment(), other("v1", "LimitRange", LIMITS)]},
    ),
    (
        "pod-without-network-policy",
        [deployment(), other("networking.k8s.io/v1", "NetworkPolicy", "{podSelector: {matchLabels: {app: other}}}")],
        {
            "whole namespace": [deployment(), other("networking.k8s.io/v1", "NetworkPolicy", "{podSelector: {}}")],
            "cilium": [deployment(), other("cilium.io/v2", "CiliumNetworkPolicy", "{endpointSelector: {}}")],
            "cilium, cluster": [
                deployment(),
                other("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "{endpointSelector: {}}", ""),
            ],
            "calico": [deployment(), other("crd.projectcalico.org/v1", "NetworkPolicy", "{selector: all()}")],
            "calico, global": [
                deployment(),
                other("projectcalico.org/v3", "GlobalNetworkPolicy", "{selector: all()}", ""),
            ],
            "antrea": [deployment(), other("crd.antrea.io/v1beta1", "NetworkPolicy", "{appliedTo: []}")],
            "administrator": [
                deployment(),
                other("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "{priority: 10}", ""),
            ],
            "node's network": [deployment(pods="      hostNetwork: true\n")],
        },
    ),
    (
        "disruption-budget-missing",
        [deployment("  replicas: 2\n"), other("policy/v1", "PodDisruptionBudget", "{selector: {matchLabels: {a: b}}}")],
        {
            "budget": [
                deployment("  replicas: 2\n"),
                other("policy/v1", "PodDisruptionBudget", "{maxUnavailable: 1, selector: {matchLabels: {app: web}}}"),
            ]
        },
    ),
    (
        "ingress-without-tls",
        [INGRESS % ("a: b", "")],
        {
            "tls": [INGRESS % ("a: b", ", tls: [{secretName: shop-tls}]")],
            "load balancer": [INGRESS % ("alb.ingress.kubernetes.io/certificate-arn: 'arn:x'", "")],
            "google": [INGRESS % ("networking.gke.io/managed-certificates: shop", "")],
            "traefik": [INGRESS % ("traefik.ingress.kubernetes.io/router.entrypoints: websecure", "")],
        },
    ),
    (
        "node-affinity-missing",
        [deployment()],
        {
            "selector": [deployment(pods="      nodeSelector: {pool: general}\n")],
            "affinity": [deployment(pods="      affinity: {nodeAffinity: {}}\n")],
        },
    ),
]


def told(folder: Path, catalog: Catalog, policy: str, objects: list[str]) -> list[str]:
    """What one policy says of some objects in one file."""
    (folder / ".git").mkdir(parents=True)
    write(folder, {"objects.yaml": "---\n".join(objects)})
    report = Run(Settings(profile="none", select=(policy,)), catalog, (str(folder),), today="2026-06-01").report()
    assert not report.problems
    return [f.policy.id for f in report.live]


@pytest.mark.parametrize(("policy", "objects"), [(p, o) for p, o, _ in ALTERNATIVES], ids=lambda v: str(v)[:30])
def test_told_without_an_alternative(policy: str, objects: list[str], tmp_path: Path, catalog: Catalog) -> None:
    assert told(tmp_path / "r", catalog, policy, objects) == [policy]


@pytest.mark.parametrize(
    ("policy", "objects"),
    [pytest.param(p, objects, id=f"{p}: {name}") for p, _, others in ALTERNATIVES for name, objects in others.items()],
)
def test_an_alternative_counts(policy: str, objects: list[str], tmp_path: Path, catalog: Catalog) -> None:
    assert not told(tmp_path / "r", catalog, policy, objects)
