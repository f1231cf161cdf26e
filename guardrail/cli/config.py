"""`guardrail config`: the settings in force, their schema, a first settings file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path as FilePath

import click

from guardrail.catalog.files import schema
from guardrail.catalog.select import select
from guardrail.catalog.settings_file import NAMES
from guardrail.cli.options import catalog_for, settings_for
from guardrail.engine.compile import NEWEST_MINOR
from guardrail.errors import UsageError

STARTER = """\
# Settings of guardrail; `guardrail config schema` prints every key.
profile: recommended          # essential | recommended | strict | pss-baseline | pss-restricted
fail-on: low                  # least severity that fails a run: critical | high | medium | low | info | never
kubernetes-version: latest    # the cluster's version, quoted: "1.34"

# exclude:                    # paths that are not judged
#   - vendor/**
# ignore:                     # policies that are left out, by id or pattern
#   - readiness-probe-missing
# policies:                   # one policy changed
#   run-as-root:
#     severity: high
#     mode: audit             # reported, never fails the run
# policy-paths:               # policies of your own
#   - policies/
"""


@click.group("config")
def command() -> None:
    """Show, check or start a settings file."""


@command.command("show")
@click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")
@click.argument("path", default=".")
def show(config: str | None, path: str) -> int:
    """Print the settings in force for PATH, where they come from, and the policies they select."""
    settings = settings_for((path,), config, {})
    selected = select(catalog_for(settings), settings, NEWEST_MINOR)
    found = asdict(settings)
    found["source"] = settings.source or "defaults"
    found["selected"] = {s.policy.id: s.severity for s in selected}
    click.echo(json.dumps(found, indent=2, default=str))
    return 0


@command.command("schema")
@click.argument("kind", type=click.Choice(["settings", "policy", "profile", "report"]), default="settings")
def print_schema(kind: str) -> int:
    """Print the JSON Schema of the settings file, of a policy, of a profile, or of the JSON report."""
    if kind == "report":
        from guardrail.reporters import json_report

        found = json_report.schema()
    else:
        found = schema(kind)
    click.echo(json.dumps(found, indent=2))
    return 0


@command.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False))
def init(folder: str) -> int:
    """Write a first .guardrail.yaml; an existing one is left alone."""
    target = FilePath(folder) / NAMES[0]
    if target.exists():
        raise UsageError(f"{target} exists already")
    try:
        target.write_text(STARTER, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from None
    click.echo(f"wrote {target}")
    return 0
