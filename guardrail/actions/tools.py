"""Tools that setup actions install: the input that says which version, and what is taken without it.

Sources: `inputs` in the `action.yml` of each action.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from re import IGNORECASE
from re import compile as regex
from typing import NamedTuple

from guardrail.actions.tables import rows
from guardrail.actions.uses import Uses

_LATEST = """
# Actions that take the latest version of their tool when the input is not given.
1password/load-secrets-action | version | 1Password CLI
aquasecurity/setup-trivy | version | trivy
azure/setup-helm | version | helm
azure/setup-kubectl | version | kubectl
extractions/setup-just | just-version | just
golangci/golangci-lint-action | version | golangci-lint
hashicorp/setup-packer | version | packer
hashicorp/setup-terraform | terraform_version | terraform
opentofu/setup-opentofu | tofu_version | tofu
snok/install-poetry | version | poetry
"""

_NAME = regex(r"(?:.*[-_])?(?:version|release)\Z", IGNORECASE)
_FLOATING = frozenset({"latest", "stable", "nightly", "edge", "canary", "*", "x"})


class Floating(NamedTuple):
    """A version that is not fixed: the input that says so, or none, and how a message tells it."""

    input: str
    told: str


@cache
def _table() -> dict[str, tuple[str, ...]]:
    return {row[0]: row for row in rows(_LATEST, 3)}


def floating(uses: Uses, given: Mapping[str, object]) -> Floating | None:
    """Why a setup action may install another version tomorrow: `version: latest`, or no version where that means it.

    `stable` counts only for the inputs of the table: for languages it is a channel that people choose.
    """
    entry = _table().get(uses.name)
    for name, value in given.items():
        text = str(value).strip().lower()
        listed = entry is not None and entry[1] == str(name)
        if (text == "latest" and _NAME.match(str(name))) or (listed and text in _FLOATING):
            return Floating(str(name), f"{name}: {value}")
    if entry is None or any(str(name) in (entry[1], f"{entry[1]}-file") for name in given):
        return None
    return Floating("", f"no {entry[1]}, so that the latest {entry[2]} is taken")
