"""A chart copied for helm, with all that it depends on in its `charts` folder, and what each file is called.

Source: helm.sh, "Charts" (dependencies, `requirements.yaml` of charts before v2, aliases) and `helm dependency`. What
lies in `charts/` as an archive is unpacked, so that findings in it have lines.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.formats.helm import REQUIREMENTS
from guardrail.scan.discover import Input
from guardrail.scan.render import sandbox
from guardrail.scan.render.built import Told
from guardrail.scan.render.charts import ARCHIVES, About, Chart, about
from guardrail.scan.render.roots import Roots
from guardrail.scan.render.sandbox import Sandbox, unpacked
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.text import load, text_of

_MOST_ARCHIVES = 50
_DEEPEST = 5
_REFERS = ("$ref", "$dynamicRef", "$recursiveRef")
_SCHEMAS = "//json-schema.org/"
LOCKS = ("Chart.lock", "requirements.lock")


class Member(NamedTuple):
    """A chart within the copy: its folder there, the folder of the chart that holds it, what that calls it."""

    folder: str
    above: str
    names: tuple[str, ...]


class Unusable(Exception):
    """The chart cannot be rendered; says why."""


@dataclass(slots=True)
class Copy:
    """A copy of a chart in the sandbox; `named` has what reports call folders of it that come from elsewhere."""

    folder: str
    chart: Chart
    facts: About
    told: list[Told] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    beyond: set[str] = field(default_factory=set)
    members: dict[str, Member] = field(default_factory=dict)
    needed: list[dict[str, object]] = field(default_factory=list)

    def reported(self, path: str) -> str:
        """How reports name a file of the copy."""
        above = max((f for f in self.named if path.startswith(f"{f}/")), key=len, default="")
        return f"{self.named[above]}{path[len(above) :]}" if above else self.chart.named(path)

    def holder(self, path: str) -> str:
        """The folder of the chart in the copy that a file belongs to."""
        return max((f for f in self.members if not f or path.startswith(f"{f}/")), key=len)

    def sources(self, path: str) -> Iterator[str]:
        """What helm calls a file of the copy: by the names of the charts, or their aliases, that lead to it."""
        folder = self.holder(path)
        rest = path[len(folder) :].lstrip("/")
        starts = [""]
        while folder:
            member = self.members[folder]
            starts = [f"charts/{name}/{start}" for name in member.names for start in starts]
            folder = member.above
        yield from (f"{self.facts.name}/{start}{rest}" for start in starts)


class How(NamedTuple):
    """What a chart may read, the command that may fetch what it depends on where the user asks for that, and whether
    the user gives values of their own.
    """

    roots: Roots
    helm: str
    given: bool


def copied(chart: Chart, how: How, box: Sandbox) -> Copy:
    """Copy a chart, its archives unpacked.

    Raises Unusable, sandbox.TooMuch beyond the limits, OSError for what cannot be read.
    """
    folder = os.path.join(box.folder, "chart")
    if chart.archive:
        failure = unpacked(chart.path, folder)
        if failure:
            raise Unusable(failure)
    else:
        sandbox.copy(chart.path, folder, how.roots.of(chart.path))
    facts = about_folder(folder)
    if facts is None:
        raise Unusable("is not a chart: it gives no name")
    copy = Copy(folder, chart, facts)
    if chart.archive:
        copy.beyond.add(chart.folder)
    unpack(copy)
    return copy


def settle(copy: Copy) -> None:
    """Name the charts in a copy that is complete, and take away what helm would ask others for."""
    copy.members.update(_members(copy.folder, Member("", "", ()), copy.facts))
    for member in copy.members:
        _without_foreign_schema(os.path.join(copy.folder, member, "values.schema.json"))


def _without_foreign_schema(file: str) -> None:
    """Take a schema of values away that refers to others, which helm would ask the network or the disk for."""
    text = text_of(file)
    try:
        waiting = [json.loads(text)] if text else []
    except (ValueError, RecursionError):
        os.remove(file)
        return
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, dict):
            refers = (v for k, v in here.items() if k in _REFERS and not str(v).startswith("#"))
            if next(refers, None) is not None or _SCHEMAS not in str(here.get("$schema", _SCHEMAS)):
                os.remove(file)
                return
            waiting.extend(here.values())


def sheet(copy: Copy, given: Sequence[tuple[str, str]]) -> tuple[Sheet, dict[str, str]]:
    """Every text of the chart that a finding may stand in, and the templates among them: reported names by path.

    `given` are further files of values: where they are, and how reports name them.
    """
    texts: list[tuple[str, str]] = []
    templates: dict[str, str] = {}
    for folder, folders, names in os.walk(copy.folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), copy.folder).replace(os.sep, "/")
            template = "templates/" in path
            if not template and not name.endswith((".yaml", ".yml")):
                continue
            text = load(Input(os.path.join(folder, name), path))
            if isinstance(text, str):
                texts.append((copy.reported(path), text))
                if template:
                    templates[path] = copy.reported(path)
    for file, name in given:
        text = load(Input(file, name))
        texts.extend([(name, text)] if isinstance(text, str) else ())
    return Sheet(f"{copy.chart.folder or '.'} (rendered)", texts), templates


def about_folder(folder: str) -> About | None:
    """What the chart in a folder says of itself; None where there is none."""
    return about(*(text_of(os.path.join(folder, name)) for name in ("Chart.yaml", REQUIREMENTS)))


def names_in(folder: str) -> list[str]:
    """The names of what lies in a folder, in order; nothing where there is none."""
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def unpack(copy: Copy) -> None:
    """Unpack the archives in `charts` folders, each beside where it was."""
    waiting, left = [""], _MOST_ARCHIVES
    while waiting:
        inner = waiting.pop()
        above = os.path.join(copy.folder, inner, "charts")
        for name in names_in(above):
            packed = path = f"{inner}/charts/{name}" if inner else f"charts/{name}"
            here = os.path.join(above, name)
            if name.endswith(ARCHIVES) and left > 0:
                left -= 1
                path = path.removesuffix(".tgz").removesuffix(".tar.gz")
                if os.path.exists(os.path.join(copy.folder, path)) or unpacked(here, os.path.join(copy.folder, path)):
                    continue
                os.remove(here)
                copy.named[path] = copy.reported(packed)
                copy.beyond.add(copy.named[path])
            if os.path.isdir(os.path.join(copy.folder, path)) and path.count("charts/") <= _DEEPEST:
                waiting.append(path)


def _members(top: str, member: Member, facts: About) -> dict[str, Member]:
    """A chart in a copy and those within it by their folders, the chart itself by the empty name."""
    found = {member.folder: member}
    folder = member.folder
    for name in names_in(os.path.join(top, folder, "charts")) if folder.count("charts/") < _DEEPEST else ():
        path = f"{folder}/charts/{name}" if folder else f"charts/{name}"
        other = about_folder(os.path.join(top, path))
        if other is not None:
            called = [d.alias or d.name for d in facts.dependencies if d.name == other.name]
            found |= _members(top, Member(path, folder, tuple(dict.fromkeys(called)) or (other.name,)), other)
    return found
