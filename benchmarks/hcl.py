"""How fast the Terraform language is parsed: megabytes a second of processor time, and what hostile input costs.

    python benchmarks/hcl.py [FOLDER...] [--rounds N] [--size KILOBYTES]

Without folders, configurations are made up: resources, nested blocks, maps, policies in `jsonencode` and heredocs,
locals, variables, modules and outputs, in about the proportions of real modules (mostly references and calls, a tenth
of comments, seven characters to a token). With folders, every .tf, .tofu and .tfvars file below them is read. The
fastest of N rounds counts. The exit code is 1 where the aim is missed.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable
from pathlib import Path

from guardrail.hcl.lexer import Lexer
from guardrail.hcl.parser import parse

AIM = 5.0
"""Megabytes a second, on one core."""

FILE = 15
"""Kilobytes of a file that is made up."""

HOSTILE_AIM = 1.0
"""Seconds for a megabyte of the worst."""

SERVICES = "orders billing search catalog gateway worker reports sessions".split()

RESOURCE = """# {title} of the {service} service
resource "aws_db_instance" "{service}_{n}" {{
  identifier     = "${{var.project}}-${{var.environment}}-{service}"
  engine         = "postgres"
  engine_version = var.engine_versions["{service}"]
  instance_class = lookup(var.instance_classes, var.environment, "db.t4g.medium")

  allocated_storage     = {size}
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.database[0].arn
  multi_az              = var.environment == "production" ? true : false
  publicly_accessible   = false
  vpc_security_group_ids = [aws_security_group.{service}.id, module.network.default_security_group_id]
  db_subnet_group_name  = aws_db_subnet_group.main.name
  backup_retention_period = local.is_production ? 30 : 7 # days
  deletion_protection     = local.is_production && !var.allow_destroy

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  tags = merge(local.common_tags, {{
    Name    = "{service}-database"
    Service = "{service}"
    Tier    = "data"
  }})

  lifecycle {{
    prevent_destroy = true
    ignore_changes  = [password, engine_version]
  }}

  depends_on = [aws_iam_role.{service}]
}}

"""
GROUP = """resource "aws_security_group" "{service}" {{
  name        = "${{local.prefix}}-{service}-{n}"
  description = "Traffic to the {service} service"
  vpc_id      = module.network.vpc_id

  ingress {{
    description     = "HTTPS from the load balancer"
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.load_balancer.id]
  }}

  dynamic "ingress" {{
    for_each = var.{service}_ports
    content {{
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [for subnet in data.aws_subnet.private : subnet.cidr_block if subnet.is_private == true]
    }}
  }}

  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}

"""
POLICY = """resource "aws_iam_role_policy" "{service}_{n}" {{
  name = "{service}-{n}"
  role = aws_iam_role.{service}.id

  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        Resource = ["${{aws_s3_bucket.{service}.arn}}", "${{aws_s3_bucket.{service}.arn}}/*"]
      }},
      {{
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = aws_kms_key.{service}.arn
        Condition = {{
          StringEquals = {{ "kms:ViaService" = "s3.${{data.aws_region.current.name}}.amazonaws.com" }}
        }}
      }}
    ]
  }})
}}

"""
INSTANCE = """resource "aws_launch_template" "{service}_{n}" {{
  count         = var.create ? length(var.availability_zones) : 0
  name_prefix   = "{service}-${{count.index}}-"
  image_id      = data.aws_ami.linux.id
  instance_type = try(var.instance_types[count.index], "t3.large")

  metadata_options {{
    http_endpoint = "enabled"
    http_tokens   = "required"
  }}

  block_device_mappings {{
    device_name = "/dev/xvda"
    ebs {{
      volume_size = {size}
      encrypted   = true
    }}
  }}

  user_data = base64encode(<<-EOT
    #!/bin/bash
    set -euo pipefail
    /etc/eks/bootstrap.sh ${{aws_eks_cluster.main.name}} \\
      --kubelet-extra-args '--node-labels=service={service}'
    %{{ if var.debug ~}}
    echo "debugging ${{var.environment}}"
    %{{ endif ~}}
  EOT
  )
}}

"""
OTHERS = """variable "{service}_ports" {{
  description = "Ports on which {service} listens, with what speaks there"
  type = list(object({{
    port     = number
    protocol = optional(string, "tcp")
  }}))
  default = []

  validation {{
    condition     = alltrue([for p in var.{service}_ports : p.port > 0 && p.port < 65536])
    error_message = "A port is between 1 and 65535."
  }}
}}

locals {{
  {service}_names = {{ for k, v in var.{service}_zones : k => format("%s-%s", local.prefix, v.name) if v.enabled }}
  {service}_arns  = concat(aws_s3_bucket.{service}[*].arn, [aws_s3_bucket.shared.arn])
}}

module "{service}_{n}" {{
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.2"

  function_name = "${{local.prefix}}-{service}"
  handler       = "index.handler"
  runtime       = "python3.12"
  timeout       = {size}

  environment_variables = {{
    LOG_LEVEL = var.log_level
    TABLE     = aws_dynamodb_table.{service}.name
  }}
  providers = {{
    aws = aws.replica
  }}
}}

output "{service}_endpoint_{n}" {{
  description = "Where {service} is reached"
  value       = aws_db_instance.{service}_{n}.endpoint
  sensitive   = true
}}

"""


def configuration(kilobytes: int, seed: int = 1) -> str:
    """A configuration of about a size."""
    dice = random.Random(seed)
    parts: list[str] = []
    size = 0
    while size < kilobytes * 1000:
        shape = dice.choice((RESOURCE, GROUP, POLICY, INSTANCE, OTHERS))
        names = {"service": dice.choice(SERVICES), "n": len(parts), "size": dice.randrange(10, 900)}
        parts.append(shape.format(title=dice.choice(("Database", "Store", "Records")), **names))
        size += len(parts[-1])
    return "".join(parts)


def hostile() -> dict[str, str]:
    """Texts of about a megabyte (deep ones smaller), by what is bad about them."""
    return {
        "a map of 20,000 entries": "m = {\n"
        + "".join(f'  key{i} = "value {i} of many more"\n' for i in range(20_000))
        + "}\n",
        "a string of 1 MB": f'a = "{"x" * 1_000_000}"\n',
        "300,000 newlines": "\n" * 300_000 + "a = 1\n",
        "200,000 stray quotes": '"\n' * 200_000,
        "200,000 quotes on a line": "a = " + '"' * 200_001 + "\n",
        "200,000 unterminated interpolations": '"${' * 200_000,
        "20,000 heredocs without an end": "".join(f"a{i} = <<X{i}\ntext\n" for i in range(20_000)),
        "20,000 blocks without an end": "".join(f'resource "a" "b{i}" {{\n  c = 1\n' for i in range(20_000)),
        "20,000 comments without an end": "a {\n/*\n" * 20_000,
        "50,000 interpolations": 'a = "' + "x ${var.y} " * 50_000 + '"\n',
        "100,000 terms": "a = " + " || ".join(["b"] * 100_000) + "\n",
        "5,000 brackets": "a = " + "[" * 5_000 + "]" * 5_000 + "\n",
        "5,000 blocks": "a {\n" * 5_000 + "}\n" * 5_000,
        "1 MB of blanks": " " * 1_000_000,
        "1 MB of carriage returns": "a = 1\r" * 170_000,
    }


def seconds(run: Callable[[], object], rounds: int) -> float:
    """Processor time of the fastest round."""
    found = []
    for _ in range(rounds):
        started = time.process_time()
        run()
        found.append(time.process_time() - started)
    return min(found)


def tokens(texts: list[str]) -> int:
    """How many tokens there are; nothing is made of them."""
    count = 0
    for text in texts:
        lexer, position = Lexer(text), 0
        while position < len(text):
            position = lexer.read(position, len(text))
            count += len(lexer.kinds)
    return count


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=500)
    options = parser.parse_args()
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for folder in options.folders
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix in {".tf", ".tofu", ".tfvars"} and path.is_file()
    ] or [configuration(FILE, seed) for seed in range(max(1, options.size // FILE))]
    gc.set_threshold(500_000)  # as the command does
    size = sum(len(text.encode()) for text in texts)
    count = tokens(texts)
    lexing = seconds(lambda: tokens(texts), options.rounds)
    parsing = seconds(lambda: [parse(text) for text in texts], options.rounds)
    print(f"{len(texts)} files, {size / 1e6:.2f} MB, {size / count:.1f} characters to a token\n")
    print("| what | MB/s |\n|---|---|")
    print(f"| tokens | {size / lexing / 1e6:.1f} |\n| tree | {size / parsing / 1e6:.1f} |")
    print("\n| hostile | MB | s |\n|---|---|---|")
    worst = 0.0
    for name, text in hostile().items():
        cost = seconds(lambda text=text: parse(text), 1)
        worst = max(worst, cost)
        print(f"| {name} | {len(text) / 1e6:.2f} | {cost:.3f} |")
    met = size / parsing / 1e6 >= AIM and worst <= HOSTILE_AIM
    print(f"\naim: {AIM} MB/s, {HOSTILE_AIM} s for the worst: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
