"""What Kubernetes objects say of other objects by name: where the name stands, and what kind it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.pods import MERGED, PATCH, Pod, pods


class Reference(NamedTuple):
    """A name of an object: its kind, the path where it stands, and whether the object may be absent.

    `namespace` is empty for the namespace of the object that refers; `key` is the key wanted of a ConfigMap or Secret.
    """

    kind: str
    name: str
    path: Path
    optional: bool = False
    namespace: str = ""
    key: str = ""
    key_path: Path = ()


class _Field(NamedTuple):
    """Where kinds name others: below `holder` (a dotted path, `x[]` for each entry) in `name`.

    `kind` is that of what is named unless the field `kind_field` says another; `namespace` is the field of its
    namespace. Either field may be none, an empty text.
    """

    holder: str
    name: str
    kind: str
    kind_field: str = "kind"
    namespace: str = "namespace"


_BACKENDS = (
    _Field("spec.rules[].backendRefs[]", "name", "Service"),
    _Field("spec.rules[].filters[].requestMirror.backendRef", "name", "Service"),
    _Field("spec.parentRefs[]", "name", "Gateway"),
)
_WEBHOOKS = (_Field("webhooks[].clientConfig.service", "name", "Service"),)
_ANALYSES = tuple(
    _Field(f"spec.strategy.{where}.templates[]", "templateName", "AnalysisTemplate", "", "")
    for where in (
        "canary.analysis",
        "canary.steps[].analysis",
        "blueGreen.prePromotionAnalysis",
        "blueGreen.postPromotionAnalysis",
    )
)
_FIELDS: Mapping[str, tuple[_Field, ...]] = {
    "HorizontalPodAutoscaler": (_Field("spec.scaleTargetRef", "name", "Deployment"),),
    "ScaledObject": (_Field("spec.scaleTargetRef", "name", "Deployment"),),  # KEDA's default
    "VerticalPodAutoscaler": (_Field("spec.targetRef", "name", "Deployment"),),
    "StatefulSet": (
        _Field("spec", "serviceName", "Service", "", ""),
        _Field("spec.volumeClaimTemplates[].spec", "storageClassName", "StorageClass", "", ""),
    ),
    "PersistentVolumeClaim": (_Field("spec", "storageClassName", "StorageClass", "", ""),),
    "ServiceAccount": (_Field("imagePullSecrets[]", "name", "Secret"), _Field("secrets[]", "name", "Secret")),
    "HTTPRoute": _BACKENDS,
    "GRPCRoute": _BACKENDS,
    "TCPRoute": _BACKENDS,
    "TLSRoute": _BACKENDS,
    "UDPRoute": _BACKENDS,
    "Gateway": (
        _Field("spec.listeners[].tls.certificateRefs[]", "name", "Secret"),
        _Field("spec", "gatewayClassName", "GatewayClass", "", ""),
    ),
    "ValidatingWebhookConfiguration": _WEBHOOKS,
    "MutatingWebhookConfiguration": _WEBHOOKS,
    "CustomResourceDefinition": (_Field("spec.conversion.webhook.clientConfig.service", "name", "Service"),),
    "APIService": (_Field("spec.service", "name", "Service"),),
    "Application": (_Field("spec", "project", "AppProject", "", ""),),
    "ApplicationSet": (_Field("spec.template.spec", "project", "AppProject", "", ""),),
    "ExternalSecret": (
        _Field("spec.secretStoreRef", "name", "SecretStore"),
        _Field("spec.data[].sourceRef.storeRef", "name", "SecretStore"),
        _Field("spec.dataFrom[].sourceRef.storeRef", "name", "SecretStore"),
    ),
    "PushSecret": (_Field("spec.secretStoreRefs[]", "name", "SecretStore"),),
    "Rollout": (
        _Field("spec.strategy.canary", "canaryService", "Service", "", ""),
        _Field("spec.strategy.canary", "stableService", "Service", "", ""),
        _Field("spec.strategy.blueGreen", "activeService", "Service", "", ""),
        _Field("spec.strategy.blueGreen", "previewService", "Service", "", ""),
        *_ANALYSES,
    ),
    "Certificate": (_Field("spec.issuerRef", "name", "Issuer"),),
    "Schedule": (_Field("spec.template", "storageLocation", "BackupStorageLocation", "", ""),),
    "Backup": (_Field("spec", "storageLocation", "BackupStorageLocation", "", ""),),
}
"""Fields that name others, by kind.

Sources: kubernetes.io, "Kubernetes API"; gateway-api.sigs.k8s.io, "API specification" (a backend is a Service and a
parent a Gateway unless said otherwise); argo-cd "Application specification"; argo-rollouts "Specification";
external-secrets.io, "ExternalSecret" (a store is a SecretStore unless said otherwise); cert-manager.io, "Certificate"
(an issuer is an Issuer unless said otherwise); velero.io, "Schedule".
"""


def references(resource: Resource) -> Iterator[Reference]:
    """Every reference in an object that other objects of the same set may answer."""
    data, path = resource.data, resource.path
    templates = holders(data, "spec.volumeClaimTemplates[].metadata")
    claims = frozenset(metadata.get("name") for _, metadata in templates if isinstance(metadata.get("name"), str))
    for pod in pods(resource):
        if pod.partial not in (PATCH, MERGED):
            yield from _of_pod(pod, claims)
    for field in _FIELDS.get(resource.kind, ()):
        yield from _of_field(data, path, field)
    if resource.kind == "Ingress":
        yield from _of_ingress(data, path)
    elif resource.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _of_binding(data, path)
    elif resource.kind == "VirtualService":
        yield from _of_virtual_service(data, path)


def _of_field(data: Mapping[str, object], path: Path, field: _Field) -> Iterator[Reference]:
    for at, holder in holders(data, field.holder):
        kind = _text(holder.get(field.kind_field)) if field.kind_field else ""
        kind = kind or ("ClusterAnalysisTemplate" if holder.get("clusterScope") is True else field.kind)
        for found in _named(kind, holder, (*path, *at), field.name):
            yield found._replace(namespace=_text(holder.get(field.namespace)) if field.namespace else "")


def holders(data: Mapping[str, object], path: str) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Mappings at a dotted path, with their places; `x[]` means every entry of a list that is a mapping."""
    return _holders(data, path.split("."))


def _holders(data: Mapping[str, object], steps: list[str]) -> Iterator[tuple[Path, Mapping[str, object]]]:
    if not steps:
        yield (), data
        return
    name = steps[0].removesuffix("[]")
    below = _entries(data, name) if name != steps[0] else iter((((name,), _get(data, name)),))
    for at, entry in below:
        for more, found in _holders(entry, steps[1:]) if entry else ():
            yield (*at, *more), found


def _of_pod(pod: Pod, claims: frozenset[object]) -> Iterator[Reference]:
    """What a pod names; volumes called like one of the `claims` of its StatefulSet are replaced by that."""
    for container in pod.containers:
        for at, entry in _entries(container.data, "env"):
            source = _get(entry, "valueFrom")
            below = (*container.path, *at, "valueFrom")
            yield from _keyed("ConfigMap", _get(source, "configMapKeyRef"), (*below, "configMapKeyRef"))
            yield from _keyed("Secret", _get(source, "secretKeyRef"), (*below, "secretKeyRef"))
        for at, entry in _entries(container.data, "envFrom"):
            below = (*container.path, *at)
            yield from _named("ConfigMap", _get(entry, "configMapRef"), (*below, "configMapRef"), "name")
            yield from _named("Secret", _get(entry, "secretRef"), (*below, "secretRef"), "name")
    for at, volume in _entries(pod.spec, "volumes"):
        if volume.get("name") not in claims:
            yield from _of_volume(volume, (*pod.path, *at))
    for at, entry in _entries(pod.spec, "imagePullSecrets"):
        yield from _named("Secret", entry, (*pod.path, *at), "name")
    yield from _named("PriorityClass", pod.spec, pod.path, "priorityClassName")
    yield from _named("RuntimeClass", pod.spec, pod.path, "runtimeClassName")
    for field in ("serviceAccountName", "serviceAccount"):
        if isinstance(pod.spec.get(field), str):
            yield from _named("ServiceAccount", pod.spec, pod.path, field)
            return


def _of_volume(volume: Mapping[str, object], path: Path) -> Iterator[Reference]:
    yield from _with_items("ConfigMap", _get(volume, "configMap"), (*path, "configMap"), "name")
    yield from _with_items("Secret", _get(volume, "secret"), (*path, "secret"), "secretName")
    claim = (*path, "persistentVolumeClaim")
    yield from _named("PersistentVolumeClaim", _get(volume, "persistentVolumeClaim"), claim, "claimName")
    projected = _get(volume, "projected")
    for at, source in _entries(projected, "sources"):
        below = (*path, "projected", *at)
        yield from _with_items("ConfigMap", _get(source, "configMap"), (*below, "configMap"), "name")
        yield from _with_items("Secret", _get(source, "secret"), (*below, "secret"), "name")


def _of_ingress(data: Mapping[str, object], path: Path) -> Iterator[Reference]:
    for at, backend in ingress_backends(data):
        service = _get(backend, "service")
        if service:
            yield from _named("Service", service, (*path, *at, "service"), "name")
        else:
            yield from _named("Service", backend, (*path, *at), "serviceName")
    spec = _get(data, "spec")
    yield from _named("IngressClass", spec, (*path, "spec"), "ingressClassName")
    annotations = _get(_get(data, "metadata"), "annotations")
    for kind, field in _ISSUERS.items():
        yield from _named(kind, annotations, (*path, "metadata", "annotations"), field)
    if _MADE_BY_ISSUER.isdisjoint(annotations):
        for at, entry in _entries(spec, "tls"):
            yield from _named("Secret", entry, (*path, "spec", *at), "secretName")


_ISSUERS = {"Issuer": "cert-manager.io/issuer", "ClusterIssuer": "cert-manager.io/cluster-issuer"}
_MADE_BY_ISSUER = frozenset({*_ISSUERS.values(), "cert-manager.io/issuer-kind", "kubernetes.io/tls-acme"})
"""Annotations by which cert-manager makes the Secret of an Ingress (cert-manager.io, "Annotated Ingress resource")."""


def ingress_backends(data: Mapping[str, object]) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Every backend of an Ingress with its path within the object, of v1 and of the betas before it."""
    spec = _get(data, "spec")
    for name in ("defaultBackend", "backend"):
        if isinstance(spec.get(name), dict):
            yield ("spec", name), _get(spec, name)
    for rule_at, rule in _entries(spec, "rules"):
        for at, entry in _entries(_get(rule, "http"), "paths"):
            if isinstance(entry.get("backend"), dict):
                yield ("spec", *rule_at, "http", *at, "backend"), _get(entry, "backend")


def _of_binding(data: Mapping[str, object], path: Path) -> Iterator[Reference]:
    role = _get(data, "roleRef")
    kind = role.get("kind")
    if kind in ("Role", "ClusterRole"):
        yield from _named(str(kind), role, (*path, "roleRef"), "name")
    for at, subject in _entries(data, "subjects"):
        if subject.get("kind") == "ServiceAccount":
            for found in _named("ServiceAccount", subject, (*path, *at), "name"):
                yield found._replace(namespace=_text(subject.get("namespace")))


def _of_virtual_service(data: Mapping[str, object], path: Path) -> Iterator[Reference]:
    """Gateways of Istio, `namespace/name` or the name alone, and the hosts that traffic is sent to."""
    listed = _get(data, "spec").get("gateways")
    for index, text in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(text, str) and text and text != "mesh":
            namespace, _, name = text.rpartition("/")
            yield Reference("Gateway", name, (*path, "spec", "gateways", index), namespace=namespace)
    for at, destination in destinations(data):
        name, namespace = host(_text(destination.get("host")))
        if name:
            yield Reference("Service", name, (*path, *at, "host"), namespace=namespace)


def destinations(data: Mapping[str, object]) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Where a VirtualService of Istio sends traffic, with the path within the object."""
    for protocol in ("http", "tls", "tcp"):
        yield from holders(data, f"spec.{protocol}[].route[].destination")
    yield from holders(data, "spec.http[].mirror")


def host(text: str) -> tuple[str, str]:
    """The Service and namespace that a host of Istio stands for; empty texts where it is none, or a host outside.

    Short names are of the object's own namespace (istio.io, "Destination").
    """
    name, _, rest = text.partition(".")
    if "*" in text or not name:
        return "", ""
    parts = rest.split(".")
    if not rest:
        return name, ""
    return (name, parts[0]) if parts[1:2] == ["svc"] else ("", "")


def _keyed(kind: str, source: Mapping[str, object], path: Path) -> Iterator[Reference]:
    for found in _named(kind, source, path, "name"):
        yield found._replace(key=_text(source.get("key")), key_path=(*path, "key"))


def _with_items(kind: str, source: Mapping[str, object], path: Path, field: str) -> Iterator[Reference]:
    for found in _named(kind, source, path, field):
        yield found
        for at, entry in _entries(source, "items"):
            yield found._replace(key=_text(entry.get("key")), key_path=(*path, *at, "key"))


def _named(kind: str, holder: Mapping[str, object], path: Path, field: str) -> Iterator[Reference]:
    name = holder.get(field)
    if isinstance(name, str) and name:
        yield Reference(kind, name, (*path, field), holder.get("optional") is True)


def _entries(holder: Mapping[str, object], field: str) -> Iterator[tuple[Path, Mapping[str, object]]]:
    listed = holder.get(field)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (field, index), entry


def _get(holder: Mapping[str, object], field: str) -> Mapping[str, object]:
    found = holder.get(field)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
