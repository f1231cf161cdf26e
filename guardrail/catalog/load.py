"""Policy and profile files to plain records."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from guardrail.catalog.cache import Cache, Entry, stamp
from guardrail.catalog.files import Written, documents, validate
from guardrail.errors import PolicyError, UsageError, did_you_mean
from guardrail.model.policy import Match, Param, Policy
from guardrail.settings import PolicySettings

_TABLES = frozenset({"recognise", "defaults"})
"""Folders of data tables, read by modules of their own when workflows or Terraform files are."""

KINDS = ("Policy", "Profile", "PipelineGate")
"""What a file of the catalogue may hold."""


class Profile(NamedTuple):
    """A named set of policies: what it extends, what it includes and excludes, what it changes."""

    id: str
    description: str
    extends: tuple[str, ...]
    select: tuple[Mapping[str, Any], ...]
    policies: Mapping[str, PolicySettings]
    place: str


class Catalog(NamedTuple):
    """Every policy and profile known to a run, by id; `objects` are parameters lying among the policies.

    `kept` is the folder in which files that were read are kept for the next time; `others` are ids of shipped policies
    that nothing in this run can be judged by.
    """

    policies: Mapping[str, Policy]
    profiles: Mapping[str, Profile]
    aliases: Mapping[str, str] = {}
    objects: tuple[Mapping[str, object], ...] = ()
    kept: FilePath | None = None
    others: frozenset[str] = frozenset()

    def policy(self, name: str) -> Policy:
        """The policy of that id or alias; raises UsageError with a suggestion."""
        found = self.policies.get(self.aliases.get(name, name))
        if found is None:
            raise UsageError(f"no policy named '{name}'{did_you_mean(name, self.policies)}")
        return found


@cache
def shipped_directory() -> FilePath:
    """Where the shipped policies are: inside the wheel, or beside the package in a checkout."""
    package = FilePath(__file__).parent.parent
    inside = package / "policies"
    return inside if inside.is_dir() else package.parent / "policies"


def load(own_paths: tuple[FilePath, ...] = (), kept: FilePath | None = None, without: tuple[str, ...] = ()) -> Catalog:
    """The shipped catalogue and people's own policies; raises PolicyError for any that is wrong.

    `kept` is the folder in which policies that were read are kept for the next time. `without` are types of input that
    there is none of: their shipped policies are known by name only.
    """
    shipped = shipped_directory()
    shelf = _Shelf({}, {}, Cache.of(kept, (shipped, *own_paths, *map(FilePath, without))), [])
    start = len(str(shipped)) + 1
    others = set()
    for file in _yaml_files(shipped):
        name = file[start:].replace(os.sep, "/")
        if os.path.basename(os.path.dirname(file)) in _TABLES:
            continue
        if name.partition("/")[0] in without:
            others.add(os.path.splitext(os.path.basename(file))[0])  # one policy, one file of its name
        else:
            _add(file, name, False, shelf)
    objects = _add_own(own_paths, shelf) if own_paths else ()
    shelf.cache.save()
    aliases = {alias: p.id for p in shelf.policies.values() for alias in p.aliases}
    return Catalog(shelf.policies, shelf.profiles, aliases, objects, kept, frozenset(others))


class _Shelf(NamedTuple):
    """A catalogue being filled."""

    policies: dict[str, Policy]
    profiles: dict[str, Profile]
    cache: Cache
    gates: list[Entry]


def _add_own(roots: tuple[FilePath, ...], shelf: _Shelf) -> tuple[dict[str, object], ...]:
    """Take in people's own policies, admission policies among them; what is returned are objects those refer to."""
    from guardrail.catalog import admission, pipeline_gate

    parts: list[admission.Part] = []
    for root in roots:
        if not root.exists():
            raise UsageError(f"policy path {root} does not exist")
        for file in _yaml_files(root):
            others = _add(file, file, True, shelf)
            if "fixtures" not in FilePath(file).relative_to(root).parts:
                parts += (part for written in others for part in admission.objects(written, file))
    for policy in admission.policies(parts):
        _enter(policy, shelf.policies)
    for data, place in shelf.gates:
        for policy in pipeline_gate.policies(data, place, shelf.policies):
            _enter(policy, shelf.policies)
    return admission.parameters(parts)


def _yaml_files(root: FilePath) -> list[str]:
    """The files below a folder as text: there are hundreds, and paths as objects cost more than reading them.

    Links to folders are not followed. Raises UsageError for a folder that cannot be listed.
    """
    if root.is_file():
        return [str(root)]
    found: list[str] = []
    folders = [str(root)]
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.name.endswith((".yaml", ".yml")):
                        found.append(entry.path)
        except OSError as error:
            raise UsageError(f"policy folder {folder} cannot be listed: {error.strerror}") from None
    return sorted(found)


def _add(file: str, name: str, own: bool, shelf: _Shelf) -> list[Written]:
    """Take in a file's policies and profiles; what is returned are its other documents."""
    key, mark = f"{os.path.abspath(file) if own else file}|{name}", stamp(file)
    entries = shelf.cache.get(key, mark)
    others: list[Written] = []
    if entries is None:
        entries, others = _read(FilePath(file), name, own)
        if not others:
            shelf.cache.put(key, mark, entries)
    for data, place in entries:
        if data["kind"] == "Policy":
            _enter(read_policy(data, place, file, shipped=not own), shelf.policies)
        elif data["kind"] == "PipelineGate":
            shelf.gates.append((data, place))
        else:
            shelf.profiles[data["id"]] = read_profile(data, place)
    return others


def _read(file: FilePath, name: str, own: bool) -> tuple[list[Entry], list[Written]]:
    """A file's policies and profiles, validated unless they are shipped, and its other documents."""
    entries: list[Entry] = []
    others: list[Written] = []
    for written in documents(file, name):
        kind = written.data.get("kind")
        if "guardrail" not in written.data:
            others.append(written)
        elif kind not in KINDS:
            raise PolicyError(f"kind '{kind}' is none of {', '.join(KINDS)}", written.place(("kind",)))
        else:
            if own:
                validate(written, kind.lower())
            entries.append((written.data, written.place(("id",))))
    return entries, others


def _enter(policy: Policy, policies: dict[str, Policy]) -> None:
    first = policies.setdefault(policy.id, policy)
    if first is not policy:
        raise PolicyError(f"policy {policy.id} is defined twice, first in {first.place}", policy.place)


def read_policy(data: Mapping[str, Any], place: str, origin: str = "", shipped: bool = False) -> Policy:
    """A policy from data that has the policy schema's shape; `origin` is its file, `place` its line there."""
    match = data["match"]
    return Policy(
        id=data["id"],
        title=data["title"],
        severity=data["severity"],
        category=data["category"],
        why=_one_line(str(data["why"])),
        remediation=str(data["remediation"]).strip(),
        match=Match(
            type=match["type"],
            kinds=tuple(match.get("kinds") or match.get("resources") or ("*",)),
            since=_minor(match.get("since"), 0),
            until=_minor(match.get("until"), 9999),
        ),
        each=data.get("each", "resource"),
        scope="repository" if data.get("related") or data.get("needs") else data.get("scope", "resource"),
        assertions=tuple(data.get("assert", ())),
        when=tuple(_conditions(data.get("when"))),
        variables=data.get("variables", {}),
        related=data.get("related", {}),
        needs=tuple(data.get("needs", ())),
        environments=tuple(data.get("environments", ())),
        check=data.get("check", ""),
        with_arguments=data.get("with", {}),
        message=data.get("message", ""),
        params={name: _param(given) for name, given in data.get("params", {}).items()},
        unknown=data.get("unknown", "report"),
        controls=_lists(data.get("controls")),
        equivalents=_lists(data.get("equivalents")),
        aliases=tuple(data.get("aliases", ())),
        overrides=tuple(data.get("overrides", ())),
        folds=tuple(data.get("folds", ())),
        profiles=tuple(data.get("profiles", ())),
        tags=tuple(data.get("tags", ())),
        references=tuple(data.get("references", ())),
        suppressible=data.get("suppressible", True),
        fix=tuple(data.get("fix", ())),
        replaced_by=data.get("deprecated", {}).get("replacedBy", ""),
        place=place,
        origin=origin,
        shipped=shipped,
    )


def read_profile(data: Mapping[str, Any], place: str) -> Profile:
    """A profile from data that has the profile schema's shape."""
    return Profile(
        id=data["id"],
        description=" ".join(str(data["description"]).split()),
        extends=tuple(name.removeprefix("guardrail/") for name in data.get("extends", ())),
        select=tuple(data.get("select", ({"include": {"profiles": [data["id"]]}},))),
        policies=policy_settings(data.get("policies", {})),
        place=place,
    )


def policy_settings(data: Mapping[str, Any]) -> dict[str, PolicySettings]:
    """The `policies:` section of a profile or a settings file."""
    return {
        id_: PolicySettings(
            severity=given.get("severity", ""),
            params=given.get("params", {}),
            mode=given.get("mode", "enforce"),
        )
        for id_, given in data.items()
    }


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text else text


def _minor(version: str | None, default: int) -> int:
    return default if version is None else int(version.partition(".")[2])


def _conditions(given: Any) -> Iterator[Mapping[str, object]]:
    for condition in given if isinstance(given, list) else () if given is None else (given,):
        yield {"cel": condition} if isinstance(condition, str) else condition


def _param(given: Mapping[str, Any]) -> Param:
    rules = {k: v for k, v in given.items() if k not in {"default", "description"}}
    return Param(rules, given["default"], given.get("description", ""))


def _lists(given: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(map(str, ids)) for name, ids in (given or {}).items()}
