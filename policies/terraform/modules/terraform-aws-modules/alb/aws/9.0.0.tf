# terraform-aws-modules/alb/aws, version 9.0.0 and newer.
# Facts: main.tf of 9.x (the first version with capacity units), wrappers/main.tf (12bb6e3, 9.x) for the defaults;
# UPGRADE-9.0.md and docs/UPGRADE-10.0.md of the module's repository (10.0 makes the inputs objects). Target groups,
# listener rules and records are not told about.

variable "create" {
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
  default = null
}

variable "subnets" {
  type    = list(string)
  default = []
}

variable "security_groups" {
  type    = list(string)
  default = []
}

variable "drop_invalid_header_fields" {
  type    = bool
  default = true
}

variable "enable_deletion_protection" {
  type    = bool
  default = true
}

variable "desync_mitigation_mode" {
  type    = string
  default = null
}

variable "access_logs" {
  type    = any
  default = {}
}

variable "connection_logs" {
  type    = any
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "associate_web_acl" {
  type    = bool
  default = false
}

variable "web_acl_arn" {
  type    = string
  default = null
}

variable "default_port" {
  type    = number
  default = 80
}

variable "default_protocol" {
  type    = string
  default = "HTTP"
}

variable "listeners" {
  type    = any
  default = {}
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

variable "vpc_id" {
  type    = string
  default = null
}

locals {
  tags = merge(var.tags, { terraform-aws-modules = "alb" })
}

resource "aws_lb" "this" {
  count = var.create ? 1 : 0

  name                       = var.name
  name_prefix                = var.name_prefix
  load_balancer_type         = var.load_balancer_type
  internal                   = var.internal
  subnets                    = var.subnets
  security_groups            = var.create_security_group ? concat([aws_security_group.this[0].id], var.security_groups) : var.security_groups
  enable_deletion_protection = var.enable_deletion_protection
  drop_invalid_header_fields = var.drop_invalid_header_fields
  desync_mitigation_mode     = var.desync_mitigation_mode
  tags                       = local.tags

  dynamic "access_logs" {
    for_each = try(length(var.access_logs), 0) > 0 ? [var.access_logs] : []

    content {
      bucket  = try(access_logs.value.bucket, null)
      enabled = try(access_logs.value.enabled, true)
      prefix  = try(access_logs.value.prefix, null)
    }
  }

  dynamic "connection_logs" {
    for_each = try(length(var.connection_logs), 0) > 0 ? [var.connection_logs] : []

    content {
      bucket  = try(connection_logs.value.bucket, null)
      enabled = try(connection_logs.value.enabled, true)
      prefix  = try(connection_logs.value.prefix, null)
    }
  }
}

resource "aws_lb_listener" "this" {
  for_each = { for name, listener in var.listeners : name => listener if var.create }

  load_balancer_arn = aws_lb.this[0].arn
  port              = try(coalesce(each.value.port), var.default_port)
  protocol          = try(coalesce(each.value.protocol), var.default_protocol)
  certificate_arn   = try(each.value.certificate_arn, null)
  ssl_policy = contains(["HTTPS", "TLS"], try(coalesce(each.value.protocol), var.default_protocol)) ? (
    try(coalesce(each.value.ssl_policy), "ELBSecurityPolicy-TLS13-1-2-Res-2021-06")
  ) : try(each.value.ssl_policy, null)

  dynamic "default_action" {
    for_each = try([coalesce(each.value.redirect)], [])

    content {
      type = "redirect"

      redirect {
        port        = try(default_action.value.port, null)
        protocol    = try(default_action.value.protocol, null)
        status_code = try(default_action.value.status_code, null)
      }
    }
  }

  dynamic "default_action" {
    for_each = try([coalesce(each.value.fixed_response)], [])

    content {
      type = "fixed-response"
    }
  }

  dynamic "default_action" {
    for_each = concat(try([coalesce(each.value.forward)], []), try([coalesce(each.value.weighted_forward)], []))

    content {
      type = "forward"
    }
  }

  dynamic "default_action" {
    for_each = try([coalesce(each.value.authenticate_cognito)], [])

    content {
      type = "authenticate-cognito"
    }
  }

  dynamic "default_action" {
    for_each = try([coalesce(each.value.authenticate_oidc)], [])

    content {
      type = "authenticate-oidc"
    }
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.associate_web_acl ? 1 : 0

  resource_arn = aws_lb.this[0].arn
  web_acl_arn  = var.web_acl_arn
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = var.create && var.create_security_group ? 1 : 0

  vpc_id  = var.vpc_id
  ingress = null
  egress  = null
  tags    = merge(local.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in var.security_group_ingress_rules : name => rule if var.create && var.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in var.security_group_egress_rules : name => rule if var.create && var.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, null)
}

output "arn" {
  value = try(aws_lb.this[0].arn, null)
}

output "dns_name" {
  value = try(aws_lb.this[0].dns_name, null)
}

output "zone_id" {
  value = try(aws_lb.this[0].zone_id, null)
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}
