"""Contexts and functions by key (github/docs contexts.md, "Context availability")."""

from __future__ import annotations

import pytest

from guardrail.actions.expressions.availability import CONTEXTS, EVERYWHERE, KEYS, STATUS, available

STEP = "github needs strategy matrix job runner env vars secrets steps inputs"


@pytest.mark.parametrize(
    ("key", "contexts", "functions"),
    [
        ("run-name", "github inputs vars", ""),
        ("concurrency", "github inputs vars", ""),
        ("env", "github secrets inputs vars", ""),
        ("jobs.<job_id>.concurrency", "github needs strategy matrix inputs vars", ""),
        ("jobs.<job_id>.container", "github needs strategy matrix vars inputs", ""),
        ("jobs.<job_id>.container.credentials", "github needs strategy matrix env vars secrets inputs", ""),
        (
            "jobs.<job_id>.container.env.<env_id>",
            "github needs strategy matrix job runner env vars secrets inputs",
            "",
        ),
        ("jobs.<job_id>.continue-on-error", "github needs strategy vars matrix inputs", ""),
        ("jobs.<job_id>.defaults.run", "github needs strategy matrix env vars inputs", ""),
        ("jobs.<job_id>.env", "github needs strategy matrix vars secrets inputs", ""),
        ("jobs.<job_id>.environment", "github needs strategy matrix vars inputs", ""),
        ("jobs.<job_id>.environment.url", "github needs strategy matrix job runner env vars steps inputs", ""),
        ("jobs.<job_id>.if", "github needs vars inputs", "always cancelled success failure"),
        ("jobs.<job_id>.outputs.<output_id>", STEP, ""),
        ("jobs.<job_id>.runs-on", "github needs strategy matrix vars inputs", ""),
        ("jobs.<job_id>.secrets.<secrets_id>", "github needs strategy matrix secrets inputs vars", ""),
        ("jobs.<job_id>.steps.continue-on-error", STEP, "hashfiles"),
        ("jobs.<job_id>.steps.env", STEP, "hashfiles"),
        (
            "jobs.<job_id>.steps.if",
            "github needs strategy matrix job runner env vars steps inputs",
            "always cancelled success failure hashfiles",
        ),
        ("jobs.<job_id>.steps.run", STEP, "hashfiles"),
        ("jobs.<job_id>.steps.with", STEP, "hashfiles"),
        ("jobs.<job_id>.strategy", "github needs vars inputs", ""),
        ("jobs.<job_id>.timeout-minutes", "github needs strategy matrix vars inputs", ""),
        ("jobs.<job_id>.with.<with_id>", "github needs strategy matrix inputs vars", ""),
        ("on.workflow_call.inputs.<inputs_id>.default", "github inputs vars", ""),
        ("on.workflow_call.outputs.<output_id>.value", "github jobs vars inputs", ""),
        # actions/languageservices workflow-parser/src/action-v1.0.json
        ("inputs.<input_id>.default", "github strategy matrix job runner", "hashfiles"),
        ("outputs.<output_id>.value", "github strategy matrix steps inputs job runner env", ""),
        ("runs.steps.run", "github inputs strategy matrix steps job runner env", "hashfiles"),
        ("runs.args", "inputs", ""),
    ],
)
def test_table(key: str, contexts: str, functions: str) -> None:
    assert available(key) == (frozenset(contexts.split()), frozenset(functions.split()) | EVERYWHERE)


def test_conditions_alone_have_status_functions() -> None:
    """github/docs expressions.md, "Status check functions"; a snapshot's condition has none in the schema."""
    assert {key for key in KEYS if available(key)[1] & STATUS} == {
        "jobs.<job_id>.if",
        "jobs.<job_id>.steps.if",
        "runs.steps.if",
        "runs.pre-if",
        "runs.post-if",
    }


def test_secrets_are_not_available_to_conditions_and_actions() -> None:
    """contexts.md, "secrets context": not available for composite actions; its table: not for any `if`."""
    for key in KEYS:
        if key.endswith("if") or key.startswith("runs."):
            assert "secrets" not in available(key)[0], key


def test_every_word_is_a_context_or_a_function() -> None:
    known = EVERYWHERE | STATUS | {"hashfiles"}
    for key in KEYS:
        contexts, functions = available(key)
        assert contexts <= CONTEXTS
        assert functions <= known, key


def test_other_keys_hold_no_expressions() -> None:
    with pytest.raises(KeyError):
        available("jobs.<job_id>.steps.uses")
