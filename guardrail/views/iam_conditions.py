"""What the conditions of a statement do to it: whether they name who may call, or limit what is granted."""

from __future__ import annotations

from collections.abc import Collection

from guardrail.model.value import UnknownValue
from guardrail.views.iam import Condition, Statement
from guardrail.views.iam_match import Truth, all_of, any_of, outline

CALLER_KEYS = frozenset(
    """
    aws:principalaccount aws:principalarn aws:principalorgid aws:principalorgpaths aws:principalisawsservice
    aws:sourceaccount aws:sourcearn aws:sourceorgid aws:sourceorgpaths aws:sourceowner
    aws:sourceip aws:vpcsourceip aws:sourcevpc aws:sourcevpcarn aws:sourcevpce
    aws:vpceaccount aws:vpceorgid aws:vpceorgpaths aws:userid aws:federatedprovider
    kms:calleraccount sts:externalid s3:dataaccesspointarn s3:dataaccesspointaccount
    s3:x-amz-server-side-encryption-aws-kms-key-id elasticfilesystem:accessedviamounttarget sns:endpoint
    lambda:sourcefunctionarn cognito-identity.amazonaws.com:aud iot:certificateid
    """.split()
)
"""Condition keys that say who calls or from where, so that a wildcard principal is not everyone.

S3 user guide, "The meaning of public", and IAM user guide, "AWS global condition context keys"; what a caller chooses
freely (`aws:Referer`, `aws:UserAgent`, tags of the caller) is not among them.
"""

IDLE_KEYS = frozenset(
    ("aws:securetransport", "aws:requestedregion", "aws:currenttime", "aws:epochtime", "s3:tlsversion", "s3:authtype")
)
"""Condition keys that leave what is granted as wide as it was."""

_HOLE = "\ue000"
_NEGATIVE = ("not", "null")
_WIDEST_NETWORK = {".": 8, ":": 32}
_PRIVATE = ("10.", "172.16.", "192.168.", "100.64.", "fc", "fd")


def names_callers(statement: Statement) -> Truth:
    """Whether some condition holds only for callers that the policy names, by account, organisation, network or ARN.

    `...IfExists` and `ForAllValues:` hold for requests that lack the key (IAM user guide, "Condition operators"), so
    that they name nobody; nor does a value with a wildcard where the account would stand.
    """
    return any_of(_names_callers(condition) for condition in statement.conditions)


def limits(statement: Statement, idle: Collection[str] = IDLE_KEYS) -> Truth:
    """Whether some condition makes less of what is granted: any but those that ask for TLS, a region or a time."""
    return any_of(_is_key(c.key, lambda key: key not in idle) for c in statement.conditions)


def _is_key(key: object, test: object) -> Truth:
    if isinstance(key, UnknownValue):
        return key if key.known is None else True
    return bool(test(str(key).lower())) if callable(test) else False


def _names_callers(condition: Condition) -> Truth:
    operator, key = condition.operator, condition.key
    if isinstance(operator, UnknownValue):
        return operator
    if isinstance(key, UnknownValue):
        return key if key.known is None else _is_web_identity(outline(key).lower())
    small = operator.lower()
    if small.endswith("ifexists") or small.startswith(("forallvalues:", *_NEGATIVE)) or "not" in small:
        return False
    if key.lower() not in CALLER_KEYS and not _is_web_identity(key.lower()):
        return False
    return bool(condition.values) and all_of(is_fixed(value) for value in condition.values)


def _is_web_identity(key: str) -> bool:
    """Whether a key is a claim of an identity provider: `token.actions.githubusercontent.com:sub`, `saml:aud`."""
    return key.endswith((":sub", ":aud", ":amr", ":oaud", ":azp", ":iss"))


def is_fixed(value: object) -> Truth:
    """Whether a value of a condition leaves a stranger no choice: no wildcard, or one that leaves an account named.

    A network is fixed unless it is wider than /8, /32 for IPv6 (S3 user guide, "The meaning of public").
    """
    text = outline(value) if isinstance(value, str | UnknownValue) else str(value)
    if "/" in text and text.partition("/")[2].isdigit() and not text.startswith("arn:"):
        return _is_narrow(text)
    if "*" not in text and "?" not in text:
        return bool(text)
    if text.startswith("arn:"):
        parts = [*text.split(":", 5), "", "", "", "", ""]
        account, resource = parts[4], parts[5]
        if parts[2] == "s3" and account in ("", "*"):  # names of buckets are taken once in the world
            return not resource.startswith(("*", "?"))
        return bool(account) and "*" not in account and "?" not in account
    # An id and what follows it: `AROAEXAMPLE:*` of aws:userid, `o-a1b2c3/r-ab12/*` of aws:PrincipalOrgPaths.
    return len(text) > 4 and text.endswith((":*", "/*")) and "*" not in text[:-1] and "?" not in text


def _is_narrow(network: str) -> bool:
    address, _, size = network.partition("/")
    if _HOLE in address or address.lower().startswith(_PRIVATE):
        return True
    return int(size[:4]) >= _WIDEST_NETWORK[":" if ":" in address else "."]


__all__ = ["CALLER_KEYS", "IDLE_KEYS", "is_fixed", "limits", "names_callers"]
