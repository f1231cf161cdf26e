# terraform-aws-modules/cloudfront/aws, version 3.0.0 and newer.
# Facts: main.tf (019ffbe) and wrappers/main.tf (03ae8da, 3.x) of the module's repository.

variable "create_distribution" {
  type    = bool
  default = true
}

variable "aliases" {
  type    = list(string)
  default = null
}

variable "comment" {
  type    = string
  default = null
}

variable "enabled" {
  type    = bool
  default = true
}

variable "default_root_object" {
  type    = string
  default = null
}

variable "web_acl_id" {
  type    = string
  default = null
}

variable "logging_config" {
  type    = any
  default = {}
}

variable "origin" {
  type    = any
  default = null
}

variable "default_cache_behavior" {
  type    = any
  default = null
}

variable "ordered_cache_behavior" {
  type    = any
  default = []
}

variable "viewer_certificate" {
  type    = any
  default = { cloudfront_default_certificate = true, minimum_protocol_version = "TLSv1" }
}

variable "geo_restriction" {
  type    = any
  default = {}
}

variable "tags" {
  type    = map(string)
  default = null
}

resource "aws_cloudfront_distribution" "this" {
  count = var.create_distribution ? 1 : 0

  aliases             = var.aliases
  comment             = var.comment
  enabled             = var.enabled
  default_root_object = var.default_root_object
  web_acl_id          = var.web_acl_id
  tags                = var.tags

  dynamic "logging_config" {
    for_each = try(length(keys(var.logging_config)), 0) == 0 ? [] : [var.logging_config]

    content {
      bucket = logging_config.value["bucket"]
    }
  }

  dynamic "origin" {
    for_each = var.origin

    content {
      domain_name = origin.value.domain_name
      origin_id   = try(origin.value.origin_id, origin.key)

      dynamic "custom_origin_config" {
        for_each = try([coalesce(origin.value.custom_origin_config)], [])

        content {
          origin_protocol_policy = custom_origin_config.value.origin_protocol_policy
          origin_ssl_protocols   = custom_origin_config.value.origin_ssl_protocols
        }
      }
    }
  }

  dynamic "default_cache_behavior" {
    for_each = [var.default_cache_behavior]

    content {
      target_origin_id       = default_cache_behavior.value["target_origin_id"]
      viewer_protocol_policy = default_cache_behavior.value["viewer_protocol_policy"]
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.ordered_cache_behavior

    content {
      path_pattern           = ordered_cache_behavior.value["path_pattern"]
      target_origin_id       = ordered_cache_behavior.value["target_origin_id"]
      viewer_protocol_policy = ordered_cache_behavior.value["viewer_protocol_policy"]
    }
  }

  viewer_certificate {
    acm_certificate_arn            = lookup(var.viewer_certificate, "acm_certificate_arn", null)
    cloudfront_default_certificate = lookup(var.viewer_certificate, "cloudfront_default_certificate", null)
    iam_certificate_id             = lookup(var.viewer_certificate, "iam_certificate_id", null)
    minimum_protocol_version       = lookup(var.viewer_certificate, "minimum_protocol_version", "TLSv1")
    ssl_support_method             = lookup(var.viewer_certificate, "ssl_support_method", null)
  }

  restrictions {
    geo_restriction {
      restriction_type = lookup(var.geo_restriction, "restriction_type", "none")
      locations        = lookup(var.geo_restriction, "locations", [])
    }
  }
}

output "cloudfront_distribution_arn" {
  value = try(aws_cloudfront_distribution.this[0].arn, "")
}

output "cloudfront_distribution_id" {
  value = try(aws_cloudfront_distribution.this[0].id, "")
}

output "cloudfront_distribution_domain_name" {
  value = try(aws_cloudfront_distribution.this[0].domain_name, "")
}
