"""Images that a kustomization gives a tag: told at that line, once, with and without a tool to build it."""

from __future__ import annotations

import pytest

from guardrail.model.report import Report
from tests.scan.render.tools import KUSTOMIZE, Scan

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: web
"""
BASE = "resources:\n  - web.yaml\nimages:\n  - name: web\n    newName: registry.example/web\n    newTag: latest\n"
FILES = {"base/kustomization.yaml": BASE, "base/web.yaml": WEB}


@pytest.fixture(params=["built", "as they stand"])
def scan(request: pytest.FixtureRequest, scan: Scan) -> Scan:
    """Scans a repository for some policies, with kustomize and without."""
    tools = (KUSTOMIZE,) if request.param == "built" else ()
    if tools == ("",):
        pytest.skip("kustomize is not here: set GUARDRAIL_KUSTOMIZE or put it on the PATH")
    return lambda files, *select: scan(files, tools=tools, select=select or ("latest-tag",))


def places(report: Report) -> list[tuple[str, int, str]]:
    return [(f.location.file, f.location.span.line, f.policy.id) for f in report.live]


def test_a_tag_that_moves_is_told_where_it_is_given(scan: Scan) -> None:
    assert places(scan(FILES)) == [("base/kustomization.yaml", 6, "latest-tag")]


def test_prefixes_change_nothing(scan: Scan) -> None:
    named = {"base/kustomization.yaml": "namePrefix: shop-\nnameSuffix: -live\nnamespace: shop\n" + BASE}
    assert places(scan({**FILES, **named})) == [("base/kustomization.yaml", 9, "latest-tag")]


@pytest.mark.parametrize("entry", ["newTag: 1.4.2", "digest: sha256:" + "0" * 64])
def test_what_an_overlay_settles_is_no_fault_of_the_base(scan: Scan, entry: str) -> None:
    overlay = f"resources: [../../base]\nimages:\n  - name: registry.example/web\n    {entry}\n"
    assert not places(scan({**FILES, "overlays/live/kustomization.yaml": overlay}))


def test_another_kustomization_settles_nothing(scan: Scan) -> None:
    other = {
        "other/kustomization.yaml": "resources: [api.yaml]\nimages:\n  - name: web\n    newTag: 1.4.2\n",
        "other/api.yaml": WEB.replace("name: web", "name: api"),
    }
    assert places(scan({**FILES, **other})) == [("base/kustomization.yaml", 6, "latest-tag")]


def test_an_entry_without_tag_and_digest_leaves_it_to_the_base(scan: Scan) -> None:
    renamed = {"base/kustomization.yaml": BASE.replace("    newTag: latest\n", "")}
    assert places(scan({**FILES, **renamed})) in (
        [("base/web.yaml", 9, "latest-tag")],
        [("base/kustomization.yaml", 5, "latest-tag")],
    )


def test_other_policies_of_images_see_it_and_no_others(scan: Scan) -> None:
    pinned = BASE.replace("latest", "1.4.2")
    report = scan({**FILES, "base/kustomization.yaml": pinned}, "image-without-digest", "label-refused")
    assert places(report) == [("base/kustomization.yaml", 6, "image-without-digest")]


def test_a_comment_silences_it(scan: Scan) -> None:
    silenced = BASE.replace("latest", "latest  # guardrail: ignore[latest-tag] the pipeline sets it")
    report = scan({**FILES, "base/kustomization.yaml": silenced})
    assert not report.live
    assert [f.policy.id for f in report.findings] == ["latest-tag"]


def test_kustomizations_that_name_each_other_end(scan: Scan) -> None:
    """A circle cannot be built; the files are judged as they stand."""
    files = {f"{one}/kustomization.yaml": f"resources: [../{two}]\n{BASE[24:]}" for one, two in ("ab", "ba")}
    assert {p for p, _, _ in places(scan(files))} == set(files)
