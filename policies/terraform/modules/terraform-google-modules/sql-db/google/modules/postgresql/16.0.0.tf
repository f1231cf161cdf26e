# terraform-google-modules/sql-db/google//modules/postgresql, version 16.0.0 and newer.
# Facts: modules/postgresql/variables.tf (0024b24) of the module's repository, README.md of its newer modules for the
# types of ip_configuration, modules/postgresql/main.tf of a newer version in a copy. The default of
# backup_configuration, which is of other types in newer versions, is not told about.

variable "name" {
  type = string
}

variable "project_id" {
  type = string
}

variable "region" {
  type    = string
  default = "us-central1"
}

variable "database_version" {
  type = string
}

variable "availability_type" {
  type    = string
  default = "ZONAL"
}

variable "deletion_protection" {
  type    = bool
  default = true
}

variable "deletion_protection_enabled" {
  type    = bool
  default = false
}

variable "backup_configuration" {
  type = any
}

variable "ip_configuration" {
  type    = any
  default = { ipv4_enabled = true, authorized_networks = [] }
}

variable "database_flags" {
  type    = any
  default = []
}

variable "encryption_key_name" {
  type    = string
  default = null
}

variable "master_instance_name" {
  type    = string
  default = null
}

variable "user_labels" {
  type    = map(string)
  default = {}
}

resource "google_sql_database_instance" "default" {
  name                = var.name
  project             = var.project_id
  region              = var.region
  database_version    = can(regex("\\d", substr(var.database_version, 0, 1))) ? "POSTGRES_${var.database_version}" : var.database_version
  deletion_protection = var.deletion_protection
  encryption_key_name = var.encryption_key_name

  settings {
    availability_type           = var.availability_type
    deletion_protection_enabled = var.deletion_protection_enabled
    user_labels                 = var.user_labels

    dynamic "backup_configuration" {
      for_each = var.master_instance_name != null ? [] : [true]

      content {
        enabled                        = var.backup_configuration.enabled
        point_in_time_recovery_enabled = var.backup_configuration.point_in_time_recovery_enabled
      }
    }

    ip_configuration {
      ipv4_enabled    = try(coalesce(var.ip_configuration.ipv4_enabled), true)
      private_network = try(var.ip_configuration.private_network, null)
      require_ssl     = try(var.ip_configuration.require_ssl, null)
      ssl_mode        = try(var.ip_configuration.ssl_mode, null)

      dynamic "authorized_networks" {
        for_each = try(coalesce(var.ip_configuration.authorized_networks), [])

        content {
          name  = try(authorized_networks.value.name, null)
          value = try(authorized_networks.value.value, null)
        }
      }
    }

    dynamic "database_flags" {
      for_each = var.database_flags

      content {
        name  = database_flags.value.name
        value = database_flags.value.value
      }
    }
  }
}

output "instance_name" {
  value = google_sql_database_instance.default.name
}

output "instance_connection_name" {
  value = google_sql_database_instance.default.connection_name
}
