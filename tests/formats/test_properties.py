"""What must hold for any data and any text."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.formats import files, json_text, yaml_text
from guardrail.formats.comments import comments
from guardrail.formats.kubernetes import resources
from guardrail.formats.nodes import Lines
from guardrail.formats.parsed import Parsed, Unreadable
from guardrail.model.document import Document
from guardrail.model.place import Path
from guardrail.views.pods import pods
from tests.formats.reading import cut
from tests.formats.strategies import ANY_TEXT, DATA, STYLES, TEXT

MANY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def without_nulls(value: object) -> object:
    """Mappings without their null values, as the API sees them."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


class _Plain(yaml.SafeDumper):
    """Quotes what our resolver, unlike PyYAML's, would not take for text."""

    def ignore_aliases(self, data: Any) -> bool:
        return not isinstance(data, dict | list)


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    from guardrail.formats.scalars import plain

    style = "'" if plain(value) != value or value == "<<" else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


def _float(dumper: yaml.SafeDumper, value: float) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(value))


_Plain.add_representer(str, _string)
_Plain.add_representer(float, _float)


def read_one(text: str) -> Parsed:
    (found,) = yaml_text.read(text, Lines(text))
    assert isinstance(found, Parsed), found
    return found


def check_spans(parsed: Parsed, text: str) -> None:
    """Every leaf's place lies in the text, and a scalar on one line parses back to the value."""
    lines = parsed.places.lines
    for path, value in leaves(parsed.data):
        place = parsed.places.locate(path)
        span = place.span
        assert 1 <= span.line <= len(lines.starts)
        assert 1 <= span.column <= span.end_column <= lines.width(span.line) + 1
        where = list(parsed.places.value_lines(path))
        if len(where) != 1 or where[0][1] == where[0][2]:
            continue
        (number, start, end) = where[0]
        shown = lines.line(number)[start:end]
        again = list(yaml_text.read(shown, Lines(shown)))
        if again and isinstance(again[0], Parsed) and value is not None and shown[0] not in "|>":
            assert again[0].data == value
        if path and isinstance(path[-1], str) and not place.aliases:
            assert cut(lines, span).endswith(shown) or number != span.line


@MANY
@given(DATA, STYLES)
def test_what_pyyaml_writes_is_read_back(value: object, style: dict[str, Any]) -> None:
    if style["default_style"] and isinstance(value, int | float | None):
        return  # PyYAML then writes a tag and a block scalar, which go-yaml and we resolve differently
    if style["default_style"]:
        style = {**style, "default_style": None} if _has_other(value) else style
    text = yaml.dump(value, Dumper=_Plain, **style)
    if not list(yaml_text.chunks(text)):
        assert value in (None, "")
        return
    parsed = read_one(text)
    assert parsed.data == without_nulls(value)
    check_spans(parsed, text)


def _has_other(value: object) -> bool:
    return any(not isinstance(v, str) for _, v in leaves(value))


@MANY
@given(st.dictionaries(TEXT, DATA, min_size=1, max_size=4))
def test_anchors_are_read_back(value: dict[str, object]) -> None:
    shared = {"one": value, "two": value, "three": [value, value]}
    parsed = read_one(yaml.dump(shared, Dumper=_Plain))
    assert parsed.data == without_nulls(shared)
    check_spans(parsed, "")


@MANY
@given(st.dictionaries(TEXT, DATA, max_size=4))
def test_what_ruamel_writes_is_read_back(value: dict[str, object]) -> None:
    from ruamel.yaml import YAML

    writer = YAML()
    writer.version = (1, 1)  # type: ignore[assignment]
    out = io.StringIO()
    writer.dump(value, out)
    theirs = yaml_text.read(out.getvalue(), Lines(out.getvalue()))
    (found,) = theirs
    assert isinstance(found, Parsed), found
    assert same_but_for_resolvers(found.data, without_nulls(value))


def same_but_for_resolvers(ours: object, given_: object) -> bool:
    """Equal, or text that ruamel leaves plain where go-yaml sees a number or a boolean."""
    if isinstance(ours, dict) and isinstance(given_, dict):
        return len(ours) == len(given_) and all(
            same_but_for_resolvers(a, b) for a, b in zip(ours.values(), given_.values(), strict=True)
        )
    if isinstance(ours, list) and isinstance(given_, list):
        return len(ours) == len(given_) and all(map(same_but_for_resolvers, ours, given_))
    if isinstance(given_, str) and not isinstance(ours, str):
        from guardrail.formats.scalars import plain

        return plain(given_) == ours
    return ours == given_


@MANY
@given(DATA, st.sampled_from([None, 2]), st.booleans())
def test_json_is_read_back_by_both_readers(value: object, indent: int | None, ascii_: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    (parsed,) = json_text.read(text, Lines(text))
    assert isinstance(parsed, Parsed), parsed
    assert parsed.data == without_nulls(value)
    for path, leaf in leaves(parsed.data):
        (where,) = parsed.places.value_lines(path)
        assert json.loads(parsed.places.lines.line(where[0])[where[1] : where[2]]) == leaf
    if isinstance(value, dict) and not ascii_:
        found = files.documents("x.yaml", text, Lines(text))
        assert [getattr(d, "data", None) for d in found] == [parsed.data]


def check_anything(name: str, text: str) -> None:
    lines = Lines(text)
    found = list(files.documents(name, text, lines))
    readable = [d for d in found if isinstance(d, Document)]
    for item in found:
        if isinstance(item, Unreadable):
            assert 0 <= item.offset <= len(text)
            assert item.message
    for document in readable:
        assert 1 <= document.first_line <= document.last_line <= len(lines.starts)
        for path, _ in leaves(document.data):
            span = document.places.locate(path).span
            assert lines.width(span.line) + 1 >= span.end_column >= span.column >= 1
        for resource in resources(document):
            pods(resource)
    for comment in comments(text, lines, readable):
        assert comment.covers[0] <= comment.covers[1]


@settings(MANY, max_examples=1000)
@given(ANY_TEXT)
def test_any_text_is_read_or_refused(text: str) -> None:
    check_anything("x.yaml", text)
    check_anything("x.json", text)


@settings(MANY, max_examples=300)
@given(ANY_TEXT)
def test_documents_around_a_broken_one_are_unaffected(middle: str) -> None:
    text = f"first: 1\n---\n{middle}\n...\n---\nlast: 2\n"
    found = list(yaml_text.read(text, Lines(text)))
    assert isinstance(found[0], Parsed)
    assert isinstance(found[-1], Parsed)
    assert (found[0].data, found[-1].data) == ({"first": 1}, {"last": 2})


def boundaries(text: str) -> list[object] | None:
    """The documents libyaml sees in a whole stream; None when it refuses the stream."""
    try:
        return list(yaml.load_all(text, Loader=yaml.CBaseLoader))
    except (yaml.YAMLError, ValueError, TypeError):
        return None


@settings(MANY, max_examples=1000)
@given(ANY_TEXT)
def test_chunks_agree_with_libyaml(text: str) -> None:
    if "%" in text or "\ufeff" in text:
        return  # directives without `...` and byte-order marks: see test_documents.py
    whole = boundaries(text)
    if whole is None:
        return
    parts: list[object] = []
    for _, chunk in yaml_text.chunks(text):
        part = boundaries(chunk)
        assert part is not None
        parts += part
    # A document that is nothing but its marker is null to libyaml and no document to us.
    assert [p for p in parts if p] == [w for w in whole if w]


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinity(value: float) -> None:
    assert read_one(yaml.dump({"a": value})).data == {"a": value}
