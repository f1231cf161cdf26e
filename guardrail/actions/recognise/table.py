"""Entries of the recognition table put in the order in which they are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.actions.recognise.patterns import fixed, heads, listed
from guardrail.actions.recognise.records import Entry, Table


def table(entries: Iterable[Mapping[str, object]]) -> Table:
    """The table of entries that have the shape `recognition.schema.json` asks for; what comes first is looked at first.

    Where a person's own entry (`own: true`, set by whoever reads the settings) fits, the shipped ones are not asked.
    """
    uses: dict[str, list[Entry]] = {}
    globs: dict[str, list[tuple[int, str, Entry]]] = {}
    commands: dict[str, list[tuple[str, Entry]]] = {}
    hooks: dict[str, list[Entry]] = {}
    images: dict[str, list[Entry]] = {}
    scripts: list[tuple[str, Entry]] = []
    names: list[tuple[str, Entry]] = []
    options: dict[str, frozenset[str]] = {}
    for position, entry in enumerate(entries):
        for text in listed(entry.get("uses")):
            name = text.partition("@")[0].lower()
            if "*" in text or "|" in text:
                globs.setdefault(fixed(text), []).append((position, text, entry))
            else:
                uses.setdefault(name, []).append(entry)
        for text in listed(entry.get("run")):
            for head in heads(text):
                commands.setdefault(head, []).append((text, entry))
                if "options" in entry:
                    options[head] = frozenset(" ".join(listed(entry["options"])).split())
        for kind, found in (("hook", hooks), ("container", images)):
            for text in listed(entry.get(kind)):
                found.setdefault(text, []).append(entry)
        scripts += [(text, entry) for text in listed(entry.get("script"))]
        names += [(text, entry) for text in listed(entry.get("name"))]
    return Table(uses, globs, commands, hooks, images, tuple(scripts), tuple(names), options)
