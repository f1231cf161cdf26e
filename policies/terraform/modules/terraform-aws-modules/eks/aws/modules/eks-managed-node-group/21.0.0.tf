# terraform-aws-modules/eks/aws//modules/eks-managed-node-group, version 21.0.0 and newer.
# Facts: modules/eks-managed-node-group/main.tf and variables.tf of 21.x in an adaptation by others,
# docs/UPGRADE-21.0.md of the module's repository (inputs are objects). The node role's policies and user data are not
# told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = null
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
  type    = any
  default = {}
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
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_launch_template" "this" {
  count = var.create && var.create_launch_template && var.use_custom_launch_template ? 1 : 0

  tags = var.tags

  dynamic "metadata_options" {
    for_each = var.metadata_options != null ? [var.metadata_options] : []

    content {
      http_endpoint               = try(coalesce(metadata_options.value.http_endpoint), "enabled")
      http_tokens                 = try(coalesce(metadata_options.value.http_tokens), "required")
      http_put_response_hop_limit = try(coalesce(metadata_options.value.http_put_response_hop_limit), 1)
    }
  }

  dynamic "block_device_mappings" {
    for_each = (var.block_device_mappings == null ? {} : var.block_device_mappings)

    content {
      device_name = try(block_device_mappings.value.device_name, null)

      dynamic "ebs" {
        for_each = try([coalesce(block_device_mappings.value.ebs)], [])

        content {
          encrypted   = try(ebs.value.encrypted, null)
          kms_key_id  = try(ebs.value.kms_key_id, null)
          snapshot_id = try(ebs.value.snapshot_id, null)
        }
      }
    }
  }

  dynamic "network_interfaces" {
    for_each = (var.network_interfaces == null ? [] : var.network_interfaces)

    content {
      associate_public_ip_address = try(network_interfaces.value.associate_public_ip_address, null)
    }
  }
}

resource "aws_eks_node_group" "this" {
  count = var.create ? 1 : 0

  cluster_name = var.cluster_name
  subnet_ids   = var.subnet_ids
  tags         = merge(var.tags, { Name = var.name })

  dynamic "remote_access" {
    for_each = var.remote_access != null ? [var.remote_access] : []

    content {
      ec2_ssh_key               = try(remote_access.value.ec2_ssh_key, null)
      source_security_group_ids = try(remote_access.value.source_security_group_ids, [])
    }
  }
}
