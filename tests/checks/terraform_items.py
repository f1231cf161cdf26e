"""Configurations as checks see them, made from texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from guardrail import checks
from guardrail.hcl.json_syntax import parse_json
from guardrail.hcl.modules import Module, Source, build
from guardrail.hcl.parser import parse
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item


class Tree:
    """File names by folder."""

    def __init__(self, names: Mapping[str, tuple[str, ...]]) -> None:
        self.listed = names

    def names(self, folder: str) -> tuple[str, ...]:
        """What lies in a folder."""
        return self.listed.get(folder, ())


class Modules:
    """Modules by their source."""

    def __init__(self, found: Mapping[str, Module], names: Mapping[str, tuple[str, ...]]) -> None:
        self.found = found
        self.tree = Tree(names)

    def module(self, folder: str, source: str, version: str, arguments: Collection[str]) -> Module | str:
        """The module of a source, else why it is not there."""
        return self.found.get(source) or f"the module {source}"


def module(**files: str) -> Module:
    """A module of texts by file name without ending; one that ends in `_json` is JSON."""
    return build("", [_source(name, text) for name, text in files.items()])


def _source(name: str, text: str) -> Source:
    if name.endswith("_json"):
        return Source(f"{name[:-5]}.tf.json", parse_json(text))
    return Source(f"{name}.tf", parse(text))


def configuration(
    check: str,
    found: Module | str,
    called: bool = False,
    names: tuple[str, ...] = (),
    modules: Mapping[str, Module] | None = None,
    **arguments: Any,
) -> list[Hit | Undecided]:
    """What a check says of a whole configuration."""
    target = module(main=found) if isinstance(found, str) else found
    bindings: dict[str, object] = {
        "object": {},
        "module": target,
        "modules": Modules(modules or {}, {"": names}),
        "called": called,
    }
    document = Document("main.tf", 0, None, OnePlace(), 1, 1)
    resource = Resource(document, {}, (), "terraform", kind="configuration", name=".")
    return list(checks.find(check)(Item(resource, (), bindings, {}), arguments))


def block(check: str, kind: str, name: str, data: dict[str, object], found: Module | None = None) -> list[Any]:
    """What a check says of one block that is no resource."""
    bindings: dict[str, object] = {"object": data, "name": name, "module": found or module()}
    document = Document("main.tf", 0, None, OnePlace(), 1, 1)
    resource = Resource(document, data, (), "terraform", kind=kind, name=name)
    return list(checks.find(check)(Item(resource, (), bindings, {}), {}))


def names(found: list[Hit | Undecided]) -> list[str]:
    """The subjects of hits, in order; unknowns as `?`."""
    return [hit.text if isinstance(hit, Hit) else "?" for hit in found]
