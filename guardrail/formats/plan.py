"""Plans as `terraform show -json` writes them: resources with what is known of them before they are made.

Terraform's documentation: "JSON output format" (format version 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.formats.parsed import Unreadable
from guardrail.model.value import UnknownValue

Json = Mapping[str, Any]


class Planned(NamedTuple):
    """A resource of a plan: its address, its type (`data.aws_x` for data sources) and data without nulls."""

    address: str
    type: str
    name: str
    data: dict[str, object]


def read(text: str) -> list[Planned]:
    """Every resource of a plan, or of a state. Raises Unreadable with the offset where reading stopped."""
    import json

    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not JSON: {error.msg}", error.pos) from None
    except RecursionError:
        raise Unreadable("is nested too deep", 0) from None
    values = data.get("planned_values") or data.get("values") if isinstance(data, dict) else None
    if not isinstance(values, dict):
        raise Unreadable("has no planned_values; write it with `terraform show -json`", 0)
    changes = {str(c.get("address")): c.get("change", {}) for c in _maps(data.get("resource_changes"))}
    written = dict(_configured(_map(_map(data.get("configuration")).get("root_module")), ""))
    resources = list(_resources(_map(values.get("root_module"))))
    known = {str(r.get("address")) for r in resources}
    return [_planned(r, _map(changes.get(str(r.get("address")))), written, known) for r in resources]


def _resources(module: Json) -> Iterator[Json]:
    waiting = [module]
    while waiting:
        here = waiting.pop()
        yield from _maps(here.get("resources"))
        waiting.extend(_maps(here.get("child_modules")))


def _configured(module: Json, prefix: str) -> Iterator[tuple[str, tuple[str, Json]]]:
    """Expressions of every resource by its address without keys, with the address of its module."""
    waiting = [(module, prefix)]
    while waiting:
        here, path = waiting.pop()
        for resource in _maps(here.get("resources")):
            yield f"{path}{resource.get('address')}", (path, _map(resource.get("expressions")))
        for name, call in _map(here.get("module_calls")).items():
            waiting.append((_map(_map(call).get("module")), f"{path}module.{name}."))


def _planned(resource: Json, change: Json, written: Mapping[str, tuple[str, Json]], known: set[str]) -> Planned:
    address = str(resource.get("address"))
    data = _present(_map(resource.get("values")))
    path, expressions = written.get(without_keys(address), ("", None))
    unknown = change.get("after_unknown")
    if isinstance(unknown, dict) and isinstance(data, dict):
        data = _merged(data, unknown, expressions, _Around(address, path, known))
    kind = str(resource.get("type"))
    prefix = "data." if resource.get("mode") == "data" else ""
    return Planned(address, prefix + kind, str(resource.get("name")), data if isinstance(data, dict) else {})


class _Around(NamedTuple):
    address: str
    module: str
    known: set[str]


def _merged(data: dict[str, object], unknown: Json, expressions: Json | None, around: _Around) -> dict[str, object]:
    """Data with unknowns where something is written whose value is known after apply only.

    What is unknown and not written is the provider's to choose, as if it were absent.
    """
    merged = dict(data)
    for name, state in unknown.items():
        expression = None if expressions is None else expressions.get(name)
        if state is True:
            if expression is not None or expressions is None:
                merged[name] = UnknownValue(
                    f"{around.address}.{name}, known after apply", refs=_refs(expression, around)
                )
        elif isinstance(state, list) and isinstance(merged.get(name), list):
            merged[name] = _merged_list(list(merged[name]), state, expression, around)  # type: ignore[call-overload]
        elif isinstance(state, dict) and isinstance(merged.get(name), dict) and any(state.values()):
            below = {k: UnknownValue(f"{around.address}.{name}.{k}") for k, v in state.items() if v is True}
            merged[name] = {**merged[name], **below}  # type: ignore[dict-item]
    return merged


def _merged_list(items: list[object], states: list[Any], expression: Any, around: _Around) -> list[object]:
    found: list[object] = []
    for i, item in enumerate(items):
        state = states[i] if i < len(states) else None
        below = expression[i] if isinstance(expression, list) and i < len(expression) else None
        if isinstance(state, dict) and isinstance(item, dict):
            found.append(_merged(item, state, below if isinstance(below, dict) else None, around))
        elif state is True:
            found.append(UnknownValue(f"{around.address}, known after apply", refs=_refs(expression, around)))
        else:
            found.append(item)
    return found


def _refs(expression: Any, around: _Around) -> tuple[tuple[str, str], ...]:
    """The resources an expression refers to; with several instances, the one with the same key, else all."""
    found: dict[str, None] = {}
    for reference in _map(expression).get("references", ()):
        parts = str(reference).split(".")
        size = 3 if parts[0] == "data" else 2
        target = around.module + ".".join(parts[:size])
        key = around.address[len(without_keys(around.address)) :] if around.address.endswith("]") else ""
        if target + key in around.known:
            found.setdefault(target + key)
        else:
            found.update(dict.fromkeys(sorted(a for a in around.known if without_keys(a) == without_keys(target))))
    return tuple((address, "") for address in found)


def without_keys(address: str) -> str:
    """An address without the keys of instances: `module.a["x"].b.c[0]` is `module.a.b.c`."""
    out: list[str] = []
    depth = quoted = 0
    for char in address:
        if char == '"' and depth:
            quoted ^= 1
        elif char == "[" and not quoted:
            depth += 1
        if not depth:
            out.append(char)
        if char == "]" and depth and not quoted:
            depth -= 1
    return "".join(out)


def _present(value: Any) -> Any:
    """A value without nulls in maps."""
    if isinstance(value, dict):
        return {k: _present(v) for k, v in value.items() if v is not None}
    return [_present(v) for v in value] if isinstance(value, list) else value


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
