# terraform-google-modules/iam/google//modules/projects_iam, version 7.0.0 and newer.
# Facts: modules/projects_iam/main.tf (0de33e0) and variables.tf (2f04df9), modules/helper/main.tf (0914ae6) of the
# module's repository. Conditional bindings are not told about.

variable "project" {
  type    = string
  default = ""
}

variable "projects" {
  type    = list(string)
  default = []
}

variable "mode" {
  type    = string
  default = "additive"
}

variable "bindings" {
  type    = map(list(string))
  default = {}
}

locals {
  projects = length(var.projects) > 0 ? var.projects : [var.project]
  single   = length(local.projects) == 1
  granted = flatten([
    for project in local.projects : [
      for role, members in var.bindings : [for member in members : { project = project, role = role, member = member }]
    ]
  ])
  bound = flatten([
    for project in local.projects : [for role, members in var.bindings : { project = project, role = role, members = members }]
  ])
}

resource "google_project_iam_member" "project_iam_additive" {
  for_each = { for grant in local.granted : "${local.single ? "default" : grant.project}--${grant.role}--${grant.member}" => grant if var.mode == "additive" }

  project = each.value.project
  role    = each.value.role
  member  = each.value.member
}

resource "google_project_iam_binding" "project_iam_authoritative" {
  for_each = { for binding in local.bound : "${local.single ? "default" : binding.project}--${binding.role}" => binding if var.mode == "authoritative" }

  project = each.value.project
  role    = each.value.role
  members = each.value.members
}
