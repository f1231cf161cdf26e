"""Policy documents as statements: from text, from text with holes, from data; what is not known stays small."""

from __future__ import annotations

import json
import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.model.value import Question, UnknownValue
from guardrail.views.iam import Condition, PolicyDocument, Principal, Statement, document
from guardrail.views.iam_conditions import is_fixed, limits, names_callers
from guardrail.views.iam_match import all_of, any_of, covers, equals, is_everything, is_wide, negated, outline

VARIABLE = UnknownValue("var.name", symbol="var.name", questions=(Question("var.name", "*"),))
COMPUTED = UnknownValue("aws_s3_bucket.logs.arn", refs=(("aws_s3_bucket.logs", ".arn"),))
MODULE = UnknownValue("module.bucket.arn")


def holed(*parts: object) -> UnknownValue:
    """A text of which parts are not known."""
    return UnknownValue("var.name", known=parts)


def one(value: object) -> Statement:
    """The only statement of a document."""
    found = document(value)
    assert found.fault == ""
    assert found.unknown is None
    (statement,) = found.statements
    return statement


def statement_with(condition: object) -> Statement:
    """A statement with a condition block."""
    return one({"Statement": {"Effect": "Allow", "Action": "s3:*", "Principal": "*", "Condition": condition}})


DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Principal": {"AWS": ["*", "arn:aws:iam::123456789012:root"], "Service": "sns.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": ["arn:aws:s3:::logs/*"],
            "Condition": {"Bool": {"aws:SecureTransport": False}, "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}},
        },
        {"Effect": "Deny", "NotAction": ["s3:Get*"], "NotResource": "*", "NotPrincipal": {"AWS": "123456789012"}},
    ],
}


@pytest.mark.parametrize("value", [DOCUMENT, json.dumps(DOCUMENT), json.dumps(DOCUMENT, indent=2)])
def test_text_and_data_give_the_same_statements(value: object) -> None:
    found = document(value)
    first, second = found.statements
    assert found.version == "2012-10-17"
    assert found.elements == ("Version", "Statement")
    assert (first.sid, first.effect, first.actions) == ("Read", "Allow", ("s3:GetObject",))
    assert first.principals == (
        Principal("AWS", "*"),
        Principal("AWS", "arn:aws:iam::123456789012:root"),
        Principal("Service", "sns.amazonaws.com"),
    )
    assert first.conditions == (
        Condition("Bool", "aws:SecureTransport", ("false",)),
        Condition("NumericLessThan", "aws:MultiFactorAuthAge", ("3600",)),
    )
    assert (second.label, second.not_actions, second.not_resources) == ("statement 2", ("s3:Get*",), ("*",))
    assert second.not_principals == (Principal("AWS", "123456789012"),)
    assert first.label == 'statement "Read"'


def test_one_statement_needs_no_list_and_any_case_is_read() -> None:
    statement = one('{"statement": {"effect": "Allow", "ACTION": "*", "resource": "*", "Principal": "*"}}')
    assert (statement.effect, statement.actions, statement.resources) == ("Allow", ("*",), ("*",))
    assert statement.principals == (Principal("*", "*"),)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (" ", "expecting value in line 1"),
        ("{", "expecting property name"),
        ('{"Statement": [}', "expecting value"),
        ("[]", "it is no object"),
        ("3", "it is no object"),
        ("[" * 100_000, "it is nested too deeply"),
        ("x" * 100_001, "more than 100000 characters"),
    ],
)
def test_what_is_no_document_says_why(value: str, fault: str) -> None:
    found = document(value)
    assert found.statements == ()
    assert fault in found.fault


def test_nothing_and_unknown_documents() -> None:
    assert document(None) == document("") == PolicyDocument()
    assert document(VARIABLE) == PolicyDocument(unknown=VARIABLE)
    assert document(holed("no ", VARIABLE, " json")).unknown is not None


class TestHoles:
    """A hole between quotes is a part of that text, a bare one an unknown value or any number of members."""

    def test_within_a_text(self) -> None:
        statement = one(holed('{"Statement":{"Effect":"Allow","Resource":"arn:aws:s3:::', VARIABLE, '/*"}}'))
        (resource,) = statement.resources
        assert isinstance(resource, UnknownValue)
        assert resource.known == ("arn:aws:s3:::", VARIABLE, "/*")

    def test_a_whole_text_is_the_value_itself(self) -> None:
        statement = one(holed('{"Statement":{"Resource":"', VARIABLE, '"}}'))
        assert statement.resources == (VARIABLE,)

    def test_a_bare_value(self) -> None:
        statement = one(
            holed('{"Statement":{"Effect":"Allow","Action":', VARIABLE, ',"Resource":["a",', COMPUTED, "]}}")
        )
        assert statement.actions == (VARIABLE,)
        assert statement.resources == ("a", COMPUTED)

    def test_a_key(self) -> None:
        text = holed('{"Statement":{"Condition":{"StringEquals":{"', VARIABLE, ':sub":"x"}}}}')
        (condition,) = one(text).conditions
        assert outline(condition.key).endswith(":sub")
        assert condition.values == ("x",)

    def test_members_that_are_not_known(self) -> None:
        text = holed(
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",', VARIABLE, '},{"Action":"*"},', COMPUTED, "]}"
        )
        found = document(text)
        assert found.unknown == COMPUTED
        assert [s.unknown for s in found.statements] == [VARIABLE, None]

    def test_missing_commas_may_be_part_of_a_hole(self) -> None:
        text = holed('{"Statement":{"Action":[', VARIABLE, '"s3:Get*"]', COMPUTED, '"Resource":"*"}}')
        statement = one(text)
        assert statement.actions == (VARIABLE, "s3:Get*")
        assert statement.resources == ("*",)
        assert statement.unknown == COMPUTED

    def test_whole_elements_of_data(self) -> None:
        data = {
            "Statement": [{"Action": VARIABLE, "Resource": [COMPUTED], "Principal": VARIABLE, "Condition": VARIABLE}]
        }
        statement = one(data)
        assert statement.actions == (VARIABLE,)
        assert statement.principals == (Principal(VARIABLE, VARIABLE),)
        assert statement.conditions == (Condition(VARIABLE, VARIABLE, (VARIABLE,)),)

    def test_partly_known_maps_of_data(self) -> None:
        condition = UnknownValue("var.more", known={"StringEquals": {"aws:SourceAccount": "123456789012"}})
        found = statement_with(condition).conditions
        assert found[0] == Condition("StringEquals", "aws:SourceAccount", ("123456789012",))
        assert found[1].key is condition

    def test_private_characters_in_the_text_are_no_holes(self) -> None:
        statement = one(holed('{"Statement":{"Sid":"\ue0000\ue001","Action":"', VARIABLE, '"}}'))
        assert statement.actions == (VARIABLE,)
        assert statement.sid == "\ufffd0\ufffd"

    def test_a_broken_text_is_unknown_and_quick(self) -> None:
        started = perf_counter()
        for text in ('{"a":' * 20_000, '"' * 100_000, "[" * 100_000, "{" * 100_000, '"\\' * 50_000):
            assert document(holed(text, VARIABLE)).unknown is not None
        assert perf_counter() - started < 2


@given(
    st.lists(st.sampled_from(['"', "{", "}", "[", "]", ":", ",", "Statement", '"Action"', VARIABLE, "1", "\\", " "]))
)
def test_any_text_with_holes_is_read(parts: list[object]) -> None:
    document(holed(*parts))
    document("".join(p for p in parts if isinstance(p, str)))


@given(st.integers(0, len(json.dumps(DOCUMENT))))
def test_a_hole_anywhere_never_hides_that_something_is_not_known(cut: int) -> None:
    """Wherever a hole stands, each statement read is as written, or something is marked as not known."""
    text = json.dumps(DOCUMENT)
    found = document(holed(text[:cut], VARIABLE, text[cut:]))
    assert found.unknown is not None or "UnknownValue" in repr(found)


class TestMatching:
    """Actions, resources and `*`, with three answers."""

    @pytest.mark.parametrize(
        ("pattern", "name", "expected"),
        [
            ("iam:PassRole", "iam:passrole", True),
            ("iam:*", "iam:PassRole", True),
            ("*", "iam:PassRole", True),
            ("iam:Pass?ole", "iam:PassRole", True),
            ("iam:Pass", "iam:PassRole", False),
            ("s3:*", "iam:PassRole", False),
            ("iam:[PR]*", "iam:PassRole", False),
            (holed("s3:", VARIABLE), "iam:PassRole", False),
        ],
    )
    def test_covers(self, pattern: str, name: str, expected: bool) -> None:
        assert covers(pattern, name) is expected

    def test_a_hole_may_cover(self) -> None:
        assert isinstance(covers(holed(VARIABLE, ":*"), "iam:PassRole"), UnknownValue)

    @given(st.text("ab:*?", max_size=12), st.text("ab:", max_size=12))
    def test_covers_agrees_with_regular_expressions(self, pattern: str, name: str) -> None:
        expected = re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), name)
        assert covers(pattern, name) is bool(expected)

    def test_many_wildcards_are_quick(self) -> None:
        started = perf_counter()
        assert covers("*a" * 500 + "b", "a" * 2_000) is False
        assert perf_counter() - started < 1

    @pytest.mark.parametrize(
        ("resource", "wide"),
        [
            ("*", True),
            ("arn:aws:s3:::*", True),
            ("arn:aws:s3:::*/*", True),
            ("arn:aws:iam::*:role/*", True),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:*", True),
            (holed("arn:aws:iam::", VARIABLE, ":role/*"), True),
            ("arn:aws:s3:::logs-*", False),
            ("arn:aws:s3:::logs/*", False),
            ("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*", False),
            ("arn:aws:logs:*:*:log-group:/aws/lambda/*", False),
            ("arn:aws:secretsmanager:*:*:secret:shop/*", False),
            ("arn:aws:iam::123456789012:role/app/*", False),
            (holed("arn:aws:s3:::", VARIABLE, "/*"), False),
            (holed(COMPUTED, "/*"), False),
            (COMPUTED, False),
            (MODULE, False),
            ("", False),
        ],
    )
    def test_wide(self, resource: str, wide: bool) -> None:
        assert is_wide(resource) is wide

    def test_only_an_input_may_be_everything(self) -> None:
        assert is_everything(VARIABLE) == VARIABLE
        assert is_everything(COMPUTED) is False
        assert is_everything(MODULE) is False
        assert is_everything("*:*") is True
        assert is_everything("s3:*") is False

    def test_three_answers(self) -> None:
        assert any_of([VARIABLE, True]) is True
        assert any_of([VARIABLE, False]) == VARIABLE
        assert any_of([]) is False
        assert all_of([VARIABLE, False]) is False
        assert all_of([True, VARIABLE]) == VARIABLE
        assert all_of([]) is True
        assert negated(VARIABLE) == VARIABLE
        assert negated(True) is False
        assert equals("allow", "Allow") is True
        assert equals(holed("A", VARIABLE), "Deny") is False


class TestConditions:
    """Whether a condition names who calls: S3 user guide, "The meaning of public"."""

    @pytest.mark.parametrize(
        ("operator", "key", "values"),
        [
            ("StringEquals", "aws:SourceVpc", "vpc-91237329"),
            ("StringLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
            ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:123456789012:*"),
            ("ArnLike", "AWS:SourceArn", "arn:aws:s3:::uploads-*"),
            ("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:uploads"),
            ("StringLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*"),
            ("StringLike", "aws:userid", "AROAEXAMPLEID:*"),
            ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3/r-ab12/ou-ab12/*"),
            ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "10.0.0.0/8"]),
            ("IpAddress", "aws:SourceIp", "2001:db8::/32"),
            ("Bool", "elasticfilesystem:AccessedViaMountTarget", "true"),
        ],
    )
    def test_fixed_values_name_callers(self, operator: str, key: str, values: object) -> None:
        assert names_callers(statement_with({operator: {key: values}})) is True

    @pytest.mark.parametrize(
        ("operator", "key", "values"),
        [
            ("StringLike", "aws:SourceVpc", "vpc-*"),
            ("StringLike", "aws:PrincipalOrgID", "o-*"),
            ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"),
            ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"),
            ("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"),
            ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "0.0.0.0/0"]),
            ("IpAddress", "aws:SourceIp", "128.0.0.0/1"),
            ("IpAddress", "aws:SourceIp", "::/0"),
            ("StringNotEquals", "aws:SourceVpc", "vpc-91237329"),
            ("StringEqualsIfExists", "aws:SourceVpc", "vpc-91237329"),
            ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3/r-ab12"),
            ("Null", "aws:SourceArn", "false"),
            ("StringLike", "aws:Referer", "https://shop.example/"),
            ("Bool", "aws:SecureTransport", "true"),
            ("StringEquals", "aws:SourceVpc", []),
        ],
    )
    def test_others_name_nobody(self, operator: str, key: str, values: object) -> None:
        assert names_callers(statement_with({operator: {key: values}})) is False

    def test_unknown_parts(self) -> None:
        assert names_callers(statement_with({"StringEquals": {"aws:SourceAccount": VARIABLE}})) is True
        assert names_callers(statement_with({"StringEquals": VARIABLE})) == VARIABLE
        assert names_callers(statement_with(VARIABLE)) == VARIABLE
        assert is_fixed(holed("arn:aws:s3:::", VARIABLE)) is True

    def test_what_limits_a_grant(self) -> None:
        assert limits(statement_with({"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}})) is True
        assert limits(statement_with({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})) is False
        assert limits(statement_with({})) is False
        assert limits(statement_with(VARIABLE)) == VARIABLE
