"""The workflows of a repository as deliveries, each built once, and where else a gate may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guardrail.actions import pipeline
from guardrail.actions.model import ENFORCING
from guardrail.actions.recognise import Recognition, Where, recognise
from guardrail.actions.steps import Facts
from guardrail.graph.delivery import Delivery
from guardrail.graph.deploys import Act
from guardrail.graph.repository import Repository


def delivery(repository: Repository, file: str, data: Mapping[str, object]) -> Delivery:
    """A workflow with all it calls, as a delivery."""

    def make() -> Delivery:
        def does(step: Mapping[str, object], facts: Facts) -> Recognition:
            literals = {f"inputs.{k}": str(v) for k, v in facts.inputs.items() if "${{" not in str(v)}
            where = Where(facts.shell, facts.env, facts.directory, repository.text, facts.windows, values=literals)
            return recognise(step, where, repository.table())

        return Delivery.of(pipeline.build(data, file, repository.call, does))

    return repository.once(("delivery", file), make)


def others(repository: Repository, file: str) -> Iterator[Delivery]:
    """The other workflows of a repository."""
    for name, data in repository.workflows().items():
        if name != file:
            yield delivery(repository, name, data)


def elsewhere(repository: Repository, file: str, capabilities: Sequence[str]) -> Act | None:
    """A gate with teeth in another workflow that runs for pull requests or pushes, or None."""
    for other in others(repository, file):
        if not {"pull_request", "push", "merge_group", "pull_request_target"}.isdisjoint(other.pipeline.triggers):
            for act in other.gates(capabilities):
                if act.ability.teeth == ENFORCING and act.ability.sure:
                    return act
    return None
