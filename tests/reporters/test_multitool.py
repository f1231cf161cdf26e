"""SARIF Multitool has no error and no unexpected remark about our logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.reporters import RenderOptions, render
from tests.reporters import multitool
from tests.reporters.samples import finding, path, report

pytestmark = pytest.mark.skipif(multitool.find() is None, reason=multitool.ABSENT)
# Each is a choice: messages are text (2002), no network here (2006), ids are words (2009), no
# snippets and contents since the repository is at hand (2010, 2011, 2013), no home page yet (2005).
_CHOSEN = {f"SARIF20{number}" for number in ("02", "05", "06", "09", "10", "11", "13")}


@pytest.mark.parametrize("profile", ["github", "full"])
def test_multitool_accepts_our_logs(profile: str, tmp_path: Path) -> None:
    log = tmp_path / "report.sarif"
    options = RenderOptions(sarif_profile=profile)  # type: ignore[arg-type]
    log.write_text(render("sarif", report((*report().findings, finding(flow=path()))), options), encoding="utf-8")
    remarks = multitool.validate(log, tmp_path)
    assert [remark for remark in remarks if remark.rule not in _CHOSEN] == []
    assert not any(remark.level == "error" for remark in remarks)


def test_a_missing_log_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such"):
        multitool.validate(tmp_path / "no-such.sarif", tmp_path)


def test_multitool_can_refuse_a_log(tmp_path: Path) -> None:
    """Without this, a validator that is silently off would look like success."""
    log = tmp_path / "report.sarif"
    text = render("sarif", report(), RenderOptions())
    log.write_text(text.replace('"startLine":14', '"startLine":-1'), encoding="utf-8")
    assert any(remark.level == "error" for remark in multitool.validate(log, tmp_path))
