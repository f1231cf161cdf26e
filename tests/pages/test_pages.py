"""Pages of a policy: the same sections always, and no input that breaks out of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from guardrail.model.policy import Match, Param, Policy
from guardrail.pages import catalogue, policy_page
from guardrail.pages.markup import block, code, plain, prose, uri
from tests.reporters.samples import policy
from tests.reporters.strategies import policies, texts

_SECTIONS = [
    "Why",
    "How to fix",
    "Parameters",
    "Controls",
    "Equivalents in other scanners",
    "How to ignore it",
    "References",
    "Example",
]


def test_a_page_has_fixed_sections() -> None:
    made = policy(params={"allowed": Param({"type": "array"}, ["x"], "what may stay")})
    page = policy_page.markdown(made, "high: output\n")
    assert page.startswith("# Container runs privileged\n")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == _SECTIONS
    for part in (
        "| id | `privileged-container` |",
        "| applies to | Kubernetes Workload, each of containers |",
        '| `allowed` | array | `["x"]` | what may stay |',
        "| checkov | `CKV_K8S_16` |",
        "# guardrail: ignore[privileged-container] the reason it may stay",
        'guardrail.dev/ignore: "privileged-container: the reason it may stay"',
        "- <https://kubernetes.io/docs/concepts/security/>",
        "```text\nhigh: output\n```",
        "Remove `privileged: true`; add",
    ):
        assert part in page


def test_a_locked_policy_says_so() -> None:
    locked = policy(suppressible=False)
    assert "this policy is locked" in policy_page.markdown(locked)
    assert "cannot be ignored" in policy_page.help_markdown(locked)
    assert "ignore" not in policy_page.help_text(locked)
    assert "this policy is locked" in policy_page.terminal(locked)


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (Match("kubernetes", ("Pod",)), "Kubernetes Pod"),
        (Match("kubernetes", ("Pod",), 25), "Kubernetes Pod (1.25 and later)"),
        (Match("kubernetes", ("Pod",), 25, 30), "Kubernetes Pod (1.25 to 1.30)"),
        (Match("terraform", (), 0, 30), "Terraform (up to 1.30)"),
    ],
)
def test_applies_to(match: Match, words: str) -> None:
    assert policy_page.applies_to(policy(match=match, each="resource")) == words


def test_terminal_page() -> None:
    page = policy_page.terminal(policy(), width=80)
    assert page.startswith("high: Container runs privileged [privileged-container]\n")
    assert all(len(line) <= 80 for line in page.splitlines())
    assert "\x1b[1;31mhigh:" in policy_page.terminal(policy(), color=True)


def test_catalogue_lists_by_category_and_severity() -> None:
    made = [policy("b-low", "low"), policy("a-high"), policy("c-x", category="another")]
    page = catalogue.markdown(made)
    assert page.index("## another") < page.index("## security-context")
    assert page.index("[`a-high`](a-high.md)") < page.index("[`b-low`](b-low.md)")
    assert "3 policies in 2 categories." in page


@settings(max_examples=80, deadline=None)
@given(made=policies(), example=texts)
def test_no_policy_breaks_a_page(made: Policy, example: str) -> None:
    page = policy_page.markdown(made, example)
    outside = re.sub(r"^(`{3,})\w*\n.*?\n\1$", "", page, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^## (.+)$", outside, re.MULTILINE) == _SECTIONS
    literal = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", re.sub(r"\\[^\w\s]", "", outside))
    assert "<script" not in literal
    for text in (
        policy_page.terminal(made),
        policy_page.help_text(made),
        policy_page.help_markdown(made),
        catalogue.markdown([made]),
    ):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (plain("a|b <i> @x #1"), "a\\|b \\<i\\> @\u2060x #\u20601"),
        (plain("- x"), "\\- x"),
        (plain("1. x"), "1\\. x"),
        (prose("set `a|b` <x>"), "set `a|b` \\<x\\>"),
        (prose("set `a|b`", cell=True), "set `a\\|b`"),
        (prose("a ` b"), "a \\` b"),
        (code("a`b"), "`` a`b ``"),
        (code("a\nb"), "`a b`"),
        (block("```\nx", "yaml"), "````yaml\n```\nx\n````"),
        (uri("a b(1).yaml"), "a%20b%281%29.yaml"),
        (uri("././x"), "x"),
    ],
)
def test_escaping(made: str, text: str) -> None:
    assert made == text
