"""What `helm template` wrote, saved or piped: findings on the templates, where their chart lies in the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from posixpath import basename, dirname, join

from guardrail.engine.suppress import Directive, from_comment
from guardrail.formats.comments import MARKER
from guardrail.formats.nodes import Lines
from guardrail.model.place import Span
from guardrail.scan.discover import LEFT_ALONE, Input, Inputs, discover
from guardrail.scan.render.built import Built, Outcome
from guardrail.scan.render.charts import about
from guardrail.scan.render.marks import actions, speaks, words
from guardrail.scan.render.roots import Roots
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.render.text import opened, placed, sections
from guardrail.scan.text import load, text_of

_MOST_FOLDERS = 2_000
"""Folders that are looked through for charts where no git tells what belongs together."""

_NOT_HERE = "the templates it was rendered from are not here, or not in one chart only: findings stand in the rendering"
_SOME = "some of the templates it was rendered from are not here, or not in one chart only"


@dataclass(slots=True, eq=False, repr=False)
class Templates:
    """The templates of the charts of a scan and its repository, by what helm calls them; charts are looked for once."""

    found: Inputs
    roots: Roots
    _charts: dict[str, list[str]] = field(default_factory=dict)
    _looked: bool = False

    def named(self, source: str) -> str:
        """How reports name the file of `chart/templates/x.yaml`; empty where no chart has it, or different ones."""
        self._look()
        chart, _, path = source.partition("/")
        if not path or ".." in path.split("/"):
            return ""
        names = [join(folder, path) if folder else path for folder in self._charts.get(chart, ())]
        there = [n for n in names if self.roots.allow(n) and os.path.isfile(self.roots.path(n))]
        texts = {self.text(n) for n in there} if len(there) > 1 else ()
        return there[0] if there and len(texts) < 2 else ""

    def text(self, name: str) -> str:
        """The text of a template."""
        return text_of(self.roots.path(name))

    def _look(self) -> None:
        if self._looked:
            return
        self._looked = True
        around = discover([self.found.root], ()).files if self.found.repository else self._walked()
        for source in dict.fromkeys((*self.found.files, *around)):
            if basename(source.name) == "Chart.yaml" and source.file:
                text = load(source)
                facts = about(text) if isinstance(text, str) else None
                folder = dirname(source.name)
                if facts is not None and folder not in self._charts.setdefault(facts.name, []):
                    self._charts[facts.name].append(folder)

    def _walked(self) -> Iterator[Input]:
        """`Chart.yaml` files below the working directory, as far as they are looked for."""
        left = _MOST_FOLDERS
        for folder, folders, names in os.walk(self.found.root):
            folders[:] = sorted(f for f in folders if f not in LEFT_ALONE and not f.startswith("."))
            if "Chart.yaml" in names:
                file = os.path.join(folder, "Chart.yaml")
                yield Input(file, self.roots.name(file))
            left -= 1
            if left <= 0:
                return


def outcomes(found: Inputs, roots: Roots, sources: Sequence[Input]) -> Iterator[Outcome]:
    """What becomes of inputs that are rendered streams: told by the templates of charts, where these are here."""
    templates = Templates(found, roots)
    for source in sources:
        text = load(source)
        if isinstance(text, str):
            yield _outcome(source, text, templates)


def _outcome(source: Input, text: str, templates: Templates) -> Outcome:
    parts = sections(text, templates.named)
    names = dict.fromkeys(p.file for p in parts if p.file)
    if not names:
        return Outcome((), (), (), {}, note=(source, _NOT_HERE))
    sheet = Sheet(f"{source.name} (rendered)", [(source.name, text), *((n, templates.text(n)) for n in names)])
    known = list(range(len(Lines(text).starts) + 1))  # the stream itself comes first: its lines are their own
    some = any(not p.file for p in parts)
    parts = [p if p.file else p._replace(file=source.name) for p in parts]
    templated = [p for p in parts if p.file != source.name]
    for part in templated:
        known[part.first : part.last] = [0] * len(known[part.first : part.last])
    placed(text, known, templated, sheet, 1)
    made, directives, left = opened(text, known, parts, sheet)
    spoken = [d for name in names for d in _spoken(sheet, name, set(known))]
    built = Built(sheet, made, (*directives, *spoken), source.name, frozenset(sheet.texts), left=left)
    rest = ("read", "rendered from templates")
    return Outcome((built,), (), (source,), {}, rest, (source, _SOME) if some else None)


def _spoken(sheet: Sheet, name: str, rendered: set[int]) -> Iterator[Directive]:
    """Suppressions in a template's own comments, which are not rendered: they cover the next line that is."""
    text = sheet.texts[name]
    if not MARKER.search(text):
        return
    lines, first = Lines(text), sheet.line(name)
    document = (first, first + sheet.count(name) - 1)
    for action in actions(text):
        if speaks(text, action):
            number, column = lines.position(action.start)
            alone = not lines.line(number)[: column - 1].strip()
            here = first + number - 1
            line = next((n for n in range(here + alone, document[1] + 1) if n in rendered), here)
            place = Span(here, column, here, column + action.end - action.start)
            yield from from_comment(words(text, action), (line, line), document, place)
