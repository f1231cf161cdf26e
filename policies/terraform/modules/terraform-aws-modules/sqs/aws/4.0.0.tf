# terraform-aws-modules/sqs/aws, version 4.0.0 and newer.
# Facts: main.tf (4.x) in a copy, CHANGELOG.md (195b0bc: queue policies and dead-letter queues since 4.0.0) and
# wrappers/main.tf (1e2e703, 4.x) of the module's repository, which lists every input with its default.

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

variable "sqs_managed_sse_enabled" {
  type    = bool
  default = true
}

variable "create_queue_policy" {
  type    = bool
  default = false
}

variable "queue_policy_statements" {
  type    = any
  default = {}
}

variable "source_queue_policy_documents" {
  type    = list(string)
  default = []
}

variable "override_queue_policy_documents" {
  type    = list(string)
  default = []
}

variable "create_dlq" {
  type    = bool
  default = false
}

variable "dlq_kms_master_key_id" {
  type    = string
  default = null
}

variable "dlq_sqs_managed_sse_enabled" {
  type    = bool
  default = true
}

variable "create_dlq_queue_policy" {
  type    = bool
  default = false
}

variable "dlq_queue_policy_statements" {
  type    = any
  default = {}
}

variable "source_dlq_queue_policy_documents" {
  type    = list(string)
  default = []
}

variable "override_dlq_queue_policy_documents" {
  type    = list(string)
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "dlq_tags" {
  type    = map(string)
  default = {}
}

resource "aws_sqs_queue" "this" {
  count = var.create ? 1 : 0

  name                    = var.name
  kms_master_key_id       = var.kms_master_key_id
  sqs_managed_sse_enabled = var.kms_master_key_id != null ? null : var.sqs_managed_sse_enabled
  policy                  = null
  tags                    = var.tags
}

resource "aws_sqs_queue" "dlq" {
  count = var.create && var.create_dlq ? 1 : 0

  kms_master_key_id       = try(coalesce(var.dlq_kms_master_key_id, var.kms_master_key_id), null)
  sqs_managed_sse_enabled = try(coalesce(var.dlq_kms_master_key_id, var.kms_master_key_id), null) != null ? null : coalesce(var.dlq_sqs_managed_sse_enabled, var.sqs_managed_sse_enabled)
  policy                  = null
  tags                    = merge(var.tags, var.dlq_tags)
}

resource "aws_sqs_queue_policy" "this" {
  count = var.create && var.create_queue_policy ? 1 : 0

  queue_url = aws_sqs_queue.this[0].url
  policy    = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "this" {
  source_policy_documents   = var.source_queue_policy_documents
  override_policy_documents = var.override_queue_policy_documents

  dynamic "statement" {
    for_each = (var.queue_policy_statements == null ? {} : var.queue_policy_statements)

    content {
      sid           = try(statement.value.sid, statement.key)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, [aws_sqs_queue.this[0].arn])
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, [])

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_sqs_queue_policy" "dlq" {
  count = var.create && var.create_dlq && var.create_dlq_queue_policy ? 1 : 0

  queue_url = aws_sqs_queue.dlq[0].url
  policy    = data.aws_iam_policy_document.dlq.json
}

data "aws_iam_policy_document" "dlq" {
  source_policy_documents   = var.source_dlq_queue_policy_documents
  override_policy_documents = var.override_dlq_queue_policy_documents

  dynamic "statement" {
    for_each = (var.dlq_queue_policy_statements == null ? {} : var.dlq_queue_policy_statements)

    content {
      sid           = try(statement.value.sid, statement.key)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, [try(aws_sqs_queue.dlq[0].arn, null)])
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, [])

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

output "queue_arn" {
  value = try(aws_sqs_queue.this[0].arn, null)
}

output "queue_id" {
  value = try(aws_sqs_queue.this[0].id, null)
}

output "queue_url" {
  value = try(aws_sqs_queue.this[0].url, null)
}

output "queue_name" {
  value = try(aws_sqs_queue.this[0].name, null)
}

output "dead_letter_queue_arn" {
  value = try(aws_sqs_queue.dlq[0].arn, null)
}
