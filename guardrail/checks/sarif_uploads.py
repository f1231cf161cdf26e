"""Uploads to code scanning that are skipped when they matter, or that replace one another.

Facts: a condition without a status function has an implicit `success()` (GitHub's expressions reference); an analysis
is told by tool and category, a second one replaces the first (SARIF support for code scanning), and the action refuses
it within one job (github/codeql-action#872); without `category` the matrix is part of it (upload-sarif's `matrix`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions import expressions, matrix
from guardrail.actions.model import ENFORCING, Step
from guardrail.actions.uses import parse_uses
from guardrail.checks.permission_needs import inputs
from guardrail.checks.token_uses import in_text
from guardrail.graph.deliveries import delivery
from guardrail.graph.repository import Repository
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.workflows import Data, Job, jobs, steps_by_job

__all__ = ["categories", "skipped"]

_SCANS = frozenset(
    "sast container-scan iac-scan dependency-audit secret-scan licence-check dast lint typecheck format".split()
)
_MOST_UPLOADS = 30
_TOOLS = frozenset({"tool", "tools", "scanner", "analyzer", "analyser", "linter", "check"})


def skipped(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Uploads behind a scan that fails when it finds something, without a condition that lets them run then."""
    repository = item.bindings.get("repository")
    if not isinstance(repository, Repository):
        return
    for job in jobs(item.resource):
        if not any(_is_upload(step.data) for step in steps_by_job(item.resource).get(job.id, ())):
            continue
        planned = delivery(repository, item.resource.document.file, item.resource.data).pipeline.jobs.get(job.id)
        before: list[Step] = []
        for step in planned.steps if planned else ():
            if _is_upload(step.data) and expressions.condition(step.data.get("if")).implicit_success:
                yield from _behind(step, before)
            before.append(step)


def _behind(upload: Step, before: list[Step]) -> Iterator[Hit]:
    for scan in before:
        ability = next((a for a in scan.abilities if a.capability in _SCANS and a.teeth == ENFORCING and a.sure), None)
        if ability is not None and not scan.data.get("continue-on-error") and _feeds(scan, upload):
            path = (*upload.pointer.path, "if")
            related = ((Pointer("", scan.pointer.path), "it fails when it finds something"),)
            name = ability.details.get("tool") or ability.evidence
            message = f"when {name} finds something and fails, this upload is skipped and code scanning stays empty"
            yield Hit(path, message, missing="if" not in upload.data, related=related)
            return


def _feeds(scan: Step, upload: Step) -> bool:
    """Whether a step is seen to write the file that is uploaded."""
    file = str(inputs(upload.data).get("sarif_file", "../results")).strip()
    if scan.id and f"steps.{scan.id}." in file:
        return True
    text = f"{scan.data.get('run')} {scan.data.get('with')}"
    return "${{" not in file and file.rpartition("/")[2] in text and "sarif" in text.lower()


def _is_upload(step: Mapping[str, object]) -> bool:
    uses = parse_uses(str(step.get("uses") or "").strip())
    return uses.name == "github/codeql-action" and uses.path == "upload-sarif"


def categories(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Uploads of one tool under one category: by the legs of a matrix, or twice in a job."""
    for job in jobs(item.resource):
        held = [(s.data, s.path) for s in steps_by_job(item.resource).get(job.id, ())]
        uploads = [(step, path) for step, path in held if _uploads(step)]
        yield from _in_matrix(job, uploads)
        yield from _twice(held, [(step, path) for step, path in uploads if _is_upload(step)])


def _uploads(step: Data) -> bool:
    uses = parse_uses(str(step.get("uses") or "").strip())
    sends = str(inputs(step).get("upload", "")).lower() not in ("never", "false")
    return _is_upload(step) or (uses.name == "github/codeql-action" and uses.path == "analyze" and sends)


def _in_matrix(job: Job, uploads: list[tuple[Data, Path]]) -> Iterator[Hit]:
    strategy = job.data.get("strategy")
    legs = matrix.legs(strategy)
    keys = {str(key).lower() for leg in legs or () for key in leg}
    if legs is None or len(legs) < 2 or not keys.isdisjoint(_TOOLS):
        return
    for step, path in uploads:
        category = inputs(step).get("category")
        condition = str(step.get("if") or "")
        if isinstance(category, str) and not _is_the_legs(category) and "matrix." not in condition:
            message = (
                f"all {len(legs)} legs of job {job.id} upload under this category; the last one replaces the others"
            )
            yield Hit((*path, "with", "category"), message)


def _is_the_legs(category: str) -> bool:
    """Whether a category may be another one in each leg: any expression but those that are the same for all."""
    mentioned = {r.steps for w in in_text(category, ()) for r in w.references}
    return any(r[0] not in ("github", "vars", "inputs", "needs") for r in mentioned)


def _twice(held: list[tuple[Data, Path]], uploads: list[tuple[Data, Path]]) -> Iterator[Hit]:
    given = [
        (parse_uses(str(s["uses"]).strip()).name, str(s.get("with"))) for s, _ in held if "uses" in s and "with" in s
    ]
    seen: dict[tuple[str, str], Path] = {}
    for step, path in uploads[:_MOST_UPLOADS] if len(uploads) > 1 else ():
        tool = _tool(step, given)
        key = (tool, str(inputs(step).get("category", "")))
        if tool and key in seen and not step.get("if"):
            related = ((Pointer("", (*seen[key], "uses")), "uploaded here already"),)
            message = f"results of {tool} are uploaded twice under one category, which code scanning refuses"
            yield Hit((*path, "uses"), message, related=related)
        seen.setdefault(key, path)


def _tool(upload: Data, given: list[tuple[str, str]]) -> str:
    """The action that writes the file which is uploaded, by what actions are given; empty where that is not seen."""
    file = str(inputs(upload).get("sarif_file", "")).strip().rpartition("/")[2]
    if not file or "${{" in file:
        return ""
    names = {name for name, text in given if file in text} - {"actions/upload-artifact", "github/codeql-action"}
    return names.pop() if len(names) == 1 else ""
