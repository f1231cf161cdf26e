# terraform-google-modules/network/google//modules/firewall-rules, version 7.0.0 and newer.
# Facts: modules/firewall-rules/main.tf (219f93e) of the module's repository; newer versions, with ingress_rules and
# egress_rules, in a copy.

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
  rules_all = merge(
    { for rule in var.ingress_rules : rule.name => merge(rule, { direction = "INGRESS" }) },
    { for rule in var.egress_rules : rule.name => merge(rule, { direction = "EGRESS" }) },
  )
}

resource "google_compute_firewall" "rules" {
  for_each = { for rule in var.rules : rule.name => merge({ direction = "INGRESS" }, rule) }

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

resource "google_compute_firewall" "rules_ingress_egress" {
  for_each = length(var.rules) > 0 ? {} : local.rules_all

  name                    = each.value.name
  network                 = var.network_name
  project                 = var.project_id
  direction               = each.value.direction
  disabled                = try(each.value.disabled, null)
  source_ranges           = try(each.value.source_ranges, null)
  destination_ranges      = try(each.value.destination_ranges, null)
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
