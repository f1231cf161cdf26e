"""Versions of Kubernetes' own APIs: since when each is served, deprecated, and served no longer.

Source of each row: what the types themselves say (`zz_generated.prerelease-lifecycle.go`, from which the API server
decides whether to serve them), in k8s.io/api 0.37.2; of what is gone there in 0.31.3, 0.26.0 and 0.21.0,
k8s.io/apiextensions-apiserver and k8s.io/kube-aggregator 0.21.0. Where types say nothing:

- alphas without a first or last version, and those of resource.k8s.io: the first and the first release of k8s.io/api
  that has, and has no longer, the types;
- CustomResourceDefinition and APIService v1, authorization v1, and ReplicaSet of apps/v1beta1: kubernetes.io,
  "Deprecated API Migration Guide", with which every removal from 1.16 to 1.32 agrees;
- Endpoints: "deprecated in v1.33+" in core/v1, types.go, and kubernetes.io, "Service".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

RELEASED = {
    16: "2019-09-18",
    19: "2020-08-26",
    20: "2020-12-08",
    21: "2021-04-08",
    22: "2021-08-04",
    24: "2022-05-03",
    25: "2022-08-23",
    26: "2022-12-09",
    27: "2023-04-11",
    29: "2023-12-13",
    31: "2024-08-13",
    32: "2024-12-11",
    33: "2025-04-23",
    34: "2025-08-27",
    35: "2025-12-17",
    36: "2026-04-22",
    37: "2026-08-26",
}
"""Days on which minor versions came out: kubernetes.io, "Release History", and the release announcements.

Those of 1.19, 1.20, 1.24, 1.31 and 1.33: the tags of kubernetes/kubernetes, and kubernetes/sig-release.
"""


class Version(NamedTuple):
    """One version of the API of a kind, by minor versions of Kubernetes: served from `introduced`, not from `removed`.

    0 stands for what is not known (`introduced`), or not foreseen (`deprecated`, `removed`).
    """

    api: str
    kind: str
    introduced: int
    deprecated: int
    removed: int

    def served(self, minor: int) -> bool:
        """Whether a minor version of Kubernetes serves it."""
        return self.introduced <= minor and not 0 < self.removed <= minor


# API version, minor version that introduced, deprecated and removed it, kinds.
_TABLE = """
admissionregistration.k8s.io/v1 16 - - MutatingWebhookConfiguration ValidatingWebhookConfiguration
admissionregistration.k8s.io/v1 30 - - ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1 36 - - MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1alpha1 26 29 32 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1alpha1 32 35 38 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 28 31 34 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 34 37 40 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 9 16 22 MutatingWebhookConfiguration ValidatingWebhookConfiguration
apiextensions.k8s.io/v1 16 - - CustomResourceDefinition
apiextensions.k8s.io/v1beta1 7 16 22 CustomResourceDefinition
apiregistration.k8s.io/v1 10 - - APIService
apiregistration.k8s.io/v1beta1 7 19 22 APIService
apps/v1 9 - - ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
apps/v1beta1 5 8 16 StatefulSet
apps/v1beta1 6 8 16 Deployment ReplicaSet
apps/v1beta1 7 8 16 ControllerRevision
apps/v1beta2 8 9 16 ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
auditregistration.k8s.io/v1alpha1 - - 19 AuditSink
authentication.k8s.io/v1 10 - - TokenRequest
authentication.k8s.io/v1 28 - - SelfSubjectReview
authentication.k8s.io/v1 6 - - TokenReview
authentication.k8s.io/v1alpha1 26 29 32 SelfSubjectReview
authentication.k8s.io/v1beta1 27 30 33 SelfSubjectReview
authentication.k8s.io/v1beta1 4 19 22 TokenReview
authorization.k8s.io/v1 19 - - SelfSubjectRulesReview
authorization.k8s.io/v1 6 - - LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview
authorization.k8s.io/v1beta1 2 19 22 LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview
authorization.k8s.io/v1beta1 8 19 22 SelfSubjectRulesReview
autoscaling/v1 2 - - HorizontalPodAutoscaler
autoscaling/v2 23 - - HorizontalPodAutoscaler
autoscaling/v2beta1 8 22 25 HorizontalPodAutoscaler
autoscaling/v2beta2 12 23 26 HorizontalPodAutoscaler
batch/v1 2 - - Job
batch/v1 21 - - CronJob
batch/v1beta1 8 21 25 CronJob
batch/v2alpha1 - - 21 CronJob
certificates.k8s.io/v1 19 - - CertificateSigningRequest
certificates.k8s.io/v1 37 - - ClusterTrustBundle PodCertificateRequest
certificates.k8s.io/v1alpha1 26 34 37 ClusterTrustBundle
certificates.k8s.io/v1alpha1 34 - 35 PodCertificateRequest
certificates.k8s.io/v1beta1 12 19 22 CertificateSigningRequest
certificates.k8s.io/v1beta1 33 37 40 ClusterTrustBundle
certificates.k8s.io/v1beta1 35 37 40 PodCertificateRequest
coordination.k8s.io/v1 14 - - Lease
coordination.k8s.io/v1alpha1 31 34 37 LeaseCandidate
coordination.k8s.io/v1alpha2 32 35 38 LeaseCandidate
coordination.k8s.io/v1beta1 12 19 22 Lease
coordination.k8s.io/v1beta1 33 36 39 LeaseCandidate
discovery.k8s.io/v1 21 - - EndpointSlice
discovery.k8s.io/v1alpha1 - - 21 EndpointSlice
discovery.k8s.io/v1beta1 16 21 25 EndpointSlice
events.k8s.io/v1 19 - - Event
events.k8s.io/v1beta1 8 22 25 Event
extensions/v1beta1 1 14 22 Ingress
extensions/v1beta1 1 8 16 DaemonSet Deployment
extensions/v1beta1 2 11 16 PodSecurityPolicy
extensions/v1beta1 2 8 16 ReplicaSet
extensions/v1beta1 3 9 16 NetworkPolicy
flowcontrol.apiserver.k8s.io/v1 29 - - FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1alpha1 18 20 21 FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta1 20 23 26 FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta2 23 26 29 FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta3 26 29 32 FlowSchema PriorityLevelConfiguration
lifecycle.k8s.io/v1alpha1 37 40 43 EvictionRequest
networking.k8s.io/v1 19 - - Ingress IngressClass
networking.k8s.io/v1 33 - - IPAddress ServiceCIDR
networking.k8s.io/v1 7 - - NetworkPolicy
networking.k8s.io/v1alpha1 25 28 31 ClusterCIDR
networking.k8s.io/v1alpha1 27 30 33 IPAddress ServiceCIDR
networking.k8s.io/v1beta1 14 19 22 Ingress
networking.k8s.io/v1beta1 18 19 22 IngressClass
networking.k8s.io/v1beta1 31 34 37 IPAddress ServiceCIDR
node.k8s.io/v1 20 - - RuntimeClass
node.k8s.io/v1beta1 13 22 25 RuntimeClass
policy/v1 21 - - PodDisruptionBudget
policy/v1 22 - - Eviction
policy/v1beta1 10 21 25 PodSecurityPolicy
policy/v1beta1 5 21 25 PodDisruptionBudget
policy/v1beta1 5 22 25 Eviction
rbac.authorization.k8s.io/v1 8 - - ClusterRole ClusterRoleBinding Role RoleBinding
rbac.authorization.k8s.io/v1beta1 6 17 22 ClusterRole ClusterRoleBinding Role RoleBinding
resource.k8s.io/v1 34 - - DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1 37 - - DeviceTaintRule
resource.k8s.io/v1alpha1 26 - 27 ResourceClaim ResourceClaimTemplate ResourceClass
resource.k8s.io/v1alpha2 27 - 31 ResourceClaim ResourceClaimTemplate ResourceClass
resource.k8s.io/v1alpha3 31 - 34 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1alpha3 33 36 39 DeviceTaintRule
resource.k8s.io/v1alpha3 36 39 42 ResourcePoolStatusRequest
resource.k8s.io/v1beta1 32 35 38 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1beta2 33 36 39 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1beta2 36 39 42 DeviceTaintRule
scheduling.k8s.io/v1 14 - - PriorityClass
scheduling.k8s.io/v1beta1 11 14 22 PriorityClass
scheduling.k8s.io/v1beta1 37 40 43 PodGroup Workload
settings.k8s.io/v1alpha1 - - 20 PodPreset
storage.k8s.io/v1 13 - - VolumeAttachment
storage.k8s.io/v1 17 - - CSINode
storage.k8s.io/v1 18 - - CSIDriver
storage.k8s.io/v1 24 - - CSIStorageCapacity
storage.k8s.io/v1 34 - - VolumeAttributesClass
storage.k8s.io/v1 6 - - StorageClass
storage.k8s.io/v1alpha1 19 21 24 CSIStorageCapacity
storage.k8s.io/v1alpha1 29 32 35 VolumeAttributesClass
storage.k8s.io/v1alpha1 9 21 24 VolumeAttachment
storage.k8s.io/v1beta1 10 19 22 VolumeAttachment
storage.k8s.io/v1beta1 14 17 22 CSINode
storage.k8s.io/v1beta1 14 19 22 CSIDriver
storage.k8s.io/v1beta1 21 24 27 CSIStorageCapacity
storage.k8s.io/v1beta1 31 34 37 VolumeAttributesClass
storage.k8s.io/v1beta1 4 19 22 StorageClass
storagemigration.k8s.io/v1 37 - - StorageVersionMigration
storagemigration.k8s.io/v1alpha1 30 33 36 StorageVersionMigration
storagemigration.k8s.io/v1beta1 35 37 40 StorageVersionMigration
v1 - - - Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController
v1 - - - ResourceQuota Secret Service ServiceAccount
v1 - 33 - Endpoints
v1 2 - - ConfigMap
"""

_MOVED = {
    ("extensions", "DaemonSet"): "apps",
    ("extensions", "Deployment"): "apps",
    ("extensions", "ReplicaSet"): "apps",
    ("extensions", "Ingress"): "networking.k8s.io",
    ("extensions", "NetworkPolicy"): "networking.k8s.io",
    ("extensions", "PodSecurityPolicy"): "policy",
}
"""Groups that took a kind over."""

_NOTES: Mapping[tuple[str, str], str] = {
    ("apps/v1", "DaemonSet"): "spec.selector is required there",
    ("apps/v1", "Deployment"): "spec.selector is required there",
    ("apps/v1", "ReplicaSet"): "spec.selector is required there",
    ("apps/v1", "StatefulSet"): "spec.selector is required there",
    ("networking.k8s.io/v1", "Ingress"): (
        "backends are written service.name and service.port there, and each path needs a pathType"
    ),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"): "versions carry a structural schema each there",
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"): (
        "sideEffects and admissionReviewVersions are required there"
    ),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"): (
        "sideEffects and admissionReviewVersions are required there"
    ),
    ("certificates.k8s.io/v1", "CertificateSigningRequest"): "signerName and usages are required there",
    ("autoscaling/v2", "HorizontalPodAutoscaler"): "metrics have a target",
    ("policy/v1", "PodDisruptionBudget"): "an empty selector selects every pod there",
}
"""What changes besides the version in the one to write ("Deprecated API Migration Guide", notable changes)."""

_INSTEAD = {
    "PodSecurityPolicy": "Pod Security Admission takes its place",
    "Endpoints": "EndpointSlices take their place",
}
"""What takes the place of kinds that have no later version."""


@cache
def _versions() -> Mapping[tuple[str, str], Version]:
    found = {}
    for line in _TABLE.strip().splitlines():
        api, introduced, deprecated, removed, *kinds = line.split()
        numbers = [0 if n == "-" else int(n) for n in (introduced, deprecated, removed)]
        for kind in kinds:
            found[api, kind] = Version(api, kind, *numbers)
    return found


@cache
def _by_kind() -> Mapping[str, tuple[Version, ...]]:
    found: dict[str, tuple[Version, ...]] = {}
    for version in _versions().values():
        found[version.kind] = (*found.get(version.kind, ()), version)
    return found


def every() -> tuple[Version, ...]:
    """All versions that are known, by API version."""
    return tuple(_versions().values())


def version(api: str, kind: str) -> Version | None:
    """What is known of an API version of a kind; None where it is no version of Kubernetes' own."""
    return _versions().get((api, kind))


def is_mistaken(api: str, kind: str) -> bool:
    """Whether a built-in kind is written with a version or group of Kubernetes' own that never had it.

    False where nothing can be said: alphas are not all listed, and other groups may have a kind of the same name.
    """
    if (api, kind) in _versions() or kind not in _by_kind() or "alpha" in api:
        return False
    return any(_group(v.api) == _group(api) for v in _versions().values())


def served(kind: str, minor: int) -> Version | None:
    """The latest version that a minor version of Kubernetes serves of a kind."""
    return max((v for v in _by_kind().get(kind, ()) if v.served(minor)), key=_rank, default=None)


def successor(old: Version, minor: int) -> Version | None:
    """The version to write instead at a minor version of Kubernetes; None where it has none.

    The latest one that is served there and not deprecated, else any that came after.
    """
    group = _MOVED.get((_group(old.api), old.kind), _group(old.api))
    later = [
        v
        for v in _by_kind()[old.kind]
        if v.served(minor) and v != old and _group(v.api) in (group, _group(old.api)) and _rank(v) > _rank(old)
    ]
    return max(later, key=lambda v: (not 0 < v.deprecated <= minor, _rank(v)), default=None)


def advice(old: Version, minor: int) -> str:
    """What to write instead of a version, for the end of a sentence; empty where nothing takes its place."""
    instead = successor(old, minor)
    if instead is None:
        return _INSTEAD.get(old.kind, "")
    note = _NOTES.get((instead.api, instead.kind), "")
    return f"write {instead.api}{'; ' if note else ''}{note}"


def _group(api: str) -> str:
    return api.rpartition("/")[0]


def _rank(v: Version) -> tuple[int, int, int, int]:
    """How late a version is: moved groups first, then v2 before v1, then stable, beta; an alpha is the first of all."""
    name = v.api.rpartition("/")[2].removeprefix("v")
    stage = 0 if "alpha" in name else 1 if "beta" in name else 2
    major, _, minor = name.replace("alpha", ".").replace("beta", ".").partition(".")
    return (int(_group(v.api) != "extensions"), int(major) * min(stage, 1), stage, int(minor or 0))
