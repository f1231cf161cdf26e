"""Files that hold what an overlay or chart renders to, saved without a word of where it is from.

Such a file has nothing but objects of one rendering, each the same to the last field, and more than one person would
write twice: its faults are told where they are edited. Names that generators of Kustomize end in a hash are the same
without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from re import compile as regex
from re import escape

from guardrail.model.document import Resource
from guardrail.scan.discover import Input
from guardrail.scan.read import open_text
from guardrail.scan.render.built import Built
from guardrail.scan.render.kustomizations import GENERATED
from guardrail.scan.result import FileResult
from guardrail.scan.text import load

_GENERATED = frozenset(GENERATED.values())
_MOST = 500


def saved(
    sources: Iterable[Input], results: Mapping[str, FileResult], built: Iterable[Built]
) -> Iterator[tuple[str, Built]]:
    """The files among results that are a rendering, and which."""
    renderings = [(one, {(r.kind, r.namespace, r.name) for r in one.opened.resources}) for one in built]
    for source in sources:
        result = results.get(source.name)
        if result is None or not result.findings:
            continue
        about = {(r.kind, r.namespace, r.name) for f in result.findings if (r := f.resource).kind not in _GENERATED}
        near = [one for one, names in renderings if about <= names]
        text = load(source) if near else ""
        resources = open_text(source.name, text).resources if isinstance(text, str) and text else ()
        found = next((one for one in near if resources and _same(resources, one)), None)
        if found is not None:
            yield source.name, found


def _same(resources: tuple[Resource, ...], one: Built) -> bool:
    """Whether each object is one of a rendering, to the last field."""
    if len(resources) > len(one.opened.resources):
        return False
    names = [r.name for r in one.opened.resources if r.kind in _GENERATED and r.name][:_MOST]
    hashed = regex(rf'"({"|".join(map(escape, names))})-[a-z0-9]{{10}}"') if names else None
    known = {_text(r.data) for r in one.opened.resources}
    for resource in resources:
        text = _text(resource.data)
        if text not in known and (hashed is None or hashed.sub(r'"\1"', text) not in known):
            return False
    return True


def _text(data: object) -> str:
    return json.dumps(data, sort_keys=True, default=str)
