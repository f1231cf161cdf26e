# terraform-google-modules/network/google, version 7.0.0 and newer.
# Facts: modules/subnets/main.tf (157e4f0) of the module's repository, whose README.md says what subnets hold. Routes
# and firewall rules are not told about.

variable "network_name" {
  type = string
}

variable "project_id" {
  type = string
}

variable "subnets" {
  type = any
}

resource "google_compute_network" "network" {
  name    = var.network_name
  project = var.project_id
}

resource "google_compute_subnetwork" "subnetwork" {
  for_each = { for subnet in var.subnets : "${subnet.subnet_region}/${subnet.subnet_name}" => subnet }

  name                     = each.value.subnet_name
  ip_cidr_range            = each.value.subnet_ip
  region                   = each.value.subnet_region
  network                  = google_compute_network.network.name
  private_ip_google_access = tobool(try(each.value.subnet_private_access, "false"))
  purpose                  = try(each.value.purpose, null)

  dynamic "log_config" {
    for_each = tobool(try(each.value.subnet_flow_logs, false)) ? [true] : []

    content {
      metadata = try(each.value.subnet_flow_logs_metadata, "INCLUDE_ALL_METADATA")
    }
  }
}

output "network_name" {
  value = google_compute_network.network.name
}

output "network_id" {
  value = google_compute_network.network.id
}

output "network_self_link" {
  value = google_compute_network.network.self_link
}
