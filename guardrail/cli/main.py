"""The command `guardrail`. Each command is a module of its own, imported only when it is called."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from guardrail import __version__
from guardrail.errors import GuardrailError, did_you_mean

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "scan": "Judge files and report what is wrong.",
        "explain": "Say what a policy demands, why, and how to fix it.",
        "why": "Say when each job of a workflow runs, and why it does not.",
        "graph": "Draw a workflow with its gates.",
        "rules": "List the policies.",
        "policy": "Test and check policies of your own.",
        "baseline": "Accept the findings of today, fail for new ones only.",
        "config": "Show, check or start a settings file.",
        "completion": "Print the completion script of a shell.",
        "docs": "Write or check the generated documentation.",
    }
)
HIDDEN = frozenset({"docs"})

_OBJECTS = 500_000
"""How many new objects make Python look for cycles: a scan makes many and no cycles, and looking costs half of it."""


class _Commands(click.Group):
    """A group whose commands are imported on demand, so that starting costs next to nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if name not in HIDDEN]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"guardrail.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no command named '{args[0]}'{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="guardrail", message="%(prog)s %(version)s")
def cli() -> None:
    """Judge what stands between a commit and a running cluster.

    Exit codes: 0 clean; 1 findings; 2 usage, settings or policy error; 3 some input could not be
    evaluated; 4 internal error.
    """


def main() -> None:
    """Run the command line and end the process; every way out has its exit code, and none shows a traceback."""
    gc.set_threshold(_OBJECTS)
    try:
        code = cli.main(standalone_mode=False, prog_name="guardrail")
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = 2
    except GuardrailError as error:
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:  # the last net: an internal fault is told in a line
        click.echo(f"internal error: {type(error).__name__}: {error}", err=True)
        click.echo("This is a fault in guardrail; please report it with the command you ran.", err=True)
        code = 4
    _leave(code if isinstance(code, int) else 0)


def _leave(code: int) -> None:
    """End the process at once: taking a scan's objects down one by one is a tenth of a small one's time."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # nobody is there to read it, or it was closed
            continue
    os._exit(code)


if __name__ == "__main__":
    main()
