# terraform-aws-modules/msk-kafka-cluster/aws, version 2.0.0 and newer.
# Facts: main.tf (012f22a, 2.x) and variables.tf (04d8d05, 3.x) of the module's repository; 3.0 makes the inputs
# objects.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = "msk"
}

variable "broker_node_connectivity_info" {
  type    = any
  default = null
}

variable "broker_node_instance_type" {
  type    = string
  default = null
}

variable "client_authentication" {
  type    = any
  default = null
}

variable "encryption_at_rest_kms_key_arn" {
  type    = string
  default = null
}

variable "encryption_in_transit_client_broker" {
  type    = string
  default = null
}

variable "encryption_in_transit_in_cluster" {
  type    = bool
  default = null
}

variable "cloudwatch_logs_enabled" {
  type    = bool
  default = false
}

variable "firehose_logs_enabled" {
  type    = bool
  default = false
}

variable "s3_logs_enabled" {
  type    = bool
  default = false
}

variable "s3_logs_bucket" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_msk_cluster" "this" {
  count = var.create ? 1 : 0

  cluster_name = var.name
  tags         = var.tags

  broker_node_group_info {
    dynamic "connectivity_info" {
      for_each = try(length(var.broker_node_connectivity_info), 0) > 0 ? [var.broker_node_connectivity_info] : []

      content {
        dynamic "public_access" {
          for_each = try([coalesce(connectivity_info.value.public_access)], [])

          content {
            type = try(public_access.value.type, null)
          }
        }
      }
    }
  }

  dynamic "client_authentication" {
    for_each = try(length(var.client_authentication), 0) > 0 ? [var.client_authentication] : []

    content {
      unauthenticated = try(client_authentication.value.unauthenticated, null)
    }
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = var.encryption_at_rest_kms_key_arn

    encryption_in_transit {
      client_broker = var.encryption_in_transit_client_broker
      in_cluster    = var.encryption_in_transit_in_cluster
    }
  }

  dynamic "logging_info" {
    for_each = try(startswith(var.broker_node_instance_type, "express"), false) ? [] : [true]

    content {
      broker_logs {
        cloudwatch_logs {
          enabled = var.cloudwatch_logs_enabled
        }

        firehose {
          enabled = var.firehose_logs_enabled
        }

        s3 {
          enabled = var.s3_logs_enabled
          bucket  = var.s3_logs_bucket
        }
      }
    }
  }
}

output "arn" {
  value = try(aws_msk_cluster.this[0].arn, null)
}

output "bootstrap_brokers_tls" {
  value = try(aws_msk_cluster.this[0].bootstrap_brokers_tls, null)
}
