"""What is told of deploys that never run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardrail.model.report import Report

DEAD = """
on:
  push: {branches: [main]}
permissions: {contents: read}
jobs:
  release:
    if: github.event_name == 'release'
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl apply -n production -f deploy/
"""
LACKS = "nobody has to approve"


@pytest.mark.parametrize(
    ("workflow", "lacking"),
    [
        (DEAD, True),
        (DEAD.replace("    runs-on", "    environment: production\n    runs-on"), False),
        (DEAD.replace("-n production", "-n review"), False),
    ],
)
def test_a_dead_deploy_says_that_nobody_would_approve(
    scan: Callable[..., Report], workflow: str, lacking: bool
) -> None:
    report = scan({".github/workflows/deliver.yml": workflow}, profile="none", select=("deploy-never-runs",))
    (found,) = report.live
    assert "never runs" in found.message
    assert (LACKS in found.message) is lacking
