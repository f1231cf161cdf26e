"""Overlays built by the real kustomize: findings at the base or patch that sets a field, each once."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from guardrail.catalog.load import load
from guardrail.model.report import Report
from tests.scan.render.tools import KUSTOMIZE, Scan, needs_kustomize

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: registry.example/app:1.4
          securityContext:
            privileged: true
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: side
          image: registry.example/side:2
          securityContext:
            privileged: true
        - name: app
          image: registry.example/app:1.5
"""
OVERLAY = """\
namePrefix: prod-
resources:
  - ../../base
patches:
  - path: patches/web.yaml
"""
FILES = {
    "base/kustomization.yaml": "resources:\n  - web.yaml\n",
    "base/web.yaml": DEPLOYMENT,
    "overlays/prod/kustomization.yaml": OVERLAY,
    "overlays/prod/patches/web.yaml": PATCH,
}
ONLY = ("privileged-container", "host-namespace-shared")


@pytest.fixture
def scan_overlay(scan: Scan) -> Scan:
    """Scans with kustomize alone on the PATH."""
    return partial(scan, **{"tools": (KUSTOMIZE,), "select": ONLY})


def places(report: Report) -> list[tuple[str, int, str]]:
    return [(f.location.file, f.location.span.line, f.policy.id) for f in report.live]


def statuses(report: Report) -> dict[str, tuple[str, str]]:
    return {f.path: (f.status, f.reason) for f in report.files}


@needs_kustomize
def test_findings_stand_where_a_field_is_set(scan_overlay: Scan) -> None:
    report = scan_overlay(FILES)
    assert not report.problems
    assert places(report) == [
        ("base/web.yaml", 12, "privileged-container"),
        ("overlays/prod/patches/web.yaml", 8, "host-namespace-shared"),
        ("overlays/prod/patches/web.yaml", 13, "privileged-container"),
    ]
    assert report.findings[0].resource.name == "prod-web"
    assert statuses(report) == {
        "base/kustomization.yaml": ("read", "part of an overlay"),
        "base/web.yaml": ("read", ""),
        "overlays/prod/kustomization.yaml": ("read", "part of an overlay"),
        "overlays/prod/patches/web.yaml": ("read", "part of an overlay"),
    }


@needs_kustomize
def test_a_fault_of_a_base_is_one_finding_in_however_many_overlays(scan_overlay: Scan) -> None:
    other = {"overlays/test/kustomization.yaml": "nameSuffix: -test\nresources: [../../base]\n"}
    report = scan_overlay({**FILES, **other})
    assert len(report.live) == 3
    assert report.live[0].message.endswith("(also Deployment web-test; in overlays/prod, overlays/test)")


@needs_kustomize
def test_what_an_overlay_mends_is_no_finding(scan_overlay: Scan) -> None:
    mended = PATCH.replace("true", "false").replace("1.5", "1.5\n          securityContext: {privileged: false}")
    assert not scan_overlay({**FILES, "overlays/prod/patches/web.yaml": mended}).live


@needs_kustomize
@pytest.mark.parametrize(
    ("patches", "line"),
    [
        ("  - patch: |-\n      - op: add\n        path: /spec/template/spec/hostPID\n        value: true\n", 6),
        (
            "  - patch: |-\n      - op: add\n        path: /metadata/labels\n        value: {a: b}\n"
            "      - op: add\n        path: /spec/template/spec/hostPID\n        value: true\n",
            9,
        ),
        (
            "  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: web}\n"
            "      spec:\n        template:\n          spec:\n            hostPID: true\n",
            11,
        ),
    ],
)
def test_patches_within_the_kustomization(scan_overlay: Scan, patches: str, line: int) -> None:
    target = "    target: {kind: Deployment, name: web}\n"
    overlay = OVERLAY.replace("namePrefix: prod-\n", "").replace("  - path: patches/web.yaml\n", patches + target)
    files = {name: text for name, text in FILES.items() if "patches/" not in name}
    report = scan_overlay({**files, "overlays/prod/kustomization.yaml": overlay}, select=("host-namespace-shared",))
    assert places(report) == [("overlays/prod/kustomization.yaml", line, "host-namespace-shared")]


@needs_kustomize
def test_patches_of_operations_in_a_file(scan_overlay: Scan) -> None:
    operations = "- op: add\n  path: /spec/template/spec/hostPID\n  value: true\n"
    overlay = "resources: [../../base]\npatches:\n  - target: {kind: Deployment, name: web}\n"
    report = scan_overlay(
        {
            **FILES,
            "overlays/prod/kustomization.yaml": f"{overlay}    path: patches/web.yaml\n",
            "overlays/prod/patches/web.yaml": operations,
        },
        select=("host-namespace-shared",),
    )
    assert places(report) == [("overlays/prod/patches/web.yaml", 3, "host-namespace-shared")]


IMAGE = """\
guardrail: 1
kind: Policy
id: own-latest
title: Image is the latest
severity: low
category: images
why: For this test, which wants to see where it is shown.
remediation: Name a version.
match: {type: kubernetes, kinds: [Workload]}
each: containers
assert:
  - path: image
    notMatches: ":latest$"
    message: latest
"""


@needs_kustomize
def test_an_image_stands_in_the_kustomization_that_names_its_tag(scan_overlay: Scan, tmp_path: Path) -> None:
    (tmp_path / "latest.yaml").write_text(IMAGE)
    overlay = "resources: [../../base]\nimages:\n  - name: registry.example/app\n    newTag: latest\n"
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay}
    report = scan_overlay(files, catalog=load([tmp_path / "latest.yaml"]), select=("own-latest",))
    assert places(report) == [("overlays/prod/kustomization.yaml", 4, "own-latest")]


@needs_kustomize
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("base/web.yaml", "privileged: true", "privileged: true  # guardrail: ignore[privileged-container] must"),
        (
            "base/web.yaml",
            "  name: web\n",
            "  name: web\n  annotations: {guardrail.dev/ignore: 'privileged-container: must'}\n",
        ),
        (
            "overlays/prod/patches/web.yaml",
            "      hostPID",
            "      # guardrail: ignore[host-namespace-shared] must\n      hostPID",
        ),
    ],
)
def test_suppressions_in_bases_and_patches(scan_overlay: Scan, file: str, old: str, new: str) -> None:
    report = scan_overlay({**FILES, file: FILES[file].replace(old, new, 1)})
    told = [f.suppression for f in report.findings if f.suppression]
    assert [(s.reason, s.location.file) for s in told] == [("must", file)]


@needs_kustomize
def test_an_overlay_alone_tells_of_its_base(scan_overlay: Scan) -> None:
    report = scan_overlay(FILES, "overlays")
    assert ("base/web.yaml", 12, "privileged-container") in places(report)
    assert not scan_overlay(FILES, "overlays", exclude=("base", "overlays/prod/patches")).live


@needs_kustomize
def test_what_is_remote_is_not_fetched(scan_overlay: Scan) -> None:
    overlay = "resources:\n  - https://github.com/example/repository//deploy?ref=v1\n  - web.yaml\n"
    report = scan_overlay({"kustomization.yaml": overlay, "web.yaml": DEPLOYMENT})
    assert [(p.code, p.location.file) for p in report.problems] == [("not-built", "kustomization.yaml")]
    assert "was not fetched" in report.problems[0].message
    assert places(report) == [("web.yaml", 12, "privileged-container")]
    assert report.exit_code("never") == 3


@needs_kustomize
def test_charts_and_programs_are_not_run(scan_overlay: Scan, tmp_path: Path) -> None:
    made = tmp_path / "made"
    generator = (
        "apiVersion: example/v1\nkind: G\nmetadata:\n  name: g\n  annotations:\n    config.kubernetes.io/function: |\n"
        "      exec:\n        path: ./run.sh\n"
    )
    files = {
        "kustomization.yaml": "generators: [g.yaml]\n",
        "g.yaml": generator,
        "run.sh": f"#!/bin/sh\ntouch {made}\n",
    }
    report = scan_overlay(files)
    assert [p.code for p in report.problems] == ["not-built"]
    assert not made.exists()


def test_without_a_tool_files_are_judged_as_they_stand(scan_overlay: Scan) -> None:
    report = scan_overlay(FILES, tools=())
    assert not report.problems
    assert statuses(report)["overlays/prod/kustomization.yaml"][1].startswith(
        "not built: neither kustomize nor kubectl"
    )
    assert ("overlays/prod/patches/web.yaml", 8, "host-namespace-shared") in places(report)


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not here")
def test_kubectl_will_do(scan_overlay: Scan) -> None:
    report = scan_overlay(FILES, tools=(str(shutil.which("kubectl")),))
    assert places(report)[0] == ("base/web.yaml", 12, "privileged-container")
    assert not report.problems


@needs_kustomize
def test_a_component_that_nobody_uses_is_judged_as_it_stands(scan_overlay: Scan) -> None:
    part = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [web.yaml]\n"
    report = scan_overlay({"kustomization.yaml": part, "web.yaml": DEPLOYMENT})
    assert places(report) == [("web.yaml", 12, "privileged-container")]
    assert "component" in statuses(report)["kustomization.yaml"][1]
    assert not report.problems


@needs_kustomize
def test_kustomizations_in_a_circle(scan_overlay: Scan) -> None:
    files = {f"{a}/kustomization.yaml": f"resources: [../{b}, web.yaml]\n" for a, b in (("a", "b"), ("b", "a"))}
    files |= {"a/web.yaml": DEPLOYMENT, "b/web.yaml": DEPLOYMENT}
    report = scan_overlay({**files, "kustomization.yaml": "resources: [a]\n"})
    assert [p.code for p in report.problems] == ["not-built"]
    assert len(report.live) == 2


@needs_kustomize
def test_generated_objects_stand_at_their_generator(scan_overlay: Scan) -> None:
    overlay = (
        "resources: [../../base]\nconfigMapGenerator:\n  - name: app\n    literals:\n      - password=hunter2hunter2\n"
    )
    report = scan_overlay({**FILES, "overlays/prod/kustomization.yaml": overlay}, profile="recommended", select=())
    found = [f for f in report.live if f.resource.kind == "ConfigMap"]
    assert [(f.location.file, f.location.span.line) for f in found] == [("overlays/prod/kustomization.yaml", 5)]
    assert "hunter2" not in str(report.findings)


TWO = DEPLOYMENT.replace(
    "        - name: app",
    "        - name: first\n          image: first:1.0.0\n"
    "        - name: second\n          image: second:1.0.0\n        - name: app",
)


@needs_kustomize
@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("name: registry.example/app\n    newTag: latest", 4),
        ("name: registry.example/app\n    newName: registry.example/other\n    newTag: latest", 5),
        ("name: second\n    newTag: latest", 4),
        ("newTag: latest\n    name: second", 3),
    ],
)
def test_the_tag_that_moves_stands_where_the_overlay_names_it(scan_overlay: Scan, entry: str, line: int) -> None:
    overlay = f"resources: [../../base]\nimages:\n  - {entry}\n"
    files = {**FILES, "base/web.yaml": TWO, "overlays/prod/kustomization.yaml": overlay}
    found = {name: text for name, text in files.items() if "patches/" not in name}
    report = scan_overlay(found, select=("latest-tag",))
    assert places(report) == [("overlays/prod/kustomization.yaml", line, "latest-tag")]
    assert places(scan_overlay(found, tools=(), select=("latest-tag",))) == places(report)
    digest = overlay.replace("newTag: latest", f"digest: sha256:{'0' * 64}")
    assert not scan_overlay({**found, "overlays/prod/kustomization.yaml": digest}, select=("latest-tag",)).live


GENERATORS = """\
configMapGenerator:
  - name: app
    literals:
      - mode=fast
      - password=hunter2hunter2
    files:
      - app.ini
      - other.ini=some.ini
secretGenerator:
  - name: keys
    files: [one.key]
    envs:
      - prod.env
generatorOptions:
  labels: {made: here}
"""


@needs_kustomize
def test_what_a_generator_makes_stands_at_its_literal_or_file(scan_overlay: Scan) -> None:
    files = {
        "kustomization.yaml": GENERATORS,
        "app.ini": "[a]\npassword = hunter2hunter2\n",
        "some.ini": "[a]\npassword = hunter2hunter2\n",
        "prod.env": "TOKEN=s3cr3t-t0ken-0f-pr0d\n",
        "one.key": "k3y-0f-0ne\n",
    }
    report = scan_overlay(files, profile="recommended", select=())
    assert [(f.location.span.line, f.resource.kind, f.resource.name) for f in report.live] == [
        (5, "ConfigMap", "app"),
        (7, "ConfigMap", "app"),
        (8, "ConfigMap", "app"),
        (13, "Secret", "keys"),
    ]
    assert not [word for word in ("hunter2", "s3cr3t", "k3y-0f") if word in str(report.findings)]


@needs_kustomize
def test_patches_that_are_lists_of_their_own(scan_overlay: Scan) -> None:
    operations = "- op: add\n  path: /spec/template/spec/hostIPC\n  value: true\n"
    merge = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {hostPID: true}}}\n"
    overlay = (
        "resources: [../../base]\npatchesStrategicMerge:\n  - patches/web.yaml\n  - |-\n    apiVersion: apps/v1\n"
        "    kind: Deployment\n    metadata: {name: web}\n    spec:\n      template:\n        spec:\n"
        "          hostNetwork: true\npatchesJson6902:\n"
        "  - target: {group: apps, version: v1, kind: Deployment, name: web}\n    path: patches/ops.yaml\n"
    )
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay, "overlays/prod/patches/web.yaml": merge}
    report = scan_overlay({**files, "overlays/prod/patches/ops.yaml": operations}, select=("host-namespace-shared",))
    assert places(report) == [
        ("overlays/prod/kustomization.yaml", 11, "host-namespace-shared"),
        ("overlays/prod/patches/ops.yaml", 3, "host-namespace-shared"),
        ("overlays/prod/patches/web.yaml", 4, "host-namespace-shared"),
    ]


@needs_kustomize
def test_components_and_numbers_of_replicas(scan_overlay: Scan) -> None:
    part = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: {kind: Deployment}\n"
    part += "    patch: |-\n      - {op: add, path: /spec/template/spec/hostPID, value: true}\n"
    overlay = "resources: [../../base]\ncomponents: [../../parts/debug]\nreplicas:\n  - name: web\n    count: 1\n"
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay, "parts/debug/kustomization.yaml": part}
    del files["overlays/prod/patches/web.yaml"]
    service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n"
    files["base/web.yaml"] = (
        DEPLOYMENT.replace("    spec:\n", "    metadata: {labels: {app: web}}\n    spec:\n", 1) + service
    )
    report = scan_overlay(files, select=("host-namespace-shared", "single-replica"))
    assert places(report) == [
        ("overlays/prod/kustomization.yaml", 5, "single-replica"),
        ("parts/debug/kustomization.yaml", 6, "host-namespace-shared"),
    ]
    assert statuses(report)["parts/debug/kustomization.yaml"] == ("read", "part of an overlay")


@needs_kustomize
def test_the_rest_is_built_without_what_is_remote(scan_overlay: Scan) -> None:
    overlay = (
        "resources:\n  - ../../base\n  - https://example.com/crds.yaml\nimages:\n  - {name: far, newTag: latest}\n"
    )
    overlay += "  - {name: registry.example/app, newTag: latest}\n"
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay}
    report = scan_overlay(files, "overlays/prod/kustomization.yaml", select=("privileged-container", "latest-tag"))
    assert [(p.code, p.location.span.line) for p in report.problems] == [("not-built", 3)]
    assert "was not fetched: what it brings was not judged" in report.problems[0].message
    assert places(report) == [
        ("base/web.yaml", 12, "privileged-container"),
        ("overlays/prod/kustomization.yaml", 5, "latest-tag"),
        ("overlays/prod/kustomization.yaml", 6, "latest-tag"),
    ]
    assert report.exit_code("never") == 3


@needs_kustomize
def test_charts_are_not_inflated(scan_overlay: Scan) -> None:
    overlay = (
        "resources: [../../base]\nhelmCharts:\n  - name: redis\n    repo: https://charts.example\n    version: 1.0.0\n"
    )
    report = scan_overlay({**FILES, "overlays/prod/kustomization.yaml": overlay})
    assert [(p.code, p.location.file, p.location.span.line) for p in report.problems] == [
        ("not-built", "overlays/prod/kustomization.yaml", 3)
    ]
    assert "inflates the chart redis (helmCharts), which is not done here" in report.problems[0].message
    assert ("base/web.yaml", 12, "privileged-container") in places(report)


@needs_kustomize
@pytest.mark.parametrize(
    "overlay",
    [
        "patches:\n  - {path: https://example.com/patch.yaml}\n",
        "openapi: {path: https://example.com/schema.json}\n",
        "crds: [https://example.com/crd.yaml]\n",
        "transformers: [https://example.com/t.yaml]\n",
        "configurations: [https://example.com/c.yaml]\n",
    ],
)
@pytest.mark.parametrize("before", ["", ", https://example.org/part.yaml"])
def test_nothing_else_is_fetched(scan_overlay: Scan, overlay: str, before: str) -> None:
    report = scan_overlay({**FILES, "overlays/prod/kustomization.yaml": f"resources: [../../base{before}]\n{overlay}"})
    assert [p.code for p in report.problems] == ["not-built"]
    assert "https://example.com" in report.problems[0].message
    assert "was not fetched" in report.problems[0].message


@needs_kustomize
def test_a_failure_is_told_without_warnings(scan_overlay: Scan) -> None:
    overlay = "resources: [../../base]\npatchesStrategicMerge: [patches/web.yaml]\n"
    patch = PATCH.replace("name: web", "name: absent")
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay, "overlays/prod/patches/web.yaml": patch}
    (problem,) = scan_overlay(files).problems
    assert "Warning" not in problem.message
    assert "absent" in problem.message


@needs_kustomize
def test_a_suppression_in_a_kustomization(scan_overlay: Scan) -> None:
    overlay = OVERLAY + "  - target: {kind: Deployment}\n    # guardrail: ignore[host-namespace-shared] must\n"
    overlay += "    patch: |-\n      - {op: add, path: /spec/template/spec/hostIPC, value: true}\n"
    for remote in ("", "  - https://example.com/crds.yaml\n"):
        text = overlay.replace("  - ../../base\n", f"  - ../../base\n{remote}")
        files = {**FILES, "overlays/prod/kustomization.yaml": text}
        report = scan_overlay(files, select=("host-namespace-shared", "unused-suppression"))
        assert [f.suppression.reason for f in report.findings if f.suppression] == ["must"]
        assert "unused-suppression" not in {f.policy.id for f in report.live}


ESCAPES = [
    "resources: [../../../../../etc]\n",
    "resources: [/etc]\n",
    "configMapGenerator:\n  - name: a\n    files: [/etc/passwd]\n",
    "configMapGenerator:\n  - name: a\n    files: [../../../../../../../../etc/passwd]\n",
    "configMapGenerator:\n  - name: a\n    envs: [link.env]\n",
    "resources: [link.yaml]\n",
    "generators:\n  - |-\n    apiVersion: v1\n    kind: X\n    metadata:\n      name: x\n      annotations:\n"
    "        config.kubernetes.io/function: |\n          exec: {path: /bin/sh}\n",
    "transformers:\n  - |-\n    apiVersion: v1\n    kind: X\n    metadata:\n      name: x\n      annotations:\n"
    "        config.kubernetes.io/function: |\n          container: {image: alpine, network: true}\n",
    "transformers:\n  - |-\n    apiVersion: someteam.example/v1\n    kind: Plugin\n    metadata: {name: x}\n",
    "validators:\n  - |-\n    apiVersion: v1\n    kind: X\n    metadata:\n      name: x\n      annotations:\n"
    "        config.kubernetes.io/function: |\n          starlark: {path: run.star}\n",
    "resources: ['git::ssh://git@example.com/x']\n",
    "resources: ['file:///etc']\n",
    "resources: [example.com/org/repo?ref=x]\n",
]


@needs_kustomize
@pytest.mark.parametrize("text", ESCAPES)
@pytest.mark.parametrize("tool", ["kustomize", "kubectl"])
def test_nothing_leads_out(scan_overlay: Scan, tmp_path: Path, text: str, tool: str) -> None:
    if tool == "kubectl" and not shutil.which("kubectl"):
        pytest.skip("kubectl is not here")
    (tmp_path / "secret.yaml").write_text(DEPLOYMENT)
    (tmp_path / "secret.env").write_text("password=hunter2hunter2\n")
    (tmp_path / "repository").mkdir(exist_ok=True)
    (tmp_path / "repository" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "repository" / "link.env").symlink_to(tmp_path / "secret.env")
    made = set(tmp_path.rglob("*"))
    command = KUSTOMIZE if tool == "kustomize" else str(shutil.which("kubectl"))
    report = scan_overlay({"kustomization.yaml": text}, "kustomization.yaml", tools=(command,))
    assert [p.code for p in report.problems] == ([] if "link.env" in text else ["not-built"])  # as if it were empty
    assert not report.findings
    assert "root:" not in str(report)
    assert "hunter2" not in str(report)
    assert {p for p in set(tmp_path.rglob("*")) - made if "bin" not in p.parts} <= {
        tmp_path / "repository" / name for name in (".git", "kustomization.yaml")
    }


@needs_kustomize
@pytest.mark.parametrize("name", ["Kustomization", "kustomization.yml"])
def test_every_name_that_a_kustomization_may_have(scan_overlay: Scan, name: str) -> None:
    files = {"base/web.yaml": DEPLOYMENT, f"base/{name}": "resources: [web.yaml]\nnamePrefix: x-\n"}
    report = scan_overlay(files)
    assert [f.resource.name for f in report.live] == ["x-web"]
    assert statuses(report)[f"base/{name}"] == ("read", "part of an overlay")


@needs_kustomize
def test_an_object_of_flux_is_none(scan_overlay: Scan) -> None:
    flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: {path: ./a}\n"
    report = scan_overlay({"clusters/kustomization.yaml": flux, "clusters/web.yaml": DEPLOYMENT})
    assert not report.problems
    assert places(report) == [("clusters/web.yaml", 12, "privileged-container")]


@needs_kustomize
def test_files_of_secrets_that_are_not_committed(scan_overlay: Scan) -> None:
    overlay = "resources: [../../base]\nsecretGenerator:\n  - name: keys\n    envs: [secret.env]\n"
    overlay += "    files: [tls.key, other=keys/other.key]\n"
    files = {**FILES, "overlays/prod/kustomization.yaml": overlay}
    report = scan_overlay(files, profile="recommended", select=())
    assert not report.problems
    assert not [f for f in report.findings if f.resource.kind == "Secret"]
    assert ("base/web.yaml", 12, "privileged-container") in places(report)
    status = statuses(report)["overlays/prod/kustomization.yaml"]
    assert status == ("read", "built as if overlays/prod/secret.env, which is not here, were empty")


@needs_kustomize
@pytest.mark.parametrize("tools", [(), (KUSTOMIZE,)])
@pytest.mark.parametrize("more", ["", "resources: [absent.yaml]\n", "kind: Component\n"])
def test_literals_are_judged_built_or_not(scan_overlay: Scan, more: str, tools: tuple[str, ...]) -> None:
    overlay = "secretGenerator:\n  - name: keys\n    literals:\n      - token='s3cr3t-t0ken-0f-pr0d'\n"
    overlay += "configMapGenerator:\n  - name: app\n    literals:\n      - mode=fast\n      - password=hunter2hunter2\n"
    if "Component" in more:
        more = "apiVersion: kustomize.config.k8s.io/v1alpha1\n" + more
    files = {"kustomization.yaml": overlay + more}
    report = scan_overlay(files, profile="recommended", select=(), tools=tools)
    assert [(f.location.span.line, f.policy.id) for f in report.live] == [
        (4, "secret-committed"),
        (9, "secret-in-config-map"),
    ]
    assert not [word for word in ("hunter2", "s3cr3t") if word in str(report.findings)]
    ignored = overlay.replace("      - token", "      # guardrail: ignore[secret-committed] made up\n      - token")
    report = scan_overlay({"kustomization.yaml": ignored + more}, profile="recommended", select=(), tools=tools)
    assert [f.policy.id for f in report.live] == ["secret-in-config-map"]
