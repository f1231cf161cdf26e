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
from guardrail.scan.discover import Input, Inputs, discover
from guardrail.scan.render.built import Built, Outcome
from guardrail.scan.render.charts import about
from guardrail.scan.render.marks import actions
from guardrail.scan.render.sandbox import inside
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.render.text import opened, placed, sections
from guardrail.scan.text import load


@dataclass(slots=True)
class Templates:
    """The templates of the charts in a repository, by what helm calls them; charts are looked for once."""

    root: str
    files: Sequence[Input]
    _charts: dict[str, str] = field(default_factory=dict)
    _looked: bool = False

    def named(self, source: str) -> str:
        """How reports name the file of `chart/templates/x.yaml`; empty where it is not in the repository."""
        self._look()
        chart, _, path = source.partition("/")
        folder = self._charts.get(chart)
        if folder is None or not path or ".." in path.split("/"):
            return ""
        name = join(folder, path) if folder else path
        file = self.path(name)
        return name if os.path.isfile(file) and inside(file, os.path.realpath(self.root)) else ""

    def path(self, name: str) -> str:
        """Where a file is."""
        return os.path.join(self.root, *name.split("/"))

    def _look(self) -> None:
        if self._looked:
            return
        self._looked = True
        for source in (*self.files, *discover([self.root], ()).files):
            if basename(source.name) == "Chart.yaml":
                text = load(source)
                facts = about(text) if isinstance(text, str) else None
                if facts is not None:
                    self._charts.setdefault(facts.name, dirname(source.name))


def outcomes(found: Inputs, sources: Sequence[Input]) -> Iterator[Outcome]:
    """The inputs that are rendered streams of charts in the repository; others are left as they are."""
    templates = Templates(found.root, found.files)
    for source in sources:
        text = load(source)
        built = _built(source, text, templates) if isinstance(text, str) else None
        if built is not None:
            yield Outcome((built,), (), (source,), {}, ("read", "rendered from templates"))


def _built(source: Input, text: str, templates: Templates) -> Built | None:
    parts = sections(text, templates.named)
    names = dict.fromkeys(p.file for p in parts if p.file)
    if not names:
        return None
    texts = [(source.name, text)]
    for name in names:
        read = load(Input(templates.path(name), name))
        texts.append((name, read if isinstance(read, str) else ""))
    sheet = Sheet(f"{source.name} (rendered)", texts)
    known = list(range(len(Lines(text).starts) + 1))  # the stream itself comes first: its lines are their own
    parts = [p if p.file else p._replace(file=source.name) for p in parts]
    templated = [p for p in parts if p.file != source.name]
    for part in templated:
        known[part.first : part.last] = [0] * len(known[part.first : part.last])
    placed(text, known, templated, sheet, 1)
    made, directives = opened(text, known, parts, sheet)
    spoken = [d for name in names for d in _spoken(sheet, name, set(known))]
    return Built(sheet, made, (*directives, *spoken), source.name, frozenset(sheet.texts))


def _spoken(sheet: Sheet, name: str, rendered: set[int]) -> Iterator[Directive]:
    """Suppressions in a template's own comments, which are not rendered: they cover the next line that is."""
    text = sheet.texts[name]
    if not MARKER.search(text):
        return
    lines, first = Lines(text), sheet.line(name)
    document = (first, first + sheet.count(name) - 1)
    for action in actions(text):
        if action.comment and MARKER.search(text, action.start, action.end):
            number, column = lines.position(action.start)
            alone = not lines.line(number)[: column - 1].strip()
            here = first + number - 1
            line = next((n for n in range(here + alone, document[1] + 1) if n in rendered), here)
            words = text[action.start : action.end].strip("{}- \t").removeprefix("/*").removesuffix("*/").strip()
            place = Span(here, column, here, column + action.end - action.start)
            yield from from_comment(words, (line, line), document, place)
