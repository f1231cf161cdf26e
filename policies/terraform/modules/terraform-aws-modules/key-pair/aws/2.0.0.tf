# terraform-aws-modules/key-pair/aws, version 2.0.0 and newer.
# Facts: wrappers/main.tf (1c6223e) of the module's repository, which lists every input with its default.

variable "create" {
  type    = bool
  default = true
}

variable "key_name" {
  type    = string
  default = null
}

variable "key_name_prefix" {
  type    = string
  default = null
}

variable "public_key" {
  type    = string
  default = ""
}

variable "create_private_key" {
  type    = bool
  default = false
}

variable "private_key_algorithm" {
  type    = string
  default = "RSA"
}

variable "private_key_rsa_bits" {
  type    = number
  default = 4096
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_key_pair" "this" {
  count = var.create ? 1 : 0

  key_name        = var.key_name
  key_name_prefix = var.key_name_prefix
  public_key      = var.create_private_key ? trimspace(tls_private_key.this[0].public_key_openssh) : var.public_key
  tags            = var.tags
}

resource "tls_private_key" "this" {
  count = var.create && var.create_private_key ? 1 : 0

  algorithm = var.private_key_algorithm
  rsa_bits  = var.private_key_rsa_bits
}

output "key_pair_name" {
  value = try(aws_key_pair.this[0].key_name, "")
}
