"""`guardrail scan`: judge files, write reports, end with the exit code."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any

import click

from guardrail.cli.options import catalog_for, complete_policies, complete_profiles, output_width, settings_for, write
from guardrail.errors import UsageError
from guardrail.model.policy import SEVERITIES
from guardrail.settings import in_ci, no_color

_LEVELS = tuple(reversed(SEVERITIES))


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[=FILE]",
    help="text, json, sarif, github, junit or markdown; repeat for several outputs.",
)
@click.option("-o", "--output", metavar="FILE", help="Write the (first) report to a file.")
@click.option(
    "--profile",
    metavar="NAME",
    shell_complete=complete_profiles,
    help="essential, recommended (default), strict, pss-baseline, pss-restricted, or one of your own.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="ID",
    shell_complete=complete_policies,
    help="Add a policy to the profile; a pattern will do.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="ID",
    shell_complete=complete_policies,
    help="Leave a policy out; a pattern will do.",
)
@click.option(
    "--only", multiple=True, metavar="ID", shell_complete=complete_policies, help="Judge by these policies alone."
)
@click.option("--severity", type=click.Choice(_LEVELS), help="Report at or above this severity.")
@click.option("--fail-on", type=click.Choice([*_LEVELS, "never"]), help="Fail at or above (default: low).")
@click.option("--set", "assignments", multiple=True, metavar="POLICY.PARAM=VALUE", help="Set a parameter.")
@click.option("--kubernetes-version", metavar="X.Y", help="The cluster's version (default: latest).")
@click.option("--environment", metavar="NAME", help="Judge Terraform as this environment, such as production.")
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Give a Terraform variable a value.")
@click.option(
    "--var-file", "var_files", multiple=True, metavar="FILE", help="Give Terraform variables a file's values."
)
@click.option("--helm-values", multiple=True, metavar="FILE", help="Render charts with a file's values, too.")
@click.option("--helm-set", multiple=True, metavar="PATH=VALUE", help="Render charts with a value, too.")
@click.option(
    "--helm-dependency-update", is_flag=True, default=None, help="Let helm download the charts that a chart needs."
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out paths.")
@click.option("--policies", "policy_paths", multiple=True, metavar="PATH", help="Policies of your own.")
@click.option("--config", metavar="FILE", help="Settings file (default: .guardrail.yaml, found upward).")
@click.option("--jobs", type=click.IntRange(0), metavar="N", help="Processes to use (default: one for each processor).")
@click.option("--baseline", metavar="FILE", help="Fail only for findings that this baseline does not accept.")
@click.option("--no-cache", is_flag=True, help="Read every policy file anew.")
@click.option("--allow-unparsed", is_flag=True, default=None, help="Do not fail on what cannot be read.")
@click.option("--stdin-filename", default="stdin.yaml", metavar="NAME", help="What to call standard input.")
@click.option(
    "--sarif-profile",
    type=click.Choice(["github", "full"]),
    default="github",
    help="github: live findings only; full: everything SARIF can say.",
)
@click.option("--category", default="guardrail", metavar="NAME", help="Tell uploads of one commit apart.")
@click.option("--pretty", is_flag=True, help="Indent JSON and SARIF.")
@click.option("--quiet", is_flag=True, help="One line per finding.")
@click.option("--coverage", is_flag=True, help="Say in the text what became of every file and block.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Judge the files below PATH (default: the working directory); `-` reads standard input.

    \b
    guardrail scan
    guardrail scan deploy/ --profile pss-restricted --kubernetes-version 1.34
    guardrail scan . -f text -f sarif=guardrail.sarif
    helm template chart | guardrail scan -
    """
    from guardrail.reporters import FORMATS, RenderOptions, render
    from guardrail.scan import baseline
    from guardrail.scan.run import Run

    started = perf_counter()
    paths = paths or (".",)
    outputs = [_output(f, FORMATS) for f in given["formats"] or ("text",)]
    if given["output"]:
        outputs[0] = (outputs[0][0], given["output"])
    settings = settings_for(paths, given["config"], _overrides(given))
    catalog = catalog_for(settings, given["policy_paths"], not given["no_cache"], paths)
    accepted = baseline.read(settings.baseline) if settings.baseline else {}
    bar = _Progress(given["quiet"])
    report = Run(
        settings,
        catalog,
        paths,
        stdin_name=given["stdin_filename"],
        for_upload=any(name in {"sarif", "markdown"} for name, _ in outputs),
        progress=bar,
    ).report()
    bar.clear()
    if settings.baseline:
        report = baseline.mark(report, accepted, settings.baseline)
    for name, file in outputs:
        options = RenderOptions(
            fail_on=settings.fail_on,
            allow_unparsed=settings.allow_unparsed,
            color=file is None and _colored(given["color"]),
            width=output_width(),
            quiet=given["quiet"],
            elapsed=perf_counter() - started,
            sarif_profile=given["sarif_profile"],
            pretty=given["pretty"],
            category=given["category"],
            coverage=given["coverage"],
        )
        text = render(name, report, options)
        if file is None:
            click.echo(text, nl=not text.endswith("\n"))
        else:
            write(file, text)
    return report.exit_code(settings.fail_on, settings.allow_unparsed)


def _overrides(given: dict[str, Any]) -> dict[str, Any]:
    names: tuple[str, ...] = ("profile", "select", "ignore", "severity", "fail_on", "assignments")
    names += (
        "environment",
        "variables",
        "var_files",
        "helm_values",
        "helm_set",
        "helm_dependency_update",
        "jobs",
        "baseline",
        "kubernetes_version",
        "exclude",
        "allow_unparsed",
    )
    found = {name: given[name] for name in names}
    if given["only"]:
        found |= {"profile": "none", "select": given["only"]}
    return found


def _output(text: str, known: Any) -> tuple[str, str | None]:
    name, _, file = text.partition("=")
    if name not in known:
        from guardrail.errors import did_you_mean

        raise UsageError(f"no format named '{name}'{did_you_mean(name, known)}")
    return name, file or None


def _colored(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not no_color()


class _Progress:
    """A line on standard error, on a terminal only, once a scan takes noticeable time."""

    def __init__(self, quiet: bool) -> None:
        self.shown = 0
        self.wanted = not quiet and sys.stderr.isatty() and not in_ci()
        self.drawn = perf_counter() + 0.4

    def __call__(self, done: int, of: int) -> None:
        """Draw ten times a second, after the first half second."""
        if self.wanted and perf_counter() - self.drawn > 0.1:
            self.drawn = perf_counter()
            filled = done * 30 // max(of, 1)
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{of} files")
            sys.stderr.flush()
            self.shown = 1

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
