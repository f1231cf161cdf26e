# terraform-aws-modules/eks/aws, version 21.0.0 and newer.
# Facts: docs/UPGRADE-21.0.md (names and defaults that changed) and README.md (21.x, types of the rules) of the module's
# repository; modules/eks-managed-node-group/main.tf of 21.x in an adaptation by others; what UPGRADE-21.0 does not name
# stands as in 20.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "kubernetes_version" {
  type    = string
  default = null
}

variable "enabled_log_types" {
  type    = list(string)
  default = ["audit", "api", "authenticator"]
}

variable "endpoint_private_access" {
  type    = bool
  default = true
}

variable "endpoint_public_access" {
  type    = bool
  default = false
}

variable "endpoint_public_access_cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "encryption_config" {
  type    = any
  default = {}
}

variable "security_group_additional_rules" {
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

variable "outpost_config" {
  type    = any
  default = null
}

variable "create_kms_key" {
  type    = bool
  default = true
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

variable "self_managed_node_groups" {
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

  encrypted  = var.encryption_config != null && var.outpost_config == null
  encryption = local.encrypted ? [var.encryption_config] : []

  name = var.name

  groups = merge(
    { for name, group in (var.eks_managed_node_groups == null ? {} : var.eks_managed_node_groups) : "managed-${name}" => group },
    { for name, group in (var.self_managed_node_groups == null ? {} : var.self_managed_node_groups) : "self-managed-${name}" => group },
  )

  rules = merge(
    { for name, rule in var.security_group_additional_rules : "cluster-${name}" => rule },
    { for name, rule in var.node_security_group_additional_rules : "node-${name}" => rule },
  )
}

resource "aws_eks_cluster" "this" {
  count = var.create ? 1 : 0

  name                      = local.name
  version                   = var.kubernetes_version
  enabled_cluster_log_types = var.enabled_log_types

  vpc_config {
    subnet_ids              = coalescelist(var.control_plane_subnet_ids, var.subnet_ids)
    endpoint_private_access = var.endpoint_private_access
    endpoint_public_access  = var.endpoint_public_access
    public_access_cidrs     = var.endpoint_public_access_cidrs
  }

  dynamic "encryption_config" {
    for_each = local.encryption

    content {
      provider {
        key_arn = var.create_kms_key ? aws_kms_key.this[0].arn : try(encryption_config.value.provider_key_arn, null)
      }
      resources = try(coalescelist(encryption_config.value.resources), ["secrets"])
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

  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
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

  metadata_options {
    http_endpoint               = try(coalesce(each.value.metadata_options.http_endpoint), "enabled")
    http_tokens                 = try(coalesce(each.value.metadata_options.http_tokens), "required")
    http_put_response_hop_limit = try(coalesce(each.value.metadata_options.http_put_response_hop_limit), 1)
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
  for_each = { for name, group in (var.eks_managed_node_groups == null ? {} : var.eks_managed_node_groups) : name => group if var.create }

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

output "cluster_endpoint" {
  value = try(aws_eks_cluster.this[0].endpoint, null)
}

output "cluster_certificate_authority_data" {
  value = try(aws_eks_cluster.this[0].certificate_authority[0].data, null)
}

output "kms_key_arn" {
  value = try(aws_kms_key.this[0].arn, null)
}
