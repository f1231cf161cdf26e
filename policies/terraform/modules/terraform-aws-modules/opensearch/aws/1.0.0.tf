# terraform-aws-modules/opensearch/aws, version 1.0.0 and newer.
# Facts: the inputs of the module with their defaults (1.x and 2.x), README.md of its repository. The access policy is
# not told about.

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
      anonymous_auth_enabled         = try(advanced_security_options.value.anonymous_auth_enabled, null)
      internal_user_database_enabled = try(advanced_security_options.value.internal_user_database_enabled, null)
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
      subnet_ids         = vpc_options.value.subnet_ids
      security_group_ids = try(vpc_options.value.security_group_ids, null)
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

resource "aws_cloudwatch_log_group" "this" {
  for_each = { for options in var.log_publishing_options : options.log_type => options if var.create && var.create_cloudwatch_log_groups }

  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags              = var.tags
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
