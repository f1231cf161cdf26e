"""Images that files around a manifest give a tag: kustomizations and Skaffold's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple

from guardrail.graph.repository import Repository, Tree
from guardrail.model.document import KUSTOMIZATIONS
from guardrail.model.late import late
from guardrail.views.items import Item

_SKAFFOLD = ("skaffold.yaml", "skaffold.yml")
_PARTS = ("resources", "bases", "components")
_ARTIFACT = late(r"(?m)^[ \t]*(?:-[ \t]+)?image:[ \t]*[\"']?([^\s\"'#]+)")
"""An artifact of Skaffold, in any of a file's documents (skaffold.dev, `build.artifacts`)."""
_MOST_FILES = 200


class Tagged(NamedTuple):
    """An image that a file gives a tag, or a digest (then the tag is empty); `about` is the folder it is about."""

    file: str
    about: str
    name: str
    tag: str


def given_a_tag(item: Item, name: str) -> bool:
    """Whether a kustomization or a Skaffold file around a manifest gives an image a tag or a digest.

    Around it is Skaffold's file in a folder above, and a kustomization up to two folders below one of those: overlays
    lie beside the base that they change. What an overlay was built to has every tag that kustomizations give.
    """
    repository, file = item.bindings.get("repository"), item.resource.document.file
    if not isinstance(repository, Repository):
        return False
    built = getattr(item.bindings.get("member"), "built", False)
    return any(
        one.name == name and (not one.about or file.startswith(f"{one.about}/"))
        for one in _tagged(repository.tree, _top(repository.tree, file))
        if not (built and basename(one.file) in KUSTOMIZATIONS)
    )


def overruled(item: Item, names: Collection[str], moving: Collection[str]) -> bool:
    """Whether a kustomization that builds on this one gives an image another tag, none of those that move, or a digest.

    `names` are the one that it has before, and the one that this kustomization gives it.
    """
    repository, file = item.bindings.get("repository"), item.resource.document.file
    if not isinstance(repository, Repository):
        return False
    tree = repository.tree
    top = _top(tree, file)
    above = _builders(_parts(tree, top), dirname(file))
    return any(
        one.name in names and one.tag.lower() not in moving and dirname(one.file) in above
        for one in _tagged(tree, top)
        if basename(one.file) in KUSTOMIZATIONS
    )


def _builders(parts: Mapping[str, frozenset[str]], folder: str) -> frozenset[str]:
    """The folders whose kustomizations build on that of a folder, directly or not."""
    found: dict[str, None] = {}
    waiting = [folder]
    while waiting:
        below = waiting.pop()
        new = [above for above, named in parts.items() if below in named and above not in found and above != folder]
        found.update(dict.fromkeys(new))
        waiting.extend(new)
    return frozenset(found)


def _top(tree: Tree, file: str) -> str:
    """The outermost folder above a file that the scan may read: its root, or another folder that was named."""
    steps = dirname(file).split("/")
    above = ["/".join(steps[:n]) for n in range(file.startswith("../"), len(steps) + 1)]
    return next((folder for folder in above if tree.names(folder)), dirname(file))


def _parts(tree: Tree, top: str) -> Mapping[str, frozenset[str]]:
    """Folders with a kustomization, and what it names as its parts."""

    def gather() -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for file in tree.below(top, KUSTOMIZATIONS, _MOST_FILES):
            data = tree.document(file)
            data = data if isinstance(data, dict) else {}
            listed = [v for key in _PARTS for v in _entries(data.get(key)) if isinstance(v, str)]
            found[dirname(file)] = frozenset(_folder(file, text) for text in listed)
        return found

    return tree.repository("").once(("parts of kustomizations", top), gather)


def _folder(file: str, text: str) -> str:
    found = normpath(join(dirname(file), text))
    return "" if found == "." else found


def _tagged(tree: Tree, top: str) -> tuple[Tagged, ...]:
    return tree.repository("").once(("images given a tag", top), lambda: tuple(_gathered(tree, top)))


def _gathered(tree: Tree, top: str) -> Iterator[Tagged]:
    """Names below `images` (with newTag or digest) of kustomizations, and `build.artifacts` of Skaffold's files."""
    for file in tree.below(top, (*KUSTOMIZATIONS, *_SKAFFOLD), _MOST_FILES):
        if basename(file) in _SKAFFOLD:
            yield from (Tagged(file, dirname(file), name, "") for name in _ARTIFACT().findall(tree.text(file) or ""))
            continue
        data = tree.document(file)
        for entry in _entries(data.get("images")) if isinstance(data, dict) else ():
            if isinstance(entry, dict) and {"newTag", "digest"} & set(entry):
                about, tag = dirname(dirname(dirname(file))), "" if "digest" in entry else str(entry["newTag"])
                yield Tagged(file, about, str(entry.get("name")), tag)


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else []
