"""The settings file `.guardrail.yaml`: found upward from what is scanned, checked, and laid over the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from guardrail.catalog.files import documents, validate
from guardrail.catalog.load import policy_settings
from guardrail.errors import UsageError
from guardrail.settings import Environment, PolicySettings, Settings

NAMES = (".guardrail.yaml", "guardrail.yaml")


def find(start: FilePath) -> FilePath | None:
    """The nearest settings file in `start` or above it, no further up than the folder that holds `.git`."""
    start = FilePath(os.path.realpath(start))
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def read(file: FilePath) -> Settings:
    """The settings of a file; raises PolicyError with file, line and a suggestion for what is wrong in it."""
    written = next(documents(file), None)
    if written is None:
        return Settings(source=str(file), directory=str(file.parent))
    validate(written, "settings")
    data: Mapping[str, Any] = written.data
    known: dict[str, Any] = {
        "profile": data.get("profile"),
        "select": _tuple(data, "select"),
        "ignore": _tuple(data, "ignore"),
        "exclude": _tuple(data, "exclude"),
        "policy_paths": _tuple(data, "policy-paths"),
        "kubernetes_version": data.get("kubernetes-version"),
        "baseline": str(file.parent / data["baseline"]) if "baseline" in data else None,
        "severity": data.get("severity"),
        "fail_on": data.get("fail-on"),
        "allow_unparsed": data.get("allow-unparsed"),
        "honour_peers": data.get("honour-peers"),
        "environment": data.get("environment"),
        "render_seconds": data.get("render-seconds"),
        "pod_specs": _paths(data["pod-specs"]) if "pod-specs" in data else None,
        **_helm(data.get("helm", {}), file.parent),
        "environments": _environments(data["environments"]) if "environments" in data else None,
        "recognise": _recognise(data["recognise"], written.place(("recognise",))) if "recognise" in data else None,
    }
    return replace(
        Settings(),
        policies=policy_settings(data.get("policies", {})),
        source=str(file),
        directory=str(file.parent),
        **{key: value for key, value in known.items() if value is not None},
    )


def _helm(given: Mapping[str, Any], folder: FilePath) -> dict[str, Any]:
    """What charts are rendered with; files are found from the settings file, values are written as `--set` has them."""
    found: dict[str, Any] = {}
    if "values" in given:
        found["helm_values"] = tuple(str(folder / name) for name in given["values"])
    if "set" in given:
        found["helm_set"] = tuple(f"{path}={_assigned(value)}" for path, value in given["set"].items())
    return found


def _assigned(value: object) -> str:
    """A value for `--set`, in which a comma would begin the next assignment."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value).replace("\\", "\\\\").replace(",", "\\,")


def _recognise(entries: Any, place: str) -> tuple[Mapping[str, object], ...]:
    from guardrail.catalog.recognise import validate

    validate(entries, place)
    return tuple(entries)


def _environments(given: Mapping[str, Any]) -> tuple[Environment, ...]:
    return tuple(
        Environment(
            name,
            dict((of or {}).get("variables", {})),
            tuple((of or {}).get("var-files", ())),
            str((of or {}).get("workspace", "")),
        )
        for name, of in given.items()
    )


def _paths(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {kind: (found,) if isinstance(found, str) else tuple(found) for kind, found in given.items()}


def _tuple(data: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(data[key]) if key in data else None


def with_parameters(settings: Settings, assignments: tuple[str, ...]) -> Settings:
    """Settings with `policy.param=value` laid over them; the value is YAML. Raises UsageError for another shape."""
    policies = dict(settings.policies)
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        policy, dot, param = name.strip().rpartition(".")
        if not equals or not dot or not policy:
            raise UsageError(f"--set {assignment}: expected policy.param=value")
        before = policies.get(policy, PolicySettings())
        policies[policy] = replace(before, params={**before.params, param: _value(value)})
    return replace(settings, policies=policies)


def _value(text: str) -> object:
    from guardrail.formats.nodes import Lines
    from guardrail.formats.scalars import SETTINGS
    from guardrail.formats.yaml_text import Parsed, read

    parsed = next(read(text, Lines(text), SETTINGS), None)
    if not isinstance(parsed, Parsed):
        raise UsageError(f"'{text}' is not a YAML value")
    return parsed.data
