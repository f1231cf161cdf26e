# Azure/aks/azurerm, version 7.0.0 and newer.
# Facts: main.tf (0002e79, 8.x) and variables.tf (001f3cf, 10.x or newer) of the module's repository. rbac_aad, which
# 10.x no longer has, is given without its default. Node pools are not told about.

variable "prefix" {
  type    = string
  default = ""
}

variable "cluster_name" {
  type    = string
  default = null
}

variable "location" {
  type    = string
  default = null
}

variable "resource_group_name" {
  type = string
}

variable "role_based_access_control_enabled" {
  type    = bool
  default = false
}

variable "rbac_aad" {
  type = bool
}

variable "rbac_aad_azure_rbac_enabled" {
  type    = bool
  default = null
}

variable "local_account_disabled" {
  type = bool
}

variable "private_cluster_enabled" {
  type    = bool
  default = false
}

variable "private_cluster_public_fqdn_enabled" {
  type    = bool
  default = false
}

variable "api_server_authorized_ip_ranges" {
  type    = set(string)
  default = null
}

variable "api_server_subnet_id" {
  type    = string
  default = null
}

variable "network_plugin" {
  type    = string
  default = "kubenet"
}

variable "network_policy" {
  type    = string
  default = null
}

variable "azure_policy_enabled" {
  type    = bool
  default = false
}

variable "disk_encryption_set_id" {
  type    = string
  default = null
}

variable "run_command_enabled" {
  type    = bool
  default = true
}

variable "oidc_issuer_enabled" {
  type    = bool
  default = false
}

variable "workload_identity_enabled" {
  type    = bool
  default = false
}

variable "sku_tier" {
  type    = string
  default = "Free"
}

variable "log_analytics_workspace_enabled" {
  type    = bool
  default = true
}

variable "oms_agent_enabled" {
  type    = bool
  default = true
}

variable "msi_auth_for_monitoring_enabled" {
  type    = bool
  default = null
}

variable "key_vault_secrets_provider_enabled" {
  type = bool
}

variable "secret_rotation_enabled" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "azurerm_kubernetes_cluster" "main" {
  name                                = try(coalesce(var.cluster_name), "${var.prefix}-aks")
  location                            = var.location
  resource_group_name                 = var.resource_group_name
  role_based_access_control_enabled   = var.role_based_access_control_enabled
  local_account_disabled              = var.local_account_disabled
  private_cluster_enabled             = var.private_cluster_enabled
  private_cluster_public_fqdn_enabled = var.private_cluster_public_fqdn_enabled
  azure_policy_enabled                = var.azure_policy_enabled
  disk_encryption_set_id              = var.disk_encryption_set_id
  run_command_enabled                 = var.run_command_enabled
  oidc_issuer_enabled                 = var.oidc_issuer_enabled
  workload_identity_enabled           = var.workload_identity_enabled
  sku_tier                            = var.sku_tier
  tags                                = var.tags

  dynamic "api_server_access_profile" {
    for_each = var.api_server_authorized_ip_ranges != null || var.api_server_subnet_id != null ? [true] : []

    content {
      authorized_ip_ranges = var.api_server_authorized_ip_ranges
      subnet_id            = var.api_server_subnet_id
    }
  }

  dynamic "azure_active_directory_role_based_access_control" {
    for_each = var.role_based_access_control_enabled && var.rbac_aad ? [true] : []

    content {
      azure_rbac_enabled = var.rbac_aad_azure_rbac_enabled
    }
  }

  network_profile {
    network_plugin = var.network_plugin
    network_policy = var.network_policy
  }

  dynamic "key_vault_secrets_provider" {
    for_each = var.key_vault_secrets_provider_enabled ? [true] : []

    content {
      secret_rotation_enabled = var.secret_rotation_enabled
    }
  }

  dynamic "oms_agent" {
    for_each = var.log_analytics_workspace_enabled && var.oms_agent_enabled ? [true] : []

    content {
      msi_auth_for_monitoring_enabled = var.msi_auth_for_monitoring_enabled
    }
  }
}

output "aks_id" {
  value = azurerm_kubernetes_cluster.main.id
}

output "aks_name" {
  value = azurerm_kubernetes_cluster.main.name
}
