"""Checks of Kubernetes objects beside each other, and of their shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.catalog.load import Catalog, load
from guardrail.checks import api_versions, autoscaling, embedded_files, manifest_fields
from guardrail.graph.cluster import Cluster, Member
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.api_lifecycle import RELEASED, RETIRED, retired, served_since
from guardrail.views.items import Item

CATALOG = load()


def findings(paths: tuple[str, ...], policy: str, catalog: Catalog = CATALOG) -> list[tuple[str, int]]:
    report = Run(Settings(profile="none", select=(policy,)), catalog, paths, today="2026-01-01").report()
    return [(f.location.file.rpartition("/")[2], f.location.span.line) for f in report.live]


def test_a_single_file_is_judged_with_what_lies_around_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    spec = "spec:\n  serviceAccountName: reader\n  containers: [{name: a, image: b}]\n"
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\n{spec}"
    (tmp_path / "pod.yaml").write_text(pod)
    (tmp_path / "account.yaml").write_text("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: raeder}\n")
    assert findings((str(tmp_path / "pod.yaml"),), "service-account-missing") == [("pod.yaml", 5)]
    (tmp_path / "account.yaml").write_text("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader}\n")
    assert findings((str(tmp_path / "pod.yaml"),), "service-account-missing") == []


def test_blocks_of_one_document_are_judged_together(tmp_path: Path) -> None:
    block = "```yaml\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}\n```\n"
    service = block.format(kind="Service", name="web", rest="spec: {ports: [{port: 80}]}")
    backend = "spec: {defaultBackend: {service: {name: web, port: {number: 81}}}}"
    ingress = block.format(kind="Ingress", name="web", rest=backend).replace("v1\n", "networking.k8s.io/v1\n", 1)
    (tmp_path / "guide.md").write_text(f"# How\n\n{service}\nand\n\n{ingress}")
    assert findings((str(tmp_path),), "ingress-port-missing") == [("guide.md", 16)]


def test_the_table_of_retired_versions_holds_together() -> None:
    for row in RETIRED:
        assert row.removed == 0 or row.removed in RELEASED
        assert row.removed or row.deprecated
        assert not row.instead or row.since
        assert row.instead or row.note
        assert all(retired(row.api, kind) is row for kind in row.kinds)
    assert list(RELEASED.values()) == sorted(RELEASED.values())


@pytest.mark.parametrize(
    ("api", "kind", "removed"),
    [  # kubernetes.io, "Deprecated API Migration Guide"
        ("extensions/v1beta1", "Deployment", 16),
        ("extensions/v1beta1", "Ingress", 22),
        ("batch/v1beta1", "CronJob", 25),
        ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 25),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32),
    ],
)
def test_when_versions_went(api: str, kind: str, removed: int) -> None:
    row = retired(api, kind)
    assert row is not None
    assert row.removed == removed


def test_since_when_versions_are_served() -> None:
    assert served_since("autoscaling/v2", "HorizontalPodAutoscaler") == 23
    assert served_since("apps/v1", "Deployment") == 9
    assert served_since("example.com/v1", "Deployment") == 0


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a$0%.iK \n{", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "spec template containers name image env value ports port volumes volumeMounts selector matchLabels "
                "data metrics resource target scaleTargetRef minAvailable maxUnavailable limits metadata replicas "
                "x.json".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
KINDS = ["Pod", "Deployment", "Service", "ConfigMap", "PodDisruptionBudget", "HorizontalPodAutoscaler", "StatefulSet"]


@given(st.sampled_from(KINDS), JSON)
def test_any_object_is_judged(kind: str, spec: Any) -> None:
    data = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec, "data": spec}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", kind, "x")
    cluster, member = Cluster(), Member(resource, "")
    cluster.add(resource, "")
    item = Item(resource, (), {"object": data, "cluster": cluster, "member": member}, {"object": ()})
    fields = {"podSpec": {"containers[]": ["name"]}, "container": {"env[]": ["name"]}, kind: ["spec.replicas"]}
    arguments: dict[str, Any] = {"kubernetes": {"minor": 37, "version": "1.37"}, "params": {}, "fields": fields}
    for check in (
        manifest_fields.types,
        manifest_fields.mounts,
        manifest_fields.quantities,
        embedded_files.broken,
        embedded_files.verification_off,
        api_versions.removed,
        autoscaling.blocks_evictions,
        autoscaling.without_requests,
        autoscaling.in_conflict,
    ):
        assert isinstance(list(check(item, arguments)), list)


@pytest.mark.parametrize(
    ("text", "broken"),
    [('{"a": 1}', 0), ('{"a": 1,}', 1), ("[" * 100_000, None), (" ", 0), ("// x\n{,}", 0), ("{{ x }}", 0)],
)
def test_embedded_json(text: str, broken: int | None) -> None:
    data: dict[str, object] = {"data": {"x.json": text}}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", "ConfigMap", "x")
    found = list(embedded_files.broken(Item(resource, (), {}, {}), {}))
    assert broken is None or len(found) == broken  # however deep the text is, the check ends
