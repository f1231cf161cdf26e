"""Roles that identity providers may assume: whether the trust policy says which of their many customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guardrail.checks.iam_documents import allows, documents, judged, labels, shown
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam import Condition, Statement, Text
from guardrail.views.iam_match import Truth, all_of, any_of, covers, equals, is_open, negated, outline
from guardrail.views.items import Item

__all__ = ["any_subject", "shared_provider", "whole_organisation"]

SHARED: Mapping[str, tuple[str, ...]] = {
    "token.actions.githubusercontent.com": (
        "sub",
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
        "job_workflow_ref",
        "enterprise_id",
        "actor",
        "actor_id",
    ),
    "gitlab.com": ("sub",),
    "app.terraform.io": ("sub",),
    "agent.buildkite.com": ("sub",),
    "oidc.codefresh.io": ("sub",),
    "scalr.io": ("sub",),
    "proidc.upbound.io": ("sub",),
    "api.pulumi.com/oidc": ("aud", "sub"),
    "oidc.vercel.com": ("aud", "sub"),
    "cognito-identity.amazonaws.com": ("aud", "sub"),
    "accounts.google.com": ("aud", "sub", "oaud", "azp", "email"),
    "graph.facebook.com": ("app_id", "id"),
    "www.amazon.com": ("app_id", "user_id"),
}
"""Providers that give tokens to anybody, and the claims by which one customer is told from another.

IAM user guide, "Identity-provider controls for shared OIDC providers" and "Available keys for OIDC federation"; for
GitHub also AWS's announcement of January 2026 that STS validates claims beside `sub`.
"""

_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
_HOLE = "\ue000"


def shared_provider(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A role that whoever has an account at a shared provider may assume.

    `item.bindings["providers"]` are the aws_iam_openid_connect_provider resources that the policy refers to.
    """
    urls = _urls(item)

    def test(statement: Statement) -> Truth:
        return any_of(_lets_in_all(statement, issuer) for issuer in _issuers(statement, urls))

    def message(statements: list[Statement]) -> str:
        first = statements[0]
        issuer = next(i for i in _issuers(first, urls) if _lets_in_all(first, i) is True)
        named = next((c for c in first.conditions if _asks(c, issuer) and c.values), None)
        claim = f"{issuer}:{SHARED[issuer][0]}"
        if named is None:
            return f"{labels(statements)} has no condition on {claim}: any account there may assume the role"
        return f"{labels(statements)} lets in more than one customer: {shown(named.values[0])} matches others' names"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def _urls(item: Item) -> list[str]:
    """The addresses of the providers that are referred to, as far as they are known."""
    listed = item.bindings.get("providers")
    held = [p.get("url") for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []
    return [outline(u).removeprefix("https://").rstrip("/") for u in held if isinstance(u, str | UnknownValue)]


def _issuers(statement: Statement, urls: Sequence[str]) -> list[str]:
    """The shared providers a statement trusts: told by the principal, else by the resource it refers to."""
    found: dict[str, None] = {}
    for principal in statement.principals:
        if equals(principal.kind, "Federated") is not True:
            continue
        text = outline(principal.identifier)
        referred = _HOLE in text and "oidc-provider" not in text
        names = urls if referred else [text.rpartition("oidc-provider/")[2].rstrip("/")]
        for issuer in SHARED:
            if issuer in names:  # with a path behind it, it is the provider of one customer alone
                found[issuer] = None
    return list(found)


def _lets_in_all(statement: Statement, issuer: str) -> Truth:
    named = any_of(_names_customer(c, issuer) for c in statement.conditions)
    return all_of((allows(statement), negated(named)))


def _asks(condition: Condition, issuer: str) -> bool:
    """Whether a condition is on a claim by which the provider's customers are told apart."""
    key = outline(condition.key).lower()
    before, colon, claim = key.rpartition(":")
    return bool(colon) and claim in SHARED[issuer] and (before == issuer or _HOLE in before)


def _names_customer(condition: Condition, issuer: str) -> Truth:
    if isinstance(condition.key, UnknownValue) and condition.key.known is None:
        return condition.key
    if not _asks(condition, issuer) or not _must_hold(condition.operator):
        return False
    literal = "like" not in str(condition.operator).lower()
    return bool(condition.values) and all_of(literal or _names_one(v) for v in condition.values)


def _must_hold(operator: Text) -> bool:
    """Whether a condition fails for a token without the claim (IAM user guide, "Condition operators")."""
    small = outline(operator).lower()
    return "not" not in small and not small.endswith("ifexists") and not small.startswith(("forallvalues:", "null"))


def _names_one(value: Text) -> Truth:
    """Whether a pattern names a customer before its first wildcard.

    `repo:acme/*` and `organization:acme:*` do; `repo:acme*` also matches `repo:acme-evil/x`.
    """
    if is_open(value) and isinstance(value, UnknownValue):
        return value
    text = outline(value)
    head = min((text.find(c) for c in "*?" if c in text), default=-1)
    if head < 0:
        return bool(text)
    return "/" in text[:head] or text[:head].count(":") > 1


def any_subject(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A role for a web identity without a condition on the subject: every service account of a cluster."""
    urls = _urls(item)

    def test(statement: Statement) -> Truth:
        if _issuers(statement, urls) or not any(p.kind == "Federated" for p in statement.principals):
            return False
        if any(outline(p.identifier) in SHARED for p in statement.principals):
            return False
        asked = any_of(covers(action, _WEB_IDENTITY) for action in statement.actions)
        return all_of((allows(statement), asked, negated(any_of(_names_subject(c) for c in statement.conditions))))

    def message(statements: list[Statement]) -> str:
        return (
            f"{labels(statements)} has no condition on the :sub claim: any identity of the provider may assume the role"
        )

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def _names_subject(condition: Condition) -> Truth:
    """Whether a condition names subjects; one whose key is not known as a whole is made of the provider's address."""
    if isinstance(condition.key, UnknownValue) and not isinstance(condition.key.known, tuple):
        return True
    if not outline(condition.key).lower().endswith(":sub") or not _must_hold(condition.operator):
        return False
    return bool(condition.values) and all_of(_is_subject(v) for v in condition.values)


def _is_subject(value: Text) -> Truth:
    if is_open(value) and isinstance(value, UnknownValue):
        return value
    return bool(outline(value).removeprefix("system:serviceaccount:").strip("*:"))


def whole_organisation(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A role that every repository of an organisation may assume, any branch and pull request included."""

    def subjects(statement: Statement) -> list[str]:
        conditions = [c for c in statement.conditions if outline(c.key).lower().endswith("githubusercontent.com:sub")]
        return [outline(v) for c in conditions for v in c.values if _is_organisation(outline(v))]

    def test(statement: Statement) -> Truth:
        return all_of((allows(statement), bool(subjects(statement))))

    def message(statements: list[Statement]) -> str:
        return f"{labels(statements)} lets in every repository of {shown(subjects(statements[0])[0])}"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def _is_organisation(subject: str) -> bool:
    owner, slash, rest = subject.removeprefix("repo:").partition("/")
    return subject.startswith("repo:") and bool(slash) and "*" not in owner and rest.startswith("*")
