"""The cache of policy files: never wrong, never in the way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from guardrail.catalog.load import load
from guardrail.errors import PolicyError
from tests.catalog.test_load import GOOD


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def file_in(kept: Path) -> Path:
    (file,) = kept.iterdir()
    return file


def test_the_second_time_is_the_same(kept: Path) -> None:
    first, second = load((), kept), load((), kept)
    assert file_in(kept).is_file()
    assert first == second == load()._replace(kept=kept)


def test_a_changed_file_is_read_again(tmp_path: Path, kept: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    file = own / "p.yaml"
    file.write_text(GOOD)
    assert load((own,), kept).policy("team-label-missing").severity == "low"
    file.write_text(GOOD.replace("severity: low", "severity: high"))
    assert load((own,), kept).policy("team-label-missing").severity == "high"
    file.write_text(GOOD.replace("severity: low", "severity: loud"))
    with pytest.raises(PolicyError):
        load((own,), kept)
    file.unlink()
    (own / "q.yaml").write_text(GOOD.replace("team-label", "owner-label"))
    assert "team-label-missing" not in load((own,), kept).policies
    assert str(file) not in file_in(kept).read_text()


def test_an_own_policy_is_not_validated_twice(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "p.yaml").write_text(GOOD)
    first = load((own,), kept)

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("guardrail.catalog.load.validate", refuse)
    monkeypatch.setattr("guardrail.catalog.load.documents", refuse)
    assert load((own,), kept) == first


@pytest.mark.parametrize(
    "content",
    ["", "not json", "[]", "null", '{"version": "0.0.0", "files": {}}', '{"version": 1}', '{"files": {}}'],
)
def test_a_broken_cache_is_no_cache(kept: Path, content: str) -> None:
    load((), kept)
    file_in(kept).write_text(content)
    assert load((), kept) == load()._replace(kept=kept)
    assert json.loads(file_in(kept).read_text())["files"]


def test_entries_of_another_shape(kept: Path) -> None:
    load((), kept)
    found = json.loads(file_in(kept).read_text())
    for odd, key in zip([None, 3, [], [1, 2], [1, 2, 3], [1, 2, [4]]], found["files"], strict=False):
        found["files"][key] = odd
    file_in(kept).write_text(json.dumps(found))
    assert load((), kept) == load()._replace(kept=kept)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert load((), tmp_path / "cache") == load()._replace(kept=tmp_path / "cache")
