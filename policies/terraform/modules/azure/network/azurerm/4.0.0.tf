# Azure/network/azurerm, version 4.0.0 and newer.
# Facts: main.tf (02b88f8) of the module's repository.

variable "vnet_name" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "subnet_names" {
  type = list(string)
}

variable "use_for_each" {
  type = bool
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "azurerm_virtual_network" "vnet" {
  name                = var.vnet_name
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_subnet" "subnet_count" {
  count = var.use_for_each ? 0 : length(var.subnet_names)

  name                 = var.subnet_names[count.index]
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
}

resource "azurerm_subnet" "subnet_for_each" {
  for_each = var.use_for_each ? toset(var.subnet_names) : []

  name                 = each.value
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.vnet.name
}

output "vnet_id" {
  value = azurerm_virtual_network.vnet.id
}

output "vnet_name" {
  value = azurerm_virtual_network.vnet.name
}

output "vnet_subnets" {
  value = var.use_for_each ? [for subnet in azurerm_subnet.subnet_for_each : subnet.id] : azurerm_subnet.subnet_count[*].id
}
