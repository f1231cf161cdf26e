"""Regular expressions: RE2's syntax, and never a catastrophe."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.cel import CelError
from guardrail.cel.pattern_atoms import PatternError
from guardrail.cel.pattern_parser import parse_pattern
from guardrail.cel.patterns import MAX_STEPS, compile_pattern
from tests.cel.running import value

MATCH = [
    (r"^\d+$", "123", True),
    (r"^\d+$", "١٢", False),
    (r"^\w+$", "é", False),
    (r"^\s$", "\v", False),
    (r"^[\d\-a]+$", "1-a", True),
    (r"^[^\s/]+$", "a b", False),
    (r"a$", "a\n", False),
    (r"a\z", "a", True),
    (r"\Aa", "ba", False),
    (r"(?i)ABC", "xabcx", True),
    (r"(?i)a|B", "b", True),
    (r"(?i:a)b", "AB", False),
    (r"a(?i)b(?-i)c", "aBc", True),
    (r"a(?i)b(?-i)c", "aBC", False),
    (r"(?s)a.b", "a\nb", True),
    (r"a.b", "a\nb", False),
    (r"(?m)^b$", "a\nb\nc", True),
    (r"^b$", "a\nb\nc", False),
    (r"^(?P<n>a+)(?<m>b*)$", "aab", True),
    (r"^[[:alpha:]_]+$", "ab_", True),
    (r"^[[:punct:]]+$", "]-^[", True),
    (r"^[]a]+$", "]a", True),
    (r"^\Qa.b\E+$", "a.bb", False),
    (r"^a{2,3}$", "aaaa", False),
    (r"^a{,3}$", "a{,3}", True),
    (r"x*", "", True),
    (r"^\x41\x{1F600}\n$", "A😀\n", True),
    (r"^\p{L}+$", "éa", True),
    (r"^\PL$", "é", False),
    (r"^[\p{Greek}a]$", "π", True),
    (r"^\.\*\\$", ".*\\", True),
    (r"\bfoo\b", "a foo b", True),
    (r"^(a|b|)c$", "c", True),
    (r"^[&~|[-]+$", "&~|[-", True),
    (r"^\07\0$", "\a\0", True),
]
REFUSED = {
    "(?=a)": "look-around",
    "(?!a)": "look-around",
    "(?<=a)": "look-around",
    "(?<!a)": "look-around",
    r"(a)\1": "back-references",
    r"(?P<n>a)(?P=n)": "unknown group",
    "a**": "bad repetition",
    "a*+": "bad repetition",
    "a{2}{3}": "bad repetition",
    "*a": "missing argument",
    "(a": "missing closing ')'",
    "a)": "unexpected ')'",
    "[a": "missing closing ']'",
    "[b-a]": "invalid range",
    "a{1001}": "invalid repeat",
    "a{3,2}": "invalid repeat",
    "\\": "trailing backslash",
    r"\y": "unknown escape",
    r"\C": "unknown escape",
    "(?P<n>a)(?P<n>b)": "duplicate group",
    "(?>a)": "unknown group",
    "(?#a)": "unknown group",
    "(?(1)a|b)": "unknown group",
    "(?P>n)": "unknown group",
    "(?U)a": "flag U",
    "[[:nope:]]": "not offered",
    "(" * 100: "nested too deeply",
    "a" * 6000: "longer than",
}
EVIL = [
    (r"^(a+)+$", "a" * 5000 + "b"),
    (r"^(a|a)*$", "a" * 5000 + "b"),
    (r"^(a|aa)+$", "a" * 5000 + "b"),
    (r"^(a*)*b$", "a" * 5000),
    (r"^([a-zA-Z]+)*$", "a" * 5000 + "!"),
    (r"^(.*a){20}$", "a" * 5000 + "!"),
    (r"(x+x+)+y", "x" * 5000),
    (r"^(a?){50}a{50}$", "a" * 50),
    (r"a?" * 30 + "a" * 30, "a" * 30),
    (r".*.*.*.*=", "x" * 20_000),
    (r"\s+$", " " * 100_000 + "x"),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5000),
    (r"(a+){1,64}(b+)(c+)$", "a" * 5000),
]


@pytest.mark.parametrize(("pattern", "text", "wanted"), MATCH)
def test_match(pattern: str, text: str, wanted: bool) -> None:
    assert (compile_pattern(pattern).search(text) is not None) is wanted
    assert value("t.matches(p)", p=pattern, t=text) is wanted


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match=re.escape(REFUSED[pattern])):
        parse_pattern(pattern)
    with pytest.raises(CelError):
        value("'a'.matches(p)", p=pattern)


@pytest.mark.parametrize(("pattern", "text"), EVIL)
def test_never_catastrophic(pattern: str, text: str) -> None:
    """Either an answer or a limit, in a fraction of a second; and the limit is final."""
    start = time.process_time()
    for expression in ("t.matches(p)", "lists.range(9).exists(i, t.matches(p)) || true"):
        try:
            value(expression, p=pattern, t=text)
        except CelError as error:
            message = error.message
        else:
            message = "takes too long"
        assert "takes too long" in message
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        r"^sha256:[0-9a-f]{64}$",
        r":latest$",
        r"^v?[0-9]+\.[0-9]+",
        r"^[^:@]+(:[^@]+)?@sha256:[0-9a-f]{64}$",
        r"^(docker\.io|quay\.io)/",
        r"(?i)password|secret",
    ],
)
def test_everyday_patterns_run_on_the_standard_library(pattern: str) -> None:
    assert parse_pattern(pattern).steps(253) <= MAX_STEPS


def test_regex_is_imported_only_when_needed() -> None:
    code = (
        "import sys, guardrail.cel as cel\n"
        "assert cel.compile(\"x.matches('^[a-z]+$')\", ['x'])({'x': 'abc'})\n"
        "assert 'regex' not in sys.modules\n"
        "assert cel.compile(\"x.matches('^([a-z]+)*$')\", ['x'])({'x': 'abc'})\n"
        "assert 'regex' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "(a)", "(?:b|a)", "[^a]", "(b*)", "(a|b)", "a|b", "^", "$"])
PATTERNS = st.lists(st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{2}", "*?"])), max_size=5)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(PATTERNS, st.text("ab\n", max_size=12))
def test_both_engines_agree_with_the_standard_library(parts: list[tuple[str, str]], text: str) -> None:
    import regex

    source = "".join(atom + mark for atom, mark in parts if not (atom in "^$|a|b" and mark))
    parsed = parse_pattern(source)
    plain = re.compile(source.replace("$", r"\Z")).search(text)
    found = compile_pattern(source).search(text)
    careful = regex.compile(parsed.python).search(text)
    assert (plain and plain.span()) == (found and found.span()) == (careful and careful.span())
