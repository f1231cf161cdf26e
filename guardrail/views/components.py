"""Kubernetes' own components as files show them: which there are, and with which flags they run.

A component is started by a container (a static pod, mostly), described for kubeadm, or read from a configuration file
of its own. Whatever the source, its flags are texts by the flag's name, as the component's reference documents them.
Ordinary pods cost a few comparisons: the flags are read in `component_flags` and `component_files`, which are imported
when there is a component.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guardrail.model.document import Resource
from guardrail.views.component import NAMES, Component
from guardrail.views.pods import Container, Pod

FILES = frozenset(
    {
        "kubeadm.k8s.io/ClusterConfiguration",
        "kubeadm.k8s.io/InitConfiguration",
        "kubeadm.k8s.io/JoinConfiguration",
        "bootstrap.cluster.x-k8s.io/KubeadmConfig",
        "bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate",
        "controlplane.cluster.x-k8s.io/KubeadmControlPlane",
        "controlplane.cluster.x-k8s.io/KubeadmControlPlaneTemplate",
        "kubelet.config.k8s.io/KubeletConfiguration",
        "kubeproxy.config.k8s.io/KubeProxyConfiguration",
        "kubescheduler.config.k8s.io/KubeSchedulerConfiguration",
    }
)
"""Kinds that configure components: kubeadm's, Cluster API's that hold kubeadm's, and the components' own."""

_HINTS = (*NAMES, "hyperkube")
_FIRST_WORDS = 12  # wrappers and shells come before the program, never more of them


def configures(resource: Resource) -> bool:
    """Whether a resource is of a kind that configures components."""
    return f"{resource.api_version.partition('/')[0]}/{resource.kind}" in FILES


def components(resource: Resource, pods: tuple[Pod, ...]) -> Iterator[tuple[Component, Pod | None]]:
    """Every component of a resource, with the pod that runs it, if one does."""
    if configures(resource):
        from guardrail.views import component_files  # most scans have none

        for described in component_files.read(resource):
            yield described, None
    for pod in pods:
        for container in pod.containers:
            component = _of_container(container)
            if component is not None:
                yield component, pod


def _of_container(container: Container) -> Component | None:
    """The component that a container runs: what its command says, else what its image is called."""
    data = container.data
    if not any(hint in text for text in _first_words(data) for hint in _HINTS):
        return None
    from guardrail.views import component_flags  # most scans have none

    return component_flags.of_container(container)


def _first_words(data: Mapping[str, object]) -> Iterator[str]:
    """The texts that may name a program: the image and the first words of the command and its arguments."""
    image = data.get("image")
    if isinstance(image, str):
        yield image
    for key in ("command", "args"):
        words = data.get(key)
        for word in words[:_FIRST_WORDS] if isinstance(words, list) else ():
            if isinstance(word, str):
                yield word
