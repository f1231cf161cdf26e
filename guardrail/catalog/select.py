"""Which policies a run judges by, with which severity and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from guardrail.catalog.load import Catalog, Profile
from guardrail.errors import UsageError, did_you_mean
from guardrail.model.policy import Policy, severity_rank
from guardrail.settings import PolicySettings, Settings


class Selected(NamedTuple):
    """A policy of this run; one that is not enforced is reported and never fails the run."""

    policy: Policy
    severity: str
    params: Mapping[str, object]
    enforced: bool


def select(catalog: Catalog, settings: Settings, minor: int) -> tuple[Selected, ...]:
    """The policies of the profile and settings, by id, less those another one overrides at this version.

    Raises UsageError for an unknown profile, policy, pattern or parameter.
    """
    chosen: set[str] = set()
    changes: dict[str, PolicySettings] = {}
    for profile in _chain(catalog, settings.profile, ()):
        for rule in profile.select:
            for verb, criteria in rule.items():
                found = {p.id for p in catalog.policies.values() if _meets(p, criteria)}
                chosen = chosen | found if verb == "include" else chosen - found
        _change(catalog, changes, profile.policies, profile.place)
    chosen |= set(_named(catalog, settings.select))
    chosen -= set(_named(catalog, settings.ignore))
    _change(catalog, changes, settings.policies, settings.source)
    chosen -= {id_ for id_, change in changes.items() if change.mode == "off"}
    selected = [_selected(catalog.policies[id_], changes.get(id_)) for id_ in sorted(chosen)]
    return tuple(_without_overridden(selected, minor))


def _chain(catalog: Catalog, name: str, seen: tuple[str, ...]) -> Iterator[Profile]:
    """A profile after everything it extends."""
    name = name.removeprefix("guardrail/")
    profile = catalog.profiles.get(name)
    if profile is None:
        raise UsageError(f"no profile named '{name}'{did_you_mean(name, catalog.profiles)}")
    if name in seen:
        raise UsageError(f"profile {name} extends itself ({profile.place})")
    for parent in profile.extends:
        yield from _chain(catalog, parent, (*seen, name))
    yield profile


def _meets(policy: Policy, criteria: Mapping[str, Any]) -> bool:
    tests = {
        "ids": lambda given: any(fnmatchcase(policy.id, pattern) for pattern in given),
        "category": lambda given: policy.category in given,
        "profiles": lambda given: not set(policy.profiles).isdisjoint(given),
        "tags": lambda given: not set(policy.tags).isdisjoint(given),
        "severityAtLeast": lambda given: severity_rank(policy.severity) >= severity_rank(given),
    }
    return not policy.replaced_by and all(tests[key](given) for key, given in criteria.items())


def _named(catalog: Catalog, patterns: Iterable[str]) -> Iterator[str]:
    """Ids that ids, aliases or patterns name; a name that means nothing is an error."""
    for pattern in patterns:
        if any(c in pattern for c in "*?["):
            found = [id_ for id_ in catalog.policies if fnmatchcase(id_, pattern)]
            if not found:
                raise UsageError(f"no policy matches '{pattern}'")
            yield from found
        else:
            yield catalog.policy(pattern).id


def _change(
    catalog: Catalog, changes: dict[str, PolicySettings], given: Mapping[str, PolicySettings], place: str
) -> None:
    for name, change in given.items():
        policy = catalog.policies.get(catalog.aliases.get(name, name))
        prefix = f"{place}: " if place else ""
        if policy is None:
            raise UsageError(f"{prefix}no policy named '{name}'{did_you_mean(name, catalog.policies)}")
        for param, value in change.params.items():
            _check_param(policy, param, value, prefix)
        before = changes.get(policy.id, PolicySettings())
        changes[policy.id] = PolicySettings(
            severity=change.severity or before.severity,
            params={**before.params, **change.params},
            mode=change.mode,
        )


def _check_param(policy: Policy, name: str, value: object, prefix: str) -> None:
    param = policy.params.get(name)
    if param is None:
        raise UsageError(f"{prefix}policy {policy.id} has no parameter '{name}'{did_you_mean(name, policy.params)}")
    if value == param.default or _is_plainly(value, param.schema):
        return
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(dict(param.schema)).iter_errors(value))
    if error is not None:
        raise UsageError(f"{prefix}policy {policy.id}, parameter {name}: {error.message}")


def _is_plainly(value: object, schema: Mapping[str, object]) -> bool:
    """Whether a value meets a schema that says no more than boolean or list of strings; jsonschema imports slowly."""
    if dict(schema) == {"type": "boolean"}:
        return isinstance(value, bool)
    listed = {"type": "array", "items": {"type": "string"}}
    return dict(schema) == listed and isinstance(value, list) and all(isinstance(v, str) for v in value)


def _selected(policy: Policy, change: PolicySettings | None) -> Selected:
    if change is None:
        return Selected(policy, policy.severity, {}, True)
    return Selected(policy, change.severity or policy.severity, change.params, change.mode != "audit")


def _without_overridden(selected: list[Selected], minor: int) -> Iterator[Selected]:
    """Leave out what a stricter policy of the same run covers, at versions where that one is in force."""
    overridden = {
        id_ for s in selected if s.policy.match.since <= minor <= s.policy.match.until for id_ in s.policy.overrides
    }
    return (s for s in selected if s.policy.id not in overridden)
