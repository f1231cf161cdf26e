"""Checks of what is used and downloaded on anything that YAML can say: never an exception, always a place."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guardrail import checks
from guardrail.catalog.load import load
from guardrail.graph.repository import Repository
from guardrail.model.document import Document, Resource
from guardrail.model.report import Hit
from guardrail.views.items import Lens
from tests.checks.test_workflow_checks_any_input import DOCUMENTS, TREES, Nowhere, OneFile

POLICIES = [p for p in load().policies.values() if FilePath(p.origin).parent.name == "supply-chain"]
ACTIONS = st.fixed_dictionaries(
    {"runs": st.one_of(TREES, st.fixed_dictionaries({"steps": st.lists(TREES, max_size=4)}))}
)


def judge(data: dict[str, Any], kind: str) -> None:
    """Every policy of the family on a document."""
    from guardrail.actions.recognise import table

    document = Document(".github/workflows/a.yml", 0, data, Nowhere(), 1, 1)  # type: ignore[arg-type]
    lens = Lens(Resource(document, data, (), "workflow", "", kind))
    repository = Repository("", OneFile(data), lambda: table([]))  # type: ignore[arg-type]
    for policy in POLICIES:
        params = {name: param.default for name, param in policy.params.items()}
        for item in lens.items(policy.each):
            bound = item._replace(bindings={**item.bindings, "repository": repository})
            for found in checks.find(policy.check)(bound, {"params": params}):
                assert isinstance(found, Hit)
                assert found.message
                assert len(found.message) < 500


@given(DOCUMENTS["workflow"])
def test_any_workflow(data: dict[str, Any]) -> None:
    judge(data, "Workflow")


@given(ACTIONS)
def test_any_action(data: dict[str, Any]) -> None:
    judge(data, "Action")
