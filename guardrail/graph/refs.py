"""The runs that start on a branch or tag of a given name, which need not be one that the workflow names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.actions import triggers
from guardrail.actions.model import Pipeline, Scenario
from guardrail.actions.samples import looks_like_version

_BY_BASE = frozenset({"pull_request", "pull_request_target", "merge_group"})
_ANY_REF = frozenset({"workflow_dispatch", "create", "delete"})


def on_ref(pipeline: Pipeline, scenarios: Iterable[Scenario], ref: str) -> tuple[Scenario, ...]:
    """Those of some scenarios that run on a ref, or are about a pull request to it.

    Scenarios are samples: where no sample is of that name but the event's filter admits it, one of another name is
    taken for it. `ref` is a full ref (`refs/tags/v1`), or a name: that of a tag if it looks like a version.
    """
    kind, name = _parts(ref)
    found = list(scenarios)
    named = [s for s in found if _short(s) == (kind, name) or (s.event in _BY_BASE and s.base == name)]
    events = {s.event for s in named}
    others = (_renamed(pipeline, s, kind, name) for s in found if s.event not in events)
    for scenario in others:
        if scenario is not None and scenario not in named:
            named.append(scenario)
    return tuple(named)


def _parts(ref: str) -> tuple[str, str]:
    if ref.startswith(("refs/heads/", "refs/tags/")):
        _, kind, name = ref.split("/", 2)
        return kind, name
    return ("tags" if looks_like_version(ref) else "heads"), ref


def _short(scenario: Scenario) -> tuple[str, str]:
    return _parts(scenario.ref) if scenario.ref else ("", "")


def _renamed(pipeline: Pipeline, scenario: Scenario, kind: str, name: str) -> Scenario | None:
    """A scenario as it would be on another ref; None where no such run starts."""
    config = pipeline.triggers.get(scenario.event)
    read = triggers.trigger(scenario.event, config if isinstance(config, Mapping) else {})
    if scenario.event in _BY_BASE:
        if kind != "heads" or not read.branches.admits(name):
            return None
        label = scenario.label.replace(f" {scenario.base}", f" {name}", 1)
        ref = f"refs/heads/{name}" if scenario.ref == f"refs/heads/{scenario.base}" else scenario.ref
        return scenario._replace(base=name, ref=ref, label=label)
    given = _short(scenario)
    if scenario.event != "workflow_dispatch" and given[0] != kind:
        return None
    if scenario.event not in _ANY_REF and not (scenario.event == "push" and triggers.pushes_to(read, kind, name)):
        return None
    label = scenario.label.replace(f" {given[1]}", f" {name}", 1)
    return scenario._replace(ref=f"refs/{kind}/{name}", label=label)
