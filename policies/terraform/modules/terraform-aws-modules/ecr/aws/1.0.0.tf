# terraform-aws-modules/ecr/aws, version 1.0.0 and newer.
# Facts: variables.tf (019cef5) of the module's repository.

variable "create" {
  type    = bool
  default = true
}

variable "create_repository" {
  type    = bool
  default = true
}

variable "repository_type" {
  type    = string
  default = "private"
}

variable "repository_name" {
  type    = string
  default = ""
}

variable "repository_image_tag_mutability" {
  type    = string
  default = "IMMUTABLE"
}

variable "repository_encryption_type" {
  type    = string
  default = null
}

variable "repository_kms_key" {
  type    = string
  default = null
}

variable "repository_image_scan_on_push" {
  type    = bool
  default = true
}

variable "repository_force_delete" {
  type    = bool
  default = null
}

variable "create_lifecycle_policy" {
  type    = bool
  default = true
}

variable "repository_lifecycle_policy" {
  type    = string
  default = ""
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  private = var.create && var.create_repository && var.repository_type == "private"
}

resource "aws_ecr_repository" "this" {
  count = local.private ? 1 : 0

  name                 = var.repository_name
  image_tag_mutability = var.repository_image_tag_mutability
  force_delete         = var.repository_force_delete
  tags                 = var.tags

  encryption_configuration {
    encryption_type = var.repository_encryption_type
    kms_key         = var.repository_kms_key
  }

  image_scanning_configuration {
    scan_on_push = var.repository_image_scan_on_push
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  count = local.private && var.create_lifecycle_policy ? 1 : 0

  repository = aws_ecr_repository.this[0].name
  policy     = var.repository_lifecycle_policy
}

output "repository_name" {
  value = try(aws_ecr_repository.this[0].name, null)
}

output "repository_arn" {
  value = try(aws_ecr_repository.this[0].arn, null)
}

output "repository_url" {
  value = try(aws_ecr_repository.this[0].repository_url, null)
}
