"""`guardrail rules`: the policies, filtered, as a table or JSON."""

from __future__ import annotations

from dataclasses import replace

import click

from guardrail.catalog.select import Selected, select
from guardrail.cli.options import catalog_for, settings_for
from guardrail.engine.compile import NEWEST_MINOR
from guardrail.model.policy import SEVERITIES, Policy, severity_rank


@click.command("rules")
@click.option("--profile", metavar="NAME", help="Only the policies of a profile.")
@click.option("--category", metavar="NAME", help="Only a category.")
@click.option("--severity", type=click.Choice(tuple(reversed(SEVERITIES))), help="At or above a severity.")
@click.option("--control", metavar="TEXT", help="Only policies that serve a control, such as cwe or 5.2.2.")
@click.option("--search", metavar="TEXT", help="Only policies whose id, title or peers' ids hold a text.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")
@click.option("--policies", "policy_paths", multiple=True, metavar="PATH", help="Policies of your own.")
def command(
    profile: str | None, as_json: bool, config: str | None, policy_paths: tuple[str, ...], **filters: str | None
) -> int:
    """List the policies."""
    settings = settings_for((), config, {})
    catalog = catalog_for(settings, policy_paths)
    if profile:
        chosen = select(catalog, replace(settings, profile=profile, select=(), ignore=()), NEWEST_MINOR)
    else:
        chosen = tuple(Selected(p, p.severity, {}, True) for p in catalog.policies.values())
    found = [s for s in chosen if _meets(s.policy, filters)]
    found.sort(key=lambda s: (s.policy.category, -severity_rank(s.severity), s.policy.id))
    if as_json:
        import json

        click.echo(json.dumps([_record(s) for s in found], indent=2))
        return 0
    width = max((len(s.policy.id) for s in found), default=0)
    category = ""
    for s in found:
        if s.policy.category != category:
            category = s.policy.category
            click.echo(f"{category}:")
        click.echo(f"  {s.policy.id:{width}}  {s.severity:8}  {s.policy.title}")
    click.echo(f"{len(found)} policies")
    return 0


def _meets(policy: Policy, filters: dict[str, str | None]) -> bool:
    category, severity = filters["category"], filters["severity"]
    control, search = filters["control"], filters["search"]
    if category and policy.category != category:
        return False
    if severity and severity_rank(policy.severity) < severity_rank(severity):
        return False
    clauses = [f"{name} {clause}" for name, ids in policy.controls.items() for clause in ids]
    if control and not any(control.lower() in clause.lower() for clause in clauses):
        return False
    words = [policy.id, policy.title, *policy.aliases, *(i for ids in policy.equivalents.values() for i in ids)]
    return not search or any(search.lower() in word.lower() for word in words)


def _record(selected: Selected) -> dict[str, object]:
    policy = selected.policy
    return {
        "id": policy.id,
        "title": policy.title,
        "severity": selected.severity,
        "category": policy.category,
        "profiles": list(policy.profiles),
        "kinds": list(policy.match.kinds),
        "why": policy.why,
        "remediation": policy.remediation,
        "params": {n: {"default": p.default, "description": p.description} for n, p in policy.params.items()},
        "controls": {name: list(ids) for name, ids in policy.controls.items()},
        "equivalents": {name: list(ids) for name, ids in policy.equivalents.items()},
    }
