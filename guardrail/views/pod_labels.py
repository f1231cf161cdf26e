"""Labels of the pods that objects make, and selectors that look for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex

from guardrail.model.document import Resource
from guardrail.views.pods import Pod, pods

AT_RUNTIME = frozenset(
    "pod-template-hash controller-revision-hash pod-template-generation statefulset.kubernetes.io/pod-name "
    "apps.kubernetes.io/pod-index job-name controller-uid batch.kubernetes.io/job-name "
    "batch.kubernetes.io/controller-uid batch.kubernetes.io/job-completion-index "
    "rollouts-pod-template-hash topology.kubernetes.io/zone topology.kubernetes.io/region".split()
)
"""Labels that controllers give to pods (Kubernetes' documents, "Well-Known Labels, Annotations and Taints")."""

_FILLED_IN = regex(r"[$<{]")


def templates(resource: Resource) -> Iterator[tuple[Pod, dict[str, str]]]:
    """Each pod spec of an object with the labels of its pods; of a Pod its own labels."""
    for pod in pods(resource):
        metadata = resource.data.get("metadata") if resource.kind == "Pod" else pod.metadata
        labels = metadata.get("labels") if isinstance(metadata, dict) else None
        yield pod, {str(k): str(v) for k, v in labels.items()} if isinstance(labels, dict) else {}


def pairs(selector: object) -> dict[str, str] | None:
    """The labels that a selector asks for; None where it says more than that, or cannot be judged from the files."""
    if not isinstance(selector, dict) or not selector or selector.get("matchExpressions"):
        return None
    exact = selector.get("matchLabels", selector)
    if not isinstance(exact, Mapping) or not exact or any(isinstance(v, dict | list) for v in exact.values()):
        return None
    found = {str(k): str(v) for k, v in exact.items()}
    runtime = any(k in AT_RUNTIME for k in found)
    return None if runtime or any(_FILLED_IN.search(k + v) for k, v in found.items()) else found
