# terraform-aws-modules/iam/aws//modules/iam-policy, version 5.0.0 until 6.0.0.
# Facts: docs/UPGRADE-6.0.md (create_policy is renamed to create) and modules/iam-policy/main.tf (0bbb9f2, 6.x) of the
# module's repository, its README.md for the defaults.

variable "create_policy" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = null
}

variable "policy" {
  type    = string
  default = ""
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_iam_policy" "policy" {
  count = var.create_policy ? 1 : 0

  name   = var.name
  policy = var.policy
  tags   = var.tags
}

output "arn" {
  value = try(aws_iam_policy.policy[0].arn, "")
}

output "name" {
  value = try(aws_iam_policy.policy[0].name, "")
}
