"""IAM documents as configurations write them: where a statement is shown, and what stays open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardrail.model.report import Report

Scan = Callable[..., Report]

DOCUMENT = """
variable "environment" {
  type = string
}
variable "url" {
  type = string
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/${var.url}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.url}:%s"
      values   = ["system:serviceaccount:shop:api"]
    }
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy = data.aws_iam_policy_document.d.json
}
"""


@pytest.mark.parametrize(("claim", "found"), [("sub", 0), ("aud", 1)])
def test_a_key_that_is_partly_known(scan: Scan, claim: str, found: int) -> None:
    report = scan({"main.tf": DOCUMENT % claim}, profile="none", select=("oidc-trust-any-subject",))
    assert (len(report.findings), len(report.unknowns)) == (found, 0)


def test_a_statement_that_may_be_there(scan: Scan) -> None:
    text = """
variable "environment" {
  type = string
}
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = var.environment == "production" ? [] : ["all"]
    content {
      actions   = ["*"]
      resources = ["*"]
    }
  }
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
"""
    report = scan({"main.tf": text}, profile="none", select=("iam-admin-policy",))
    assert [u.reason for u in report.unknowns] == ['var.environment: fails when it is not "production"']
    assert not report.findings
    report = scan({"main.tf": text}, profile="none", select=("iam-admin-policy",), variables=("environment=test",))
    assert len(report.findings) == 1


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        (
            'jsonencode({\n    Statement = [\n      { Effect = "Deny" },\n'
            '      { Effect = "Allow", Action = "*", Resource = "*" },\n    ]\n  })',
            5,
        ),
        ('jsonencode({\n    Statement = { Effect = "Allow", Action = "*", Resource = "*" }\n  })', 3),
        ("(jsonencode((local.d)))", 2),
        ('<<-JSON\n    {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}\n  JSON\n', 2),
    ],
)
def test_a_statement_is_shown_where_it_is_written(scan: Scan, policy: str, line: int) -> None:
    more = 'locals {\n  d = { Statement = { Effect = "Allow", Action = "*", Resource = "*" } }\n}\n'
    text = f'resource "aws_iam_policy" "p" {{\n  policy = {policy}\n}}\n{more}'
    (finding,) = scan({"main.tf": text}, profile="none", select=("iam-admin-policy",)).findings
    assert finding.location.span.line == line
