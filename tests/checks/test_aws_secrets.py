"""Secrets in a Terraform configuration of AWS: what is one, and what only looks like it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import aws_secrets, find
from guardrail.hcl.functions import call
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import Question, UnknownValue
from guardrail.views.items import Item

VARIABLE = UnknownValue("var.x", symbol="var.x")
CHOSEN = UnknownValue("var.x", questions=(Question("var.x", True),))


def run(check: str, data: dict[str, Any], name: str = "x", **arguments: object) -> list[Any]:
    """What a check says of a resource's data."""
    document = Document("main.tf", 0, data, OnePlace(), 1, 1)
    item = Item(
        Resource(document, data, (), "terraform", name=name), (), {"object": data, "name": name}, {"object": ()}
    )
    return list(find(f"aws_secrets.{check}")(item, arguments))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": VARIABLE}, "access_key"),
        (
            {"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
            "secret_key",
        ),
        ({"access_key": "test", "secret_key": "test"}, ""),
        ({"access_key": VARIABLE}, ""),
        ({}, ""),
    ],
)
def test_keys_of_the_provider(data: dict[str, Any], found: str) -> None:
    assert [h.path for h in run("provider_keys", data, "aws.west")] == ([(found,)] if found else [])
    assert run("provider_keys", data, "awscc") == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("#!/bin/sh\nexport DB_PASSWORD=Wint3r-Coat\n", True),
        ("aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE", True),
        ("mysql -u root -pWint3r-Coat shop", True),
        ("export DB_PASSWORD=$(get-password)", False),
        ("export DB_PASSWORD_FILE=/run/secrets/db", False),
        ("", False),
    ],
)
def test_scripts(script: str, found: bool) -> None:
    assert bool(run("user_data", {"user_data": script})) is found
    assert bool(run("user_data", {"user_data_base64": b64encode(script.encode()).decode()})) is found


def test_what_is_given_to_a_script_is_no_secret_of_it() -> None:
    assert run("user_data", {"user_data": UnknownValue("var.x", known=("export DB_PASSWORD=", VARIABLE, "\n"))}) == []
    assert run("user_data", {"user_data": VARIABLE}) == []


def test_environments() -> None:
    attributes = ["variables", "environment.environment_variable", "definitions"]
    data = {
        "variables": {"DB_PASSWORD": "Wint3r-Coat", "TOKEN_URL": "https://login.example/token", "SECRET": VARIABLE},
        "environment": [
            {"environment_variable": [{"name": "API_TOKEN", "value": "8f1d4c7be2a94f0d93aa"}]},
            {"environment_variable": [{"name": "API_TOKEN", "value": "shop/token", "type": "SECRETS_MANAGER"}]},
        ],
        "definitions": call(
            "jsonencode",
            [[{"environment": [{"name": "A", "value": VARIABLE}, {"name": "DB_PASSWORD", "value": "Wint3r-Coat"}]}]],
        ),
    }
    found = run("environment", data, attributes=attributes)
    assert [h.path for h in found] == [
        ("variables", "DB_PASSWORD"),
        ("environment", 0, "environment_variable", 0, "value"),
        ("definitions",),
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Wint3r-Coat", True),
        ('{"username": "shop", "password": "Wint3r-Coat"}', True),
        ('{"username": "shop", "password": ""}', False),
        ("replace-me", False),
        ("CHANGE_ME", False),
        ("{}", False),
        (VARIABLE, False),
    ],
)
def test_stored_values(value: object, found: bool) -> None:
    assert bool(run("stored", {"value": value}, attribute="value")) is found


def test_values_that_are_replaced_by_hand_and_values_that_may_be_there() -> None:
    ignored = {"value": "Wint3r-Coat", "lifecycle": [{"ignore_changes": ["value"]}]}
    assert run("stored", ignored, attribute="value") == []
    assert run("stored", {**ignored, "lifecycle": [{"ignore_changes": ["tags"]}]}, attribute="value")
    assert run("stored", {"value": CHOSEN}, attribute="value") == [Undecided(("value",), "var.x", CHOSEN.questions)]


@pytest.mark.parametrize(
    ("name", "type_", "value", "found"),
    [
        ("/shop/db/password", "String", VARIABLE, True),
        ("/shop/db/password", "SecureString", VARIABLE, False),
        ("/shop/db/host", "String", VARIABLE, False),
        ("/shop/db/secret", "String", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop", False),
        (UnknownValue("x", known=("/", VARIABLE, "/api_token")), "String", VARIABLE, True),
    ],
)
def test_parameters_in_clear(name: object, type_: str, value: object, found: bool) -> None:
    assert bool(run("clear_parameter", {"name": name, "type": type_, "value": value})) is found


LEAVES = st.sampled_from(["", "Wint3r-Coat", "password", "{", 1, None, True, VARIABLE, CHOSEN])
KEYS = st.sampled_from(
    ["name", "value", "type", "user_data", "access_key", "environment", "DB_PASSWORD", "lifecycle", "ignore_changes"]
)


@given(
    st.dictionaries(
        KEYS,
        st.recursive(LEAVES, lambda i: st.lists(i, max_size=3) | st.dictionaries(KEYS, i, max_size=3), max_leaves=8),
    )
)
def test_no_check_fails_on_any_resource(data: dict[str, Any]) -> None:
    for name in aws_secrets.__all__:
        for found in run(name, data, "aws", attributes=["environment", "value"], attribute="value"):
            assert isinstance(found, Hit | Undecided)
