"""Which fields are blamed for a failure."""

from __future__ import annotations

import pytest

from guardrail.cel import Blame, compile
from guardrail.model.value import UnknownValue

C = {
    "name": "app",
    "image": "nginx:latest",
    "securityContext": {
        "privileged": True,
        "runAsUser": 0,
        "capabilities": {"add": ["NET_RAW", "SYS_ADMIN"], "drop": ["NET_RAW"]},
    },
    "ports": [{"port": 80}, {"port": 443, "hostPort": 1}],
    "resources": {"limits": {"memory": "8Gi"}},
    "labels": {"a": "1", "b": "2"},
    "empty": None,
}
PARAMS = {"allowed": ["NET_RAW"], "required": ["ALL"], "max": "4Gi", "flag": False}


def blamed(text: str, **more: object) -> list[str]:
    program = compile(text, ["c", "d", "extra"], {"params": PARAMS})
    found = program.explain({"c": C, "d": {"y": 1}, "extra": {"z": 1}, **more}, {"c": (), "d": ("D",)})
    return [("-" if blame.missing else "") + ".".join(map(str, blame.path)) for blame in found]


BLAME = {
    # plain fields, comparisons, membership
    "c.securityContext.privileged == false": ["securityContext.privileged"],
    "!c.securityContext.privileged": ["securityContext.privileged"],
    "false == c.securityContext.privileged": ["securityContext.privileged"],
    "c.securityContext.runAsUser > 0": ["securityContext.runAsUser"],
    "c.name == c.image": ["name", "image"],
    "c.name in params.allowed": ["name"],
    "c.name in ['x', 'y']": ["name"],
    "'ALL' in c.securityContext.capabilities.drop": ["securityContext.capabilities.drop"],
    "c.image.endsWith(':1')": ["image"],
    "!c.image.matches(':latest$')": ["image"],
    "size(c.ports) > 2": ["ports"],
    "quantity(c.resources.limits.memory).isLessThan(quantity(params.max))": ["resources.limits.memory"],
    "c.ports[1].hostPort == 0": ["ports.1.hostPort"],
    "c['name'] == 'b'": ["name"],
    "c.empty": ["empty"],
    # logic
    "c.name == 'app' && c.image == 'x'": ["image"],
    "c.name == 'x' && c.image == 'x'": ["name", "image"],
    "c.name == 'x' || c.image == 'x'": ["name", "image"],
    "!(c.name == 'app' && c.image == 'nginx:latest')": ["name", "image"],
    "!(c.name == 'x' || c.image == 'nginx:latest')": ["image"],
    "!(c.name == 'app' || c.image == 'nginx:latest')": ["name", "image"],
    "(c.name == 'app' && c.image == 'x') == true": ["image"],
    "c.name != 'app' || c.ports.all(p, p.port > 100)": ["name", "ports.0.port"],
    # has
    "has(c.livenessProbe)": ["-livenessProbe"],
    "has(c.resources.requests)": ["-resources.requests"],
    "!has(c.resources.limits)": ["resources.limits"],
    "has(c.empty.foo)": ["-empty.foo"],
    "has(c.readinessProbe) && has(c.livenessProbe)": ["-readinessProbe", "-livenessProbe"],
    # optional chains
    "c.?securityContext.?readOnlyRootFilesystem.orValue(false)": ["-securityContext.readOnlyRootFilesystem"],
    "c.?lifecycle.?preStop.?exec.orValue(null) != null": ["-lifecycle.preStop.exec"],
    "!c.?securityContext.?privileged.orValue(false)": ["securityContext.privileged"],
    "c.?resources.?limits.?cpu.hasValue()": ["-resources.limits.cpu"],
    "c.?empty.?foo.orValue(1) == 2": ["-empty.foo"],
    "c.?lifecycle.?preStop.optMap(p, p.port > 0).orValue(false)": ["-lifecycle.preStop"],
    "c.resources[?'requests'].hasValue()": ["-resources.requests"],
    "c.?ports[?7].hasValue()": ["ports"],
    # all, exists
    "c.ports.all(p, p.port > 100)": ["ports.0.port"],
    "c.ports.all(p, !has(p.hostPort))": ["ports.1.hostPort"],
    "c.ports.all(p, has(p.name))": ["-ports.0.name", "-ports.1.name"],
    "c.ports.all(p, params.flag)": ["ports.0", "ports.1"],
    "c.?securityContext.?capabilities.?add.orValue([]).all(a, a in params.allowed)": [
        "securityContext.capabilities.add.1"
    ],
    "params.required.all(r, r in c.securityContext.capabilities.drop)": ["securityContext.capabilities.drop"],
    "c.ports.exists(p, p.port == 22)": ["ports"],
    "c.?volumes.orValue([]).exists(v, v.name == 'a')": ["-volumes"],
    "!c.ports.exists(p, p.port == 443)": ["ports.1.port"],
    "c.labels.all(k, k != 'b')": ["labels.b"],
    "c.labels.all(k, v, v != '2')": ["labels.b"],
    "c.ports.exists_one(p, p.port > 1)": ["ports"],
    "!c.ports.all(p, p.port > 1)": ["ports"],
    # lists made by the expression keep the places of their elements
    "c.ports.filter(p, has(p.hostPort)).all(p, p.hostPort == 0)": ["ports.1.hostPort"],
    "c.ports.map(p, p.port).all(n, n > 100)": ["ports.0.port"],
    "size(c.ports.filter(p, has(p.hostPort))) == 0": ["ports.1"],
    "(c.securityContext.capabilities.add + c.securityContext.capabilities.drop).all(a, a != 'NET_RAW')": [
        "securityContext.capabilities.add.0",
        "securityContext.capabilities.drop.0",
    ],
    "[c.name, c.image].all(s, s == 'app')": ["image"],
    "{'a': c.name}.a == 'b'": ["name"],
    "[c.ports[0]][0].port == 443": ["ports.0.port"],
    # choice and binding
    "c.name == 'app' ? c.image == 'x' : c.empty == 1": ["image"],
    "c.name == 'app' ? false : true": ["name"],
    "cel.bind(s, c.securityContext, s.privileged == false && s.runAsUser > 0)": [
        "securityContext.privileged",
        "securityContext.runAsUser",
    ],
    "cel.bind(ok, c.name == 'app' && c.image == 'x', ok)": ["image"],
    # other roots
    "d.y == 2": ["D.y"],
    "extra.z == 2": [],
    "extra.z == 2 && d.y == 2": ["D.y"],
    "params.flag": [],
    "1 == 2": [],
    # a deeper path replaces its ancestors; each path once
    "c.ports.size() == 0 || c.ports[0].port == 1": ["ports.0.port"],
    "c.name == 'x' || c.name == 'y'": ["name"],
    "c.resources == {} || has(c.resources.requests)": ["-resources.requests"],
    # errors and missing fields
    "c.livenessProbe.path == '/'": ["-livenessProbe"],
    "c.name.foo": ["-name.foo"],
}


@pytest.mark.parametrize("text", BLAME)
def test_blame(text: str) -> None:
    assert blamed(text) == BLAME[text]


def test_what_was_observed_comes_along() -> None:
    program = compile("c.a == 1 && has(c.b.d)", ["c"])
    found = program.explain({"c": {"a": 2, "b": {}}}, {"c": ("spec", 0)})
    assert found == [Blame(("spec", 0, "a"), 2, False), Blame(("spec", 0, "b", "d"), None, True)]


def test_an_origin_may_be_a_function() -> None:
    real: dict[int, tuple[str | int, ...]] = {0: ("spec", "containers", 0), 1: ("spec", "init", 0)}
    program = compile("containers.all(c, c.?image.orValue('') != '')", ["containers"])
    found = program.explain(
        {"containers": [{"image": "a"}, {}]},
        {"containers": lambda below: (*real[int(below[0])], *below[1:])},
    )
    assert found == [Blame(("spec", "init", 0, "image"), None, True)]


def test_unknown_results_blame_the_unknown_field() -> None:
    program = compile("c.a == 1", ["c"])
    unknown = UnknownValue("var.x")
    assert program.explain({"c": {"a": unknown}}, {"c": ()}) == [Blame(("a",), unknown, False)]


def test_an_unbound_root_is_not_blamed() -> None:
    assert compile("c.a", ["c"]).explain({}, {"c": ()}) == []
