"""Policy and profile files to plain records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from guardrail.catalog import admission
from guardrail.catalog.files import Written, documents, validate
from guardrail.errors import PolicyError, UsageError, did_you_mean
from guardrail.model.policy import Match, Param, Policy
from guardrail.settings import PolicySettings


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of policies: what it extends, what it includes and excludes, what it changes."""

    id: str
    description: str
    extends: tuple[str, ...]
    select: tuple[Mapping[str, Any], ...]
    policies: Mapping[str, PolicySettings]
    place: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every policy and profile known to a run, by id; `objects` are parameters lying among the policies."""

    policies: Mapping[str, Policy]
    profiles: Mapping[str, Profile]
    aliases: Mapping[str, str] = field(default_factory=dict)
    objects: tuple[Mapping[str, object], ...] = ()

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


def load(own_paths: tuple[FilePath, ...] = ()) -> Catalog:
    """The shipped catalogue and people's own policies; raises PolicyError for any that is wrong."""
    policies: dict[str, Policy] = {}
    profiles: dict[str, Profile] = {}
    parts: list[admission.Part] = []
    shipped = shipped_directory()
    for file in _yaml_files(shipped):
        _add(file, file.relative_to(shipped).as_posix(), False, (policies, profiles))
    for root in own_paths:
        if not root.exists():
            raise UsageError(f"policy path {root} does not exist")
        for file in _yaml_files(root):
            others = _add(file, str(file), True, (policies, profiles))
            if "fixtures" not in file.relative_to(root).parts:
                parts += (part for written in others for part in admission.objects(written, str(file)))
    for policy in admission.policies(parts):
        _enter(policy, policies)
    aliases = {alias: p.id for p in policies.values() for alias in p.aliases}
    return Catalog(policies, profiles, aliases, admission.parameters(parts))


def _yaml_files(root: FilePath) -> list[FilePath]:
    if root.is_file():
        return [root]
    return sorted(f for f in root.rglob("*.y*ml") if f.suffix in {".yaml", ".yml"} and f.is_file())


def _add(file: FilePath, name: str, own: bool, into: tuple[dict[str, Policy], dict[str, Profile]]) -> list[Written]:
    """Take in a file's policies and profiles; what is returned are its other documents."""
    policies, profiles = into
    others: list[Written] = []
    for written in documents(file, name):
        kind = written.data.get("kind")
        if "guardrail" not in written.data:
            others.append(written)
        elif kind == "Policy":
            if own:
                validate(written, "policy")
            _enter(read_policy(written, str(file)), policies)
        elif kind == "Profile":
            if own:
                validate(written, "profile")
            profile = read_profile(written)
            profiles[profile.id] = profile
        else:
            raise PolicyError(f"kind '{kind}' is neither Policy nor Profile", written.place(("kind",)))
    return others


def _enter(policy: Policy, policies: dict[str, Policy]) -> None:
    first = policies.setdefault(policy.id, policy)
    if first is not policy:
        raise PolicyError(f"policy {policy.id} is defined twice, first in {first.place}", policy.place)


def read_policy(written: Written, origin: str = "") -> Policy:
    """A policy from a document that has the policy schema's shape; `origin` is its file."""
    data = written.data
    match = data["match"]
    return Policy(
        id=data["id"],
        title=data["title"],
        severity=data["severity"],
        category=data["category"],
        why=" ".join(str(data["why"]).split()),
        remediation=str(data["remediation"]).strip(),
        match=Match(
            type=match["type"],
            kinds=tuple(match.get("kinds", ("*",))),
            since=_minor(match.get("since"), 0),
            until=_minor(match.get("until"), 9999),
        ),
        each=data.get("each", "resource"),
        scope="repository" if data.get("related") else data.get("scope", "resource"),
        assertions=tuple(data.get("assert", ())),
        when=tuple(_conditions(data.get("when"))),
        variables=data.get("variables", {}),
        related=data.get("related", {}),
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
        place=written.place(("id",)),
        origin=origin,
    )


def read_profile(written: Written) -> Profile:
    """A profile from a document that has the profile schema's shape."""
    data = written.data
    return Profile(
        id=data["id"],
        description=" ".join(str(data["description"]).split()),
        extends=tuple(name.removeprefix("guardrail/") for name in data.get("extends", ())),
        select=tuple(data.get("select", ({"include": {"profiles": [data["id"]]}},))),
        policies=policy_settings(data.get("policies", {})),
        place=written.place(("id",)),
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
