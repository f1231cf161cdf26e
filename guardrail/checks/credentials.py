"""Secrets in expressions: who gets them, how many, and from how far away.

Facts: GitHub's "Secure use reference" and "Secrets reference", and its workflow syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from guardrail.actions import expressions
from guardrail.actions.triggers import events
from guardrail.actions.uses import parse_uses
from guardrail.checks.token_uses import Written, secrets_in
from guardrail.checks.uses_lock import is_locked
from guardrail.checks.uses_pins import fixedness
from guardrail.model.place import Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.workflows import Job, jobs

__all__ = [
    "as_output",
    "computed",
    "outside_environment",
    "to_moving_action",
    "unredacted",
    "whole",
    "wide_env",
]

_OWN_TOKEN = "github_token"
_TRUSTED = frozenset({"actions", "github"})
_NAMED = 3


def whole(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Expressions that hand over all secrets at once: `toJSON(secrets)`, `secrets.*`, `secrets` itself."""
    for written in secrets_in(item.resource.data):
        if any(r.steps in (("secrets",), ("secrets", "*")) for r in written.references):
            yield _hit(written, "every secret of the repository and organisation is handed over here")


def computed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets whose name is worked out by the run: all of them go to the runner, for any may be the one."""
    for written in secrets_in(item.resource.data):
        if any(r.steps[:2] == ("secrets", None) for r in written.references):
            yield _hit(written, "the secret's name is computed, so every secret is sent to the runner")


def unredacted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Parts of a secret taken out with `fromJSON`: GitHub masks the secret as a whole, not its parts.

    "Secure use reference": never use structured data as a secret, redaction relies on finding an exact match.
    """
    for written in secrets_in(item.resource.data):
        node = written.embedded.node
        for call in expressions.calls(node) if node is not None else ():
            inside = (r for a in call.arguments for r in expressions.references(a)) if call.name == "fromjson" else ()
            name = next((r.steps[1] for r in inside if r.steps[0] == "secrets" and len(r.steps) > 1), None)
            if name:
                yield _hit(
                    written, f"parts of the secret {name.upper()} are taken out here, and logs do not mask those"
                )
                break


def as_output(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Job outputs that are a secret: "Outputs containing secrets are redacted on the runner and not sent"."""
    for job in jobs(item.resource):
        for written in secrets_in(item.resource.data, *job.path, "outputs"):
            if isinstance(written.embedded.node, expressions.Index) and _first_secret(written):
                yield _hit(written, f"output {written.path[-1]} is a secret, and GitHub passes no such output on")


def wide_env(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets in the `env` of a workflow or job with more steps than one, each of which can read them."""
    data = item.resource.data
    held = list(jobs(item.resource))
    everything = sum(_size(job) for job in held)
    if everything > 1:
        yield from _in_env(secrets_in(data, "env"), "every step of the workflow")
    for job in held:
        if _size(job) > 1:
            yield from _in_env(secrets_in(data, *job.path, "env"), f"every step of job {job.id}")


def _in_env(found: Iterable[Written], who: str) -> Iterator[Hit]:
    for written in found:
        name = _first_secret(written)
        if name:
            yield _hit(written, f"{who} gets {name.upper()}")


def outside_environment(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Jobs that use secrets and name no environment: one hit for a job, at the first secret.

    What is only called by others has the secrets that its caller passes, which an environment cannot hold.
    """
    if set(events(item.resource.data)) == {"workflow_call"}:
        return
    allowed = [str(name).lower() for name in arguments.get("params", {}).get("allowed", ())]
    for job in jobs(item.resource):
        if "environment" in job.data or "uses" in job.data:
            continue
        found = [(w, name) for w in secrets_in(item.resource.data, *job.path) if (name := _first_secret(w))]
        left = [(w, n) for w, n in found if n != _OWN_TOKEN and not any(fnmatchcase(n, a) for a in allowed)]
        if left:
            names = list(dict.fromkeys(name.upper() for _, name in left))
            yield _hit(left[0][0], f"job {job.id} names no environment and uses {_listed(names)}")


def to_moving_action(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets given to an action of somebody else's that is taken from a branch, with `tags` also from a tag."""
    params = arguments.get("params", {})
    pins = {"branch", "tag"} if params.get("tags") else {"branch"}
    trusted = _TRUSTED | {str(owner).lower() for owner in params.get("trustedOwners", ())}
    uses = parse_uses(str(item.bindings["uses"]["text"]))  # type: ignore[index]
    step = item.bindings.get("step")
    if uses.kind != "action" or fixedness(uses) not in pins or uses.owner.lower() in trusted:
        return
    if not isinstance(step, dict) or is_locked(item, uses):
        return
    data, path = item.resource.data, item.path[:-1]
    given = [*secrets_in(data, *path, "with"), *secrets_in(data, *path, "env")]
    named = [(w, name) for w in given if (name := _first_secret(w)) and name != _OWN_TOKEN]
    if named:
        names = _listed(list(dict.fromkeys(name.upper() for _, name in named)))
        related = tuple((Pointer("", w.path, w.text, w.occurrence), "given here") for w, _ in named)
        message = (
            f"{names} is given to {uses.name}, whose {uses.pin} {uses.ref} can be changed by its owner at any time"
        )
        yield Hit(item.path, message, related=related)


def _first_secret(written: Written) -> str:
    """The name of the first secret in an expression, in lower case; empty where there is none or it is computed.

    One that is only compared with something, such as `secrets.X != ''`, is not handed over.
    """
    node = written.embedded.node
    if isinstance(node, expressions.Compare | expressions.Not):
        return ""
    return next((r.steps[1] or "" for r in written.references if r.steps[0] == "secrets" and len(r.steps) > 1), "")


def _size(job: Job) -> int:
    steps = job.data.get("steps")
    return len(steps) if isinstance(steps, list) else 0


def _hit(written: Written, message: str) -> Hit:
    return Hit(written.path, message, text=written.text, occurrence=written.occurrence)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(name[:60] for name in names[:_NAMED]) + more
