"""`guardrail graph`: a workflow as a drawing, with what is known of its gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from guardrail.cli.options import catalog_for, complete_profiles, complete_workflows, settings_for, write

if TYPE_CHECKING:
    from guardrail.catalog.load import Catalog
    from guardrail.pages.drawing import Drawing
    from guardrail.settings import Settings


@click.command("graph")
@click.argument("workflow", shell_complete=complete_workflows)
@click.option("-f", "--format", "style", type=click.Choice(["mermaid", "dot"]), default="mermaid", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write to a file.")
@click.option(
    "--profile",
    metavar="NAME",
    shell_complete=complete_profiles,
    help="Show as missing what this profile demands before a deploy (default: the settings' profile).",
)
@click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")
def command(workflow: str, style: str, output: str | None, profile: str | None, config: str | None) -> int:
    """Draw WORKFLOW: jobs, what they wait for and call, and what is known of each gate before each deploy.

    Green gates are proven to stop the deploy, red ones do not stop it, grey ones cannot be judged from the files.
    WORKFLOW is a path, or a name in .github/workflows.

    \b
    guardrail graph cd
    guardrail graph cd -f dot | dot -Tsvg > cd.svg
    """
    from guardrail.checks.delivery import Look
    from guardrail.graph.deliveries import delivery
    from guardrail.pages.dot import dot
    from guardrail.pages.drawing import drawing
    from guardrail.pages.mermaid import mermaid
    from guardrail.scan.workflow import open_workflow

    settings = settings_for((), config, {"profile": profile})
    catalog = catalog_for(settings)
    opened = open_workflow(workflow, settings, catalog)
    found = delivery(opened.repository, opened.file, opened.data)
    look = Look(opened.repository, found, found.deploys, {}, opened.file)
    drawn = drawing(look, _required(settings, catalog), opened.mask)
    text = mermaid(drawn) if style == "mermaid" else dot(drawn)
    if style == "mermaid":
        _warn(drawn, text)
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)
    return 0


def _required(settings: Settings, catalog: Catalog) -> Iterator[str]:
    """The gates that policies of the profile demand."""
    from guardrail.catalog.select import select
    from guardrail.engine.compile import NEWEST_MINOR

    for selected in select(catalog, settings, NEWEST_MINOR):
        gate = selected.policy.with_arguments.get("gate")
        if selected.policy.check == "gates.missing" and isinstance(gate, str):
            yield gate


def _warn(drawn: Drawing, text: str) -> None:
    """Say so on standard error when Mermaid would refuse to draw it."""
    from guardrail.pages.mermaid import MOST_EDGES, MOST_TEXT

    if len(text) > MOST_TEXT or len(drawn.edges) > MOST_EDGES:
        click.echo("warning: too large for Mermaid as GitHub runs it; use -f dot", err=True)
