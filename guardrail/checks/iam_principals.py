"""Whom resource policies and trust policies let in: everyone, or a service on behalf of anyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.checks.iam_documents import allows, documents, judged, labels, listed, shown
from guardrail.model.report import Hit, Undecided
from guardrail.views.iam import Principal, Statement
from guardrail.views.iam_conditions import names_callers
from guardrail.views.iam_match import Truth, all_of, any_of, covers, equals, is_everything, negated, outline
from guardrail.views.items import Item

__all__ = ["anyone", "services", "whole_accounts"]


def anyone(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A wildcard principal, or everyone but some, and no condition that names who calls.

    `actions`, patterns, narrow it down to statements that allow one of them.
    """
    only = [str(a) for a in arguments.get("actions", ())]

    def test(statement: Statement) -> Truth:
        asked = any_of(_overlap(action, one) for action in statement.actions for one in only) if only else True
        return all_of((allows(statement), is_open_to_all(statement), negated(names_callers(statement)), asked))

    def message(statements: list[Statement]) -> str:
        actions = listed([shown(a) for a in statements[0].actions]) or "what it does not list"
        return f"{labels(statements)} lets anyone {actions}"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def is_open_to_all(statement: Statement) -> Truth:
    """Whether the principals are everyone, conditions aside."""
    return any_of((*(_is_everyone(p) for p in statement.principals), bool(statement.not_principals)))


def _is_everyone(principal: Principal) -> Truth:
    return is_everything(principal.identifier)


def _overlap(action: object, pattern: str) -> Truth:
    """Whether an action as written covers a name or is covered by a pattern."""
    text = outline(action) if not isinstance(action, str) else action  # type: ignore[arg-type]
    return covers(pattern, text) if "*" in pattern else covers(text, pattern)


def services(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A service of `services` let in, and no condition that says on whose behalf.

    IAM user guide, "The confused deputy problem": the service acts for every customer of AWS.
    """
    told = [str(s) for s in arguments["services"]]

    def test(statement: Statement) -> Truth:
        let_in = any_of(_is_one_of(p, told) for p in statement.principals)
        return all_of((allows(statement), let_in, negated(names_callers(statement))))

    def message(statements: list[Statement]) -> str:
        names = [shown(p.identifier) for p in statements[0].principals if _is_one_of(p, told) is True]
        return f"{labels(statements)} lets {listed(names)} in on behalf of any AWS account"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def _is_one_of(principal: Principal, services: list[str]) -> Truth:
    kind = equals(principal.kind, "Service")
    return all_of((kind, any_of(covers(f"{s}.amazonaws.com", outline(principal.identifier)) for s in services)))


def whole_accounts(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Another account as a whole, told by its number, and no condition."""

    def accounts(statement: Statement) -> list[str]:
        return [
            p.identifier
            for p in statement.principals
            if isinstance(p.identifier, str) and p.kind == "AWS" and _is_account(p.identifier)
        ]

    def test(statement: Statement) -> Truth:
        return all_of((allows(statement), bool(accounts(statement)), not statement.conditions))

    def message(statements: list[Statement]) -> str:
        return f"{labels(statements)} trusts whoever account {listed(accounts(statements[0]))} lets call sts:AssumeRole"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def _is_account(identifier: str) -> bool:
    return (identifier.isdigit() and len(identifier) == 12) or identifier.endswith(":root")
