"""How a configuration is written: what Terraform has removed or given up, and values that are new with every plan.

Terraform's changelog: `list()` and `map()` were removed in 0.15, backends in 1.3; quoted types are an error and quoted
references a warning since 0.12. Of interpolations around nothing and of `a.0`: tflint's terraform_deprecated_*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.hcl.modules import Module, Written
from guardrail.hcl.references import Place, places
from guardrail.hcl.syntax import (
    Block,
    Directive,
    Expression,
    GetAttr,
    Index,
    Literal,
    Name,
    Template,
    Tuple,
    children,
)
from guardrail.model.report import Hit, Undecided
from guardrail.views.declared import called, module_of, settings, uses
from guardrail.views.items import Item

__all__ = ["always_new", "old", "removed"]

_GONE_FUNCTIONS = {"list": "[...]", "map": "{ key = value }"}
_GONE_BACKENDS = frozenset({"artifactory", "atlas", "azure", "etcd", "etcdv3", "manta", "swift"})

_NEW_EACH_TIME = frozenset({"timestamp", "uuid", "bcrypt", "plantimestamp"})
"""Functions whose result is another one with each run (Terraform's documentation of each)."""

_ON_PURPOSE = frozenset({"triggers", "triggers_replace", "keepers"})
"""Arguments whose change is what they are for."""


def removed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """What no supported version of Terraform accepts any more."""
    module = module_of(item)
    for file, block in settings(module):
        for inner in block.body.blocks:
            if inner.type == "backend" and inner.labels and inner.labels[0] in _GONE_BACKENDS:
                message = f"Terraform 1.3 has removed the backend {inner.labels[0]}"
                yield Hit((file, inner.start, inner.header_end), message, text=inner.labels[0])
    for node, place in called(module):
        if node.name in _GONE_FUNCTIONS:
            message = f"Terraform 0.15 has removed {node.name}(): write `{_GONE_FUNCTIONS[node.name]}`"
            yield Hit((place.file, node.start, node.end), message, text=f"{_subject(place)} {node.name}")
    for name, written in module.variables.items():
        type_ = written.attribute("type")
        if type_ is not None and isinstance(type_[1].value, Literal) and not type_[0].endswith(".json"):
            value = type_[1].value
            message = f"the type of a variable has no quotes: write `type = {_unquoted(value.value)}`"
            yield Hit((type_[0], type_[1].start, type_[1].end), message, text=f"var.{name}")


def _unquoted(type_: object) -> str:
    return {"list": "list(string)", "map": "map(string)"}.get(str(type_), str(type_))


def old(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """What Terraform still takes and has long had a better form for."""
    module = module_of(item)
    for name, written in module.providers.items():
        version = written.attribute("version")
        if version is not None:
            path = (version[0], version[1].start, version[1].end)
            yield Hit(path, "the version of a provider belongs into `required_providers`", text=f"provider.{name}")
    for place in places(module):
        if not place.file.endswith(".json"):
            for node, message in _old(place):
                yield Hit((place.file, node.start, node.end), message, text=f"{_subject(place)} {node.start}")


def _old(place: Place) -> Iterator[tuple[Expression, str]]:
    if place.attribute.name == "depends_on" and isinstance(place.attribute.value, Tuple):
        for reference in place.attribute.value.items:
            if isinstance(reference, Literal):
                yield reference, "a reference has no quotes"
    waiting = [place.attribute.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Template) and len(node.parts) == 1 and not isinstance(node.parts[0], Literal | Directive):
            yield node, "an interpolation around nothing else: leave `${` and the quotes out"
        elif isinstance(node, GetAttr) and node.name.isdigit():
            yield node, f"an index stands in brackets: write `[{node.name}]`"
        waiting.extend(children(node))


def always_new(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Arguments of resources that are another value with every plan, so that every plan changes something."""
    module = module_of(item)
    told: set[tuple[str, int]] = set()
    for place, way in _changing(module):
        key = (place.file, place.attribute.start)
        if place.block.type == "resource" and key not in told and not _on_purpose(module, place):
            told.add(key)
            message = f"{place.attribute.name} is new with every plan, by {way}"
            yield Hit((place.file, place.attribute.start, place.attribute.end), message, text=_subject(place))


def _changing(module: Module) -> Iterator[tuple[Place, str]]:
    """Expressions that are new each time, with the function that makes them so or the local that it does it by."""
    for node, place in called(module):
        if node.name in _NEW_EACH_TIME:
            yield place, f"{node.name}()"
    new_locals = _new_locals(module)
    for use in uses(module) if new_locals else ():
        name = use.reference.steps[0] if use.reference.root == "local" and use.reference.steps else ""
        if name in new_locals:
            yield use.place, f"local.{name}, which is made with {new_locals[name]}()"


def _new_locals(module: Module) -> dict[str, str]:
    """Locals that are new each time, by name, with the function that makes them so, also by way of others."""
    made = ((node, place) for node, place in called(module) if place.block.type == "locals")
    found = {place.attribute.name: node.name for node, place in made if node.name in _NEW_EACH_TIME}
    users: dict[str, list[str]] = {}
    for use in uses(module) if found else ():
        if use.place.block.type == "locals" and use.reference.root == "local" and use.reference.steps:
            users.setdefault(use.reference.steps[0], []).append(use.place.attribute.name)
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        for user in users.get(name, ()):
            if user not in found:
                found[user] = found[name]
                waiting.append(user)
    return found


def _on_purpose(module: Module, place: Place) -> bool:
    """Whether a change is what an argument is for, or is left out of account."""
    if place.path[:1] in (("lifecycle",), ("provisioner",), ("connection",)):
        return True
    top = place.path[0] if place.path else place.attribute.name
    written = module.resources.get(".".join(place.block.labels))
    return top in _ON_PURPOSE or (written is not None and _ignored(written, top))


def _ignored(written: Written, argument: str) -> bool:
    """Whether `lifecycle { ignore_changes }` names an argument, or all of them."""
    return any(block.type == "lifecycle" and _names(block, argument) for _, block in written.blocks())


def _names(lifecycle: Block, argument: str) -> bool:
    given = lifecycle.body.attributes.get("ignore_changes")
    if given is None:
        return False
    if isinstance(given.value, Name):
        return given.value.name == "all"
    items = given.value.items if isinstance(given.value, Tuple) else ()
    return any(_first(entry) == argument for entry in items)


def _first(entry: Expression) -> str:
    """`tags` of `tags["x"]`, of `tags.x` and of `"tags"`."""
    while isinstance(entry, GetAttr | Index):
        entry = entry.base
    return str(entry.value) if isinstance(entry, Literal) else entry.name if isinstance(entry, Name) else ""


def _subject(place: Place) -> str:
    """What an expression belongs to, for a fingerprint: `aws_x.y argument`."""
    labels = ".".join(place.block.labels) or place.block.type
    return f"{labels} {'.'.join((*place.path, place.attribute.name))}"
