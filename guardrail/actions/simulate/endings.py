"""How a step ends of its own accord: scripts that fail on purpose, because of where they run or what went before.

Guards (`if [ "$GITHUB_REF" != refs/heads/main ]; then exit 1; fi`) and steps that collect results (`exit 1` when
`needs.test.result` is not success) decide whether a deploy runs, so they are run in thought. Everything else is taken
to succeed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guardrail.actions import expressions
from guardrail.actions.expressions import Embedded, ExpressionError, Symbol, Value
from guardrail.actions.expressions.values import text as as_text
from guardrail.actions.model import SKIPPED, SUCCESS, Job, Step
from guardrail.actions.shell import POSIX, shell
from guardrail.actions.shell.nesting import expressions as holes_of
from guardrail.actions.shell.parser import parse
from guardrail.actions.simulate.scope import Scope
from guardrail.actions.simulate.scripts.interpret import FAILS, OPEN, PASSES, Ending, Interpreter
from guardrail.actions.steps import windows
from guardrail.actions.uses import parse_uses

_RESULTS = re.compile(
    r"\bneeds\s*\.\s*[\w*-]+\s*\.\s*result\b|\bneeds\s*\[|\btoJSON\(\s*(?:needs|steps|job)\s*\)|\bjob\s*\.\s*status\b"
    r"|\bsteps\s*\.\s*[\w*-]+\s*\.\s*(?:outcome|conclusion)\b",
    re.IGNORECASE,
)
_MAY_FAIL = re.compile(r"\b(?:exit|return)\s+[\"']?(?:[1-9$]|\$\{)|\bfalse\b")
_FAILS_ALWAYS = re.compile(
    r"(?:(?:#|echo\b|printf\b|Write-\w+|::)[^\n|&;<>]*\n\s*)*(?:exit [1-9]\d{0,2}|throw\b[^\n]*)\s*"
)
_FAILS_IN_OTHERS = re.compile(r"\bexit\b|\bthrow\b|\braise\b|\bWrite-Error\b|\bassert\b", re.IGNORECASE)
_SET_FAILED = re.compile(
    r"\s*(?:(?://|core\.(?:info|error|warning|notice))[^\n;]*[\n;]\s*)*(?:core\.setFailed\(|throw\b)"
)
_ALL_NEEDS = re.compile(r"\s*\$\{\{\s*toJSON\(\s*needs\s*\)\s*\}\}\s*", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")

_LONGEST = 30_000
_MOST_KEPT = 5000
_OF_GITHUB = frozenset({"ref", "ref_name", "ref_type", "event_name", "base_ref", "head_ref", "actor", "repository"})

Kept = dict[tuple[object, ...], Ending]


@dataclass(slots=True)
class Script:
    """A script that may fail on purpose. `watched`: it looks at results of jobs or steps."""

    key: str
    parts: tuple[str | Embedded, ...]
    watched: bool
    errexit: bool
    pipefail: bool
    names: tuple[str, ...]
    kept: Kept

    def ending(self, scope: Scope) -> Ending:
        """How it ends, given what expressions and variables are worth."""
        text, offsets = _filled(self.parts, scope)
        known = {name: value for name in self.names if (value := _variable(name, scope)) is not None}
        key = (self.key, text, tuple(known.items()))
        found = self.kept.get(key)
        if found is None:
            found = self._run(text, known)
            if len(self.kept) < _MOST_KEPT:
                self.kept[key] = found
        return found._replace(at=_original(found.at, offsets))

    def _run(self, text: str, known: Mapping[str, str]) -> Ending:
        if _FAILS_ALWAYS.fullmatch(text.lstrip()):
            return Ending(FAILS, max(text.rfind("exit"), 0))
        holes = holes_of(text)
        read = parse(text, 0, len(text), holes)
        return Interpreter(text, holes, known.get, self.watched).run(read, self.errexit, self.pipefail)


@dataclass(slots=True)
class Certain:
    """A step that always ends in the same way when it runs."""

    kind: str

    def ending(self, scope: Scope) -> Ending:
        """How it ends."""
        return Ending(self.kind)


@dataclass(slots=True)
class AllsGreen:
    """re-actors/alls-green: fails unless each of the jobs passed to it succeeded, or is allowed not to."""

    jobs: object
    allowed: Mapping[str, frozenset[str]]

    def ending(self, scope: Scope) -> Ending:
        """How it ends, given the results."""
        results = self._results(scope)
        if results is None:
            return Ending(OPEN)
        bad = [j for j, r in results.items() if r != SUCCESS and j.lower() not in self.allowed.get(r, ())]
        return Ending(FAILS if bad or not results else PASSES)

    def _results(self, scope: Scope) -> dict[str, str] | None:
        needs = scope.lookup(("needs",))
        if not isinstance(self.jobs, str) or not _ALL_NEEDS.fullmatch(self.jobs) or not isinstance(needs, dict):
            return None
        return {str(job): str(one["result"]) for job, one in needs.items()}


Own = Script | Certain | AllsGreen


def own_ending(step: Step, job: Job, kept: Kept, looked_at: bool) -> Own | None:
    """How a step may end of its own accord; None for one that just does its work.

    `looked_at`: its outputs are used, so that a script that sets any is run in thought for their sake.
    """
    run = step.data.get("run")
    if isinstance(run, str):
        return _of_script(run, step, job, kept, looked_at)
    uses = step.data.get("uses")
    given = step.data.get("with")
    if not isinstance(uses, str) or not isinstance(given, Mapping):
        return None
    name = parse_uses(uses).name
    if name == "actions/github-script" and isinstance(given.get("script"), str):
        return _of_github_script(str(given["script"]), step)
    if name == "re-actors/alls-green":
        lists = {"failure": given.get("allowed-failures"), SKIPPED: given.get("allowed-skips")}
        allowed = {result: frozenset(_listed(names)) for result, names in lists.items()}
        return AllsGreen(given.get("jobs"), allowed)
    return None


def _of_script(run: str, step: Step, job: Job, kept: Kept, looked_at: bool) -> Own | None:
    watched = _watched(run, step, job)
    writes = (looked_at and "GITHUB_OUTPUT" in run) or "GITHUB_ENV" in run
    if len(run) > _LONGEST or not (watched or writes or _MAY_FAIL.search(run)):
        return None
    known = shell(step.shell, windows(job))
    if known.family != POSIX:
        if _FAILS_ALWAYS.fullmatch(run.lstrip()):
            return Certain(FAILS)
        return Certain(OPEN) if watched and _FAILS_IN_OTHERS.search(run) else None
    names = tuple(dict.fromkeys(_VARIABLE.findall(run)))[:200]
    return Script(step.key, expressions.parts(run), watched, known.options.errexit, known.options.pipefail, names, kept)


def _of_github_script(script: str, step: Step) -> Own | None:
    if _SET_FAILED.match(script):
        return Certain(FAILS)
    if _RESULTS.search(script) and ("setFailed" in script or "throw" in script):
        return Certain(OPEN)
    return None


def _watched(run: str, step: Step, job: Job) -> bool:
    texts = [run]
    for data in (step.data, job.data):
        env = data.get("env")
        texts += [v for v in env.values() if isinstance(v, str)] if isinstance(env, Mapping) else []
    texts += [v for v in step.inputs.values() if isinstance(v, str)]
    return any("${{" in text and _RESULTS.search(text) for text in texts)


def _filled(parts: tuple[str | Embedded, ...], scope: Scope) -> tuple[str, list[tuple[int, int]]]:
    """The script as a shell sees it, unknown expressions left as they are, and where its pieces came from."""
    out: list[str] = []
    offsets: list[tuple[int, int]] = []
    at = original = 0
    for part in parts:
        offsets.append((at, original))
        if isinstance(part, str):
            piece, length = part, len(part)
        else:
            length = part.end - part.start
            piece = _evaluated(part, scope)
        out.append(piece)
        at += len(piece)
        original += length
    return "".join(out), offsets


def _evaluated(part: Embedded, scope: Scope) -> str:
    raw = f"${{{{{part.text}}}}}"
    if part.node is None:
        return raw
    try:
        value = expressions.evaluate(part.node, scope)
    except ExpressionError:
        return raw
    return raw if isinstance(value, Symbol | dict | list) else as_text(value)


def _original(at: int, offsets: list[tuple[int, int]]) -> int:
    start, original = next((pair for pair in reversed(offsets) if pair[0] <= at), (0, 0))
    return original + at - start


def _variable(name: str, scope: Scope) -> str | None:
    """A variable of the environment as far as it is known: those GitHub sets first (variables reference)."""
    lower = name.lower()
    found: Value = None
    if lower.startswith("github_") and lower.removeprefix("github_") in _OF_GITHUB:
        found = scope.lookup(("github", lower.removeprefix("github_")))
    elif not lower.startswith(("github_", "runner_")):
        found = scope.lookup(("env", lower))
    return None if found is None or isinstance(found, Symbol) else as_text(found)


def _listed(names: object) -> list[str]:
    return [n.strip().lower() for n in re.split(r"[,\n\[\]\"]", names) if n.strip()] if isinstance(names, str) else []
