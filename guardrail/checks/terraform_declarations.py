"""What a configuration declares and refers to: names that are missing, given twice, never used, or not of the module.

`terraform validate` refuses all but the unused ones; without a plan nobody sees them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.errors import did_you_mean
from guardrail.hcl.modules import Module, Written
from guardrail.hcl.references import Reference
from guardrail.hcl.syntax import GetAttr, Name
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.declared import (
    Modules,
    Use,
    complete,
    declared,
    handed_in,
    module_of,
    provider_references,
    uses,
)
from guardrail.views.items import Item

__all__ = ["calls", "providers", "repeated", "undeclared", "unused"]

_BUILT_IN = frozenset({"each", "count", "self", "path", "terraform", "action", "run", "ephemeral"})
"""Roots that name no declaration, or one that only newer versions know."""

_WORDS_IN = frozenset({"lifecycle", "action_trigger", "provisioner", "connection"})
"""Blocks whose arguments may be bare words: `when = destroy`, `events = [before_create]`."""

_META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on", "enabled"})
"""Arguments of a module call that are Terraform's own, `lifecycle { enabled }` of OpenTofu among them."""

_MOST = 5
"""Further places that a finding names."""

_MOST_HINTS = 20
"""Missing names for which a similar one is looked for: it takes a look at all there are."""


def undeclared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """References to what the configuration does not declare: one hit for each name, at its first use.

    Where it declares no variables at all, one for all of them: their file is missing.
    """
    module = module_of(item)
    if module.excerpt:  # what a document shows a part of is declared elsewhere
        return
    known = declared(module)
    missing: dict[str, list[Use]] = {}
    for use in uses(module):
        if not _is_declared(use, known):
            missing.setdefault(use.reference.target, []).append(use)
    inputs = [target for target in missing if target.startswith("var.")]
    if not module.variables and len(inputs) > 1 and complete(module):
        yield _no_variables([use for target in inputs for use in missing.pop(target)[:1]])
    for at, (target, found) in enumerate(missing.items()):
        path = _path(found[0])
        if not complete(module):
            yield Undecided(path, "a block that could not be read")
            continue
        near = known if at < _MOST_HINTS else {key: {} for key in known}
        others = tuple((_pointer(use), "used here, too") for use in found[1 : _MOST + 1])
        yield Hit(path, _missing(found[0].reference, near), text=target, related=others)


def _no_variables(found: list[Use]) -> Hit:
    names = [use.reference.target for use in found]
    rest = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    message = f"no variable is declared, and {', '.join(names[:_MOST])}{rest} are used"
    others = tuple((_pointer(use), "not declared, too") for use in found[1 : _MOST + 1])
    return Hit(_path(found[0]), message, text="variables", related=others)


def providers(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Provider configurations (`aws.west`) that a module uses, and neither has nor asks its caller for."""
    module = module_of(item)
    if not complete(module):
        return
    missing: dict[str, list[tuple[str, GetAttr]]] = {}
    given = handed_in(module)
    for file, node in provider_references(module):
        name = f"{node.base.name}.{node.name}" if isinstance(node.base, Name) else ""
        if name and name not in module.providers and name not in given:
            missing.setdefault(name, []).append((file, node))
    for name, found in missing.items():
        file, node = found[0]
        others = tuple((Pointer(f, (n.start, n.end)), "used here, too") for f, n in found[1 : _MOST + 1])
        hint = did_you_mean(name, [n for n in module.providers if "." in n])
        message = f"there is no provider {name}{hint}"
        yield Hit((file, node.start, node.end), message, text=f"provider.{name}", related=others)


def _is_declared(use: Use, known: Mapping[str, Mapping[str, object]]) -> bool:
    root, steps = use.reference.root, use.reference.steps
    if root in _BUILT_IN or root.startswith("provider::"):
        return True
    if not steps:  # a word without a dot, and nothing it could refer to
        return not _WORDS_IN.isdisjoint(use.place.path) or use.place.block.type not in _WITH_REFERENCES
    if root in ("var", "local", "module"):
        return steps[0] in known[root]
    if root == "data":
        return len(steps) < 2 or f"{steps[0]}.{steps[1]}" in known["data"]
    return f"{root}.{steps[0]}" in known["resource"]


_WITH_REFERENCES = frozenset({"resource", "data", "output", "locals", "module", "provider"})


def _missing(reference: Reference, known: Mapping[str, Mapping[str, object]]) -> str:
    root, steps = reference.root, reference.steps
    if not steps:
        return f"{root} refers to nothing; a text needs quotes"
    if root in ("var", "local", "module"):
        hint = did_you_mean(steps[0], known[root])
        word = {"var": f'variable "{steps[0]}"', "local": f"{steps[0]} in locals", "module": f'module "{steps[0]}"'}
        return f"{reference.target} is not declared{hint or f': there is no {word[root]}'}"
    name = reference.target.removeprefix("data.")
    type_ = name.partition(".")[0]
    alike = [n for n in known["data" if root == "data" else "resource"] if n.startswith(f"{type_}.")]
    return f"{reference.target} is not declared{did_you_mean(name, alike)}"


def _path(use: Use) -> tuple[str, int, int]:
    return use.place.file, use.reference.start, use.reference.end


def _pointer(use: Use) -> Pointer:
    return Pointer(use.place.file, (use.reference.start, use.reference.end))


def repeated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Declarations that stand twice in one module; an override file may repeat them, and so may a document."""
    module = module_of(item)
    if module.excerpt:
        return
    written = _written(module) if module.again else {}
    for again in module.again:
        (kind, _), (other, end) = (written.get(place, ("", place[1] + 1)) for place in (again.first, again.second))
        if kind != other:  # a resource and an ephemeral resource have names of their own
            continue
        first = Pointer(again.first[0], (again.first[1], again.first[1] + 1))
        path = (*again.second, end)
        yield Hit(path, f"{again.name} is declared twice", text=again.name, related=((first, "first declared here"),))


def _written(module: Module) -> dict[tuple[str, int], tuple[str, int]]:
    """By file and offset: the type of the block there, or `local`, and where its header or name ends."""
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for source in module.sources:
        for block in source.file.body.blocks:
            found[source.name, block.start] = (block.type, block.header_end)
            if block.type == "locals":
                found |= {(source.name, a.start): ("local", a.name_end) for a in block.body.attributes.values()}
    return found


def unused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Variables, locals and data sources that nothing refers to."""
    module = module_of(item)
    if not complete(module):
        return
    used = {use.reference.target for use in uses(module) if not _of_itself(use)}
    for name, written in module.variables.items():
        if f"var.{name}" not in used:
            yield _idle(f"var.{name}", written)
    for name, local in module.locals.items():
        if f"local.{name}" not in used:
            path = (local.file, local.attribute.start, local.attribute.name_end)
            yield Hit(path, f"nothing uses local.{name}", text=f"local.{name}")
    for name, written in module.data.items():
        if f"data.{name}" not in used and not _asserts(written):
            yield _idle(f"data.{name}", written)


def _of_itself(use: Use) -> bool:
    """Whether a variable is named in its own validation."""
    block = use.place.block
    return block.type == "variable" and block.labels[:1] == use.reference.steps[:1]


def _asserts(data: Written) -> bool:
    """Whether a data source is read for what it must be: it has a postcondition."""
    return any(inner.body.blocks for _, inner in data.blocks() if inner.type == "lifecycle")


def _idle(name: str, written: Written) -> Hit:
    block = written.block
    return Hit((written.file, block.start, block.header_end), f"nothing uses {name}", text=name)


def calls(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Calls of modules at hand that give what the module does not take, leave out what it needs, or ask for what it
    does not put out."""
    module = module_of(item)
    modules: Modules = item.bindings["modules"]  # type: ignore[assignment]
    targets: dict[str, Module] = {}
    for name, written in module.calls.items():
        source = written.literal("source")
        if isinstance(source, str) and source.startswith(("./", "../")):
            found = modules.module(module.folder, source, "", ())
            if isinstance(found, Module) and complete(found):
                targets[name] = found
                yield from _arguments(name, written, found)
    for use in uses(module):
        reference = use.reference
        target = targets.get(reference.steps[0]) if reference.root == "module" and reference.steps[1:] else None
        if target is not None and reference.steps[1] not in target.outputs:
            name, output = reference.steps[:2]
            path = (use.place.file, reference.start, reference.end)
            hint = did_you_mean(output, target.outputs)
            yield Hit(path, f"module.{name} has no output {output}{hint}", text=f"module.{name}.{output}")


def _arguments(name: str, written: Written, target: Module) -> Iterator[Hit]:
    given = written.attributes()
    for argument, (file, attribute) in given.items():
        if argument not in _META and argument not in target.variables:
            path = (file, attribute.start, attribute.name_end)
            hint = did_you_mean(argument, target.variables)
            yield Hit(path, f"module.{name} takes no {argument}{hint}", text=f"module.{name}.{argument}")
    needed = [v for v, w in target.variables.items() if w.attribute("default") is None and v not in given]
    if needed:
        block = written.block
        listed = ", ".join(needed[:_MOST])
        path = (written.file, block.start, block.header_end)
        yield Hit(path, f"module.{name} is not given {listed}, which it needs", text=f"module.{name}")
