"""Dependabot's and pre-commit's settings: the facts the policies rest on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail.checks.dependabot import _CALLED, ECOSYSTEMS
from guardrail.model.report import Report
from guardrail.settings import PolicySettings
from tests.conftest import Command

Scan = Callable[..., Report]

HEAD = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: {interval: weekly}\n"


def told(scan: Scan, policy: str, text: str, **params: object) -> list[str]:
    """The messages of one policy on a dependabot.yml."""
    settings = {policy: PolicySettings(params=params)}
    report = scan({".github/dependabot.yml": text}, profile="none", select=(policy,), policies=settings)
    assert report.problems == ()
    return [f.message for f in report.findings]


def test_other_names_lead_to_real_ones() -> None:
    """data/reusables/dependabot/supported-package-managers.md: pnpm and yarn are npm, poetry and pipenv are pip."""
    assert set(_CALLED.values()) <= ECOSYSTEMS
    assert not set(_CALLED) & ECOSYSTEMS
    assert (_CALLED["pnpm"], _CALLED["yarn"], _CALLED["poetry"], _CALLED["pipenv"]) == ("npm", "npm", "pip", "pip")


@pytest.mark.parametrize(
    ("written", "hint"),
    [("yarn", "'npm'"), ("pypi", ""), ("gomods", "'gomod'"), ("go", "'gomod'"), ("Terraform", None)],
)
def test_ecosystems(scan: Scan, written: str, hint: str | None) -> None:
    found = told(scan, "dependabot-ecosystem-unknown", HEAD.replace("npm", written))
    assert (found == []) if hint is None else hint in found[0]


@pytest.mark.parametrize("interval", "daily weekly monthly quarterly semiannually yearly".split())
def test_intervals(scan: Scan, interval: str) -> None:
    """dependabot-options-reference.md, `interval`."""
    assert told(scan, "dependabot-schedule-missing", HEAD.replace("weekly", interval)) == []
    assert told(scan, "dependabot-schedule-missing", HEAD.replace("weekly", interval + "x")) != []


def test_days_may_be_set(scan: Scan) -> None:
    text = HEAD + "    cooldown: {default-days: 3}\n"
    assert told(scan, "dependabot-cooldown-missing", text) != []
    assert told(scan, "dependabot-cooldown-missing", text, days=3) == []


def test_security_updates_need_no_cooldown(scan: Scan) -> None:
    """dependabot-options-reference.md: a limit of zero disables version updates; cooldown is for those alone."""
    assert told(scan, "dependabot-cooldown-missing", HEAD + "    open-pull-requests-limit: 0\n") == []


@pytest.mark.parametrize(
    ("name", "there"),
    [
        *((name, True) for name in ("/", ".", "", "/.github", "./web/", "web", "/*")),
        *((name, False) for name in ("/we", "/web/x", "/../web/../we", "/../../etc")),
    ],
)
def test_directories(guardrail: Command, tmp_path: Path, name: str, there: bool) -> None:
    """dependabot-options-reference.md: directories are relative to the root of the repository."""
    for folder in (".github", "web"):
        (tmp_path / folder).mkdir()
    (tmp_path / ".github/dependabot.yml").write_text(HEAD.replace("directory: /", f'directory: "{name}"'))
    done = guardrail("scan", "--profile", "none", "--select", "dependabot-directory-absent", "--no-cache")
    assert done.returncode == (0 if there else 1), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("rev", "moves"),
    [
        ("main", True),
        ("v1", True),
        ("stable", True),
        ("v1.2", False),
        ("1.2.3", False),
        ("abc123", False),
        ("feed", False),
    ],
)
def test_pre_commit_warns_of_the_same_revs(scan: Scan, rev: str, moves: bool) -> None:
    """pre_commit/clientlib.py, WarnMutableRev: no full stop in it, and not hexadecimal."""
    text = f"repos:\n  - repo: https://x.example/y\n    rev: '{rev}'\n    hooks: [{{id: x}}]\n"
    found = scan({".pre-commit-config.yaml": text}, profile="none", select=("pre-commit-rev-moves",)).findings
    assert bool(found) is moves
