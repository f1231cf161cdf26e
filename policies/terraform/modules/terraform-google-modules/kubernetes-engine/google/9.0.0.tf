# terraform-google-modules/kubernetes-engine/google, version 9.0.0 and newer.
# Facts: cluster.tf (0009338, 2022) and variables.tf (008773c, 2022) of the module's repository, whose README.md of
# other versions has the same defaults for enable_shielded_nodes, network_policy and master_authorized_networks. What
# nodes run as, their metadata servers, logging and monitoring are not told about.

variable "name" {
  type = string
}

variable "project_id" {
  type = string
}

variable "enable_shielded_nodes" {
  type    = bool
  default = true
}

variable "network_policy" {
  type    = bool
  default = false
}

variable "datapath_provider" {
  type    = string
  default = "DATAPATH_PROVIDER_UNSPECIFIED"
}

variable "master_authorized_networks" {
  type    = any
  default = []
}

variable "issue_client_certificate" {
  type    = bool
  default = false
}

variable "cluster_resource_labels" {
  type    = map(string)
  default = {}
}

variable "node_pools" {
  type    = any
  default = [{ name = "default-node-pool" }]
}

variable "regional" {
  type    = bool
  default = true
}

variable "release_channel" {
  type = string
}

variable "disable_legacy_metadata_endpoints" {
  type    = bool
  default = true
}

variable "node_metadata" {
  type = string
}

variable "service_account" {
  type = string
}

resource "google_container_cluster" "primary" {
  name                  = var.name
  project               = var.project_id
  enable_shielded_nodes = var.enable_shielded_nodes
  datapath_provider     = var.datapath_provider
  resource_labels       = var.cluster_resource_labels

  master_auth {
    client_certificate_config {
      issue_client_certificate = var.issue_client_certificate
    }
  }

  network_policy {
    enabled = var.network_policy
  }

  dynamic "master_authorized_networks_config" {
    for_each = length(var.master_authorized_networks) > 0 ? [true] : []

    content {
      dynamic "cidr_blocks" {
        for_each = var.master_authorized_networks

        content {
          cidr_block   = try(cidr_blocks.value.cidr_block, null)
          display_name = try(cidr_blocks.value.display_name, null)
        }
      }
    }
  }
}

resource "google_container_node_pool" "pools" {
  for_each = { for pool in var.node_pools : pool.name => pool }

  name    = each.key
  project = var.project_id
  cluster = google_container_cluster.primary.name

  management {
    auto_repair  = lookup(each.value, "auto_repair", true)
    auto_upgrade = lookup(each.value, "auto_upgrade", var.regional ? true : var.release_channel != "UNSPECIFIED")
  }

  node_config {
    image_type      = lookup(each.value, "image_type", "COS_CONTAINERD")
    service_account = lookup(each.value, "service_account", var.service_account)
    preemptible     = lookup(each.value, "preemptible", false)
    metadata        = { disable-legacy-endpoints = var.disable_legacy_metadata_endpoints }

    workload_metadata_config {
      mode = lookup(each.value, "node_metadata", var.node_metadata)
    }

    shielded_instance_config {
      enable_secure_boot          = lookup(each.value, "enable_secure_boot", false)
      enable_integrity_monitoring = lookup(each.value, "enable_integrity_monitoring", true)
    }
  }
}
