"""The index of all policies: a table for each category."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.model.policy import Policy, severity_rank
from guardrail.pages.markup import code, link, plain, prose, uri
from guardrail.pages.policy_page import applies_to
from guardrail.pages.screen import counted, listed


def markdown(policies: Iterable[Policy]) -> str:
    """The page `docs/policies/index.md`.

    Categories by name, in each the most severe policies first.
    """
    by_category: dict[str, list[Policy]] = {}
    for policy in policies:
        by_category.setdefault(policy.category, []).append(policy)
    total = sum(map(len, by_category.values()))
    categories = counted(len(by_category), "category", "categories")
    summary = f"{counted(total, 'policy', 'policies')} in {categories}."
    parts = ["# Policies", summary]
    parts += [f"## {plain(name)}\n\n{_table(by_category[name])}" for name in sorted(by_category)]
    return "\n\n".join(parts) + "\n"


def _table(policies: list[Policy]) -> str:
    ordered = sorted(policies, key=lambda p: (-severity_rank(p.severity), p.id))
    rows = [
        f"| {link(code(p.id), uri(f'{p.id}.md'))} | {plain(p.severity)} "
        f"| {prose(p.title, cell=True)} "
        f"| {plain(applies_to(p))} | {listed(map(code, p.profiles))} |"
        for p in ordered
    ]
    return "\n".join(
        [
            "| policy | severity | title | applies to | profiles |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
    )
