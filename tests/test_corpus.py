"""Real manifests, where they are at hand: the folder named by GUARDRAIL_CORPUS."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from guardrail.catalog.load import Catalog
from guardrail.model.report import Report
from guardrail.reporters import RenderOptions, render
from guardrail.scan.run import Run
from guardrail.settings import Settings
from tests.reporters.multitool import ABSENT, find, validate

CORPUS = os.environ.get("GUARDRAIL_CORPUS", "")
pytestmark = pytest.mark.skipif(
    not Path(CORPUS or "/nowhere").is_dir(), reason="GUARDRAIL_CORPUS names no folder of real manifests"
)


@pytest.fixture(scope="module")
def report() -> Report:
    from guardrail.catalog.load import load

    return Run(Settings(), load(), (CORPUS,), for_upload=True).report()


def test_every_file_has_a_status(report: Report) -> None:
    assert len(report.files) > 100
    assert {f.status for f in report.files} <= {"read", "partly-read", "unreadable", "skipped"}
    assert all(f.reason for f in report.files if f.status != "read")


def test_no_policy_crashes(report: Report) -> None:
    assert [p.message for p in report.problems if p.code == "check-failed"] == []


def test_twice_is_the_same(report: Report, catalog: Catalog) -> None:
    again = Run(Settings(), catalog, (CORPUS,), for_upload=True).report()
    assert render("json", again, RenderOptions()) == render("json", report, RenderOptions())


def test_sarif_has_a_hash_and_a_region_for_every_result(report: Report) -> None:
    log = json.loads(render("sarif", report, RenderOptions()))
    for result in log["runs"][0]["results"]:
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"]
        assert region["startColumn"] < region["endColumn"] + 1


@pytest.mark.skipif(find() is None, reason=ABSENT)
def test_sarif_passes_multitool(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "corpus.sarif"
    file.write_text(render("sarif", report, RenderOptions()), encoding="utf-8")
    assert [r for r in validate(file, tmp_path) if r.level == "error"] == []
