"""sarif-om's classes as a typed builder, and the serialiser that its own companion gets wrong."""

from __future__ import annotations

from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# sarif-om 1.0.4 knows a draft of the standard, in which `status` of a suppression was called
# `state`.
_RENAMED = {("Suppression", "state"): "status"}


def model() -> Any:
    """The sarif_om module; 46 ms, so only where SARIF is written."""
    import sarif_om

    return sarif_om


class Serialiser:
    """Turns sarif-om objects into plain data under the standard's property names.

    Drops what is absent (None, and the -1 that the standard uses for it) and nothing else: dropping
    defaults, as jschema-to-python does, loses an explicit level `warning` and with it the meaning
    of a result.
    """

    def __init__(self) -> None:
        self._names: dict[type, dict[str, str]] = {}

    def data(self, node: Any) -> Any:
        """Plain data for an object, list, mapping or scalar."""
        kind = node.__class__
        if kind is str or kind is int or kind is bool or kind is float:
            return node
        if kind is list or kind is tuple:
            return [self.data(item) for item in node]
        if kind is dict:
            return {key: self.data(value) for key, value in node.items()}
        names = self._names.get(kind) or self._learn(kind)
        return {names[key]: self.data(value) for key, value in vars(node).items() if value is not None and value != -1}

    def _learn(self, kind: type) -> dict[str, str]:
        fields = getattr(kind, "__attrs_attrs__", None)
        if fields is None:
            raise TypeError(f"not a SARIF object: {kind.__name__}")
        names = {
            field.name: _RENAMED.get((kind.__name__, field.name), field.metadata["schema_property_name"])
            for field in fields
        }
        self._names[kind] = names
        return names
