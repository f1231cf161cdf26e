"""Policies left unread for named files: never those of a type that the reader finds in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.cli import options
from guardrail.scan.read import open_text
from guardrail.settings import Settings

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = sorted(
    str(file.relative_to(FIXTURES))
    for suffix in ("*.yaml", "*.yml")
    for file in FIXTURES.rglob(suffix)
    if file.is_file()
)


def test_every_type_that_is_found_is_read() -> None:
    wrong = []
    for name in FILES:
        file = FIXTURES / name
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        absent = options._absent(Settings(), [str(file)])
        found = {resource.type for resource in open_text(str(file), text).resources}
        wrong += [f"{name}: {type_}" for type_ in sorted(found & set(absent))]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "text", "absent"),
    [
        ("pod.yaml", "kind: Pod\n", {"compose", "dependabot", "dockerfile", "pre-commit", "terraform", "workflow"}),
        ("ci.yaml", "on: push\njobs: {}\n", {"compose", "dependabot", "dockerfile", "pre-commit", "terraform"}),
        ("main.tf", "", set()),
        ("missing.yaml", None, set()),
    ],
)
def test_what_is_left_unread(tmp_path: Path, name: str, text: str | None, absent: set[str]) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    assert set(options._absent(Settings(), [str(tmp_path / name)])) == absent


def test_settings_that_name_a_policy_may_name_any(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("kind: Pod\n")
    assert options._absent(Settings(select=("latest-tag",)), [str(tmp_path / "pod.yaml")]) == ()
