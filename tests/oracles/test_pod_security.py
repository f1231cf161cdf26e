"""Our Pod Security Standards against the Kubernetes library that clusters enforce them with.

The oracle (`psa/`, Go) is asked about the same random pods for the same level and version; the set of failed controls
must be equal. Its binary is `GUARDRAIL_PSA_ORACLE`, else it is built when Go is there.
`GUARDRAIL_PSA_PODS=20000` makes the run longer, with fresh pods each time.

Pods here have at least one container, and no null among annotation values: such pods the API server refuses, and our
reader takes a null for an absent key.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.catalog.load import load
from guardrail.catalog.select import select
from guardrail.engine.compile import NEWEST_MINOR, Compiled, compile_policy
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.scan.judge import applies_to, open_text
from guardrail.settings import Settings
from guardrail.views.items import Lens
from tests.oracles.programs import program

PODS = int(os.environ.get("GUARDRAIL_PSA_PODS", "0"))

CHECKS = {
    "baseline/apparmor": "appArmorProfile",
    "baseline/capabilities": "capabilities_baseline",
    "baseline/host-namespaces": "hostNamespaces",
    "baseline/host-path-volumes": "hostPathVolumes",
    "baseline/host-ports": "hostPorts",
    "baseline/host-probes": "hostProbesAndHostLifecycle",
    "baseline/host-process": "windowsHostProcess",
    "baseline/privileged": "privileged",
    "baseline/proc-mount": "procMount",
    "baseline/seccomp": "seccompProfile_baseline",
    "baseline/selinux": "seLinuxOptions",
    "baseline/sysctls": "sysctls",
    "restricted/capabilities": "capabilities_restricted",
    "restricted/privilege-escalation": "allowPrivilegeEscalation",
    "restricted/proc-mount": "procMount_restricted",
    "restricted/running-as-non-root": "runAsNonRoot",
    "restricted/running-as-non-root-user": "runAsUser",
    "restricted/seccomp": "seccompProfile_restricted",
    "restricted/volume-types": "restrictedVolumes",
}
"""Our controls, and the library's names for its checks."""


# Random pods ---------------------------------------------------------------------------------------------------------

GONE = object()
"""Stands for a key that is left out."""


def maybe(*values: object) -> st.SearchStrategy[object]:
    """One of the values, or null, or nothing at all (more often than not)."""
    return st.sampled_from([GONE, GONE, None, *values])


def mapping(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """A mapping with some of the fields."""
    whole = st.fixed_dictionaries(fields)
    return whole.map(lambda made: {key: value for key, value in made.items() if value is not GONE})


def sometimes(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """A value of the strategy in about half of the cases, else null or nothing."""
    return st.one_of(st.just(GONE), st.just(GONE), st.just(None), strategy, strategy, strategy)


def listed(strategy: st.SearchStrategy[object], most: int = 2) -> st.SearchStrategy[object]:
    return sometimes(st.lists(strategy, max_size=most))


CAPABILITIES = (
    *("ALL", "all", "AUDIT_WRITE", "CAP_CHOWN", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
    *("NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN"),
    *("SYS_CHROOT", "net_bind_service", "", None),
)
DROPPED = st.sampled_from(["ALL", "ALL", "all", "NET_RAW", "CHOWN", "", None])
SYSCTLS = (
    *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies"),
    *("net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports"),
    *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"),
    *("net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "kernel.msgmax"),
    *("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat", "net.core.somaxconn", "", None),
)
VOLUMES = [
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI"),
    *("emptyDir", "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath"),
    *("image", "iscsi", "nfs", "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "projected"),
    *("quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume", "somethingNew"),
]
PROFILE = mapping(
    type=maybe("RuntimeDefault", "RuntimeDefault", "Localhost", "Unconfined", "", "runtime/default"),
    localhostProfile=maybe("profiles/own.json", ""),
)
SELINUX_TYPES = ("container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t", "", "Container_t")
SELINUX = mapping(
    type=maybe(*SELINUX_TYPES),
    user=maybe("", "", "system_u"),
    role=maybe("", "", "system_r"),
    level=maybe("", "s0:c1,c2"),
)
WINDOWS = mapping(hostProcess=maybe(True, False), runAsUserName=maybe("ContainerUser", ""))
SHARED = {
    "appArmorProfile": sometimes(PROFILE),
    "runAsNonRoot": maybe(True, True, False),
    "runAsUser": maybe(0, 1, 1000, 10001),
    "seLinuxOptions": sometimes(SELINUX),
    "seccompProfile": sometimes(PROFILE),
    "windowsOptions": sometimes(WINDOWS),
}
POD_CONTEXT = mapping(
    **SHARED,
    sysctls=listed(mapping(name=maybe(*SYSCTLS), value=st.just("1")), 3),
    fsGroup=maybe(0, 1000),
)
CONTEXT = mapping(
    **SHARED,
    allowPrivilegeEscalation=maybe(False, False, False, True),
    capabilities=sometimes(mapping(add=listed(st.sampled_from(CAPABILITIES), 3), drop=listed(DROPPED))),
    privileged=maybe(True, False),
    procMount=maybe("Default", "Unmasked", "", "default"),
    readOnlyRootFilesystem=maybe(True),
)
HANDLER = mapping(
    httpGet=sometimes(mapping(host=maybe("", "", "127.0.0.1", "example.org"), port=st.just(80))),
    tcpSocket=sometimes(mapping(host=maybe("", "", "10.0.0.1"), port=st.just(80))),
    exec=sometimes(mapping(command=st.just(["true"]))),
)
CONTAINER = mapping(
    name=st.sampled_from(["a", "b", "c", ""]),
    image=st.just("registry.example/a:1"),
    ports=listed(mapping(containerPort=st.just(80), hostPort=maybe(0, 0, 80, 65535))),
    securityContext=sometimes(CONTEXT),
    livenessProbe=sometimes(HANDLER),
    readinessProbe=sometimes(HANDLER),
    startupProbe=sometimes(HANDLER),
    lifecycle=sometimes(mapping(postStart=sometimes(HANDLER), preStop=sometimes(HANDLER))),
    restartPolicy=maybe("Always"),
)
HARDENED = st.just(
    {
        "name": "a",
        "image": "registry.example/a:1",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
)


@st.composite
def volume(draw: st.DrawFn) -> object:
    made: dict[str, object] = {"name": "v"}
    for kind in draw(st.lists(st.sampled_from(VOLUMES), max_size=2)):
        made[kind] = draw(st.sampled_from([{}, {}, {}, None]))
    return made


APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
ANNOTATIONS = (
    "seccomp.security.alpha.kubernetes.io/pod",
    *(f"container.seccomp.security.alpha.kubernetes.io/{name}" for name in ("a", "b", "", "other")),
    *(f"{APPARMOR}{name}" for name in ("a", "other", "")),
    APPARMOR.rstrip("/"),
    "example.org/note",
)
ANNOTATED = ("runtime/default", "docker/default", "localhost/own", "localhost", "unconfined", "")
OVERRIDDEN = (
    ("runAsNonRoot", False, True),
    ("runAsUser", 0, 1),
    ("seccompProfile", {"type": "Unconfined"}, {"type": "Localhost"}),
    ("seccompProfile", {"type": "Localhost"}, {"type": "Unconfined"}),
    ("seccompProfile", {"type": "Localhost"}, {}),
    ("appArmorProfile", {"type": "Unconfined"}, {"type": "RuntimeDefault"}),
    ("seLinuxOptions", {"type": "spc_t"}, {"type": "container_t"}),
    ("windowsOptions", {"hostProcess": True}, {"hostProcess": False}),
)
"""Fields with a bad value on the pod, a better one on the container, and the other way round."""


def annotations() -> st.SearchStrategy[object]:
    return st.dictionaries(st.sampled_from(ANNOTATIONS), st.sampled_from(ANNOTATED), max_size=3)


ANY_CONTAINER = st.one_of(CONTAINER, CONTAINER, HARDENED)
POD = mapping(
    metadata=sometimes(mapping(annotations=sometimes(annotations()))),
    spec=mapping(
        containers=st.lists(ANY_CONTAINER, min_size=1, max_size=2),
        initContainers=listed(ANY_CONTAINER, 1),
        ephemeralContainers=listed(ANY_CONTAINER, 1),
        hostIPC=maybe(True, False),
        hostNetwork=maybe(True, False),
        hostPID=maybe(True, False),
        hostUsers=maybe(True, False, False),
        os=sometimes(mapping(name=maybe("linux", "windows", "windows", "Windows", ""))),
        securityContext=sometimes(POD_CONTEXT),
        volumes=listed(volume(), 3),
    ),
)


# Both verdicts -------------------------------------------------------------------------------------------------------


class Oracle:
    """The library, asked one pod at a time over the pipes of one process."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.process = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def failed(self, pod: object, level: str, minor: int) -> set[str]:
        """The ids of the checks that fail."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"pod": pod, "level": level, "version": f"1.{minor}"}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert not answer.get("error"), answer
        return set(answer["checks"])

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """The oracle, running."""
    asked = Oracle(Path(program("psa", tmp_path_factory)).resolve())
    yield asked
    asked.close()


@cache
def policies(level: str, minor: int) -> tuple[Compiled, ...]:
    """What a level of ours judges by at a version."""
    minor = min(minor, NEWEST_MINOR)
    selected = select(load(), Settings(profile=f"pss-{level}"), minor)
    return tuple(compile_policy(s, minor) for s in selected if s.policy.match.since <= minor <= s.policy.match.until)


def wrapped(pod: object, kind: str) -> dict[str, object]:
    """A pod as an object of a kind that has pods."""
    assert isinstance(pod, dict)
    head = {"metadata": {"name": "x"}}
    match kind:
        case "Pod":
            return {"apiVersion": "v1", "kind": "Pod", **pod}
        case "CronJob":
            return {
                "apiVersion": "batch/v1",
                "kind": kind,
                **head,
                "spec": {"jobTemplate": {"spec": {"template": pod}}},
            }
        case "PodTemplate":
            return {"apiVersion": "v1", "kind": kind, **head, "template": pod}
    return {"apiVersion": "example.org/v1", "kind": kind, **head, "spec": {"template": pod}}


def ours(pod: object, level: str, minor: int, kind: str) -> set[str]:
    """The library's names of the controls that fail by our policies."""
    (resource,) = open_text("pod.json", json.dumps(wrapped(pod, kind))).resources
    lens = Lens(resource)
    failed: set[str] = set()
    for compiled in policies(level, minor):
        assert applies_to(compiled, resource, lens)
        outcome = Outcome()
        evaluate(compiled, lens.items(compiled.each), outcome)
        assert not outcome.failures, outcome.failures
        assert not outcome.undecided, outcome.undecided
        assert not [h.message for h in outcome.hits if "?" in h.message]
        if outcome.hits:
            failed |= {CHECKS[control] for control in compiled.policy.controls["pod-security-standards"]}
    return failed


def compare(oracle: Oracle, pod: object, level: str, minor: int, kind: str = "Pod") -> None:
    found = ours(pod, level, minor, kind)
    assert found == oracle.failed(pod, level, minor), (level, minor, json.dumps(pod))


# Tests ---------------------------------------------------------------------------------------------------------------


def test_the_library_knows_no_newer_version(oracle: Oracle) -> None:
    run = subprocess.run([str(oracle.program), "-newest"], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == f"v1.{NEWEST_MINOR}"


def test_every_control_has_its_policy() -> None:
    levels = {"pss-baseline", "pss-restricted"}
    found = [policy for policy in load().policies.values() if levels & set(policy.profiles)]
    controls = [control for policy in found for control in policy.controls["pod-security-standards"]]
    assert sorted(controls) == sorted(CHECKS)
    for policy in found:
        level = policy.controls["pod-security-standards"][0].partition("/")[0]
        assert f"pss-{level}" in policy.profiles
        assert not policy.folds, "a finding left out would be a control that passes"


@settings(
    max_examples=PODS or 600,
    derandomize=not PODS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    pod=POD,
    level=st.sampled_from(["baseline", "restricted", "restricted"]),
    minor=st.integers(0, NEWEST_MINOR + 1),
    kind=st.sampled_from(["Pod", "Deployment", "CronJob", "PodTemplate", "Rollout"]),
)
def test_random_pods(oracle: Oracle, pod: object, level: str, minor: int, kind: str) -> None:
    compare(oracle, pod, level, minor, kind)


@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_every_version(oracle: Oracle, level: str) -> None:
    """A pod that offends against each control, one that meets all, and their like, at every version."""
    pods = [OFFENDER, {**OFFENDER, "spec": {**OFFENDER["spec"], "hostUsers": False}}, MODEL]
    pods += [{**pod, "spec": {**pod["spec"], "os": {"name": "windows"}}} for pod in (OFFENDER, MODEL)]
    for minor in range(NEWEST_MINOR + 2):
        for pod in pods:
            compare(oracle, pod, level, minor)


@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_one_value_at_a_time(oracle: Oracle, level: str) -> None:
    for pod, minors in one_value_each():
        for minor in minors:
            compare(oracle, pod, level, minor)


Near: TypeAlias = tuple[dict[str, Any], Iterable[int]]
"""A pod that meets all but for one value, and the versions that matter to it."""


def one_value_each() -> Iterator[Near]:
    yield from one_pod_value_each()
    for type_ in SELINUX_TYPES:
        yield model(seLinuxOptions={"type": type_}), (0, 30, 31, NEWEST_MINOR)
    for name in CAPABILITIES:
        yield model(capabilities={"drop": ["ALL"], "add": [name]}), (0, 21, 22, NEWEST_MINOR)
    for value in ("Default", "default", "Unmasked", "", None):
        yield model(procMount=value), (34, 35)
    for how in ("httpGet", "tcpSocket"):
        handler = {how: {"host": "example.org", "port": 80}}
        probes = [{probe: handler} for probe in ("livenessProbe", "readinessProbe", "startupProbe")]
        for fields in (*probes, *({"lifecycle": {hook: handler}} for hook in ("postStart", "preStop"))):
            pod = model()
            pod["spec"]["containers"][0] |= fields
            yield pod, (33, 34)


def one_pod_value_each() -> Iterator[Near]:
    for name in SYSCTLS:
        pod = model()
        pod["spec"]["securityContext"]["sysctls"] = [{"name": name, "value": "1"}]
        yield pod, range(NEWEST_MINOR + 1)
    for kind in VOLUMES:
        for volumes in ([{"name": "v", kind: {}}], [{"name": "v", kind: None}]):
            pod = model()
            pod["spec"]["volumes"] = volumes
            yield pod, (NEWEST_MINOR,)
    for key, value in product(ANNOTATIONS, ANNOTATED):
        yield {**model(), "metadata": {"annotations": {key: value}}}, (18, 19, NEWEST_MINOR)
    for name, value, own in OVERRIDDEN:
        pod = model(**{name: own})
        pod["spec"]["securityContext"][name] = value
        yield pod, (18, 19, 22, 23, NEWEST_MINOR)


def model(**context: object) -> dict[str, Any]:
    """A pod that meets all but for what its container's securityContext is given."""
    pod = deepcopy(MODEL)
    pod["spec"]["containers"][0]["securityContext"] |= context
    return pod


MODEL: dict[str, Any] = {
    "spec": {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "a",
                "image": "registry.example/a:1",
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            }
        ],
    }
}
OFFENDER: dict[str, Any] = {
    "metadata": {
        "annotations": {
            "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
            "container.apparmor.security.beta.kubernetes.io/a": "unconfined",
        }
    },
    "spec": {
        "hostNetwork": True,
        "securityContext": {
            "runAsNonRoot": False,
            "runAsUser": 0,
            "seLinuxOptions": {"type": "container_engine_t"},
            "seccompProfile": {"type": "Unconfined"},
            "sysctls": [
                {"name": "net.ipv4.ip_local_reserved_ports", "value": "1"},
                {"name": "net.ipv4.tcp_keepalive_time", "value": "1"},
                {"name": "net.ipv4.tcp_rmem", "value": "1"},
                {"name": "net.ipv4.tcp_notsent_lowat", "value": "1"},
            ],
        },
        "containers": [
            {
                "name": "a",
                "image": "registry.example/a:1",
                "ports": [{"containerPort": 80, "hostPort": 80}],
                "livenessProbe": {"httpGet": {"host": "example.org", "port": 80}},
                "securityContext": {
                    "capabilities": {"add": ["SYS_ADMIN"]},
                    "privileged": True,
                    "procMount": "Unmasked",
                    "windowsOptions": {"hostProcess": True},
                },
            }
        ],
        "volumes": [{"name": "v", "hostPath": {"path": "/"}}],
    },
}
