"""Short words for tests of gates: a repository in memory, and the verdict on a gate of its workflow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from guardrail.actions.recognise import Table
from guardrail.catalog import recognise
from guardrail.formats import files, terraform
from guardrail.formats.nodes import Lines
from guardrail.graph import gates
from guardrail.graph.deliveries import delivery
from guardrail.graph.delivery import Delivery
from guardrail.graph.evidence import ALL, settled
from guardrail.graph.gates import Verdict
from guardrail.graph.repository import Repository
from guardrail.model.document import Document

CI = ".github/workflows/ci.yml"


@cache
def table() -> Table:
    return recognise.load()


class Memory:
    """Files by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def text(self, name: str) -> str | None:
        return self.texts.get(name)

    def document(self, name: str) -> object:
        text = self.texts.get(name)
        if text is None or name.endswith(".tf"):
            return terraform.literals(text) if text else None
        found = files.documents(name, text, Lines(text))
        return next((item.data for item in found if isinstance(item, Document)), None)

    def names(self, folder: str) -> tuple[str, ...]:
        prefix = f"{folder}/" if folder else ""
        below = {name[len(prefix) :] for name in self.texts if name.startswith(prefix)}
        return tuple(sorted({b.partition("/")[0] + "/" * ("/" in b) for b in below}))

    def below(self, folder: str, suffixes: tuple[str, ...], most: int) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.texts if name.endswith(suffixes)))[:most]


def repository(texts: Mapping[str, str]) -> Repository:
    return Repository("", Memory(texts), table)


def opened(texts: Mapping[str, str], file: str = CI) -> tuple[Repository, Delivery]:
    """A repository and the delivery of one of its workflows."""
    around = repository(texts)
    data = around.document(file)
    assert isinstance(data, dict), texts[file]
    return around, delivery(around, file, data)


def verdict(
    texts: Mapping[str, str] | str, gate: str = "unit-test", deploy: int = 0, accepted: tuple[str, ...] = ALL
) -> Verdict:
    """What is known of a gate before a deploy of the workflow `ci.yml`."""
    around, found = opened({CI: texts} if isinstance(texts, str) else texts)
    what = found.deploys[deploy]
    return settled(gates.verdict(found, what, gate, found.gates((gate,))), around, found, (gate,), accepted)


def said(given: Verdict) -> tuple[str, str]:
    """State and cause."""
    return given.state, given.cause
