"""`guardrail policy`: test policies by their fixtures, check them alone."""

from __future__ import annotations

from pathlib import Path as FilePath

import click

from guardrail.catalog.files import documents, validate
from guardrail.catalog.load import Catalog, load, shipped_directory
from guardrail.catalog.select import Selected
from guardrail.engine.compile import NEWEST_MINOR, compile_policy
from guardrail.errors import GuardrailError, UsageError
from guardrail.model.policy import Policy


@click.group("policy")
def command() -> None:
    """Test and check policies of your own (the shipped ones when no PATH is given)."""


@command.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def run_fixtures(paths: tuple[str, ...]) -> int:
    """Run each policy's fixtures: every line marked `# expect: ID` must have a finding, no other line may.

    A policy needs a bad and a good fixture, in fixtures/.../ID/ at the mirrored path or in ID/ beside it.
    """
    from guardrail.scan.fixtures import cases, check, orphans

    catalog, policies = _catalog(paths)
    wrong = [m for policy in policies for m in check(policy, catalog)]
    wrong += orphans(policies)
    for mismatch in wrong:
        click.echo(f"{_relative(mismatch.place)}: {mismatch.message}")
    count = sum(1 for policy in policies for _ in cases(policy))
    click.echo(f"{len(policies)} policies, {count} cases, {len(wrong)} wrong")
    return 1 if wrong else 0


@command.command("lint")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def lint(paths: tuple[str, ...]) -> int:
    """Check policies without running them: shape, expressions, names, parameters."""
    _, policies = _catalog(paths)
    wrong = 0
    for policy in policies:
        for message in _faults(policy):
            wrong += 1
            click.echo(message)
    click.echo(f"{len(policies)} policies, {wrong} wrong")
    return 2 if wrong else 0


def _catalog(paths: tuple[str, ...]) -> tuple[Catalog, list[Policy]]:
    """The catalogue with the policies below `paths`, and just those."""
    shipped = shipped_directory().resolve()
    roots = [FilePath(p).resolve() for p in paths] or [shipped]
    own = tuple(r for r in roots if not r.is_relative_to(shipped))
    catalog = load(own)
    policies = [
        p for p in catalog.policies.values() if any(FilePath(p.origin).resolve().is_relative_to(root) for root in roots)
    ]
    if not policies:
        raise UsageError(f"no policy in {', '.join(paths)}")
    return catalog, policies


def _faults(policy: Policy) -> list[str]:
    """What is wrong with one policy, as `place: message`."""
    try:
        for written in documents(FilePath(policy.origin)):
            kind = str(written.data.get("kind", "")).lower()
            if kind in {"policy", "profile"}:
                validate(written, kind)
        compile_policy(Selected(policy, policy.severity, {}, True), NEWEST_MINOR)
    except GuardrailError as error:
        return [str(error)]
    return []


def _relative(place: str) -> str:
    file, colon, rest = place.partition(":")
    try:
        return f"{FilePath(file).relative_to(FilePath.cwd())}{colon}{rest}"
    except ValueError:
        return place
