# terraform-google-modules/cloud-storage/google//modules/simple_bucket, version 2.0.0 and newer.
# Facts: modules/simple_bucket/variables.tf (02bf952) and main.tf (06880c8) of the module's repository. Keys that the
# module makes itself are not told about, nor what public_access_prevention is by default.

variable "name" {
  type = string
}

variable "project_id" {
  type = string
}

variable "location" {
  type = string
}

variable "storage_class" {
  type    = string
  default = null
}

variable "labels" {
  type    = map(string)
  default = null
}

variable "bucket_policy_only" {
  type    = bool
  default = true
}

variable "versioning" {
  type    = bool
  default = true
}

variable "force_destroy" {
  type    = bool
  default = false
}

variable "iam_members" {
  type    = any
  default = []
}

variable "retention_policy" {
  type    = any
  default = null
}

variable "log_bucket" {
  type    = string
  default = null
}

variable "public_access_prevention" {
  type = string
}

resource "google_storage_bucket" "bucket" {
  name                        = var.name
  project                     = var.project_id
  location                    = var.location
  storage_class               = var.storage_class
  uniform_bucket_level_access = var.bucket_policy_only
  labels                      = var.labels
  force_destroy               = var.force_destroy
  public_access_prevention    = var.public_access_prevention

  versioning {
    enabled = var.versioning
  }

  dynamic "retention_policy" {
    for_each = var.retention_policy == null ? [] : [var.retention_policy]

    content {
      is_locked        = retention_policy.value.is_locked
      retention_period = retention_policy.value.retention_period
    }
  }

  dynamic "logging" {
    for_each = var.log_bucket == null ? [] : [var.log_bucket]

    content {
      log_bucket = logging.value
    }
  }
}

resource "google_storage_bucket_iam_member" "members" {
  for_each = { for granted in var.iam_members : "${granted.role} ${granted.member}" => granted }

  bucket = google_storage_bucket.bucket.name
  role   = each.value.role
  member = each.value.member
}

output "name" {
  value = google_storage_bucket.bucket.name
}

output "url" {
  value = google_storage_bucket.bucket.url
}
