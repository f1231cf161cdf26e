"""Dependabot's settings beside the repository they are for: directories that are not there, manifests left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from posixpath import basename, dirname
from typing import Any

from guardrail.checks.dependabot import Update, folder, updates
from guardrail.graph.repository import WORKFLOWS, Repository
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["absent", "actions", "uncovered"]

_RENOVATE = ("renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".github/renovate.json")
_MANIFESTS = {
    "bundler": ("Gemfile",),
    "composer": ("composer.json",),
    "docker": ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile"),
    "gomod": ("go.mod",),
    "npm": ("package.json",),
}
"""Ecosystems whose manifests each stand for themselves: no workspace or parent module brings others in.

Of npm only those with a lock file beside them count: a workspace's members have none.
"""
_LOCKS = frozenset({"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"})
_PASSED_OVER = frozenset(
    "node_modules vendor third_party testdata test tests __tests__ fixtures examples example samples dist build".split()
)
_DEEPEST, _MOST_FOLDERS, _MOST_NAMED = 6, 3000, 3


def absent(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Directories that the repository does not have: Dependabot's run fails every time.

    Those with wildcards, and updates of another branch, cannot be judged by the files at hand.
    """
    repository = _repository(item)
    for update in updates(item.resource.data) if repository else ():
        for name, path in () if "target-branch" in update.data else update.directories():
            if repository and not set(name) & set("*?[{$") and not _is_there(repository, folder(name)):
                yield Hit(path, f"the repository has no directory {name}")


def actions(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Workflows that use actions while no entry updates `github-actions`."""
    repository = _repository(item)
    data = item.resource.data
    if repository is None or not isinstance(data.get("updates"), list):
        return
    if any(update.ecosystem == "github-actions" for update in updates(data)):
        return
    if any(repository.text(name) is not None for name in _RENOVATE):
        return
    if any(_uses_actions(found) for found in repository.workflows().values()):
        yield Hit(("updates",), "no entry updates github-actions, and the workflows here use actions")


def uncovered(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Manifests of an ecosystem that is updated, in directories that no entry names; one hit for each ecosystem."""
    repository = _repository(item)
    if repository is None:
        return
    by_ecosystem: dict[str, list[Update]] = {}
    for update in updates(item.resource.data):
        by_ecosystem.setdefault(update.ecosystem, []).append(update)
    found = repository.once("manifest folders", lambda: _folders(repository))
    for ecosystem, entries in by_ecosystem.items():
        if any("exclude-paths" in e.data for e in entries):
            continue
        patterns = ["/" + folder(name) for e in entries for name, _ in e.directories()]
        left = [f for f in found.get(ecosystem, ()) if not any(_covers(p, f) for p in patterns)]
        if left:
            more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
            message = f"{ecosystem} is not updated in {', '.join(left[:_MOST_NAMED])}{more}"
            yield Hit((*entries[0].path, "package-ecosystem"), message)


def _repository(item: Item) -> Repository | None:
    """The repository whose settings these are; None for a file that lies elsewhere, which says nothing of others."""
    found = item.bindings.get("repository")
    if isinstance(found, Repository) and basename(dirname(item.resource.document.file)) == ".github":
        return found if ".github/" in found.names("") else None
    return None


def _is_there(repository: Repository, name: str) -> bool:
    return not name or f"{basename(name)}/" in repository.names(dirname(name))


def _covers(pattern: str, name: str) -> bool:
    """Whether a directory as written is about a folder; `*` is taken to lead through any number of levels."""
    return name == pattern or ("*" in pattern and fnmatchcase(name, pattern.replace("**/", "*")))


def _uses_actions(workflow: Mapping[str, object]) -> bool:
    jobs = workflow.get("jobs")
    for job in jobs.values() if isinstance(jobs, dict) else ():
        steps = job.get("steps") if isinstance(job, dict) else None
        held = [job, *(steps if isinstance(steps, list) else ())]
        uses = [str(h.get("uses") or "") for h in held if isinstance(h, dict)]
        if any("@" in u and not u.startswith(("./", "docker://")) for u in uses):
            return True
    return False


def _folders(repository: Repository) -> dict[str, list[str]]:
    """Folders with a manifest by ecosystem, breadth first and bounded; `.github` holds those of composite actions."""
    found: dict[str, list[str]] = {}
    queue = [("", 0)]
    for above, depth in queue:
        names = repository.names(above)
        for ecosystem, patterns in _MANIFESTS.items():
            held = any(fnmatchcase(n, p) for n in names for p in patterns)
            if held and (ecosystem != "npm" or not above or not _LOCKS.isdisjoint(names)):
                found.setdefault(ecosystem, []).append("/" + above)
        if above and not f"{above}/".startswith(f"{WORKFLOWS}/") and {"action.yml", "action.yaml"} & set(names):
            found.setdefault("github-actions", []).append("/" + above)
        for name in names if depth < _DEEPEST else ():
            plain = name.rstrip("/")
            hidden = plain.startswith(".") and plain != ".github"
            if name.endswith("/") and not hidden and plain not in _PASSED_OVER and len(queue) < _MOST_FOLDERS:
                queue.append((f"{above}/{plain}".lstrip("/"), depth + 1))
    return found
