"""The shape of `on`: events, and what `workflow_call`, `workflow_dispatch` and `schedule` hold.

Sources as for `workflow`; `on-mapping-new` of the runner's schema for what is read and what is ignored.
"""

from __future__ import annotations

from guardrail.actions.syntax.scalars import FILLED, FLAG, TEXT, TEXTS, words
from guardrail.actions.syntax.shape import ANY, Scalar, Shape

_INPUT_TYPE = words("boolean", "number", "string")
_SCALAR_VALUE = Shape("a value", Scalar())
_CALL_INPUT = Shape(
    "an input of workflow_call",
    keys={
        "description": TEXT,
        "deprecationMessage": TEXT,
        "type": _INPUT_TYPE,
        "required": FLAG,
        "default": _SCALAR_VALUE,
    },
    required=("type",),
)
_CALL_SECRET = Shape("a secret of workflow_call", Scalar("null"), keys={"description": TEXT, "required": FLAG})
_CALL_OUTPUT = Shape("an output of workflow_call", keys={"description": TEXT, "value": TEXT}, required=("value",))
WORKFLOW_CALL = Shape(
    "workflow_call",
    Scalar("null"),
    keys={
        "inputs": Shape("inputs", rest=_CALL_INPUT),
        "secrets": Shape("secrets", rest=_CALL_SECRET),
        "outputs": Shape("outputs", rest=_CALL_OUTPUT),
    },
)
_DISPATCH_INPUT = Shape(
    "an input of workflow_dispatch",
    Scalar("null"),
    keys={
        "description": TEXT,
        "deprecationMessage": TEXT,
        "type": words("boolean", "choice", "environment", "number", "string"),
        "required": FLAG,
        "default": _SCALAR_VALUE,
        "options": TEXTS,
    },
)
WORKFLOW_DISPATCH = Shape(
    "workflow_dispatch",
    Scalar("null"),
    keys={"inputs": Shape("inputs", Scalar("null"), rest=_DISPATCH_INPUT)},
)
SCHEDULE = Shape(
    "schedule",
    items=Shape("an entry of schedule", keys={"cron": FILLED, "timezone": FILLED}, required=("cron",)),
    least=1,
)
_PATTERNS = Shape("patterns", Scalar(), items=FILLED)
FILTERS = (
    "branches branches-ignore tags tags-ignore paths paths-ignore types workflows names versions reuse-previous-outcome"
)
EVENT = Shape("an event", Scalar("null"), keys=dict.fromkeys(FILTERS.split(), _PATTERNS), rest=ANY)
"""An event's filters. Which event takes which is no matter of shape: GitHub ignores the others without a word."""

ON = Shape(
    "on",
    Scalar("filled"),
    items=FILLED,
    keys={"workflow_call": WORKFLOW_CALL, "workflow_dispatch": WORKFLOW_DISPATCH, "schedule": SCHEDULE},
    rest=EVENT,
    least=1,
)
