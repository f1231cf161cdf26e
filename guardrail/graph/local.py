"""References within a repository, and whether the repository is at hand."""

from __future__ import annotations

from posixpath import basename, dirname

from guardrail.graph.repository import WORKFLOWS, Repository
from guardrail.model.document import Resource
from guardrail.views.items import Item


def at_hand(item: Item) -> Repository | None:
    """The repository of an item's file; None when the file does not lie in its folder, such as standard input."""
    repository = item.bindings.get("repository")
    file = item.resource.document.file
    if not isinstance(repository, Repository) or basename(file) not in repository.tree.names(dirname(file)):
        return None
    return repository


def is_local(uses: str) -> bool:
    """Whether a `uses:` names something of the repository (workflow syntax, `jobs.<job_id>.steps[*].uses`)."""
    return uses.startswith(("./", "$/")) and "${{" not in uses


def in_workflows(resource: Resource, repository: Repository) -> bool:
    """Whether a file lies where GitHub looks for workflows."""
    return dirname(resource.document.file) == repository.name(WORKFLOWS)
