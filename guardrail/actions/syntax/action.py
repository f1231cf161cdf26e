"""The shape of an action's metadata file, `action.yml`.

Sources: github/docs `content/actions/reference/workflows-and-actions/metadata-syntax.md`; what GitHub's runner reads,
actions/runner `src/Runner.Worker/action_yaml.json` and `ActionManifestManager.cs`; actions/languageservices
`workflow-parser/src/action-v1.0.json`.
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.actions.syntax.scalars import FILLED, FLAG, TEXT
from guardrail.actions.syntax.shape import ANY, Scalar, Shape
from guardrail.actions.syntax.workflow import ENV

_IF = Shape("a condition", Scalar())
_STEP = {"name": TEXT, "id": FILLED, "if": _IF, "continue-on-error": FLAG, "env": ENV}
_NOT_IN_COMPOSITE = {
    "timeout-minutes": "is no key of a step of a composite action; the step or job that uses the action sets it",
    **dict.fromkeys(
        ("background", "parallel", "wait", "wait-all", "cancel"),
        "is not supported in a composite action; the workflow that uses it can run it so",
    ),
}
COMPOSITE_RUN = Shape(
    "a run step of a composite action",
    keys={**_STEP, "run": TEXT, "shell": FILLED, "working-directory": TEXT},
    required=("shell",),
    excluded={**_NOT_IN_COMPOSITE, "with": "goes with uses; a run step takes its values from env"},
)
COMPOSITE_USES = Shape(
    "a uses step of a composite action",
    keys={**_STEP, "uses": FILLED, "with": Shape("with", rest=TEXT, expression=True)},
    excluded={
        **_NOT_IN_COMPOSITE,
        "shell": "goes with run; an action chooses its shell itself",
        "working-directory": "goes with run; GitHub refuses it beside uses",
        "run": "stands beside uses; a step has one of them",
    },
)
_NO_STEP = Shape(
    "a step",
    keys={**(COMPOSITE_RUN.keys or {}), **(COMPOSITE_USES.keys or {})},
    required=("run or uses",),
    excluded=_NOT_IN_COMPOSITE,
)
_UNSUPPORTED_STEP = Shape("a step", keys=_NO_STEP.keys, excluded=_NOT_IN_COMPOSITE)


def _step_shape(step: Mapping[str, object]) -> Shape:
    if "uses" in step:
        return COMPOSITE_USES
    if "run" in step:
        return COMPOSITE_RUN
    return _UNSUPPORTED_STEP if any(key in step for key in _NOT_IN_COMPOSITE) else _NO_STEP


COMPOSITE = Shape(
    "runs of a composite action",
    keys={"using": FILLED, "steps": Shape("steps", items=Shape("a step", choose=_step_shape))},
    required=("steps",),
    excluded={"main": "goes with a Node.js runtime; using is composite"},
)
JAVASCRIPT = Shape(
    "runs of a JavaScript action",
    keys={"using": FILLED, "main": FILLED, "pre": FILLED, "pre-if": _IF, "post": FILLED, "post-if": _IF},
    required=("main",),
    excluded={"steps": "goes with using: composite"},
)
DOCKER = Shape(
    "runs of a Docker action",
    keys={
        "using": FILLED,
        "image": FILLED,
        "entrypoint": FILLED,
        "args": Shape("args", items=TEXT),
        "env": ENV,
        "pre-entrypoint": FILLED,
        "pre-if": _IF,
        "post-entrypoint": FILLED,
        "post-if": _IF,
    },
    required=("image",),
    excluded={"steps": "goes with using: composite", "main": "goes with a Node.js runtime; using is docker"},
)
_NO_RUNS = Shape("runs", keys={"using": FILLED}, rest=ANY, required=("using",))


def runs_shape(runs: Mapping[str, object]) -> Shape:
    """The shape of `runs` by what `using` says."""
    using = runs.get("using")
    kind = using.lower() if isinstance(using, str) else ""
    if kind.startswith("node"):
        return JAVASCRIPT
    return {"composite": COMPOSITE, "docker": DOCKER}.get(kind, _NO_RUNS)


INPUT = Shape(
    "an input of an action",
    keys={"description": TEXT, "required": TEXT, "default": TEXT, "deprecationMessage": TEXT},
)
OUTPUT = Shape("an output of an action", keys={"description": TEXT, "value": TEXT})

ACTION = Shape(
    "an action",
    keys={
        "name": TEXT,
        "author": TEXT,
        "description": TEXT,
        "inputs": Shape("inputs", rest=INPUT),
        "outputs": Shape("outputs", rest=OUTPUT),
        "runs": Shape("runs", choose=runs_shape),
        "branding": Shape("branding", keys={"icon": FILLED, "color": FILLED}),
    },
    required=("runs",),
)
