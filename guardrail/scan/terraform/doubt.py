"""Where the value stands that a verdict could not be made without."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.engine.compile import Compiled
from guardrail.hcl.values import unknowns
from guardrail.model.place import Path
from guardrail.model.report import Undecided


def located(undecided: Undecided, data: Mapping[str, object], compiled: Compiled) -> Undecided:
    """What is undecided, at the attribute whose unknown value it depends on, where the policy names that attribute."""
    if undecided.path:
        return undecided
    causes = undecided.reason.partition(": fails when")[0].split(" and ")
    for name, value in data.items():
        if name in compiled.wording:
            found = _within(value, causes, (name,), compiled.wording)
            if found:
                return undecided._replace(path=found)
    return undecided


def _within(value: object, causes: list[str], path: Path, text: str) -> Path:
    """The path of the first value that is unknown for one of the causes; empty where there is none."""
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        for i, block in enumerate(value):
            for name, below in block.items():
                if name in text and (found := _within(below, causes, (*path, i, name), text)):
                    return found
    whole = any(cause in unknown.reason for unknown in unknowns(value) for cause in causes)
    return path if whole else ()
