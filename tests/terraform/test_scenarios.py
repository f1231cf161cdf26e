# ruff: noqa: E501 (a scenario in a line reads better than in five)
"""The kinds of configuration that scanners get wrong, each with what Terraform would do.

Section 3.2 of the design: conditionals, functions, values of variables and their order, overrides, dynamic blocks,
instances, modules, links between resources, IAM documents, security groups, JSON syntax, and broken files.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from guardrail.catalog.load import Catalog
from tests.terraform.judging import catalog, judged, verdict, write

AZ, BACKUP, BLOCK = "test-multi-az", "test-backup", "test-block"
SSH, ADMIN = "security-group-admin-port-public", "iam-admin-policy"


class Scenario(NamedTuple):
    name: str
    policy: str
    expected: str
    files: dict[str, str]
    environment: str = ""
    variables: tuple[str, ...] = ()


def database(value: str, more: str = "", attribute: str = "multi_az") -> dict[str, str]:
    return {"main.tf": f'{more}\nresource "aws_db_instance" "main" {{\n  {attribute} = {value}\n}}\n'}


ENV = 'variable "environment" {\n  type = string\n}\n'
FLAG = 'variable "flag" {\n  type = bool\n}\n'


def env(default: str) -> str:
    return f'variable "environment" {{\n  type = string\n  default = "{default}"\n}}\n'


PROD = 'var.environment == "production"'

VALUES = [
    Scenario("comparison, no value", AZ, "unknown", database(PROD, ENV)),
    Scenario("comparison, default production", AZ, "pass", database(PROD, env("production"))),
    Scenario("comparison, default dev", AZ, "fail", database(PROD, env("dev"))),
    Scenario("comparison, --environment production", AZ, "pass", database(PROD, ENV), "production"),
    Scenario("comparison, --environment development", AZ, "fail", database(PROD, ENV), "development"),
    Scenario("comparison, --var", AZ, "pass", database(PROD, env("dev")), "", ("environment=production",)),
    Scenario("undeclared variable", AZ, "unknown", database(PROD)),
    Scenario("undeclared variable with environment", AZ, "pass", database(PROD), "production"),
    Scenario("both arms pass", BACKUP, "pass", database(f"{PROD} ? 30 : 7", ENV, "backup_retention_period")),
    Scenario("one arm fails", BACKUP, "unknown", database(f"{PROD} ? 30 : 0", ENV, "backup_retention_period")),
    Scenario("both arms fail", BACKUP, "fail", database(f"{PROD} ? 0 : 0", ENV, "backup_retention_period")),
    Scenario("nested arms", BACKUP, "pass", database(
        f'{PROD} ? 30 : (var.environment == "staging" ? 14 : 7)', ENV, "backup_retention_period")),
    Scenario("or true", AZ, "pass", database("var.flag || true", FLAG)),
    Scenario("and false", AZ, "fail", database("var.flag && false", FLAG)),
    Scenario("or of a question and its opposite", AZ, "pass", database(f'{PROD} || var.environment != "production"', ENV)),
    Scenario("not", AZ, "pass", database("!var.flag", FLAG.replace("bool\n", "bool\n  default = false\n"))),
    Scenario("not of an unknown", AZ, "unknown", database("!var.flag", FLAG)),
    Scenario("bool in both worlds", BACKUP, "pass", database("var.flag ? 7 : 14", FLAG, "backup_retention_period")),
    Scenario("contains", AZ, "pass", database('contains(["prod", "production"], var.environment)', env("production"))),
    Scenario("contains of an unknown", AZ, "unknown", database('contains(["production"], var.environment)', ENV)),
    Scenario("contains, --environment", AZ, "pass", database('contains(["production"], var.environment)', ENV), "production"),
    Scenario("can regex", AZ, "pass", database('can(regex("^prod", var.environment))', env("production"))),
    Scenario("try", AZ, "pass", database('try(var.settings.ha, true)', 'variable "settings" {\n  default = {}\n}\n')),
    Scenario("alltrue for", AZ, "pass", database('alltrue([for z in ["a", "b"] : length(z) == 1])')),
    Scenario("optional attribute", AZ, "pass", database(
        "var.db.ha", 'variable "db" {\n  type = object({ ha = optional(bool, true) })\n  default = {}\n}\n')),
    Scenario("map by environment, all pass", AZ, "pass", database(
        "local.sizes[var.environment].ha",
        ENV + "locals {\n  sizes = {\n    production = { ha = true }\n    staging = { ha = true }\n  }\n}\n")),
    Scenario("map by environment, one fails", AZ, "unknown", database(
        "local.sizes[var.environment].ha",
        ENV + "locals {\n  sizes = {\n    production = { ha = true }\n    staging = { ha = false }\n  }\n}\n")),
    Scenario("map by environment, known", AZ, "pass", database(
        "local.sizes[var.environment].ha",
        env("production") + "locals {\n  sizes = {\n    production = { ha = true }\n    dev = { ha = false }\n  }\n}\n")),
    Scenario("lower", AZ, "pass", database('lower(var.environment) == "production"', env("Production"))),
    Scenario("trimsuffix", AZ, "pass", database('trimsuffix(var.environment, "-eu") == "prod"', env("prod-eu"))),
    Scenario("trimprefix is no character set", AZ, "pass", database('trimprefix(var.environment, "pr") == "prod"', env("prprod"))),
    Scenario("lookup of two arguments", AZ, "pass", database('lookup({ production = true }, var.environment)', env("production"))),
    Scenario("coalesce", AZ, "pass", database('coalesce(var.given, true)', 'variable "given" {\n  type = bool\n  default = null\n}\n')),
    Scenario("not null", AZ, "fail", database("var.given != null", 'variable "given" {\n  default = null\n}\n')),
    Scenario("null is absent", AZ, "fail", database("var.given", 'variable "given" {\n  type = bool\n  default = null\n}\n')),
    Scenario("text that is a bool", AZ, "pass", database('"true"')),
    Scenario("element wraps", AZ, "pass", database('element([true, false], 2)')),
    Scenario("one of an empty splat", AZ, "fail", database("one([])", "")),
    Scenario("format and compare", AZ, "pass", database('format("%s-%02d", "a", 3) == "a-03"')),
    Scenario("jsondecode", AZ, "pass", database("jsondecode(\"{\\\"ha\\\": true}\").ha")),
    Scenario("for with a test", AZ, "pass", database('length([for z in ["a", "b", "c"] : z if z != "b"]) == 2')),
    Scenario("workspace, nobody says which", AZ, "unknown", database('terraform.workspace == "production"')),
    Scenario("validation gives candidates", AZ, "unknown", database(
        PROD, 'variable "environment" {\n  validation {\n    condition = contains(["development", "production"], '
        'var.environment)\n    error_message = "no"\n  }\n}\n')),
    Scenario("candidates that all pass", AZ, "pass", database(
        'var.environment != "dev"', 'variable "environment" {\n  validation {\n    condition = contains(["staging", '
        '"production"], var.environment)\n    error_message = "no"\n  }\n}\n')),
    Scenario("an expression that fails", AZ, "unknown", database('tobool("perhaps")')),
    Scenario("cyclic locals", AZ, "unknown", database("local.a", "locals {\n  a = local.b\n  b = local.a\n}\n")),
]  # fmt: skip

MAIN = 'variable "environment" {\n  default = "dev"\n}\n'

FILES = [
    Scenario("terraform.tfvars", AZ, "pass", database(PROD, MAIN) | {"terraform.tfvars": 'environment = "production"\n'}),
    Scenario("auto.tfvars beats terraform.tfvars", AZ, "pass", database(PROD, MAIN) | {
        "terraform.tfvars": 'environment = "dev"\n', "x.auto.tfvars": 'environment = "production"\n'}),
    Scenario("later auto.tfvars wins", AZ, "fail", database(PROD, MAIN) | {
        "a.auto.tfvars": 'environment = "production"\n', "b.auto.tfvars": 'environment = "dev"\n'}),
    Scenario("tfvars.json", AZ, "pass", database(PROD, MAIN) | {"terraform.tfvars.json": '{"environment": "production"}\n'}),
    Scenario("other tfvars are not loaded", AZ, "fail", database(PROD, MAIN) | {"prod.tfvars": 'environment = "production"\n'}),
    Scenario("tfvars of the environment asked for", AZ, "pass", database("var.ha", 'variable "ha" {\n  default = false\n}\n') | {
        "prod.tfvars": "ha = true\n"}, "production"),
    Scenario("tfvars in a folder of environments", AZ, "pass", database("var.ha", 'variable "ha" {\n  default = false\n}\n') | {
        "envs/production.tfvars": "ha = true\n"}, "production"),
    Scenario("--var beats tfvars", AZ, "fail", database(PROD, MAIN) | {
        "terraform.tfvars": 'environment = "production"\n'}, "", ("environment=dev",)),
    Scenario("override file", AZ, "pass", database("false") | {
        "override.tf": 'resource "aws_db_instance" "main" {\n  multi_az = true\n}\n'}),
    Scenario("override of a variable", AZ, "pass", database("var.ha", 'variable "ha" {\n  default = false\n}\n') | {
        "x_override.tf": 'variable "ha" {\n  default = true\n}\n'}),
    Scenario("tofu file stands for its twin", AZ, "pass", database("false") | {"main.tofu": database("true")["main.tf"]}),
    Scenario("tofu file alone", AZ, "fail", {"main.tofu": database("false")["main.tf"]}),
    Scenario("json syntax, literal", AZ, "fail", {
        "main.tf.json": '{"resource": {"aws_db_instance": {"main": {"multi_az": false}}}}\n'}),
    Scenario("json syntax, expression", AZ, "pass", {
        "main.tf.json": '{"locals": {"ha": true}, "resource": {"aws_db_instance": {"main": [{"multi_az": "${local.ha}"}]}}}\n'}),
    Scenario("json and native together", AZ, "pass", {
        "v.tf.json": '{"variable": {"ha": {"default": true}}}\n'} | database("var.ha")),
    Scenario("broken block beside it", AZ, "fail, problem", database("false", 'resource "aws_vpc" "x" {\n  a = = 1\n}\n')),
    Scenario("broken block behind it", AZ, "fail, problem", {
        "main.tf": database("false")["main.tf"] + 'resource "aws_vpc" "x" {\n  a = [1\n}\n'}),
    Scenario("windows line ends and a mark", AZ, "fail", {
        "main.tf": "\ufeff" + database("false")["main.tf"].replace("\n", "\r\n")}),
    Scenario("nothing to judge", AZ, "nothing", {"main.tf": 'resource "aws_vpc" "x" {\n}\n'}),
]  # fmt: skip

CHILD = 'variable "ha" {\n  type = bool\n  default = false\n}\n' + database("var.ha")["main.tf"]

MODULES = [
    Scenario("default of a module", AZ, "fail", {
        "main.tf": 'module "db" {\n  source = "./db"\n}\n', "db/main.tf": CHILD}),
    Scenario("argument of a module", AZ, "pass", {
        "main.tf": 'module "db" {\n  source = "./db"\n  ha = true\n}\n', "db/main.tf": CHILD}),
    Scenario("null argument means null", AZ, "fail", {
        "main.tf": 'module "db" {\n  source = "./db"\n  ha = null\n}\n', "db/main.tf": CHILD.replace("false", "true")}),
    Scenario("null argument where null is refused", AZ, "pass", {
        "main.tf": 'module "db" {\n  source = "./db"\n  ha = null\n}\n',
        "db/main.tf": CHILD.replace("false", "true\n  nullable = false")}),
    Scenario("nested modules", AZ, "pass", {
        "main.tf": 'module "a" {\n  source = "./a"\n  ha = true\n}\n',
        "a/main.tf": 'variable "ha" {\n}\nmodule "b" {\n  source = "../b"\n  ha = var.ha\n}\n', "b/main.tf": CHILD}),
    Scenario("output of a module", AZ, "pass", {
        "main.tf": database("module.facts.ha")["main.tf"] + 'module "facts" {\n  source = "./facts"\n}\n',
        "facts/main.tf": 'output "ha" {\n  value = true\n}\n'}),
    Scenario("for_each over modules, one fails", AZ, "fail", {
        "main.tf": 'module "db" {\n  source = "./db"\n  for_each = { a = true, b = false }\n  ha = each.value\n}\n',
        "db/main.tf": CHILD}),
    Scenario("count of modules is 0", AZ, "nothing", {
        "main.tf": 'module "db" {\n  source = "./db"\n  count = 0\n}\n', "db/main.tf": CHILD}),
    Scenario("module above", AZ, "fail", {
        "live/x/main.tf": 'module "db" {\n  source = "../../modules/db"\n}\n', "modules/db/main.tf": CHILD}),
    Scenario("module that calls itself", AZ, "fail", {
        "main.tf": 'module "me" {\n  source = "./"\n}\n' + database("false")["main.tf"]}),
    Scenario("modules that call each other", AZ, "fail", {
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n' + database("false")["main.tf"],
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n'}),
    Scenario("module that is not here", AZ, "unknown", {
        "main.tf": database("module.gone.ha")["main.tf"] + 'module "gone" {\n  source = "git::https://x.test/y"\n}\n'}),
    Scenario("installed module", AZ, "fail", {
        "main.tf": 'module "db" {\n  source = "acme/db/aws"\n}\n', ".terraform/modules/db/main.tf": CHILD,
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "db", "Source": '
        '"registry.terraform.io/acme/db/aws", "Version": "1.0.0", "Dir": ".terraform/modules/db"}]}\n'}),
]  # fmt: skip


def counted(meta: str, value: str = "false") -> dict[str, str]:
    return {"main.tf": f'{FLAG}\nresource "aws_db_instance" "main" {{\n  {meta}\n  multi_az = {value}\n}}\n'}


INSTANCES = [
    Scenario("count 0", AZ, "nothing", counted("count = 0")),
    Scenario("count false", AZ, "nothing", counted("count = 1 == 2 ? 1 : 0")),
    Scenario("count unknown", AZ, "fail", counted("count = var.flag ? 1 : 0")),
    Scenario("for_each of a set", AZ, "fail", counted('for_each = toset(["a", "b"])', 'each.key == "a"')),
    Scenario("for_each of a map", AZ, "pass", counted("for_each = { a = true, b = true }", "each.value")),
    Scenario("for_each of nothing", AZ, "nothing", counted("for_each = {}")),
    Scenario("for_each unknown", AZ, "fail", counted("for_each = var.databases")),
    Scenario("count over a million", AZ, "fail, problem", counted("count = 1000000")),
]


def bucket(link: str, more: str = "") -> dict[str, str]:
    return {"main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "logs"\n}\n'
            'resource "aws_s3_bucket_public_access_block" "b" {\n  block_public_acls = true\n'
            f"  bucket = {link}\n}}\n{more}"}  # fmt: skip


EACH = """
resource "aws_s3_bucket" "b" {
  for_each = toset(["a", "b"])
  bucket   = "x-${each.key}"
}
resource "aws_s3_bucket_public_access_block" "b" {
  for_each          = %s
  bucket            = %s
  block_public_acls = true
}
"""

LINKS = [
    Scenario("by id", BLOCK, "pass", bucket("aws_s3_bucket.b.id")),
    Scenario("by bucket", BLOCK, "pass", bucket("aws_s3_bucket.b.bucket")),
    Scenario("by local", BLOCK, "pass", bucket("local.name", "locals {\n  name = aws_s3_bucket.b.id\n}\n")),
    Scenario("by literal name", BLOCK, "pass", bucket('"logs"')),
    Scenario("another bucket", BLOCK, "fail", bucket('"other"')),
    Scenario("none at all", BLOCK, "fail", {"main.tf": 'resource "aws_s3_bucket" "b" {\n}\n'}),
    Scenario("by arn in a template", BLOCK, "pass", bucket('"${aws_s3_bucket.b.id}"')),
    Scenario("for_each of the buckets", BLOCK, "pass", {"main.tf": EACH % ("aws_s3_bucket.b", "each.value.id")}),
    Scenario("for_each of the same set", BLOCK, "pass", {
        "main.tf": EACH % ('toset(["a", "b"])', "aws_s3_bucket.b[each.key].id")}),
    Scenario("for_each of a part", BLOCK, "fail", {
        "main.tf": EACH % ('toset(["a"])', "aws_s3_bucket.b[each.key].id")}),
    Scenario("count", BLOCK, "pass", {"main.tf": """
        resource "aws_s3_bucket" "b" {
          count = 2
        }
        resource "aws_s3_bucket_public_access_block" "b" {
          count             = 2
          bucket            = aws_s3_bucket.b[count.index].id
          block_public_acls = true
        }
        """}),
    Scenario("count by a flag", BLOCK, "pass", {"main.tf": FLAG + """
        resource "aws_s3_bucket" "b" {
          count = var.flag ? 1 : 0
        }
        resource "aws_s3_bucket_public_access_block" "b" {
          count             = var.flag ? 1 : 0
          bucket            = aws_s3_bucket.b[0].id
          block_public_acls = true
        }
        """}),
    Scenario("count nobody gave", BLOCK, "pass", {"main.tf": """
        variable "n" {
        }
        resource "aws_s3_bucket" "b" {
          count = var.n
        }
        resource "aws_s3_bucket_public_access_block" "b" {
          count             = var.n
          bucket            = aws_s3_bucket.b[count.index].id
          block_public_acls = true
        }
        """}),
    Scenario("for_each nobody gave", BLOCK, "pass", {"main.tf": 'variable "m" {\n}\n' + (
        EACH % ("var.m", "aws_s3_bucket.b[each.key].id")).replace('toset(["a", "b"])', "var.m")}),
    Scenario("for_each of buckets nobody gave", BLOCK, "pass", {"main.tf": 'variable "m" {\n}\n' + (
        EACH % ("aws_s3_bucket.b", "each.value.id")).replace('toset(["a", "b"])', "var.m")}),
    Scenario("block by a flag of its own", BLOCK, "unknown", {"main.tf": FLAG + """
        resource "aws_s3_bucket" "b" {
        }
        resource "aws_s3_bucket_public_access_block" "b" {
          count             = var.flag ? 1 : 0
          bucket            = aws_s3_bucket.b.id
          block_public_acls = true
        }
        """}),
    Scenario("through a module's output", BLOCK, "pass", {
        "main.tf": 'module "s" {\n  source = "./s"\n}\nresource "aws_s3_bucket_public_access_block" "b" {\n'
        "  bucket = module.s.id\n  block_public_acls = true\n}\n",
        "s/main.tf": 'resource "aws_s3_bucket" "b" {\n}\noutput "id" {\n  value = aws_s3_bucket.b.id\n}\n'}),
    Scenario("through a module's argument", BLOCK, "pass", {
        "main.tf": 'resource "aws_s3_bucket" "b" {\n}\nmodule "s" {\n  source = "./s"\n  bucket = aws_s3_bucket.b.id\n}\n',
        "s/main.tf": 'variable "bucket" {\n}\nresource "aws_s3_bucket_public_access_block" "b" {\n  bucket = var.bucket\n'
        "  block_public_acls = true\n}\n"}),
    Scenario("flag unknown", BLOCK, "unknown", bucket("aws_s3_bucket.b.id", FLAG.replace("flag", "on")) | {
        "main.tf": FLAG + bucket("aws_s3_bucket.b.id")["main.tf"].replace("block_public_acls = true",
                                                                            "block_public_acls = var.flag")}),
    Scenario("a bucket nobody can tell", BLOCK, "unknown", bucket("var.bucket", 'variable "bucket" {\n}\n')),
    Scenario("given to a module that is not here", BLOCK, "unknown", {
        "main.tf": 'resource "aws_s3_bucket" "b" {\n}\nmodule "s" {\n  source = "acme/block/aws"\n'
        "  bucket = aws_s3_bucket.b.id\n}\n"}),
]  # fmt: skip


def group(body: str, more: str = "") -> dict[str, str]:
    return {"main.tf": f'{more}\nresource "aws_security_group" "g" {{\n{body}\n}}\n'}


def rule(cidrs: str, ports: str = "from_port = 22\n    to_port = 22", protocol: str = '"tcp"') -> str:
    return f"  ingress {{\n    {ports}\n    protocol = {protocol}\n    cidr_blocks = {cidrs}\n  }}"


WORLD = '["0.0.0.0/0"]'
PORTS = "from_port = ingress.value\n      to_port = ingress.value"
DYNAMIC = f"""
  dynamic "ingress" {{
    for_each = %s
    content {{
      {PORTS}
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }}
  }}
"""

GROUPS = [
    Scenario("literal", SSH, "fail", group(rule(WORLD))),
    Scenario("range", SSH, "fail", group(rule(WORLD, "from_port = 0\n    to_port = 1024"))),
    Scenario("every protocol", SSH, "fail", group(rule(WORLD, "from_port = 0\n    to_port = 0", '"-1"'))),
    Scenario("ipv6", SSH, "fail", group(rule("[]").replace("cidr_blocks = []", 'ipv6_cidr_blocks = ["::/0"]'))),
    Scenario("attribute syntax", SSH, "fail", group(
        '  ingress = [{ from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = ["0.0.0.0/0"] }]')),
    Scenario("rule resource", SSH, "fail", {"main.tf": """
        resource "aws_security_group_rule" "r" {
          type              = "ingress"
          from_port         = 22
          to_port           = 22
          protocol          = "tcp"
          cidr_blocks       = ["0.0.0.0/0"]
          security_group_id = "sg-1"
        }
        """}),
    Scenario("vpc rule resource", SSH, "fail", {"main.tf": """
        resource "aws_vpc_security_group_ingress_rule" "r" {
          from_port         = 22
          to_port           = 22
          ip_protocol       = "tcp"
          cidr_ipv4         = "0.0.0.0/0"
          security_group_id = "sg-1"
        }
        """}),
    Scenario("list of a variable", SSH, "fail", group(rule("var.cidrs"), f'variable "cidrs" {{\n  default = {WORLD}\n}}\n')),
    Scenario("list that nobody gave", SSH, "unknown", group(rule("var.cidrs"), 'variable "cidrs" {\n}\n')),
    Scenario("known part of a list", SSH, "fail", group(
        rule('concat(["0.0.0.0/0"], var.cidrs)'), 'variable "cidrs" {\n  type = list(string)\n}\n')),
    Scenario("halves of the world", SSH, "fail", group(rule('["0.0.0.0/1", "128.0.0.0/1"]'))),
    Scenario("one network", SSH, "pass", group(rule('["10.0.0.0/8"]'))),
    Scenario("another port", SSH, "pass", group(rule(WORLD, "from_port = 443\n    to_port = 443"))),
    Scenario("itself and the world", SSH, "fail", group(rule(WORLD).replace("cidr_blocks", "self = true\n    cidr_blocks"))),
    Scenario("dynamic over a list", SSH, "fail", group(DYNAMIC % "[22, 443]")),
    Scenario("dynamic over other ports", SSH, "pass", group(DYNAMIC % "[80, 443]")),
    Scenario("dynamic over nothing", SSH, "pass", group(DYNAMIC % "[]")),
    Scenario("dynamic that nobody can tell", SSH, "unknown", group(DYNAMIC % "var.ports", 'variable "ports" {\n}\n')),
    Scenario("dynamic with an iterator", SSH, "fail", group(
        (DYNAMIC % "[22]").replace("content {", "iterator = port\n    content {").replace("ingress.value", "port.value"))),
]  # fmt: skip

EVERYTHING = '{ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] }'


def policy(document: str, more: str = "") -> dict[str, str]:
    return {"main.tf": f'{more}\nresource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = {document}\n}}\n'}


TEXT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
DATA = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = %s
    resources = ["*"]
  }
}
"""

DOCUMENTS = [
    Scenario("jsonencode", ADMIN, "fail", policy(f"jsonencode({EVERYTHING})")),
    Scenario("jsonencode of a local", ADMIN, "fail", policy("jsonencode(local.d)", f"locals {{\n  d = {EVERYTHING}\n}}\n")),
    Scenario("heredoc", ADMIN, "fail", policy(f"<<EOT\n{TEXT}\nEOT")),
    Scenario("heredoc with holes", ADMIN, "fail", policy(
        "<<EOT\n" + TEXT.replace("2012-10-17", "${var.v}") + "\nEOT", 'variable "v" {\n}\n')),
    Scenario("policy document", ADMIN, "fail", policy("data.aws_iam_policy_document.d.json", DATA % '["*"]')),
    Scenario("policy document with an unknown beside", ADMIN, "fail", policy(
        "data.aws_iam_policy_document.d.json", 'variable "more" {\n}\n' + DATA % '["*", var.more]')),
    Scenario("policy document of little", ADMIN, "pass", policy("data.aws_iam_policy_document.d.json", DATA % '["s3:GetObject"]')),
    Scenario("file", ADMIN, "fail", policy('file("${path.module}/policy.json")') | {"policy.json": TEXT}),
    Scenario("templatefile", ADMIN, "fail", policy('templatefile("policy.json.tftpl", { action = "*" })') | {
        "policy.json.tftpl": TEXT.replace('"Action": "*"', '"Action": "${action}"')}),
    Scenario("file outside of the repository", ADMIN, "unknown", policy('file("/etc/hostname")')),
    Scenario("statement of another document", ADMIN, "fail", policy("data.aws_iam_policy_document.e.json", DATA % '["*"]' + """
        data "aws_iam_policy_document" "e" {
          source_policy_documents = [data.aws_iam_policy_document.d.json]
        }
        """)),
]  # fmt: skip

SCENARIOS = [*VALUES, *FILES, *MODULES, *INSTANCES, *LINKS, *GROUPS, *DOCUMENTS]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog(tmp_path_factory.mktemp("policies"))


def test_there_are_as_many_as_the_design_lists() -> None:
    assert len(SCENARIOS) >= 96
    assert len({s.name for s in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_scenario(scenario: Scenario, tmp_path: Path, known: Catalog) -> None:
    write(tmp_path, scenario.files)
    report = judged(tmp_path, known, scenario.policy, environment=scenario.environment, variables=scenario.variables)
    told = (
        [f.message for f in report.findings]
        + [u.reason for u in report.unknowns]
        + [p.message for p in report.problems]
    )
    assert verdict(report) == scenario.expected, told
