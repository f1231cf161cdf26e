# terraform-aws-modules/kms/aws, version 1.0.0 and newer.
# Facts: variables.tf (0cb932e) of the module's repository; the policy's statements are only told about as far as they
# are given as documents.

variable "create" {
  type    = bool
  default = true
}

variable "create_external" {
  type    = bool
  default = false
}

variable "create_replica" {
  type    = bool
  default = false
}

variable "create_replica_external" {
  type    = bool
  default = false
}

variable "customer_master_key_spec" {
  type    = string
  default = null
}

variable "deletion_window_in_days" {
  type    = number
  default = null
}

variable "description" {
  type    = string
  default = null
}

variable "enable_key_rotation" {
  type    = bool
  default = true
}

variable "is_enabled" {
  type    = bool
  default = null
}

variable "key_usage" {
  type    = string
  default = null
}

variable "multi_region" {
  type    = bool
  default = false
}

variable "aliases" {
  type    = list(string)
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_kms_key" "this" {
  count = var.create && !var.create_external && !var.create_replica && !var.create_replica_external ? 1 : 0

  customer_master_key_spec = var.customer_master_key_spec
  deletion_window_in_days  = var.deletion_window_in_days
  description              = var.description
  enable_key_rotation      = var.enable_key_rotation
  is_enabled               = var.is_enabled
  key_usage                = var.key_usage
  multi_region             = var.multi_region
  tags                     = var.tags
}

resource "aws_kms_alias" "this" {
  for_each = { for alias in var.aliases : alias => alias if var.create }

  target_key_id = try(aws_kms_key.this[0].key_id, null)
}

output "key_arn" {
  value = try(aws_kms_key.this[0].arn, null)
}

output "key_id" {
  value = try(aws_kms_key.this[0].key_id, null)
}
