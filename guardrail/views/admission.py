"""A resource as the API server shows it to an admission policy: the names its expressions see.

Names: kubernetes.io, "Validating Admission Policy"; fields of `request`: admission.k8s.io/v1 AdmissionRequest.
"""

from __future__ import annotations

from collections.abc import Mapping
from re import compile as regex

from guardrail.model.document import Resource
from guardrail.model.value import UnknownValue

NAMES = ("object", "oldObject", "request", "params", "namespaceObject", "authorizer")
OPERATIONS = ("CREATE", "UPDATE")

_CLUSTER_SCOPED = """
    APIService CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle CSIDriver CSINode
    CustomResourceDefinition DeviceClass FlowSchema IngressClass IPAddress MutatingAdmissionPolicy
    MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass
    PriorityLevelConfiguration ResourceSlice RuntimeClass ServiceCIDR StorageClass StorageVersionMigration
    ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment
    VolumeAttributesClass
"""
_NAMESPACED = """
    ConfigMap ControllerRevision CronJob CSIStorageCapacity DaemonSet Deployment EndpointSlice Endpoints Event
    HorizontalPodAutoscaler Ingress Job Lease LimitRange NetworkPolicy PersistentVolumeClaim Pod PodDisruptionBudget
    PodTemplate ReplicaSet ReplicationController ResourceClaim ResourceClaimTemplate ResourceQuota Role RoleBinding
    Secret Service ServiceAccount StatefulSet
"""
CLUSTER_SCOPED = frozenset(_CLUSTER_SCOPED.split())
_IRREGULAR = frozenset({"endpoints", "securitycontextconstraints"})
_SIBILANT = regex(r"(s|x|z|ch|sh)$")
_CONSONANT_Y = regex(r"(?<![aeiou])y$")


def plural(kind: str) -> str:
    """The resource name of a kind, by the rule that the built-in kinds and most custom ones follow."""
    name = kind.lower()
    if name in _IRREGULAR:
        return name
    if _SIBILANT.search(name):
        return f"{name}es"
    return f"{name[:-1]}ies" if _CONSONANT_Y.search(name) else f"{name}s"


KINDS: Mapping[str, str] = {plural(kind): kind for kind in (_NAMESPACED + _CLUSTER_SCOPED).split()}
"""The built-in kinds by their resource names."""

_DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "Deployment": {"replicas": 1},
    "ReplicaSet": {"replicas": 1},
    "ReplicationController": {"replicas": 1},
    "StatefulSet": {"replicas": 1},
    "Service": {"type": "ClusterIP"},
}
"""Fields of `spec` that the API server fills in before admission and that policies ask for."""

_AUTHORIZER = UnknownValue("what the cluster's authorizer answers")
_OLD = UnknownValue("the object before the change")
_USER = UnknownValue("who makes the request")


def bindings(resource: Resource, operation: str) -> dict[str, object]:
    """What each of NAMES stands for when the resource is created, or updated from a state not known.

    `namespaceObject` holds what is known without the Namespace; null for what has none.
    """
    namespace = _namespace(resource)
    return {
        "object": _admitted(resource, namespace),
        "oldObject": None if operation == "CREATE" else _OLD,
        "request": _request(resource, operation, namespace),
        "params": None,
        "namespaceObject": _seen_from_within(namespace),
        "authorizer": _AUTHORIZER,
    }


def labelled(namespace: dict[str, object]) -> dict[str, object]:
    """A Namespace with the label that the control plane gives every one of them."""
    metadata = _mapping(namespace.get("metadata"))
    labels = {**_mapping(metadata.get("labels")), "kubernetes.io/metadata.name": metadata.get("name", "")}
    return {**namespace, "metadata": {**metadata, "labels": labels}}


def _namespace(resource: Resource) -> str | UnknownValue:
    """The namespace; empty for what has none."""
    if resource.namespace:
        return resource.namespace
    if resource.kind in CLUSTER_SCOPED:
        return ""
    return UnknownValue("the namespace it is applied to")


def _admitted(resource: Resource, namespace: str | UnknownValue) -> dict[str, object]:
    """The object with the fields that a request fills in."""
    data = resource.data
    defaults = _DEFAULTS.get(resource.kind)
    if defaults and isinstance(data.get("spec"), dict):
        data = {**data, "spec": {**defaults, **_mapping(data["spec"])}}
    if isinstance(namespace, UnknownValue):
        data = {**data, "metadata": {**_mapping(data.get("metadata")), "namespace": namespace}}
    return data


def _request(resource: Resource, operation: str, namespace: str | UnknownValue) -> dict[str, object]:
    group, _, version = resource.api_version.rpartition("/")
    kind = {"group": group, "version": version, "kind": resource.kind}
    of = {"group": group, "version": version, "resource": plural(resource.kind)}
    found: dict[str, object] = {
        "operation": operation,
        "kind": kind,
        "requestKind": kind,
        "resource": of,
        "requestResource": of,
        "userInfo": _USER,
        "uid": UnknownValue("the request"),
        "options": UnknownValue("the request"),
        "dryRun": False,
    }
    name = _mapping(resource.data.get("metadata")).get("name")
    if name:
        found["name"] = name
    if resource.kind == "Namespace":  # a Namespace counts as being in itself
        namespace = str(name or "")
    if namespace:
        found["namespace"] = namespace
    return found


def _seen_from_within(namespace: str | UnknownValue) -> object:
    if isinstance(namespace, UnknownValue):
        return namespace
    if not namespace:
        return None
    unseen = UnknownValue(f"Namespace {namespace}, which is not among the files")
    metadata = {"name": namespace, "labels": unseen, "annotations": unseen}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": metadata,
        "spec": unseen,
        "status": unseen,
    }


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
