"""YAML as it is in the wild: anchors, merges, keys, tags, duplicates, scalars."""

from __future__ import annotations

import pytest

from tests.formats.reading import one, refused


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=", "="),
        ("2024-04-01", "2024-04-01"),
        ("2024-04-01T10:00:00Z", "2024-04-01T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("190:20", "190:20"),
        ("0644", 420),
        ("0o644", 420),
        ("08", 8.0),
        ("1_000", 1000),
        ("1e3", 1000.0),
        ("1.e3", 1000.0),
        ("1e400", "1e400"),
        ("18446744073709551615", 2**64 - 1),
        ("0x1FFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFF"),
        ("yes", True),
        ("Off", False),
        ("tRUE", "tRUE"),
        ("!custom x", "x"),
        ("!custom 12", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 3", 3.0),
        ("!!binary aGk=", "hi"),
        ("!Ref {a: b}", {"a": "b"}),
        ("'yes'", "yes"),
        ("100m", "100m"),
        ("9" * 400, "9" * 400),
        ("1" * 5000, "1" * 5000),
        ("0" * 5000 + "7", 7),
        ("x" * 300, "x" * 300),
    ],
)
def test_scalars(text: str, value: object) -> None:
    found = one(f"k: {text}\n").data
    assert found == {"k": value}
    assert type(found["k"]) is type(value)  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x\n", {"a": 1, "b": 1}),
        ("&k a: *k\n", {"a": "a"}),
        ("a: &x b\n*x : c\n", {"a": "b", "b": "c"}),
        ("a: &x {k: 1}\nb: {<<: *x}\n", {"a": {"k": 1}, "b": {"k": 1}}),
        ("a: &x {k: 1}\nb: {<<: *x, k: 2}\n", {"a": {"k": 1}, "b": {"k": 2}}),
        # over the keys above it: what kubectl does, though YAML 1.1 would have the mapping's own key win
        ("a: &x {k: 1}\nb: {k: 2, <<: *x}\n", {"a": {"k": 1}, "b": {"k": 1}}),
        ("a: &x {k: ~}\nb: {k: 2, <<: *x}\n", {"a": {}, "b": {}}),
        ("b: {<<: [{k: 1}, {k: 2, l: 3}]}\n", {"b": {"k": 1, "l": 3}}),
        ("b: {'<<': 1}\n", {"b": {"<<": 1}}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("a: &x {b: &x 1}\nc: *x\n", {"a": {"b": 1}, "c": 1}),
        ("true: 1\n", {"true": 1}),
        ("on: 1\n", {"true": 1}),
        ("0x10: 1\n1.50: 2\n1_0: 3\n", {"16": 1, "1.5": 2, "10": 3}),
        ("2024-01-01: 1\n", {"2024-01-01": 1}),
        ("a: ~\nb:\nc: null\nd: ''\n", {"d": ""}),
        ("[~, 1]\n", [None, 1]),
    ],
)
def test_collections(text: str, expected: object) -> None:
    assert one(text).data == expected


def test_nulls_are_kept_on_demand() -> None:
    assert one("a: ~\n", keep_nulls=True).data == {"a": None}
    assert one("a: ~\n").places.locate(("a",)).span.line == 1


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("a: *b\n", "has no anchor", 3),
        ("a: &b [*b]\n", "contains itself", 7),
        ("a: &b {<<: *b}\n", "contains itself", 11),
        ("? [a]\n: b\n", "cannot be a key", 2),
        ("a: &b [1]\n*b : c\n", "cannot be a key", 10),
        ("a: {<<: x}\n", "<< takes a mapping", 8),
        ("a: {<<: }\n", "<< takes a mapping", 8),
    ],
)
def test_refusals_name_the_place(text: str, message: str, at: int) -> None:
    error = refused(text)
    assert message in error.message
    assert error.offset == at


def test_duplicate_keys_are_reported_and_the_last_wins() -> None:
    text = "a:\n  - b: 1\n    c: 2\n    b: 3\n"
    parsed = one(text)
    assert parsed.data == {"a": [{"c": 2, "b": 3}]}
    (defect,) = parsed.defects
    assert (defect.code, defect.path) == ("duplicate-key", ("a", 0, "b"))
    assert (defect.span.line, defect.span.column, defect.span.end_column) == (4, 5, 6)
    assert "first on line 2" in defect.detail


def test_what_a_merge_brings_is_no_duplicate() -> None:
    assert one("a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n").defects == ()


def test_duplicates_are_told_up_to_a_limit() -> None:
    parsed = one("{" + "a: 1, " * 3000 + "}")
    assert len(parsed.defects) == 1001
    assert "not listed" in parsed.defects[-1].detail
