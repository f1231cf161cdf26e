"""What services of Compose files are built from, and what other Compose files of the folder say of them.

Source: docs.docker.com, Compose file reference, "Compose Build Specification" (`context`, `dockerfile`, `target`), and
"Merge". Only what the scan can see is told of: a folder of the repository that has other files and no such Dockerfile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, join, normpath
from re import IGNORECASE, MULTILINE
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.composes import filled
from guardrail.views.items import Item

__all__ = ["unknown"]

_BESIDE = regex(r"[\w.-]*compose[\w.-]*\.ya?ml\Z")
_REMOTE = regex(r"[a-z+]+://|git@|github\.com[/:]|[A-Za-z]:[\\/]|[/~]")
_STAGE = regex(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", IGNORECASE | MULTILINE)
_MOST_FILES = 30
_NO_SOURCES = ("/", ".yml", ".yaml", ".md", ".env", ".txt", ".gitignore", ".gitkeep")
"""Ends of the names of folders, and of files that nothing is built from."""


def beside(item: Item) -> Iterator[Mapping[str, object]]:
    """The data of the other Compose files of the folder, which may be laid over the one that is judged."""
    repository: Any = item.bindings.get("repository")
    if repository is None:
        return
    folder, slash, own = item.resource.document.file.rpartition("/")
    found = [n for n in repository.tree.names(folder) if _BESIDE.match(n.lower()) and n != own]
    for name in found[:_MOST_FILES]:
        data = repository.tree.document(folder + slash + name)
        if isinstance(data, dict):
            yield data


def unknown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A service that is built from a Dockerfile, or up to a stage, that is not there."""
    service: Any = item.bindings["service"]
    repository: Any = item.bindings["repository"]
    build = service.get("build") if isinstance(service, dict) else None
    given: Mapping[str, object] = build if isinstance(build, dict) else {"context": build}
    context = _text(given.get("context", "."))
    if "dockerfile_inline" in given or not context or _REMOTE.match(context):
        return
    file = _text(given.get("dockerfile", "Dockerfile"))
    path = normpath(join(dirname(item.resource.document.file), context, file)) if file else ".."
    if path.startswith(("..", "/")):
        return
    # Of a folder without sources nothing is known: a submodule, filled by a step before, or of configuration alone.
    there = repository.tree.names(dirname(path))
    at = _at(item.path, build, "dockerfile", "context")
    if basename(path) not in there:
        if any(not name.lower().endswith(_NO_SOURCES) for name in there) and not _made(there):
            yield Hit(at, f"service {item.bindings['serviceName']} is built from {path[:80]}, which is not there")
        return
    target = _text(given.get("target", ""))
    stages = _STAGE.findall(repository.tree.text(path) or "") if target else []
    if stages and target and target.lower() not in {name.lower() for _, name in stages} and not target.isdecimal():
        told = f"service {item.bindings['serviceName']} is built up to stage {target[:60]}, which {path[:80]} has not"
        yield Hit(_at(item.path, build, "target"), told)


def _made(names: tuple[str, ...]) -> bool:
    """Whether a Dockerfile may be made of something that lies there: a template, a nixpack, a file of another name."""
    return any("dockerfile" in name.lower() or name in ("Makefile", "justfile", "flake.nix") for name in names)


def _text(value: object) -> str:
    return (filled(value) or "") if isinstance(value, str) else ""


def _at(path: Path, build: object, *keys: str) -> Path:
    """The place of the first key that is given, or of `build` itself."""
    key = next((key for key in keys if isinstance(build, dict) and key in build), "")
    return (*path, "build", key) if key else (*path, "build")
