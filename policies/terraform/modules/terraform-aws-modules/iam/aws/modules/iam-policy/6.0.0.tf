# terraform-aws-modules/iam/aws//modules/iam-policy, version 6.0.0 and newer.
# Facts: modules/iam-policy/main.tf and variables.tf (0bbb9f2, 6.x) of the module's repository.

variable "create" {
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
  count = var.create ? 1 : 0

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
