"""Checks of IAM policy documents: what is told, what is left alone, what stays open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import find
from guardrail.hcl.functions import call
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import Question, UnknownValue
from guardrail.views.items import Item

VARIABLE = UnknownValue("var.x", symbol="var.x", questions=(Question("var.x", "*"),))
COMPUTED = UnknownValue("aws_iam_role.app.arn", refs=(("aws_iam_role.app", ".arn"),))
GITHUB = "token.actions.githubusercontent.com"
ISSUER = f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"


def run(check: str, data: dict[str, Any], more: Mapping[str, object] | None = None, **arguments: object) -> list[Any]:
    """What a check says of a resource's data."""
    document = Document("main.tf", 0, data, OnePlace(), 1, 1)
    resource = Resource(document, data, (), "terraform", kind="aws_iam_policy", name="aws_iam_policy.x")
    item = Item(resource, (), {"object": data, **(more or {})}, {"object": ()})
    return list(find(check)(item, arguments))


def policy(*statements: Mapping[str, object]) -> dict[str, Any]:
    """A resource with a policy of these statements, allowing unless they say otherwise."""
    listed = [{"Effect": "Allow", **s} for s in statements]
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": listed})}


def trust(conditions: Mapping[str, object] | None, principal: object = ISSUER) -> dict[str, Any]:
    """A role for a web identity; data, so that parts of it may be unknown."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": principal},
        "Condition": dict(conditions or {}),
    }
    return {"assume_role_policy": holed({"Statement": [statement]})}


def holed(data: object) -> object:
    """JSON text of data as Terraform's function makes it, with a hole for each unknown."""
    return call("jsonencode", [data])


def message(found: list[Any]) -> str:
    """The message of the only hit."""
    (hit,) = found
    assert isinstance(hit, Hit)
    return hit.message


class TestGrants:
    """What identity policies allow."""

    def test_the_statement_is_shown_where_it_stands(self) -> None:
        (hit,) = run(
            "iam_grants.admin", policy({"Action": "s3:Get*", "Resource": "*"}, {"Action": "*", "Resource": "*"})
        )
        assert hit.path == ("policy", "Statement", 1)
        assert hit.message == "statement 2 allows every action on every resource"

    @pytest.mark.parametrize(
        "statement",
        [
            {"Action": "*", "Resource": "arn:aws:s3:::data/*"},
            {"Action": "s3:*", "Resource": "*"},
            {"Action": "*", "Resource": "*", "Effect": "Deny"},
            {"Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Team": "shop"}}},
            {"NotAction": "*", "Resource": "*"},
            {"Action": [], "Resource": "*"},
            {"Resource": "*"},
        ],
    )
    def test_no_administrator(self, statement: Mapping[str, object]) -> None:
        assert run("iam_grants.admin", policy(statement)) == []

    def test_unknown_parts_stay_open_only_where_they_may_matter(self) -> None:
        def said(action: object, resource: object) -> list[Any]:
            return run(
                "iam_grants.admin",
                {"policy": holed({"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]})},
            )

        (open_,) = said(VARIABLE, "*")
        assert open_ == Undecided(("policy",), "var.x", VARIABLE.questions)
        assert said("*", COMPUTED) == []
        assert said(VARIABLE, "arn:aws:s3:::data/*") == []
        assert isinstance(said("*", ["arn:aws:s3:::data/*", "*", VARIABLE])[0], Hit)

    def test_nested_blocks_and_what_is_no_text(self) -> None:
        data = {"inline_policy": [{"name": "a"}, {"name": "b", **policy({"Action": "*", "Resource": "*"})}, VARIABLE]}
        hit, open_ = run("iam_grants.admin", data, attributes=["policy", "inline_policy.policy", "inline_policy"])
        assert hit.path == ("inline_policy", 1, "policy", "Statement", 0)
        assert open_.path == ("inline_policy", 2)

    @pytest.mark.parametrize(
        ("statements", "said"),
        [
            ([{"Action": "iam:PassRole", "Resource": "*"}], "statement 1 allows iam:PassRole on every resource"),
            (
                [{"Sid": "Deploy", "Action": "iam:*", "Resource": "arn:aws:iam::*:role/*"}],
                'statement "Deploy" allows iam:PassRole on arn:aws:iam::*:role/*',
            ),
            (
                [{"Action": "iam:Pass*", "NotResource": "arn:aws:iam::*:role/admin"}],
                "statement 1 allows iam:PassRole on all but some resources",
            ),
            ([{"Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/app-*"}], ""),
            ([{"Action": "iam:PassRole", "Resource": "arn:aws:s3:::*"}], ""),
            ([{"Action": "iam:PassRole", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}], ""),
            ([{"Action": "*", "Resource": "*"}], ""),  # told as administrator
        ],
    )
    def test_unlimited(self, statements: list[Mapping[str, object]], said: str) -> None:
        found = run("iam_grants.unlimited", policy(*statements), actions=["iam:PassRole"])
        assert (message(found) if said else found) == (said or [])

    def test_actions_that_are_told_together(self) -> None:
        both = [["iam:PassRole", "lambda:CreateFunction"]]
        one = policy({"Action": "iam:PassRole", "Resource": "*"})
        assert run("iam_grants.unlimited", one, actions=both) == []
        two = policy({"Action": ["iam:PassRole", "lambda:*"], "Resource": "*"})
        assert message(run("iam_grants.unlimited", two, actions=both)).startswith(
            "statement 1 allows iam:PassRole, lambda:CreateFunction"
        )

    def test_assuming_roles_is_on_arns_of_iam(self) -> None:
        data = policy({"Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/*"})
        assert message(run("iam_grants.unlimited", data, actions=["sts:AssumeRole"]))

    def test_managed_policies(self) -> None:
        def said(data: dict[str, Any]) -> list[Any]:
            return run("iam_grants.attached", data, policies=["AdministratorAccess"])

        partition = UnknownValue("x", known=("arn:", COMPUTED, ":iam::aws:policy/AdministratorAccess"))
        assert message(said({"policy_arn": partition})) == "AdministratorAccess is attached"
        assert said({"policy_arn": COMPUTED}) == []
        assert said({"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess-Amplify"}) == []
        assert isinstance(said({"policy_arn": VARIABLE})[0], Undecided)
        (hit,) = said({"managed_policy_arns": [COMPUTED, "arn:aws:iam::aws:policy/AdministratorAccess"]})
        assert hit.path == ("managed_policy_arns",)


class TestPrincipals:
    """Whom resource policies let in."""

    def test_deny_and_named_callers_are_left_alone(self) -> None:
        deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
        named = {"Principal": {"AWS": "123456789012"}, "Action": "s3:*", "Resource": "*"}
        assert run("iam_principals.anyone", policy(deny, named)) == []

    def test_a_resource_of_our_own_is_no_wildcard(self) -> None:
        data = {"policy": holed({"Statement": [{"Effect": "Allow", "Principal": {"AWS": COMPUTED}, "Action": "s3:*"}]})}
        assert run("iam_principals.anyone", data) == []

    def test_services(self) -> None:
        def said(principal: object, condition: Mapping[str, object]) -> list[Any]:
            statement = {"Principal": {"Service": principal}, "Action": "sqs:SendMessage", "Condition": condition}
            return run("iam_principals.services", policy(statement), services=["sns", "events"])

        assert message(said(["lambda.amazonaws.com", "sns.amazonaws.com"], {})) == (
            "statement 1 lets sns.amazonaws.com in on behalf of any AWS account"
        )
        assert said("lambda.amazonaws.com", {}) == []
        assert said("sns.amazonaws.com", {"StringEquals": {"aws:SourceAccount": "123456789012"}}) == []
        assert said("sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}})

    def test_whole_accounts(self) -> None:
        assert message(run("iam_principals.whole_accounts", policy({"Principal": {"AWS": "123456789012"}}))) == (
            "statement 1 trusts whoever account 123456789012 lets call sts:AssumeRole"
        )


class TestTrust:
    """Roles for web identities."""

    @pytest.mark.parametrize(
        ("operator", "claim", "values"),
        [
            ("StringLike", "sub", "repo:acme/shop:*"),
            ("StringLike", "sub", "repo:acme/*"),
            ("StringEquals", "sub", ["repo:acme/shop:ref:refs/heads/main", "repo:acme/web:pull_request"]),
            ("ForAnyValue:StringLike", "sub", "repo:acme/shop:*"),
            ("StringEquals", "repository_id", "123456"),
            ("StringLike", "sub", "repository_owner_id:1234:*"),
        ],
    )
    def test_conditions_that_name_a_customer(self, operator: str, claim: str, values: object) -> None:
        data = trust({operator: {f"{GITHUB}:{claim}": values}})
        assert run("iam_trust.shared_provider", data, attributes=["assume_role_policy"]) == []

    @pytest.mark.parametrize(
        ("operator", "claim", "values"),
        [
            ("StringEquals", "aud", "sts.amazonaws.com"),
            ("StringLike", "sub", "*"),
            ("StringLike", "sub", "repo:*"),
            ("StringLike", "sub", "repo:acme*"),
            ("StringLike", "sub", "repo:acme*/shop:*"),
            ("StringLike", "sub", ["repo:acme/shop:*", "repo:*:ref:refs/heads/main"]),
            ("StringNotEquals", "sub", "repo:mallory/x:*"),
            ("StringLikeIfExists", "sub", "repo:acme/shop:*"),
            ("ForAllValues:StringLike", "sub", "repo:acme/shop:*"),
            ("StringEquals", "ref", "refs/heads/main"),
        ],
    )
    def test_conditions_that_name_nobody(self, operator: str, claim: str, values: object) -> None:
        data = trust({operator: {f"{GITHUB}:{claim}": values}})
        assert isinstance(run("iam_trust.shared_provider", data, attributes=["assume_role_policy"])[0], Hit)

    def test_the_provider_may_be_another_resource(self) -> None:
        provider = {"providers": [{"url": f"https://{GITHUB}"}]}
        arn = UnknownValue(
            "aws_iam_openid_connect_provider.github.arn", refs=(("aws_iam_openid_connect_provider.github", ".arn"),)
        )
        assert message(run("iam_trust.shared_provider", trust(None, arn), provider, attributes=["assume_role_policy"]))
        cluster = {"providers": [{"url": COMPUTED}]}
        assert run("iam_trust.shared_provider", trust(None, arn), cluster, attributes=["assume_role_policy"]) == []
        assert message(run("iam_trust.any_subject", trust(None, arn), cluster, attributes=["assume_role_policy"]))

    def test_unknown_subjects_stay_open(self) -> None:
        data = trust({"StringLike": {f"{GITHUB}:sub": VARIABLE}})
        (open_,) = run("iam_trust.shared_provider", data, attributes=["assume_role_policy"])
        assert open_.questions == VARIABLE.questions
        part = UnknownValue("var.x", known=("repo:", VARIABLE, "/shop:*"))
        assert (
            run(
                "iam_trust.shared_provider",
                trust({"StringLike": {f"{GITHUB}:sub": part}}),
                attributes=["assume_role_policy"],
            )
            == []
        )


class TestGrammar:
    """Documents that AWS refuses."""

    @pytest.mark.parametrize(
        ("data", "kind", "said"),
        [
            ({"policy": "{'Version'"}, "identity", "the policy is no JSON document"),
            ({"policy": '{"Version": "2012-10-17"}'}, "identity", "the policy has no Statement"),
            ({"policy": '{"Statements": []}'}, "identity", "the policy has an element Statements"),
            (
                policy({"Actions": "*", "Resource": "*"}),
                "identity",
                "statement 1 has an element Actions, which there is not: it is Action",
            ),
            (
                policy({"Action": "*", "NotAction": "*", "Resource": "*"}),
                "identity",
                "statement 1 has both Action and NotAction",
            ),
            (
                policy({"Effect": "ALLOW", "Action": "*", "Resource": "*"}),
                "identity",
                "statement 1 has the Effect ALLOW",
            ),
            (policy({"Effect": "", "Action": "*", "Resource": "*"}), "identity", "statement 1 has no Effect"),
            (policy({"Resource": "*"}), "identity", "statement 1 has neither Action nor NotAction"),
            (policy({"Action": "*"}), "identity", "statement 1 has neither Resource nor NotResource"),
            (policy({"Action": "*"}), "resource", "statement 1 has no Principal"),
            (policy({"Action": "*", "Principal": "*", "Resource": "*"}), "trust", "statement 1 has a Resource"),
        ],
    )
    def test_malformed(self, data: dict[str, Any], kind: str, said: str) -> None:
        assert message(run("iam_grammar.malformed", data, kind=kind)).startswith(said)

    def test_what_takes_a_policy_away_and_what_is_not_known(self) -> None:
        assert run("iam_grammar.malformed", {"policy": "{}"}) == []
        assert run("iam_grammar.malformed", {"policy": ""}) == []
        assert run("iam_grammar.malformed", {"policy": VARIABLE}) == []
        assert (
            run(
                "iam_grammar.malformed",
                {"policy": UnknownValue("x", known=('{"Statement":[{"Effect":"Allow",', VARIABLE, "}]}"))},
            )
            == []
        )


CHECKS = [
    ("iam_grants.admin", {}),
    ("iam_grants.not_action", {}),
    ("iam_grants.unlimited", {"actions": ["s3:GetObject", ["iam:PassRole", "ec2:RunInstances"]]}),
    ("iam_grants.whole_services", {}),
    ("iam_grants.attached", {"policies": ["AdministratorAccess"]}),
    ("iam_principals.anyone", {}),
    ("iam_principals.services", {"services": ["sns"]}),
    ("iam_principals.whole_accounts", {}),
    ("iam_trust.shared_provider", {}),
    ("iam_trust.any_subject", {}),
    ("iam_trust.whole_organisation", {}),
    ("iam_grammar.malformed", {"kind": "resource"}),
    ("iam_grammar.variables_without_version", {}),
    ("iam_grammar.literal_wildcard", {}),
    ("iam_transport.plain_http", {}),
    ("iam_mfa.not_asked_for", {}),
]
LEAVES = st.sampled_from(["*", "Allow", "s3:*", ISSUER, "repo:acme/*", "", 1, True, None, VARIABLE, COMPUTED])
KEYS = st.sampled_from(
    ["Effect", "Action", "Resource", "Principal", "Condition", "AWS", "Federated", "StringLike", f"{GITHUB}:sub"]
)
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(DATA)
def test_no_check_fails_on_any_document(statement: object) -> None:
    for name, arguments in CHECKS:
        more = {
            "policies": [{"policy": holed({"Statement": statement})}, VARIABLE],
            "inline": [VARIABLE],
            "providers": [VARIABLE],
        }
        for found in run(name, {"policy": holed({"Statement": statement}), "policy_arn": statement}, more, **arguments):
            assert isinstance(found, Hit | Undecided)
