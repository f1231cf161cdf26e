# terraform-aws-modules/alb/aws, version 8.0.0 until 9.0.0.
# Facts: main.tf (00a2371, 8.x) and UPGRADE-9.0.md of the module's repository. What UPGRADE-9.0 says "now defaults to"
# another value is given with the provider's default (aws_lb: false); listeners are not told about.

variable "create_lb" {
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

variable "load_balancer_type" {
  type    = string
  default = "application"
}

variable "internal" {
  type    = bool
  default = false
}

variable "subnets" {
  type    = list(string)
  default = null
}

variable "drop_invalid_header_fields" {
  type    = bool
  default = false
}

variable "enable_deletion_protection" {
  type    = bool
  default = false
}

variable "desync_mitigation_mode" {
  type    = string
  default = null
}

variable "access_logs" {
  type    = any
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_lb" "this" {
  count = var.create_lb ? 1 : 0

  name                       = var.name
  name_prefix                = var.name_prefix
  load_balancer_type         = var.load_balancer_type
  internal                   = var.internal
  subnets                    = var.subnets
  enable_deletion_protection = var.enable_deletion_protection
  drop_invalid_header_fields = var.drop_invalid_header_fields
  desync_mitigation_mode     = var.desync_mitigation_mode
  tags                       = var.tags

  dynamic "access_logs" {
    for_each = try(length(var.access_logs), 0) > 0 ? [var.access_logs] : []

    content {
      bucket  = try(access_logs.value.bucket, null)
      enabled = try(access_logs.value.enabled, true)
      prefix  = try(access_logs.value.prefix, null)
    }
  }
}

output "lb_arn" {
  value = try(aws_lb.this[0].arn, null)
}

output "lb_dns_name" {
  value = try(aws_lb.this[0].dns_name, null)
}

output "lb_zone_id" {
  value = try(aws_lb.this[0].zone_id, null)
}
