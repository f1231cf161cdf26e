# terraform-aws-modules/iam/aws//modules/iam-policy, version 6.0.0 and newer.
# Facts: docs/UPGRADE-6.0.md (create_policy is renamed to create) and the module's README.md in its repository.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = null
}

variable "path" {
  type    = string
  default = "/"
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
  path   = var.path
  policy = var.policy
  tags   = var.tags
}

output "arn" {
  value = try(aws_iam_policy.policy[0].arn, "")
}

output "name" {
  value = try(aws_iam_policy.policy[0].name, "")
}
