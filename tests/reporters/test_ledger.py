"""What became of files and blocks, in words and as data."""

from __future__ import annotations

from guardrail.model.report import BlockStatus, FileStatus
from guardrail.reporters import RenderOptions, ledger, render
from guardrail.reporters.json_report import as_data
from tests.reporters.samples import clean_report

BLOCKS = (
    BlockStatus(8, "yaml", "k8s/web.yaml", "read", "", "Deployment, 2 Service", 3),
    BlockStatus(40, "bash", "", "left-alone", "bash"),
    BlockStatus(52, "yaml", "a.yaml", "unreadable", "1 document could not be read"),
    BlockStatus(110, "bash", "", "left-alone", "bash"),
)
DOCUMENT = FileStatus("docs/a.md", "partly-read", "1 block could not be read", 3, BLOCKS)
PLAIN = FileStatus("b.md", "skipped", "no block that guardrail judges", 0, (BLOCKS[1],))


def test_blocks_are_counted_where_any_was_to_be_read() -> None:
    made = clean_report(files=(DOCUMENT, PLAIN))
    assert ledger.blocks_line(made) == "4 blocks in 1 document: 1 read, 1 unreadable, 2 left alone (2 bash)"
    assert ledger.blocks_line(clean_report(files=(PLAIN,))) == ""


def test_reasons_beyond_the_most_frequent_are_summed_up() -> None:
    left = tuple(BlockStatus(n, "", "", "left-alone", f"word{n}") for n in range(8))
    made = clean_report(files=(FileStatus("a.md", "read", "", 3, (BLOCKS[0], *left)),))
    assert ledger.blocks_line(made).endswith("1 word4, 3 for other reasons)")


def test_coverage_lists_every_file_and_block() -> None:
    told = render("text", clean_report(files=(DOCUMENT, PLAIN)), RenderOptions(coverage=True)).splitlines()
    start = told.index("coverage:")
    assert told[start + 1 : start + 8] == [
        "  docs/a.md: partly read (3 resources; 1 block could not be read)",
        "      8  k8s/web.yaml: Deployment, 2 Service",
        "     40  left alone: bash",
        "     52  a.yaml, unreadable: 1 document could not be read",
        "    110  left alone: bash",
        "  b.md: skipped (no block that guardrail judges)",
        "    40  left alone: bash",
    ]


def test_without_being_asked_the_text_lists_nothing() -> None:
    assert "coverage:" not in render("text", clean_report(files=(DOCUMENT,)), RenderOptions())


def test_the_json_report_has_the_blocks() -> None:
    (document, other) = as_data(clean_report(files=(DOCUMENT, FileStatus("a.yaml", "read"))), RenderOptions())[
        "coverage"
    ]["files"]
    assert document["blocks"][0] == BLOCKS[0]._asdict()
    assert "blocks" not in other
