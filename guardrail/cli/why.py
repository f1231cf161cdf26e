"""`guardrail why`: when each job of a workflow runs, and because of what it does not."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from guardrail.cli.options import catalog_for, complete_workflows, output_width, settings_for
from guardrail.errors import UsageError, did_you_mean
from guardrail.settings import no_color

if TYPE_CHECKING:
    from guardrail.actions.model import Pipeline, Scenario


@click.command("why")
@click.argument("workflow", shell_complete=complete_workflows)
@click.argument("job", default="")
@click.option("--event", metavar="NAME", help="Only runs that this event starts: push, pull_request ...")
@click.option("--ref", metavar="NAME", help="Only runs on this branch or tag.")
@click.option("--fail", "failing", multiple=True, metavar="STEP", help="Make a step, or a job, fail; repeatable.")
@click.option("-f", "--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")
def command(workflow: str, job: str, **given: Any) -> int:
    """Say in which cases each job of WORKFLOW runs, or each step of JOB, and because of what it does not.

    WORKFLOW is a path, or a name in .github/workflows. Nothing is run: GitHub's own conditions are evaluated for
    every way in which the workflow can start.

    \b
    guardrail why ci
    guardrail why .github/workflows/cd.yml deploy --event push
    guardrail why cd --fail "npm test"
    """
    from guardrail.graph.deliveries import delivery
    from guardrail.graph.outcomes import groups
    from guardrail.graph.subjects import faults_named, job_named, labels
    from guardrail.pages import scenario_table
    from guardrail.scan.workflow import open_workflow

    settings = settings_for((), given["config"], {})
    opened = open_workflow(workflow, settings, catalog_for(settings))
    pipeline = delivery(opened.repository, opened.file, opened.data).pipeline
    about = job_named(pipeline, job).id if job else ""
    faults = [fault for word in given["failing"] for fault in faults_named(pipeline, word)]
    named = labels(pipeline)
    found = scenario_table.Table(
        pipeline,
        groups(pipeline, _scenarios(pipeline, given["event"], given["ref"]), faults, about),
        about,
        named,
        tuple(f"{named[fault.step]} ({fault.step})" for fault in faults),
        f"on {given['ref']}" if given["ref"] else "",
    )
    table = scenario_table.masked(found, opened.mask)
    if given["style"] == "json":
        import json

        click.echo(json.dumps(scenario_table.as_data(table), indent=2, ensure_ascii=False, default=str))
    else:
        color = sys.stdout.isatty() and not no_color()
        click.echo(scenario_table.terminal(table, color, output_width()), nl=False)
    return 0


def _scenarios(pipeline: Pipeline, event: str | None, ref: str | None) -> Iterable[Scenario]:
    from guardrail.actions.scenarios import scenarios
    from guardrail.graph.refs import on_ref

    if event is not None and event not in pipeline.triggers:
        known = ", ".join(pipeline.triggers) or "nothing"
        hint = did_you_mean(event, pipeline.triggers)
        raise UsageError(f"{pipeline.file} is not started by '{event}'{hint}; it is started by {known}")
    found = [s for s in scenarios(pipeline) if event in (None, s.event)]
    return found if ref is None else on_ref(pipeline, found, ref)
