"""Whether a bucket's policy turns away requests that come without TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.checks.iam_documents import undecided
from guardrail.hcl.values import combine
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam import Condition, PolicyDocument, Statement, document
from guardrail.views.iam_match import Truth, all_of, any_of, covers, equals, is_everything
from guardrail.views.items import Item

__all__ = ["plain_http"]


def plain_http(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A bucket none of whose policies denies everyone what is asked without TLS.

    `item.bindings["policies"]` are the aws_s3_bucket_policy resources that refer to it.
    """
    truth = any_of(_turns_away(d) for d in _documents(item))
    if isinstance(truth, UnknownValue):
        yield undecided(item.path, [truth])
    elif not truth:
        yield Hit(item.path, "no bucket policy denies requests whose aws:SecureTransport is false", missing=True)


def _documents(item: Item) -> Iterator[PolicyDocument]:
    subject = item.bindings["object"]
    if isinstance(subject, dict):
        yield document(subject.get("policy"))
    listed = item.bindings.get("policies")
    for other in listed if isinstance(listed, list) else ():
        if isinstance(other, dict):
            yield document(other.get("policy"))
        elif isinstance(other, UnknownValue):
            yield PolicyDocument(unknown=other)


def _turns_away(found: PolicyDocument) -> Truth:
    truths: list[Truth] = [_denies(s) for s in found.statements]
    if found.unknown is not None:
        truths.append(combine([found.unknown]))
    return any_of(truths)


def _denies(statement: Statement) -> Truth:
    return all_of(
        (
            equals(statement.effect, "Deny"),
            any_of(is_everything(p.identifier) for p in statement.principals),
            any_of(covers(action, "s3:GetObject") for action in statement.actions),
            any_of(_is_without_tls(c) for c in statement.conditions),
        )
    )


def _is_without_tls(condition: Condition) -> Truth:
    """`Bool aws:SecureTransport false`. A floor for s3:TlsVersion is not it: without TLS that key is not there."""
    operator = str(condition.operator).lower()
    return all_of(
        (
            equals(condition.key, "aws:SecureTransport"),
            operator in {"bool", "boolifexists"},
            any_of(equals(v, "false") for v in condition.values),
        )
    )
