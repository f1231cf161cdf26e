"""API versions against the version of Kubernetes that a scan is about: removed, deprecated, too new, never there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.catalog.load import load
from guardrail.checks import api_versions
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.api_lifecycle import RELEASED, Version, every, is_mistaken, served, successor, version
from guardrail.views.items import Item

CHECKS = {
    "removed": api_versions.removed,
    "deprecated": api_versions.deprecated,
    "too new": api_versions.not_yet_served,
    "unknown": api_versions.never_served,
}


def judged(api: str, kind: str, minor: int) -> dict[str, str]:
    """What is said of an object, by the check that says it."""
    data: dict[str, object] = {"apiVersion": api, "kind": kind, "metadata": {"name": "x"}}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", api, kind, "x")
    arguments = {"kubernetes": {"minor": minor, "version": f"1.{minor}"}}
    item = Item(resource, (), {"object": data}, {"object": ()})
    return {name: hit.message for name, check in CHECKS.items() for hit in check(item, arguments)}


# Removals of the "Deprecated API Migration Guide", each at its version, with what the guide says to write.
GUIDE = [
    ("extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "DaemonSet", 16, "apps/v1"),
    ("apps/v1beta2", "DaemonSet", 16, "apps/v1"),
    ("extensions/v1beta1", "Deployment", 16, "apps/v1"),
    ("apps/v1beta1", "Deployment", 16, "apps/v1"),
    ("apps/v1beta2", "Deployment", 16, "apps/v1"),
    ("apps/v1beta1", "StatefulSet", 16, "apps/v1"),
    ("apps/v1beta2", "StatefulSet", 16, "apps/v1"),
    ("extensions/v1beta1", "ReplicaSet", 16, "apps/v1"),
    ("apps/v1beta1", "ReplicaSet", 16, "apps/v1"),
    ("apps/v1beta2", "ReplicaSet", 16, "apps/v1"),
    ("extensions/v1beta1", "PodSecurityPolicy", 16, "policy/v1beta1"),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 22, "admissionregistration.k8s.io/v1"),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 22, "admissionregistration.k8s.io/v1"),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 22, "apiextensions.k8s.io/v1"),
    ("apiregistration.k8s.io/v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"),
    ("authentication.k8s.io/v1beta1", "TokenReview", 22, "authentication.k8s.io/v1"),
    ("authorization.k8s.io/v1beta1", "SubjectAccessReview", 22, "authorization.k8s.io/v1"),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"),
    ("coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"),
    ("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", 22, "networking.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", 22, "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", 22, "rbac.authorization.k8s.io/v1"),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSIDriver", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSINode", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "StorageClass", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", 22, "storage.k8s.io/v1"),
    ("batch/v1beta1", "CronJob", 25, "batch/v1"),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", "Event", 25, "events.k8s.io/v1"),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"),
    ("policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", 25, "Pod Security Admission"),
    ("node.k8s.io/v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 26, "flowcontrol.apiserver.k8s.io/v1beta3"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 29, "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", 32, "flowcontrol.apiserver.k8s.io/v1"),
]


@pytest.mark.parametrize(("api", "kind", "removed", "instead"), GUIDE)
def test_removed_at_its_version_and_deprecated_before(api: str, kind: str, removed: int, instead: str) -> None:
    before = judged(api, kind, removed - 1)
    assert set(before) == {"deprecated"}
    assert f"removed in 1.{removed}" in before["deprecated"]
    for minor in (removed, removed + 1, 37):
        told = judged(api, kind, minor)
        assert set(told) == {"removed"}
        assert f"since Kubernetes 1.{removed} ({RELEASED[removed]})" in told["removed"]
    assert instead in judged(api, kind, removed)["removed"]


@pytest.mark.parametrize(
    ("api", "kind", "minor", "said"),
    [
        ("networking.k8s.io/v1beta1", "Ingress", 18, set()),
        ("networking.k8s.io/v1beta1", "Ingress", 19, {"deprecated"}),
        ("networking.k8s.io/v1", "Ingress", 18, {"too new"}),
        ("networking.k8s.io/v1", "Ingress", 19, set()),
        ("batch/v1", "CronJob", 20, {"too new"}),
        ("batch/v1", "CronJob", 21, set()),
        ("batch/v1", "Job", 16, set()),
        ("autoscaling/v2", "HorizontalPodAutoscaler", 22, {"too new"}),
        ("autoscaling/v2", "HorizontalPodAutoscaler", 23, set()),
        ("autoscaling/v1", "HorizontalPodAutoscaler", 37, set()),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 11, {"too new"}),
        ("policy/v1", "PodDisruptionBudget", 20, {"too new"}),
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", 29, {"too new"}),
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", 30, set()),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 30, set()),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 31, {"deprecated"}),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 34, {"removed"}),
        ("networking.k8s.io/v1beta1", "ServiceCIDR", 36, {"deprecated"}),
        ("networking.k8s.io/v1beta1", "ServiceCIDR", 37, {"removed"}),
        ("v1", "Endpoints", 32, set()),
        ("v1", "Endpoints", 33, {"deprecated"}),
        ("settings.k8s.io/v1alpha1", "PodPreset", 19, set()),
        ("settings.k8s.io/v1alpha1", "PodPreset", 20, {"removed"}),
        ("v1", "Deployment", 37, {"unknown"}),
        ("apps/v1", "Pod", 37, {"unknown"}),
        ("v1", "Pod", 37, set()),
        ("example.com/v1", "Deployment", 37, set()),
        ("apps/v1alpha1", "Deployment", 37, set()),
        ("apps/v1", "Widget", 37, set()),
    ],
)
def test_what_is_said_at_the_edges(api: str, kind: str, minor: int, said: set[str]) -> None:
    assert set(judged(api, kind, minor)) == said


def test_advice_is_what_the_target_serves() -> None:
    assert "write autoscaling/v2beta2" in judged("autoscaling/v2beta1", "HorizontalPodAutoscaler", 22)["deprecated"]
    assert "write autoscaling/v2;" in judged("autoscaling/v2beta1", "HorizontalPodAutoscaler", 23)["deprecated"]
    assert "write networking.k8s.io/v1beta1" in judged("extensions/v1beta1", "Ingress", 18)["deprecated"]
    assert "which has batch/v1beta1" in judged("batch/v1", "CronJob", 20)["too new"]
    assert judged("v1", "Deployment", 37)["unknown"] == "v1 has no Deployment; write apps/v1"


# Keys that a widely used table of the field has wrong: versions that it lacks, mixes up, or makes up.
@pytest.mark.parametrize("kind", ["DaemonSet", "Deployment", "ReplicaSet", "Ingress", "NetworkPolicy"])
def test_the_oldest_group_is_known(kind: str) -> None:
    assert set(judged("extensions/v1beta1", kind, 37)) == {"removed"}


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
def test_both_betas_of_apps_are_known(kind: str) -> None:
    assert set(judged("apps/v1beta2", kind, 37)) == {"removed"}


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("apps/v1beta1", "DaemonSet"),
        ("autoscaling/v1beta1", "HorizontalPodAutoscaler"),
        ("node/v1beta1", "RuntimeClass"),
    ],
)
def test_versions_that_never_were_are_not_called_removed(api: str, kind: str) -> None:
    assert version(api, kind) is None
    assert "removed" not in judged(api, kind, 37)


def test_the_table_holds_together() -> None:
    for row in every():
        assert not row.removed or row.removed > row.introduced
        assert not row.deprecated or not row.removed or row.introduced <= row.deprecated < row.removed
        assert version(row.api, row.kind) == row
        assert not is_mistaken(row.api, row.kind)
        assert 0 in (row.removed, row.introduced) or row.removed - row.introduced > 0
        if 0 < row.removed <= 37:
            assert row.removed in RELEASED
    assert list(RELEASED.values()) == sorted(RELEASED.values())


@given(st.sampled_from(every()), st.integers(5, 45))
def test_a_successor_is_served_and_has_one_of_its_own_only_if_newer(old: Version, minor: int) -> None:
    found = successor(old, minor)
    if found is not None:
        assert found.served(minor)
        assert found != old
        assert successor(found, minor) != old


def test_no_object_is_served_and_removed() -> None:
    for row in every():
        for minor in range(5, 45):
            assert len(judged(row.api, row.kind, minor)) <= 1
            best = served(row.kind, minor)
            assert best is None or best.served(minor)


def test_the_target_comes_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n")
    catalog, ids = load(), ("api-version-removed", "api-version-deprecated", "api-version-too-new")

    def told(target: str) -> list[str]:
        chosen = Settings(profile="none", select=ids, kubernetes_version=target)
        return [f.policy.id for f in Run(chosen, catalog, (str(tmp_path),), today="2026-01-01").report().live]

    assert told("1.20") == []
    assert told("1.21") == told("1.24") == ["api-version-deprecated"]
    assert told("1.25") == told("latest") == told("1.99") == ["api-version-removed"]
    assert told("1.7") == ["api-version-too-new"]
