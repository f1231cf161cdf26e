"""How a configuration is written: what Terraform has removed or given up, and values that are new with every plan.

Terraform's changelog: `list()` and `map()` were removed in 0.15, backends in 1.3; quoted types are an error and quoted
references a warning since 0.12. Of interpolations around nothing and of `a.0`: tflint's terraform_deprecated_*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.hcl.modules import Module, Written
from guardrail.hcl.references import Place, places, references
from guardrail.hcl.syntax import (
    Block,
    Call,
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
from guardrail.views.declared import module_of, settings
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
    for place in places(module):
        for node in _calls(place.attribute.value, _GONE_FUNCTIONS):
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


def _calls(value: Expression, names: Mapping[str, str] | frozenset[str]) -> Iterator[Call]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.name in names:
            yield node
        waiting.extend(children(node))


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


class _Changing(NamedTuple):
    """A function that is new each time, and the local that it is reached through, if it is."""

    function: str
    through: str = ""


def always_new(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Arguments of resources that are another value with every plan, so that every plan changes something."""
    module = module_of(item)
    new_locals = _new_locals(module)
    for place in places(module):
        if place.block.type != "resource" or place.path[:1] in (("lifecycle",), ("provisioner",), ("connection",)):
            continue
        top = place.path[0] if place.path else place.attribute.name
        written = module.resources.get(".".join(place.block.labels))
        if top in _ON_PURPOSE or (written is not None and _ignored(written, top)):
            continue
        found = _changing(place.attribute.value, new_locals)
        if found is not None:
            way = f"local.{found.through}, which is made with {found.function}()" if found.through else ""
            message = f"{place.attribute.name} is new with every plan, by {way or f'{found.function}()'}"
            path = (place.file, place.attribute.start, place.attribute.end)
            yield Hit(path, message, text=_subject(place))


def _new_locals(module: Module) -> dict[str, str]:
    """Locals that are new each time, by name, with the function that makes them so, also by way of others."""
    found: dict[str, str] = {}
    users: dict[str, list[str]] = {}
    for name, local in module.locals.items():
        call = next(_calls(local.attribute.value, _NEW_EACH_TIME), None)
        if call is not None:
            found[name] = call.name
        for reference in references(local.attribute.value):
            if reference.root == "local" and reference.steps:
                users.setdefault(reference.steps[0], []).append(name)
    waiting = list(found)
    while waiting:
        made = waiting.pop()
        for user in users.get(made, ()):
            if user not in found:
                found[user] = found[made]
                waiting.append(user)
    return found


def _changing(value: Expression, new_locals: Mapping[str, str]) -> _Changing | None:
    call = next(_calls(value, _NEW_EACH_TIME), None)
    if call is not None:
        return _Changing(call.name)
    if new_locals:
        for reference in references(value):
            if reference.root == "local" and reference.steps and reference.steps[0] in new_locals:
                return _Changing(new_locals[reference.steps[0]], reference.steps[0])
    return None


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
