# terraform-google-modules/kubernetes-engine/google, version 9.0.0 and newer.
# Facts: README.md of the module's repository (inputs enable_shielded_nodes, network_policy and
# master_authorized_networks). Node pools and every other input are not told about.

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
  type = string
}

variable "master_authorized_networks" {
  type    = any
  default = []
}

resource "google_container_cluster" "primary" {
  name                  = var.name
  project               = var.project_id
  enable_shielded_nodes = var.enable_shielded_nodes
  datapath_provider     = var.datapath_provider

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
