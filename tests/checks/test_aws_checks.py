"""Checks of AWS resources that no fixture can put: odd values, unknown parts, hostile JSON, and dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import (
    aws_containers,
    aws_eks,
    aws_instances,
    aws_parameters,
    aws_passwords,
    aws_redshift,
    aws_versions,
)
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import Question, UnknownValue
from guardrail.views.items import Item

VAR = UnknownValue("var.x", symbol="var.x", questions=(Question("var.x", True),))
COMPUTED = UnknownValue("aws_x.y.arn", refs=(("aws_x.y", ".arn"),))


def item(kind: str, data: dict[str, Any], **bound: object) -> Item:
    resource = Resource(Document("main.tf", 0, data, OnePlace(), 1, 1), data, (), "terraform", kind=kind, name="x")
    return Item(resource, (), {"object": data, **bound}, {"object": ()})


def said(found: object) -> list[str]:
    return [f.message if isinstance(f, Hit) else f"? {f.reason}" for f in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.27", "is supported no longer: extended support ended on 2025-07-24"),
        ("1.27.3", "is supported no longer"),
        (1.27, "is supported no longer"),
        ("1.14", "is supported no longer"),
        ("1.33", "left standard support on 2026-07-29: it costs extra until 2027-07-29"),
        ("1.34", ""),
        ("1.99", ""),
        ("latest", ""),
        (VAR, "? var.x"),
        (None, ""),
    ],
)
def test_versions_of_kubernetes(version: object, words: str) -> None:
    data = {} if version is None else {"version": version}
    found = said(aws_versions.eks(item("aws_eks_cluster", data), {}))
    assert (words in found[0]) if words else not found


def test_the_table_of_versions_is_in_order() -> None:
    rows = list(aws_versions.EKS.values())
    assert all(date.fromisoformat(r.standard) < date.fromisoformat(r.extended) for r in rows)
    assert [r.standard for r in rows] == sorted(r.standard for r in rows)
    assert date.fromisoformat(aws_versions.AS_OF)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({}, ["the API is open to 0.0.0.0/0, the default"]),
        ({"public_access_cidrs": ["::/0"]}, ["the API is open to ::/0"]),
        ({"public_access_cidrs": ["10.0.0.0/8"]}, []),
        ({"public_access_cidrs": []}, []),
        ({"endpoint_public_access": "false"}, []),
        ({"endpoint_public_access": VAR}, ["? var.x"]),
        ({"endpoint_public_access": VAR, "public_access_cidrs": ["10.0.0.0/8"]}, []),
        ({"public_access_cidrs": VAR}, ["? var.x"]),
        ({"public_access_cidrs": ["0.0.0.0/0", VAR]}, ["the API is open to 0.0.0.0/0"]),
    ],
)
def test_endpoints_of_clusters(block: dict[str, object], words: list[str]) -> None:
    found = said(aws_eks.open_endpoint(item("aws_eks_cluster", {"vpc_config": [block]}), {}))
    assert len(found) == len(words)
    assert all(f.startswith(w) for f, w in zip(found, words, strict=True))


@pytest.mark.parametrize("blocks", [None, VAR, "text", [VAR], [None]])
def test_a_cluster_that_is_not_known_says_nothing_wrong(blocks: object) -> None:
    assert not said(aws_eks.open_endpoint(item("aws_eks_cluster", {"vpc_config": blocks}), {}))


@pytest.mark.parametrize(
    ("data", "bound", "words"),
    [
        ({"metadata_options": [{"http_tokens": "required"}]}, {}, []),
        ({"metadata_options": [{"http_tokens": VAR, "http_endpoint": "disabled"}]}, {}, []),
        ({"metadata_options": [{"http_tokens": VAR}]}, {}, ["? var.x"]),
        ({"metadata_options": VAR}, {}, ["? var.x"]),
        ({}, {"defaults": [{"http_tokens": "required"}]}, []),
        ({}, {"defaults": [{"http_tokens": "no-preference"}]}, ["version 1 is open"]),
        ({}, {"defaults": [{"http_tokens": VAR}]}, ["? var.x"]),
        ({}, {"defaults": [VAR]}, ["? var.x"]),
        ({}, {"images": [VAR]}, ["version 1 is open"]),
        ({}, {"images": [{"name_regex": "^al2023-ami-.*"}]}, []),
        ({}, {"images": [{"filter": [{"name": "name", "values": ["al2023-*", "ubuntu-*"]}]}]}, ["version 1 is open"]),
        ({}, {"images": [{"filter": [{"name": "owner-alias", "values": ["al2023"]}]}]}, ["version 1 is open"]),
        ({"launch_template": [{"id": COMPUTED}]}, {}, []),
    ],
)
def test_metadata_of_machines(data: dict[str, object], bound: dict[str, object], words: list[str]) -> None:
    found = said(aws_instances.metadata_without_token(item("aws_instance", data, **bound), {}))
    assert len(found) == len(words)
    assert all(f.startswith(w) for f, w in zip(found, words, strict=True))


def test_a_disk_that_may_be_there_is_judged_by_what_it_says() -> None:
    disk = UnknownValue("var.disks", known={"device_name": "/dev/sdf"}, many=True)
    data = {"root_block_device": [{"encrypted": True}], "ebs_block_device": [disk]}
    assert len(said(aws_instances.disks_unencrypted(item("aws_instance", data), {}))) == 1


@pytest.mark.parametrize(
    ("value", "count"), [("disabled", 1), (0, 1), (False, 1), ("OFF", 1), ("enabled", 0), ("tls1.2+", 0)]
)
def test_parameters_that_are_off(value: object, count: int) -> None:
    data = {"parameter": [{"name": "tls", "value": value}, {"name": "other", "value": "0"}, VAR, "text"]}
    group = item("aws_docdb_cluster_parameter_group", data)
    assert len(list(aws_parameters.off(group, {"names": ["tls"], "message": "m"}))) == count


def test_passwords_are_told_wherever_they_stand_and_computed_ones_are_not() -> None:
    data = {
        "password": COMPUTED,
        "user": [{"password": "a-literal"}, {"password": VAR}, {"username": "password"}],
        "passwords": ["first", ""],
        "tags": {"password": "of a tag"},
    }
    found = list(aws_passwords.literal(item("aws_mq_broker", data), {}))
    assert {f.path for f in found if isinstance(f, Hit)} == {("user", 0, "password"), ("passwords", 0)}
    assert [f.path for f in found if isinstance(f, Undecided)] == [("user", 1, "password")]


def test_what_redshift_assumes_depends_on_the_provider() -> None:
    assert said(aws_redshift.public(item("aws_redshift_cluster", {}), {}))[0].startswith("? the version")
    assert not said(aws_redshift.public(item("aws_redshiftserverless_workgroup", {}), {}))
    assert len(said(aws_redshift.unencrypted(item("aws_redshift_cluster", {"encrypted": "false"}), {}))) == 1


HOSTILE = [
    "",
    "null",
    "[]",
    "3",
    '"text"',
    "[[]]",
    "[null, 3]",
    "{",
    "[" * 20_000,
    '{"environment": {"name": "PASSWORD"}}',
    '[{"environment": [null, 3, {"name": 4}, {"name": "DB_PASSWORD"}], "privileged": "true"}]',
    VAR,
    UnknownValue("var.x", known=('[{"name": "', VAR, '", "privileged": ', VAR, "}]")),
    UnknownValue("var.x", known=("[", VAR, "]")),
    ["text", {"privileged": True}],
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("check", ["privileged", "writable_root", "environment_secrets"])
@pytest.mark.parametrize("kind", ["aws_ecs_task_definition", "aws_batch_job_definition"])
def test_definitions_that_make_no_sense(kind: str, check: str, value: object) -> None:
    data = {"container_definitions": value, "container_properties": value}
    for found in getattr(aws_containers, check)(item(kind, data), {}):
        assert isinstance(found, Hit | Undecided)


def test_holes_in_a_definition_are_unknown_only_where_they_are() -> None:
    text = ('[{"name": "app", "privileged": ', VAR, '}, {"name": "agent", "image": "x:', VAR, '", "privileged": true}]')
    data = {"container_definitions": UnknownValue("var.x", known=text)}
    found = list(aws_containers.privileged(item("aws_ecs_task_definition", data), {}))
    assert [type(f) for f in found] == [Undecided, Hit]
    assert found[1].path == ("container_definitions", 1, "privileged")


def test_a_secret_is_told_once_and_by_its_place() -> None:
    entries = [{"name": "LEVEL", "value": "info"}, {"name": "DB_PASSWORD", "value": "Tr0ub4dor-and-3-horses"}]
    data = {"container_definitions": [{"name": "app", "environment": entries}]}
    found = list(aws_containers.environment_secrets(item("aws_ecs_task_definition", data), {}))
    assert [f.path for f in found] == [("container_definitions", 0, "environment", 1, "value")]
    assert "Tr0ub4dor" not in said(found)[0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(VAR) | st.just(COMPUTED),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "vpc_config",
                    "public_access_cidrs",
                    "endpoint_public_access",
                    "metadata_options",
                    "http_tokens",
                    "root_block_device",
                    "encrypted",
                    "parameter",
                    "name",
                    "value",
                    "password",
                    "environment",
                    "variables",
                    "container_definitions",
                    "privileged",
                    "version",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
CHECKS = [
    (aws_eks.open_endpoint, {}),
    (aws_instances.metadata_without_token, {}),
    (aws_instances.disks_unencrypted, {}),
    (aws_parameters.off, {"names": ["tls"], "message": "m"}),
    (aws_passwords.literal, {}),
    (aws_redshift.public, {}),
    (aws_versions.eks, {}),
    (aws_containers.privileged, {}),
    (aws_containers.environment_secrets, {}),
]


@given(
    st.dictionaries(st.sampled_from(["vpc_config", "metadata_options", "parameter", "environment", "version"]), VALUES),
    st.sampled_from(["aws_instance", "aws_ecs_task_definition", "aws_launch_template", "aws_ebs_volume"]),
    st.sampled_from(CHECKS),
)
def test_any_data_is_judged(data: dict[str, Any], kind: str, check: tuple[Any, dict[str, object]]) -> None:
    function, arguments = check
    for found in function(item(kind, data, defaults=[VAR], images=VAR), arguments):
        assert isinstance(found, Hit | Undecided)
