# terraform-aws-modules/security-group/aws//modules/winrm, version 6.0.0 and newer.
# Facts: docs/UPGRADE-6.0.md of the module's repository and modules/redshift/variables.tf (6.x), which is generated as all presets are.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "use_name_prefix" {
  type    = bool
  default = true
}

variable "description" {
  type    = string
  default = "Security Group managed by Terraform"
}

variable "vpc_id" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "ingress_rules" {
  type    = any
  default = {}
}

variable "egress_rules" {
  type    = any
  default = {}
}

variable "preset_ingress_rules" {
  type = any
  default = {
    "winrm-http"  = { from_port = 5985, to_port = 5985, ip_protocol = "tcp" }
    "winrm-https" = { from_port = 5986, to_port = 5986, ip_protocol = "tcp" }
  }
}

variable "ingress_cidr_ipv4" {
  type    = map(string)
  default = {}
}

variable "ingress_cidr_ipv6" {
  type    = map(string)
  default = {}
}

variable "ingress_prefix_list_id" {
  type    = map(string)
  default = {}
}

variable "ingress_referenced_security_group_id" {
  type    = map(string)
  default = {}
}

locals {
  ingress = merge(concat(
    [for name, rule in var.preset_ingress_rules : { for key, cidr in var.ingress_cidr_ipv4 : "${name}-ipv4-${key}" => merge(rule, { cidr_ipv4 = cidr }) }],
    [for name, rule in var.preset_ingress_rules : { for key, cidr in var.ingress_cidr_ipv6 : "${name}-ipv6-${key}" => merge(rule, { cidr_ipv6 = cidr }) }],
    [for name, rule in var.preset_ingress_rules : { for key, id in var.ingress_prefix_list_id : "${name}-prefix-list-${key}" => merge(rule, { prefix_list_id = id }) }],
    [for name, rule in var.preset_ingress_rules : { for key, id in var.ingress_referenced_security_group_id : "${name}-group-${key}" => merge(rule, { referenced_security_group_id = id }) }],
    [var.ingress_rules],
  )...)
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = var.create ? 1 : 0

  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  description = var.description
  vpc_id      = var.vpc_id
  ingress     = null
  egress      = null
  tags        = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in local.ingress : name => rule if var.create }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), each.value.to_port, null)
  to_port                      = try(coalesce(each.value.to_port), each.value.from_port, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in var.egress_rules : name => rule if var.create }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), each.value.to_port, null)
  to_port                      = try(coalesce(each.value.to_port), each.value.from_port, null)
}

output "id" {
  value = try(aws_security_group.this[0].id, null)
}

output "arn" {
  value = try(aws_security_group.this[0].arn, null)
}

output "vpc_id" {
  value = try(aws_security_group.this[0].vpc_id, null)
}

output "name" {
  value = try(aws_security_group.this[0].name, null)
}
