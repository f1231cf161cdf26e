"""What in Terraform's JSON configuration syntax is a block, and which strings are references.

Source: developer.hashicorp.com/terraform/language/syntax/json ("Block-type-specific Exceptions"). Which arguments of a
resource are blocks only its provider knows; here an object or an array of objects is taken for one, unless its name or
its keys say that it is a map.
"""

from __future__ import annotations

import re

from guardrail.hcl.json_values import JsonArray, JsonObject, JsonValue

COMMENT = "//"
"""The key that Terraform ignores in a body."""

VALUES = "values"
"""The kind of a body that holds nothing but values: .tfvars.json."""

BLOCK = "block"
"""The kind of a body that a provider describes."""

TERRAFORM = "terraform"
"""The kind of a `terraform` body, and how the kinds of those within it begin; strings are literal in all of them."""

PARTS: dict[str, dict[str, int]] = {
    "": {
        "check": 1,
        "data": 2,
        "ephemeral": 2,
        "import": 0,
        "locals": 0,
        "module": 1,
        "moved": 0,
        "output": 1,
        "provider": 1,
        "removed": 0,
        "resource": 2,
        "terraform": 0,
        "variable": 1,
    },
    "block": {"dynamic": 1},
    "check": {"assert": 0, "data": 2},
    "content": {"dynamic": 1},
    "data": {"dynamic": 1, "lifecycle": 0},
    "dynamic": {"content": 0},
    "ephemeral": {"dynamic": 1, "lifecycle": 0},
    "lifecycle": {"postcondition": 0, "precondition": 0},
    "output": {"precondition": 0},
    "provisioner": {"connection": 0},
    "removed": {"lifecycle": 0, "provisioner": 1},
    "resource": {"connection": 0, "dynamic": 1, "lifecycle": 0, "provisioner": 1},
    "terraform": {"backend": 1, "cloud": 0, "provider_meta": 1, "required_providers": 0},
    "terraform.cloud": {"workspaces": 0},
    "variable": {"validation": 0},
}
"""The blocks of a body by its kind (`""` is the file), and how many labels each has."""

BARE: dict[str, tuple[str, ...]] = {
    "data": ("depends_on", "provider"),
    "dynamic": ("iterator",),
    "ephemeral": ("depends_on", "provider"),
    "import": ("to", "provider"),
    "lifecycle": ("ignore_changes", "replace_triggered_by"),
    "module": ("depends_on", "providers"),
    "moved": ("from", "to"),
    "output": ("depends_on",),
    "provisioner": ("on_failure", "when"),
    "removed": ("from",),
    "resource": ("depends_on", "provider"),
    "variable": ("type",),
}
"""Attributes whose strings are references, types or keywords without `${}`."""

_LITERAL: dict[str, tuple[str, ...]] = {
    "connection": ("type",),
    "module": ("source", "version"),
    "output": ("description",),
    "provider": ("alias", "version"),
    "variable": ("default", "description"),
}

_OPEN = frozenset(["block", "content", "data", "ephemeral", "provider", "resource"])

_MAPS = frozenset(
    """annotations app_settings binary_data default_arguments environment_variables keepers labels match_labels
    node_labels options parameters query request_parameters request_templates resource_labels response_parameters
    response_templates string_data tags tags_all triggers triggers_replace user_labels variables vars""".split()
)
"""Arguments that are maps wherever providers have them (documentation of hashicorp/aws, azurerm, google, kubernetes,
random, null and template)."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def is_block(kind: str, name: str, value: JsonValue) -> bool:
    """Whether a member of a body of some kind is a block, or several."""
    if name in PARTS.get(kind, {}):
        return True
    if kind not in _OPEN or name in _MAPS:
        return False
    items = value.items if isinstance(value, JsonArray) else (value,)
    return bool(items) and all(
        isinstance(item, JsonObject) and all(_WORD.match(key.text) or key.text == COMMENT for key, _ in item.members)
        for item in items
    )


def kind_within(kind: str, name: str) -> str:
    """The kind of a block's body, by that of the body that it stands in, and its type."""
    if kind.startswith(TERRAFORM):
        return f"{kind}.{name}"
    return name if name in PARTS.get(kind, {}) else BLOCK


def is_literal(kind: str, name: str) -> bool:
    """Whether strings in an attribute are no templates."""
    return kind == VALUES or kind.startswith(TERRAFORM) or name in _LITERAL.get(kind, ())
