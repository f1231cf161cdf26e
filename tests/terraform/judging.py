"""Small configurations judged by small policies: what the tests of Terraform share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from guardrail.catalog.load import Catalog, load
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Environment, Settings

POLICIES = """\
guardrail: 1
kind: Policy
id: test-multi-az
title: Database runs in one zone
severity: high
category: availability
why: One zone that fails takes the database with it.
remediation: Set multi_az = true.
match: {type: terraform, resources: [aws_db_instance]}
assert:
  - {path: multi_az, equals: true, message: multi_az must be true}
---
guardrail: 1
kind: Policy
id: test-backup
title: Database keeps few backups
severity: high
category: availability
why: A week of backups is the least to find out that something went wrong.
remediation: Set backup_retention_period = 7.
match: {type: terraform, resources: [aws_db_instance]}
assert:
  - {path: backup_retention_period, ge: 7, message: backup_retention_period must be at least 7}
---
guardrail: 1
kind: Policy
id: test-production
title: Production database runs in one zone
severity: high
category: availability
why: One zone that fails takes the database with it.
remediation: Set multi_az = true.
environments: [production]
match: {type: terraform, resources: [aws_db_instance]}
assert:
  - {path: multi_az, equals: true, message: multi_az must be true}
---
guardrail: 1
kind: Policy
id: test-block
title: Bucket has no public access block
severity: high
category: public-access
why: Whoever may change the bucket's policy may open it to the world.
remediation: Add an aws_s3_bucket_public_access_block.
match: {type: terraform, resources: [aws_s3_bucket]}
related: {blocks: {resource: aws_s3_bucket_public_access_block, refers: bucket}}
assert:
  - cel: blocks.exists(b, b.?block_public_acls.orValue(false) == true)
    message: no public access block
"""


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Files by name, below a folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")


def catalog(folder: Path) -> Catalog:
    """The shipped policies and those of these tests."""
    file = folder / "policies.yaml"
    file.write_text(POLICIES, encoding="utf-8")
    return load((file,))


def judged(
    folder: Path,
    known: Catalog,
    *select: str,
    environment: str = "",
    environments: tuple[Environment, ...] = (),
    variables: tuple[str, ...] = (),
) -> Report:
    """The report on a folder under a few policies."""
    settings = Settings(profile="none", select=select, environment=environment)
    settings = replace(settings, environments=environments, variables=variables)
    return Run(settings, known, (str(folder),), today="2026-01-01", in_context=False).report()


def verdict(report: Report) -> str:
    """`fail`, `unknown`, `pass`, `nothing` where no policy looked at a thing; `, problem` where one is told."""
    words = "nothing"
    if any(t.evaluated for t in report.coverage.values()):
        words = "pass"
    if report.unknowns:
        words = "unknown"
    if report.live:
        words = "fail"
    return f"{words}, problem" if report.problems else words
