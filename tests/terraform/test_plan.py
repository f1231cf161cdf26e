"""Plans as `terraform show -json` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guardrail.catalog.load import Catalog
from guardrail.formats.parsed import Unreadable
from guardrail.formats.plan import read, without_keys
from guardrail.model.value import UnknownValue
from tests.terraform.judging import catalog, judged, verdict, write

AZ, BLOCK, PRODUCTION = "test-multi-az", "test-block", "test-production"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog(tmp_path_factory.mktemp("policies"))


def resource(address: str, **values: object) -> dict[str, Any]:
    type_, name = without_keys(address).split(".")[-2:]
    return {"address": address, "mode": "managed", "type": type_, "name": name, "values": values}


def plan(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    values = {"root_module": {"resources": list(resources)}}
    return {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": values, **more}


def changes(address: str, **unknown: object) -> dict[str, Any]:
    return {"address": address, "change": {"actions": ["create"], "after_unknown": unknown}}


def configured(address: str, **expressions: object) -> dict[str, Any]:
    return {"root_module": {"resources": [{"address": address, "expressions": expressions}]}}


def judge(folder: Path, known: Catalog, policy: str, data: dict[str, Any], environment: str = "") -> str:
    write(folder, {"plan.json": json.dumps(data)})
    return verdict(judged(folder, known, policy, environment=environment))


def test_values_are_judged(tmp_path: Path, known: Catalog) -> None:
    assert judge(tmp_path, known, AZ, plan(resource("aws_db_instance.a", multi_az=False))) == "fail"
    assert judge(tmp_path, known, AZ, plan(resource("aws_db_instance.a", multi_az=True))) == "pass"
    assert judge(tmp_path, known, AZ, plan(resource("aws_db_instance.a", multi_az=None))) == "fail"


def test_what_is_written_and_known_after_apply_is_unknown(tmp_path: Path, known: Catalog) -> None:
    made = plan(
        resource("aws_db_instance.a"),
        resource_changes=[changes("aws_db_instance.a", multi_az=True)],
        configuration=configured("aws_db_instance.a", multi_az={"references": ["data.x.y.z", "data.x.y"]}),
    )
    assert judge(tmp_path, known, AZ, made) == "unknown"


def test_what_is_not_written_is_the_providers_to_choose(tmp_path: Path, known: Catalog) -> None:
    made = plan(
        resource("aws_db_instance.a"),
        resource_changes=[changes("aws_db_instance.a", multi_az=True, id=True)],
        configuration=configured("aws_db_instance.a"),
    )
    assert judge(tmp_path, known, AZ, made) == "fail"


def test_resources_are_linked_by_their_expressions(tmp_path: Path, known: Catalog) -> None:
    block = "aws_s3_bucket_public_access_block.b"
    made = plan(
        resource("aws_s3_bucket.b"),
        resource(block, block_public_acls=True),
        resource_changes=[changes(block, bucket=True)],
        configuration=configured(block, bucket={"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}),
    )
    assert judge(tmp_path, known, BLOCK, made) == "pass"
    made["configuration"] = configured(block, bucket={"references": ["aws_s3_bucket.other.id"]})
    assert judge(tmp_path, known, BLOCK, made) == "unknown"


def test_instances_are_linked_by_their_keys() -> None:
    block = "aws_s3_bucket_public_access_block.b"
    names = [f'["{key}"]' for key in "ab"]
    made = plan(
        *(resource(f"aws_s3_bucket.b{n}") for n in names),
        *(resource(f"{block}{n}") for n in names),
        resource_changes=[changes(f"{block}{n}", bucket=True) for n in names],
        configuration=configured(block, bucket={"references": ["aws_s3_bucket.b", "each.key"]}),
    )
    found = {p.address: p.data for p in read(json.dumps(made))}
    for n in names:
        value = found[f"{block}{n}"]["bucket"]
        assert isinstance(value, UnknownValue)
        assert value.refs == ((f"aws_s3_bucket.b{n}", ""),)


def test_findings_stand_in_the_source_beside_the_plan(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_db_instance" "a" {\n  multi_az = var.x\n}\nvariable "x" {\n}\n'})
    write(tmp_path, {"plan.json": json.dumps(plan(resource("aws_db_instance.a", multi_az=False)))})
    report = judged(tmp_path, known, AZ)
    assert [(Path(f.location.file).name, f.location.span.line) for f in report.findings] == [("main.tf", 2)]


def test_a_module_of_the_source_is_found(tmp_path: Path, known: Catalog) -> None:
    write(
        tmp_path,
        {
            "main.tf": 'module "db" {\n  source = "./db"\n}\n',
            "db/main.tf": '\nresource "aws_db_instance" "a" {\n  multi_az = true\n}\n',
        },
    )
    child = {"address": "module.db", "resources": [resource("module.db.aws_db_instance.a[0]", multi_az=False)]}
    data = plan() | {"planned_values": {"root_module": {"child_modules": [child]}}}
    write(tmp_path, {"plan.json": json.dumps(data)})
    report = judged(tmp_path, known, AZ)
    assert [(Path(f.location.file).parent.name, f.location.span.line) for f in report.findings] == [("db", 3)]


def test_without_a_source_it_stands_in_the_plan(tmp_path: Path, known: Catalog) -> None:
    text = json.dumps(plan(resource("aws_db_instance.a", multi_az=False)), separators=(",", ":"))
    write(tmp_path, {"plan.json": text})
    (finding,) = judged(tmp_path, known, AZ).findings
    at = finding.location.span.column - 1
    assert text[at:].startswith('"address":"aws_db_instance.a"')


def test_environments(tmp_path: Path, known: Catalog) -> None:
    data = plan(resource("aws_db_instance.a", multi_az=False))
    assert judge(tmp_path, known, PRODUCTION, data) == "unknown"
    assert judge(tmp_path, known, PRODUCTION, data, "production") == "fail"
    assert judge(tmp_path, known, PRODUCTION, data, "dev") == "nothing"


@pytest.mark.parametrize(
    "text", ['{"format_version": "1.2"', '{"format_version": "1.2"}', '{"format_version": ' + "[" * 10_000]
)
def test_what_is_no_plan_is_told(text: str, tmp_path: Path, known: Catalog) -> None:
    with pytest.raises(Unreadable):
        read(text)
    write(tmp_path, {"plan.json": text})
    assert verdict(judged(tmp_path, known, AZ)) == "nothing, problem"


def test_addresses_without_keys() -> None:
    assert without_keys('module.a["x].y"].b.c[0]') == "module.a.b.c"
