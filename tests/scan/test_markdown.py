"""Markdown documents scanned: Kubernetes objects, workflows and Terraform in their blocks, judged together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


POD = """\
# k8s/{name}.yaml
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  containers:
    - {{name: a, image: "shop/{name}:latest"}}
"""
ABOVE = "<!-- guardrail: ignore[{ids}] shown as it was -->\n"


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def test_a_suppression_above_a_block_covers_the_block(tmp_path: Path) -> None:
    pod = fenced("yaml", POD.format(name="one")).removeprefix("Some words.\n\n")
    report = scan(tmp_path, ABOVE.format(ids="latest-tag") + pod + pod, "latest-tag", "unused-suppression")
    assert [(f.location.span.line, f.live) for f in report.findings] == [(9, False), (19, True)]


def test_a_suppression_above_terraform_covers_it(tmp_path: Path) -> None:
    block = fenced("hcl", MODULE.replace("var.on", "false")).removeprefix("Some words.\n\n")
    text = ABOVE.format(ids="rds-unencrypted") + "\n**`modules/db/main.tf`**\n\n" + block + fenced("hcl", OTHER)
    report = scan(tmp_path, text, "rds-unencrypted", "unused-suppression")
    assert [(f.location.span.line, f.live) for f in report.findings] == [(10, False), (18, False)]


def test_a_suppression_above_no_block_is_told(tmp_path: Path) -> None:
    text = ABOVE.format(ids="latest-tag") + fenced("yaml", POD.format(name="one"))
    report = scan(tmp_path, text, "latest-tag", "unused-suppression")
    found = [(f.policy.id, f.location.span.line) for f in report.findings]
    assert found == [("unused-suppression", 1), ("latest-tag", 11)]


def test_a_suppression_in_a_quoted_block_covers_the_next_line(tmp_path: Path) -> None:
    pod = POD.format(name="one").replace("    - {", "    # guardrail: ignore[latest-tag] shown\n    - {")
    report = scan(tmp_path, quoted(f"```yaml\n{pod}---\n{POD.format(name='two')}```"), "latest-tag")
    assert [(f.location.span.line, f.live) for f in report.findings] == [(9, False), (17, True)]


def test_quoted_terraform_is_read(tmp_path: Path) -> None:
    report = scan(tmp_path, quoted(f"Words.\n\n```hcl\n{MODULE.replace('var.on', 'false')}```"), "rds-unencrypted")
    assert [(f.location.span.line, f.location.span.column, f.live) for f in report.findings] == [(8, 5, True)]
    assert report.findings[0].location.excerpt == ">   storage_encrypted = false"


def test_the_ledger_tells_of_every_block(tmp_path: Path) -> None:
    text = fenced("yaml", POD.format(name="one")) + fenced("sh", "make\n") + fenced("hcl", OTHER)
    (status,) = scan(tmp_path, text + fenced("hcl", 'resource "a" {\n'), "rds-unencrypted").files
    assert [(b.line, b.name, b.status) for b in status.blocks] == [
        (4, "k8s/one.yaml", "read"),
        (16, "", "left-alone"),
        (22, "block.tf", "read"),
        (30, "block-2.tf", "unreadable"),
    ]
    assert (status.status, status.resources) == ("partly-read", 2)


def test_fingerprints_last_when_blocks_are_added_above(tmp_path: Path) -> None:
    pods = fenced("yaml", POD.format(name="one").partition("\n")[2])
    before = scan(tmp_path, f"## Deploy\n\n{pods}", "latest-tag").findings
    after = scan(tmp_path, f"## Check\n\n{pods}\n## Deploy\n\n{pods}", "latest-tag").findings
    assert {f.fingerprint for f in before} <= {f.fingerprint for f in after}


def test_only_used_suppressions_of_several_terraform_files_count_as_used(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text(OTHER.replace("other", "first"))
    (tmp_path / "b.tf").write_text(OTHER + OTHER.replace("other", "fine").replace("false", "true"))
    report = scan(tmp_path, fenced("hcl", OTHER), "rds-unencrypted", "unused-suppression")
    unused = [(Path(f.location.file).name, f.location.span.line) for f in report.findings if f.live]
    assert unused == [("b.tf", 5)]


SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
"""
WEB = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
    - {name: web, image: "shop/web:1", ports: [{name: web, containerPort: 8080}]}
"""


def test_each_document_is_a_world_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(WEB)
    (tmp_path / "OTHER.md").write_text(fenced("yaml", WEB))
    report = scan(tmp_path, fenced("yaml", SERVICE), "service-target-port-unknown")
    assert report.findings == ()
    report = scan(tmp_path, fenced("yaml", SERVICE) + fenced("yaml", WEB), "service-target-port-unknown")
    assert [Path(f.location.file).name for f in report.findings] == ["RUNBOOK.md"]


LOADED = """
import sys
from guardrail.catalog.load import load
from guardrail.scan.run import Run
from guardrail.settings import Settings
Run(Settings(), load(), (sys.argv[1],), in_context=False).report()
print([name for name in sys.modules if name.startswith("guardrail.formats.") and name.endswith(sys.argv[2:])])
"""


@pytest.mark.parametrize(("name", "loaded"), [("a.yaml", False), ("a.md", True)])
def test_a_scan_without_documents_loads_nothing_for_them(tmp_path: Path, name: str, loaded: bool) -> None:
    (tmp_path / name).write_text(fenced("yaml", WEB) if loaded else WEB)
    modules = ("markdown", "fences", "block_names", "heredocs", "gaps", "excerpt")
    command = [sys.executable, "-c", LOADED.replace("sys.argv[2:]", repr(modules)), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert ("guardrail.formats.fences" in done.stdout) is loaded
    assert (done.stdout.strip() == "[]") is not loaded


EXCERPT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  ...
  template:
    spec:
      containers:
        - name: web
          image: shop/web:latest
          resources: {...}
        - ...
"""
WHOLE = EXCERPT.replace("  ...\n", "  replicas: 2\n", 1).replace("          resources: {...}\n        - ...\n", "")
ABSENT = ("latest-tag", "resources-missing", "security-context-missing", "run-as-root", "selector-missing")


def test_what_an_excerpt_leaves_out_is_one_unknown_and_what_it_shows_is_judged(tmp_path: Path) -> None:
    report = scan(tmp_path, fenced("yaml", EXCERPT), *ABSENT, "field-type-refused", "entry-incomplete")
    assert [(f.policy.id, f.location.span.line) for f in report.findings] == [("latest-tag", 13)]
    assert {u.reason for u in report.unknowns} == {"what the document leaves out"}
    places = [(u.resource.name, u.location.span.line) for u in report.unknowns]
    assert len(places) == len(set(places)) > 0
    assert report.problems == ()
    assert sum(tally.unknown for tally in report.coverage.values()) > len(places)


def test_the_same_without_gaps_is_judged_as_it_stands(tmp_path: Path) -> None:
    report = scan(tmp_path, fenced("yaml", WHOLE), *ABSENT)
    assert {f.policy.id for f in report.findings} >= {"latest-tag", "resources-missing", "security-context-missing"}
    assert report.unknowns == ()


def test_a_job_may_be_in_what_a_document_leaves_out(tmp_path: Path) -> None:
    text = WORKFLOW.format(name="one").replace("jobs:\n", "jobs:\n  # ... build and test\n") + "    needs: test\n"
    report = scan(tmp_path, fenced("yaml", text), "needs-unknown-job", "unpinned-action")
    assert [f.policy.id for f in report.findings] == ["unpinned-action"]
    assert [u.policy.id for u in report.unknowns] == ["needs-unknown-job"]
    whole = scan(tmp_path, fenced("yaml", text.replace("  # ... build and test\n", "")), "needs-unknown-job")
    assert [f.policy.id for f in whole.findings] == ["needs-unknown-job"]


def test_placeholders_are_for_the_reader_to_fill_in(tmp_path: Path) -> None:
    pod = POD.format(name="one").replace("shop/one:latest", "<registry>/one:1")
    report = scan(tmp_path, fenced("yaml", pod), "image-placeholder")
    assert report.findings == ()
    assert [u.reason for u in report.unknowns] == ["what <registry> stands for"]
    (tmp_path / "pod.yaml").write_text(pod)
    report = scan(tmp_path, "# Nothing\n", "image-placeholder")
    assert [Path(f.location.file).name for f in report.findings] == ["pod.yaml"]


def test_any_placeholder_is_for_the_reader_to_fill_in(tmp_path: Path) -> None:
    hooks = "repos:\n  - repo: https://github.com/{owner}/hooks\n    rev: {rev}\n    hooks: [{{id: a}}]\n"
    text = fenced("yaml", hooks.format(owner="<owner>", rev="<tag or commit>")) + fenced("dockerfile", "FROM <image>\n")
    report = scan(tmp_path, text, "pre-commit-rev-moves", "unpinned-base-image")
    assert report.findings == ()
    assert {u.reason for u in report.unknowns} >= {"what <tag or commit> stands for"}
    report = scan(tmp_path, fenced("yaml", hooks.format(owner="<owner>", rev="main")), "pre-commit-rev-moves")
    assert [f.location.span.line for f in report.findings] == [6]


def test_what_a_document_shows_twice_is_not_declared_twice(tmp_path: Path) -> None:
    again = OTHER.replace("storage_encrypted = false", "# ... as above\n  backup_retention_period = 1")
    report = scan(tmp_path, fenced("hcl", OTHER) + fenced("hcl", again), "duplicate-declaration", "rds-unencrypted")
    assert [(f.policy.id, f.location.span.line) for f in report.findings] == [("rds-unencrypted", 5)]


def test_a_part_of_a_compose_file_may_refer_to_the_rest(tmp_path: Path) -> None:
    text = "services:\n  web:\n    image: shop/web:1\n    depends_on: [db]\n"
    assert scan(tmp_path, fenced("yaml", text), "compose-undefined-reference").findings == ()
    (tmp_path / "compose.yaml").write_text(text)
    found = scan(tmp_path, fenced("yaml", text), "compose-undefined-reference").findings
    assert [Path(f.location.file).name for f in found] == ["compose.yaml"]


def test_whatever_is_shown_again_is_judged_and_the_whole_one_goes_by_the_name(tmp_path: Path) -> None:
    bare = OTHER.replace(" # guardrail: ignore[rds-unencrypted] an example", "")
    part = bare.replace("storage_encrypted = false", "# ... as below\n  backup_retention_period = 1")
    report = scan(tmp_path, "".join(fenced("hcl", text) for text in (part, bare, bare)), "rds-unencrypted")
    found = [(f.resource.name, f.location.span.line) for f in report.findings]
    assert found == [("aws_db_instance.other", 14), ("aws_db_instance.other-again2", 22)]
    assert [u.resource.name for u in report.unknowns] == ["aws_db_instance.other-again"]
