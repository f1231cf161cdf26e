# terraform-aws-modules/rds-aurora/aws, version 7.0.0 until 8.0.0.
# Facts: main.tf (0036143, 7.x) and variables.tf (008e651, 7.x) of the module's repository. Its security group is not
# told about.

variable "create_cluster" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "engine" {
  type    = string
  default = null
}

variable "engine_mode" {
  type    = string
  default = null
}

variable "engine_version" {
  type    = string
  default = null
}

variable "global_cluster_identifier" {
  type    = string
  default = null
}

variable "storage_encrypted" {
  type    = bool
  default = true
}

variable "kms_key_id" {
  type    = string
  default = null
}

variable "deletion_protection" {
  type    = bool
  default = null
}

variable "skip_final_snapshot" {
  type    = bool
  default = false
}

variable "final_snapshot_identifier_prefix" {
  type    = string
  default = "final"
}

variable "iam_database_authentication_enabled" {
  type    = bool
  default = null
}

variable "copy_tags_to_snapshot" {
  type    = bool
  default = null
}

variable "backup_retention_period" {
  type    = number
  default = 7
}

variable "enabled_cloudwatch_logs_exports" {
  type    = list(string)
  default = []
}

variable "create_random_password" {
  type    = bool
  default = true
}

variable "master_password" {
  type    = string
  default = null
}

variable "is_primary_cluster" {
  type    = bool
  default = true
}

variable "instances" {
  type    = any
  default = {}
}

variable "publicly_accessible" {
  type    = bool
  default = null
}

variable "auto_minor_version_upgrade" {
  type    = bool
  default = null
}

variable "monitoring_interval" {
  type    = number
  default = 0
}

variable "performance_insights_enabled" {
  type    = bool
  default = null
}

variable "performance_insights_kms_key_id" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "cluster_tags" {
  type    = map(string)
  default = {}
}

locals {
  create = var.create_cluster
}

resource "aws_rds_cluster" "this" {
  count = local.create ? 1 : 0

  engine                              = var.engine
  engine_mode                         = var.engine_mode
  engine_version                      = var.engine_version
  global_cluster_identifier           = var.global_cluster_identifier
  storage_encrypted                   = var.storage_encrypted
  kms_key_id                          = var.kms_key_id
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = var.skip_final_snapshot
  final_snapshot_identifier           = var.skip_final_snapshot ? null : "${var.final_snapshot_identifier_prefix}-${var.name}-${random_id.snapshot[0].hex}"
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  copy_tags_to_snapshot               = var.copy_tags_to_snapshot
  backup_retention_period             = var.backup_retention_period
  enabled_cloudwatch_logs_exports     = var.enabled_cloudwatch_logs_exports
  manage_master_user_password         = null
  master_password                     = !var.is_primary_cluster ? null : var.create_random_password ? random_password.master[0].result : var.master_password
  tags                                = merge(var.tags, var.cluster_tags)
}

resource "aws_rds_cluster_instance" "this" {
  for_each = { for name, instance in var.instances : name => instance if local.create && var.engine_mode != "serverless" }

  cluster_identifier              = aws_rds_cluster.this[0].id
  engine                          = var.engine
  publicly_accessible             = try(each.value.publicly_accessible, var.publicly_accessible)
  auto_minor_version_upgrade      = try(each.value.auto_minor_version_upgrade, var.auto_minor_version_upgrade)
  monitoring_interval             = try(each.value.monitoring_interval, var.monitoring_interval)
  performance_insights_enabled    = try(each.value.performance_insights_enabled, var.performance_insights_enabled)
  performance_insights_kms_key_id = try(each.value.performance_insights_kms_key_id, var.performance_insights_kms_key_id)
  tags                            = merge(var.tags, try(each.value.tags, {}))
}

resource "random_id" "snapshot" {
  count = local.create && !var.skip_final_snapshot ? 1 : 0
}

resource "random_password" "master" {
  count = local.create && var.create_random_password ? 1 : 0
}

output "cluster_arn" {
  value = try(aws_rds_cluster.this[0].arn, null)
}

output "cluster_id" {
  value = try(aws_rds_cluster.this[0].id, null)
}

output "cluster_endpoint" {
  value = try(aws_rds_cluster.this[0].endpoint, null)
}
