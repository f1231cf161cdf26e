"""How packages are published: with a token that lasts or a proven identity, and with what to verify them by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions import tools
from guardrail.actions.shell import Command
from guardrail.checks.uses_pins import used
from guardrail.checks.workflow_supply_scripts import at, executed
from guardrail.graph.repository import Repository
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["floating_tool", "token", "unproven_package"]

_SECRET = regex(r"(?i)\bsecrets\s*(?:\.\s*(?!github_token\b)|\[)")
_NPM = (("npm", "publish"), ("pnpm", "publish"), ("yarn", "npm", "publish"), ("yarn", "publish"), ("bun", "publish"))


class _Registry(NamedTuple):
    """Commands that publish to a registry, and what gives them a token that lasts."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    variables: tuple[str, ...]
    options: tuple[str, ...] = ()


_REGISTRIES = (
    _Registry("npm", _NPM, ("NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN", "NPM_CONFIG_TOKEN")),
    _Registry(
        "PyPI",
        (
            ("twine", "upload"),
            ("uv", "publish"),
            ("poetry", "publish"),
            ("flit", "publish"),
            ("hatch", "publish"),
            ("pdm", "publish"),
            ("maturin", "publish"),
            ("maturin", "upload"),
        ),
        (
            "TWINE_PASSWORD",
            "UV_PUBLISH_TOKEN",
            "UV_PUBLISH_PASSWORD",
            "POETRY_PYPI_TOKEN_PYPI",
            "FLIT_PASSWORD",
            "HATCH_INDEX_AUTH",
            "PDM_PUBLISH_PASSWORD",
            "MATURIN_PYPI_TOKEN",
            "MATURIN_PASSWORD",
        ),
        ("--password", "-p", "--token", "-t"),
    ),
    _Registry("crates.io", (("cargo", "publish"),), ("CARGO_REGISTRY_TOKEN",), ("--token",)),
    _Registry("RubyGems", (("gem", "push"),), ("GEM_HOST_API_KEY", "RUBYGEMS_API_KEY"), ("--key", "-k")),
    _Registry("NuGet", (("dotnet", "nuget", "push"), ("nuget", "push")), ("NUGET_API_KEY",), ("--api-key", "-k")),
)
"""Registries with trusted publishing. Sources: docs.pypi.org/trusted-publishers, docs.npmjs.com/trusted-publishers,
crates.io/docs/trusted-publishing, guides.rubygems.org/trusted-publishing, learn.microsoft.com/nuget."""

_INPUTS = {
    "pypa/gh-action-pypi-publish": ("password", "PyPI", "repository-url"),
    "js-devtools/npm-publish": ("token", "npm", "registry"),
    "katyo/publish-crates": ("registry-token", "crates.io", ""),
}
"""Actions by the input that holds the token, and the one that names another registry."""


def token(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A package published with a secret where the registry takes the workflow's identity instead."""
    uses, given = used(item), _mapping(_mapping(item.bindings.get("step")).get("with"))
    if uses.kind == "action":
        name, where, elsewhere = _INPUTS.get(uses.name, ("", "", ""))
        if name and _is_lasting(given.get(name)) and not given.get(elsewhere):
            yield Hit((*item.path, "with", name), f"the package goes to {where} with a token that lasts")
        return
    text = str(_mapping(item.bindings.get("step")).get("run"))
    for command in executed(item, "publish", "upload", "push"):
        registry = next((r for r in _REGISTRIES if _is_one(command, r.commands)), None)
        if registry is not None and not _elsewhere(command, item) and (by := _secret(item, command, registry)):
            told = f"the package goes to {registry.name} with a token that lasts ({by})"
            yield at(item, text, command.order, command.order + len(command.text), told)


def _is_one(command: Command, known: tuple[tuple[str, ...], ...]) -> bool:
    plain = tuple(word for word in command.words if not word.startswith("-"))
    return "--dry-run" not in command.words and any(plain[: len(words)] == words for words in known)


def _is_lasting(value: object) -> bool:
    """Whether a value holds a secret other than the token of the run, which ends with it."""
    return bool(_SECRET.search(str(value or "")))


def _elsewhere(command: Command, item: Item) -> bool:
    """Whether a command publishes to a registry that is named, which may know no other way: by an option, or by the
    `registry-url` that actions/setup-node writes into `.npmrc`."""
    steps = _mapping(item.bindings.get("job")).get("steps")
    for step in steps if isinstance(steps, list) else ():
        url = str(_mapping(_mapping(step).get("with")).get("registry-url") or "")
        if url and "registry.npmjs.org" not in url and command.head in ("npm", "pnpm", "yarn"):
            return True
    options = ("--registry", "--repository-url", "--repository", "-r", "--source", "-s", "--host", "--index")
    return any(word.partition("=")[0] in options for word in command.words)


def _secret(item: Item, command: Command, registry: _Registry) -> str:
    """What hands a secret to a command: a variable of step, job or workflow, or an option."""
    holders = (item.bindings.get("step"), item.bindings.get("job"), item.resource.data)
    for holder in holders:
        env = _mapping(_mapping(holder).get("env"))
        name = next((n for n in registry.variables if _is_lasting(env.get(n))), "")
        if name:
            return name
    words = list(command.words)
    for option in registry.options:
        if any(w.startswith(f"{option}=") and _is_lasting(w) for w in words):
            return option
        if option in words[:-1] and _is_lasting(words[words.index(option) + 1]):
            return option
    return ""


def unproven_package(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`npm publish` without a provenance statement, which says what was built where.

    With trusted publishing npm makes one by itself (docs.npmjs.com, "Trusted publishing for npm packages").
    """
    text = str(_mapping(item.bindings.get("step")).get("run"))
    for command in executed(item, "publish"):
        if not _is_one(command, _NPM[:3]) or _elsewhere(command, item) or any("provenance" in w for w in command.words):
            continue
        if not (_asks_provenance(item) or not _secret(item, command, _REGISTRIES[0])):
            told = f"`{' '.join(command.words)[:60]}` publishes a package without provenance"
            yield at(item, text, command.order, command.order + len(command.text), told)


def _asks_provenance(item: Item) -> bool:
    """Whether variables or `publishConfig` ask for it."""
    for holder in (item.bindings.get("step"), item.bindings.get("job"), item.resource.data):
        env = _mapping(_mapping(holder).get("env"))
        if any(str(name).upper() == "NPM_CONFIG_PROVENANCE" for name in env):
            return True
    repository = item.bindings.get("repository")
    if not isinstance(repository, Repository):
        return False
    folder = str(_mapping(item.bindings.get("step")).get("working-directory") or ".")
    package = _mapping(repository.document(f"{folder}/package.json"))
    npmrc = repository.text(f"{folder}/.npmrc") or ""
    return bool(_mapping(package.get("publishConfig")).get("provenance")) or "provenance=true" in npmrc


def floating_tool(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A setup action that installs whatever version is the newest."""
    uses, step = used(item), _mapping(item.bindings.get("step"))
    found = tools.floating(uses, _mapping(step.get("with"))) if uses.kind == "action" else None
    if found is not None:
        path = (*item.path, "with", found.input) if found.input else (*item.path, "uses")
        yield Hit(path, f"{uses.owner}/{uses.repo} installs another version tomorrow: {found.told}")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
