"""Which repository a file belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.scan.tree import FileTree


@pytest.mark.parametrize(
    ("file", "base"),
    [
        ("shop/.github/workflows/ci.yml", "shop"),
        ("shop/deploy/apps/web.yaml", "shop"),
        ("shop/Dockerfile", "shop"),
        ("shop/vendor/lib/deploy/web.yaml", "shop/vendor/lib"),
        ("alone/deploy/web.yaml", "alone/deploy"),
        ("web.yaml", ""),
        ("shop/examples/ci.yml", "shop/examples"),
        ("guide.md/deploy/web.yaml", "guide.md"),
        ("../beside/deploy/web.yaml", "../beside/deploy"),
        ("../tools/deploy/web.yaml", "../tools"),
    ],
)
def test_the_nearest_folder_with_github_counts(tmp_path: Path, file: str, base: str) -> None:
    root = tmp_path / "root"
    for folder in ("root/shop", "root/shop/vendor/lib", "tools"):
        (tmp_path / folder / ".github").mkdir(parents=True)
    known = {
        "shop/examples/ci.yml": {"on": "push", "jobs": {}},
        "guide.md/.github/settings.yml": {},
        "guide.md/deploy/web.yaml": {},
    }
    tree = FileTree(str(root), known, lambda: None, (str(tmp_path / "tools"),))  # type: ignore[arg-type,return-value]
    assert tree.repository(file).base == base


def test_the_root_is_the_repository_of_all_that_has_no_other(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    tree = FileTree(str(tmp_path), {}, lambda: None)  # type: ignore[arg-type,return-value]
    assert tree.repository("deploy/apps/web.yaml").base == ""
    assert tree.repository("../beside/web.yaml").base == "../beside"
