"""Components as configuration files describe them: kubeadm's and Cluster API's, and the components' own.

Where a tool or a file has defaults that differ from those of the program's flags, they are filled in: kubeadm writes
them into the manifests it makes, and a kubelet that reads a file has the file's defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.component import Component
from guardrail.views.component_flags import minor_of, put, text_of

_PKI = "/etc/kubernetes/pki"
_KUBEADM: Mapping[str, Mapping[str, str]] = {
    "kube-apiserver": {
        "allow-privileged": "true",
        "authorization-mode": "Node,RBAC",
        "client-ca-file": f"{_PKI}/ca.crt",
        "enable-admission-plugins": "NodeRestriction",
        "enable-bootstrap-token-auth": "true",
        "etcd-cafile": f"{_PKI}/etcd/ca.crt",
        "etcd-certfile": f"{_PKI}/apiserver-etcd-client.crt",
        "etcd-keyfile": f"{_PKI}/apiserver-etcd-client.key",
        "kubelet-client-certificate": f"{_PKI}/apiserver-kubelet-client.crt",
        "kubelet-client-key": f"{_PKI}/apiserver-kubelet-client.key",
        "service-account-key-file": f"{_PKI}/sa.pub",
        "service-account-signing-key-file": f"{_PKI}/sa.key",
        "tls-cert-file": f"{_PKI}/apiserver.crt",
        "tls-private-key-file": f"{_PKI}/apiserver.key",
    },
    "kube-controller-manager": {
        "bind-address": "127.0.0.1",
        "client-ca-file": f"{_PKI}/ca.crt",
        "root-ca-file": f"{_PKI}/ca.crt",
        "service-account-private-key-file": f"{_PKI}/sa.key",
        "use-service-account-credentials": "true",
    },
    "kube-scheduler": {"bind-address": "127.0.0.1"},
    "etcd": {
        "cert-file": f"{_PKI}/etcd/server.crt",
        "client-cert-auth": "true",
        "key-file": f"{_PKI}/etcd/server.key",
        "peer-cert-file": f"{_PKI}/etcd/peer.crt",
        "peer-client-cert-auth": "true",
        "peer-key-file": f"{_PKI}/etcd/peer.key",
        "peer-trusted-ca-file": f"{_PKI}/etcd/ca.crt",
        "trusted-ca-file": f"{_PKI}/etcd/ca.crt",
    },
    "kubelet": {
        "anonymous-auth": "false",
        "authentication-token-webhook": "true",
        "authorization-mode": "Webhook",
        "client-ca-file": f"{_PKI}/ca.crt",
        "read-only-port": "0",
        "rotate-certificates": "true",
    },
}
"""What kubeadm writes unless extraArgs say otherwise, as far as policies ask for it.

https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/ and kubeadm's
cmd/kubeadm/app/phases/controlplane/manifests.go, phases/etcd/local.go and componentconfigs/kubelet.go
(https://github.com/kubernetes/kubernetes).
"""

_KUBELET_FILE: Mapping[str, str] = {
    "anonymous-auth": "false",
    "authentication-token-webhook": "true",
    "authorization-mode": "Webhook",
    "read-only-port": "0",
}
"""Defaults of KubeletConfiguration that are not the flags' (kubelet.config.k8s.io/v1beta1)."""

_KUBELET_FIELDS: Mapping[str, Path] = {
    "address": ("address",),
    "allowed-unsafe-sysctls": ("allowedUnsafeSysctls",),
    "anonymous-auth": ("authentication", "anonymous", "enabled"),
    "authentication-token-webhook": ("authentication", "webhook", "enabled"),
    "authorization-mode": ("authorization", "mode"),
    "client-ca-file": ("authentication", "x509", "clientCAFile"),
    "enable-debugging-handlers": ("enableDebuggingHandlers",),
    "event-qps": ("eventRecordQPS",),
    "feature-gates": ("featureGates",),
    "healthz-bind-address": ("healthzBindAddress",),
    "make-iptables-util-chains": ("makeIPTablesUtilChains",),
    "pod-max-pids": ("podPidsLimit",),
    "protect-kernel-defaults": ("protectKernelDefaults",),
    "read-only-port": ("readOnlyPort",),
    "rotate-certificates": ("rotateCertificates",),
    "rotate-server-certificates": ("serverTLSBootstrap",),
    "seccomp-default": ("seccompDefault",),
    "streaming-connection-idle-timeout": ("streamingConnectionIdleTimeout",),
    "tls-cert-file": ("tlsCertFile",),
    "tls-cipher-suites": ("tlsCipherSuites",),
    "tls-min-version": ("tlsMinVersion",),
    "tls-private-key-file": ("tlsPrivateKeyFile",),
}
_PROXY_FIELDS: Mapping[str, Path] = {
    "bind-address": ("bindAddress",),
    "feature-gates": ("featureGates",),
    "healthz-bind-address": ("healthzBindAddress",),
    "metrics-bind-address": ("metricsBindAddress",),
    "profiling": ("enableProfiling",),
}
_SCHEDULER_FIELDS: Mapping[str, Path] = {
    "contention-profiling": ("enableContentionProfiling",),
    "profiling": ("enableProfiling",),
}
"""The flag that a field replaces, as the components' references name it."""

_OWN: Mapping[str, tuple[str, Mapping[str, Path], Mapping[str, str]]] = {
    "KubeletConfiguration": ("kubelet", _KUBELET_FIELDS, _KUBELET_FILE),
    "KubeProxyConfiguration": ("kube-proxy", _PROXY_FIELDS, {}),
    "KubeSchedulerConfiguration": ("kube-scheduler", _SCHEDULER_FIELDS, {}),
}
_WITHIN: Mapping[str, Path] = {
    "KubeadmConfig": ("spec",),
    "KubeadmConfigTemplate": ("spec", "template", "spec"),
    "KubeadmControlPlane": ("spec", "kubeadmConfigSpec"),
    "KubeadmControlPlaneTemplate": ("spec", "template", "spec", "kubeadmConfigSpec"),
}
"""Where Cluster API's kinds keep kubeadm's configuration."""


def read(resource: Resource) -> Iterator[Component]:
    """The components that a configuration file describes; see `components.FILES`."""
    own = _OWN.get(resource.kind)
    if own is not None:
        yield _of_file(resource, *own)
        return
    within = _WITHIN.get(resource.kind)
    if within is None:
        parts: Sequence[tuple[str, Path]] = ((resource.kind, ()),)
    else:
        parts = [(f"{key[0].upper()}{key[1:]}", (*within, key)) for key in _PARTS]
    for kind, path in parts:
        data = _at(resource.data, path)
        if isinstance(data, dict):
            yield from _of_kubeadm(resource, kind, data, (*resource.path, *path))


_EXTERNAL: Mapping[str, str] = {"etcd-cafile": "caFile", "etcd-certfile": "certFile", "etcd-keyfile": "keyFile"}
"""The API server's flags that kubeadm sets to what `etcd.external` says."""

_PARTS = ("clusterConfiguration", "initConfiguration", "joinConfiguration")
_CONTROL_PLANE: Mapping[str, Path] = {
    "kube-apiserver": ("apiServer",),
    "kube-controller-manager": ("controllerManager",),
    "kube-scheduler": ("scheduler",),
    "etcd": ("etcd", "local"),
}


def _at(data: object, path: Path) -> object:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _of_file(resource: Resource, name: str, fields: Mapping[str, Path], defaults: Mapping[str, str]) -> Component:
    flags: dict[str, object] = dict(defaults)
    places: dict[str, Path] = {key: (*resource.path, *path) for key, path in fields.items()}
    for key, path in fields.items():
        value = _at(resource.data, path)
        if value is not None:
            flags[key] = _known(text_of(value))
    return Component(
        name=name,
        source="file",
        flags=flags,
        places=places,
        path=resource.path,
        missing=resource.path,
        partial=f"what {resource.partial} is applied to" if resource.partial else "",
    )


def _of_kubeadm(resource: Resource, kind: str, data: dict[str, object], path: Path) -> Iterator[Component]:
    """The control plane of a ClusterConfiguration; the kubelet's extra flags of an Init- or JoinConfiguration."""
    if kind != "ClusterConfiguration":
        node: Path = ("nodeRegistration", "kubeletExtraArgs")
        if _at(data, node) is not None:
            yield _extended("kubelet", data, path, node, 0)
        return
    version = text_of(data.get("kubernetesVersion", ""))
    for name, part in _CONTROL_PLANE.items():
        if name != "etcd" or _at(data, ("etcd", "external")) is None:
            minor = minor_of(version) if name != "etcd" else 0
            yield _extended(name, data, path, (*part, "extraArgs"), minor)


def _extended(name: str, data: dict[str, object], path: Path, part: Path, minor: int) -> Component:
    """A component with kubeadm's flags and those that `extraArgs` add: a map, or a list of names and values.

    The list came with kubeadm.k8s.io/v1beta4; a name given in either replaces kubeadm's own flag.
    """
    flags: dict[str, object] = {}
    places: dict[str, Path] = {}
    for key, value, step in _arguments(_at(data, part)):
        put(flags, key, _known(text_of(value)))
        places[key] = (*path, *part, step)
    missing = (*path, *part)
    merged = {**_KUBEADM[name], **_external(name, data), **flags}
    for key in [key for key, value in merged.items() if value == "" and key in _EXTERNAL]:
        del merged[key]
    return Component(name, "kubeadm", merged, places, missing[:-1], missing, minor=minor)


def _external(name: str, data: dict[str, object]) -> dict[str, object]:
    """The files that `etcd.external` names; empty where it names none."""
    external = _at(data, ("etcd", "external"))
    if name != "kube-apiserver" or not isinstance(external, dict):
        return {}
    return {flag: text_of(external.get(field, "")) for flag, field in _EXTERNAL.items()}


def _known(text: str) -> object:
    """A value, unless a template or `envsubst` puts another in its place."""
    return UnknownValue(f"what {text} holds") if "${" in text or "{{" in text else text


def _arguments(listed: object) -> Iterator[tuple[str, object, str | int]]:
    if isinstance(listed, dict):
        for key, value in listed.items():
            yield str(key), "" if value is None else value, key
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield entry["name"], entry.get("value", ""), index
