"""What a workflow or action of the same repository offers to those that use it: inputs, secrets, outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Data = Mapping[str, object]
Named = Mapping[str, Data]


class Offer(NamedTuple):
    """The declarations of a reusable workflow or an action, by lower-cased name; None where malformed.

    `names` are the names as they are written. `open` says that outputs may be set that are not declared.
    """

    inputs: Named | None
    secrets: Named | None
    outputs: Named | None
    names: Mapping[str, str]
    open: bool = False


def of_workflow(data: Data) -> Offer | None:
    """What a reusable workflow offers; None when it cannot be called."""
    on = data.get("on")
    if on == "workflow_call" or (isinstance(on, list) and "workflow_call" in on):
        return Offer({}, {}, {}, {})
    if not isinstance(on, dict) or "workflow_call" not in on:
        return None
    call = on["workflow_call"]
    if call is None:
        return Offer({}, {}, {}, {})
    if not isinstance(call, dict):
        return Offer(None, None, None, {})
    return _offer(call)


def of_action(data: Data) -> Offer:
    """What an action offers. Only a composite one has no outputs but those it declares (metadata syntax, "outputs")."""
    runs = data.get("runs")
    using = runs.get("using") if isinstance(runs, dict) else None
    return _offer(data)._replace(open=using != "composite")


def _offer(data: Data) -> Offer:
    parts = [_named(data.get(key)) for key in ("inputs", "secrets", "outputs")]
    spelt: dict[str, str] = {}
    for key in ("inputs", "secrets", "outputs"):
        given = data.get(key)
        spelt.update({name.lower(): name for name in given} if isinstance(given, dict) else {})
    return Offer(parts[0], parts[1], parts[2], spelt)


def _named(given: object) -> Named | None:
    if given is None:
        return {}
    if not isinstance(given, dict):
        return None
    return {name.lower(): data if isinstance(data, dict) else {} for name, data in given.items()}
