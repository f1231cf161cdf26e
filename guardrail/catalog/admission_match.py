"""MatchResources of admission policies as CEL conditions over `request`, `object` and `namespaceObject`.

Semantics: admissionregistration.k8s.io/v1 MatchResources and NamedRuleWithOperations. What a condition needs and the
files do not tell is unknown, and so is then the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from json import dumps
from typing import Any

from guardrail.views.admission import KINDS, OPERATIONS

GROUP = "admissionregistration.k8s.io"

_EVERY = ("*", "*/*")
_NAME_LABEL = "kubernetes.io/metadata.name"
_NAMED = f'{{"{_NAME_LABEL}": request.?namespace.orValue("")}}'
_OWN_LABELS = "object.?metadata.?labels.orValue({})"
_NAMESPACE_LABELS = "namespaceObject.?metadata.?labels.orValue({})"
_NAMESPACED = "(object.?metadata.?namespace.hasValue() || namespaceObject != null)"


def operation(constraints: Mapping[str, Any]) -> str:
    """What a policy judges files as: CREATE, or UPDATE when it hears of nothing but updates."""
    rules = constraints.get("resourceRules", ())
    heard = [o for o in OPERATIONS if not rules or any(_hears(r, o) for r in rules)]
    return heard[0] if heard else OPERATIONS[0]


def kinds(constraints: Mapping[str, Any], heard: str) -> tuple[str, ...]:
    """The kinds that the rules name; `*` as soon as one of them is not built in."""
    rules = constraints.get("resourceRules")
    if not rules:
        return ("*",)
    names = dict.fromkeys(n for r in rules if _hears(r, heard) for n in _whole(r))
    return tuple(KINDS[n] for n in names) if all(n in KINDS for n in names) else ("*",)


def conditions(scope: Mapping[str, Any], heard: str) -> Iterator[str]:
    """What has to hold for an object to be within a MatchResources."""
    exact = scope.get("matchPolicy") == "Exact"
    if scope.get("resourceRules"):
        yield _any(scope["resourceRules"], heard, exact)
    if scope.get("excludeResourceRules"):
        yield f"!({_any(scope['excludeResourceRules'], heard, exact)})"
    # No policy sees the objects that make up admission control: a cluster could not be mended.
    yield f"request.resource.group != {dumps(GROUP)}"
    own = _selector(scope.get("objectSelector", {}), _OWN_LABELS, {})
    if own:
        yield own
    selector = scope.get("namespaceSelector", {})
    own = _selector(selector, _OWN_LABELS, {_NAME_LABEL: _NAMED})
    if own:
        theirs = _selector(selector, _NAMESPACE_LABELS, {_NAME_LABEL: _NAMED})
        yield f'request.kind.kind == "Namespace" ? ({own}) : (namespaceObject == null || ({theirs}))'


def labels_needed(selector: Mapping[str, Any]) -> bool:
    """Whether a namespace selector asks for more than the namespace's name."""
    return any(key != _NAME_LABEL for key, _, _ in _requirements(selector))


def _hears(rule: Mapping[str, Any], heard: str) -> bool:
    return "*" in rule["operations"] or heard in rule["operations"]


def _whole(rule: Mapping[str, Any]) -> list[str]:
    """The resources of a rule without the subresources, which no file holds."""
    return [r for r in rule["resources"] if "/" not in r or r in _EVERY]


def _any(rules: Sequence[Mapping[str, Any]], heard: str, exact: bool) -> str:
    applying = [r for r in rules if _hears(r, heard) and _whole(r)]
    return " || ".join(f"({_rule(r, exact)})" for r in applying) or "false"


def _rule(rule: Mapping[str, Any], exact: bool) -> str:
    """One rule. `Equivalent`, the default, matches every version of a group."""
    tests = [
        _among("request.resource.group", rule["apiGroups"]),
        _among("request.resource.version", rule["apiVersions"] if exact else _EVERY),
        _among("request.resource.resource", _whole(rule)),
        _among('request.?name.orValue("")', rule.get("resourceNames") or _EVERY),
    ]
    match rule.get("scope"):
        case "Namespaced":
            tests.append(_NAMESPACED)
        case "Cluster":
            tests.append(f"!{_NAMESPACED}")
    return " && ".join(t for t in tests if t) or "true"


def _among(field: str, names: Sequence[str]) -> str:
    return "" if set(_EVERY) & set(names) else f"{field} in {_list(names)}"


def _list(names: Sequence[str]) -> str:
    return dumps(list(names), ensure_ascii=False)  # JSON strings are CEL strings


def _selector(selector: Mapping[str, Any], labels: str, instead: Mapping[str, str]) -> str:
    """A label selector over `labels`, an expression; `instead` gives other labels for some keys."""
    tests = []
    for key, operator, values in _requirements(selector):
        holder, quoted = instead.get(key, "labels"), dumps(key, ensure_ascii=False)
        test = f"{quoted} in {holder}"
        if operator in {"In", "NotIn"}:
            test = f"({test} && {holder}[{quoted}] in {_list(values)})"
        tests.append(f"!({test})" if operator in {"NotIn", "DoesNotExist"} else test)
    return f"cel.bind(labels, {labels}, {' && '.join(tests)})" if tests else ""


def _requirements(selector: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    for key, value in selector.get("matchLabels", {}).items():
        yield key, "In", [value]
    for wanted in selector.get("matchExpressions", ()):
        yield wanted["key"], wanted["operator"], wanted.get("values", [])
