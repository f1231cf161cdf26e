"""Components of Kubernetes, whatever describes them: the same flags, the same data."""

from __future__ import annotations

import shlex
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.model.document import Document, Resource
from guardrail.model.value import UnknownValue
from guardrail.views.component import Component
from guardrail.views.component_flags import BOOLEANS
from guardrail.views.components import FILES, components
from guardrail.views.pods import pods
from tests.formats.reading import one
from tests.odd_data import nested


def read(data: dict[str, Any]) -> list[Component]:
    document = Document("x.yaml", 0, data, one("a: 1").places, 1, 1)
    resource = Resource(document, data, (), "kubernetes", data["apiVersion"], data["kind"])
    return [component for component, _ in components(resource, pods(resource))]


def container(**fields: Any) -> list[Component]:
    return read({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c", **fields}]}})


def command(*words: str, **fields: Any) -> Component:
    (found,) = container(image="registry.example/x:v1.31.2", command=list(words), **fields)
    return found


NAMES = st.sampled_from(
    "authorization-mode bind-address secure-port etcd-servers tls-min-version audit-log-path v2x x".split()
)
TEXTS = st.text(st.sampled_from("abcXYZ019.,:/@%+_-"), min_size=1, max_size=12).filter(lambda t: t[0] not in "-")
LISTS = {"authorization-mode", "etcd-servers"}
FLAGS = st.dictionaries(NAMES, TEXTS, max_size=5)
SWITCHES = st.dictionaries(st.sampled_from(sorted(BOOLEANS)), st.booleans(), max_size=4)


@st.composite
def spelled(draw: st.DrawFn) -> tuple[dict[str, str], list[str]]:
    """Flags, and one way to write them."""
    flags = draw(FLAGS)
    switches = draw(SWITCHES)
    groups: list[list[str]] = []
    for name, value in flags.items():
        written = draw(st.sampled_from([name, name.replace("-", "_")]))
        groups.append(draw(st.sampled_from([[f"--{written}={value}"], [f"--{written}", value]])))
    for name, on in switches.items():
        texts = ["1", "t", "T", "true", "TRUE", "True"] if on else ["0", "f", "F", "false", "FALSE", "False"]
        ways = [[f"--{name}={text}"] for text in texts] + ([[f"--{name}"]] if on else [])
        groups.append(draw(st.sampled_from(ways)))
    words = [word for group in draw(st.permutations(groups)) for word in group]
    return {**flags, **{name: "true" if on else "false" for name, on in switches.items()}}, words


@st.composite
def placed(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, Any]]:
    """Flags, and a container that starts an API server with them."""
    flags, words = draw(spelled())
    program = draw(st.sampled_from(["kube-apiserver", "/usr/local/bin/kube-apiserver", "./kube-apiserver"]))
    image = draw(st.sampled_from(["registry.k8s.io/kube-apiserver:v1.31.2", "x/y@sha256:" + "0" * 64, "x"]))
    quoted = " \\\n  ".join(shlex.quote(word) for word in words)
    ways: list[dict[str, Any]] = [
        {"command": [program, *words]},
        {"command": [program], "args": words},
        {"command": ["/hyperkube", "kube-apiserver"], "args": words},
        {"command": ["hyperkube", "apiserver", *words]},
        {"command": ["/go-runner", "--log-file=/var/log/kube-apiserver.log", "--", program, *words]},
        {"command": ["/bin/sh", "-c", f"exec {program} {quoted}"]},
        {"command": ["sh", "-ec"], "args": [f"ulimit -n 65536; A=b {program} {quoted} 1>>/var/log/x.log 2>&1\n"]},
        {"command": ["bash", "-c", f"# start\nset -e\n{program} {quoted} | tee /log &"]},
    ]
    if "kube-apiserver" in image:
        ways.append({"args": words})
    return flags, {"image": image, **draw(st.sampled_from(ways))}


@given(placed())
def test_every_spelling_of_the_same_flags_is_the_same(case: tuple[dict[str, str], dict[str, Any]]) -> None:
    flags, fields = case
    (found,) = container(**fields)
    assert (found.name, found.source, found.flags, found.stray) == ("kube-apiserver", "command", flags, ())
    assert found.partial == ""
    assert set(found.places) == set(flags)


@given(spelled())
def test_a_flag_stands_at_its_own_word(case: tuple[dict[str, str], list[str]]) -> None:
    flags, words = case
    found = command("kube-apiserver", *words)
    for name in flags:
        *_, key, index = found.origin(("flags", name))
        assert key == "command"
        assert words[int(index) - 1].replace("_", "-").startswith(f"--{name}")
    assert found.origin(("flags", "no-such-flag")) == ("spec", "containers", 0, "command")
    assert found.origin(()) == ("spec", "containers", 0)


def test_a_flag_in_a_script_stands_at_its_word() -> None:
    script = "exec kube-apiserver \\\n  --secure-port=1 --token-auth-file='/a b'"
    found = command("sh", "-c", script)
    place = found.origin(("flags", "token-auth-file"))
    assert found.texts[place] == (("spec", "containers", 0, "command", 2), "--token-auth-file='/a b'")


@given(FLAGS, st.sampled_from(["v1beta3", "v1beta4"]))
def test_kubeadm_writes_flags_as_a_map_or_as_a_list(flags: dict[str, str], version: str) -> None:
    listed = [{"name": k, "value": v} for k, v in flags.items()]
    data = {"apiServer": {"extraArgs": flags if version == "v1beta3" else listed}}
    found = read({"apiVersion": f"kubeadm.k8s.io/{version}", "kind": "ClusterConfiguration", **data})
    server = next(c for c in found if c.name == "kube-apiserver")
    assert {k: v for k, v in server.flags.items() if k in flags} == flags
    assert server.flags["enable-admission-plugins"] == "NodeRestriction"
    for position, name in enumerate(flags):
        step = name if version == "v1beta3" else position
        assert server.origin(("flags", name)) == ("apiServer", "extraArgs", step)
    assert server.origin(("flags", "profiling")) == ("apiServer", "extraArgs")


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        (["--authorization-mode=Node", "--authorization-mode=RBAC"], {"authorization-mode": "Node,RBAC"}),
        (["--secure-port=1", "--secure-port=2"], {"secure-port": "2"}),
        (["--feature-gates=A=true", "--feature-gates=B=false"], {"feature-gates": "A=true,B=false"}),
        (["-v", "2"], {"v": "2"}),
        (["-v=2"], {"v": "2"}),
        (["-v2"], {"v": "2"}),
        (["--new-switch", "--secure-port=1"], {"new-switch": "true", "secure-port": "1"}),
        (["--token-auth-file="], {"token-auth-file": ""}),
        (["--audit-log-path", "-"], {"audit-log-path": "-"}),
    ],
)
def test_flags_are_read_as_pflag_reads_them(words: list[str], flags: dict[str, str]) -> None:
    assert command("kube-apiserver", *words).flags == flags


def test_a_word_behind_a_boolean_is_not_its_value() -> None:
    found = command("kube-apiserver", "--anonymous-auth", "false")
    assert found.flags == {"anonymous-auth": "true"}
    assert found.data["stray"] == ["false"]
    assert found.origin(("stray", 0)) == ("spec", "containers", 0, "command", 2)


@pytest.mark.parametrize("word", ["--client-cert-auth", "-client-cert-auth", "-client-cert-auth=true"])
def test_etcd_takes_one_dash_for_two(word: str) -> None:
    assert command("etcd", word, "-name", "a_b").flags == {"client-cert-auth": "true", "name": "a_b"}


def test_etcd_takes_from_variables_what_its_command_lacks() -> None:
    env = [
        {"name": "ETCD_AUTO_TLS", "value": "true"},
        {"name": "ETCD_NAME", "value": "b"},
        {"name": "ETCD_CERT_FILE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
    ]
    found = command("etcd", "--name=a", env=env)
    assert (found.flags["name"], found.flags["auto-tls"]) == ("a", "true")
    assert isinstance(found.flags["cert-file"], UnknownValue)
    assert found.origin(("flags", "auto-tls")) == ("spec", "containers", 0, "env", 0)
    assert command("etcd", envFrom=[{"configMapRef": {"name": "etcd"}}]).partial == "what envFrom brings"
    assert command("kube-proxy", env=env).flags == {}


def test_variables_of_the_container_are_filled_in() -> None:
    env = [{"name": "MODE", "value": "RBAC"}, {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}]
    words = ["--authorization-mode=Node,$(MODE)", "--bind-address=$(IP)", "--cloud-config=$$(MODE)"]
    found = command("kube-apiserver", *words, env=env)
    assert found.flags["authorization-mode"] == "Node,RBAC"
    assert found.flags["bind-address"] == UnknownValue("what $(IP) holds")
    assert isinstance(found.flags["cloud-config"], UnknownValue)


@pytest.mark.parametrize(
    ("script", "partial"),
    [
        ("kube-apiserver $OPTIONS --secure-port=1", "what $OPTIONS holds"),
        ('kube-apiserver "$@" --secure-port=1', "what $@ holds"),
        ("kube-apiserver --bind-address=$(hostname -i) --secure-port=1", ""),
        ('kube-apiserver --bind-address="$(hostname -i | cut -d. -f1)" --secure-port=1', ""),
        ("kube-apiserver --bind-address=`hostname -i` --secure-port=1", ""),
        ("kube-apiserver --bind-address=${IP} --secure-port=1", ""),
        ("kube-apiserver --bind-address='$IP' --secure-port=1", ""),
    ],
)
def test_what_a_shell_fills_in_is_not_known(script: str, partial: str) -> None:
    found = command("sh", "-c", script)
    assert found.flags["secure-port"] == "1"
    assert found.partial == partial
    if "bind-address" in script:
        assert isinstance(found.flags["bind-address"], UnknownValue) == ("'$IP'" not in script)


@pytest.mark.parametrize(
    "fields",
    [
        {"image": "x/prometheus-operator:v1", "args": ["--kubelet-service=kube-system/kubelet"]},
        {"image": "x/kubectl:v1", "command": ["kubectl", "logs", "kube-apiserver"]},
        {"image": "registry.k8s.io/kube-apiserver:v1.31.2", "command": ["sleep", "1"]},
        {"image": "x/collector:v1", "args": ["kubelet"]},
        {"image": "x/etcdctl:v1", "command": ["sh", "-c", "etcdctl --endpoints=etcd snapshot save /x"]},
        {"image": "x/y:v1", "command": ["sh", "-c"]},
        {"image": "x/y:v1", "command": ["sh", "/etcd.sh"]},
        {"image": "x/y:v1", "command": ["X=/usr/bin/kubelet"]},
        {"image": 5, "command": "etcd", "args": {"etcd": 1}},
    ],
)
def test_other_programs_are_no_components(fields: dict[str, Any]) -> None:
    assert container(**fields) == []


@pytest.mark.parametrize(
    ("image", "minor"),
    [
        ("registry.k8s.io/kube-apiserver:v1.31.2", 31),
        ("registry:5000/kube-apiserver-amd64:v1.9.3-rc.1", 9),
        ("x/hyperkube:1.18", 18),
        ("registry.k8s.io/kube-apiserver", 0),
        ("kube-apiserver@sha256:" + "1" * 64, 0),
        ("kube-apiserver:latest", 0),
    ],
)
def test_the_version_is_that_of_the_tag(image: str, minor: int) -> None:
    (found,) = container(image=image, command=["kube-apiserver"])
    assert found.minor == minor


def test_fields_of_a_kubelets_file_are_flags() -> None:
    data = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {"anonymous": {"enabled": True}},
        "readOnlyPort": 10255,
        "tlsCipherSuites": ["A", "B"],
        "featureGates": {"A": True, "B": False},
        "tlsMinVersion": "${TLS}",
    }
    (found,) = read(data)
    flags = {
        "anonymous-auth": "true",
        "authentication-token-webhook": "true",
        "authorization-mode": "Webhook",
        "feature-gates": "A=true,B=false",
        "read-only-port": "10255",
        "tls-cipher-suites": "A,B",
        "tls-min-version": UnknownValue("what ${TLS} holds"),
    }
    assert (found.name, found.source, found.flags) == ("kubelet", "file", flags)
    assert found.origin(("flags", "anonymous-auth")) == ("authentication", "anonymous", "enabled")


@pytest.mark.parametrize("name", ["kubelet", "kube-proxy", "kube-scheduler"])
def test_a_file_that_the_command_names_may_set_the_rest(name: str) -> None:
    assert command(name, "--config=/etc/x.yaml").partial == f"the file that --config of {name} names"


def test_cluster_api_holds_kubeadms_configuration() -> None:
    spec = {"clusterConfiguration": {"scheduler": {"extraArgs": {"profiling": "false"}}}, "joinConfiguration": {}}
    kubelet = {"initConfiguration": {"nodeRegistration": {"kubeletExtraArgs": {"v": 2}}}}
    data = {
        "apiVersion": "controlplane.cluster.x-k8s.io/v1beta1",
        "kind": "KubeadmControlPlaneTemplate",
        "spec": {"template": {"spec": {"kubeadmConfigSpec": {**spec, **kubelet}}}},
    }
    found = {c.name: c for c in read(data)}
    assert list(found) == ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet"]
    within = ("spec", "template", "spec", "kubeadmConfigSpec")
    at = (*within, "clusterConfiguration", "scheduler", "extraArgs", "profiling")
    assert found["kube-scheduler"].origin(("flags", "profiling")) == at
    assert found["kubelet"].flags["v"] == "2"


def test_an_external_etcd_is_none_of_kubeadms() -> None:
    data = {"etcd": {"external": {"endpoints": ["https://a:2379"], "certFile": "/c"}}}
    found = {c.name: c for c in read({"apiVersion": "kubeadm.k8s.io/v1beta3", "kind": "ClusterConfiguration", **data})}
    assert "etcd" not in found
    flags = found["kube-apiserver"].flags
    assert (flags["etcd-certfile"], "etcd-keyfile" in flags, "etcd-cafile" in flags) == ("/c", False, False)


SHAPES = nested(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["etcd", "kubelet", "$(", "--", "-", "'", "-c", ""]),
    st.sampled_from("apiServer extraArgs etcd local external nodeRegistration kubeletExtraArgs name value".split()),
    3,
    10,
)


@given(SHAPES, SHAPES, st.sampled_from(sorted(FILES)))
def test_no_shape_is_too_odd(first: object, second: object, file: str) -> None:
    container(image="etcd", command=first, args=second, env=second)
    group, _, kind = file.partition("/")
    read({"apiVersion": f"{group}/v1", "kind": kind, "spec": first, "apiServer": first, "etcd": second})


@pytest.mark.parametrize(
    "script",
    [
        "etcd " + "'" * 60001,
        'etcd "' + '\\"' * 30000,
        "etcd " + "$(" * 30000,
        "etcd " + "`a " * 20001,
        "etcd " + "\\" * 60001,
    ],
)
def test_a_hostile_script_takes_no_time(script: str) -> None:
    start = time.process_time()
    container(image="x", command=["sh", "-c", f"etcd {script}"])
    container(image="x", command=["etcd"] + [script] * 3)
    assert time.process_time() - start < 2
