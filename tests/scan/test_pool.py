"""Several processes find what one finds, in the same order, whatever becomes of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guardrail.model.report import FileStatus, Report
from guardrail.scan import pool
from guardrail.scan.discover import Input
from guardrail.scan.result import FileResult
from tests.scan.test_scan import BAD

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here, so everything is serial")


@pytest.fixture(autouse=True)
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_WORTHWHILE", 0)


def test_the_report_is_the_same(scan: Callable[..., Report]) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {a: b}}\n"
    files = {f"{i}.yaml": BAD.replace("web", f"web{i}") for i in range(9)}
    files |= {"s.yaml": service, "broken.yaml": "a: [", "partly.yaml": BAD + "---\n[", "x.json": "{"}
    files["quiet.yaml"] = BAD.replace("spec:", "# guardrail: ignore[privileged-container] must\nspec:")
    one, *more = (scan(files, jobs=jobs) for jobs in (1, 2, 3, 20))
    assert one.live
    assert one.problems
    assert all(report == one for report in more)


class _Fragile:
    """A judge that dies in every process but this one."""

    def __init__(self) -> None:
        self.home = os.getpid()

    def file(self, source: Input) -> FileResult:
        if os.getpid() != self.home:
            os._exit(9)
        return FileResult(FileStatus(source.name, "read"))


def _inputs(folder: Path, count: int) -> list[Input]:
    files = [folder / f"{i}.yaml" for i in range(count)]
    for file in files:
        file.write_text("a: 1")
    return [Input(str(f), f.name) for f in files]


def test_the_share_of_a_process_that_dies_is_judged_here(tmp_path: Path) -> None:
    judge: Any = _Fragile()
    files = _inputs(tmp_path, 7)
    assert list(pool.judge_files(judge, files, 3)) == [f.name for f in files]


def test_no_process_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise OSError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    judge: Any = _Fragile()
    assert len(pool.judge_files(judge, _inputs(tmp_path, 4), 2)) == 4


def test_standard_input_stays_here(tmp_path: Path) -> None:
    files = [Input("", "stdin.yaml"), *_inputs(tmp_path, 5)]
    shares = pool._shares(files, [0, 4, 4, 4, 4, 4], 3)
    assert files[0] in shares[0]
    assert sorted(i.name for share in shares for i in share) == sorted(i.name for i in files)
