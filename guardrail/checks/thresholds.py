"""Whether a gate asks for enough: thresholds of scans and of coverage, and the services its matrix covers.

WORKFLOWS 4.6, GP22 and GP28, and `fail_at` of 4.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guardrail.actions.model import REPORT_ONLY
from guardrail.checks.delivery import GATES, Look
from guardrail.graph.deploys import shortened
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = ["coverage_low", "matrix_misses", "threshold_high"]

_LEVELS = ("low", "medium", "high", "critical")


def threshold_high(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Scans before a deploy that let pass what `failAt` says must fail, by gate."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        inside = look.delivery.awaited(deploy.job.id)
        for gate, level in arguments["failAt"].items():
            for act in look.delivery.gates(GATES[gate].capabilities):
                least = _least(act.ability.details.get("severity", ""))
                if act.job.id in inside and act.ability.teeth != REPORT_ONLY and least > _LEVELS.index(level):
                    said = shortened(act.ability.evidence)
                    message = f"`{said}` fails from {_LEVELS[least]} on; {level} is asked for"
                    yield look.hit(act.pointer, message, deploy)


def _least(severity: str) -> int:
    """The lowest level that a list of severities names; -1 where it names none."""
    named = [i for i, level in enumerate(_LEVELS) if level in severity.lower().replace("moderate", "medium")]
    return min(named, default=-1)


def coverage_low(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Tests before a deploy without an enforced threshold for coverage, or with one below `minimum` (percent)."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        inside = look.delivery.awaited(deploy.job.id)
        tests = [a for a in look.delivery.gates(("unit-test",)) if a.job.id in inside]
        found = [a for a in look.delivery.gates(("coverage",)) if a.job.id in inside]
        known = [(float(t), a) for a in found if (t := a.ability.details.get("threshold", "")) and _number(t)]
        if known:
            least, act = max(known, key=lambda pair: pair[0])
            if least < arguments["minimum"]:
                message = f"coverage may fall to {least:g} %; {arguments['minimum']} % is asked for"
                yield look.hit(act.pointer, message, deploy)
        elif tests and not any(a.step.opaque or not a.ability.sure for a in tests):
            message = f"nothing fails when coverage falls below {arguments['minimum']} %"
            yield look.hit(tests[0].pointer, message, deploy)
        elif tests:
            why = next(a.ability.reason or a.step.opaque for a in tests)
            yield Undecided(look.path(deploy), f"the threshold for coverage: {why}")


def _number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def matrix_misses(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys of a matrix whose gate runs in another matrix that lacks some of what is deployed."""
    look = Look.at(item, arguments)
    gates = [c for gate in GATES.values() for c in gate.capabilities]
    for deploy in look.deploys:
        told: set[str] = set()
        for act in look.delivery.gates(gates):
            legs, shipped = act.job.legs, deploy.job.legs
            if act.job.id not in look.delivery.awaited(deploy.job.id) or not legs or not shipped or act.job.id in told:
                continue
            for key in sorted(set(legs[0]) & set(shipped[0])):
                lacking = sorted(_values(shipped, key) - _values(legs, key))
                if lacking and act.job.id != deploy.job.id:
                    told.add(act.job.id)
                    left_out = f"{key} {', '.join(lacking)}"
                    message = f"`{shortened(act.ability.evidence)}` does not run for {left_out}, which is deployed"
                    yield look.hit(act.pointer, message, deploy)


def _values(legs: Sequence[Mapping[str, object]], key: str) -> set[str]:
    return {str(leg[key]) for leg in legs if key in leg}
