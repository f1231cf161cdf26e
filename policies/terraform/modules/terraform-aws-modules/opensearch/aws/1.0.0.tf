# terraform-aws-modules/opensearch/aws, version 1.0.0 and newer.
# Facts: variables.tf (1eb40b2, 1.x) and main.tf (0e52ede, 2.x, whose inputs are those of 1.x) of the module's
# repository. The access policy is not told about.

variable "create" {
  type    = bool
  default = true
}

variable "domain_name" {
  type    = string
  default = ""
}

variable "engine_version" {
  type    = string
  default = null
}

variable "advanced_security_options" {
  type    = any
  default = { enabled = true, anonymous_auth_enabled = false }
}

variable "domain_endpoint_options" {
  type    = any
  default = { enforce_https = true, tls_security_policy = "Policy-Min-TLS-1-2-2019-07" }
}

variable "cluster_config" {
  type    = any
  default = { dedicated_master_enabled = true }
}

variable "encrypt_at_rest" {
  type    = any
  default = { enabled = true }
}

variable "node_to_node_encryption" {
  type    = any
  default = { enabled = true }
}

variable "log_publishing_options" {
  type    = any
  default = [{ log_type = "INDEX_SLOW_LOGS" }, { log_type = "SEARCH_SLOW_LOGS" }]
}

variable "vpc_options" {
  type    = any
  default = {}
}

variable "create_cloudwatch_log_groups" {
  type    = bool
  default = true
}

variable "cloudwatch_log_group_retention_in_days" {
  type    = number
  default = 60
}

variable "cloudwatch_log_group_kms_key_id" {
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

resource "aws_opensearch_domain" "this" {
  count = var.create ? 1 : 0

  domain_name    = var.domain_name
  engine_version = var.engine_version
  tags           = var.tags

  dynamic "advanced_security_options" {
    for_each = try(length(var.advanced_security_options), 0) > 0 ? [var.advanced_security_options] : []

    content {
      enabled                        = try(advanced_security_options.value.enabled, true)
      anonymous_auth_enabled         = try(advanced_security_options.value.anonymous_auth_enabled, false)
      internal_user_database_enabled = try(advanced_security_options.value.internal_user_database_enabled, null)
    }
  }

  dynamic "cluster_config" {
    for_each = try(length(var.cluster_config), 0) > 0 ? [var.cluster_config] : []

    content {
      dedicated_master_count   = try(cluster_config.value.dedicated_master_count, 3)
      dedicated_master_enabled = try(cluster_config.value.dedicated_master_enabled, true)
      instance_count           = try(cluster_config.value.instance_count, 3)
      zone_awareness_enabled   = try(cluster_config.value.zone_awareness_enabled, true)
    }
  }

  dynamic "domain_endpoint_options" {
    for_each = try(length(var.domain_endpoint_options), 0) > 0 ? [var.domain_endpoint_options] : []

    content {
      enforce_https       = try(domain_endpoint_options.value.enforce_https, true)
      tls_security_policy = try(domain_endpoint_options.value.tls_security_policy, "Policy-Min-TLS-1-2-2019-07")
    }
  }

  dynamic "encrypt_at_rest" {
    for_each = try(length(var.encrypt_at_rest), 0) > 0 ? [var.encrypt_at_rest] : []

    content {
      enabled    = try(encrypt_at_rest.value.enabled, true)
      kms_key_id = try(encrypt_at_rest.value.kms_key_id, null)
    }
  }

  dynamic "node_to_node_encryption" {
    for_each = try(length(var.node_to_node_encryption), 0) > 0 ? [var.node_to_node_encryption] : []

    content {
      enabled = try(node_to_node_encryption.value.enabled, true)
    }
  }

  dynamic "vpc_options" {
    for_each = try(length(var.vpc_options), 0) > 0 ? [var.vpc_options] : []

    content {
      subnet_ids         = try(vpc_options.value.subnet_ids, null)
      security_group_ids = concat(try(vpc_options.value.security_group_ids, []), aws_security_group.this[*].id)
    }
  }

  dynamic "log_publishing_options" {
    for_each = var.log_publishing_options

    content {
      enabled  = try(log_publishing_options.value.enabled, true)
      log_type = log_publishing_options.value.log_type
    }
  }
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = var.create && var.create_security_group && length(var.vpc_options) > 0 ? 1 : 0

  ingress = null
  egress  = null
  tags    = merge(var.tags, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if length(aws_security_group.this) > 0 && try(rule.type, "ingress") == "ingress" }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, 443)
  to_port                      = try(each.value.to_port, 443)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if length(aws_security_group.this) > 0 && try(rule.type, "ingress") == "egress" }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, null)
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = { for options in var.log_publishing_options : options.log_type => options if var.create && var.create_cloudwatch_log_groups && try(options.enabled, true) }

  retention_in_days = try(each.value.log_group_retention_in_days, var.cloudwatch_log_group_retention_in_days)
  kms_key_id        = try(each.value.log_group_kms_key_id, var.cloudwatch_log_group_kms_key_id)
  tags              = merge(var.tags, try(each.value.log_group_tags, {}))
}

output "domain_arn" {
  value = try(aws_opensearch_domain.this[0].arn, null)
}

output "domain_id" {
  value = try(aws_opensearch_domain.this[0].domain_id, null)
}

output "domain_endpoint" {
  value = try(aws_opensearch_domain.this[0].endpoint, null)
}
