"""What is no resource as policies see it: variables, outputs, module calls, providers, settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.hcl.evaluation import Frame
from guardrail.hcl.modules import Module, Written
from guardrail.hcl.nested import Built, body
from guardrail.scan.terraform.modules import Modules

CONFIGURATION = "configuration"

SINGLE = ("variable", "output", "module", "provider", "terraform", "locals")
"""Kinds of blocks that policies can be about, by what `resources` calls them."""


class Thing(NamedTuple):
    """A block that is no resource: its kind, its label, its address, what is written, and that as data."""

    kind: str
    name: str
    address: str
    written: Written
    built: Built


def things(frame: Frame, modules: Modules) -> Iterator[Thing]:
    """Every block of a module that is no resource; a block that names nothing has the address of its type."""
    module = frame.module
    for kind, found in (
        ("variable", module.variables),
        ("output", module.outputs),
        ("module", module.calls),
        ("provider", module.providers),
    ):
        for name, written in found.items():
            yield _thing(kind, name, written, frame, modules)
    for source in module.sources:
        for block in source.file.body.blocks:
            if block.type in ("terraform", "locals"):
                yield _thing(block.type, block.type, Written(((source.name, block),)), frame, modules)


_PREFIX = {"variable": "var.", "output": "output.", "module": "module.", "provider": "provider."}


def _thing(kind: str, name: str, written: Written, frame: Frame, modules: Modules) -> Thing:
    built = body(written.attributes(), written.blocks(), frame.scope)
    if kind == "variable":
        _as_written(built, ("type",), modules)
    if kind == "terraform":
        for type_ in ("backend", "cloud"):
            for _, block, below in built.blocks.get(type_, ()):
                if block.labels:
                    below.data["type"] = block.labels[0]
    return Thing(kind, name, f"{_prefix(frame.module)}{_PREFIX.get(kind, '')}{name}", written, built)


def _prefix(module: Module) -> str:
    return f"{module.folder}/" if module.folder else ""


def _as_written(built: Built, names: tuple[str, ...], modules: Modules) -> None:
    """Put an attribute's text in place of its value: a type is no value."""
    for name in names:
        found = built.attributes.get(name)
        parsed = modules.parsed(found[0]) if found else None
        if found and parsed:
            value = found[1].value
            built.data[name] = parsed.lines.text[value.start : value.end]
