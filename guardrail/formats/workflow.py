"""What GitHub and pre-commit read in a repository: workflows, actions, Dependabot's settings, hooks.

Recognised by the path that GitHub looks at, and by content, so that a file named on the command line, standard input
or a snippet is judged as what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import basename, dirname
from re import MULTILINE, Pattern
from re import compile as regex

from guardrail.model.document import Document, Resource
from guardrail.model.late import late

TYPES = {
    "Workflow": "workflow",
    "Action": "workflow",
    "Dependabot": "dependabot",
    "PreCommitConfig": "pre-commit",
    "PreCommitHooks": "pre-commit",
}
"""The type of resource for each form of document."""

_BY_NAME = {
    "action.yml": "Action",
    "action.yaml": "Action",
    ".pre-commit-config.yaml": "PreCommitConfig",
    ".pre-commit-hooks.yaml": "PreCommitHooks",
}
_BY_PATH = {"dependabot.yml": "Dependabot", "dependabot.yaml": "Dependabot"}

_KUBERNETES = regex(r"^[\"']?apiVersion[\"']? *:", MULTILINE)


def _keys(*names: str) -> list[Callable[[], Pattern[str]]]:
    return [late(rf"^(?:\ufeff|--- +)?{{?[\"']?{name}[\"']?[ \t]*:", MULTILINE) for name in names]


_BY_CONTENT = (
    ("Workflow", tuple(_keys("on", "jobs"))),
    ("Action", (*_keys("runs"), late(r"\busing[\"']?[ \t]*:"))),
    ("Dependabot", (*_keys("updates"), late(r"package-ecosystem[\"']?[ \t]*:"))),
    ("PreCommitConfig", (*_keys("repos"), late(r"\brepo[\"']?[ \t]*:"))),
)
"""Every expression of a form must be found."""


def form(name: str, text: str) -> str:
    """What a file is to GitHub or pre-commit, or nothing."""
    folder, base = dirname(name), basename(name)
    if base in _BY_NAME:
        return _BY_NAME[base]
    above = basename(folder)
    if above == ".github" and base in _BY_PATH:
        return _BY_PATH[base]
    if above == "workflows" and basename(dirname(folder)) == ".github" and base.endswith((".yml", ".yaml")):
        return "Workflow"
    if _KUBERNETES.search(text):
        return ""
    return next((form for form, marks in _BY_CONTENT if all(mark().search(text) for mark in marks)), "")


def resources(document: Document) -> Iterator[Resource]:
    """The one resource of such a document; what is no mapping is judged as an empty one, never passed over."""
    data = document.data
    stem = basename(document.file)
    if document.form == "Action":
        stem = basename(dirname(document.file))
    yield Resource(
        document=document,
        data=data if isinstance(data, dict) else {},
        path=(),
        type=TYPES[document.form],
        kind=document.form,
        name=stem.removesuffix(".yml").removesuffix(".yaml"),
    )
