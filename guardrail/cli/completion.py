"""`guardrail completion`: the script that teaches a shell our words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the completion script of a shell: add `eval "$(guardrail completion bash)"` to its start-up file."""
    found = get_completion_class(shell)
    assert found is not None  # the choice above lists only shells click knows
    root = ctx.find_root().command
    click.echo(found(root, {}, "guardrail", "_GUARDRAIL_COMPLETE").source())
    return 0
