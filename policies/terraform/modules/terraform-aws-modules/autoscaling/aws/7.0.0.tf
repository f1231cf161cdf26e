# terraform-aws-modules/autoscaling/aws, version 7.0.0 until 9.0.0.
# Facts: main.tf (02251e3, between 6.10 and 8) and wrappers/main.tf (24f781b, 8.x) of the module's repository, which
# lists every input with its default. The group is not told about.

variable "create_launch_template" {
  type    = bool
  default = true
}

variable "metadata_options" {
  type    = any
  default = {}
}

variable "block_device_mappings" {
  type    = any
  default = []
}

variable "network_interfaces" {
  type    = any
  default = []
}

variable "security_groups" {
  type    = list(string)
  default = []
}

variable "user_data" {
  type    = string
  default = null
}

resource "aws_launch_template" "this" {
  count = var.create_launch_template ? 1 : 0

  user_data = var.user_data

  dynamic "metadata_options" {
    for_each = try(length(var.metadata_options), 0) > 0 ? [var.metadata_options] : []

    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, null)
      http_tokens                 = try(metadata_options.value.http_tokens, null)
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, null)
    }
  }

  dynamic "block_device_mappings" {
    for_each = (var.block_device_mappings == null ? [] : var.block_device_mappings)

    content {
      device_name = try(block_device_mappings.value.device_name, null)

      dynamic "ebs" {
        for_each = try([coalesce(block_device_mappings.value.ebs)], [])

        content {
          encrypted  = try(ebs.value.encrypted, null)
          kms_key_id = try(ebs.value.kms_key_id, null)
        }
      }
    }
  }

  dynamic "network_interfaces" {
    for_each = (var.network_interfaces == null ? [] : var.network_interfaces)

    content {
      associate_public_ip_address = try(network_interfaces.value.associate_public_ip_address, null)
      security_groups             = concat(try(coalesce(network_interfaces.value.security_groups), []), (var.security_groups == null ? [] : var.security_groups))
    }
  }
}

output "launch_template_id" {
  value = try(aws_launch_template.this[0].id, null)
}
