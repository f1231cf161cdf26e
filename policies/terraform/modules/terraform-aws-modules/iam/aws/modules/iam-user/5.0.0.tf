# terraform-aws-modules/iam/aws//modules/iam-user, version 5.0.0 until 6.0.0.
# Facts: wrappers/iam-user/main.tf (07fd9dd, 5.x) of the module's repository, which lists every input with its default.

variable "create_user" {
  type    = bool
  default = true
}

variable "create_iam_user_login_profile" {
  type    = bool
  default = true
}

variable "create_iam_access_key" {
  type    = bool
  default = true
}

variable "policy_arns" {
  type    = list(string)
  default = []
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
  type    = string
  default = ""
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_iam_user" "this" {
  count = var.create_user ? 1 : 0

  name          = var.name
  path          = var.path
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_iam_user_login_profile" "this" {
  count = var.create_user && var.create_iam_user_login_profile ? 1 : 0

  user    = aws_iam_user.this[0].name
  pgp_key = var.pgp_key
}

resource "aws_iam_access_key" "this" {
  count = var.create_user && var.create_iam_access_key ? 1 : 0

  user    = aws_iam_user.this[0].name
  pgp_key = var.pgp_key != "" ? var.pgp_key : null
}

resource "aws_iam_user_policy_attachment" "this" {
  for_each = { for policy in var.policy_arns : policy => policy if var.create_user }

  user       = aws_iam_user.this[0].name
  policy_arn = each.value
}

output "iam_user_name" {
  value = try(aws_iam_user.this[0].name, "")
}

output "iam_user_arn" {
  value = try(aws_iam_user.this[0].arn, "")
}
