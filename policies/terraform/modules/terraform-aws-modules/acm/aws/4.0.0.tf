# terraform-aws-modules/acm/aws, version 4.0.0 and newer.
# Facts: wrappers/main.tf (00db4c9) of the module's repository, which lists every input with its default.

variable "create_certificate" {
  type    = bool
  default = true
}

variable "create_route53_records_only" {
  type    = bool
  default = false
}

variable "domain_name" {
  type    = string
  default = ""
}

variable "subject_alternative_names" {
  type    = list(string)
  default = []
}

variable "validation_method" {
  type    = string
  default = null
}

variable "key_algorithm" {
  type    = string
  default = null
}

variable "certificate_transparency_logging_preference" {
  type    = bool
  default = true
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_acm_certificate" "this" {
  count = var.create_certificate && !var.create_route53_records_only ? 1 : 0

  domain_name               = var.domain_name
  subject_alternative_names = var.subject_alternative_names
  validation_method         = var.validation_method
  key_algorithm             = var.key_algorithm
  tags                      = var.tags

  options {
    certificate_transparency_logging_preference = var.certificate_transparency_logging_preference ? "ENABLED" : "DISABLED"
  }

  lifecycle {
    create_before_destroy = true
  }
}

output "acm_certificate_arn" {
  value = try(aws_acm_certificate.this[0].arn, "")
}
