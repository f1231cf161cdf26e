"""Markdown documents scanned: Kubernetes objects, workflows and Terraform in their blocks, judged together."""

from __future__ import annotations

from pathlib import Path

from guardrail.catalog.load import load
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings

WORKFLOW = """\
# .github/workflows/{name}.yml
name: {name}
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: owner/thing@main
"""
CALL = """\
# live/main.tf
module "db" {
  source = "../modules/db"
  on     = false
}
"""
MODULE = """\
# modules/db/main.tf
variable "on" {
}
resource "aws_db_instance" "a" {
  storage_encrypted = var.on
}
"""
OTHER = """\
resource "aws_db_instance" "other" {
  storage_encrypted = false # guardrail: ignore[rds-unencrypted] an example
}
"""


def scan(folder: Path, text: str, *select: str) -> Report:
    (folder / "RUNBOOK.md").write_text(text, encoding="utf-8")
    settings = Settings(profile="none", select=select)
    return Run(settings, load(), (str(folder),), today="2026-01-01", in_context=False).report()


def fenced(language: str, text: str) -> str:
    return f"Some words.\n\n```{language}\n{text}```\n\n"


def test_workflows_in_a_document_are_judged_at_their_lines(tmp_path: Path) -> None:
    text = fenced("yaml", WORKFLOW.format(name="one")) + fenced("yaml", WORKFLOW.format(name="two"))
    report = scan(tmp_path, text, "unpinned-action", "workflow-malformed")
    assert [(f.location.span.line, f.resource.name) for f in report.findings] == [(11, "one"), (24, "two")]
    assert all(f.location.file.endswith("RUNBOOK.md") for f in report.findings)


def test_terraform_of_a_document_is_one_world(tmp_path: Path) -> None:
    report = scan(tmp_path, fenced("hcl", CALL) + fenced("hcl", MODULE) + fenced("hcl", OTHER), "rds-unencrypted")
    lines = [(f.location.span.line, f.live) for f in report.findings]
    assert lines == [(7, True), (26, False)]
    (related,) = report.findings[0].related
    assert (Path(related.file).name, related.span.line) == ("RUNBOOK.md", 18)


def test_what_a_document_does_not_show_is_not_undeclared(tmp_path: Path) -> None:
    report = scan(tmp_path, fenced("hcl", "locals {\n  a = var.b\n}\n"), "undeclared-reference", "lock-file-missing")
    assert (report.findings, report.unknowns, report.problems) == ((), (), ())


def test_the_ledger_says_what_became_of_blocks(tmp_path: Path) -> None:
    text = fenced("yaml", "principles:\n  - kind\n") + fenced("hcl", CALL) + fenced("hcl", 'resource "a" {\n')
    report = scan(tmp_path, text, "rds-unencrypted")
    (status,) = report.files
    assert status.status == "partly-read"
    (problem,) = report.problems
    assert problem.location.span.line in (21, 22)


def test_a_document_without_blocks_is_skipped(tmp_path: Path) -> None:
    (status,) = scan(tmp_path, "# Only words\n", "rds-unencrypted").files
    assert status.status == "skipped"
