"""What stands behind `uses:`: an action, a reusable workflow, something local, an image."""

from __future__ import annotations

from functools import lru_cache
from re import compile as regex
from typing import NamedTuple

_SHA = regex(r"[0-9a-fA-F]{40}\Z")
_VERSION = regex(r"[vV]?\d+(\.\d+){0,3}([-+.][0-9A-Za-z.-]+)?\Z")
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*)\Z")
_DIGEST = regex(r"sha256:[0-9a-f]{64}\Z")


class Uses(NamedTuple):
    """A `uses:` taken apart.

    `kind` is `action`, `workflow` (reusable), `local`, `docker`, `dynamic` (holds an expression) or `malformed`.
    `pin` is `sha`, `tag` (looks like a version), `branch` (anything else), `digest` (an image) or `none`. `image` is
    that of `docker://` without tag and digest; `name` is `owner/repo` in lower case, as GitHub ignores case in both.
    """

    text: str
    kind: str
    owner: str = ""
    repo: str = ""
    path: str = ""
    ref: str = ""
    pin: str = "none"
    image: str = ""
    name: str = ""


@lru_cache(maxsize=4096)
def parse_uses(text: str) -> Uses:
    """A `uses:` value taken apart (workflow syntax, `jobs.<job_id>.steps[*].uses` and `jobs.<job_id>.uses`)."""
    if "${{" in text:
        return Uses(text, "dynamic")
    if text.startswith(("./", "../", "$/")):
        return Uses(text, "local", path=text.partition("@")[0])
    if text.startswith("docker://"):
        return _image(text)
    where, at, ref = text.partition("@")
    owner, _, rest = where.partition("/")
    repo, _, path = rest.partition("/")
    if not at or not ref or not _NAME.match(owner) or not _NAME.match(repo) or " " in text:
        return Uses(text, "malformed")
    is_workflow = path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml"))
    kind = "workflow" if is_workflow else "action"
    return Uses(text, kind, owner, repo, path, ref, _pin(ref), name=f"{owner}/{repo}".lower())


def _pin(ref: str) -> str:
    return "sha" if _SHA.match(ref) else "tag" if _VERSION.match(ref) or ref.startswith("refs/tags/") else "branch"


def _image(text: str) -> Uses:
    where, _, digest = text.removeprefix("docker://").partition("@")
    head, slash, last = where.rpartition("/")
    name, _, tag = last.partition(":")
    pin = "digest" if _DIGEST.match(digest) else "tag" if tag else "none"
    return Uses(text, "docker", ref=digest or tag, pin=pin, image=f"{head}{slash}{name}")
