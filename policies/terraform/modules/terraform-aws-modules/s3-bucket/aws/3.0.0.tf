# terraform-aws-modules/s3-bucket/aws, version 3.0.0 until 3.9.0.
# Facts: variables.tf and main.tf of the module's repository at v3.0.0 (e0de434) and v3.6; CHANGELOG.md for 3.9.0.

variable "create_bucket" {
  type    = bool
  default = true
}

variable "is_directory_bucket" {
  type    = bool
  default = false
}

variable "bucket" {
  type    = string
  default = null
}

variable "bucket_prefix" {
  type    = string
  default = null
}

variable "force_destroy" {
  type    = bool
  default = false
}

variable "object_lock_enabled" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "acl" {
  type    = string
  default = null
}

variable "grant" {
  type    = any
  default = []
}

variable "website" {
  type    = any
  default = {}
}

variable "cors_rule" {
  type    = any
  default = []
}

variable "versioning" {
  type    = map(string)
  default = {}
}

variable "logging" {
  type    = any
  default = {}
}

variable "lifecycle_rule" {
  type    = any
  default = []
}

variable "replication_configuration" {
  type    = any
  default = {}
}

variable "server_side_encryption_configuration" {
  type    = any
  default = {}
}

variable "control_object_ownership" {
  type    = bool
  default = false
}

variable "object_ownership" {
  type    = string
  default = "ObjectWriter"
}

variable "block_public_acls" {
  type    = bool
  default = false
}

variable "block_public_policy" {
  type    = bool
  default = false
}

variable "ignore_public_acls" {
  type    = bool
  default = false
}

variable "restrict_public_buckets" {
  type    = bool
  default = false
}

variable "attach_public_policy" {
  type    = bool
  default = true
}

variable "attach_policy" {
  type    = bool
  default = false
}

variable "policy" {
  type    = string
  default = null
}

variable "attach_deny_insecure_transport_policy" {
  type    = bool
  default = false
}

variable "attach_require_latest_tls_policy" {
  type    = bool
  default = false
}

variable "attach_elb_log_delivery_policy" {
  type    = bool
  default = false
}

variable "attach_lb_log_delivery_policy" {
  type    = bool
  default = false
}

variable "attach_access_log_delivery_policy" {
  type    = bool
  default = false
}

variable "attach_cloudtrail_log_delivery_policy" {
  type    = bool
  default = false
}

variable "attach_waf_log_delivery_policy" {
  type    = bool
  default = false
}

variable "attach_inventory_destination_policy" {
  type    = bool
  default = false
}

variable "attach_analytics_destination_policy" {
  type    = bool
  default = false
}

variable "attach_deny_incorrect_encryption_headers" {
  type    = bool
  default = false
}

variable "attach_deny_incorrect_kms_key_sse" {
  type    = bool
  default = false
}

variable "attach_deny_unencrypted_object_uploads" {
  type    = bool
  default = false
}

variable "attach_deny_ssec_encrypted_object_uploads" {
  type    = bool
  default = false
}

variable "allowed_kms_key_arn" {
  type    = string
  default = null
}

locals {
  plain = var.create_bucket && !var.is_directory_bucket

  # Lists may come as JSON text, from Terragrunt.
  grants    = try(jsondecode(var.grant), var.grant)
  cors      = try(jsondecode(var.cors_rule), var.cors_rule)
  lifecycle = try(jsondecode(var.lifecycle_rule), var.lifecycle_rule)

  attach_policy = anytrue([
    var.attach_policy,
    var.attach_deny_insecure_transport_policy,
    var.attach_require_latest_tls_policy,
    var.attach_elb_log_delivery_policy,
    var.attach_lb_log_delivery_policy,
    var.attach_access_log_delivery_policy,
    var.attach_cloudtrail_log_delivery_policy,
    var.attach_waf_log_delivery_policy,
    var.attach_inventory_destination_policy,
    var.attach_deny_incorrect_encryption_headers,
    var.attach_deny_incorrect_kms_key_sse,
    var.attach_deny_unencrypted_object_uploads,
    var.attach_deny_ssec_encrypted_object_uploads,
  ])
}

data "aws_partition" "current" {}

data "aws_elb_service_account" "this" {}

resource "aws_s3_bucket" "this" {
  count = local.plain ? 1 : 0

  bucket              = var.bucket
  bucket_prefix       = var.bucket_prefix
  force_destroy       = var.force_destroy
  object_lock_enabled = var.object_lock_enabled
  tags                = var.tags

  # Resources of their own do all of this.
  acl                                  = null
  grant                                = null
  cors_rule                            = null
  lifecycle_rule                       = null
  logging                              = null
  policy                               = null
  replication_configuration            = null
  server_side_encryption_configuration = null
  versioning                           = null
  website                              = null
}

resource "aws_s3_bucket_logging" "this" {
  count = local.plain && length(keys(var.logging)) > 0 ? 1 : 0

  bucket        = aws_s3_bucket.this[0].id
  target_bucket = var.logging["target_bucket"]
  target_prefix = try(var.logging["target_prefix"], null)
}

resource "aws_s3_bucket_acl" "this" {
  count = local.plain && ((var.acl != null && var.acl != "null") || length(local.grants) > 0) ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  acl    = var.acl == "null" ? null : var.acl

  dynamic "access_control_policy" {
    for_each = length(local.grants) > 0 ? [true] : []

    content {
      dynamic "grant" {
        for_each = local.grants

        content {
          permission = grant.value.permission

          grantee {
            type          = grant.value.type
            id            = try(grant.value.id, null)
            uri           = try(grant.value.uri, null)
            email_address = try(grant.value.email, null)
          }
        }
      }
    }
  }
}

resource "aws_s3_bucket_website_configuration" "this" {
  count = local.plain && length(keys(var.website)) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
}

resource "aws_s3_bucket_versioning" "this" {
  count = local.plain && length(keys(var.versioning)) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  mfa    = try(var.versioning["mfa"], null)

  versioning_configuration {
    status = try(
      var.versioning["enabled"] ? "Enabled" : "Suspended",
      tobool(var.versioning["status"]) ? "Enabled" : "Suspended",
      title(lower(var.versioning["status"])),
      "Enabled",
    )
    mfa_delete = try(
      tobool(var.versioning["mfa_delete"]) ? "Enabled" : "Disabled",
      title(lower(var.versioning["mfa_delete"])),
      null,
    )
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = var.create_bucket && length(keys(var.server_side_encryption_configuration)) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = try(flatten([var.server_side_encryption_configuration["rule"]]), [])

    content {
      bucket_key_enabled = try(rule.value.bucket_key_enabled, null)

      dynamic "apply_server_side_encryption_by_default" {
        for_each = try([rule.value.apply_server_side_encryption_by_default], [])

        content {
          sse_algorithm     = apply_server_side_encryption_by_default.value.sse_algorithm
          kms_master_key_id = try(apply_server_side_encryption_by_default.value.kms_master_key_id, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "this" {
  count = local.plain && length(local.cors) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  dynamic "cors_rule" {
    for_each = local.cors

    content {
      allowed_methods = cors_rule.value.allowed_methods
      allowed_origins = cors_rule.value.allowed_origins
      allowed_headers = try(cors_rule.value.allowed_headers, null)
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.create_bucket && length(local.lifecycle) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = local.lifecycle

    content {
      id = try(rule.value.id, null)
      status = try(
        rule.value.enabled ? "Enabled" : "Disabled",
        tobool(rule.value.status) ? "Enabled" : "Disabled",
        title(lower(rule.value.status)),
      )

      dynamic "abort_incomplete_multipart_upload" {
        for_each = try([rule.value.abort_incomplete_multipart_upload_days], [])

        content {
          days_after_initiation = abort_incomplete_multipart_upload.value
        }
      }
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count = local.plain && length(keys(var.replication_configuration)) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  role   = var.replication_configuration["role"]
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = local.plain && var.attach_public_policy ? 1 : 0

  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count = local.plain && var.control_object_ownership ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = var.object_ownership
  }
}

resource "aws_s3_bucket_policy" "this" {
  count = var.create_bucket && local.attach_policy ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.combined.json
}

data "aws_iam_policy_document" "combined" {
  source_policy_documents = compact([
    var.attach_elb_log_delivery_policy ? data.aws_iam_policy_document.elb_logs.json : "",
    data.aws_iam_policy_document.service_logs.json,
    data.aws_iam_policy_document.denials.json,
    var.attach_policy ? var.policy : "",
  ])
}

data "aws_iam_policy_document" "elb_logs" {
  statement {
    effect    = "Allow"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.this[0].arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_elb_service_account.this.id}:root"]
    }
  }
}

data "aws_iam_policy_document" "service_logs" {
  dynamic "statement" {
    for_each = toset(concat(
      var.attach_lb_log_delivery_policy || var.attach_waf_log_delivery_policy ? ["delivery.logs.amazonaws.com"] : [],
      var.attach_access_log_delivery_policy ? ["logging.s3.amazonaws.com"] : [],
      var.attach_cloudtrail_log_delivery_policy ? ["cloudtrail.amazonaws.com"] : [],
      var.attach_inventory_destination_policy || var.attach_analytics_destination_policy ? ["s3.amazonaws.com"] : [],
    ))

    content {
      effect    = "Allow"
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
    }
  }
}

data "aws_iam_policy_document" "denials" {
  dynamic "statement" {
    for_each = var.attach_deny_insecure_transport_policy ? [true] : []

    content {
      sid       = "denyInsecureTransport"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.attach_require_latest_tls_policy ? [true] : []

    content {
      sid       = "denyOutdatedTLS"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "NumericLessThan"
        variable = "s3:TlsVersion"
        values   = ["1.2"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.attach_deny_unencrypted_object_uploads ? [true] : []

    content {
      sid       = "denyUnencryptedObjectUploads"
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Null"
        variable = "s3:x-amz-server-side-encryption"
        values   = ["true"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.attach_deny_incorrect_kms_key_sse ? [true] : []

    content {
      sid       = "denyIncorrectKmsKeySse"
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "StringNotEquals"
        variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
        values   = [var.allowed_kms_key_arn]
      }
    }
  }
}

output "s3_bucket_id" {
  value = try(aws_s3_bucket.this[0].id, "")
}

output "s3_bucket_arn" {
  value = try(aws_s3_bucket.this[0].arn, "")
}

output "s3_bucket_bucket_domain_name" {
  value = try(aws_s3_bucket.this[0].bucket_domain_name, "")
}

output "s3_bucket_bucket_regional_domain_name" {
  value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "")
}

output "s3_bucket_policy" {
  value = try(aws_s3_bucket_policy.this[0].policy, "")
}
