# terraform-aws-modules/ec2-instance/aws, version 6.0.0 and newer.
# Facts: main.tf (6.x) in a copy, docs/UPGRADE-6.0.md and wrappers/main.tf (502407d, 6.x) of the module's repository;
# pull request 375, which 6.0.0 resolves, for the metadata service. The instance whose image is ignored
# (`ignore_ami_changes`) is told about as any other.

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
  default = []
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
  type    = any
  default = { http_endpoint = "enabled", http_put_response_hop_limit = 1, http_tokens = "required" }
}

variable "network_interface" {
  type    = any
  default = null
}

variable "root_block_device" {
  type    = any
  default = null
}

variable "ebs_volumes" {
  type    = any
  default = null
}

variable "create_security_group" {
  type    = bool
  default = true
}

variable "security_group_ingress_rules" {
  type    = any
  default = null
}

variable "security_group_egress_rules" {
  type    = any
  default = { ipv4_default = { cidr_ipv4 = "0.0.0.0/0", description = "Allow all IPv4 traffic", ip_protocol = "-1" }, ipv6_default = { cidr_ipv6 = "::/0", description = "Allow all IPv6 traffic", ip_protocol = "-1" } }
}

variable "instance_tags" {
  type    = map(string)
  default = {}
}

variable "volume_tags" {
  type    = map(string)
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

locals {
  create_security_group = var.create && var.create_security_group && var.network_interface == null
}

resource "aws_instance" "this" {
  count = var.create && !var.create_spot_instance ? 1 : 0

  ami                         = var.ami
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = var.network_interface == null ? concat(var.vpc_security_group_ids, aws_security_group.this[*].id) : null
  associate_public_ip_address = var.associate_public_ip_address
  iam_instance_profile        = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].name : var.iam_instance_profile
  monitoring                  = var.monitoring
  ebs_optimized               = var.ebs_optimized
  disable_api_termination     = var.disable_api_termination
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  tags                        = merge(var.tags, var.instance_tags, { Name = var.name })
  ebs_block_device            = null

  dynamic "metadata_options" {
    for_each = try(length(var.metadata_options), 0) > 0 ? [var.metadata_options] : []

    content {
      http_endpoint               = try(coalesce(metadata_options.value.http_endpoint), "enabled")
      http_tokens                 = try(coalesce(metadata_options.value.http_tokens), "required")
      http_put_response_hop_limit = try(coalesce(metadata_options.value.http_put_response_hop_limit), 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device == null ? [] : [var.root_block_device]

    content {
      encrypted  = try(root_block_device.value.encrypted, null)
      kms_key_id = try(root_block_device.value.kms_key_id, null)
    }
  }
}

resource "aws_iam_instance_profile" "this" {
  count = var.create && var.create_iam_instance_profile ? 1 : 0
}

resource "aws_ebs_volume" "this" {
  for_each = { for name, volume in (var.ebs_volumes == null ? {} : var.ebs_volumes) : name => volume if var.create }

  encrypted  = try(each.value.encrypted, null)
  kms_key_id = try(each.value.kms_key_id, null)
  tags       = merge(var.tags, var.volume_tags, { Name = "${var.name}-${each.key}" }, try(coalesce(each.value.tags), {}))
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = local.create_security_group ? 1 : 0

  ingress = null
  egress  = null
  tags    = merge(var.tags, { Name = var.name }, var.security_group_tags)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for name, rule in (var.security_group_ingress_rules == null ? {} : var.security_group_ingress_rules) : name => rule if local.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), each.value.to_port, null)
  to_port                      = try(coalesce(each.value.to_port), each.value.from_port, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for name, rule in (var.security_group_egress_rules == null ? {} : var.security_group_egress_rules) : name => rule if local.create_security_group }

  security_group_id            = aws_security_group.this[0].id
  description                  = try(each.value.description, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  ip_protocol                  = try(coalesce(each.value.ip_protocol), "tcp")
  from_port                    = try(coalesce(each.value.from_port), each.value.to_port, null)
  to_port                      = try(coalesce(each.value.to_port), each.value.from_port, null)
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
