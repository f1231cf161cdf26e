"""What is known of registry modules without the network: `policies/terraform/modules/**.tf`.

Each file summarises one module as Terraform: its variables with their defaults, and of its resources what policies
ask for. `<namespace>/<name>/<provider>/[modules/<x>/]<version>.tf`, in lower case, holds from that version on until
the next file; a file of comments alone says that nothing is known from there on.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path as FilePath
from re import compile as regex
from typing import NamedTuple

from guardrail.hcl.versions import Constraint, Version, constraint, least, parse

HOSTS = ("registry.terraform.io", "registry.opentofu.org")
"""Registries whose modules the summaries tell about; the first is assumed where a source names none."""

LONGEST = 500
"""How many characters of a source are looked at."""

_NAME = r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?"
_REGISTRY = regex(
    rf"(?:([0-9A-Za-z.-]+\.[0-9A-Za-z-]+)/)?({_NAME})/({_NAME})/([0-9a-z]{{1,64}})(?://([0-9A-Za-z_/-]*))?\Z"
)
_GITHUB = regex(
    r"(?:git::)?(?:(?:https|ssh)://(?:git@)?github\.com/|git@github\.com:|github\.com/)"
    rf"({_NAME})/terraform-([0-9a-z]{{1,64}})-({_NAME})(?:\.git)?(?://([0-9A-Za-z_/-]*))?(?:\?([^?]*))?\Z"
)


class Address(NamedTuple):
    """A module of the registry; `path` is that of a nested module (`modules/http-80`), empty for the module itself."""

    namespace: str
    name: str
    provider: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}/{self.provider}" + (f"//{self.path}" if self.path else "")


class Summary(NamedTuple):
    """What is known of a module: its `text` as Terraform, a `name` for messages, the `file` below the policies."""

    text: str
    name: str
    file: str


def find(source: str, version: str, base: FilePath, arguments: Collection[str] = ()) -> Summary | None:
    """The summary for the `source` and `version` of a module call; None for modules and versions nothing is known of.

    `base` is the folder of the shipped policies. Terraform installs the newest version that a constraint allows
    (documentation: "Module blocks", `version`); which were published is not known here, so it is taken to be the
    newest that there is a summary for. Without a constraint it is the newest of those that know most of the `arguments`
    of the call: nobody writes the inputs of a version that is not used.
    """
    wanted = _wanted(source, version)
    if wanted is None:
        return None
    address, conditions = wanted
    folder = base.joinpath("terraform", "modules", *str(address).lower().replace("//", "/").split("/"))
    files = _files(folder)
    file = _choose(files, conditions) if version.strip() or not arguments else _knowing(files, arguments)
    if file is None:
        return None
    text = file.read_text(encoding="utf-8")
    if not any(line[:1].isalpha() for line in text.splitlines()):  # comments only: here knowledge ends
        return None
    return Summary(text, f"{address} from version {file.stem} on", file.relative_to(base).as_posix())


def address(source: str) -> Address | None:
    """The module of the public registry that a source names; None for every other source.

    A repository `github.com/<namespace>/terraform-<provider>-<name>` counts: the registry serves what lies there
    (documentation: "Publish modules", "Requirements").
    """
    if len(source) > LONGEST:
        return None
    found = _REGISTRY.match(source)
    if found:
        host, namespace, name, provider, path = found.groups()
        known = host is None or host.lower() in HOSTS
        return Address(namespace, name, provider, _path(path)) if known else None
    found = _GITHUB.match(source)
    if found:
        namespace, provider, name, path, _ = found.groups()
        return Address(namespace, name, provider, _path(path))
    return None


def _wanted(source: str, version: str) -> tuple[Address, Constraint] | None:
    """The module, and what its version must satisfy: the constraint, or the tag that a repository is taken at."""
    named = address(source)
    if named is None:
        return None
    repository = _GITHUB.match(source)
    conditions = _tagged(repository[5] or "") if repository else constraint(version)
    return None if conditions is None else (named, conditions)


def _tagged(query: str) -> Constraint | None:
    """The version of `ref=v6.1.0` or `ref=tags/6.1.0`; a branch or commit cannot be told, no ref is the newest."""
    options = dict(part.partition("=")[::2] for part in query.split("&"))
    ref = options.get("ref", "")
    tag = parse(ref.removeprefix("refs/").removeprefix("tags/"))
    if ref and (tag is None or "." not in ref):
        return None
    return constraint(f"= {tag}" if tag else "")


def _files(folder: FilePath) -> list[tuple[Version, FilePath]]:
    """The summaries of a module with the version they begin at, in their order."""
    found = [(parse(file.stem), file) for file in folder.glob("*.tf")]
    return sorted(((v, f) for v, f in found if v is not None), key=lambda entry: entry[0].order())


def _choose(files: list[tuple[Version, FilePath]], conditions: Constraint) -> FilePath | None:
    """The newest file that tells about a version the conditions allow."""
    end: Version | None = None
    for begin, file in reversed(files):
        lowest = least(conditions, begin)
        if lowest is not None and (end is None or lowest.order() < end.order()):
            return file
        end = begin
    return None


def _knowing(files: list[tuple[Version, FilePath]], arguments: Collection[str]) -> FilePath | None:
    """The newest of the files that declare most of some variables."""

    def known(file: FilePath) -> int:
        text = file.read_text(encoding="utf-8")
        return sum(f'variable "{name}"' in text for name in arguments)

    return max(((known(file), at, file) for at, (_, file) in enumerate(files)), default=(0, 0, None))[2]


def _path(written: str | None) -> str:
    """The folder within a module, without slashes at its ends or doubled."""
    return "/".join(part for part in (written or "").split("/") if part)
