"""What generators make of literals alone, for kustomizations that cannot be built: what is written there is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guardrail.formats import kubernetes
from guardrail.model.document import Document
from guardrail.scan.read import Opened
from guardrail.scan.render.built import Built
from guardrail.scan.render.kustomizations import GENERATED, Kustomization
from guardrail.scan.render.overlay_places import OverlayPlaces, Setter
from guardrail.scan.render.overlay_setters import generators
from guardrail.scan.render.sheet import Sheet

_LONGEST = 100_000


def literals(every: Sequence[Kustomization], sheet: Sheet, written: Mapping[str, Sequence[Document]]) -> Built | None:
    """The ConfigMaps and Secrets of literals in kustomizations, placed at these; None where there are none."""
    made: list[Document] = []
    for one in every:
        for setter in generators(one, written[one.file][0]) if written.get(one.file) else ():
            data = _object(one, setter)
            if data is not None:
                line = setter.place(()).span.line
                places = OverlayPlaces(data, setter, ())
                identity = f"v1/{setter.kind}/{setter.name}"
                made.append(Document(one.file, len(made), data, places, line, line, identity=identity))
    resources = tuple(r for d in made for r in kubernetes.resources(d))
    opened = Opened(sheet.lines, tuple(made), resources, ())
    return Built(sheet, opened, (), every[-1].file, frozenset(sheet.texts)) if made else None


def _object(one: Kustomization, setter: Setter) -> dict[str, object] | None:
    """The object of a generator with the values that stand in its entry."""
    key, index = setter.path
    listed = one.data.get(str(key))
    entry = listed[index] if isinstance(listed, list) and isinstance(index, int) else {}
    values = dict(_assigned(entry.get("literals")))
    if not values:
        return None
    held = "stringData" if setter.kind == GENERATED["secretGenerator"] else "data"
    return {"apiVersion": "v1", "kind": setter.kind, "metadata": {"name": setter.name}, held: values}


def _assigned(listed: object) -> Iterator[tuple[str, str]]:
    """Names and values of literals; quotes around a value are none of it (kustomize, `parseLiteralSource`)."""
    for text in listed if isinstance(listed, list) else ():
        name, equals, value = str(text)[:_LONGEST].partition("=")
        if equals and name:
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            yield name, value[1:-1] if quoted else value
