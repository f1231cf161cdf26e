# terraform-aws-modules/efs/aws, version 1.0.0 and newer.
# Facts: wrappers/main.tf (15e9c80, 1.x) of the module's repository, which lists every input with its default. The file
# system's policy and the security group are not told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "encrypted" {
  type    = bool
  default = true
}

variable "kms_key_arn" {
  type    = string
  default = null
}

variable "create_backup_policy" {
  type    = bool
  default = true
}

variable "enable_backup_policy" {
  type    = bool
  default = true
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_efs_file_system" "this" {
  count = var.create ? 1 : 0

  encrypted  = var.encrypted
  kms_key_id = var.kms_key_arn
  tags       = merge(var.tags, { Name = var.name })
}

resource "aws_efs_backup_policy" "this" {
  count = var.create && var.create_backup_policy ? 1 : 0

  file_system_id = aws_efs_file_system.this[0].id

  backup_policy {
    status = var.enable_backup_policy ? "ENABLED" : "DISABLED"
  }
}

output "id" {
  value = try(aws_efs_file_system.this[0].id, null)
}

output "arn" {
  value = try(aws_efs_file_system.this[0].arn, null)
}
