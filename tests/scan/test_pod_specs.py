"""Where settings say that kinds have their pods (`pod-specs`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guardrail.catalog import settings_file
from guardrail.errors import PolicyError
from tests.conftest import Command

KINDS = """\
apiVersion: acme.example/v1
kind: Widget
metadata: {name: w}
spec:
  pools:
    - pod:
        initContainers:
          - {name: i, image: "registry.example/i:1.0.0", securityContext: {privileged: true}}
    - pod:
        hostPID: true
        initContainers: []
---
apiVersion: acme.example/v1
kind: Gadget
metadata: {name: g}
spec:
  server:
    image: registry.example/g:1.0.0
    securityContext: {privileged: true}
  template:
    spec:
      containers: [{name: x, securityContext: {privileged: true}}]
---
apiVersion: other.example/v1
kind: Gadget
metadata: {name: o}
spec: {server: {image: "registry.example/g:1.0.0", securityContext: {privileged: true}}}
---
apiVersion: acme.example/v1
kind: Catalog
metadata: {name: c}
spec: {containers: [{name: x, image: y, securityContext: {privileged: true}}]}
"""
SETTINGS = """\
pod-specs:
  Widget: spec.pools.*.pod
  acme.example/Gadget: [spec.server, spec.template]
  Catalog: []
"""


def lines(guardrail: Command, folder: Path) -> set[tuple[str, int, str]]:
    done = guardrail("scan", ".", "-f", "json", cwd=folder)
    return {(f["policy"], f["line"], f["path"]) for f in json.loads(done.stdout)["findings"]}


def test_pods_where_settings_say(guardrail: Command, tmp_path: Path) -> None:
    (tmp_path / "kinds.yaml").write_text(KINDS)
    before = lines(guardrail, tmp_path)
    assert {(line, path) for policy, line, path in before if policy == "privileged-container"} == {
        (22, "spec.template.spec.containers[0].securityContext.privileged"),
        (32, "spec.containers[0].securityContext.privileged"),
    }
    (tmp_path / ".guardrail.yaml").write_text(SETTINGS)
    after = lines(guardrail, tmp_path)
    assert {(line, path) for policy, line, path in after if policy == "privileged-container"} == {
        (8, "spec.pools[0].pod.initContainers[0].securityContext.privileged"),
        (19, "spec.server.securityContext.privileged"),
        (22, "spec.template.spec.containers[0].securityContext.privileged"),
    }
    assert ("host-namespace-shared", 10, "spec.pools[1].pod.hostPID") in after
    assert not [found for found in after if found[1] > 22]
    assert not [found for found in after if found[0] == "run-as-root"]  # what the operator makes of it


def test_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / ".guardrail.yaml").write_text(SETTINGS)
    assert settings_file.read(tmp_path / ".guardrail.yaml").pod_specs == {
        "Widget": ("spec.pools.*.pod",),
        "acme.example/Gadget": ("spec.server", "spec.template"),
        "Catalog": (),
    }


@pytest.mark.parametrize("wrong", ["spec..x", ".spec", "spec.", "spec.pools[0]", "5", "{a: b}", '""', "a b"])
def test_a_path_that_is_none_is_told(tmp_path: Path, wrong: str) -> None:
    (tmp_path / ".guardrail.yaml").write_text(f"pod-specs:\n  Widget: {wrong}\n")
    with pytest.raises(PolicyError, match=r"pod-specs\.Widget"):
        settings_file.read(tmp_path / ".guardrail.yaml")
