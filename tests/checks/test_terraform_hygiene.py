"""Hygiene of Terraform: declarations, versions, state, secrets, syntax, beyond what the fixtures show."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import terraform_declarations, terraform_syntax, terraform_versions
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from tests.checks.terraform_items import block, configuration, module, names

CHECKS = [
    f"{family.__name__.rpartition('.')[2]}.{name}"
    for family in (terraform_declarations, terraform_syntax, terraform_versions)
    for name in family.__all__
] + ["terraform_state.missing"]


def test_one_hit_for_a_name_with_the_other_places_beside_it() -> None:
    text = 'variable "a" {}\noutput "x" { value = var.b }\noutput "y" { value = var.b }\n'
    (hit,) = configuration("terraform_declarations.undeclared", text)
    assert isinstance(hit, Hit)
    assert hit.path == ("main.tf", text.index("var.b"), text.index("var.b") + 5)
    assert [p.path[0] for p, _ in hit.related] == [text.rindex("var.b")]


def test_all_variables_missing_is_one_fault() -> None:
    text = "\n".join(f'output "o{n}" {{ value = var.v{n} }}' for n in range(8))
    (hit,) = configuration("terraform_declarations.undeclared", text)
    assert isinstance(hit, Hit)
    assert hit.message == "no variable is declared, and var.v0, var.v1, var.v2, var.v3, var.v4 and 3 more are used"
    assert len(hit.related) == 5


def test_what_may_stand_in_a_block_that_could_not_be_read_is_unknown() -> None:
    found = configuration(
        "terraform_declarations.undeclared",
        module(main='output "x" { value = var.a }', other='variable "a" {\n  type = = string\n}\n'),
    )
    assert [type(f) for f in found] == [Undecided]
    assert configuration("terraform_declarations.unused", module(main='variable "b" {}', other="variable {{{")) == []


def test_json_is_read_alike() -> None:
    text = '{"variable": {"a": {}}, "output": {"x": {"value": "${var.b}-${var.a}"}}}'
    assert names(configuration("terraform_declarations.undeclared", module(main_json=text))) == ["var.b"]
    assert configuration("terraform_syntax.old", module(main_json='{"output": {"x": {"value": "${var.b}"}}}')) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('resource "aws_eip" "a" { x = aws_eip.b.id }', ["aws_eip.b"]),
        ('resource "aws_eip" "a" { x = data.aws_eip.a.id }', ["data.aws_eip.a"]),
        ('data "aws_eip" "a" { x = aws_eip.a.id }', ["aws_eip.a"]),
        ('resource "aws_eip" "a" { depends_on = [module.b] }', ["module.b"]),
        ('resource "aws_eip" "a" { x = production }', ["production"]),
        ("locals {\n a = local.b\n}", ["local.b"]),
        ('resource "aws_eip" "a" { x = self.id }', []),
        ('resource "aws_eip" "a" { x = each.value }', []),
        ('ephemeral "random_password" "a" {}\nlocals {\n b = ephemeral.random_password.a.result\n}', []),
        ('resource "aws_eip" "a" { x = provider::aws::arn_parse("x") }', []),
        ('resource "aws_eip" "a" {\n provisioner "x" {\n when = destroy\n on_failure = continue\n }\n}', []),
        ('variable "a" {\n type = list(object({ b = optional(string, "c") }))\n}', []),
    ],
)
def test_undeclared(text: str, expected: list[str]) -> None:
    assert names(configuration("terraform_declarations.undeclared", text)) == expected


def test_hints_are_of_the_same_type() -> None:
    text = 'resource "aws_iam_role" "node" {}\noutput "x" { value = aws_iam_role.nodes.arn }'
    (hit,) = configuration("terraform_declarations.undeclared", text)
    assert "did you mean 'aws_iam_role.node'?" in hit.message  # type: ignore[union-attr]
    text = 'resource "aws_eks_cluster" "main" {}\noutput "x" { value = aws_iam_role.main.arn }'
    (hit,) = configuration("terraform_declarations.undeclared", text)
    assert "did you mean" not in hit.message  # type: ignore[union-attr]


def test_an_override_may_repeat_and_a_second_file_may_not() -> None:
    one = 'resource "aws_eip" "a" {}'
    assert configuration("terraform_declarations.repeated", module(main=one, main_override=one)) == []
    assert names(configuration("terraform_declarations.repeated", module(main=one, more=one))) == ["aws_eip.a"]


def test_calls_of_modules_at_hand() -> None:
    inner = module(main='variable "a" {}\nvariable "b" {\n default = null\n}\noutput "o" { value = var.a }')
    text = 'module "m" {\n source = "./m"\n a = 1\n lifecycle {}\n}\noutput "x" { value = module.m["k"].o }'
    assert configuration("terraform_declarations.calls", text, modules={"./m": inner}) == []
    text = 'module "m" {\n source = "./m"\n c = 1\n}\noutput "x" { value = module.m.p }'
    found = configuration("terraform_declarations.calls", text, modules={"./m": inner})
    assert names(found) == ["module.m.c", "module.m", "module.m.p"]
    assert configuration("terraform_declarations.calls", text) == []


def test_provider_aliases() -> None:
    text = 'resource "aws_eip" "a" { provider = aws.west }\nresource "aws_eip" "b" { provider = aws.west }'
    assert names(configuration("terraform_declarations.providers", text)) == ["provider.aws.west"]
    aliased = text + '\nprovider "aws" {\n alias = "west"\n}'
    assert configuration("terraform_declarations.providers", aliased) == []


def test_versions_are_asked_of_those_that_have_settings() -> None:
    bare = 'resource "aws_eip" "a" {}'
    with_provider = bare + '\nprovider "aws" {}'
    assert configuration("terraform_versions.terraform_missing", bare) == []
    assert len(configuration("terraform_versions.terraform_missing", with_provider)) == 1
    assert configuration("terraform_versions.terraform_missing", with_provider, called=True) == []
    (hit,) = configuration("terraform_versions.provider_missing", with_provider)
    assert isinstance(hit, Hit)
    assert hit.text == "aws"
    assert configuration("terraform_versions.provider_missing", with_provider, called=True) == []


def test_lock_file() -> None:
    text = 'terraform {\n backend "s3" {\n bucket = "b"\n }\n}\nprovider "aws" {}'
    assert len(configuration("terraform_versions.lock_missing", text)) == 1
    assert configuration("terraform_versions.lock_missing", text, names=(".terraform.lock.hcl",)) == []
    assert configuration("terraform_versions.lock_missing", text, called=True) == []
    assert configuration("terraform_versions.lock_missing", text.replace('"s3"', '"local"')) == []


@pytest.mark.parametrize("version", ["~> 6.0", "= 6.1.0", "6.1.0", ">= 6.0, < 7.0", "not a version"])
def test_bounded(version: str) -> None:
    required = f'required_providers {{\n aws = {{ version = "{version}" }}\n }}'
    text = f'terraform {{\n {required}\n}}\nprovider "aws" {{}}'
    assert configuration("terraform_versions.provider_open_ended", text) == []


@pytest.mark.parametrize("version", [">= 6.0", "> 5", "!= 6.0", "~> 6"])
def test_open_ended(version: str) -> None:
    required = f'required_providers {{\n aws = "{version}"\n }}'
    text = f'terraform {{\n {required}\n}}\nprovider "aws" {{}}'
    assert len(configuration("terraform_versions.provider_open_ended", text)) == 1
    assert configuration("terraform_versions.provider_open_ended", text, names=(".terraform.lock.hcl",)) == []


def state(check: str, kind: str, **data: object) -> list[Hit | Undecided]:
    return block(f"terraform_state.{check}", "terraform", "terraform", {"backend": [{"type": kind, **data}]})


def test_state() -> None:
    full = {"bucket": "b", "key": "k"}
    assert state("unlocked", "s3", **full, use_lockfile=True) == []
    assert state("unlocked", "s3", **full, dynamodb_table="t") == []
    assert isinstance(state("unlocked", "s3", **full)[0], Hit)
    assert isinstance(state("unlocked", "s3", **full, use_lockfile=False, dynamodb_table="")[0], Hit)
    assert isinstance(state("unlocked", "s3", key="k")[0], Undecided)
    assert state("unlocked", "s3", **full, use_lockfile=UnknownValue("var.x")) == []  # OpenTofu takes variables
    assert state("unlocked", "azurerm") == []
    assert isinstance(state("unencrypted", "s3", encrypt=False)[0], Hit)
    assert state("unencrypted", "gcs") == []
    assert [h.path[-1] for h in state("credentials", "s3", secret_key="x", access_key="", profile="p")] == [
        "secret_key"
    ]
    assert len(state("credentials", "pg", conn_str="postgres://u:p@h/d")) == 1
    assert state("credentials", "pg", conn_str="postgres://u@h/d?x=a:b") == []
    assert state("credentials", "s3", secret_key=UnknownValue("var.x")) == []
    assert len(state("local", "local")) == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("random_password.a.result", True),
        ("random_password.a[*].result", True),
        ('"x:${random_password.a.result}"', True),
        ("{ a = [random_password.a.result] }", True),
        ("var.c ? random_password.a.result : null", True),
        ("base64encode(random_password.a.result)", True),
        ("module.db.master_password", True),
        ("data.aws_eks_cluster_auth.a.token", True),
        ("tls_private_key.a.private_key_pem", True),
        ("sha256(random_password.a.result)", False),
        ("random_password.a.result == null", False),
        ("random_password.a.id", False),
        ("aws_secretsmanager_secret.password.arn", False),
        ("aws_db_instance.a.master_user_secret", False),
        ("tls_private_key.a.public_key_pem", False),
        ("data.aws_secretsmanager_secret.password", False),
        ("var.password_length", False),
        ("module.password", False),
    ],
)
def test_outputs_of_secrets(value: str, told: bool) -> None:
    found = module(main=f'output "o" {{\n  value = {value}\n}}')
    assert bool(block("terraform_secrets.output_shown", "output", "o", {}, found)) is told
    assert block("terraform_secrets.output_shown", "output", "o", {"sensitive": True}, found) == []


def test_a_number_named_like_a_secret_is_none() -> None:
    text = 'variable "token" {\n type = number\n}\noutput "o" {\n value = var.token\n}'
    assert block("terraform_secrets.output_shown", "output", "o", {}, module(main=text)) == []
    assert block("terraform_secrets.variable_shown", "variable", "token", {"type": "number"}) == []
    assert len(block("terraform_secrets.variable_shown", "variable", "token", {"type": "string"})) == 1


@pytest.mark.parametrize(
    ("name", "description", "told"),
    [
        ("client_secret", "", True),
        ("db_secret", "Password of the database", True),
        ("db_secret", "Name of the secret with the password", False),
        ("db_secret", "ARN of the secret", False),
        ("db_password", "Name it well", True),
        ("encryption_key", "", False),
        ("private_key", "", True),
        ("password_length", "", False),
    ],
)
def test_variables_for_secrets(name: str, description: str, told: bool) -> None:
    found = block("terraform_secrets.variable_shown", "variable", name, {"type": "string", "description": description})
    assert bool(found) is told


def test_new_each_time_also_by_way_of_locals() -> None:
    text = 'locals {\n a = timestamp()\n b = upper(local.a)\n c = local.b\n}\nresource "x_y" "z" {\n n = local.c\n}'
    (hit,) = configuration("terraform_syntax.always_new", text)
    assert isinstance(hit, Hit)
    assert hit.message == "n is new with every plan, by local.c, which is made with timestamp()"
    kept = text.replace("n = local.c", "n = local.c\n lifecycle {\n ignore_changes = all\n }")
    assert configuration("terraform_syntax.always_new", kept) == []


def test_thousands_of_declarations_take_a_moment() -> None:
    chain = "\n".join(f"  l{n} = local.l{n + 1}" for n in range(4_000))
    uses = "\n".join(f'output "o{n}" {{ value = [var.v{n}, aws_eip.e{n}.id, local.l{n}] }}' for n in range(4_000))
    found = module(main=f'locals {{\n{chain}\n  l4000 = timestamp()\n}}\nvariable "a" {{}}\n{uses}')
    start = time.process_time()
    for check in CHECKS:
        configuration(check, found)
    assert time.process_time() - start < 5


PIECES = st.sampled_from(
    [
        'variable "a" {\n type = string\n default = timestamp()\n}\n',
        'variable "a" {}\n',
        "locals {\n a = local.a\n b = var.c[local.a].d\n}\n",
        'resource "x_y" "z" {\n provider = x.w\n a = "${var.a}"\n b = z.0.c\n dynamic "d" {\n for_each = d\n }\n}\n',
        'resource "x_y" {\n a = 1\n}\n',
        'module "m" {\n source = "./m"\n providers = { x = x.v }\n}\n',
        'module "m" {\n source = var.s\n version = 1\n}\n',
        "terraform {\n backend {}\n required_version = var.v\n}\n",
        "terraform {\n required_providers {\n x = y\n z = { version = w }\n }\n}\n",
        'terraform {\n backend "etcd" {}\n required_providers {\n x = 1\n }\n}\n',
        'provider "x" {\n alias = var.a\n version = 1\n}\n',
        "moved {\n from = a.b\n}\n",
        'check "c" {\n data "x" "y" {}\n data "x" {}\n}\n',
        "output {}\n",
        "x = = 1\n",
    ]
)


@given(st.lists(PIECES, max_size=6))
def test_any_configuration(pieces: list[str]) -> None:
    found = module(main="".join(pieces))
    for check in CHECKS:
        assert all(isinstance(f, Hit | Undecided) for f in configuration(check, found))
