# terraform-google-modules/network/google//modules/firewall-rules, version 7.0.0 and newer.
# Facts: modules/firewall-rules/main.tf (219f93e) of the module's repository.

variable "network_name" {
  type = string
}

variable "project_id" {
  type = string
}

variable "rules" {
  type    = any
  default = []
}

variable "ingress_rules" {
  type    = any
  default = []
}

variable "egress_rules" {
  type    = any
  default = []
}

locals {
  rules = concat(
    [for rule in var.rules : merge({ direction = "INGRESS" }, rule)],
    [for rule in var.ingress_rules : merge(rule, { direction = "INGRESS" })],
    [for rule in var.egress_rules : merge(rule, { direction = "EGRESS" })],
  )
}

resource "google_compute_firewall" "rules" {
  for_each = { for rule in local.rules : rule.name => rule }

  name                    = each.value.name
  network                 = var.network_name
  project                 = var.project_id
  direction               = each.value.direction
  disabled                = try(each.value.disabled, null)
  source_ranges           = try(coalescelist(each.value.source_ranges), each.value.direction == "INGRESS" ? each.value.ranges : null, null)
  destination_ranges      = try(coalescelist(each.value.destination_ranges), each.value.direction == "EGRESS" ? each.value.ranges : null, null)
  source_tags             = try(each.value.source_tags, null)
  source_service_accounts = try(each.value.source_service_accounts, null)
  target_tags             = try(each.value.target_tags, null)
  target_service_accounts = try(each.value.target_service_accounts, null)

  dynamic "allow" {
    for_each = try(coalescelist(each.value.allow), [])

    content {
      protocol = allow.value.protocol
      ports    = try(allow.value.ports, null)
    }
  }

  dynamic "deny" {
    for_each = try(coalescelist(each.value.deny), [])

    content {
      protocol = deny.value.protocol
      ports    = try(deny.value.ports, null)
    }
  }
}
