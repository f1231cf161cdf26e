"""The reader of Dockerfiles: any text is read, every span is in the text, what is read says what the text says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.formats import dockerfile
from guardrail.formats.names import is_dockerfile
from guardrail.formats.nodes import Lines, MappingNode, SequenceNode, end_of, start_of
from guardrail.formats.parsed import Parsed
from tests.docker.texts import CASES, dockerfiles


def read(text: str) -> Parsed:
    return dockerfile.read(text, Lines(text))


def stage(text: str) -> list[dict[str, Any]]:
    data: Any = read(text).data
    found: list[dict[str, Any]] = data["stages"][-1]["instructions"]
    return found


def scalars(data: Any, node: Any) -> Iterator[tuple[Any, int, int]]:
    """Every scalar with its place; data and places have the same shape."""
    if isinstance(node, MappingNode):
        assert isinstance(data, dict)
        assert list(data) == list(node.entries)
        for key, (_, below, _) in node.entries.items():
            yield from scalars(data[key], below)
    elif isinstance(node, SequenceNode):
        assert len(data) == len(node.items)
        for one, below in zip(data, node.items, strict=True):
            yield from scalars(one, below)
    else:
        yield data, start_of(node), end_of(node)


def check(text: str) -> None:
    parsed = read(text)
    for _, start, end in scalars(parsed.data, parsed.places.root):
        assert 0 <= start <= end <= len(text)
    for path in paths(parsed.data):
        span = parsed.places.locate(path).span
        assert 1 <= span.line <= text.count("\n") + text.count("\r") + 1
        assert span.column <= span.end_column


def paths(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from paths(value, (*path, key))


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    check(text)


@given(st.text(alphabet="FROMRUNCOPYENV <\\`\"'\n\r\t#=-[],EOF$"))
def test_any_text_of_its_alphabet_is_read(text: str) -> None:
    check("FROM a\n" + text)


@given(dockerfiles())
def test_spans_and_scripts_lie_in_the_text(text: str) -> None:
    check(text)
    parsed = read(text)
    for data, node in records(parsed):
        if "script" in data:
            place = node.entries["script"][1]
            assert len(data["script"]) == end_of(place) - start_of(place), "offsets in a script are those in the file"


def records(parsed: Parsed) -> Iterator[tuple[dict[str, Any], MappingNode]]:
    data: Any = parsed.data
    root: Any = parsed.places.root
    for one, node in zip(data["stages"], root.entries["stages"][1].items, strict=True):
        yield from zip(one["instructions"], node.entries["instructions"][1].items, strict=True)


@pytest.mark.parametrize("name", CASES)
def test_instructions_say_what_the_text_says(name: str) -> None:
    """A round trip: keyword and text of each instruction, put together again, are read as the same ones."""
    first = [(one["keyword"], one["value"]) for one in stage(CASES[name])]
    if any("<<" in value for _, value in first):
        return
    escape: Any = read(CASES[name]).data
    again = f"# escape={escape['escape']}\nFROM a\n" + "".join(f"{k} {v}\n" for k, v in first)
    assert [(one["keyword"], one["value"]) for one in stage(again)] == first


def test_parts() -> None:
    (run, env, copy, health) = stage(
        "FROM a\nRUN --mount=type=cache,target=/c --network=none \\\n  make\nENV A=1 B='x y'\n"
        'COPY --from=b --chown=1:2 ["q r", "/s/"]\nHEALTHCHECK --interval=3s CMD ["ok"]\n'
    )
    assert run["flags"] == {"mount": "type=cache,target=/c", "network": "none"}
    assert run["mounts"] == ["type=cache,target=/c"]
    assert run["script"] == "make"
    assert [(v["name"], v["value"]) for v in env["variables"]] == [("A", "1"), ("B", "x y")]
    assert (copy["sources"], copy["destination"]) == (["q r"], "/s/")
    assert (health["check"], health["exec"]) == ("CMD", ["ok"])


def test_a_here_document_alone_is_the_script() -> None:
    (run,) = stage("FROM a\nRUN <<EOF\nset -e\nmake\nEOF\n")
    assert run["script"].split() == ["set", "-e", "make"]
    (run,) = stage("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n")
    assert run["script"].strip() == "", "a script of another language"
    (run,) = stage("FROM a\nRUN cat <<EOF > x\nbody\nEOF\n")
    assert run["script"] == "cat <<EOF > x\nbody\nEOF"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dockerfile", True),
        ("a/b/dockerfile", True),
        ("Containerfile", True),
        ("api.Dockerfile", True),
        ("Dockerfile.dev", True),
        ("Dockerfile-alpine", True),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.md", False),
        ("dockerfile.py", False),
        ("Dockerfiles", False),
        (".dockerfile", False),
        ("my-dockerfile", False),
    ],
)
def test_names(name: str, expected: bool) -> None:
    assert is_dockerfile(name) is expected


HOSTILE = {
    "one long line": "FROM a\nRUN " + "a " * 400_000,
    "continuations": "FROM a\nRUN " + "a \\\n" * 200_000,
    "instructions": "FROM a\n" + "RUN x\n" * 200_000,
    "stages": "FROM a\n" * 100_000,
    "heredocs": "FROM a\n" + "RUN <<E\n" * 50_000,
    "heredoc marks": "FROM a\nRUN " + "<<E " * 100_000 + "\nE\n",
    "quotes": "FROM a\nENV " + '"' * 300_001,
    "escapes": "FROM a\nRUN " + "\\" * 500_000,
    "escaped lines": "FROM a\nRUN x \\\n" + "\\\n" * 200_000,
    "brackets": "FROM a\nRUN " + "[" * 300_000,
    "texts": "FROM a\nRUN [" + '"a",' * 100_000 + '"b"',
    "flags": "FROM a\nRUN " + "--mount=x " * 100_000,
    "onbuild": "FROM a\n" + "ONBUILD " * 50_000 + "RUN x",
    "comments": "FROM a\nRUN x \\\n" + "# c\n" * 300_000,
    "variables": "FROM a\nENV " + "A=$B " * 100_000,
    "faults": "FROM a\n" + "x y\n" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_in_linear_time(name: str) -> None:
    began = time.perf_counter()
    parsed = read(HOSTILE[name])
    assert time.perf_counter() - began < 10
    assert isinstance(parsed.data, dict)
