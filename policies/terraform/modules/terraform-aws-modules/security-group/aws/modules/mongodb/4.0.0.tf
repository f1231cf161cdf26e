# terraform-aws-modules/security-group/aws//modules/mongodb, version 4.0.0 until 6.0.0.
# Facts: main.tf (0089455) and rules.tf (0155590) of the module's repository, modules/*/auto_values.tf for what a preset adds; variables.tf
# and outputs.tf of 5.x. Rules whose number is computed (`number_of_computed_*`) are not told about.

variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type    = string
  default = null
}

variable "use_name_prefix" {
  type    = bool
  default = true
}

variable "description" {
  type    = string
  default = "Security Group managed by Terraform"
}

variable "vpc_id" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "ingress_rules" {
  type    = list(string)
  default = []
}

variable "ingress_with_self" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_ipv6_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "ingress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "ingress_cidr_blocks" {
  type    = list(string)
  default = []
}

variable "ingress_ipv6_cidr_blocks" {
  type    = list(string)
  default = []
}

variable "ingress_prefix_list_ids" {
  type    = list(string)
  default = []
}

variable "egress_rules" {
  type    = list(string)
  default = []
}

variable "egress_with_self" {
  type    = list(map(string))
  default = []
}

variable "egress_with_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "egress_with_ipv6_cidr_blocks" {
  type    = list(map(string))
  default = []
}

variable "egress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "egress_cidr_blocks" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "egress_ipv6_cidr_blocks" {
  type    = list(string)
  default = ["::/0"]
}

variable "egress_prefix_list_ids" {
  type    = list(string)
  default = []
}

variable "auto_ingress_rules" {
  type    = list(string)
  default = ["mongodb-27017-tcp", "mongodb-27018-tcp", "mongodb-27019-tcp"]
}

variable "auto_ingress_with_self" {
  type    = list(map(string))
  default = [{ rule = "all-all" }]
}

variable "auto_egress_rules" {
  type    = list(string)
  default = ["all-all"]
}

variable "auto_egress_with_self" {
  type    = list(map(string))
  default = []
}

locals {
  id = try(aws_security_group.this[0].id, null)

  ingress_rules     = concat(var.auto_ingress_rules, var.ingress_rules)
  ingress_with_self = concat(var.auto_ingress_with_self, var.ingress_with_self)
  egress_rules      = concat(var.auto_egress_rules, var.egress_rules)
  egress_with_self  = concat(var.auto_egress_with_self, var.egress_with_self)

  # First and last port and protocol of what rules are named by.
  rules = {
    activemq-5671-tcp                 = [5671, 5671, "tcp"]
    activemq-8883-tcp                 = [8883, 8883, "tcp"]
    activemq-61614-tcp                = [61614, 61614, "tcp"]
    activemq-61617-tcp                = [61617, 61617, "tcp"]
    activemq-61619-tcp                = [61619, 61619, "tcp"]
    alertmanager-9093-tcp             = [9093, 9093, "tcp"]
    alertmanager-9094-tcp             = [9094, 9094, "tcp"]
    cassandra-clients-tcp             = [9042, 9042, "tcp"]
    cassandra-thrift-clients-tcp      = [9160, 9160, "tcp"]
    cassandra-jmx-tcp                 = [7199, 7199, "tcp"]
    consul-tcp                        = [8300, 8300, "tcp"]
    consul-grpc-tcp                   = [8502, 8502, "tcp"]
    consul-webui-http-tcp             = [8500, 8500, "tcp"]
    consul-webui-https-tcp            = [8501, 8501, "tcp"]
    consul-dns-tcp                    = [8600, 8600, "tcp"]
    consul-dns-udp                    = [8600, 8600, "udp"]
    dns-udp                           = [53, 53, "udp"]
    dns-tcp                           = [53, 53, "tcp"]
    docker-swarm-mngmt-tcp            = [2377, 2377, "tcp"]
    docker-swarm-node-tcp             = [7946, 7946, "tcp"]
    etcd-client-tcp                   = [2379, 2379, "tcp"]
    etcd-peer-tcp                     = [2380, 2380, "tcp"]
    ntp-udp                           = [123, 123, "udp"]
    elasticsearch-rest-tcp            = [9200, 9200, "tcp"]
    elasticsearch-java-tcp            = [9300, 9300, "tcp"]
    grafana-tcp                       = [3000, 3000, "tcp"]
    http-80-tcp                       = [80, 80, "tcp"]
    http-8080-tcp                     = [8080, 8080, "tcp"]
    https-443-tcp                     = [443, 443, "tcp"]
    https-8443-tcp                    = [8443, 8443, "tcp"]
    ipsec-500-udp                     = [500, 500, "udp"]
    ipsec-4500-udp                    = [4500, 4500, "udp"]
    kafka-broker-tcp                  = [9092, 9092, "tcp"]
    kafka-broker-tls-tcp              = [9094, 9094, "tcp"]
    kafka-broker-sasl-scram-tcp       = [9096, 9096, "tcp"]
    kafka-broker-sasl-iam-tcp         = [9098, 9098, "tcp"]
    kibana-tcp                        = [5601, 5601, "tcp"]
    kubernetes-api-tcp                = [6443, 6443, "tcp"]
    ldap-tcp                          = [389, 389, "tcp"]
    ldaps-tcp                         = [636, 636, "tcp"]
    logstash-tcp                      = [5044, 5044, "tcp"]
    memcached-tcp                     = [11211, 11211, "tcp"]
    minio-tcp                         = [9000, 9000, "tcp"]
    mongodb-27017-tcp                 = [27017, 27017, "tcp"]
    mongodb-27018-tcp                 = [27018, 27018, "tcp"]
    mongodb-27019-tcp                 = [27019, 27019, "tcp"]
    mysql-tcp                         = [3306, 3306, "tcp"]
    mssql-tcp                         = [1433, 1433, "tcp"]
    mssql-udp                         = [1434, 1434, "udp"]
    nfs-tcp                           = [2049, 2049, "tcp"]
    nomad-http-tcp                    = [4646, 4646, "tcp"]
    openvpn-udp                       = [1194, 1194, "udp"]
    openvpn-tcp                       = [943, 943, "tcp"]
    openvpn-https-tcp                 = [443, 443, "tcp"]
    postgresql-tcp                    = [5432, 5432, "tcp"]
    prometheus-http-tcp               = [9090, 9090, "tcp"]
    prometheus-node-exporter-http-tcp = [9100, 9100, "tcp"]
    oracle-db-tcp                     = [1521, 1521, "tcp"]
    rabbitmq-4369-tcp                 = [4369, 4369, "tcp"]
    rabbitmq-5671-tcp                 = [5671, 5671, "tcp"]
    rabbitmq-5672-tcp                 = [5672, 5672, "tcp"]
    rabbitmq-15672-tcp                = [15672, 15672, "tcp"]
    rabbitmq-25672-tcp                = [25672, 25672, "tcp"]
    rdp-tcp                           = [3389, 3389, "tcp"]
    rdp-udp                           = [3389, 3389, "udp"]
    redis-tcp                         = [6379, 6379, "tcp"]
    redshift-tcp                      = [5439, 5439, "tcp"]
    smtp-tcp                          = [25, 25, "tcp"]
    smtp-submission-587-tcp           = [587, 587, "tcp"]
    smtps-465-tcp                     = [465, 465, "tcp"]
    ssh-tcp                           = [22, 22, "tcp"]
    splunk-web-tcp                    = [8000, 8000, "tcp"]
    vault-tcp                         = [8200, 8200, "tcp"]
    web-jmx-tcp                       = [1099, 1099, "tcp"]
    winrm-http-tcp                    = [5985, 5985, "tcp"]
    winrm-https-tcp                   = [5986, 5986, "tcp"]
    zookeeper-2181-tcp                = [2181, 2181, "tcp"]
    all-all                           = [-1, -1, "-1"]
    all-tcp                           = [0, 65535, "tcp"]
    all-udp                           = [0, 65535, "udp"]
    all-icmp                          = [-1, -1, "icmp"]
  }
}

# Never with rules within.
resource "aws_security_group" "this" {
  count = var.create ? 1 : 0

  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  description = var.description
  vpc_id      = var.vpc_id
  ingress     = null
  egress      = null
  tags        = merge({ Name = var.name }, var.tags)
}

resource "aws_security_group_rule" "ingress_rules" {
  count = var.create ? length(local.ingress_rules) : 0

  security_group_id = local.id
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  description       = local.ingress_rules[count.index] # the module has a text of its own for each
  from_port         = local.rules[local.ingress_rules[count.index]][0]
  to_port           = local.rules[local.ingress_rules[count.index]][1]
  protocol          = local.rules[local.ingress_rules[count.index]][2]
}

resource "aws_security_group_rule" "ingress_with_cidr_blocks" {
  count = var.create ? length(var.ingress_with_cidr_blocks) : 0

  security_group_id = local.id
  type              = "ingress"
  cidr_blocks       = compact(split(",", lookup(var.ingress_with_cidr_blocks[count.index], "cidr_blocks", join(",", var.ingress_cidr_blocks))))
  ipv6_cidr_blocks  = null
  prefix_list_ids   = var.ingress_prefix_list_ids
  description       = lookup(var.ingress_with_cidr_blocks[count.index], "description", "Ingress Rule")
  from_port         = try(tonumber(var.ingress_with_cidr_blocks[count.index]["from_port"]), local.rules[var.ingress_with_cidr_blocks[count.index]["rule"]][0])
  to_port           = try(tonumber(var.ingress_with_cidr_blocks[count.index]["to_port"]), local.rules[var.ingress_with_cidr_blocks[count.index]["rule"]][1])
  protocol          = try(var.ingress_with_cidr_blocks[count.index]["protocol"], local.rules[var.ingress_with_cidr_blocks[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "ingress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.ingress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.id
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", lookup(var.ingress_with_ipv6_cidr_blocks[count.index], "ipv6_cidr_blocks", join(",", var.ingress_ipv6_cidr_blocks))))
  cidr_blocks       = null
  prefix_list_ids   = var.ingress_prefix_list_ids
  description       = lookup(var.ingress_with_ipv6_cidr_blocks[count.index], "description", "Ingress Rule")
  from_port         = try(tonumber(var.ingress_with_ipv6_cidr_blocks[count.index]["from_port"]), local.rules[var.ingress_with_ipv6_cidr_blocks[count.index]["rule"]][0])
  to_port           = try(tonumber(var.ingress_with_ipv6_cidr_blocks[count.index]["to_port"]), local.rules[var.ingress_with_ipv6_cidr_blocks[count.index]["rule"]][1])
  protocol          = try(var.ingress_with_ipv6_cidr_blocks[count.index]["protocol"], local.rules[var.ingress_with_ipv6_cidr_blocks[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count = var.create ? length(var.ingress_with_source_security_group_id) : 0

  security_group_id        = local.id
  type                     = "ingress"
  source_security_group_id = var.ingress_with_source_security_group_id[count.index]["source_security_group_id"]
  cidr_blocks              = null
  ipv6_cidr_blocks         = null
  prefix_list_ids          = var.ingress_prefix_list_ids
  description              = lookup(var.ingress_with_source_security_group_id[count.index], "description", "Ingress Rule")
  from_port                = try(tonumber(var.ingress_with_source_security_group_id[count.index]["from_port"]), local.rules[var.ingress_with_source_security_group_id[count.index]["rule"]][0])
  to_port                  = try(tonumber(var.ingress_with_source_security_group_id[count.index]["to_port"]), local.rules[var.ingress_with_source_security_group_id[count.index]["rule"]][1])
  protocol                 = try(var.ingress_with_source_security_group_id[count.index]["protocol"], local.rules[var.ingress_with_source_security_group_id[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "ingress_with_self" {
  count = var.create ? length(local.ingress_with_self) : 0

  security_group_id = local.id
  type              = "ingress"
  self              = tobool(lookup(local.ingress_with_self[count.index], "self", true))
  cidr_blocks       = null
  ipv6_cidr_blocks  = null
  prefix_list_ids   = var.ingress_prefix_list_ids
  description       = lookup(local.ingress_with_self[count.index], "description", "Ingress Rule")
  from_port         = try(tonumber(local.ingress_with_self[count.index]["from_port"]), local.rules[local.ingress_with_self[count.index]["rule"]][0])
  to_port           = try(tonumber(local.ingress_with_self[count.index]["to_port"]), local.rules[local.ingress_with_self[count.index]["rule"]][1])
  protocol          = try(local.ingress_with_self[count.index]["protocol"], local.rules[local.ingress_with_self[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "egress_rules" {
  count = var.create ? length(local.egress_rules) : 0

  security_group_id = local.id
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  prefix_list_ids   = var.egress_prefix_list_ids
  description       = local.egress_rules[count.index] # the module has a text of its own for each
  from_port         = local.rules[local.egress_rules[count.index]][0]
  to_port           = local.rules[local.egress_rules[count.index]][1]
  protocol          = local.rules[local.egress_rules[count.index]][2]
}

resource "aws_security_group_rule" "egress_with_cidr_blocks" {
  count = var.create ? length(var.egress_with_cidr_blocks) : 0

  security_group_id = local.id
  type              = "egress"
  cidr_blocks       = compact(split(",", lookup(var.egress_with_cidr_blocks[count.index], "cidr_blocks", join(",", var.egress_cidr_blocks))))
  ipv6_cidr_blocks  = null
  prefix_list_ids   = var.egress_prefix_list_ids
  description       = lookup(var.egress_with_cidr_blocks[count.index], "description", "Egress Rule")
  from_port         = try(tonumber(var.egress_with_cidr_blocks[count.index]["from_port"]), local.rules[var.egress_with_cidr_blocks[count.index]["rule"]][0])
  to_port           = try(tonumber(var.egress_with_cidr_blocks[count.index]["to_port"]), local.rules[var.egress_with_cidr_blocks[count.index]["rule"]][1])
  protocol          = try(var.egress_with_cidr_blocks[count.index]["protocol"], local.rules[var.egress_with_cidr_blocks[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "egress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.egress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.id
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", lookup(var.egress_with_ipv6_cidr_blocks[count.index], "ipv6_cidr_blocks", join(",", var.egress_ipv6_cidr_blocks))))
  cidr_blocks       = null
  prefix_list_ids   = var.egress_prefix_list_ids
  description       = lookup(var.egress_with_ipv6_cidr_blocks[count.index], "description", "Egress Rule")
  from_port         = try(tonumber(var.egress_with_ipv6_cidr_blocks[count.index]["from_port"]), local.rules[var.egress_with_ipv6_cidr_blocks[count.index]["rule"]][0])
  to_port           = try(tonumber(var.egress_with_ipv6_cidr_blocks[count.index]["to_port"]), local.rules[var.egress_with_ipv6_cidr_blocks[count.index]["rule"]][1])
  protocol          = try(var.egress_with_ipv6_cidr_blocks[count.index]["protocol"], local.rules[var.egress_with_ipv6_cidr_blocks[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "egress_with_source_security_group_id" {
  count = var.create ? length(var.egress_with_source_security_group_id) : 0

  security_group_id        = local.id
  type                     = "egress"
  source_security_group_id = var.egress_with_source_security_group_id[count.index]["source_security_group_id"]
  cidr_blocks              = null
  ipv6_cidr_blocks         = null
  prefix_list_ids          = var.egress_prefix_list_ids
  description              = lookup(var.egress_with_source_security_group_id[count.index], "description", "Egress Rule")
  from_port                = try(tonumber(var.egress_with_source_security_group_id[count.index]["from_port"]), local.rules[var.egress_with_source_security_group_id[count.index]["rule"]][0])
  to_port                  = try(tonumber(var.egress_with_source_security_group_id[count.index]["to_port"]), local.rules[var.egress_with_source_security_group_id[count.index]["rule"]][1])
  protocol                 = try(var.egress_with_source_security_group_id[count.index]["protocol"], local.rules[var.egress_with_source_security_group_id[count.index]["rule"]][2])
}

resource "aws_security_group_rule" "egress_with_self" {
  count = var.create ? length(local.egress_with_self) : 0

  security_group_id = local.id
  type              = "egress"
  self              = tobool(lookup(local.egress_with_self[count.index], "self", true))
  cidr_blocks       = null
  ipv6_cidr_blocks  = null
  prefix_list_ids   = var.egress_prefix_list_ids
  description       = lookup(local.egress_with_self[count.index], "description", "Egress Rule")
  from_port         = try(tonumber(local.egress_with_self[count.index]["from_port"]), local.rules[local.egress_with_self[count.index]["rule"]][0])
  to_port           = try(tonumber(local.egress_with_self[count.index]["to_port"]), local.rules[local.egress_with_self[count.index]["rule"]][1])
  protocol          = try(local.egress_with_self[count.index]["protocol"], local.rules[local.egress_with_self[count.index]["rule"]][2])
}

output "security_group_id" {
  value = local.id
}

output "security_group_arn" {
  value = try(aws_security_group.this[0].arn, null)
}

output "security_group_vpc_id" {
  value = try(aws_security_group.this[0].vpc_id, null)
}

output "security_group_name" {
  value = try(aws_security_group.this[0].name, null)
}
