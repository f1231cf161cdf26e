"""Versions that a configuration asks for: of Terraform, of providers, and the lock file that holds what was chosen.

Terraform's documentation: "Version constraints", "Provider requirements", "Dependency lock file".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.hcl import versions
from guardrail.hcl.modules import Module
from guardrail.hcl.syntax import Block, Literal
from guardrail.model.report import Hit, Undecided
from guardrail.views.declared import (
    Modules,
    Wanted,
    module_of,
    settings,
    state_block,
    used_providers,
    wanted_providers,
)
from guardrail.views.items import Item

__all__ = ["lock_missing", "provider_missing", "provider_open_ended", "terraform_missing", "terraform_open_ended"]

LOCK = ".terraform.lock.hcl"


def terraform_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Configurations with settings or providers of their own that take any version of Terraform."""
    module = module_of(item)
    if not _concerns(item, arguments) or _required(module) is not None:
        return
    block = next(settings(module), None) or _first_provider(module)
    if block is not None:
        yield Hit(_header(*block), "any version of Terraform may run this: no `required_version`", text="terraform")


def terraform_open_ended(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deployed configurations that take every later version of Terraform."""
    module = module_of(item)
    found = _required(module)
    if item.bindings["called"] or found is None or not _deployed(module):
        return
    file, start, end, text = found
    read = versions.constraint(text)
    if read is not None and not versions.bounded(read):
        yield Hit((file, start, end), f"`{text}` takes every later version: write `~> x.y`", text="terraform")


def _required(module: Module) -> tuple[str, int, int, str] | None:
    """`required_version`: file, offsets, its text."""
    for file, block in settings(module):
        found = block.body.attributes.get("required_version")
        if found is not None:
            text = str(found.value.value) if isinstance(found.value, Literal) else ""
            return file, found.start, found.end, text
    return None


def provider_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Providers that are used without a version constraint."""
    module = module_of(item)
    if not _concerns(item, arguments):
        return
    wanted = wanted_providers(module)
    for name, (file, block) in used_providers(module).items():
        entry = wanted.get(name)
        if entry is None:
            if block.type != "provider" or "version" not in block.body.attributes:
                message = f"provider {name} has no version: name it in `required_providers`"
                yield Hit(_header(file, block), message, text=name)
        elif entry.known and not entry.version:
            yield Hit(_entry(entry), f"provider {name} has no `version`", text=name)


def provider_open_ended(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Providers of a deployed configuration that may be of every later version, where no lock file holds them."""
    module = module_of(item)
    if item.bindings["called"] or not _deployed(module) or _locked(item, module):
        return
    for name, entry in wanted_providers(module).items():
        read = versions.constraint(entry.version) if entry.version else None
        if read is not None and not versions.bounded(read):
            message = f"`{entry.version}` takes every later version of provider {name}, and no {LOCK} holds one"
            yield Hit(_entry(entry), message, text=name)


def lock_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Configurations with remote state, so that several people apply them, that keep no lock file."""
    module = module_of(item)
    found = state_block(module)
    local = found is not None and found[1].labels[:1] == ("local",)
    if item.bindings["called"] or found is None or local or not used_providers(module) or _locked(item, module):
        return
    yield Hit(_header(*found), f"{LOCK} is not beside this: commit it", text=LOCK)


def _locked(item: Item, module: Module) -> bool:
    modules: Modules = item.bindings["modules"]  # type: ignore[assignment]
    return LOCK in modules.tree.names(module.folder)


def _concerns(item: Item, arguments: Mapping[str, Any]) -> bool:
    """Whether a configuration is one to ask: run by itself, or any if `called` says so, and with settings at all."""
    module = module_of(item)
    if item.bindings["called"] and not arguments.get("called"):
        return False
    return bool(module.providers) or next(settings(module), None) is not None


def _deployed(module: Module) -> bool:
    """Whether a configuration is applied by itself, and no module for others: it has a provider or state."""
    return bool(module.providers) or state_block(module) is not None


def _first_provider(module: Module) -> tuple[str, Block] | None:
    return next(((w.file, w.block) for w in module.providers.values()), None)


def _header(file: str, block: Block) -> tuple[str, int, int]:
    return file, block.start, block.header_end


def _entry(entry: Wanted) -> tuple[str, int, int]:
    return entry.file, entry.attribute.start, entry.attribute.end
