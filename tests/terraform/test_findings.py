"""Where findings in Terraform stand, what they say, and what silences them."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog.load import Catalog
from guardrail.model.report import Finding, Report
from guardrail.reporters import FORMATS, RenderOptions, render
from guardrail.scan.run import Run
from guardrail.settings import Environment, Settings
from tests.terraform.judging import catalog, judged, verdict, write

AZ, BLOCK, PRODUCTION = "test-multi-az", "test-block", "test-production"
CHILD = """\
variable "ha" {
  type    = bool
  default = false
}

resource "aws_db_instance" "this" {
  multi_az = var.ha
}
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog(tmp_path_factory.mktemp("policies"))


def places(report: Report) -> list[tuple[str, int, int]]:
    return [(Path(f.location.file).name, f.location.span.line, f.location.span.column) for f in report.findings]


def only(report: Report) -> Finding:
    assert len(report.findings) == 1, [f.message for f in report.findings]
    return report.findings[0]


def test_an_attribute_is_shown_with_its_value(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_db_instance" "main" {\n  multi_az = false # in dev\n}\n'})
    finding = only(judged(tmp_path, known, AZ))
    assert finding.location.span == (2, 3, 2, 19)
    assert finding.path == "multi_az"


def test_what_is_missing_is_shown_at_the_header(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": '\nresource "aws_db_instance" "main" {\n  identifier = "x"\n}\n'})
    assert only(judged(tmp_path, known, AZ)).location.span == (2, 1, 2, 34)


def test_a_finding_in_a_module_stands_at_the_argument(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'module "db" {\n  source = "./db"\n  ha     = false\n}\n', "db/main.tf": CHILD})
    finding = only(judged(tmp_path, known, AZ))
    assert places(judged(tmp_path, known, AZ)) == [("main.tf", 3, 3)]
    assert [(Path(r.file).parent.name, r.span.line) for r in finding.related] == [("db", 7)]
    assert finding.resource.address == "module.db.aws_db_instance.this"


def test_a_default_of_a_module_is_answered_for_by_the_call(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'module "db" {\n  source = "./db"\n}\n', "db/main.tf": CHILD})
    assert places(judged(tmp_path, known, AZ)) == [("main.tf", 1, 1)]


def test_the_outermost_call_answers_through_locals_and_modules(tmp_path: Path, known: Catalog) -> None:
    middle = (
        'variable "on" {\n}\nlocals {\n  ha = var.on\n}\nmodule "db" {\n  source = "../db"\n  ha     = local.ha\n}\n'
    )
    top = 'module "a" {\n  source = "./a"\n  on     = false\n}\n'
    write(tmp_path, {"main.tf": top, "a/main.tf": middle, "db/main.tf": CHILD})
    assert places(judged(tmp_path, known, AZ)) == [("main.tf", 3, 3)]


def test_what_a_module_always_does_is_told_once(tmp_path: Path, known: Catalog) -> None:
    calls = "".join(f'module "{name}" {{\n  source = "./db"\n}}\n' for name in "abc")
    write(tmp_path, {"main.tf": calls, "db/main.tf": 'resource "aws_db_instance" "this" {\n  multi_az = false\n}\n'})
    finding = only(judged(tmp_path, known, AZ))
    assert places(judged(tmp_path, known, AZ)) == [("main.tf", 1, 1)]
    assert "3 instances" in finding.message
    assert [(Path(r.file).parent.name == "db", r.span.line) for r in finding.related] == [
        (True, 2),
        (False, 4),
        (False, 7),
    ]


def test_arguments_of_two_calls_are_two_findings(tmp_path: Path, known: Catalog) -> None:
    calls = "".join(f'module "{name}" {{\n  source = "./db"\n  ha = false\n}}\n' for name in "ab")
    write(tmp_path, {"main.tf": calls, "db/main.tf": CHILD})
    assert places(judged(tmp_path, known, AZ)) == [("main.tf", 3, 3), ("main.tf", 7, 3)]


def test_instances_are_one_finding_that_names_them(tmp_path: Path, known: Catalog) -> None:
    write(
        tmp_path,
        {
            "main.tf": 'resource "aws_db_instance" "main" {\n  for_each = toset(["a", "b", "c", "d", "e"])\n'
            '  multi_az = each.key == "a"\n}\n'
        },
    )
    finding = only(judged(tmp_path, known, AZ))
    assert "(4 instances: " in finding.message
    assert 'aws_db_instance.main["b"]' in finding.message
    assert "and 1 more" in finding.message


def test_what_may_not_exist_says_so(tmp_path: Path, known: Catalog) -> None:
    text = 'variable "on" {\n  type = bool\n}\nresource "aws_db_instance" "main" {\n  count = var.on ? 1 : 0\n}\n'
    write(tmp_path, {"main.tf": text})
    assert "(if it is created: depends on var.on)" in only(judged(tmp_path, known, AZ)).message


def test_an_override_is_shown_where_it_stands(tmp_path: Path, known: Catalog) -> None:
    write(
        tmp_path,
        {
            "main.tf": 'resource "aws_db_instance" "main" {\n  multi_az = true\n}\n',
            "x_override.tf": '\n\nresource "aws_db_instance" "main" {\n  multi_az = false\n}\n',
        },
    )
    assert places(judged(tmp_path, known, AZ)) == [("x_override.tf", 4, 3)]


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_db_instance" "m" {\n  multi_az = false # guardrail: ignore[test-multi-az] a reason\n}\n',
        'resource "aws_db_instance" "m" {\n  # guardrail: ignore[test-multi-az] a reason\n  multi_az = false\n}\n',
        '// guardrail: ignore[test-multi-az] a reason\nresource "aws_db_instance" "m" {\n  multi_az = false\n}\n',
        '/* guardrail: ignore[test-multi-az] a reason */\n\nresource "aws_db_instance" "m" {\n  multi_az = false\n}\n',
        'resource "aws_db_instance" "m" { # guardrail: ignore[test-multi-az] a reason\n  multi_az = false\n}\n',
    ],
)
def test_comments_suppress(text: str, tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": text})
    suppression = only(judged(tmp_path, known, AZ)).suppression
    assert suppression is not None
    assert suppression.reason.startswith("a reason")


def test_a_comment_on_another_attribute_does_not(tmp_path: Path, known: Catalog) -> None:
    text = (
        'resource "aws_db_instance" "m" {\n  identifier = "x" # guardrail: ignore[test-multi-az] a reason\n'
        "  multi_az = false\n}\n"
    )
    write(tmp_path, {"main.tf": text})
    assert only(judged(tmp_path, known, AZ)).live


def test_a_comment_on_a_call_covers_that_call_only(tmp_path: Path, known: Catalog) -> None:
    calls = (
        '# guardrail: ignore[test-multi-az] a test system\nmodule "a" {\n  source = "./db"\n  ha = false\n}\n'
        'module "b" {\n  source = "./db"\n  ha = false\n}\n'
    )
    write(tmp_path, {"main.tf": calls, "db/main.tf": CHILD})
    assert [f.live for f in judged(tmp_path, known, AZ).findings] == [False, True]


def test_a_comment_in_the_body_covers_every_call(tmp_path: Path, known: Catalog) -> None:
    body = CHILD.replace("multi_az = var.ha", "multi_az = var.ha # guardrail: ignore[test-multi-az] not needed")
    write(tmp_path, {"main.tf": 'module "a" {\n  source = "./db"\n  ha = false\n}\n', "db/main.tf": body})
    assert not only(judged(tmp_path, known, AZ)).live


def test_peers_comments_are_honoured(tmp_path: Path, known: Catalog) -> None:
    text = (
        'resource "aws_db_instance" "m" {\n  # checkov:skip=CKV_AWS_16: restored soon\n  storage_encrypted = false\n}\n'
    )
    write(tmp_path, {"main.tf": text})
    suppression = only(judged(tmp_path, known, "rds-unencrypted")).suppression
    assert suppression is not None
    assert suppression.source == "checkov"


def test_fingerprints_do_not_hang_on_lines(tmp_path: Path, known: Catalog) -> None:
    text = 'resource "aws_db_instance" "m" {\n  multi_az = false\n}\n'
    write(tmp_path, {"main.tf": text})
    first = only(judged(tmp_path, known, AZ)).fingerprint
    write(tmp_path, {"main.tf": "# new\n\n" + text})
    assert only(judged(tmp_path, known, AZ)).fingerprint == first


def test_settings_name_environments_and_findings_say_in_which(tmp_path: Path, known: Catalog) -> None:
    text = 'variable "env" {\n}\nresource "aws_db_instance" "m" {\n  multi_az = var.env == "prod"\n}\n'
    write(tmp_path, {"main.tf": text})
    every = (Environment("prod"), Environment("dev"), Environment("test"))
    finding = only(judged(tmp_path, known, AZ, environments=every))
    assert "(in dev, test)" in finding.message
    assert verdict(judged(tmp_path, known, AZ, environments=every, environment="production")) == "pass"


def test_environments_have_values_and_files(tmp_path: Path, known: Catalog) -> None:
    text = 'variable "ha" {\n}\nresource "aws_db_instance" "m" {\n  multi_az = var.ha\n}\n'
    write(tmp_path, {"main.tf": text, "live.tfvars": "ha = true\n"})
    assert verdict(judged(tmp_path, known, AZ, environments=(Environment("x", {"ha": False}),))) == "fail"
    assert verdict(judged(tmp_path, known, AZ, environments=(Environment("x", {}, ("live.tfvars",)),))) == "pass"


def test_workspaces(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_db_instance" "m" {\n  multi_az = terraform.workspace == "p"\n}\n'})
    assert verdict(judged(tmp_path, known, AZ, environments=(Environment("x", workspace="p"),))) == "pass"


NOT_HA = 'resource "aws_db_instance" "m" {\n  multi_az = false\n}\n'
VARIABLE = 'variable "environment" {\n%s}\n'


@pytest.mark.parametrize(
    ("files", "environment", "expected"),
    [
        ({"main.tf": NOT_HA}, "", "unknown"),
        ({"main.tf": NOT_HA}, "production", "fail"),
        ({"main.tf": NOT_HA}, "prd", "fail"),
        ({"main.tf": NOT_HA}, "staging", "nothing"),
        ({"main.tf": VARIABLE % "" + NOT_HA}, "", "unknown"),
        ({"main.tf": VARIABLE % '  default = "prod"\n' + NOT_HA}, "", "fail"),
        ({"main.tf": VARIABLE % '  default = "dev"\n' + NOT_HA}, "", "nothing"),
        ({"live/prod/main.tf": NOT_HA}, "", "fail"),
        ({"live/dev/main.tf": NOT_HA}, "", "nothing"),
        ({"main.tf": VARIABLE % "" + NOT_HA.replace("false", 'var.environment == "production"')}, "", "pass"),
        ({"main.tf": VARIABLE % "" + NOT_HA.replace("false", 'var.environment == "prod"')}, "", "unknown"),
        ({"main.tf": NOT_HA.replace("false", "true")}, "", "pass"),
    ],
)
def test_policies_for_production(
    files: dict[str, str], environment: str, expected: str, tmp_path: Path, known: Catalog
) -> None:
    write(tmp_path, files)
    assert verdict(judged(tmp_path, known, PRODUCTION, environment=environment)) == expected


def test_an_unknown_stands_at_the_attribute_it_hangs_on(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'variable "ha" {\n}\nresource "aws_db_instance" "m" {\n  multi_az = var.ha\n}\n'})
    (unknown,) = judged(tmp_path, known, AZ).unknowns
    assert (unknown.location.span.line, unknown.reason) == (4, "var.ha")


def test_unknowns_never_fail_the_run(tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": 'variable "ha" {\n}\nresource "aws_db_instance" "m" {\n  multi_az = var.ha\n}\n'})
    assert judged(tmp_path, known, AZ).exit_code("info") == 0


def test_a_file_named_alone_is_judged_with_its_module(tmp_path: Path, known: Catalog) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            "main.tf": 'resource "aws_db_instance" "m" {\n  multi_az = local.ha\n}\n',
            "locals.tf": "locals {\n  ha = false\n}\n",
            "other.tf": 'resource "aws_db_instance" "o" {\n  multi_az = false\n}\n',
        },
    )
    settings = Settings(profile="none", select=(AZ,))
    report = Run(settings, known, (str(tmp_path / "main.tf"),), today="2026-01-01").report()
    assert places(report) == [("main.tf", 2, 3)]


def test_nothing_outside_of_the_repository_is_read(tmp_path: Path, known: Catalog) -> None:
    root = tmp_path / "repository"
    write(tmp_path, {"secret.txt": "true"})
    write(
        root,
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            "main.tf": 'resource "aws_db_instance" "m" {\n  multi_az = tobool(file("../secret.txt"))\n}\n',
        },
    )
    assert verdict(judged(root, known, AZ)) == "unknown"


SECRETS = """
variable "db_password" {
  default = "Sup3r-Secret-99"
}

resource "aws_db_instance" "m" {
  password = "hunter2hunter2"
}

resource "aws_secretsmanager_secret_version" "v" {
  secret_id     = "x"
  secret_string = jsonencode({ user = "admin", password = "Wint3r-Coat" })
}

resource "aws_ssm_parameter" "p" {
  name  = "/x"
  type  = "SecureString"
  value = "quite-an-ordinary-word"
}

provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
"""


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_secrets_are_never_shown(format_: str, tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, {"main.tf": SECRETS})
    report = Run(Settings(profile="strict"), known, (str(tmp_path),), today="2026-01-01", for_upload=True).report()
    assert {"aws-provider-static-credentials", "master-password-literal"} <= {f.policy.id for f in report.findings}
    text = render(format_, report, RenderOptions())
    for secret in ("Sup3r", "hunter2", "Wint3r", "ordinary", "wJalr"):
        assert secret not in text


def test_secrets_of_a_plan_are_never_shown(tmp_path: Path, known: Catalog) -> None:
    values = '{"multi_az":false,"password":"hunter2hunter2"}'
    resource = (
        f'{{"address":"aws_db_instance.a","mode":"managed","type":"aws_db_instance","name":"a","values":{values}}}'
    )
    plan = f'{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[{resource}]}}}}}}'
    write(tmp_path, {"plan.json": plan})
    text = render("text", judged(tmp_path, known, AZ), RenderOptions())
    assert "aws_db_instance.a" in text
    assert "hunter2" not in text


def test_where_the_parsers_disagree_a_problem_says_so(
    tmp_path: Path, known: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardrail.hcl import parser
    from guardrail.hcl.syntax import SyntaxFault

    text = 'resource "aws_db_instance" "a" {\n  multi_az = false\n}\n'
    ours = parser.parse

    def gives_up(text: str) -> object:
        file = ours(text)
        body = file.body._replace(blocks=())
        return file._replace(
            body=body, faults=(SyntaxFault("syntax", "not understood", 0, True),), lost=((0, len(text)),)
        )

    write(tmp_path, {"main.tf": text})
    monkeypatch.setattr(parser, "parse", gives_up)
    report = judged(tmp_path, known, AZ)
    assert [p.code for p in report.problems] == ["parser-disagreement"]
    assert [f.location.span.line for f in report.findings] == [2]
