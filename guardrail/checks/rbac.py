"""What rules of roles allow: verbs on resources, one finding for a rule. Accounts that workloads share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from guardrail.checks.object_references import world
from guardrail.graph.cluster import Cluster, Member
from guardrail.model.document import Resource
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.pods import pods

__all__ = ["accounts_shared", "granted", "project_policies", "wildcards"]

_ANY = "*"
_BUILT_IN = "system:"
_SHOWN = 3
_OWN_GROUPS = frozenset({"", "*", "rbac.authorization.k8s.io"})
"""API groups in which a wildcard covers secrets, exec and roles."""


def granted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Rules that allow one of `verbs` on one of `resources` in one of `groups`; one hit for a rule.

    `*` in a rule stands for anything, `*/scale` for that subresource of anything (rbac/v1 PolicyRule). `namespaced`:
    roles of one namespace count, too; `wildcards`: rules for every resource count, too; `exact`: only verbs that are
    named. `everything`: the rules meant are those for every verb on every resource in every group, which are left out
    otherwise. Rules limited to resources by name do not count, unless it is one of `names`; then others count only in
    roles of one of `namespaces`. Roles that are Kubernetes' own or `exempt` (patterns of names) do not count.
    """
    if _exempt(item.resource, arguments) or (item.resource.kind == "Role" and not arguments["namespaced"]):
        return
    rules = item.resource.data.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or not _unlimited(rule, item.resource, arguments):
            continue
        path, label = (*item.path, "rules", index), f"{item.resource.kind} {item.resource.name}"
        if _everything(rule):
            if arguments.get("everything", False):
                yield Hit((*path, "verbs"), f"{label} allows every verb on every resource")
            continue
        resources = _resources(rule, arguments)
        verbs = _verbs(rule, arguments)
        if resources and verbs and _in_group(rule, arguments["groups"]):
            at = (*path, "resources", resources[0][0])
            yield Hit(at, f"{label} allows {', '.join(verbs)} on {', '.join(name for _, name in resources)}")


def wildcards(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Rules with a wildcard that is not all there is; one hit for a rule, at its widest word.

    `core`: those that name every resource of one of Kubernetes' own groups; else the others. `exempt` as above.
    """
    rules = item.resource.data.get("rules")
    if _exempt(item.resource, arguments):
        return
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or _everything(rule):
            continue
        key = next((k for k in ("resources", "verbs") if _ANY in _listed(rule, k)), "")
        own = key == "resources" and not _OWN_GROUPS.isdisjoint(_listed(rule, "apiGroups"))
        if key and own == bool(arguments["core"]):
            path = (*item.path, "rules", index, key, _listed(rule, key).index(_ANY))
            what = "Kubernetes' own resources by *" if own else f"{key} by *"
            yield Hit(path, f"{item.resource.kind} {item.resource.name} names {what}")


def accounts_shared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Service accounts that another workload of the namespace names, too; of `default` others tell."""
    cluster, member = world(item)
    spec = item.bindings.get("podSpec")
    name = spec.get("serviceAccountName", spec.get("serviceAccount")) if isinstance(spec, dict) else None
    if not isinstance(name, str) or name in ("", "default") or name in arguments["exempt"]:
        return
    own = member.resource
    table: Mapping[object, list[Resource]] = cluster.once("accounts of workloads", lambda: _by_account(cluster))
    sharing = table.get(_account(member, name), ())
    others = list(islice((r.label for r in sharing if (r.kind, r.name) != (own.kind, own.name)), _SHOWN + 1))
    if others:
        more = " and more" if len(others) > _SHOWN else ""
        words = f"service account {name} is also that of {', '.join(others[:_SHOWN])}{more}"
        yield Hit((*item.path, "serviceAccountName"), words)


def _by_account(cluster: Cluster) -> dict[object, list[Resource]]:
    """Workloads by the account of their pods and where that is."""
    found: dict[object, list[Resource]] = {}
    for member in cluster.of_kind("Deployment", "StatefulSet", "DaemonSet", "CronJob"):
        for pod in pods(member.resource):
            name = pod.spec.get("serviceAccountName", pod.spec.get("serviceAccount"))
            if isinstance(name, str):
                found.setdefault(_account(member, name), []).append(member.resource)
    return found


def _account(member: Member, name: str) -> object:
    """An account: its name and its namespace, or the application where none is written."""
    namespace = member.resource.namespace
    return name, namespace, "" if namespace else member.application


def _exempt(role: Resource, arguments: Mapping[str, Any]) -> bool:
    patterns = arguments.get("exempt", ())
    return role.name.startswith(_BUILT_IN) or any(fnmatchcase(role.name, str(p)) for p in patterns)


def _unlimited(rule: Mapping[str, object], role: Resource, arguments: Mapping[str, Any]) -> bool:
    """Whether a rule is about every object, or about one of `names`."""
    given, wanted = _listed(rule, "resourceNames"), arguments.get("names")
    if given:
        return wanted is not None and not set(given).isdisjoint(wanted)
    return wanted is None or (role.kind == "Role" and role.namespace in arguments["namespaces"])


def _everything(rule: Mapping[str, object]) -> bool:
    return all(_ANY in _listed(rule, key) for key in ("apiGroups", "resources", "verbs"))


def _listed(rule: Mapping[str, object], key: str) -> list[str]:
    found = rule.get(key)
    return [str(v) for v in found] if isinstance(found, list) else []


def _resources(rule: Mapping[str, object], arguments: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Where and how a rule names one of the resources."""
    wanted = [str(r) for r in arguments["resources"]]
    wild = bool(arguments.get("wildcards", False))
    return [(i, given) for i, given in enumerate(_listed(rule, "resources")) if _names(given, wanted, wild)]


def _names(given: str, wanted: list[str], wild: bool) -> bool:
    if given == _ANY:
        return wild
    if given.startswith("*/"):
        return any("/" in w and w.partition("/")[2] == given[2:] for w in wanted)
    if given.endswith("/*"):
        return any(w.partition("/")[0] == given[:-2] and "/" in w for w in wanted)
    return given in wanted


def _verbs(rule: Mapping[str, object], arguments: Mapping[str, Any]) -> list[str]:
    any_of = () if arguments.get("exact", False) else (_ANY,)
    return [v for v in _listed(rule, "verbs") if v in any_of or v in arguments["verbs"]]


def _in_group(rule: Mapping[str, object], groups: list[str]) -> bool:
    return any(g == _ANY or g in groups for g in _listed(rule, "apiGroups"))


def project_policies(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Policies in the roles of an Argo CD project that it refuses: `p, subject, resource, action, object, effect`.

    Source: argoproj/argo-cd, AppProject.ValidateProject and validatePolicy.
    """
    project = item.resource.name
    spec = item.resource.data.get("spec")
    roles = spec.get("roles") if isinstance(spec, dict) else None
    for number, role in enumerate(roles if isinstance(roles, list) and project else ()):
        listed = role.get("policies") if isinstance(role, dict) else None
        for index, policy in enumerate(listed if isinstance(listed, list) else ()):
            reason = _refused(str(policy), project, str(role.get("name", "")))
            if reason:
                yield Hit((*item.path, "spec", "roles", number, "policies", index), reason)


def _refused(policy: str, project: str, role: str) -> str:
    parts = [part.strip() for part in policy.split(",")]
    if len(parts) != 6 or parts[0] != "p":
        return f"it is not of the form p, proj:{project}:{role}, <resource>, <action>, {project}/<name>, allow"
    if parts[1] != f"proj:{project}:{role}":
        return f"its subject is {parts[1][:80]}, and not the role it stands in, proj:{project}:{role}"
    if parts[4] != project and not parts[4].startswith(f"{project}/"):
        return f"its object is {parts[4][:80]}, which does not lie in the project: {project}/*"
    return "" if parts[5] in ("allow", "deny") else f"its effect is {parts[5][:20]}, and neither allow nor deny"
