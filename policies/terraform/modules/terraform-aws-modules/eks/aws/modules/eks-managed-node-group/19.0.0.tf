# terraform-aws-modules/eks/aws//modules/eks-managed-node-group, version 19.0.0 until 21.0.0.
# Facts: modules/eks-managed-node-group/main.tf and variables.tf (002be2f, between 18 and 19) of the module's
# repository; docs/UPGRADE-19.0.md and docs/UPGRADE-20.0.md name no other default of what is told here. The node role's
# policies and user data are not told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = ""
}

variable "cluster_name" {
  type    = string
  default = null
}

variable "subnet_ids" {
  type    = list(string)
  default = null
}

variable "create_launch_template" {
  type    = bool
  default = true
}

variable "use_custom_launch_template" {
  type    = bool
  default = true
}

variable "metadata_options" {
  type    = map(string)
  default = { http_endpoint = "enabled", http_tokens = "required", http_put_response_hop_limit = 2 }
}

variable "block_device_mappings" {
  type    = any
  default = {}
}

variable "network_interfaces" {
  type    = any
  default = []
}

variable "remote_access" {
  type    = any
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_launch_template" "this" {
  count = var.create && var.create_launch_template && var.use_custom_launch_template ? 1 : 0

  tags = var.tags

  dynamic "metadata_options" {
    for_each = length(var.metadata_options) > 0 ? [var.metadata_options] : []

    content {
      http_endpoint               = lookup(metadata_options.value, "http_endpoint", null)
      http_tokens                 = lookup(metadata_options.value, "http_tokens", null)
      http_put_response_hop_limit = lookup(metadata_options.value, "http_put_response_hop_limit", null)
    }
  }

  dynamic "block_device_mappings" {
    for_each = var.block_device_mappings

    content {
      device_name = block_device_mappings.value.device_name

      dynamic "ebs" {
        for_each = flatten([lookup(block_device_mappings.value, "ebs", [])])

        content {
          encrypted   = lookup(ebs.value, "encrypted", null)
          kms_key_id  = lookup(ebs.value, "kms_key_id", null)
          snapshot_id = lookup(ebs.value, "snapshot_id", null)
        }
      }
    }
  }

  dynamic "network_interfaces" {
    for_each = var.network_interfaces

    content {
      associate_public_ip_address = lookup(network_interfaces.value, "associate_public_ip_address", null)
    }
  }
}

resource "aws_eks_node_group" "this" {
  count = var.create ? 1 : 0

  cluster_name = var.cluster_name
  subnet_ids   = var.subnet_ids
  tags         = merge(var.tags, { Name = var.name })

  dynamic "remote_access" {
    for_each = length(var.remote_access) > 0 ? [var.remote_access] : []

    content {
      ec2_ssh_key               = try(remote_access.value.ec2_ssh_key, null)
      source_security_group_ids = try(remote_access.value.source_security_group_ids, [])
    }
  }
}
