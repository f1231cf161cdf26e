"""Packages of languages in Dockerfiles: whether their versions are fixed, and whether a build has what it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.actions import installs
from guardrail.checks.dockerfile_packages import named
from guardrail.checks.dockerfile_run import at_command, executed
from guardrail.model.place import Pointer
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, lineage, of_item, stages
from guardrail.views.items import Item

__all__ = ["built_without_tools", "npm_install", "unpinned_language"]

_BUILDERS = regex(
    r"(?:npm run|yarn(?: run)?|pnpm(?: run)?) (?:build|compile|bundle)\b"
    r"|npx (?:--\S+ )*(?:nx|tsc|vite|next|webpack|ng)\b|(?:tsc|vite|next|webpack|ng) build\b|tsc\b"
)
_PRODUCTION = ("--only=production", "--only=prod", "--production", "--omit=dev", "--prod", "-P", "--production=true")


def unpinned_language(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Packages of a language that are installed at whatever version is the newest."""
    for command in executed(item, "install", " add ", " i "):
        found = installs.unpinned(command.words)
        if found:
            yield at_command(item, command, f"{' '.join(command.words[:2])} takes the newest version of {named(found)}")


def npm_install(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`npm install` of all dependencies, which may change the lockfile where `npm ci` fails."""
    for command in executed(item, "npm"):
        if installs.ignores_lockfile(command.words):
            told = f"`{' '.join(command.words)[:60]}` may install other versions than the lockfile names"
            yield at_command(item, command, told)


def built_without_tools(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A build that follows an installation without development dependencies, where its tools usually are."""
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    lacking: Instruction | None = None
    for part in reversed(list(lineage(found, stage))):
        for one in part.instructions:
            for command in executed(item._replace(path=one.path), "npm", "yarn", "pnpm", "npx", "tsc", "vite"):
                text = " ".join((*[w.split()[0] for w in command.wrappers if w], *command.words))
                if _installs_all(command.words):
                    production = any(word in _PRODUCTION for word in command.words)
                    lacking = one if production else None
                elif lacking is not None and part.number == stage.number and _BUILDERS.search(text):
                    note = (Pointer("", lacking.path), "installs no development dependencies")
                    told = f"`{text[:50]}` finds no development dependencies: the installation before it left them out"
                    yield at_command(item._replace(path=one.path), command, told)._replace(related=(note,))
                    return


def _installs_all(words: tuple[str, ...]) -> bool:
    """Whether a command installs what the project's package.json names."""
    if words[:1] == ("npm",):
        named = [w for w in words[2:] if not w.startswith("-")]
        return words[1:2] in (("ci",), ("install",), ("i",)) and not named
    return words[:2] in (("pnpm", "install"), ("pnpm", "i"), ("yarn", "install")) or words == ("yarn",)
