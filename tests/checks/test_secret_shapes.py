"""Each known shape is found, alone and within text; what only resembles one is not."""

from __future__ import annotations

import re._parser as parser  # the only way to count what a pattern may do
from collections.abc import Iterator

import pytest

from guardrail.checks import secret_lines as lines
from guardrail.checks.secret_shapes import PHRASES, WORDS, tokens
from tests.checks.made_up import TOKENS, body, hexadecimal, pem

LOOK_ALIKES = {
    "image digest": "registry.example/app@sha256:" + hexadecimal(64),
    "git commit": hexadecimal(40),
    "uuid": "3f9c1e07-5a44-4c1e-9d0b-7f6d2a90c812",
    "certificate": "-----BEGIN CERTIFICATE-----\n" + body(64) + "\n-----END CERTIFICATE-----",
    "public key": "-----BEGIN PUBLIC KEY-----\n" + body(64) + "\n-----END PUBLIC KEY-----",
    "empty key block": "-----BEGIN PRIVATE " + "KEY-----\n...\n-----END PRIVATE " + "KEY-----",
    "template key block": "-----BEGIN PRIVATE " + "KEY-----\n{{ .Values.key }}\n-----END PRIVATE " + "KEY-----",
    "url": "https://shop.example:8443/path?x=1@2",
    "url with user": "ssh://git@git.example/shop.git",
    "url with reference": "postgres://shop:$(PASSWORD)@db/shop",
    "url with variable": "postgres://shop:${PASSWORD}@db/shop",
    "url with template": "postgres://shop:{{ .password }}@db/shop",
    "url with placeholder": "postgres://shop:<password>@db/shop",
    "url in capitals": "postgres://USER:PASSWORD@HOST/db",
    "url starred": "postgres://shop:*****@db/shop",
    "filler token": "gh" + "p_" + "x" * 36,
    "filler id": "AK" + "IA" + "X" * 16,
    "slack template": "https://hooks.slack" + ".com/services/T00000000/B00000000/" + "X" * 24,
    "longer word": "Z" + TOKENS["aws id"][1],
    "not a jwt": "eyJub3QiOiJqc29u." + "eyJub3QiOiJqc29u." + body(20),
    "bearer reference": "Authorization: Bearer $(cat /var/run/secrets/token)",
    "bearer words": "Bearer authentication-is-required-here",
    "basic words": "basic authentication",
    "price": "costs $2 a day, or $5 for two",
    "sealed": "AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq9fFzY2x1c3RlcnMgYXJl",
}


@pytest.mark.parametrize(("kind", "text"), TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("around", ["{}", 'token: "{}"', "a b {} c", "x=1\n{}\ny=2", "lead text " * 60 + "{} end"])
def test_each_shape_is_found(kind: str, text: str, around: str) -> None:
    found = list(tokens(around.replace("{}", text)))
    assert [token.kind for token in found] == [kind]
    assert found[0].end > found[0].start


@pytest.mark.parametrize("text", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes_are_not(text: str) -> None:
    assert list(tokens(text)) == []


def test_needles_are_in_what_the_patterns_match() -> None:
    kinds = {kind for kind, _ in TOKENS.values()}
    for _, text in TOKENS.values():
        assert any(shape.needle in text for shape in (*WORDS, *PHRASES))
    assert len(kinds) > 30


def test_secret_is_the_password_of_a_url_alone() -> None:
    text = TOKENS["url"][1]
    (token,) = tokens(text)
    assert text[token.start : token.end] == "Wint3r-Coat"


def test_whole_key_block_is_covered() -> None:
    text = f"before\n{pem()}\nafter"
    (token,) = tokens(text)
    assert text[token.start : token.end] == pem()


def _repeats(tree: object, inside: int = 0) -> Iterator[tuple[int, int]]:
    """Depth and upper bound of every repeat in a parsed pattern."""
    for operator, argument in tree:  # type: ignore[attr-defined]
        deeper = inside
        if str(operator).endswith("_REPEAT"):
            yield inside, argument[1]
            deeper += argument[1] > 1
        for part in argument if isinstance(argument, tuple | list) else ():
            if isinstance(part, parser.SubPattern):
                yield from _repeats(part, deeper)
            elif isinstance(part, list):
                for branch in part:
                    if isinstance(branch, parser.SubPattern):
                        yield from _repeats(branch, deeper)


PATTERNS = {
    **{f"{s.kind} {s.needle}": s.pattern for s in (*WORDS, *PHRASES)},
    **{name: getattr(lines, name) for name in ("_ASSIGNED", "_FLAG", "_XML", "_WORDS", "_COMMANDS")},
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_patterns_are_linear(pattern: str) -> None:
    """Counted on the pattern, not timed: no repeat is without a bound at a place where it could be tried anew for
    each character, and none that repeats holds another whose bound is not small.
    """
    for depth, bound in _repeats(parser.parse(pattern)):
        assert bound is not parser.MAXREPEAT or pattern == PATTERNS["_WORDS"]
        assert depth == 0 or bound <= 10


def test_only_the_first_million_characters_are_read() -> None:
    assert list(tokens(" " * 1_000_001 + TOKENS["github classic"][1])) == []
