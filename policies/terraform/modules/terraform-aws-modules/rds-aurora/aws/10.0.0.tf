# terraform-aws-modules/rds-aurora/aws, version 10.0.0 and newer.
# Facts: main.tf and variables.tf (10.x) in copies, wrappers/main.tf (05bb4e8, 10.x) and docs/UPGRADE-10.0.md of the
# module's repository.

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
  type    = string
  default = null
}

variable "iam_database_authentication_enabled" {
  type    = bool
  default = null
}

variable "copy_tags_to_snapshot" {
  type    = bool
  default = true
}

variable "backup_retention_period" {
  type    = number
  default = null
}

variable "enabled_cloudwatch_logs_exports" {
  type    = list(string)
  default = []
}

variable "manage_master_user_password" {
  type    = bool
  default = true
}

variable "vpc_security_group_ids" {
  type    = list(string)
  default = []
}

variable "instances" {
  type    = any
  default = {}
}

variable "cluster_performance_insights_enabled" {
  type    = bool
  default = null
}

variable "cluster_performance_insights_kms_key_id" {
  type    = string
  default = null
}

variable "cluster_monitoring_interval" {
  type    = number
  default = 0
}

variable "port" {
  type    = string
  default = null
}

variable "create_security_group" {
  type    = bool
  default = true
}

variable "security_group_ingress_rules" {
  type    = any
  default = {}
}

variable "security_group_egress_rules" {
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
  master_password                     = null
  monitoring_interval                 = var.cluster_monitoring_interval
  performance_insights_enabled        = var.cluster_performance_insights_enabled
  performance_insights_kms_key_id     = var.cluster_performance_insights_kms_key_id
  tags                                = merge(var.tags, var.cluster_tags)
  vpc_security_group_ids              = var.create_security_group ? concat([aws_security_group.this[0].id], var.vpc_security_group_ids) : var.vpc_security_group_ids
  manage_master_user_password         = var.global_cluster_identifier == null && var.manage_master_user_password ? true : null
}

resource "aws_rds_cluster_instance" "this" {
  for_each = { for name, instance in var.instances : name => instance if local.create && var.engine_mode != "serverless" }

  cluster_identifier              = aws_rds_cluster.this[0].id
  engine                          = var.engine
  engine_version                  = var.engine_version
  publicly_accessible             = try(each.value.publicly_accessible, null)
  auto_minor_version_upgrade      = try(each.value.auto_minor_version_upgrade, null)
  copy_tags_to_snapshot           = try(coalesce(each.value.copy_tags_to_snapshot), true)
  monitoring_interval             = try(coalesce(each.value.monitoring_interval), coalesce(var.cluster_monitoring_interval), null)
  performance_insights_enabled    = try(coalesce(each.value.performance_insights_enabled), coalesce(var.cluster_performance_insights_enabled), null)
  performance_insights_kms_key_id = try(coalesce(each.value.performance_insights_kms_key_id), coalesce(var.cluster_performance_insights_kms_key_id), null)
  tags                            = merge(var.tags, try(coalesce(each.value.tags), {}))
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = local.create && var.create_security_group ? 1 : 0

  ingress = null
  egress  = null
  tags    = merge(var.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in var.security_group_ingress_rules : name => rule if local.create && var.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), local.port)
  to_port                      = try(coalesce(each.value.to_port), coalesce(each.value.from_port), local.port)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in var.security_group_egress_rules : name => rule if local.create && var.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), coalesce(each.value.to_port), local.port)
  to_port                      = try(coalesce(each.value.to_port), local.port)
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
