"""Dockerfiles: text to stages and instructions with positions. Never raises; what the builder refuses is a fault.

The data of a file: `arguments` (ARG before the first FROM), `stages` (each with its `instructions`) and `faults`.
Source: docs.docker.com, Dockerfile reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from re import IGNORECASE, MULTILINE
from re import compile as regex

from guardrail.formats.docker_instructions import instruction
from guardrail.formats.docker_lines import escape_character, logical_lines, repeated_directive
from guardrail.formats.docker_record import Record
from guardrail.formats.docker_refusals import NO_INSTRUCTION, TOO_EARLY, refusal
from guardrail.formats.names import DOCKERFILE
from guardrail.formats.nodes import Lines, TreePlaces
from guardrail.formats.parsed import Parsed
from guardrail.model.document import Document, Resource

_FROM = regex(r"^[ \t]*FROM[ \t]+\S", IGNORECASE | MULTILINE)
_MOST_FAULTS = 100
MOST_STAGES = 1_000
"""Stages of a file that are judged; a fault tells of the others."""


def looks_like_dockerfile(text: str) -> bool:
    """Whether a text has the one instruction that every Dockerfile has."""
    return _FROM.search(text) is not None


def read(text: str, lines: Lines, base: int = 0) -> Parsed:
    """A text, which stands at `base` in its file, as one document."""
    root = Record(0, len(text))
    escape = escape_character(text)
    found = [(line, instruction(line, text, escape)) for line in logical_lines(text, escape)]
    start, end = (found[0][0].start, found[-1][0].end) if found else (0, 0)
    root.node.start = start
    faults = _directives(text)
    arguments: list[Record] = []
    stages: list[tuple[Record, list[Record]]] = []
    strange = False
    for line, record in found:
        told = refusal(line, record, bool(stages))
        # One line that lost its backslash makes strange instructions of all that follow it.
        again, strange = strange, told.endswith((NO_INSTRUCTION, TOO_EARLY))
        told = "" if strange and again else told
        if record.data["keyword"] == "FROM" and len(stages) == MOST_STAGES:
            told = f"more than {MOST_STAGES:,} stages: what follows is not judged"
        if told and len(faults) < _MOST_FAULTS:
            one = Record(line.start, line.end)
            one.put("message", told, line.start, line.start + len(line.text.partition("\\\n")[0].rstrip()))
            faults.append(one)
        if told.startswith("more than"):
            break
        if record.data["keyword"] == "FROM":
            stages.append((record, []))
        elif stages:
            stages[-1][1].append(record)
        else:
            arguments.append(record)
    for stage, inside in stages:
        stage.records("instructions", inside, stage.node.start, stage.node.end)
    root.records("stages", [stage for stage, _ in stages], start, end)
    root.records("arguments", arguments, start, end)
    root.records("faults", faults, start, end)
    root.put("escape", escape, start, start)
    return Parsed(root.data, TreePlaces(root.node, lines, base), (), base + start, base + end, len(found))


def _directives(text: str) -> list[Record]:
    """A fault where a parser directive is given twice, which the builder refuses."""
    again = repeated_directive(text)
    if again is None:
        return []
    name, start, end = again
    one = Record(start, end)
    one.put("message", f"the parser directive {name} is given twice", start, end)
    return [one]


def is_template(data: object) -> bool:
    """Whether what is no instruction in a file is a template's: such a file is built after a tool has rendered it."""
    faults = data.get("faults") if isinstance(data, dict) else None
    return any(str(f.get("message", "")).startswith(("{{", "{%", "<%", "@@", "#{")) for f in faults or ())


def resources(document: Document) -> Iterator[Resource]:
    """The one resource of a Dockerfile; nothing where there is no stage."""
    data = document.data
    if isinstance(data, dict) and (data.get("stages") or data.get("arguments")):
        yield Resource(document, data, (), "dockerfile", kind=DOCKERFILE, name=basename(document.file))
