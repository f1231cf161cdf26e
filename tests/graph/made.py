"""Pipelines from texts, for tests: steps do nothing that is recognised unless a word says so."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from guardrail.actions import pipeline as pipelines
from guardrail.actions.model import Ability, Pipeline
from guardrail.actions.recognise import Recognition


def pipeline(text: str, files: Mapping[str, str] | None = None, does: Mapping[str, Ability] | None = None) -> Pipeline:
    """The pipeline of a workflow `.github/workflows/it.yml`, among other files, with what some commands do."""
    known = {name: yaml.load(t, yaml.BaseLoader) for name, t in (files or {}).items()}

    def calls(path: str) -> tuple[str, Mapping[str, object]] | None:
        name = path.removeprefix("./")
        return (name, known[name]) if name in known else None

    def recognise(step: Mapping[str, object], _where: object) -> Recognition:
        ability = (does or {}).get(str(step.get("run", "")))
        return Recognition((ability,) if ability else (), "")

    return pipelines.build(yaml.load(text, yaml.BaseLoader), ".github/workflows/it.yml", calls, recognise)
