"""What is known of registry modules: which summary a module call gets, and that every shipped one can be used."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.catalog.load import shipped_directory
from guardrail.catalog.registry import Address, Summary, address, find
from guardrail.hcl import syntax
from guardrail.hcl.evaluation import Evaluation
from guardrail.hcl.modules import Module, Source, build
from guardrail.hcl.parser import parse as parse_hcl
from guardrail.hcl.values import unknowns
from guardrail.hcl.versions import parse
from guardrail.hcl.world import World

MODULES = shipped_directory() / "terraform" / "modules"
SUMMARIES = sorted(MODULES.rglob("*.tf"))

RDS = Address("terraform-aws-modules", "rds", "aws")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A catalogue with summaries of two modules, one of which ends."""
    for name in ("acme/db/aws/4.0.0", "acme/db/aws/6.0.0", "acme/db/aws/10.2.0", "acme/db/aws/modules/proxy/1.0.0"):
        file = tmp_path / "terraform" / "modules" / f"{name}.tf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {name}\nlocals {{}}\n", encoding="utf-8")
    (tmp_path / "terraform/modules/acme/db/aws/modules/proxy/2.0.0.tf").write_text("# gone\n", encoding="utf-8")
    return tmp_path


def begins(found: Summary | None) -> str | None:
    return Path(found.file).stem if found else None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("terraform-aws-modules/rds/aws", RDS),
        ("registry.terraform.io/terraform-aws-modules/rds/aws", RDS),
        ("registry.opentofu.org/terraform-aws-modules/rds/aws", RDS),
        (
            "terraform-aws-modules/iam/aws//modules/iam-user",
            Address("terraform-aws-modules", "iam", "aws", "modules/iam-user"),
        ),
        ("Azure/aks/azurerm", Address("Azure", "aks", "azurerm")),
        ("github.com/terraform-aws-modules/terraform-aws-rds", RDS),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-rds.git?ref=v6.1.0", RDS),
        ("git::ssh://git@github.com/terraform-aws-modules/terraform-aws-rds.git", RDS),
        ("git@github.com:terraform-aws-modules/terraform-aws-rds.git", RDS),
        (
            "git::https://github.com/acme/terraform-aws-db.git//modules/proxy?ref=v1",
            Address("acme", "db", "aws", "modules/proxy"),
        ),
        ("app.terraform.io/acme/rds/aws", None),  # a private registry: another module of the same name
        ("./modules/rds", None),
        ("../terraform-aws-modules/rds/aws", None),
        ("git::https://gitlab.com/terraform-aws-modules/terraform-aws-rds.git", None),
        ("https://example.com/rds.zip", None),
        ("s3::https://s3.amazonaws.com/a/b.zip", None),
        ("terraform-aws-modules/rds", None),
        ("terraform-aws-modules/rds/aws//../../../secrets", None),
        ("a" * 10_000 + "/b/c", None),
        ("", None),
    ],
)
def test_address(source: str, expected: Address | None) -> None:
    assert address(source) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", "10.2.0"),
        ("~> 6.0", "6.0.0"),
        ("~> 5.0", "4.0.0"),
        ("6.1.0", "6.0.0"),
        ("= 6.0.0", "6.0.0"),
        ("5.9.9", "4.0.0"),
        (">= 5, < 7", "6.0.0"),
        (">= 5.0", "10.2.0"),
        ("< 6.0.0", "4.0.0"),
        ("<= 6.0.0", "6.0.0"),
        ("~> 10.0", "10.2.0"),
        ("~> 10.1.0", "6.0.0"),
        ("~> 4.0, != 4.0.0", "4.0.0"),
        ("> 10.1.5, < 10.2.0", "6.0.0"),
        ("3.9.0", None),
        ("< 4.0.0", None),
        (">= 7, < 6", None),
        ("latest", None),
        ("6.0.0-rc1", "4.0.0"),
    ],
)
def test_the_newest_version_a_constraint_allows_decides(base: Path, version: str, expected: str | None) -> None:
    assert begins(find("acme/db/aws", version, base)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("git::https://github.com/acme/terraform-aws-db.git?ref=v6.1.0", "6.0.0"),
        ("git::https://github.com/acme/terraform-aws-db.git?depth=1&ref=tags/4.2.0", "4.0.0"),
        ("git::https://github.com/acme/terraform-aws-db.git", "10.2.0"),
        ("git::https://github.com/acme/terraform-aws-db.git?ref=main", None),
        ("git::https://github.com/acme/terraform-aws-db.git?ref=0123456789012345678901234567890123456789", None),
        ("git::https://github.com/acme/terraform-aws-db.git?ref=1234567", None),
        ("git::https://github.com/acme/terraform-aws-db.git//modules/proxy?ref=v1.4.0", "1.0.0"),
        ("acme/db/aws//modules/proxy", None),  # ended with version 2
        ("acme/db/aws//modules/other", None),
        ("acme/db/aws//modules", None),
        ("acme/other/aws", None),
    ],
)
def test_repositories_and_nested_modules(base: Path, source: str, expected: str | None) -> None:
    assert begins(find(source, "", base)) == expected


def test_a_summary_says_what_it_is(base: Path) -> None:
    found = find("ACME/db/aws//modules/proxy", "~> 1.0", base)
    assert found == Summary(
        "# acme/db/aws/modules/proxy/1.0.0\nlocals {}\n",
        "ACME/db/aws//modules/proxy from version 1.0.0 on",
        "terraform/modules/acme/db/aws/modules/proxy/1.0.0.tf",
    )


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_source_is_answered(source: str, version: str) -> None:
    find(source, version, shipped_directory())


def test_the_documents_modules_are_known() -> None:
    """Registry modules that are called most, and some whose defaults changed from one version to the next."""
    for source in ("vpc", "eks", "rds", "s3-bucket", "security-group", "kms", "lambda", "ecr"):
        assert find(f"terraform-aws-modules/{source}/aws", "", shipped_directory()), source
    old = find("terraform-aws-modules/eks/aws", "~> 18.0", shipped_directory())
    new = find("terraform-aws-modules/eks/aws", "~> 20.0", shipped_directory())
    assert old is not None
    assert new is not None
    assert _default(old.text, "cluster_endpoint_public_access") == "true"
    assert _default(new.text, "cluster_endpoint_public_access") == "false"


def _default(text: str, variable: str) -> str:
    block = text[text.index(f'variable "{variable}"') :]
    found = re.search(r"default = (.*)", block[: block.index("\n}\n")])
    assert found, variable
    return found[1]


@pytest.mark.parametrize("file", SUMMARIES, ids=lambda file: file.relative_to(MODULES).as_posix())
def test_summary(file: Path) -> None:
    """A summary can be read, says where its facts are from, and refers only to what it declares."""
    text = file.read_text(encoding="utf-8")
    name = file.parent.relative_to(MODULES).as_posix()
    where = name if "/modules/" not in name else name.replace("/modules/", "//modules/", 1)
    head = text.split("\n\n")[0]
    assert head.lower().startswith(f"# {where}, version {file.stem} "), head
    assert "\n# Facts: " in head
    assert parse(file.stem) is not None
    assert name == name.lower()
    parsed = parse_hcl(text)
    assert not parsed.faults
    declared = {(b.type, *b.labels) for b in parsed.body.blocks}
    known = {("variable", n) for n in _referred(parsed, "var")} | {("local", n) for n in _referred(parsed, "local")}
    locals_ = {("local", n) for b in parsed.body.blocks if b.type == "locals" for n in b.body.attributes}
    assert known <= declared | locals_
    assert {b.labels[0] for b in parsed.body.blocks if b.type == "variable"} <= _referred(parsed, "var")
    resources = {b.labels for b in parsed.body.blocks if b.type == "resource"}
    for type_ in {labels[0] for labels in resources}:
        assert {(type_, n) for n in _referred(parsed, type_)} <= resources


class _Shipped:
    """Registry modules as their summaries tell about them, nothing else."""

    def module(self, folder: str, source: str, version: str, arguments: Collection[str]) -> Module | str:
        found = find(source, version, shipped_directory())
        return build(found.file, [Source(found.file, parse_hcl(found.text))], "the rest") if found else "nothing"

    def text(self, folder: str, path: str) -> str | None:
        return None


def called(source: str, version: str, **arguments: object) -> dict[str, dict[str, object]]:
    """The resources that a module call makes, by their addresses within the module."""
    written = "".join(f"  {name} = {json.dumps(value)}\n" for name, value in arguments.items())
    text = f'module "m" {{\n  source = "{source}"\n  version = "{version}"\n{written}}}\n'
    root = build("", [Source("main.tf", parse_hcl(text))])
    frames = list(Evaluation(root, _Shipped(), {}, World()).frames())
    instances = [i for frame in frames for group in frame.groups() for i in group.instances]
    return {i.address.removeprefix("module.m."): i.built().data for i in instances}


ARGUMENTS: dict[str, object] = {
    "name": "x",
    "subnet_ids": ["a"],
    "origin": {"a": {"domain_name": "a"}},
    "default_cache_behavior": {"target_origin_id": "a", "viewer_protocol_policy": "https-only"},
    "eks_managed_node_groups": {"a": {}},
    "listeners": {"a": {"port": 443, "protocol": "HTTPS", "forward": {"target_group_key": "a"}}},
}
"""What modules are not called without, and what makes their loops go round."""


@pytest.mark.parametrize("file", SUMMARIES, ids=lambda file: file.relative_to(MODULES).as_posix())
def test_expressions_of_a_summary_hold(file: Path) -> None:
    """No expression of a summary fails: it would make a verdict unknown that is not."""
    text = file.read_text(encoding="utf-8")
    name = file.parent.relative_to(MODULES).as_posix().replace("/modules/", "//modules/", 1)
    arguments = {n: v for n, v in ARGUMENTS.items() if f'variable "{n}" {{' in text}
    made = called(name, f"= {file.stem}", **arguments)
    failed = {address: u.reason for address, data in made.items() for u in unknowns(data) if "fails" in u.reason}
    assert not failed


def test_defaults_changed_with_a_minor_version() -> None:
    """CHANGELOG.md of terraform-aws-s3-bucket, 3.9.0: buckets are private by default since April 2023."""
    for version, private in (("3.8.2", False), ("~> 3.8.0", False), ("3.9.0", True), ("~> 3.0", True), ("", True)):
        block = called("terraform-aws-modules/s3-bucket/aws", version)["aws_s3_bucket_public_access_block.this[0]"]
        assert block["block_public_acls"] is private, version


def test_defaults_changed_with_major_versions() -> None:
    """docs/UPGRADE-19.0.md and docs/UPGRADE-21.0.md of terraform-aws-eks; UPGRADE-4.0.md of terraform-aws-rds."""
    found = {}
    for version in ("~> 18.0", "~> 19.0", "~> 20.0", "~> 21.0"):
        cluster = called("terraform-aws-modules/eks/aws", version, subnet_ids=["a"])["aws_eks_cluster.this[0]"]
        found[version] = (cluster["vpc_config"][0]["endpoint_public_access"], "encryption_config" in cluster)
    assert found == {"~> 18.0": (True, False), **dict.fromkeys(("~> 19.0", "~> 20.0", "~> 21.0"), (False, True))}
    database = called("terraform-aws-modules/rds/aws", "~> 4.0", identifier="x")["aws_db_instance.this[0]"]
    assert database["storage_encrypted"] is True
    assert find("terraform-aws-modules/rds/aws", "~> 3.0", shipped_directory()) is None


def test_rules_named_and_written() -> None:
    """rules.tf of terraform-aws-security-group 5.x; docs/UPGRADE-6.0.md: rules are objects since."""
    source = "terraform-aws-modules/security-group/aws"
    written = [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": "0.0.0.0/0,10.0.0.0/8"}]
    old = called(source, "~> 5.0", name="x", ingress_rules=["rdp-tcp"], ingress_with_cidr_blocks=written)
    rule = old["aws_security_group_rule.ingress_with_cidr_blocks[0]"]
    assert (rule["from_port"], rule["cidr_blocks"]) == (22, ["0.0.0.0/0", "10.0.0.0/8"])
    assert old["aws_security_group_rule.ingress_rules[0]"]["to_port"] == 3389
    new = called(source + "//modules/ssh", "~> 6.0", ingress_cidr_ipv4={"world": "0.0.0.0/0"})
    rule = new['aws_vpc_security_group_ingress_rule.this["ssh-ipv4-world"]']
    assert (rule["from_port"], rule["to_port"], rule["cidr_ipv4"]) == (22, 22, "0.0.0.0/0")


def _referred(file: object, root: str) -> set[str]:
    """The names behind a root name, `x` of `var.x`, anywhere in a file's expressions."""
    found: set[str] = set()
    waiting: list[object] = [file]
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.GetAttr) and isinstance(node.base, syntax.Name) and node.base.name == root:
            found.add(node.name)
        if isinstance(node, dict):
            waiting.extend(node.values())
        elif isinstance(node, tuple):
            waiting.extend(node)
    return found
