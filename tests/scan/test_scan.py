"""Whole scans in process: statuses, suppressions, relations, settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail.catalog.load import load
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.scan.render.tools import POD as BAD
from tests.scan.render.tools import Scan

ONLY = {"profile": "none", "select": ("privileged-container",)}


def statuses(report: Report) -> dict[str, str]:
    return {f.path.rsplit("/", 1)[-1]: f.status for f in report.files}


def test_every_input_ends_in_a_status(scan: Scan) -> None:
    report = scan(
        {
            "good.yaml": BAD,
            "partly.yaml": BAD + "---\na: [\n---\n" + BAD.replace("web", "web2"),
            "broken.yaml": "a: [\n",
            "other.yaml": "on: push\n",
            "empty.yaml": "# nothing\n",
            "chart.yaml": BAD.replace("web", "{{ .Values.name }}"),
            "package.json": '{"name": "x", // comment\n}',
            "notes.txt": "hello",
        },
        **ONLY,
    )
    assert statuses(report) == {
        "good.yaml": "read",
        "partly.yaml": "partly-read",
        "broken.yaml": "unreadable",
        "other.yaml": "skipped",
        "empty.yaml": "skipped",
        "chart.yaml": "unreadable",
        "package.json": "skipped",
    }
    assert report.other_files == 1
    assert report.resources == 3
    assert len(report.live) == 3
    assert sorted(p.code for p in report.problems) == ["not-rendered", "unreadable", "unreadable"]


def test_exit_codes(scan: Scan) -> None:
    report = scan({"a.yaml": BAD}, **ONLY)
    assert report.exit_code("low") == 1
    assert report.exit_code("critical") == 1
    assert report.exit_code("never") == 0
    report = scan({"a.yaml": "a: [\n"}, **ONLY)
    assert report.exit_code("low") == 3
    assert report.exit_code("low", allow_unparsed=True) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        privileged: true", "        privileged: true  # guardrail: ignore[privileged-container] must"),
        ("        privileged", "        # guardrail: ignore[privileged-container] must\n        privileged"),
        ("    - name", "    # guardrail: ignore[privileged-container] must\n    - name"),
        ("    - name: app", "    - name: app  # guardrail: ignore[privileged-container] must"),
        ("spec:", "# guardrail: ignore[privileged-container] must\nspec:"),
        ("apiVersion", "# guardrail: ignore[privileged-container] must\napiVersion"),
        ("  name: web", "  name: web\n  annotations: {guardrail.dev/ignore: 'privileged-container: must'}"),
        ("  name: web", "  name: web\n  annotations: {checkov.io/skip1: CKV_K8S_16=must}"),
        ("        privileged", "        # trivy:ignore:KSV-0017\n        privileged"),
    ],
)
def test_suppressed_and_still_reported(scan: Scan, old: str, new: str) -> None:
    report = scan({"a.yaml": BAD.replace(old, new, 1)}, **ONLY)
    assert len(report.findings) == 1
    assert report.live == ()
    assert report.findings[0].suppression is not None
    assert report.exit_code("low") == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        privileged: true", "        privileged: true  # guardrail: ignore[privileged-container]"),
        ("metadata:", "# guardrail: ignore[privileged-container] elsewhere\nmetadata:"),
        ("    - name: app", "    - name: app\n      command: ['# guardrail: ignore[privileged-container] no']"),
    ],
)
def test_not_suppressed(scan: Scan, old: str, new: str) -> None:
    assert len(scan({"a.yaml": BAD.replace(old, new, 1)}, **ONLY).live) == 1


def test_peers_can_be_refused(scan: Scan) -> None:
    text = BAD.replace("        privileged", "        # trivy:ignore:KSV-0017\n        privileged")
    assert len(scan({"a.yaml": text}, honour_peers=False, **ONLY).live) == 1


def test_stale_suppressions_are_findings(scan: Scan) -> None:
    lines = [
        "# guardrail: ignore[privileged-container] why not",
        "# guardrail: ignore[privileged-contaner] misspelt",
        "# guardrail: ignore[privileged-container] too old until=2020-01-01",
        "# guardrail: ignore[privileged-container]",
    ]
    files = {f"{i}.yaml": BAD.replace("metadata:", line + "\nmetadata:") for i, line in enumerate(lines)}
    files["3.yaml"] = BAD.replace("spec:", lines[3] + "\nspec:")
    files["4.yaml"] = BAD.replace("spec:", lines[2] + "\nspec:")
    report = scan(files, profile="essential")
    found = {(f.location.file[-6:], f.policy.id) for f in report.live if f.policy.match.type == "suppression"}
    assert ("0.yaml", "unused-suppression") in found
    assert ("1.yaml", "misspelt-suppression") in found
    assert ("3.yaml", "unexplained-suppression") in found
    assert ("4.yaml", "expired-suppression") in found
    assert not {("4.yaml", "unused-suppression"), ("1.yaml", "unused-suppression")} & found
    live = {f.location.file[-6:] for f in report.live if f.policy.id == "privileged-container"}
    assert "4.yaml" in live


def test_audit_mode_never_fails(scan: Scan) -> None:
    from guardrail.settings import PolicySettings

    settings = {"policies": {"privileged-container": PolicySettings(mode="audit")}, **ONLY}
    report = scan({"a.yaml": BAD}, **settings)
    assert len(report.live) == 1
    assert report.exit_code("low") == 0


def test_order_and_repetition(scan: Scan) -> None:
    files = {"b.yaml": BAD, "a.yaml": BAD + "---\n" + BAD}
    first, second = scan(files, **ONLY), scan(files, **ONLY)
    assert first == second
    assert [f.location.file[-6:] for f in first.findings] == ["a.yaml", "a.yaml", "b.yaml"]
    assert len({f.fingerprint for f in first.findings}) == 3


def test_fingerprints_do_not_move_with_lines(scan: Scan) -> None:
    one = scan({"a.yaml": BAD}, **ONLY).findings[0].fingerprint
    two = scan({"a.yaml": "# a\n# b\n\n" + BAD}, **ONLY).findings[0].fingerprint
    assert one == two


RELATED = """\
guardrail: 1
kind: Policy
id: test-service-selects-nothing
title: Service selects no pod
severity: low
category: test
why: Requests to it go nowhere at all.
remediation: Mend the selector.
match: {type: kubernetes, kinds: [Service]}
related:
  pods: {kind: Deployment, selectedBy: podTemplate}
assert:
  - cel: size(pods) > 0
    at: spec.selector
    message: "Service {{object.metadata.name}} selects nothing"
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}  # here
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: a, image: i}]}
"""


@pytest.fixture
def related(tmp_path: Path) -> Callable[..., Report]:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "p.yaml").write_text(RELATED)
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    catalog = load((tmp_path / "policies",))

    def run(files: dict[str, str], *paths: str) -> Report:
        for name, text in files.items():
            (tmp_path / "repo" / name).write_text(text)
        settings = Settings(profile="none", select=("test-service-selects-nothing",))
        return Run(settings, catalog, [str(tmp_path / "repo" / p) for p in paths or (".",)]).report()

    return run


def test_across_files(related: Callable[..., Report]) -> None:
    report = related({"service.yaml": SERVICE})
    assert [(f.location.file, f.location.span.line) for f in report.live] == [("service.yaml", 5)]
    assert related({"deployment.yaml": DEPLOYMENT}).live == ()


def test_a_single_file_is_judged_in_its_repository(related: Callable[..., Report]) -> None:
    report = related({"service.yaml": SERVICE, "deployment.yaml": DEPLOYMENT}, "service.yaml")
    assert report.live == ()
    assert [f.path for f in report.files] == ["service.yaml"]


def test_what_is_absent_may_be_unseen(related: Callable[..., Report]) -> None:
    report = related({"service.yaml": SERVICE, "broken.yaml": "kind: Deployment\na: ["})
    assert report.live == ()
    assert [u.reason for u in report.unknowns] == ["a Deployment that may be in files that could not be read"]
    report = related({"service.yaml": SERVICE, "broken.yaml": "kind: Role\na: ["})
    assert len(report.live) == 1


def test_versions(scan: Scan) -> None:
    report = scan({"a.yaml": BAD}, kubernetes_version="1.99", **ONLY)
    assert report.kubernetes_version == "1.37"


def test_items_of_a_typed_list_are_related_too(related: Callable[..., Report]) -> None:
    """What `kubectl get deployments -o yaml` may give: the items' kind stands in the list alone."""
    item = DEPLOYMENT.replace("apiVersion: apps/v1\n", "").replace("kind: Deployment\n", "")
    listed = "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- " + item.strip().replace("\n", "\n  ") + "\n"
    assert related({"service.yaml": SERVICE, "deployments.yaml": listed}).live == ()
    services = "apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n  spec: {selector: {app: b}}\n"
    report = related({"service.yaml": services, "deployments.yaml": listed})
    assert [(f.location.file, f.location.span.line) for f in report.live] == [("service.yaml", 5)]
