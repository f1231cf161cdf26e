"""Dockerfiles: text to stages and instructions with positions. Never raises; what the builder refuses is a fault.

The data of a file: `arguments` (ARG before the first FROM), `stages` (each with its `instructions`) and `faults`.
Source: docs.docker.com, Dockerfile reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from re import IGNORECASE, MULTILINE
from re import compile as regex

from guardrail.formats.docker_instructions import KEYWORDS, instruction
from guardrail.formats.docker_lines import Logical, escape_character, logical_lines
from guardrail.formats.docker_record import Record
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
    found = [(line, instruction(line, text)) for line in logical_lines(text, escape)]
    start, end = (found[0][0].start, found[-1][0].end) if found else (0, 0)
    root.node.start = start
    faults: list[Record] = []
    arguments: list[Record] = []
    stages: list[tuple[Record, list[Record]]] = []
    for line, record in found:
        told = _fault(line, record, bool(stages))
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


def _fault(line: Logical, record: Record, staged: bool) -> str:
    """Why the builder refuses an instruction, or nothing."""
    keyword = str(record.data["keyword"])
    if keyword not in KEYWORDS:
        return f"{keyword[:40]} is no instruction"
    if not staged and keyword not in ("ARG", "FROM"):
        return f"{keyword} stands before the first FROM"
    if not record.data["value"] and not record.data.get("documents") and keyword not in ("CMD", "ENTRYPOINT"):
        return f"{keyword} has no argument"
    if keyword in ("RUN", "CMD", "ENTRYPOINT", "COPY", "ADD") and _holds_others(str(record.data["value"])):
        return f"{keyword} is given a list of other things than texts"
    open_ones = [heredoc.name for heredoc in line.heredocs if not heredoc.closed]
    return f"the here-document {open_ones[0]} does not end" if open_ones else ""


def _holds_others(value: str) -> bool:
    """Whether a value is a JSON list that holds more than texts, which BuildKit's parser refuses."""
    from json import loads

    if not (value.startswith("[") and value.endswith("]")) or len(value) > 10_000:
        return False
    try:
        return not all(isinstance(item, str) for item in loads(value))
    except (ValueError, RecursionError):
        return False


def is_template(data: object) -> bool:
    """Whether what is no instruction in a file is a template's: such a file is built after a tool has rendered it."""
    faults = data.get("faults") if isinstance(data, dict) else None
    return any(str(f.get("message", "")).startswith(("{{", "{%", "<%", "@@", "#{")) for f in faults or ())


def resources(document: Document) -> Iterator[Resource]:
    """The one resource of a Dockerfile; nothing where there is no stage."""
    data = document.data
    if isinstance(data, dict) and (data.get("stages") or data.get("arguments")):
        yield Resource(document, data, (), "dockerfile", kind=DOCKERFILE, name=basename(document.file))
