"""What stands at a path of a workflow or action, in words: `timeout-minutes of job build`."""

from __future__ import annotations

from guardrail.model.place import Path, render_path


def subject(path: Path, kind: str = "Workflow") -> str:
    """A noun phrase for messages; steps are counted from 1, as GitHub's log does."""
    if not path:
        return "the workflow" if kind == "Workflow" else "the action"
    whose, rest = _owner(path)
    if not rest:
        return whose
    name = render_path(rest)
    return f"{name} of {whose}" if whose else name


def _owner(path: Path) -> tuple[str, Path]:
    """The job or step that a path lies in, in words, and the rest of the path."""
    match path:
        case ("jobs", str(job), "steps", int(index), "parallel", int(inner), *rest):
            return f"step {index + 1}.{inner + 1} of job {job}", tuple(rest)
        case ("jobs", str(job), "steps", int(index), *rest):
            return f"step {index + 1} of job {job}", tuple(rest)
        case ("jobs", str(job), *rest):
            return f"job {job}", tuple(rest)
        case ("runs", "steps", int(index), *rest):
            return f"step {index + 1}", tuple(rest)
    return "", path
