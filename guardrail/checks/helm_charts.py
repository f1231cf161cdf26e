"""What a chart says of the charts it needs.

Source: helm.sh, "Chart Dependencies" and "Helm Dependency": a version may be a range, which `Chart.lock` holds down to
the version that `helm dependency update` chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname, join
from re import compile as regex
from typing import Any

from guardrail.graph.repository import Repository
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = ["unpinned"]

_EXACT = regex(r"\s*=?\s*v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?\s*\Z")
_LOCKS = ("Chart.lock", "requirements.lock")


def unpinned(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Dependencies by a range of versions that no lock file holds down; local ones have no versions to choose from."""
    data = item.bindings["object"]
    listed = data.get("dependencies") if isinstance(data, dict) else None
    for index, needed in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(needed, dict) or _is_local(needed):
            continue
        version = needed.get("version")
        if isinstance(version, str) and _EXACT.match(version):
            continue
        if _locked(item):
            return
        path = (*item.path, "dependencies", index, "version")
        name = str(needed.get("name", ""))[:60]
        what = f"any version that fits '{str(version)[:60]}'" if version else "any version"
        yield Hit(path, f"dependency {name} takes {what}: write the version, or commit Chart.lock", version is None)


def _is_local(needed: Mapping[str, object]) -> bool:
    repository = needed.get("repository")
    return not repository or str(repository).startswith("file://")


def _locked(item: Item) -> bool:
    """Whether a lock file lies beside the chart."""
    repository = item.bindings.get("repository")
    if not isinstance(repository, Repository):
        return False
    folder = dirname(item.resource.document.file)
    return any(repository.tree.text(join(folder, name) if folder else name) is not None for name in _LOCKS)
