"""`guardrail explain`: a policy in full."""

from __future__ import annotations

import sys

import click

from guardrail.cli.options import catalog_for, complete_policies, settings_for
from guardrail.settings import no_color


@click.command("explain")
@click.argument("policy_id", metavar="ID", shell_complete=complete_policies)
@click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")
@click.option("--policies", "policy_paths", multiple=True, metavar="PATH", help="Policies of your own.")
@click.option("--markdown", is_flag=True, help="As Markdown.")
def command(policy_id: str, config: str | None, policy_paths: tuple[str, ...], markdown: bool) -> int:
    """Say what policy ID demands, why, how to fix what it finds, and how to ignore it."""
    from shutil import get_terminal_size

    from guardrail.pages import policy_page

    catalog = catalog_for(settings_for((), config, {}), policy_paths)
    policy = catalog.policy(policy_id)
    if markdown:
        click.echo(policy_page.markdown(policy))
    else:
        color = sys.stdout.isatty() and not no_color()
        click.echo(policy_page.terminal(policy, color, min(get_terminal_size((100, 24)).columns, 120)))
    return 0
