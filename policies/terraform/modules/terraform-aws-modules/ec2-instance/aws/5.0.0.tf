# terraform-aws-modules/ec2-instance/aws, version 5.0.0 until 6.0.0.
# Facts: main.tf (007d61b, 5.x with an image of its own) and wrappers/main.tf (0f8344e, 5.x) of the module's repository,
# which lists every input with its default. The instance whose image is ignored (`ignore_ami_changes`) is told about as
# any other.

variable "create" {
  type    = bool
  default = true
}

variable "create_spot_instance" {
  type    = bool
  default = false
}

variable "name" {
  type    = string
  default = ""
}

variable "ami" {
  type    = string
  default = null
}

variable "instance_type" {
  type    = string
  default = "t3.micro"
}

variable "subnet_id" {
  type    = string
  default = null
}

variable "vpc_security_group_ids" {
  type    = list(string)
  default = null
}

variable "associate_public_ip_address" {
  type    = bool
  default = null
}

variable "iam_instance_profile" {
  type    = string
  default = null
}

variable "create_iam_instance_profile" {
  type    = bool
  default = false
}

variable "monitoring" {
  type    = bool
  default = null
}

variable "ebs_optimized" {
  type    = bool
  default = null
}

variable "disable_api_termination" {
  type    = bool
  default = null
}

variable "user_data" {
  type    = string
  default = null
}

variable "user_data_base64" {
  type    = string
  default = null
}

variable "metadata_options" {
  type    = map(string)
  default = { http_endpoint = "enabled", http_put_response_hop_limit = 1, http_tokens = "optional" }
}

variable "root_block_device" {
  type    = any
  default = []
}

variable "ebs_block_device" {
  type    = any
  default = []
}

variable "instance_tags" {
  type    = map(string)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_instance" "this" {
  count = var.create && !var.create_spot_instance ? 1 : 0

  ami                         = var.ami
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = var.vpc_security_group_ids
  associate_public_ip_address = var.associate_public_ip_address
  iam_instance_profile        = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].name : var.iam_instance_profile
  monitoring                  = var.monitoring
  ebs_optimized               = var.ebs_optimized
  disable_api_termination     = var.disable_api_termination
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  tags                        = merge({ Name = var.name }, var.instance_tags, var.tags)

  dynamic "metadata_options" {
    for_each = try(length(var.metadata_options), 0) > 0 ? [var.metadata_options] : []

    content {
      http_endpoint               = try(coalesce(metadata_options.value.http_endpoint), "enabled")
      http_tokens                 = try(coalesce(metadata_options.value.http_tokens), "optional")
      http_put_response_hop_limit = try(coalesce(metadata_options.value.http_put_response_hop_limit), 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device

    content {
      encrypted  = try(root_block_device.value.encrypted, null)
      kms_key_id = try(root_block_device.value.kms_key_id, null)
    }
  }

  dynamic "ebs_block_device" {
    for_each = var.ebs_block_device

    content {
      device_name = ebs_block_device.value.device_name
      encrypted   = try(ebs_block_device.value.encrypted, null)
      kms_key_id  = try(ebs_block_device.value.kms_key_id, null)
    }
  }
}

resource "aws_iam_instance_profile" "this" {
  count = var.create && var.create_iam_instance_profile ? 1 : 0
}

output "id" {
  value = try(aws_instance.this[0].id, null)
}

output "arn" {
  value = try(aws_instance.this[0].arn, null)
}

output "public_ip" {
  value = try(aws_instance.this[0].public_ip, null)
}

output "private_ip" {
  value = try(aws_instance.this[0].private_ip, null)
}
