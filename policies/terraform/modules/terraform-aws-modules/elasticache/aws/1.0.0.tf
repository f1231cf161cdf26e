# terraform-aws-modules/elasticache/aws, version 1.0.0 and newer.
# Facts: main.tf (1.x) in a copy, wrappers/main.tf (1929132) of the module's repository, which lists every input with
# its default. Members of a global replication group, logs and the security group are not told about.

variable "create" {
  type    = bool
  default = true
}

variable "create_cluster" {
  type    = bool
  default = false
}

variable "create_replication_group" {
  type    = bool
  default = true
}

variable "create_primary_global_replication_group" {
  type    = bool
  default = false
}

variable "create_secondary_global_replication_group" {
  type    = bool
  default = false
}

variable "cluster_id" {
  type    = string
  default = ""
}

variable "replication_group_id" {
  type    = string
  default = null
}

variable "description" {
  type    = string
  default = null
}

variable "engine" {
  type    = string
  default = "redis"
}

variable "engine_version" {
  type    = string
  default = null
}

variable "at_rest_encryption_enabled" {
  type    = bool
  default = true
}

variable "transit_encryption_enabled" {
  type    = bool
  default = true
}

variable "transit_encryption_mode" {
  type    = string
  default = null
}

variable "auth_token" {
  type    = string
  default = null
}

variable "user_group_ids" {
  type    = list(string)
  default = null
}

variable "kms_key_arn" {
  type    = string
  default = null
}

variable "multi_az_enabled" {
  type    = bool
  default = false
}

variable "cluster_mode_enabled" {
  type    = bool
  default = false
}

variable "automatic_failover_enabled" {
  type    = bool
  default = null
}

variable "auto_minor_version_upgrade" {
  type    = bool
  default = null
}

variable "snapshot_retention_limit" {
  type    = number
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  tags     = merge(var.tags, { terraform-aws-modules = "elasticache" })
  in_group = var.replication_group_id != null
}

resource "aws_elasticache_replication_group" "this" {
  count = var.create && var.create_replication_group && !var.create_primary_global_replication_group && !var.create_secondary_global_replication_group ? 1 : 0

  replication_group_id       = var.replication_group_id
  description                = coalesce(var.description, "Replication group")
  engine                     = var.engine
  engine_version             = var.engine_version
  at_rest_encryption_enabled = var.at_rest_encryption_enabled
  transit_encryption_enabled = var.transit_encryption_enabled
  transit_encryption_mode    = var.transit_encryption_mode
  auth_token                 = var.auth_token
  user_group_ids             = var.user_group_ids
  kms_key_id                 = var.at_rest_encryption_enabled ? var.kms_key_arn : null
  multi_az_enabled           = var.multi_az_enabled
  automatic_failover_enabled = var.multi_az_enabled || var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  auto_minor_version_upgrade = var.auto_minor_version_upgrade
  snapshot_retention_limit   = var.snapshot_retention_limit
  tags                       = local.tags
}

resource "aws_elasticache_cluster" "this" {
  count = var.create && var.create_cluster && var.engine != "valkey" ? 1 : 0

  cluster_id                 = var.cluster_id
  engine                     = local.in_group ? null : var.engine
  engine_version             = local.in_group ? null : var.engine_version
  auto_minor_version_upgrade = var.auto_minor_version_upgrade
  transit_encryption_enabled = var.engine == "memcached" ? var.transit_encryption_enabled : null
  snapshot_retention_limit   = local.in_group ? null : var.snapshot_retention_limit
  replication_group_id       = var.create && var.create_replication_group ? aws_elasticache_replication_group.this[0].id : var.replication_group_id
  tags                       = local.tags
}

output "replication_group_arn" {
  value = try(aws_elasticache_replication_group.this[0].arn, null)
}

output "replication_group_id" {
  value = try(aws_elasticache_replication_group.this[0].id, null)
}

output "replication_group_primary_endpoint_address" {
  value = try(aws_elasticache_replication_group.this[0].primary_endpoint_address, null)
}

output "cluster_arn" {
  value = try(aws_elasticache_cluster.this[0].arn, null)
}
