"""Gates before a deploy: whether what must pass first can be missing, fail without effect, or be passed by.

WORKFLOWS 4.4 to 4.6. Every check is about the workflow that starts the run; what it calls is seen through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guardrail.checks.delivery import GATES, Look
from guardrail.graph.deploys import shortened
from guardrail.graph.gates import MISSING, UNPROVEN, VIOLATED, Verdict
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = ["missing", "nothing", "passed"]


def missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys before which nothing does what `gate` names; undecided where something unknown may do it."""
    look = Look.at(item, arguments)
    gate = GATES[arguments["gate"]]
    for deploy in look.deploys:
        if not look.concerns(deploy, gate):
            continue
        verdicts = look.verdicts(deploy, gate)
        absent = [(tools, v) for tools, v in verdicts if v.state == VIOLATED and v.cause == MISSING]
        if absent:
            by = " and ".join(f"by {' or '.join(tools)}" for tools, _ in absent if tools)
            message = f"{deploy.words} runs without {gate.words}{by and ' '}{by}: nothing that it waits for does any"
            yield look.hit(deploy.pointer, message, absent[0][1])
        for reason in dict.fromkeys(v.reason for _, v in verdicts if v.state == UNPROVEN):
            yield Undecided(look.path(deploy), reason)


def nothing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys before which none of `gates` stands: one finding that lists what is missing."""
    look = Look.at(item, arguments)
    gates = [GATES[name] for name in arguments["gates"]]
    for deploy in look.deploys:
        wanted = [gate for gate in gates if look.concerns(deploy, gate)]
        verdicts = [v for gate in wanted for _, v in look.verdicts(deploy, gate)]
        if wanted and all(v.state == VIOLATED and v.cause == MISSING for v in verdicts):
            absent = ", ".join(gate.words.removeprefix("a ").removeprefix("an ") for gate in wanted)
            yield look.hit(deploy.pointer, f"{deploy.words} runs unchecked, without any {absent}", verdicts[0])


def passed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Gates that are there and do not gate, for one of `causes`; one finding for each place to mend.

    With `always: true` only gates that never block in some scenario, with `always: false` only those that do or do not
    as something no file tells.
    """
    look = Look.at(item, arguments)
    told: dict[Pointer, tuple[Verdict, list[str]]] = {}
    for deploy in look.deploys:
        asked = (GATES[name] for name in arguments["gates"])
        for verdict in (v for gate in asked for _, v in look.verdicts(deploy, gate)):
            wanted = arguments.get("always", verdict.always) == verdict.always
            if wanted and verdict.state == VIOLATED and verdict.cause in arguments["causes"]:
                told.setdefault(verdict.pointer, (verdict, []))[1].append(deploy.words)
    for pointer, (verdict, deploys) in told.items():
        yield look.hit(pointer, _words(verdict, list(dict.fromkeys(deploys))), verdict)


def _words(verdict: Verdict, deploys: Sequence[str]) -> str:
    assert verdict.act is not None
    ability = verdict.act.ability
    what = shortened(ability.evidence) or verdict.act.step.name or verdict.act.step.key
    what = f"{what}` ({ability.via[-1]})" if ability.via else f"{what}`"
    where = " and ".join(deploys)
    reason = f": {verdict.reason}" if verdict.reason else ""
    match verdict.cause:
        case "not-awaited":
            return f"{where} does not wait for `{what}{reason}"
        case "skipped":
            scenario = verdict.trace.scenario.label if verdict.trace else ""
            return f"{where} runs on {scenario} although `{what} is skipped{reason}"
        case "masked" | "report-only":
            return f"`{what} cannot stop {where}{reason}"
    return f"{where} runs although `{what} failed{reason}"
