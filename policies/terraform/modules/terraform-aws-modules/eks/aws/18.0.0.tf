# terraform-aws-modules/eks/aws, version 18.0.0 until 19.0.0.
# Facts: docs/UPGRADE-19.0.md of the module's repository ("previously defaulted to"), its variables.tf between 18 and 19
# (002be2f); CHANGELOG.md, 18.25.0, for create_kms_key; modules/eks-managed-node-group/main.tf and node_groups.tf
# (002be2f, between 18 and 19) for node groups.

variable "create" {
  type    = bool
  default = true
}

variable "cluster_name" {
  type    = string
  default = ""
}

variable "cluster_version" {
  type    = string
  default = null
}

variable "cluster_enabled_log_types" {
  type    = list(string)
  default = ["audit", "api", "authenticator"]
}

variable "cluster_endpoint_private_access" {
  type    = bool
  default = false
}

variable "cluster_endpoint_public_access" {
  type    = bool
  default = true
}

variable "cluster_endpoint_public_access_cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "cluster_encryption_config" {
  type    = any
  default = []
}

variable "cluster_security_group_additional_rules" {
  type    = any
  default = {}
}

variable "node_security_group_additional_rules" {
  type    = any
  default = {}
}

variable "control_plane_subnet_ids" {
  type    = list(string)
  default = []
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "create_kms_key" {
  type    = bool
  default = false
}

variable "kms_key_deletion_window_in_days" {
  type    = number
  default = null
}

variable "enable_kms_key_rotation" {
  type    = bool
  default = true
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

variable "eks_managed_node_groups" {
  type    = any
  default = {}
}

variable "eks_managed_node_group_defaults" {
  type    = any
  default = {}
}

variable "self_managed_node_groups" {
  type    = any
  default = {}
}

variable "self_managed_node_group_defaults" {
  type    = any
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

  encrypted  = length(var.cluster_encryption_config) > 0
  encryption = flatten([var.cluster_encryption_config])

  name = var.cluster_name

  metadata_options = { http_endpoint = "enabled", http_tokens = "required", http_put_response_hop_limit = 2 }

  # A group's own settings come before those of all groups.
  groups = merge(
    { for name, group in var.eks_managed_node_groups : "managed-${name}" => merge(var.eks_managed_node_group_defaults, group) },
    { for name, group in var.self_managed_node_groups : "self-managed-${name}" => merge(var.self_managed_node_group_defaults, group) },
  )

  rules = merge(
    { for name, rule in var.cluster_security_group_additional_rules : "cluster-${name}" => rule },
    { for name, rule in var.node_security_group_additional_rules : "node-${name}" => rule },
  )
}

resource "aws_eks_cluster" "this" {
  count = var.create ? 1 : 0

  name                      = local.name
  version                   = var.cluster_version
  enabled_cluster_log_types = var.cluster_enabled_log_types

  vpc_config {
    subnet_ids              = coalescelist(var.control_plane_subnet_ids, var.subnet_ids)
    endpoint_private_access = var.cluster_endpoint_private_access
    endpoint_public_access  = var.cluster_endpoint_public_access
    public_access_cidrs     = var.cluster_endpoint_public_access_cidrs
  }

  dynamic "encryption_config" {
    for_each = local.encryption

    content {
      provider {
        key_arn = var.create_kms_key ? aws_kms_key.this[0].arn : try(encryption_config.value.provider_key_arn, null)
      }
      resources = encryption_config.value.resources
    }
  }

  tags = merge({ terraform-aws-modules = "eks" }, var.tags, var.cluster_tags)
}

resource "aws_kms_key" "this" {
  count = var.create && var.create_kms_key && local.encrypted ? 1 : 0

  key_usage               = "ENCRYPT_DECRYPT"
  enable_key_rotation     = var.enable_kms_key_rotation
  deletion_window_in_days = var.kms_key_deletion_window_in_days
  tags                    = merge({ terraform-aws-modules = "eks" }, var.tags)
}

resource "aws_cloudwatch_log_group" "this" {
  count = var.create && var.create_cloudwatch_log_group ? 1 : 0

  name              = "/aws/eks/${local.name}/cluster"
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags              = var.tags
}

resource "aws_security_group_rule" "additional" {
  for_each = { for name, rule in local.rules : name => rule if var.create }

  type                     = each.value.type
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  description              = try(each.value.description, null)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

resource "aws_launch_template" "this" {
  for_each = { for name, group in local.groups : name => group if var.create && try(group.create_launch_template, true) && try(group.use_custom_launch_template, true) }

  dynamic "metadata_options" {
    for_each = length(try(each.value.metadata_options, local.metadata_options)) > 0 ? [try(each.value.metadata_options, local.metadata_options)] : []

    content {
      http_endpoint               = lookup(metadata_options.value, "http_endpoint", null)
      http_tokens                 = lookup(metadata_options.value, "http_tokens", null)
      http_put_response_hop_limit = lookup(metadata_options.value, "http_put_response_hop_limit", null)
    }
  }

  dynamic "block_device_mappings" {
    for_each = try(each.value.block_device_mappings, {})

    content {
      device_name = try(block_device_mappings.value.device_name, null)

      dynamic "ebs" {
        for_each = try([block_device_mappings.value.ebs], [])

        content {
          encrypted  = try(ebs.value.encrypted, null)
          kms_key_id = try(ebs.value.kms_key_id, null)
        }
      }
    }
  }
}

resource "aws_eks_node_group" "this" {
  for_each = { for name, group in var.eks_managed_node_groups : name => merge(var.eks_managed_node_group_defaults, group) if var.create }

  cluster_name = aws_eks_cluster.this[0].name
  subnet_ids   = try(each.value.subnet_ids, var.subnet_ids)

  dynamic "remote_access" {
    for_each = try(length(each.value.remote_access) > 0 ? [each.value.remote_access] : [], [])

    content {
      ec2_ssh_key               = try(remote_access.value.ec2_ssh_key, null)
      source_security_group_ids = try(remote_access.value.source_security_group_ids, [])
    }
  }
}

output "cluster_name" {
  value = try(aws_eks_cluster.this[0].name, "")
}

output "cluster_arn" {
  value = try(aws_eks_cluster.this[0].arn, null)
}

output "cluster_id" {
  value = try(aws_eks_cluster.this[0].id, "")
}

output "cluster_endpoint" {
  value = try(aws_eks_cluster.this[0].endpoint, null)
}

output "cluster_certificate_authority_data" {
  value = try(aws_eks_cluster.this[0].certificate_authority[0].data, null)
}

output "kms_key_arn" {
  value = try(aws_kms_key.this[0].arn, null)
}
