"""What is known of registry modules: which summary a module call gets, and that every shipped one can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.catalog.load import shipped_directory
from guardrail.catalog.registry import Address, Summary, address, find
from guardrail.hcl.versions import parse

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
    from guardrail.hcl.parser import parse as parse_hcl

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


def _referred(file: object, root: str) -> set[str]:
    """The names behind a root name, `x` of `var.x`, anywhere in a file's expressions."""
    from guardrail.hcl import syntax

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
