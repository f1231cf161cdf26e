# terraform-aws-modules/rds-aurora/aws, version 8.0.0 until 10.0.0.
# Facts: main.tf (8.x and 9.x) in a copy, which holds for both; UPGRADE-8.0.md and docs/UPGRADE-10.0.md of the module's
# repository, variables.tf of 7.x (008e651) and wrappers/main.tf of 10.x (05bb4e8); an input whose default is not the
# same in both is given without one.

variable "create" {
  type    = bool
  default = true
}

variable "engine" {
  type    = string
  default = null
}

variable "engine_mode" {
  type    = string
  default = "provisioned"
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

variable "final_snapshot_identifier" {
  type = string
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
  type = number
}

variable "enabled_cloudwatch_logs_exports" {
  type    = list(string)
  default = []
}

variable "manage_master_user_password" {
  type = bool
}

variable "master_password" {
  type    = string
  default = null
}

variable "vpc_security_group_ids" {
  type    = list(string)
  default = []
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

variable "port" {
  type    = string
  default = null
}

variable "create_security_group" {
  type    = bool
  default = true
}

variable "security_group_rules" {
  type    = any
  default = {}
}

variable "security_group_tags" {
  type    = map(string)
  default = {}
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
  create = var.create
  port   = try(tonumber(var.port), null) == null ? (var.engine == "aurora-postgresql" || var.engine == "postgres" ? 5432 : 3306) : tonumber(var.port)
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
  final_snapshot_identifier           = var.final_snapshot_identifier
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  copy_tags_to_snapshot               = var.copy_tags_to_snapshot
  backup_retention_period             = var.backup_retention_period
  enabled_cloudwatch_logs_exports     = var.enabled_cloudwatch_logs_exports
  manage_master_user_password         = var.global_cluster_identifier == null && var.manage_master_user_password ? var.manage_master_user_password : null
  master_password                     = var.is_primary_cluster && !var.manage_master_user_password ? var.master_password : null
  tags                                = merge(var.tags, var.cluster_tags)
  vpc_security_group_ids              = var.create_security_group ? concat([aws_security_group.this[0].id], var.vpc_security_group_ids) : var.vpc_security_group_ids
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

# Never with rules within.
resource "aws_security_group" "this" {
  count = local.create && var.create_security_group ? 1 : 0

  ingress = null
  egress  = null
  tags    = merge(var.tags, var.security_group_tags)
}

resource "aws_security_group_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if local.create && var.create_security_group }

  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  from_port                = try(each.value.from_port, local.port)
  to_port                  = try(each.value.to_port, local.port)
  protocol                 = try(each.value.protocol, "tcp")
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
  description              = try(each.value.description, null)
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
