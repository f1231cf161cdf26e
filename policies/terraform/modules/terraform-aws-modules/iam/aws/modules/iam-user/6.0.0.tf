# terraform-aws-modules/iam/aws//modules/iam-user, version 6.0.0 and newer.
# Facts: modules/iam-user/main.tf (6.x) in a copy, docs/UPGRADE-6.0.md (names) and, for defaults that it does not name,
# wrappers/iam-user/main.tf (07fd9dd, 5.x) of the module's repository. The statements of the inline policy are not told
# about.

variable "create" {
  type    = bool
  default = true
}

variable "create_login_profile" {
  type    = bool
  default = true
}

variable "create_access_key" {
  type    = bool
  default = true
}

variable "policies" {
  type    = any
  default = {}
}

variable "name" {
  type = string
}

variable "path" {
  type    = string
  default = "/"
}

variable "force_destroy" {
  type    = bool
  default = false
}

variable "pgp_key" {
  type = string
}

variable "create_inline_policy" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_iam_user" "this" {
  count = var.create ? 1 : 0

  name          = var.name
  path          = var.path
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_iam_user_login_profile" "this" {
  count = var.create && var.create_login_profile ? 1 : 0

  user    = aws_iam_user.this[0].name
  pgp_key = var.pgp_key
}

resource "aws_iam_access_key" "this" {
  count = var.create && var.create_access_key ? 1 : 0

  user    = aws_iam_user.this[0].name
  pgp_key = var.pgp_key
}

resource "aws_iam_user_policy_attachment" "additional" {
  for_each = { for name, policy in var.policies : name => policy if var.create }

  user       = aws_iam_user.this[0].name
  policy_arn = each.value
}

resource "aws_iam_user_policy" "inline" {
  count = var.create && var.create_inline_policy ? 1 : 0

  user = aws_iam_user.this[0].name
}

output "name" {
  value = try(aws_iam_user.this[0].name, "")
}

output "arn" {
  value = try(aws_iam_user.this[0].arn, "")
}
