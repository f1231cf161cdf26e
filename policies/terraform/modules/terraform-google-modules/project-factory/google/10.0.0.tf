# terraform-google-modules/project-factory/google, version 10.0.0 and newer.
# Facts: variables.tf (01dd665), main.tf (in a copy) and modules/core_project_factory/main.tf (020e308) of the module's
# repository, whose docs/upgrading_to_project_factory_v10.0.md has the default accounts disabled as they are. The random
# suffix of the project's id, grants, and the bucket for state are not told about.

variable "name" {
  type = string
}

variable "auto_create_network" {
  type    = bool
  default = false
}

variable "labels" {
  type    = map(string)
  default = {}
}

resource "google_project" "main" {
  name                = var.name
  auto_create_network = var.auto_create_network
  labels              = var.labels
}
