"""Credentials that live too long or reach too far: cloud keys, app tokens, what a checkout leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions.shell import commands
from guardrail.actions.uses import Uses, parse_uses
from guardrail.checks.permission_needs import inputs, shell_of
from guardrail.checks.permission_table import entries
from guardrail.checks.token_uses import in_text
from guardrail.model.document import Resource
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.workflows import Data, Job, jobs, steps, steps_by_job

__all__ = ["app_tokens", "cloud_keys", "in_artifact", "persisted"]

_AWS, _GOOGLE, _AZURE = "an AWS access key", "a Google service account key", "an Azure client secret"
_INPUTS = {
    "aws-actions/configure-aws-credentials": ("aws-access-key-id", _AWS),
    "azure/login": ("creds", _AZURE),
    "google-github-actions/auth": ("credentials_json", _GOOGLE),
    "google-github-actions/setup-gcloud": ("service_account_key", _GOOGLE),
}
_VARIABLES = {
    "AWS_SECRET_ACCESS_KEY": _AWS,
    "ARM_CLIENT_SECRET": _AZURE,
    "AZURE_CLIENT_SECRET": _AZURE,
    "GOOGLE_CREDENTIALS": _GOOGLE,
}
_CLOUD_PROGRAMS = frozenset(
    "aws az cdk copilot eb ecs-cli eksctl gcloud packer pulumi sam serverless sls terraform terragrunt tofu".split()
)
_PROFILES = "publish-profile"
_WHOLE = r"(?:\.|\./|\*\*?|\./\*\*?|\.git|\./\.git|\.git/.*|\$\{\{\s*github\.workspace\s*\}\}/?)\Z"
_VERSION = r"[vV]?(\d{1,4})(?:\.(\d{1,4}))?"


def cloud_keys(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Jobs that sign in to a cloud with a key kept as a secret, where OIDC would do: one hit for a job."""
    profiles = bool(arguments.get("params", {}).get("publishProfiles"))
    for job in jobs(item.resource):
        found = next(_keys(item.resource, job, profiles), None)
        if found is not None:
            path, what = found
            yield Hit(path, f"job {job.id} signs in with {what} that stays valid until somebody revokes it")


def _keys(resource: Resource, job: Job, profiles: bool) -> Iterator[tuple[Path, str]]:
    for step in steps_by_job(resource).get(job.id, ()):
        uses = parse_uses(str(step.data.get("uses") or "").strip())
        given = inputs(step.data)
        name, what = _INPUTS.get(uses.name, ("", ""))
        instead = {"aws-session-token", "workload_identity_provider", "client-id"}
        if name in given and _is_secret(given[name]) and instead.isdisjoint(given):
            yield (*step.path, "with", name), what
        if profiles and uses.name.startswith("azure/") and _is_secret(given.get(_PROFILES)):
            yield (*step.path, "with", _PROFILES), "an Azure publish profile"
        if _runs_cloud_program(step.data):
            yield from _variables(resource, job, step.data, step.path)


def _variables(resource: Resource, job: Job, step: Data, path: Path) -> Iterator[tuple[Path, str]]:
    """Keys in the environment of a step. With a session token they are short-lived; another endpoint has no OIDC."""
    env: dict[str, tuple[object, Path]] = {}
    for holder, where in ((resource.data, resource.path), (job.data, job.path), (step, path)):
        given = holder.get("env")
        for name, value in given.items() if isinstance(given, dict) else ():
            env[name] = (value, (*where, "env", name))
    if "AWS_SESSION_TOKEN" in env or any(name.startswith("AWS_ENDPOINT_URL") for name in env):
        return
    if "endpoint" in str(step.get("run")):
        return
    for name, what in _VARIABLES.items():
        if name in env and _is_secret(env[name][0]):
            yield env[name][1], what


def _runs_cloud_program(step: Data) -> bool:
    script = step.get("run")
    if not isinstance(script, str) or not any(program in script for program in _CLOUD_PROGRAMS):
        return False
    return any(command.head in _CLOUD_PROGRAMS for command in commands(script, shell_of(step, "")))


def _is_secret(value: object) -> bool:
    text = value if isinstance(value, str) else ""
    return any(r.steps[0] == "secrets" for written in in_text(text, ()) for r in written.references)


def app_tokens(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Tokens of GitHub Apps that are limited neither to permissions nor to repositories.

    actions/create-github-app-token's README: without `permission-*` the token has all permissions of the
    installation; with `owner` and no `repositories` it reaches all of them.
    """
    for step in steps(item.resource):
        name, given = parse_uses(str(step.data.get("uses") or "").strip()).name, inputs(step.data)
        wide: list[str] = []
        if name == "actions/create-github-app-token":
            wide += ["every permission of the app"] * (not any(k.startswith("permission-") for k in given))
            wide += ["every repository of the owner"] * ("owner" in given and "repositories" not in given)
        elif name == "tibdex/github-app-token":
            wide += ["every permission of the app"] * ("permissions" not in given)
            wide += ["every repository of the installation"] * ("repositories" not in given)
        if wide:
            yield Hit((*step.path, "uses"), f"the app's token is good for {' and '.join(wide)}")


class _Checkout(NamedTuple):
    """A checkout that leaves its credentials behind: the step's path, what it uses, and its place among the steps."""

    path: Path
    uses: Uses
    position: int
    explicit: bool


def persisted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Checkouts that leave the token in git's settings though no later step is seen to push or fetch with it."""
    for held in _jobs_steps(item.resource):
        for checkout in _checkouts(held):
            if checkout.explicit or any(_works_with_git(step) for step, _ in held[checkout.position + 1 :]):
                continue
            path = (*checkout.path, "with", "persist-credentials")
            message = "the checkout leaves the token behind for every later step; set persist-credentials: false"
            yield Hit(path, message, missing=True)


def in_artifact(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Artifacts that hold the checkout's `.git` together with the token in it.

    actions/upload-artifact leaves hidden files out from 4.4.0 and 3.2.0 on unless `include-hidden-files` is true;
    actions/checkout keeps the token outside of `.git` from version 6 on (their release notes).
    """
    for held in _jobs_steps(item.resource):
        checkouts = _checkouts(held)
        for position, (step, path) in enumerate(held):
            uploaded = _uploaded(step)
            before = [c for c in checkouts if c.position < position]
            if not uploaded or not before:
                continue
            known = _version(before[0].uses)
            where = (*path, "with", "path")
            if known is None:
                yield Undecided(where, "the version of actions/checkout behind the commit")
            elif known < (6, 0):
                related = ((Pointer("", (*before[0].path, "uses")), "the token is left in .git/config here"),)
                yield Hit(where, "the artifact holds .git and with it the token of the checkout", related=related)


def _uploaded(step: Data) -> bool:
    """Whether a step uploads the whole workspace, hidden files among it."""
    uses, given = parse_uses(str(step.get("uses") or "").strip()), inputs(step)
    if uses.name != "actions/upload-artifact":
        return False
    lines = [line.strip() for line in str(given.get("path", "")).splitlines()]
    if not any(regex(_WHOLE).match(line) for line in lines) or any(line.startswith("!.git") for line in lines):
        return False
    version = _version(uses)
    old = version is not None and (version < (3, 2) or (4, 0) <= version < (4, 4)) and uses.ref.count(".") > 0
    return old or str(given.get("include-hidden-files", "")).lower() == "true"


def _version(uses: Uses) -> tuple[int, int] | None:
    """Major and minor version of a tag; a branch is the newest one, of a commit nobody knows."""
    if uses.pin == "sha":
        return None
    match = regex(_VERSION).match(uses.ref)
    if match is None:
        return 9999, 0
    return int(match[1]), int(match[2] or 9999)


def _jobs_steps(resource: Resource) -> list[list[tuple[Data, Path]]]:
    """The steps of each job, or those of a composite action."""
    found: dict[str, list[tuple[Data, Path]]] = {}
    for step in steps(resource):
        found.setdefault(step.job.id, []).append((step.data, step.path))
    return list(found.values())


def _checkouts(held: list[tuple[Data, Path]]) -> list[_Checkout]:
    found = []
    for position, (step, path) in enumerate(held):
        uses = parse_uses(str(step.get("uses") or "").strip())
        kept = str(inputs(step).get("persist-credentials", "")).strip().lower()
        if uses.name == "actions/checkout" and kept != "false":
            found.append(_Checkout(path, uses, position, bool(kept)))
    return found


def _works_with_git(step: Data) -> bool:
    """Whether a step is seen to talk to a remote by git."""
    uses = parse_uses(str(step.get("uses") or "").strip())
    if uses.kind == "action":
        return any("git" in entry.conditions for entry in entries(uses.name, uses.path) or ())
    script = step.get("run")
    if not isinstance(script, str) or "git" not in script:
        return False
    found = commands(script, shell_of(step, ""))
    return any(c.head == "git" and _reaches_out(c.words) and not _is_local(c.words) for c in found)


def _reaches_out(words: tuple[str, ...]) -> bool:
    return bool({"push", "fetch", "pull", "clone", "submodule", "lfs", "ls-remote", "remote"} & set(words[1:4]))


def _is_local(words: tuple[str, ...]) -> bool:
    return words[1:3] == ("submodule", "status") or words[1:3] == ("lfs", "install")
