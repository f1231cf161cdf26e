"""The order of steps in a job: what must come before what, where that is certain.

A step may be prepared by whatever came before it: a composite action that checks out, a runner of one's own that has
the files. So an order is called wrong only where nothing before can have done it, or where the step that does it comes
later in the same job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions.shell import Command, commands
from guardrail.actions.syntax.shape import short
from guardrail.actions.uses import parse_uses
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.runners import runners
from guardrail.views.workflows import Job

__all__ = [
    "analyze_without_init",
    "checkout",
    "credentials",
    "files",
    "multi_platform",
    "without_checkout",
    "without_credentials",
]

_CHECKOUT = "actions/checkout"
_HARMLESS = frozenset("actions github docker azure aws-actions google-github-actions hashicorp astral-sh pnpm".split())
"""Owners whose actions check nothing out but for actions/checkout itself."""

_LOGINS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("aws", "eksctl", "sam", "cdk"), ("aws-actions/configure-aws-credentials",)),
    (("az",), ("azure/login",)),
    (("gcloud", "gsutil", "bq"), ("google-github-actions/auth", "google-github-actions/setup-gcloud")),
)
"""Commands that need somebody to have logged in, and the actions that do."""

_REGISTRY = "aws-actions/amazon-ecr-login"
_LOOKED_UP = regex(r"--no-sign-request|--endpoint-url|localstack|awslocal|\./|\b(?:bash|sh|source|make|npm|task) ")
"""Requests that need no credentials, and scripts that may bring them."""

_OF_PROJECT: Mapping[str, frozenset[str]] = {
    "npm": frozenset({"ci", "test", "run", "start"}),
    "yarn": frozenset({"", "install", "build", "test", "run"}),
    "pnpm": frozenset({"install", "i", "build", "test", "run"}),
    "make": frozenset({""}),
    "mvn": frozenset({"package", "verify", "test", "install", "compile"}),
    "cargo": frozenset({"build", "test", "check", "clippy"}),
    "go": frozenset({"build", "test", "vet"}),
    "bundle": frozenset({"install", "exec"}),
    "composer": frozenset({"install", "test"}),
    "poetry": frozenset({"install", "build"}),
    "dotnet": frozenset({"build", "test", "restore", "publish"}),
}
"""Commands that read the project's own files, by their first word and the one behind it."""


class _Step(NamedTuple):
    """A step of a job: its path, data, and what it uses, lower-cased, without the ref."""

    path: Path
    data: Mapping[str, object]
    uses: str = ""
    local: bool = False
    script: str = ""


def _job(item: Item) -> Job:
    data = item.bindings["job"]
    return Job(str(item.bindings["jobId"]), data if isinstance(data, dict) else {}, item.path)


def _steps(item: Item) -> list[_Step]:
    """The steps of a job on GitHub's own machines; none where anything may be there already."""
    job = _job(item)
    found, listed = runners(job), job.data.get("steps")
    if not isinstance(listed, list) or found is None or any(runner.own for runner in found) or "container" in job.data:
        return []
    return [_step(data, (*job.path, "steps", at)) for at, data in enumerate(listed) if isinstance(data, dict)]


def _step(data: Mapping[str, object], path: Path) -> _Step:
    uses, run = data.get("uses"), data.get("run")
    if isinstance(uses, str):
        parsed = parse_uses(uses.strip())
        name = f"{parsed.owner}/{parsed.repo}{'/' + parsed.path if parsed.path else ''}".lower()
        return _Step(path, data, name if parsed.owner else "?", parsed.kind == "local" and not uses.startswith("$/"))
    return _Step(path, data, script=run if isinstance(run, str) else "")


def _may_fetch(step: _Step) -> bool:
    """Whether a step may bring files that it is not known for."""
    if "parallel" in step.data or step.local:
        return True
    if step.uses:
        return _unknown(step) or "checkout" in step.uses or "download" in step.uses
    return any(word in step.script for word in ("git ", "clone", "curl", "wget", "unzip", "tar ", "gh ", "> ", "cp "))


def _unknown(step: _Step) -> bool:
    """Whether an action may do anything at all."""
    if step.local or "parallel" in step.data:
        return True
    return bool(step.uses) and step.uses.partition("/")[0] not in _HARMLESS


def _may_log_in(step: _Step) -> bool:
    return _unknown(step) or any(word in step.script for word in ("login", "configure", "AWS_", "KEY", "CREDENTIALS"))


def checkout(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A local action before the repository is checked out (workflow syntax, `steps[*].uses`: "You must check out")."""
    found = _steps(item)
    for at, step in enumerate(found):
        if step.local:
            if not any(_may_fetch(before) for before in found[:at]):
                later = next((s for s in found[at:] if s.uses == _CHECKOUT), None)
                told = "the checkout comes after it" if later else "no step before it checks the repository out"
                yield Hit((*step.path, "uses"), f"{short(str(step.data['uses']))}: {told}", related=_later(later))
            return


def _later(step: _Step | None) -> tuple[tuple[Pointer, str], ...]:
    return ((Pointer("", (*step.path, "uses")), "this comes later"),) if step is not None else ()


def files(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Commands that read the project's files in a step before the checkout of the same job."""
    told = "{0} runs before the repository is checked out"
    yield from _before(item, _Order(_CHECKOUT, _reads_project, _may_fetch, told))


def without_checkout(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Commands that read the project's files in a job that checks nothing out."""
    for step in _steps(item):
        if _may_fetch(step) or "cache" in step.uses:
            return
        for command in _commands(step, _reads_project):
            yield _hit(step, command, f"{_words(command)} reads the project's files, and nothing checks them out")
            return


def credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Commands of a cloud before the step of the same job that logs in to it."""
    if any(_gives_keys(data) for data in (item.resource.data, item.bindings["job"])):
        return
    for heads, logins in _LOGINS:
        for login in logins:
            order = _Order(login, partial(_asks, heads), _may_log_in, "{0} runs before the step that logs in")
            yield from _before(item, order)


def without_credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """AWS is asked, or its registry signed in to, in a job that nothing gives credentials of AWS.

    GitHub's runners have none. Not where the address is another (LocalStack), or the request is not signed.
    """
    if any(_gives_keys(data) for data in (item.resource.data, item.bindings["job"])):
        return
    for step in _steps(item):
        known = step.uses.startswith("aws-actions/") and step.uses != _REGISTRY
        if known or _may_log_in(step) or _gives_keys(step.data) or _LOOKED_UP.search(step.script):
            return
        if step.uses == _REGISTRY:
            yield Hit((*step.path, "uses"), f"{_REGISTRY} finds no credentials: nothing in the job brings any")
            return
        for command in _commands(step, partial(_asks, ("aws", "eksctl"))):
            yield _hit(step, command, f"{_words(command)} finds no credentials: nothing in the job brings any")
            return


def _asks(heads: tuple[str, ...], command: Command) -> bool:
    """Whether a command asks a cloud for something, and does not ask only about itself."""
    about = {"--version", "--help", "version", "help", "configure"}
    return command.head in heads and len(command.words) > 1 and not about & {*command.words[1:]}


def _gives_keys(data: object) -> bool:
    env = data.get("env") if isinstance(data, dict) else None
    return isinstance(env, str) or (
        isinstance(env, dict) and any("KEY" in k or "TOKEN" in k or "CRED" in k for k in env)
    )


class _Order(NamedTuple):
    """What must come first: an action; the commands that need it; steps that may do it, too; the words."""

    action: str
    needs: Callable[[Command], bool]
    prepared: Callable[[_Step], bool]
    told: str


def _before(item: Item, order: _Order) -> Iterator[Hit]:
    """The first command that needs an action which comes later, when nothing before it may have done the same."""
    found = _steps(item)
    later = next((at for at, step in enumerate(found) if step.uses == order.action), 0)
    for step in found[:later]:
        if order.prepared(step) or _gives_keys(step.data):
            return
        for command in _commands(step, order.needs):
            yield _hit(step, command, order.told.format(_words(command)), found[later])
            return


def _commands(step: _Step, judged: Callable[[Command], bool]) -> Iterator[Command]:
    if not step.script or "working-directory" in step.data:
        return
    shell = step.data.get("shell")
    for command in commands(step.script, shell if isinstance(shell, str) else "bash"):
        if not command.masked and not command.guard and judged(command):
            yield command


def _reads_project(command: Command) -> bool:
    known = _OF_PROJECT.get(command.head)
    if command.head.startswith(("./gradlew", "./mvnw")):
        return True
    if known is None or any(
        word.startswith(("-C", "--prefix", "--cwd", "-f", "--manifest-path")) for word in command.words
    ):
        return False
    second = next((word for word in command.words[1:] if not word.startswith("-")), "")
    return second in known and not any(word in {"--version", "-v", "-V", "--help", "-g"} for word in command.words)


def _words(command: Command) -> str:
    return short(" ".join(command.words[:3]))


def _hit(step: _Step, command: Command, message: str, later: _Step | None = None) -> Hit:
    line = command.text.partition("\n")[0].strip()
    times = step.script.count(line, 0, command.order) if line else 0
    return Hit((*step.path, "run"), message, text=line, occurrence=times, related=_later(later))


def analyze_without_init(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`codeql-action/analyze` without `init` before it, which fails ("Did not find CodeQL database")."""
    found = _steps(item)
    for at, step in enumerate(found):
        if step.uses == "github/codeql-action/init" or step.local or "parallel" in step.data or step.uses == "?":
            return
        if step.uses == "github/codeql-action/analyze":
            later = next((s for s in found[at:] if s.uses == "github/codeql-action/init"), None)
            told = "its init comes after it" if later else "no step of the job runs github/codeql-action/init before it"
            yield Hit((*step.path, "uses"), f"github/codeql-action/analyze: {told}", related=_later(later))
            return


def multi_platform(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A build for several platforms without a builder for them (docs.docker.com, "Multi-platform builds")."""
    for step in _steps(item):
        if step.local or "buildx" in step.script or "parallel" in step.data or "?" in step.uses:
            return
        if step.uses.startswith(("docker/setup-", "crazy-max/ghaction-setup", "depot/")) and "qemu" not in step.uses:
            return
        given = step.data.get("with")
        platforms = given.get("platforms") if isinstance(given, dict) else None
        if step.uses == "docker/build-push-action" and isinstance(platforms, str) and "," in platforms:
            if isinstance(given, dict) and "builder" not in given and "${{" not in platforms:
                told = "several platforms need a builder; run docker/setup-buildx-action before"
                yield Hit((*step.path, "with", "platforms"), told)
            return
