"""Versions of Kubernetes' own APIs: since when they are served, deprecated, and no longer served.

Source: kubernetes.io, "Deprecated API Migration Guide" (removals of 1.16 to 1.32 and what takes their place), and for
Endpoints the note of "Service", "Endpoints (deprecated)". As of the release of Kubernetes 1.32; the guide announces no
removal after it.
"""

from __future__ import annotations

from typing import NamedTuple

RELEASED = {
    16: "2019-09-18",
    21: "2021-04-08",
    22: "2021-08-04",
    25: "2022-08-23",
    26: "2022-12-09",
    27: "2023-04-11",
    29: "2023-12-13",
    32: "2024-12-11",
}
"""Days on which minor versions came out (kubernetes.io, "Release History", and the release announcements)."""


class Retired(NamedTuple):
    """An API version of some kinds: the minor version that stopped serving it, and what is served instead.

    `removed` is 0 where it is deprecated only; `since` is the minor version that brought `instead`; `note` is what
    has to change besides the version.
    """

    api: str
    kinds: tuple[str, ...]
    removed: int
    instead: str = ""
    since: int = 0
    note: str = ""
    deprecated: int = 0


_SELECTOR = "spec.selector is required there"
_RBAC = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
_REVIEWS = ("LocalSubjectAccessReview", "SelfSubjectAccessReview", "SubjectAccessReview")
_WEBHOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_FLOW = ("FlowSchema", "PriorityLevelConfiguration")
_INGRESS = "backends are written service.name and service.port there, and each path needs a pathType"
_CRD = "versions carry a structural schema each there"

RETIRED: tuple[Retired, ...] = (
    Retired("extensions/v1beta1", ("DaemonSet", "Deployment", "ReplicaSet"), 16, "apps/v1", 9, _SELECTOR),
    Retired("extensions/v1beta1", ("NetworkPolicy",), 16, "networking.k8s.io/v1", 8),
    Retired("extensions/v1beta1", ("PodSecurityPolicy",), 16, "", 0, "Pod Security Admission takes its place"),
    Retired("apps/v1beta1", ("Deployment", "ReplicaSet", "StatefulSet"), 16, "apps/v1", 9, _SELECTOR),
    Retired("apps/v1beta2", ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"), 16, "apps/v1", 9, _SELECTOR),
    Retired("admissionregistration.k8s.io/v1beta1", _WEBHOOKS, 22, "admissionregistration.k8s.io/v1", 16),
    Retired("apiextensions.k8s.io/v1beta1", ("CustomResourceDefinition",), 22, "apiextensions.k8s.io/v1", 16, _CRD),
    Retired("apiregistration.k8s.io/v1beta1", ("APIService",), 22, "apiregistration.k8s.io/v1", 10),
    Retired("authentication.k8s.io/v1beta1", ("TokenReview",), 22, "authentication.k8s.io/v1", 6),
    Retired("authorization.k8s.io/v1beta1", _REVIEWS, 22, "authorization.k8s.io/v1", 6),
    Retired("certificates.k8s.io/v1beta1", ("CertificateSigningRequest",), 22, "certificates.k8s.io/v1", 19),
    Retired("coordination.k8s.io/v1beta1", ("Lease",), 22, "coordination.k8s.io/v1", 14),
    Retired("extensions/v1beta1", ("Ingress",), 22, "networking.k8s.io/v1", 19, _INGRESS),
    Retired("networking.k8s.io/v1beta1", ("Ingress",), 22, "networking.k8s.io/v1", 19, _INGRESS),
    Retired("networking.k8s.io/v1beta1", ("IngressClass",), 22, "networking.k8s.io/v1", 19),
    Retired("rbac.authorization.k8s.io/v1beta1", _RBAC, 22, "rbac.authorization.k8s.io/v1", 8),
    Retired("scheduling.k8s.io/v1beta1", ("PriorityClass",), 22, "scheduling.k8s.io/v1", 14),
    Retired("storage.k8s.io/v1beta1", ("CSIDriver",), 22, "storage.k8s.io/v1", 19),
    Retired("storage.k8s.io/v1beta1", ("CSINode",), 22, "storage.k8s.io/v1", 17),
    Retired("storage.k8s.io/v1beta1", ("StorageClass",), 22, "storage.k8s.io/v1", 6),
    Retired("storage.k8s.io/v1beta1", ("VolumeAttachment",), 22, "storage.k8s.io/v1", 13),
    Retired("batch/v1beta1", ("CronJob",), 25, "batch/v1", 21),
    Retired("discovery.k8s.io/v1beta1", ("EndpointSlice",), 25, "discovery.k8s.io/v1", 21),
    Retired("events.k8s.io/v1beta1", ("Event",), 25, "events.k8s.io/v1", 19),
    Retired("autoscaling/v2beta1", ("HorizontalPodAutoscaler",), 25, "autoscaling/v2", 23, "metrics have a target"),
    Retired(
        "policy/v1beta1", ("PodDisruptionBudget",), 25, "policy/v1", 21, "an empty selector selects every pod there"
    ),
    Retired("policy/v1beta1", ("PodSecurityPolicy",), 25, "", 0, "Pod Security Admission takes its place"),
    Retired("node.k8s.io/v1beta1", ("RuntimeClass",), 25, "node.k8s.io/v1", 20),
    Retired("flowcontrol.apiserver.k8s.io/v1beta1", _FLOW, 26, "flowcontrol.apiserver.k8s.io/v1", 29),
    Retired("autoscaling/v2beta2", ("HorizontalPodAutoscaler",), 26, "autoscaling/v2", 23),
    Retired("storage.k8s.io/v1beta1", ("CSIStorageCapacity",), 27, "storage.k8s.io/v1", 24),
    Retired("flowcontrol.apiserver.k8s.io/v1beta2", _FLOW, 29, "flowcontrol.apiserver.k8s.io/v1", 29),
    Retired("flowcontrol.apiserver.k8s.io/v1beta3", _FLOW, 32, "flowcontrol.apiserver.k8s.io/v1", 29),
    Retired("v1", ("Endpoints",), 0, "discovery.k8s.io/v1", 21, "EndpointSlices take their place", 33),
)


def retired(api: str, kind: str) -> Retired | None:
    """What is known of the end of an API version of a kind; None where it is served, or not known."""
    return next((row for row in RETIRED if row.api == api and kind in row.kinds), None)


def served_since(api: str, kind: str) -> int:
    """The minor version that brought an API version of a kind; 0 where that is not known."""
    rows = (row.since for row in RETIRED if row.instead == api and kind in row.kinds and row.api != "v1")
    return min(rows, default=0)
