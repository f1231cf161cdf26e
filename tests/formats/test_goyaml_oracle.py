"""Our data against sigs.k8s.io/yaml, the library that kubectl and the API server read YAML with.

The oracle is a small Go program (tests/oracles/goyaml). GUARDRAIL_GOYAML_ORACLE names a built one; else it is built
where Go is, and the tests are skipped where it is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.formats.parsed import Parsed
from tests.formats.reading import read
from tests.oracles.programs import running

REFUSED = "refused"
"""Stands for any error; whose words it uses is of no interest."""

Oracle = Callable[[str], object]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """A running oracle: text in, data or REFUSED out."""
    with running("goyaml", tmp_path_factory) as ask:

        def data(text: str) -> object:
            answer = ask(text)
            return REFUSED if "error" in answer else answer.get("json")

        yield data


def ours(text: str) -> object:
    """The data of the first document, as JSON would show it; null for no document."""
    found = read(text, keep_nulls=True)
    if not found:
        return None
    return plain(found[0].data) if isinstance(found[0], Parsed) else REFUSED


def plain(value: object) -> object:
    """Numbers as numbers: JSON does not tell 1.0 from 1, and cannot say infinity."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return REFUSED
    if isinstance(value, int | float):
        return float(value) if abs(value) >= 2**53 else value
    if isinstance(value, dict):
        return REFUSED if REFUSED in (new := {k: plain(v) for k, v in value.items()}).values() else new
    if isinstance(value, list):
        return REFUSED if REFUSED in (items := [plain(v) for v in value]) else items
    return value


WORDS = (Path(__file__).parent / "plain_scalars.txt").read_text(encoding="utf-8").split()
TAGGED = [
    "!!str 12", '!!int "12"', "!!int 0x1f", "!!float 3", '!!float "3"', "!!bool yes", "!!null ~", "!!null ''",
    "!!binary aGVsbG8=", "!custom 12", "!custom yes", "!!timestamp 2024-01-01", "!!str yes", "!!str", "!!str ~",
    "!<tag:yaml.org,2002:str> 5", "!foo!bar x", "!!unknown 5", "'12'", '"yes"', "!!map {a: 1}", "!!seq [1]",
    "!x {a: 1}",
]  # fmt: skip
DOCUMENTS = [
    "", "---\n", "# x\n", "--- |\n  a\n", "--- a\n", "null\n", "%YAML 1.1\n---\na: 1\n", "\ufeffa: 1\n",
    "a: &x {k: 1}\nb:\n  k: 2\n  <<: *x\n", "a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n",
    "a: &x {k: 1}\nc: &y {k: 3, l: 4}\nb:\n  <<: [*x, *y]\n", "b: {<<: {a: 1}}\n", "b: {<<: 1}\n", "b: {<<: }\n",
    "b: {<<: [1]}\n", "b: {'<<': 1}\n", "a: &x {k: 1}\nb: {<<: *x, <<: {k: 2}}\n", "a: &x {k: ~}\nb: {k: 1, <<: *x}\n",
    "a: &x {k: 1}\nb: &y {<<: *x, l: 2}\nc: {<<: *y}\n", "&a b: *a\n", "a: &a b\n*a : c\n", "a: &a 1\n*a : c\n",
    "a: &a [1]\n*a : c\n", "a: &a [*a]\n", "a: *b\n", "a: &a {b: &a 1, c: *a}\nd: *a\n", "a: &a 1\nb: &a 2\nc: *a\n",
    "a: 1\na: 2\n", "? [a]\n: 1\n", "? {a: 1}\n: 1\n", "? a\n", "a:\n\tb: 1\n", "a:\tb\n", "a: b\tc\n", "a: 'x\x07'\n",
    "a: b\x85c: d\n", "a: \u2028b\n", "a\r\nb: c\r\n", "a: b\rc: d\r", 'a: "\\x41 \\u00e9 \\U0001F600"\n',
    'a: "\\ud83d\\ude00"\n', "a: >-\n  x\n  y\n\n  z\n", "a: |+\n  x\n\n", "- a\n-b\n", "a: b: c\n", "a: [b, c\n",
    "a: {b, c: d}\n", "a: [b: c]\n", "a b : c\n", "a: 'it''s'\n", "a: x#y # z\n", "yes: 1\ntrue: 2\n",
    "{a: 1}\n---\nb: 2\n",
]  # fmt: skip

DELIBERATE = {
    # what kubectl refuses is judged all the same: nothing is lost by it, and kubectl says so itself
    "k: !!null x\n": "a value that its tag does not fit stays text",
    "k: !!int abc\n": "a value that its tag does not fit stays text",
    'k: !!binary "no base64!"\n': "what is not base64 is decoded as far as it goes, or stays text",
    "~: v\n": "a null key is `null`; there is no such key in JSON",
    "9223372036854775808: v\n": "a key above 2^63 is its digits; there is no such key in sigs.k8s.io/yaml",
    # what go-yaml reads otherwise for reasons of its own
    "k: ! 12\n": "libyaml drops the non-specific tag `!`, go-yaml takes it for a custom one",
    "1234567.5: v\n": "a fractional key has all its digits; sigs.k8s.io/yaml rounds it to 32 bits",
    ".inf: v\n": "an infinite key is `inf`",
    "a: &x [{k: 1}]\nb:\n  <<: *x\n": "a merge of an aliased list is read, as YAML 1.1 says",
    "%YAML 1.2\n---\na: 1\n": "libyaml reads what declares itself YAML 1.2",
    'a: "\\/"\n': "JSON's escape of a slash, which libyaml knows",
    # beyond the first document nothing is ignored
    "{a: 1} b\n": "what stands behind the document is told; go-yaml ignores it",
    "[" * 300 + "]" * 300: "nesting is refused at 250 levels",
}
"""Texts on which we differ, each with the reason; a test sees to it that we still do."""


@pytest.mark.parametrize("word", WORDS + TAGGED)
@pytest.mark.parametrize("form", ["k: {}\n", "- {}\n", "[{}]\n", "{}\n"])
def test_values(oracle: Oracle, form: str, word: str) -> None:
    text = form.replace("{}", word)
    if "! " not in text and not (word == "!" and form != "{}\n"):
        assert ours(text) == plain(oracle(text))


KEYS = [w for w in (*WORDS, "'a'", '"1"', "!!str 1", "!x 1") if w not in {"-", "!", "~"} and w.lower() != "null"]
ROUNDED = {"1e5_0", ".inf", "-.inf", "+.INF", ".Inf", ".nan", ".NaN", ".NAN"}


@pytest.mark.parametrize("word", [w for w in KEYS if w not in ROUNDED and len(w) < 18])
def test_keys(oracle: Oracle, word: str) -> None:
    text = f"{word}: v\n"
    assert ours(text) == plain(oracle(text))


@pytest.mark.parametrize("text", DOCUMENTS)
def test_documents(oracle: Oracle, text: str) -> None:
    assert ours(text) == plain(oracle(text))


@pytest.mark.parametrize("text", DELIBERATE)
def test_deliberate_differences(oracle: Oracle, text: str) -> None:
    found = read(text, keep_nulls=True)
    assert len(found) > 1 or ours(text) != plain(oracle(text)), DELIBERATE[text]


SOME = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
NUMBERS = st.from_regex(r"[-+]?(0[bBoOxX]?)?[0-9a-fA-F_]{0,22}(\.[0-9_]{0,3})?([eE][-+]?[0-9]{0,3})?", fullmatch=True)
PLAIN = NUMBERS | st.text(st.sampled_from("0123456789_+-.eExXoObByYnNtTfF~:aAiInN"), max_size=12)


@SOME
@given(word=PLAIN)
def test_any_plain_scalar(oracle: Oracle, word: str) -> None:
    text = f"k: {word}\n"
    assert ours(text) == plain(oracle(text))


LINES = st.sampled_from(
    [
        "a: 1",
        "b: {c: yes}",
        "  d: [x, 'y', \"z\"]",
        "- e",
        "  - f: g",
        "h: &i",
        "j: *i",
        "  <<: *i",
        "k: |",
        "  text",
        "# note",
        "a: &i {x: ~}",
        "l: >-",
        "    deep: 0644",
        "",
        "m: !t n",
        "? o",
        ": p",
        "q: 'r",
        "s'",
        "- - t",
        "*i : u",
        "  a: 2",
    ]
)


@SOME
@given(text=st.lists(LINES, max_size=8).map(lambda lines: "\n".join(lines) + "\n"))
def test_any_small_document(oracle: Oracle, text: str) -> None:
    mine, theirs = read(text, keep_nulls=True), plain(oracle(text))
    behind = len(mine) > 1
    null_key = theirs == REFUSED and "'null':" in str(ours(text))
    if not behind and not null_key:  # both are DELIBERATE
        assert ours(text) == theirs
