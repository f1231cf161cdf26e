"""`guardrail baseline`: accept what is there today, and forget what is gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path as FilePath

import click

from guardrail.cli.options import catalog_for, settings_for, write
from guardrail.model.report import Report
from guardrail.scan import baseline
from guardrail.scan.run import Run

_FILE = click.option("--baseline", "file", default=baseline.FILE, metavar="FILE", show_default=True)
_PROFILE = click.option("--profile", metavar="NAME", help="Judge by this profile.")
_CONFIG = click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")


@click.group("baseline")
def command() -> None:
    """Accept the findings of today, so that `scan --baseline FILE` fails for new ones only."""


@command.command("create")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_FILE
@_PROFILE
@_CONFIG
def create(paths: tuple[str, ...], file: str, profile: str | None, config: str | None) -> int:
    """Write a baseline with every live finding; those accepted before keep their date."""
    before = baseline.read(file) if FilePath(file).exists() else {}
    report = _report(paths, profile, config)
    write(file, baseline.text(report.findings, before, date.today().isoformat()))
    click.echo(f"{file}: {len(baseline.read(file))} findings accepted")
    return 0


@command.command("prune")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_FILE
@_PROFILE
@_CONFIG
def prune(paths: tuple[str, ...], file: str, profile: str | None, config: str | None) -> int:
    """Take out of a baseline what PATH no longer has; nothing is added."""
    before = baseline.read(file)
    report = _report(paths, profile, config)
    still = [f for f in report.findings if f.fingerprint in before]
    write(file, baseline.text(still, before, ""))
    after = len(baseline.read(file))
    click.echo(f"{file}: {len(before) - after} taken out, {after} left")
    return 0


def _report(paths: tuple[str, ...], profile: str | None, config: str | None) -> Report:
    settings = settings_for(paths, config, {"profile": profile})
    return Run(settings, catalog_for(settings), paths or (".",)).report()
