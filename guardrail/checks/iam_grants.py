"""What identity policies grant: everything, a way to more, all data, whole services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from guardrail.checks.iam_documents import allows, documents, has_action, judged, labels, listed, shown, undecided
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam import Statement, Text
from guardrail.views.iam_conditions import limits
from guardrail.views.iam_match import Truth, all_of, any_of, covers, is_everything, is_open, is_wide, negated, outline
from guardrail.views.items import Item

__all__ = ["admin", "attached", "not_action", "unlimited", "whole_services"]

_GRANTS_NOTHING = ("alias/",)
"""What follows the account in an ARN that IAM does not match with the resource behind it: an alias of a KMS key
(KMS developer guide, "Using aliases to control access to KMS keys")."""


_ARNS_OF = {"sts": ("iam",), "ssm": ("ssm", "ec2"), "backup": ("backup", "ec2", "rds", "dynamodb")}
"""Services whose actions are on resources of others (Service Authorization Reference)."""


def admin(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Every action on every resource, allowed without a condition that makes less of it."""
    for found in documents(item, arguments):
        yield from judged(found, is_admin, lambda s: f"{labels(s)} allows every action on every resource")


def is_admin(statement: Statement) -> Truth:
    """Whether a statement makes its holder an administrator."""
    return all_of(
        (
            allows(statement),
            has_action(statement, is_everything),
            any_of((*map(is_everything, statement.resources), bool(statement.not_resources))),
            negated(limits(statement)),
        )
    )


def attached(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """One of AWS's managed policies, `policies` by name, given to an identity."""
    names = [str(n) for n in arguments["policies"]]
    for steps, value in _attached(item.bindings["object"]):
        found = [n for n in names if outline(value).endswith(f":iam::aws:policy/{n}")]
        path = (*item.path, *steps)
        if found:
            yield Hit(path, f"{found[0]} is attached")
        elif isinstance(value, UnknownValue) and is_open(value):
            yield undecided(path, [value])


def _attached(data: object) -> Iterator[tuple[Path, Text]]:
    """The ARNs in the attributes that attach policies; of a list, the first that says something stands for it."""
    held = data if isinstance(data, dict) else {}
    for name in ("policy_arn", "managed_policy_arns", "policy_arns"):
        value = held.get(name)
        for arn in value if isinstance(value, list) else [value]:
            if isinstance(arn, str | UnknownValue):
                yield (name,), arn


def not_action(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Everything but what is listed, allowed on all resources."""

    def test(statement: Statement) -> Truth:
        if not statement.not_actions:
            return False
        return all_of((allows(statement), any_of(map(is_wide, statement.resources)), negated(limits(statement))))

    def message(statements: list[Statement]) -> str:
        kept = listed([shown(a) for a in statements[0].not_actions])
        return f"{labels(statements)} allows every action that is not {kept}, those AWS adds tomorrow included"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def unlimited(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Any of `actions` on resources that nobody named, without a condition that limits it.

    A list among `actions` stands for actions that are only told together. What another statement of the document denies
    outright is not granted; administrators are told by `admin`.
    """
    wanted = [a if isinstance(a, list) else [a] for a in arguments["actions"]]
    for found in documents(item, arguments):
        denials = [s for s in found.document.statements if _denies_outright(s)]
        denied = {name for names in wanted for name in names if any(_covers(s, name) is True for s in denials)}
        told = [names for names in wanted if denied.isdisjoint(names)]
        yield from judged(found, partial(_is_unlimited, told), partial(_unlimited_message, told))


def _is_unlimited(wanted: list[list[str]], statement: Statement) -> Truth:
    if statement.not_actions or allows(statement) is False or is_admin(statement) is True:
        return False
    granted = any_of(all_of(_grants(statement, name) for name in names) for names in wanted)
    return all_of((allows(statement), granted, negated(limits(statement))))


def _grants(statement: Statement, name: str) -> Truth:
    """Whether a statement grants an action on resources that nobody named."""
    covered = _covers(statement, name)
    if covered is False:
        return False
    service = name.partition(":")[0].lower()
    widths = (_is_wide_for(r, service) for r in statement.resources)
    return all_of((covered, any_of((*widths, bool(statement.not_resources)))))


def _covers(statement: Statement, name: str) -> Truth:
    return has_action(statement, lambda action: covers(action, name))


def _is_wide_for(resource: Text, service: str) -> Truth:
    """Whether a resource is wide and of the action's service."""
    parts = outline(resource).split(":", 5)
    if len(parts) == 6:
        services = _ARNS_OF.get(service, (service,))
        if parts[5].startswith(_GRANTS_NOTHING) or not any(covers(parts[2].lower(), s) for s in services):
            return False
    return is_wide(resource)


def _denies_outright(statement: Statement) -> bool:
    """Whether what a statement covers is surely denied, wherever and whenever it is asked for."""
    return (
        statement.effect == "Deny"
        and not statement.conditions
        and statement.unknown is None
        and any(is_everything(r) is True for r in statement.resources)
    )


def _unlimited_message(wanted: list[list[str]], statements: list[Statement]) -> str:
    first = statements[0]
    names = [n for ns in wanted if all(_grants(first, n) is True for n in ns) for n in ns]
    services = {n.partition(":")[0].lower() for n in names}
    widths = [r for r in first.resources if any(_is_wide_for(r, s) is True for s in services)]
    where = listed([shown(r) for r in widths]) if widths else "all but some resources"
    place = "every resource" if where == "*" else where
    return f"{labels(statements)} allows {listed(list(dict.fromkeys(names)))} on {place}"


def whole_services(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Every action of a service on all resources; services in `except` are left out."""
    spared: Sequence[str] = [str(s).lower() for s in arguments.get("except", ())]

    def services(statement: Statement) -> list[str]:
        found = (a.lower() for a in statement.actions if isinstance(a, str) and a.endswith(":*"))
        return [a for a in found if a != "*:*" and a.partition(":")[0] not in spared]

    def wide(statement: Statement, action: str) -> Truth:
        return any_of(_is_wide_for(r, action.partition(":")[0]) for r in statement.resources)

    def test(statement: Statement) -> Truth:
        granted = any_of(wide(statement, action) for action in services(statement))
        return all_of((allows(statement), granted, negated(limits(statement))))

    def message(statements: list[Statement]) -> str:
        return f"{labels(statements)} allows {listed(services(statements[0]))} on every resource"

    for found in documents(item, arguments):
        yield from judged(found, test, message)
