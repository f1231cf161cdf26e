# terraform-aws-modules/redshift/aws, version 7.0.0 and newer.
# Facts: main.tf (7.x) in a copy, wrappers/main.tf (25adcef, 7.x) of the module's repository, which lists every input
# with its default. The rules of the security group are not told about.

variable "create" {
  type    = bool
  default = true
}

variable "cluster_identifier" {
  type    = string
  default = ""
}

variable "encrypted" {
  type    = bool
  default = true
}

variable "kms_key_arn" {
  type    = string
  default = null
}

variable "enhanced_vpc_routing" {
  type    = bool
  default = null
}

variable "publicly_accessible" {
  type    = bool
  default = false
}

variable "skip_final_snapshot" {
  type    = bool
  default = true
}

variable "allow_version_upgrade" {
  type    = bool
  default = null
}

variable "automated_snapshot_retention_period" {
  type    = number
  default = null
}

variable "multi_az" {
  type    = bool
  default = null
}

variable "manage_master_password" {
  type    = bool
  default = false
}

variable "master_password" {
  type    = string
  default = null
}

variable "master_username" {
  type    = string
  default = "awsuser"
}

variable "snapshot_identifier" {
  type    = string
  default = null
}

variable "logging" {
  type    = any
  default = null
}

variable "vpc_security_group_ids" {
  type    = list(string)
  default = []
}

variable "create_security_group" {
  type    = bool
  default = true
}

variable "security_group_tags" {
  type    = map(string)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_redshift_cluster" "this" {
  count = var.create ? 1 : 0

  cluster_identifier                  = var.cluster_identifier
  encrypted                           = var.encrypted
  kms_key_id                          = var.kms_key_arn
  enhanced_vpc_routing                = var.enhanced_vpc_routing
  publicly_accessible                 = var.publicly_accessible
  skip_final_snapshot                 = var.skip_final_snapshot
  allow_version_upgrade               = var.allow_version_upgrade
  automated_snapshot_retention_period = var.automated_snapshot_retention_period
  multi_az                            = var.multi_az
  manage_master_password              = var.manage_master_password ? var.manage_master_password : null
  master_password                     = var.snapshot_identifier != null || var.manage_master_password ? null : var.master_password
  master_username                     = var.master_username
  snapshot_identifier                 = var.snapshot_identifier
  vpc_security_group_ids              = concat(aws_security_group.this[*].id, var.vpc_security_group_ids)
  logging                             = null # a resource of its own does it
  tags                                = var.tags
}

resource "aws_redshift_logging" "this" {
  count = var.create && var.logging != null ? 1 : 0

  cluster_identifier   = aws_redshift_cluster.this[0].id
  bucket_name          = try(var.logging.bucket_name, null)
  log_destination_type = try(var.logging.log_destination_type, null)
  log_exports          = try(var.logging.log_exports, null)
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = var.create && var.create_security_group ? 1 : 0

  ingress = null
  egress  = null
  tags    = merge(var.tags, var.security_group_tags)
}

output "cluster_arn" {
  value = try(aws_redshift_cluster.this[0].arn, null)
}

output "cluster_id" {
  value = try(aws_redshift_cluster.this[0].id, null)
}

output "cluster_endpoint" {
  value = try(aws_redshift_cluster.this[0].endpoint, null)
}
