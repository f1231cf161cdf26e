"""`primaryLocationLineHash` against a plain reference, and against SARIF Multitool."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guardrail.engine.line_hash import line_hashes
from tests.reporters import multitool

_TEXTS = st.text(
    st.sampled_from(["a", "b", " ", "\t", "\n", "\r", "\r\n", "é", "名", "\U0001f600", "x" * 99])
    .flatmap(st.just)
    .filter(lambda s: len(s) == 1)
    | st.characters(codec="utf-8"),
    max_size=400,
)


def _reference(text: str) -> dict[int, str]:
    """github/codeql-action's algorithm, character by character: a rolling window of 100 units."""
    raw = text.encode("utf-16-le")
    units = [int.from_bytes(raw[i : i + 2], "little") for i in range(0, len(raw), 2)]
    window, starts = [0] * 100, [-1] * 100
    value = index = line = 0
    line_start, previous_cr = True, False
    seen: dict[str, int] = {}
    found: dict[int, str] = {}

    def out() -> None:
        text = f"{value:x}"
        seen[text] = seen.get(text, 0) + 1
        found[starts[index]] = f"{text}:{seen[text]}"
        starts[index] = -1

    def update(unit: int) -> None:
        nonlocal value, index
        begin, window[index] = window[index], unit
        value = (value * 37 + unit - begin * pow(37, 100, 1 << 64)) % (1 << 64)
        index = (index + 1) % 100

    for unit in [*units, 65535]:
        if unit in (32, 9) or (previous_cr and unit == 10):
            previous_cr = False
            continue
        previous_cr = unit == 13
        kept = 10 if previous_cr else unit
        if starts[index] != -1:
            out()
        if line_start:
            line_start, line = False, line + 1
            starts[index] = line
        line_start = kept == 10
        update(kept)
    for _ in range(100):
        if starts[index] != -1:
            out()
        update(0)
    return found


@settings(max_examples=300, deadline=None)
@given(text=_TEXTS, wanted=st.sets(st.integers(-1, 30), max_size=8))
@example(text="", wanted={1})
@example(text="a\n", wanted={1, 2, 3})
@example(text="\r \n\r\n\t\n", wanted={1, 2, 3, 4})
@example(text=("x" * 100 + "1\n" + "x" * 100 + "2\n") * 3, wanted={1, 2, 5, 6})
@example(text="a: b\n" * 60, wanted={1, 2, 30, 59, 60, 61})
def test_wanted_lines_agree_with_the_reference(text: str, wanted: set[int]) -> None:
    reference = _reference(text)
    assert line_hashes(text, wanted) == {n: reference[n] for n in wanted if n in reference}


def test_a_large_file_with_few_wanted_lines_is_fast() -> None:
    text = "".join(f"        name: item-{n % 1000}   # padding padding\n" for n in range(120_000))
    assert len(text) > 4_500_000
    started = perf_counter()
    assert len(line_hashes(text, {10, 60_000, 119_999})) == 3
    assert perf_counter() - started < 1.0


@pytest.mark.skipif(multitool.find() is None, reason=multitool.ABSENT)
def test_multitool_agrees(tmp_path: Path) -> None:
    lines = [
        "apiVersion: v1",
        "\tkind:  Pod",
        "",
        "é: 名前 \U0001f600",
        "- x",
        "- x",
        "y" * 250,
        "- x",
    ]
    text = "\n".join(lines) + "\r\n" + "\r".join(lines) + "\r\n \t\n" + "\n".join(lines)
    source = tmp_path / "source.yaml"
    source.write_bytes(text.encode())
    number = len(_reference(text))
    theirs = multitool.line_hashes(source, number, tmp_path)
    assert len(theirs) == number
    assert line_hashes(text, range(1, number + 1)) == theirs
