"""What `guardrail why` prints: for every way in which a workflow starts, what each job or step does and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from guardrail.actions.model import CANCELLED, FAILURE, SKIPPED, SUCCESS, Assumption, Pipeline, Scenario
from guardrail.graph.outcomes import Case, Group, Outcome, When
from guardrail.pages.screen import Paint, clean, counted, width, wrap

_WORDS: Mapping[str, str] = {
    SUCCESS: "runs",
    FAILURE: "fails",
    SKIPPED: "skipped",
    CANCELLED: "cancelled",
    "": "unknown",
}
_STYLES: Mapping[str, str] = {SUCCESS: "good", FAILURE: "bad", SKIPPED: "medium", CANCELLED: "medium", "": "dim"}
_DEPENDS = "depends"
_SCENARIOS = 8
"""Scenarios of one group that are named; more are counted."""
_FEW = 3
_MOST_WHENS = 4

Row = tuple[str, Sequence[Case]]


class Table(NamedTuple):
    """What to show: of a workflow, or of one job of it; `labels` are the words for steps by key.

    `failed` are the words for what was made to fail, `asked` for the runs that were asked for: `on v1.2`.
    """

    pipeline: Pipeline
    groups: tuple[Group, ...]
    job: str = ""
    labels: Mapping[str, str] = {}
    failed: tuple[str, ...] = ()
    asked: str = ""


def masked(table: Table, mask: Callable[[str], str]) -> Table:
    """The table with `mask` over everything that a workflow's author wrote."""
    groups = tuple(
        Group(
            tuple(s._replace(label=mask(s.label)) for s in group.scenarios),
            tuple(f._replace(cases=tuple(_masked(c, mask) for c in f.cases)) for f in group.fates),
        )
        for group in table.groups
    )
    labels = {key: mask(label) for key, label in table.labels.items()}
    return table._replace(groups=groups, labels=labels, failed=tuple(map(mask, table.failed)))


def _masked(case: Case, mask: Callable[[str], str]) -> Case:
    when = tuple(tuple(a._replace(text=mask(a.text)) for a in w) for w in case.when)
    return Case(case.outcome._replace(because=mask(case.outcome.because)), when)


def terminal(table: Table, color: bool = False, room: int = 100) -> str:
    """The table for people: a block for each group of scenarios in which everything fares alike."""
    paint, room = Paint(color), max(40, room)
    blocks = [_head(table, room, paint)]
    blocks += [_group(table, group, room, paint) for group in table.groups]
    if not table.groups:
        asked = f" {clean(table.asked)}" if table.asked else ""
        blocks.append([f"Nothing starts this workflow{asked}."])
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)


def _head(table: Table, room: int, paint: Paint) -> list[str]:
    file, name = clean(table.pipeline.file), clean(table.pipeline.name)
    what = f"{file}  {name}" if name and name != file else file
    what += f", job {clean(table.job)}" if table.job else ""
    lines = [paint("bold", line) for line in ([what] if width(what) <= room else wrap(what, room, "", "    "))]
    for words in table.failed:
        lines += wrap(words, room, "made to fail: ", "  ")
    for defect in table.pipeline.defects:
        lines += [paint("medium", line) for line in wrap(defect, room, "warning: ", "  ")]
    return lines


def _group(table: Table, group: Group, room: int, paint: Paint) -> list[str]:
    labels = _ways(table, group)
    rest = len(labels) - _SCENARIOS
    named = "; ".join(labels[:_SCENARIOS]) + (f"; and {counted(rest, 'way')} more" if rest > 0 else "")
    lines = [paint("bold", line) for line in wrap(named, room, "", "    ")]
    rows = list(_steps(table, group) if table.job else _jobs(group))
    layout = _Layout.of(rows, room, paint)
    lines += [line for name, cases in rows for line in layout.row(name, cases)]
    return lines


def _ways(table: Table, group: Group) -> list[str]:
    """How the runs of a group start; an event all of whose ways are alike is named once, with their number."""
    total = Counter(s.event for g in table.groups for s in g.scenarios)
    here = Counter(s.event for s in group.scenarios)
    whole = {event: f"{event} (all {n} ways)" for event, n in here.items() if n > _FEW and n == total[event]}
    return [clean(label) for label in dict.fromkeys(whole.get(s.event, s.label) for s in group.scenarios)]


def _jobs(group: Group) -> Iterator[Row]:
    """A row for each job; those of which the same is true share one."""
    alike: dict[tuple[Case, ...], list[str]] = {}
    for fate in group.fates:
        alike.setdefault(fate.cases, []).append(clean(fate.subject))
    return ((", ".join(names), cases) for cases, names in alike.items())


def _steps(table: Table, group: Group) -> Iterator[Row]:
    """A row for the job and one for each of its steps, those of composite actions set in."""
    for fate in group.fates:
        if fate.subject == table.job:
            yield f"job {clean(fate.subject)}", fate.cases
        else:
            depth = fate.subject.removeprefix(table.job).count("/") - 1
            yield f"{'  ' * depth}{clean(table.labels[fate.subject])}", fate.cases


class _Layout(NamedTuple):
    """Columns of one block: how wide those for words and names are, and all of it."""

    word: int
    name: int
    room: int
    paint: Paint

    @classmethod
    def of(cls, rows: Sequence[Row], room: int, paint: Paint) -> _Layout:
        """Columns wide enough for all words, and for names unless they would take most of the room."""
        words = [_word(cases) for _, cases in rows]
        names = [
            width(n) for (n, _), word in zip(rows, words, strict=True) if word != _DEPENDS and width(n) <= room // 3
        ]
        return cls(max(map(len, words), default=0), max(names, default=0), room, paint)

    def row(self, name: str, cases: Sequence[Case]) -> list[str]:
        """One row: a line where things can end in one way only, else a line for each way below the name."""
        if _word(cases) != _DEPENDS:
            told = _reasons(cases) if cases else "there are more cases than can be played through"
            gap = " " * (max(0, self.name - width(name)) + 2)
            result = cases[0].outcome.result if cases else ""
            return self._line(2, result, self.word, f"{name}{gap}" if told else name, told)
        lines = [f"  {_DEPENDS:<{self.word}}  {name}"]
        ways, last = dict.fromkeys(map(_way, cases)), _way(cases[-1])
        word = max(len(_WORDS[result]) for result, _ in ways)
        for way in (*(w for w in ways if w != last), last):
            alike = [c for c in cases if _way(c) == way]
            when = "otherwise" if way == last else f"if {_condition([w for c in alike for w in c.when])}"
            because = f", because {_reasons(alike)}" if way[0] != SUCCESS and _reasons(alike) else ""
            lines += self._line(4 + self.word, way[0], word, when, because)
        return lines

    def _line(self, indent: int, result: str, word: int, name: str, told: str) -> list[str]:
        pad, shown = " " * indent, _WORDS[result]
        bare = name.lstrip()
        lead, name = f"{pad}{shown:<{word}}  {' ' * (len(name) - len(bare))}", bare
        aligned = len(lead) + width(name) <= self.room // 2 and name.endswith("  ")
        then = " " * (len(lead) + (width(name) if aligned else 2))
        lines = wrap(told, self.room, lead + name, then) if aligned else wrap(f"{name}{told}", self.room, lead, then)
        lines[0] = f"{pad}{self.paint(_STYLES[result], shown)}{lines[0][indent + len(shown) :]}"
        return lines


def _word(cases: Sequence[Case]) -> str:
    """What a row begins with."""
    return _DEPENDS if len(set(map(_way, cases))) > 1 else _WORDS[cases[0].outcome.result if cases else ""]


def _way(case: Case) -> tuple[str, str]:
    return case.outcome.result, case.outcome.conclusion


def _reasons(cases: Sequence[Case]) -> str:
    """Why things end as they do in all of some cases: `x, or because y`."""
    found = list(filter(None, dict.fromkeys(_because(c.outcome) for c in cases)))
    rest = len(found) - _FEW
    told = ", or because ".join(found[:_FEW])
    return f"{told}, or for {counted(rest, 'more reason')}" if rest > 0 else told


def _because(outcome: Outcome) -> str:
    because = clean(outcome.because)
    if outcome.result == outcome.conclusion:
        return because
    goes = f"goes on as {outcome.conclusion}"
    return f"{because}; {goes}" if because else goes


def _condition(whens: Sequence[When]) -> str:
    """`a and not b, or c`."""
    told = [" and ".join(map(_assumed, when)) for when in whens[:_MOST_WHENS]]
    rest = len(whens) - _MOST_WHENS
    return ", or ".join([*told, *([f"in {counted(rest, 'other case')}"] if rest > 0 else [])])


def _assumed(assumption: Assumption) -> str:
    text = clean(assumption.text)
    if not assumption.holds:
        if text.count(" == ") == 1:
            text = text.replace(" == ", " != ")
        else:
            text = f"not ({text})" if " " in text else f"not {text}"
    return text if assumption.documented else f"{text} (which GitHub does not document)"


def as_data(table: Table) -> dict[str, Any]:
    """The table for programs: `guardrail-why/1`, every scenario by itself, results in GitHub's words."""
    return {
        "schema": "guardrail-why/1",
        "workflow": table.pipeline.file,
        "name": table.pipeline.name,
        "job": table.job or None,
        "failed": list(table.failed),
        "defects": list(table.pipeline.defects),
        "scenarios": [
            {
                **_scenario(scenario),
                "complete": all(f.cases for f in group.fates),
                "outcomes": list(_outcomes(table, group)),
            }
            for group in table.groups
            for scenario in group.scenarios
        ],
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "label": scenario.label,
        "event": scenario.event,
        "ref": scenario.ref,
        "action": scenario.action,
        "base": scenario.base,
        "inputs": dict(scenario.inputs),
        "trusted": scenario.trusted,
    }


def _outcomes(table: Table, group: Group) -> Iterator[dict[str, Any]]:
    for fate in group.fates:
        step = bool(table.job) and fate.subject != table.job
        known = {"kind": "step" if step else "job", "id": fate.subject}
        name = {"name": table.labels[fate.subject]} if step else {}
        yield {**known, **name, "cases": [_data(case) for case in fate.cases]}


def _data(case: Case) -> dict[str, Any]:
    outcome = case.outcome
    when = [[{"text": a.text, "holds": a.holds, "documented": a.documented} for a in w] for w in case.when]
    return {"result": outcome.result, "conclusion": outcome.conclusion, "because": outcome.because, "when": when}
