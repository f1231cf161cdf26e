# terraform-aws-modules/ecs/aws//modules/cluster, version 6.0.0 and newer.
# Facts: modules/cluster/main.tf (024329f, 6.x or 7.x) and wrappers/cluster/main.tf (012fce3, 6.x) of the module's
# repository, which lists every input with its default. Capacity providers, execute-command settings and roles are not
# told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "setting" {
  type    = any
  default = [{ name = "containerInsights", value = "enabled" }]
}

variable "create_cloudwatch_log_group" {
  type    = bool
  default = true
}

variable "cloudwatch_log_group_retention_in_days" {
  type    = number
  default = 90
}

variable "cloudwatch_log_group_kms_key_id" {
  type    = string
  default = null
}

variable "cloudwatch_log_group_tags" {
  type    = map(string)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_ecs_cluster" "this" {
  count = var.create ? 1 : 0

  name = var.name
  tags = var.tags

  dynamic "setting" {
    for_each = var.setting == null ? [] : var.setting

    content {
      name  = setting.value.name
      value = setting.value.value
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  count = var.create && var.create_cloudwatch_log_group ? 1 : 0

  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags              = merge(var.tags, var.cloudwatch_log_group_tags)
}

output "arn" {
  value = try(aws_ecs_cluster.this[0].arn, null)
}

output "id" {
  value = try(aws_ecs_cluster.this[0].id, null)
}

output "name" {
  value = try(aws_ecs_cluster.this[0].name, null)
}
