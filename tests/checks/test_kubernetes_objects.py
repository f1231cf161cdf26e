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
from guardrail.views.items import Item
from tests.odd_data import nested

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


JSON = nested(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a$0%.iK \n{", max_size=6),
    st.sampled_from(
        "spec template containers name image env value ports port volumes volumeMounts selector matchLabels "
        "data metrics resource target scaleTargetRef minAvailable maxUnavailable limits metadata replicas "
        "x.json".split()
    ),
    5,
    25,
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
    arguments: dict[str, Any] = {
        "kubernetes": {"minor": 37, "version": "1.37"},
        "params": {},
        "fields": fields,
        "kind": "type",
    }
    for check in (
        manifest_fields.refused,
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
