# terraform-aws-modules/ecs/aws//modules/service, version 6.0.0 and newer.
# Facts: modules/service/main.tf and variables.tf (00f040d, 7.x) of the module's repository; docs/UPGRADE-6.0.md names
# no other default of what is told here. The task definition, its containers and the roles are not told about.

variable "create" {
  type    = bool
  default = true
}

variable "create_service" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "cluster_arn" {
  type    = string
  default = ""
}

variable "network_mode" {
  type    = string
  default = "awsvpc"
}

variable "assign_public_ip" {
  type    = bool
  default = false
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "security_group_ids" {
  type    = list(string)
  default = []
}

variable "enable_execute_command" {
  type    = bool
  default = false
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

variable "service_tags" {
  type    = map(string)
  default = {}
}

locals {
  create_security_group = var.create && var.create_security_group && var.network_mode == "awsvpc"
}

resource "aws_ecs_service" "this" {
  count = var.create && var.create_service ? 1 : 0

  name                   = var.name
  cluster                = var.cluster_arn
  enable_execute_command = var.enable_execute_command
  tags                   = merge(var.tags, var.service_tags)

  dynamic "network_configuration" {
    for_each = var.network_mode == "awsvpc" ? [true] : []

    content {
      assign_public_ip = var.assign_public_ip
      subnets          = var.subnet_ids
      security_groups  = concat(aws_security_group.this[*].id, var.security_group_ids)
    }
  }
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = local.create_security_group ? 1 : 0

  ingress = null
  egress  = null
  tags    = merge(var.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in (var.security_group_ingress_rules == null ? {} : var.security_group_ingress_rules) : name => rule if local.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(each.value.to_port), each.value.from_port, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in (var.security_group_egress_rules == null ? {} : var.security_group_egress_rules) : name => rule if local.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), each.value.to_port, null)
  to_port                      = try(each.value.to_port, null)
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}
