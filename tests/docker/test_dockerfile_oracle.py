"""Our instructions against BuildKit's own parser, which `docker build` reads Dockerfiles with.

The oracle is a small Go program (tests/oracles/dockerfile). GUARDRAIL_DOCKERFILE_ORACLE names a built one; else it is
built where Go is, and the tests are skipped where it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from re import compile as regex
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from guardrail.formats import dockerfile
from guardrail.formats.docker_lines import unquoted
from guardrail.formats.nodes import Lines, end_of, start_of
from tests.docker.texts import ACCEPTED, CASES, REFUSED, dockerfiles
from tests.oracles.programs import running

_IN_A_WORD = regex(r"\S[\\`][ \t\r]*\n(?:[ \t\r]*(?:#.*)?\n)+")
"""An empty line or a comment in the middle of a word, which is one word to BuildKit and two to us: nobody writes it."""

Oracle = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """A running oracle: a Dockerfile in, its instructions or an error out."""
    with running("dockerfile", tmp_path_factory) as ask:
        yield ask


def ours(text: str) -> list[dict[str, Any]]:
    """Keyword, lines, JSON form and here-documents of each instruction, as we read them."""
    lines = Lines(text)
    parsed = dockerfile.read(text, lines)
    root: Any = parsed.places.root
    data: Any = parsed.data
    found = []
    pairs = list(zip(data["arguments"], root.entries["arguments"][1].items, strict=True))
    for stage, node in zip(data["stages"], root.entries["stages"][1].items, strict=True):
        pairs.append((stage, node))
        pairs += zip(stage["instructions"], node.entries["instructions"][1].items, strict=True)
    for one, node in sorted(pairs, key=lambda pair: start_of(pair[1])):
        documents = [
            {"name": d["name"], "content": d["value"], "expand": d["expand"]} for d in one.get("documents", ())
        ]
        found.append(
            {
                "keyword": one["keyword"],
                "first": lines.position(start_of(node))[0],
                "json": one.get("form") == "exec" or one["value"].startswith("["),
                "heredocs": documents,
                "end": end_of(node),
            }
        )
    return found


def compare(text: str, answer: dict[str, Any]) -> None:
    """Both find the same instructions; what the oracle refuses need not be understood."""
    if "error" in answer:
        return
    mine, theirs = ours(text), [one for one in answer["instructions"] if one["keyword"]]
    assert [one["keyword"] for one in mine] == [one["keyword"] for one in theirs]
    assert [one["first"] for one in mine] == [one["first"] for one in theirs]
    assert [one["heredocs"] for one in mine] == [one["heredocs"] or [] for one in theirs]


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str, oracle: Oracle) -> None:
    answer = oracle(CASES[name])
    assert "error" not in answer, answer
    compare(CASES[name], answer)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dockerfiles())
def test_generated_files(oracle: Oracle, text: str) -> None:
    assume(not _IN_A_WORD.search(text))
    compare(text, oracle(text))


def test_values(oracle: Oracle) -> None:
    text = CASES["values"]
    theirs = {one["keyword"]: one["values"] for one in oracle(text)["instructions"]}
    data: Any = dockerfile.read(text, Lines(text)).data
    inside = {one["keyword"]: one for one in data["stages"][0]["instructions"]}
    pairs = [(v["name"], v["value"]) for v in inside["LABEL"]["variables"]]
    assert [value for pair in pairs for value in pair] == [
        dockerfile_word for dockerfile_word in map(_plain, theirs["LABEL"][:]) if dockerfile_word not in ("=", "")
    ]
    assert [*inside["COPY"]["sources"], inside["COPY"]["destination"]] == theirs["COPY"]
    assert inside["ENTRYPOINT"]["exec"] == theirs["ENTRYPOINT"]
    assert inside["EXPOSE"]["words"] == theirs["EXPOSE"]


def _plain(word: str) -> str:
    return word.strip('"')


def refused(text: str) -> list[str]:
    """What we say the builder refuses."""
    data: Any = dockerfile.read(text, Lines(text)).data
    return [fault["message"] for fault in data["faults"]]


@pytest.mark.parametrize("text", [*REFUSED, *ACCEPTED])
def test_refusals(text: str, oracle: Oracle) -> None:
    answer = oracle(text)
    told = answer.get("error") or answer.get("refused")
    assert bool(refused(text)) is bool(told), told


def test_cases_of_refusals_are_what_they_say() -> None:
    assert [text for text in REFUSED if not refused(text)] == []
    assert [text for text in ACCEPTED if refused(text)] == []


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dockerfiles())
def test_generated_files_are_refused_alike(oracle: Oracle, text: str) -> None:
    """No fault is told of what the builder takes; what it refuses and we do not know is told by the build."""
    assume(not _IN_A_WORD.search(text))
    answer = oracle(text)
    if "error" not in answer and "refused" not in answer:
        assert refused(text) == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dockerfiles())
def test_sources_and_destinations(oracle: Oracle, text: str) -> None:
    assume(not _IN_A_WORD.search(text))
    answer = oracle(text)
    assume("error" not in answer and "refused" not in answer)
    data: Any = dockerfile.read(text, Lines(text)).data
    mine = [
        [*one["sources"], one["destination"]]
        for stage in data["stages"]
        for one in stage["instructions"]
        if one["keyword"] in ("COPY", "ADD")
    ]
    theirs = [one["values"] for one in answer["instructions"] if one["keyword"] in ("COPY", "ADD")]
    assert mine == [[unquoted(word, data["escape"]) for word in words] for words in theirs]


def test_exec_form(oracle: Oracle) -> None:
    text = "FROM a\n" + "".join(f"RUN {value}\n" for value in EXEC)
    theirs = [one["json"] for one in oracle(text)["instructions"][1:]]
    data: Any = dockerfile.read(text, Lines(text)).data
    assert [one["form"] == "exec" for one in data["stages"][0]["instructions"]] == theirs


EXEC = (
    '["a", "b"]',
    '[ "a","b" ]  ',
    "['a']",
    '["a",]',
    '["a"] b',
    '["a\\u0041"]',
    '["a\\q"]',
    "[]",
    "[ -f x ]",
)
