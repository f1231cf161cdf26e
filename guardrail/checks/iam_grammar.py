"""Policy documents that AWS refuses, or that say something else than their author meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.checks.iam_documents import documents, judged, labels, statement_path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam import ELEMENTS, Condition, PolicyDocument, Statement
from guardrail.views.iam_match import Truth, any_of, is_known
from guardrail.views.items import Item

__all__ = ["literal_wildcard", "malformed", "variables_without_version"]

_TOP = frozenset({"Version", "Id", "Statement"})
_PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
_VARIABLE = r"\$\{(?:aws|s3|sts|saml|iam|ec2|ssm|cognito-identity|www|accounts|graph|redshift|kms)[\w.-]*:"


def malformed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """What the grammar does not allow (IAM user guide, "Grammar of the IAM JSON policy language").

    `kind`: `identity` policies have no principal, `trust` policies no resource, `resource` policies need a principal.
    """
    kind = str(arguments.get("kind", "identity"))
    for found in documents(item, arguments):
        fault = found.document.fault
        if fault:
            yield Hit(found.path, f"the policy is no JSON document: {fault}")
            continue
        if told := _top(found.document):
            yield Hit(found.path, told)
            continue
        for statement in found.document.statements:
            if told := _statement(statement, kind):
                yield Hit(statement_path(found, statement), f"{statement.label} {told}")
                break


def _top(document: PolicyDocument) -> str:
    names = [e for e in document.elements if isinstance(e, str)]
    if len(names) < len(document.elements) or document.unknown is not None:
        return ""
    if strange := [n for n in names if n not in _TOP]:
        return f"the policy has an element {strange[0]}, which there is not"
    if names and "Statement" not in names:  # `{}` takes the policy away, as providers document it
        return "the policy has no Statement"
    if isinstance(document.version, str) and document.version not in {"", "2012-10-17", "2008-10-17"}:
        return f"the policy's Version is {document.version}, not 2012-10-17"
    return ""


def _statement(statement: Statement, kind: str) -> str:
    names = [e for e in statement.elements if isinstance(e, str)]
    if statement.unknown is not None or len(names) < len(statement.elements):
        return ""
    if strange := [n for n in names if n not in ELEMENTS]:
        meant = next((e for e in ELEMENTS if strange[0].lower().rstrip("s") == e.lower()), "")
        return f"has an element {strange[0]}, which there is not{f': it is {meant}' if meant else ''}"
    for name, other in _PAIRS:
        if name in names and other in names:
            return f"has both {name} and {other}"
    if isinstance(statement.effect, str) and statement.effect not in {"Allow", "Deny"}:
        return f"has the Effect {statement.effect}, not Allow or Deny" if statement.effect else "has no Effect"
    if "Action" not in names and "NotAction" not in names:
        return "has neither Action nor NotAction"
    return _of_kind(set(names), kind)


def _of_kind(names: set[str], kind: str) -> str:
    has_principal = not names.isdisjoint({"Principal", "NotPrincipal"})
    has_resource = not names.isdisjoint({"Resource", "NotResource"})
    if kind == "identity":
        if has_principal:
            return "has a Principal, which a policy of a role, user or group cannot have"
        return "" if has_resource else "has neither Resource nor NotResource"
    if not has_principal:
        return "has no Principal"
    return "has a Resource, which a trust policy cannot have" if kind == "trust" and has_resource else ""


def variables_without_version(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Policy variables such as `${aws:username}` in a policy whose version takes them as plain text.

    IAM user guide, "IAM policy elements: Variables and tags": without `Version` the version is 2008-10-17.
    """
    variable = regex(_VARIABLE)
    for found in documents(item, arguments):
        document = found.document
        if not isinstance(document.version, str) or document.version == "2012-10-17" or document.unknown is not None:
            continue

        def test(statement: Statement) -> Truth:
            texts = [*statement.resources, *(v for c in statement.conditions for v in c.values)]
            return any(variable.search(t) for t in texts if isinstance(t, str))

        def message(statements: list[Statement]) -> str:
            return f'{labels(statements)} holds a policy variable, plain text without Version = "2012-10-17"'

        yield from judged(found, test, message)


def literal_wildcard(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A `*` in a condition that compares letter by letter, so that it never holds.

    IAM user guide, "Condition operators": only StringLike and the Arn operators know wildcards.
    """

    def test(statement: Statement) -> Truth:
        return any_of(_is_literal(condition) for condition in statement.conditions)

    def message(statements: list[Statement]) -> str:
        told = next(c for c in statements[0].conditions if _is_literal(c) is True)
        value = next(v for v in told.values if isinstance(v, str) and "*" in v)
        return f"{labels(statements)} compares with {value[:60]} by {told.operator}, which takes * as a letter"

    for found in documents(item, arguments):
        yield from judged(found, test, message)


def _is_literal(condition: Condition) -> Truth:
    """Whether every value of a condition is compared as it is though it holds a wildcard."""
    if isinstance(condition.operator, UnknownValue):
        return False
    operator = condition.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    if operator not in {"stringequals", "stringequalsignorecase", "stringnotequals", "stringnotequalsignorecase"}:
        return False
    known = [v for v in condition.values if isinstance(v, str) and is_known(v)]
    return len(known) == len(condition.values) and any("*" in v and v != "*" for v in known)
