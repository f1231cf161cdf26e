"""Compose files: recognised by name or content; the services in them are judged as one resource.

Source: docs.docker.com, Compose file reference. `extends` and the merging of several files are left alone: what a file
says is judged as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname
from re import MULTILINE

from guardrail.model.document import Document, Resource
from guardrail.model.late import late

FORM = "Compose"

_NAME = late(r"(?:docker-|podman-)?compose(?:[._-][\w.-]+)?\.ya?ml\Z")
_SERVICES = late(r"^[\"']?services[\"']?[ \t]*:[ \t]*(?:#.*|&\S+[ \t]*)?\r?$", MULTILINE)
_STARTED = late(r"^[ \t]+[\"']?(?:image|build)[\"']?[ \t]*:", MULTILINE)
_OTHERS = late(r"^[\"']?(?:apiVersion|kind|jobs|stages|AWSTemplateFormatVersion|runtime)[\"']?[ \t]*:", MULTILINE)
_KUBERNETES = late(r"^[\"']?apiVersion[\"']?[ \t]*:", MULTILINE)
_MARKS = ("image", "build", "extends")


def form(name: str, text: str) -> str:
    """Whether a file is a Compose file, and then its form: by name, or as it has services with an image or a build."""
    if "services" not in text:
        return ""
    if _NAME().match(basename(name).lower()):
        return "" if _OTHERS().search(text) and (not _SERVICES().search(text) or _KUBERNETES().search(text)) else FORM
    return FORM if not _OTHERS().search(text) and _SERVICES().search(text) and _STARTED().search(text) else ""


def resources(document: Document) -> Iterator[Resource]:
    """The one resource of a Compose file; nothing where `services` does not hold any."""
    data = document.data
    services = data.get("services") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(services, dict):
        return
    named = _NAME().match(basename(document.file).lower())
    if named or any(isinstance(s, dict) and any(k in s for k in _MARKS) for s in services.values()):
        yield Resource(document, data, (), "compose", kind=FORM, name=_project(document.file, data))


def _project(file: str, data: dict[str, object]) -> str:
    """The project's name as Compose takes it: given, or that of the folder (Compose documentation, "Project name")."""
    name = data.get("name")
    return name if isinstance(name, str) and name else basename(dirname(file)) or basename(file)
