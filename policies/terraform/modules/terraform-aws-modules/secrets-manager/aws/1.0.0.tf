# terraform-aws-modules/secrets-manager/aws, version 1.0.0 and newer.
# Facts: wrappers/main.tf (1.x and 2.x) of the module's repository, which lists every input with its default. The
# secret's policy is not told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = null
}

variable "name_prefix" {
  type    = string
  default = null
}

variable "kms_key_id" {
  type    = string
  default = null
}

variable "recovery_window_in_days" {
  type    = number
  default = null
}

variable "create_random_password" {
  type    = bool
  default = false
}

variable "secret_string" {
  type    = string
  default = null
}

variable "enable_rotation" {
  type    = bool
  default = false
}

variable "rotation_lambda_arn" {
  type    = string
  default = ""
}

variable "rotation_rules" {
  type    = any
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_secretsmanager_secret" "this" {
  count = var.create ? 1 : 0

  name                    = var.name
  name_prefix             = var.name_prefix
  kms_key_id              = var.kms_key_id
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "this" {
  count = var.create && (var.create_random_password || var.secret_string != null) ? 1 : 0

  secret_id     = aws_secretsmanager_secret.this[0].id
  secret_string = var.create_random_password ? random_password.this[0].result : var.secret_string
}

resource "random_password" "this" {
  count = var.create && var.create_random_password ? 1 : 0
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count = var.create && var.enable_rotation ? 1 : 0

  secret_id           = aws_secretsmanager_secret.this[0].id
  rotation_lambda_arn = var.rotation_lambda_arn

  rotation_rules {
    automatically_after_days = try(var.rotation_rules.automatically_after_days, null)
    schedule_expression      = try(var.rotation_rules.schedule_expression, null)
  }
}

output "secret_arn" {
  value = try(aws_secretsmanager_secret.this[0].arn, null)
}

output "secret_id" {
  value = try(aws_secretsmanager_secret.this[0].id, null)
}

output "secret_name" {
  value = try(aws_secretsmanager_secret.this[0].name, null)
}
