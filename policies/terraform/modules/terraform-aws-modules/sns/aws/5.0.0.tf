# terraform-aws-modules/sns/aws, version 5.0.0 and newer.
# Facts: wrappers/main.tf (5.x and 6.x) of the module's repository, which lists every input with its default. The
# topic's policy is not told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = null
}

variable "kms_master_key_id" {
  type    = string
  default = null
}

variable "fifo_topic" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_sns_topic" "this" {
  count = var.create ? 1 : 0

  kms_master_key_id = var.kms_master_key_id
  name              = var.fifo_topic ? "${trimsuffix(var.name, ".fifo")}.fifo" : var.name
  tags              = var.tags
}

output "topic_arn" {
  value = try(aws_sns_topic.this[0].arn, null)
}

output "topic_id" {
  value = try(aws_sns_topic.this[0].id, null)
}

output "topic_name" {
  value = try(aws_sns_topic.this[0].name, null)
}
