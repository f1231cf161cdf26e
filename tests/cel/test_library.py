"""The extension libraries of cel-go: strings, lists, math, sets, base64, regex, format."""

from __future__ import annotations

import math

import pytest

from guardrail.cel.values import NONE, Duration, Optional, Uint
from tests.cel.running import ERROR, outcome, same, value

VALUES = {
    # strings
    "'hello'.charAt(4)": "o",
    "'hello'.charAt(5)": "",
    "'hello mellow'.indexOf('')": 0,
    "'hello mellow'.indexOf('ello', 2)": 7,
    "'hello mellow'.indexOf('ello', 20)": -1,
    "'hello mellow'.lastIndexOf('')": 12,
    "'hello mellow'.lastIndexOf('ello')": 7,
    "'hello mellow'.lastIndexOf('ello', 6)": 1,
    "'hello mellow'.lastIndexOf('jello')": -1,
    "['hello', 'mellow'].join()": "hellomellow",
    "['hello', 'mellow'].join(' ')": "hello mellow",
    "[].join('/')": "",
    "'TacoCÆt Xii'.lowerAscii()": "tacocÆt xii",
    "'TacoCæt Xii'.upperAscii()": "TACOCæT XII",
    "'hello hello'.replace('he', 'we')": "wello wello",
    "'hello hello'.replace('he', 'we', 1)": "wello hello",
    "'hello hello'.replace('he', 'we', 0)": "hello hello",
    "'hello hello'.replace('he', 'we', -1)": "wello wello",
    "'abc'.replace('', '-', 2)": "-a-bc",
    "'a b c'.split(' ')": ["a", "b", "c"],
    "'a b c'.split(' ', 0)": [],
    "'a b c'.split(' ', 1)": ["a b c"],
    "'a b c'.split(' ', 2)": ["a", "b c"],
    "'abc'.split('')": ["a", "b", "c"],
    "'abc'.split('', 2)": ["a", "bc"],
    "'tacocat'.substring(4)": "cat",
    "'tacocat'.substring(0, 4)": "taco",
    "' \\t\\u00a0trim\\n\\u2003'.trim()": "trim",
    "'\\u200btrim'.trim()": "\u200btrim",
    "'gums'.reverse()": "smug",
    "strings.quote('a\"\\\\\\a\\n')": '"a\\"\\\\\\a\\n"',
    "'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')": True,
    # format
    "'%s %d %.2f %x %X %b %o %e %%'.format(['a', 1, 2.5, 255, 'hi', true, 8, 1234.5])": (
        "a 1 2.50 ff 6869 1 10 1.234500e+03 %"
    ),
    "'%s'.format([[1, 'a', null, true, {'b': 2.0, 'a': b'x'}]])": ("[1, a, null, true, {a: x, b: 2}]"),
    "'%s'.format([1000000.0])": "1000000",
    "'%d %f'.format([0.0 / 0.0, -1.0 / 0.0])": "NaN -Infinity",
    "'%s %s'.format([duration('1.5s'), timestamp(0)])": "1.5s 1970-01-01T00:00:00Z",
    "'%s'.format([type(1)])": "int",
    "'%x'.format([-255])": "-ff",
    # lists
    "[1, 2, 2, 3].distinct()": [1, 2, 3],
    "['b', 'b', 1, 1.0].distinct()": ["b", 1],
    "[1, [2, [3]], []].flatten()": [1, 2, [3]],
    "[1, [2, [3, [4]]]].flatten(2)": [1, 2, 3, [4]],
    "[1, [2]].flatten(0)": [1, [2]],
    "lists.range(3)": [0, 1, 2],
    "lists.range(-1)": [],
    "[1, 2].reverse()": [2, 1],
    "[1, 2, 3, 4].slice(1, 3)": [2, 3],
    "[3, 2, 1].sort()": [1, 2, 3],
    "['b', 'a'].sort()": ["a", "b"],
    "[2u, 1u].sort()": [Uint(1), Uint(2)],
    "[duration('2s'), duration('1s')].sort()[0] == duration('1s')": True,
    "[].sort()": [],
    "[1, 2].first().value() + [1, 2].last().value()": 3,
    "[].first()": NONE,
    "[1, 2, 2].isSorted()": True,
    "['b', 'a'].isSorted()": False,
    "[1, 3].sum()": 4,
    "[1.5, 3.0].sum()": 4.5,
    "[duration('1m'), duration('1s')].sum()": Duration(61 * 10**9),
    "[].sum()": 0,
    "[1, 3.5].max()": 3.5,
    "[1, 3].min()": 1,
    "['a', 1, null].indexOf(1)": 1,
    "[1, 2, 2].lastIndexOf(2.0)": 2,
    "[1].indexOf('a')": -1,
    # math
    "math.greatest(1, 2.0, 3u)": Uint(3),
    "math.greatest([-42.0, -21.5])": -21.5,
    "math.least(1, 2u)": 1,
    "math.least(1.0, 1)": 1.0,
    "math.ceil(-1.2)": -1.0,
    "math.floor(-1.2)": -2.0,
    "math.round(-1.5)": -2.0,
    "math.round(2.4)": 2.0,
    "math.trunc(-1.9)": -1.0,
    "math.abs(-1)": 1,
    "math.abs(2u)": Uint(2),
    "math.sign(-2.5)": -1.0,
    "math.sign(3u)": Uint(1),
    "math.isNaN(0.0 / 0.0) && math.isInf(1.0 / 0.0) && math.isFinite(1.0)": True,
    "math.sqrt(81)": 9.0,
    "math.sqrt(-1)": math.nan,
    "math.bitAnd(-3, -5)": -7,
    "math.bitOr(1u, 2u)": Uint(3),
    "math.bitXor(1, 3)": 2,
    "math.bitNot(0u)": Uint(2**64 - 1),
    "math.bitNot(1)": -2,
    "math.bitShiftLeft(-1, 2)": -4,
    "math.bitShiftLeft(1, 63)": -(2**63),
    "math.bitShiftLeft(1u, 200)": Uint(0),
    "math.bitShiftRight(-1024, 3)": 2305843009213693824,
    # sets
    "sets.contains([], [])": True,
    "sets.contains([], [1])": False,
    "sets.contains([1, 2.0, 3u], [1.0, 2u, 3])": True,
    "sets.equivalent([1], [1, 1])": True,
    "sets.equivalent([1, 2], [1])": False,
    "sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])": True,
    "sets.intersects([1], [])": False,
    # base64
    "base64.encode(b'hello')": "aGVsbG8=",
    "base64.decode('aGVsbG8=')": b"hello",
    "base64.decode('aGVsbG8')": b"hello",
    # regex
    "'abc 123'.find('[0-9]+')": "123",
    "'abc'.find('x')": "",
    "'123 abc 456'.findAll('[0-9]+')": ["123", "456"],
    "'123 abc 456'.findAll('[0-9]+', 1)": ["123"],
    "'123 abc 456'.findAll('[0-9]+', 0)": [],
    "regex.replace('hello world hello', 'hello', 'hi')": "hi world hi",
    "regex.replace('banana', 'a', 'x', 0)": "banana",
    "regex.replace('banana', 'a', 'x', 1)": "bxnana",
    "regex.replace('banana', 'a', 'x', -1)": "bxnxnx",
    r"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1')": "ba fo",
    r"regex.replace('abc', 'b', r'\\')": "a\\c",
    r"regex.extract('item-A, item-B', r'item-(\w+)')": Optional("A"),
    "regex.extract('HELLO', 'hello')": NONE,
    r"regex.extractAll('id:123, id:456', r'id:\d+')": ["id:123", "id:456"],
    "regex.extractAll('val=a, val=, val=c', 'val=([^,]*)')": ["a", "c"],
    r"regex.extractAll('a b c', r'(\S*)\s*')": ["a", "b", "c"],
    "matches('abc', 'b+')": True,
    "'a\\nb'.matches('a.b')": False,
    "'a\\n'.matches('a$')": False,
    "'a'.matches('^a$')": True,
}

ERRORS = [
    *("'abc'.charAt(-1)", "'abc'.charAt(4)", "'abc'.indexOf('a', -1)", "'abc'.substring(4)"),
    *("'abc'.lastIndexOf('a', -1)", "'abc'.substring(2, 1)", "'abc'.substring(-1)", "[1].join()"),
    *("'%d'.format(['a'])", "'%s'.format([])", "'%5d'.format([1])", "'%'.format([1])"),
    *("'%x'.format([1.5])", "'%s'.format([x.?a])", "'%.9999f'.format([1.0])", "1.contains('1')"),
    *("[1, 'b'].sort()", "[[1]].sort()", "[1].flatten(-1)", "[1].slice(-1, 1)", "[1].slice(0, 2)"),
    *(
        "[1].slice(1, 0)",
        "['a'].sum()",
        "[1, 1.0].sum()",
        "[].max()",
        "[].min()",
        "[{}].isSorted()",
    ),
    *("[9223372036854775807, 1].sum()", "math.greatest([])", "math.greatest('a')", "math.ceil(1)"),
    *("math.abs(-9223372036854775808)", "math.bitShiftLeft(1, -1)", "math.bitAnd(1, 1u)"),
    *("base64.decode('a')", "base64.decode('a b=')", "sets.contains(1, [])", "'a'.matches(x.b)"),
    *("regex.extract('ab', '(a)(b)')", r"regex.replace('a', 'a', r'\1')", "'a'.matches(x.a)"),
    r"regex.replace('a', 'a', r'\x')",
]


@pytest.mark.parametrize("text", VALUES)
def test_value(text: str) -> None:
    assert same(value(text), VALUES[text])


@pytest.mark.parametrize("text", ERRORS)
def test_error(text: str) -> None:
    assert outcome(text, x={"a": "(", "b": 1}) == ERROR
