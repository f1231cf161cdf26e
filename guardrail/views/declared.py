"""What a configuration declares, and where it refers to what. Worked out once while its policies are judged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache, wraps
from typing import NamedTuple, Protocol, TypeVar

from guardrail.hcl.modules import Module
from guardrail.hcl.references import Place, Reference, places, walk
from guardrail.hcl.syntax import Attribute, Block, Call, GetAttr, Literal, Name, Object, Tuple
from guardrail.views.items import Item

Made = TypeVar("Made")


class Tree(Protocol):
    """The files around a scan."""

    def names(self, folder: str) -> tuple[str, ...]:
        """What lies in a folder: plain names, those of folders end in `/`."""


class Modules(Protocol):
    """Where the modules come from that a call leads to, and the files beside them."""

    tree: Tree

    def module(self, folder: str, source: str, version: str, arguments: Collection[str]) -> Module | str:
        """The module of a call in a folder; else why it is not there."""


class Use(NamedTuple):
    """A reference and the expression it stands in."""

    reference: Reference
    place: Place


def module_of(item: Item) -> Module:
    """The configuration of an item."""
    found = item.bindings["module"]
    if not isinstance(found, Module):
        raise TypeError("no configuration")
    return found


class _Same:
    """A module as a key: the same one, not one that looks the same."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.module is self.module

    def __hash__(self) -> int:
        return id(self.module)


def _once(make: Callable[[Module], Made]) -> Callable[[Module], Made]:
    @lru_cache(maxsize=2)
    def kept(key: _Same) -> Made:
        return make(key.module)

    @wraps(make)
    def found(module: Module) -> Made:
        return kept(_Same(module))

    return found


class _Walked(NamedTuple):
    uses: list[Use]
    calls: list[tuple[Call, Place]]


@_once
def _walked(module: Module) -> _Walked:
    found = _Walked([], [])
    for place in places(module):
        for part in walk(place.attribute.value, place.bound):
            if isinstance(part, Reference):
                found.uses.append(Use(part, place))
            else:
                found.calls.append((part, place))
    return found


def uses(module: Module) -> Sequence[Use]:
    """Every reference of a module, in the order of its files."""
    return _walked(module).uses


def called(module: Module) -> Sequence[tuple[Call, Place]]:
    """Every call of a function, with the expression it stands in."""
    return _walked(module).calls


@_once
def declared(module: Module) -> Mapping[str, Mapping[str, object]]:
    """Names that can be referred to, by how a reference begins: `var`, `local`, `module`, `data`, `resource`."""
    return {
        "var": module.variables,
        "local": module.locals,
        "module": module.calls,
        "data": {**module.data, **_checked(module)},
        "resource": module.resources,
    }


def _checked(module: Module) -> dict[str, object]:
    """Data sources within `check` blocks, by `type.name`."""
    inside = (b for _, block in module.others if block.type == "check" for b in block.body.blocks)
    return {".".join(b.labels): b for b in inside if b.type == "data" and len(b.labels) == 2}


def complete(module: Module) -> bool:
    """Whether every block of a module is there and could be read, so that what is not there is not declared."""
    return not module.partial and not module.excerpt and not any(source.file.lost for source in module.sources)


def settings(module: Module) -> Iterator[tuple[str, Block]]:
    """The `terraform` blocks with their files."""
    return ((file, block) for file, block in module.others if block.type == "terraform")


class Wanted(NamedTuple):
    """An entry of `required_providers`: where it is written, and its version constraint, empty for none.

    `known` is False for one that is no literal.
    """

    file: str
    attribute: Attribute
    version: str
    known: bool = True


def wanted_providers(module: Module) -> dict[str, Wanted]:
    """What a module says of the providers it needs, by local name."""
    found: dict[str, Wanted] = {}
    for file, block in settings(module):
        for required in block.body.blocks:
            if required.type == "required_providers":
                for name, attribute in required.body.attributes.items():
                    found[name] = _wanted(file, attribute)
    return found


def _wanted(file: str, attribute: Attribute) -> Wanted:
    value = attribute.value
    if isinstance(value, Object):
        entries = {k.value: v for k, v in value.entries if isinstance(k, Literal)}
        version = entries.get("version")
        if version is None:
            return Wanted(file, attribute, "")
        value = version
    if isinstance(value, Literal):
        return Wanted(file, attribute, str(value.value or ""))
    return Wanted(file, attribute, "", known=False)


def used_providers(module: Module) -> dict[str, tuple[str, Block]]:
    """Providers that a module's blocks use, by local name, with the first block of each: its own first."""
    found: dict[str, tuple[str, Block]] = {}
    for name, written in module.providers.items():
        found.setdefault(name.partition(".")[0], (written.file, written.block))
    for named in (module.resources, module.data):
        for name, written in named.items():
            given = written.value("provider")
            while isinstance(given, GetAttr):
                given = given.base
            local = given.name if isinstance(given, Name) else name.partition("_")[0].partition(".")[0]
            found.setdefault(local, (written.file, written.block))
    found.pop("terraform", None)  # built into Terraform: terraform_data, terraform_remote_state
    return found


def handed_in(module: Module) -> frozenset[str]:
    """Provider configurations that a module asks its caller for: `configuration_aliases = [aws.west]`."""
    found = set()
    for entry in wanted_providers(module).values():
        value = entry.attribute.value
        for key, listed in value.entries if isinstance(value, Object) else ():
            if isinstance(key, Literal) and key.value == "configuration_aliases" and isinstance(listed, Tuple):
                found |= {f"{n.base.name}.{n.name}" for n in listed.items if _aliased(n)}  # type: ignore[union-attr]
    return frozenset(found)


def provider_references(module: Module) -> Iterator[tuple[str, GetAttr]]:
    """Every `aws.west` by which a block names a provider configuration, with its file."""
    for named in (module.resources, module.data):
        for written in named.values():
            given = written.attribute("provider")
            if given is not None and _aliased(given[1].value):
                yield given[0], given[1].value  # type: ignore[misc]
    for written in module.calls.values():
        given = written.attribute("providers")
        if given is not None and isinstance(given[1].value, Object):
            for _, value in given[1].value.entries:
                if _aliased(value):
                    yield given[0], value  # type: ignore[misc]


def _aliased(node: object) -> bool:
    return isinstance(node, GetAttr) and isinstance(node.base, Name)


def state_block(module: Module) -> tuple[str, Block] | None:
    """The `backend` or `cloud` block."""
    for file, block in settings(module):
        for inner in block.body.blocks:
            if inner.type in ("backend", "cloud"):
                return file, inner
    return None
