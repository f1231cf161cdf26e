"""Calls of functions that tests make with known values: Terraform says what they give (test_terraform_oracle.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.hcl.terraform import Set

# fmt: off
# One value on each line would hide what is tried.

Case = tuple[str, tuple[Any, ...]]

ODD_TEXTS = ["", "é☃", "\U0001f600", "İ ß ŉ ﬁ Σας", 5, True, '<>&\u2028"\\/\b\f\n\r\t\x01\x7f', "👨‍👩‍👧x", "🇩🇪🇫🇷a",
    "\r\nx"]
NUMBERS = [0, 1, -1, 15, 1.5, -1.5, 123456.789, 1000000, 100000, 1e21, 1e-4, 1e-5, 0.00001234, 3.14159265, 2.5, 0.125]
STAMP = "2018-01-02T23:12:01Z"


def cases() -> Iterator[Case]:
    """Every call."""
    for group in (_numbers, _strings, _lists, _maps, _conversions, _encodings, _networks, _times, _formats, _patterns):
        yield from group()


def each(names: str, *values: Any) -> Iterator[Case]:
    """Functions of one argument."""
    for name in names.split():
        for value in values:
            yield name, (value,)


def calls(name: str, *arguments: tuple[Any, ...]) -> Iterator[Case]:
    """One function with several lists of arguments."""
    for given in arguments:
        yield name, given


def _numbers() -> Iterator[Case]:
    texts = ["3", "-0.5", "abc", "1e3", ".5", "1.", "+1", "inf", "Inf", "0x10", "1_000", " 1", "1e-7", "NaN",
        "-Infinity"]
    yield from each("abs ceil floor signum", 1, -1, 1.5, -1.5, True, None, [], *texts)
    yield from calls("log", (50, 10), (16, 2), (8, 2), (1, 10), ("100", "10"), (None, 1))
    yield from calls("pow", (3, 2), (4, 0), (2, -1), (2, 0.5), (0, 0), (10, 20), (-8, 3), (2, 100))
    for name in ("max", "min"):
        yield from calls(name, (5, 12, 9), (), (5, "12"), (1.5, 2.5), (None, 1), ([1, 2],))
    written = [("100", 10), ("FF", 16), ("-10", 16), ("1011111011101111", 2), ("aA", 62), ("12", 2), ("+5", 10)]
    yield from calls("parseint", *written, ("zz", 36), ("ZZ", 36), ("", 10), ("1_0", 10), (100, 10), ("10", 1))
    yield from calls("parseint", ("10", 63), ("10", 0), ("aA", 37), ("5", "10"), ("-", 10), ("10", 1.5))
    yield from calls("range", (3,), (1, 4), (1, 8, 2), (1, 4, 0.5), (4, 1), (10, 5, -2), (1, 2, 0), (1, 5, -1), (5, 1,
        1))
    yield from calls("range", (0,), (1, 1), (1, 1, -1), (1, 1, 1), (1024,), (1025,), (-3,), ("3",), (), (1, 2, 3, 4))
    yield from calls("range", (0, 1, 0.1), (None,))
    yield from each("sum", [1, 2], [0.1, 0.2], ["1", 2], [], [None], [True], {"a": 1}, Set((1, 2)), ["a"])


def _strings() -> Iterator[Case]:
    yield from each("chomp", "hello\n", "hello\n\n", "hello\r\n", "hello\r\r\n", "\nhello", "", 5, None, [])
    for name in ("endswith", "startswith", "strcontains"):
        yield from calls(name, ("hello world", "world"), ("hello", "x"), ("", ""), ("a", ""), (5, "5"), (None, "a"))
    yield from calls("indent", (2, "[\n foo\n]\n"), (0, "a\nb"), (-1, "a\nb"), ("2", "a\nb"), (1.5, "a\nb"))
    yield from calls("join", ("-", ["foo", "bar"]), (",", []), (",", ["a"], ["b", "c"]), (",", [1, True, "x"]), (",",))
    yield from calls("join", (",", ["a", None]), (",", Set(("b", "a"))), (",", [["a"]]), (",", {"a": 1}), ("", ["a",
        "b"]))
    yield from each("lower upper title strrev length", "HELLO world", "hello-world foo_bar 3d don't", *ODD_TEXTS)
    yield from each("title", "a.b/c", "x\u2019y", "a\tb", "hELLO")
    spans = [(1, 4), (-5, -1), (-10, 2), (2, -1), (2, -2), (10, 2), (2, 100), (0, 0), (-3, 2), (1.5, 1), (-2, -3)]
    yield from calls("substr", *[("hello", *span) for span in spans])
    yield from calls("substr", *[(text, *span) for text in ODD_TEXTS for span in ((1, 2), (0, 1), (-1, -1))])
    yield from calls("trim", ("?!hello?!", "!?"), ("foobar", "far"), ("   hello! world.!  ", "! "), ("abc", ""), ("",
        "a"))
    yield from each("trimspace", "  hello\n\n", "\u00a0x\u2003", "\x1cx\x1f", "\x85x", "\u200bx", "\ufeffx")
    yield from calls("trimprefix", ("helloworld", "hello"), ("helloworld", "cat"), ("--hello", "-"), ("a", ""))
    yield from calls("trimsuffix", ("helloworld", "world"), ("hello--", "-"), ("a", ""))
    yield from calls("split", (",", "foo,bar,baz"), (",", "foo"), (",", ""), ("", "abc"), ("", ""), ("", "é☃"), ("ab",
        "xaby"))
    yield from calls("replace", ("1 + 2 + 3", "+", "-"), ("hello world", "/w.*d/", "everybody"), ("abc", "", "-"))
    yield from calls("replace", ("abc", "/", "-"), ("a/b", "//", "x"), ("abc", "/(b)/", "[$1]"), ("abc", "/b/", "$$"))
    yield from calls("replace", ("abc", "/(?P<x>b)/", "[${x}]"), ("abc", "/(b)/", "$1x"), ("abc", "/x*/", "-"))
    yield from calls("replace", ("a.b", "/\\./", "_"), ("abc", "/b/", "$"), ("abc", "/(b)/", "${9}"), ("AbC",
        "/(?i)[a-c]/", "x"))
    yield from calls("replace", ("aaa", "a", "b"), ("abc", "/(/", "x"), ("x\ny", "/(?m)^/", "> "), ("abc", "/b/",
        "\\0"))
    yield from calls("replace", ("abc", "/(b)/", "$1$1"), ("abc", "/(b)/", "$-1"), ("abc", "/(b)/", "${1"), ("baaac",
        "/a*/", "x"))


def _lists() -> Iterator[Case]:
    flags: list[Any] = [[], [True], [True, False], ["true"], ["x"], [None], [None, True], Set((True,)), [1], None,
        "x", ["1"]]
    yield from each("alltrue anytrue", *flags)
    letters = ["a", "b", "c", "d", "e"]
    yield from calls("chunklist", (letters, 2), (["a", "b"], 1), ([], 2), (["a"], 0), (["a"], -1), (Set(("b", "a")), 1))
    yield from calls("coalesce", ("a", "b"), ("", "b"), (None, "b"), (1, 2), (None,), (), ("",), (None, 1, "x"), (1,
        "x"))
    yield from calls("coalesce", (["b"],), ([], ["a"]), (None, []), (False, True), ({}, {"a": 1}), ("", 1), (True,
        "x"), (0, "x"))
    yield from calls("coalescelist", ([], ["a"]), (["a"], ["b"]), ([],), (), ("a",), ([], None))
    yield from each("compact", ["a", "", "b", None, "c"], [], [1, ""], [None], Set(("", "a")), " ")
    yield from calls("concat", (["a", ""], ["b"]), ([],), (), ([1], ["a"]), (None,), (["a"], None), ("a",))
    found: list[Any] = [(["a", "b"], "a"), (["a", "b"], "x"), ([1, 2], "1"), (["1"], 1), ([True], "true"), ([], "a"),
        (["a"], None)]
    found += [([None], "a"), ([["a"]], ["a"]), ({"a": 1}, "a"), ("abc", "a"), ([1, "1"], 1), ([{"a": 1}], {"a": 1})]
    yield from calls("contains", *found, (Set(("a",)), "a"))
    yield from calls("index", *found)
    mixed: list[Any] = [["a", "b", "a"], [1, "1"], [], [None, None], [{"a": 1}, {"a": 1}], [True, "true", 1], [[1],
        ["1"]]]
    yield from each("distinct", *mixed, Set(("a",)), None, "a")
    yield from calls("element", (letters, 1), (letters, 5), (["a"], "0"), ([], 0), (["a", "b"], 1.5), ({"a": 1}, 0),
        (["a"], None))
    nested: list[Any] = [[["a", "b"], [], ["c"]], [[["a"], []], ["c"]], [], [{"a": [1]}], "a", {"a": [1]}, [None],
        [[None]]]
    yield from each("flatten", *nested, [Set(("b", "a")), ["c"]], [1, [2, [3, [4]]]])
    yield from each("length", [1, 2], Set((1,)), 5, True, {"b": 1}, {}, None)
    keys = (["i-123", "i-abc", "i-def"], ["us-west", "us-east", "us-east"], ["us-east"])
    yield from calls("matchkeys", keys, (["a"], ["b", "c"], ["b"]), ([], [], []), ([1, 2], ["1", "2"], [1]), (["a"],
        ["x"], []))
    yield from each("one", [], [1], [1, 2], Set((1,)), {"a": 1}, "x", [None])
    yield from each("reverse", [1, 2, 3], [], Set(("a", "b")), "ab", {"a": 1})
    sets: list[Any] = [(["a", "b"], ["b", "c"]), (["a"], [1]), ([], ["a"]), (["a"],), ([1, 2], ["1"]), (Set((1, 2)),
        Set((2, 3)))]
    for name in ("setintersection", "setunion", "setsubtract"):
        yield from calls(name, *sets, (["a", "a"], ["a"]), ([True], [1]), ([True], ["true"]), (["a", "b"], ["b"],
            ["b", "c"]))
    yield from calls("setproduct", (["a", "b"], [1, 2]), (["a", "b"], []), (["a"],), (), (["a", "b"], ["x"], [True,
        False]))
    yield from calls("setproduct", ([1, "a"], ["b"]), (Set(("b", "a")), ["x"]), ("a", ["b"]), ([None], [1]))
    yield from calls("slice", (letters, 1, 3), (["a"], 0, 1), (["a"], 0, 2), (["a", "b"], 1, 0), (["a"], -1, 1), ([],
        0, 0))
    yield from each("sort", ["e", "d", "a"], ["10", "9", "é", "z"], [3, 20, 1], [], [None], Set(("b", "a")), ["B",
        "a"], [True, "a"])


def _maps() -> Iterator[Case]:
    yield from each("keys values", {"b": 1, "a": 2}, {}, "x", None, [1])
    looked: list[Any] = [({"a": "ay"}, "a", "x"), ({"a": "ay"}, "c", "x"), ({"a": 1}, "a"), ({"a": 1}, "b"),
        ({"1": 1}, 1, 2)]
    looked += [({"a": 1}, None, 2), (None, "a", 1), ({"a": 1}, "b", None), ({"a": None}, "a", 1), ({"a": 1}, "b", "x",
        "y")]
    yield from calls("lookup", *looked, (["a"], "0", "x"), ({"a": 1}, "b", "x"), ({"a": "x"}, "b", 3))
    yield from calls("merge", ({"a": 1}, {"b": 2}), ({"a": 1}, {"a": 2}), (), ({"a": 1}, None), (None,), ([1],),
        ({},), ("x",))
    yield from calls("merge", ({"a": [1]}, {"a": {"b": 1}}), (None, None))
    yield from each("transpose", {"a": ["1", "2"], "b": ["2", "3"]}, {}, {"a": []}, {"a": [1]}, {"a": "x"}, {"a": None})
    yield from each("transpose", {"a": ["x", "x"]}, {"b": ["x"], "a": ["x"]})
    yield from calls("zipmap", (["a", "b"], [1, 2]), (["a"], [1, 2]), ([], []), (["a", "a"], [1, 2]), ([1], [2]),
        ([None], [1]))


def _conversions() -> Iterator[Case]:
    yield from each("tonumber tostring tobool", 1, -1.5, "3", "abc", True, None, "1e3", ".5", "+1", "inf", 1e21, 1e-7,
        [], {})
    yield from each("tobool", "true", "false", "TRUE", "1", "0", "True", "t", "", 0, 2)
    mixed: list[Any] = [["a", "b", "a"], [1, "1"], [], [None, None], ["b", "a", "b"], [True, "true", 1], [[1], ["1"]],
        [1, True]]
    mixed += [[1, [1]], ["a", ["b"]], [{"a": 1}, {"a": "x"}], [{"a": 1}, {"b": 1}], [None, 1], ["b", "a", None],
        {"a": 1}, "a"]
    mixed += [[[1], ["a", "b"]], [{"a": 1, "b": "x"}, {"a": "y", "b": True}], [{"a": [1]}, {"a": ["x"]}], None, [3,
        20, 1]]
    yield from each("tolist toset", *mixed)
    yield from each("tomap", {"a": 1, "b": 2}, {"a": 1, "b": "x"}, {"a": [1], "b": ["x"]}, {}, {"a": True, "b": "x"},
        [], None)
    yield from each("tomap", {"a": 1, "b": None}, {"a": 1, "b": True}, {"a": 1, "b": []})
    yield from each("sensitive nonsensitive ephemeralasnull", None, "a", 1)


def _encodings() -> Iterator[Case]:
    coded = ["SGVsbG8gV29ybGQ=", "SGVsbG8", "a", "////", "SGVs\nbG8=", "SGVsbG8=\n", " SGVs", "_-8=", "", "SGVsbG9="]
    yield from each("base64decode", *coded)
    hashes = "base64encode base64sha256 base64sha512 md5 sha1 sha256 sha512 urlencode jsonencode yamlencode"
    yield from each(hashes, "Hello World", None, *ODD_TEXTS)
    yield from each("urlencode", "Hello World! a/b?c=d&e+f~g*'()-_.☃")
    tables = ["a,b,c\n1,2,3\n4,5,6", "a,b\n1", "a,a\n1,2", "", "a\n", 'a,b\n"x,y","q""z"\n', "a,b\r\n1,2\r\n",
        "a,b\n\n1,2\n"]
    tables += [" a,b\n 1, 2", 'a\n"x\ny"', 'a\nx"y', "a,b\n1,2,3", 'a\n"x"y', 'a\n"x', "\n", "a\n\r\n1",
        'a\n"x\r\ny"\n', "a,b\n1,"]
    yield from each("csvdecode", *tables)
    texts = ['{"a":[1,2.5,null,true,"x"]}', "{", '"x"', "1e3", '{"a":1,"a":2}', "[1,]", "nul", ' {"a" : 1} ', "NaN",
        "-0", "1.0"]
    texts += ['"\\u00e9\\ud83d\\ude00"', "[]", '{"a":{}}', "", "1 2", '"\\ud800"', "01", '"a\tb"', "-Infinity",
        "1.5e-3", "1" * 30]
    yield from each("jsondecode", *texts)
    data: list[Any] = [{"b": 1, "a": [1, 2.5, None, True, "x"]}, {}, [], 1.5, 1e21, 1e-7, Set(("b", "a")),
        {"a b": {"c": []}}]
    yield from each("jsonencode yamlencode", *data)
    lines: list[Any] = ["x\ny", "x\ny\n", "\nx", " x\ny", "\n", "x\n\n", "x\ty\nz", "x \ny", "a\r\nb",
        "a\u00a0b\ud7ff\ufeff"]
    nested: list[Any] = [[[1, 2], [3]], [{"a": 1, "b": [1]}, [], {}], {"a": {"b": {"c": 1}}}, {"a": "l1\nl2\n"},
        ["l1\nl2"]]
    nested += [[["l1\nl2"]], {"a": ["l1\nl2", {"b": "x\n\ny\n"}]}, {"a": [[]]}, [[[1]]], {"a": None}, [[{"a": 1,
        "b": 2}]]]
    yield from each("yamlencode", *lines, *nested, True, 'tab\tq"b\\')
    for text, encoding in (
        ("Hello", "UTF-16LE"),
        ("é", "ISO-8859-1"),
        ("é", "US-ASCII"),
        ("x", "utf-8"),
        ("☃", "windows-1252"),
    ):
        yield "textencodebase64", (text, encoding)
    for text, encoding in (
        ("SABlAA==", "UTF-16LE"),
        ("6Q==", "ISO-8859-1"),
        ("6Q==", "UTF-8"),
        ("gQ==", "windows-1252"),
    ):
        yield "textdecodebase64", (text, encoding)
    yield from each("yamldecode", '{"a": 1}', "[1, 2]", '"x"')
    spaces = ["dns", "url", "oid", "x500", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "nope", ""]
    yield from calls("uuidv5", *[(space, "www.terraform.io") for space in spaces])
    yield from each("basename dirname", "foo/bar/baz.txt", "", "/", "a", "a/", "/a", "a//b", "../a", "a/../b",
        "./a/b", "/a/b/", "//a")


def _networks() -> Iterator[Case]:
    yield from calls("cidrsubnet", ("172.16.0.0/12", 4, 2), ("10.1.2.0/24", 4, 15), ("fd00:fd12:3456:7890::/56", 16,
        162))
    yield from calls("cidrsubnet", ("10.0.0.0/16", 8, 256), ("10.0.0.0/30", 3, 0), ("10.0.0.5/16", 8, 1), ("10.0.0.0",
        8, 1))
    yield from calls("cidrsubnet", ("010.0.0.0/16", 8, 1), ("10.0.0.0/33", 1, 1), ("10.0.0.0/16", 0, 0), ("::/0", 64,
        1))
    yield from calls("cidrsubnet", ("10.0.0.0/8", "8", "1"), ("10.0.0.0/16", 1.5, 0), ("fe80::1%eth0/64", 8, 1))
    hosts: list[Any] = [("10.12.112.0/20", 16), ("10.12.112.0/20", 268), ("fd00:fd12:3456:7890:00a2::/72", 34),
        ("10.0.0.0/24", -1)]
    hosts += [("10.0.0.0/24", -256), ("10.0.0.0/24", -257), ("10.0.0.0/24", 256), ("10.0.0.0/32", 0), ("10.0.0.9/24",
        3)]
    yield from calls("cidrhost", *hosts, ("x", 1), ("::/64", -2))
    yield from each("cidrnetmask", "172.16.0.0/12", "10.0.0.0/0", "::/64", "10.0.0.0", "1.2.3.4/32")
    yield from calls("cidrsubnets", ("10.1.0.0/16", 4, 4, 8, 4), ("fd00:fd12:3456:7890::/56", 16, 16, 16, 32),
        ("10.0.0.0/16",))
    yield from calls("cidrsubnets", ("10.0.0.0/30", 1, 1, 1), ("10.0.0.0/16", 0), ("10.0.0.0/16", 17), ("10.0.0.0/16",
        8, 4, 8))


def _times() -> Iterator[Case]:
    layouts = ["DD MMM YYYY hh:mm ZZZ", "EEEE, DD-MMM-YY hh:mm:ss ZZZ", "EEE, D MMM YYYY h:m:s Z",
        "H HH aa AA M MM MMMM D"]
    layouts += ["ZZZZZ ZZZZ", "h'h'mm", "'it''s'", "'x", "YYYYY", "E", "EE", "ZZ", "Z", "MMMMM", "'", "''", "hhh",
        "A", "q", "é☃ 1"]
    zones = [STAMP, "2018-01-02T03:04:05+02:30", "2018-12-31T00:00:00-08:00"]
    yield from calls("formatdate", *[(layout, zone) for layout in layouts for zone in zones])
    stamps = ["2018-01-02", "2018-13-02T00:00:00Z", "2018-02-30T00:00:00Z", "2018-01-02T24:00:00Z",
        "2018-01-02t00:00:00z"]
    stamps += ["2018-01-02T00:00:00.123456789Z", "2018-01-02T00:00:00+25:00", "2018-01-02T00:00:60Z",
        "2018-01-02 00:00:00Z"]
    for stamp in [*stamps, "2018-01-02T00:00:00", "2018-01-02T00:00:00-00:00", "2018-01-02T00:00:00+2:00"]:
        yield from [("formatdate", ("YYYY hh ZZZZZ", stamp)), ("timeadd", (stamp, "1m")), ("timecmp", (stamp, STAMP))]
    spans = ["10m", "-10m", "1.5h", "1h30m", "0", "", "1d", "1", "1ns", "1µs", "-1.5h3s", "+1h", "100000h", ".5s",
        "1.s", "1h-1m"]
    for span in [*spans, "9223372036s", "9300000000s", "1.5ns", " 1h"]:
        yield from calls("timeadd", ("2017-11-22T00:00:00Z", span), ("2017-11-22T00:00:00.5+02:00", span))
    yield from calls("timecmp", (STAMP, STAMP), ("2017-11-22T01:00:00Z", "2017-11-22T00:00:00-01:00"))


def _formats() -> Iterator[Case]:
    verbs = "%v %d %b %o %x %X %e %E %f %g %G %s %q %t %5d %-5d| %05d %+d %.2f %8.3f %-8.3f| %+.1f %08.2f %.0f %.3g "
    verbs += "%.10g %5v %-5v| %05v %#v %+05d %.3d %.3e %10s %-10s| %#x %#o %#b %20g %+g %020g"
    yield from calls("format", *[(verb, value) for verb in [*verbs.split(), "% d"] for value in NUMBERS])
    texts: list[Any] = ["abc", 'é☃"<', "", True, [1, "a"], {"a": 1}, "12", "1.5", "true", Set(("b",))]
    verbs = "%v %s %q %d %t %f %5s %-5s| %.2s %5.1s %05s %#v %5q %.0s %g %x %10v %.1q %-8v| %08v %05t"
    yield from calls("format", *[(verb, value) for verb in verbs.split() for value in texts])
    odd: list[Any] = [("Hello, %s!", "Ander"), ("%%",), ("%d%%", 5), ("%s",), ("x", "y"), ("%s %s", "a"),
        ("%[2]s %[1]s", "a", "b")]
    odd += [("%[2]s", "a", "b"), ("%[1]s %[1]s", "a"), ("%[3]s", "a"), ("%[0]s", "a"), ("%z", "a"), ("%",), ("% ",
        "a"), ("%s%", "a")]
    odd += [("%[1]s %s", "a", "b"), ("%[2]s %s", "a", "b", "c"), ("%*d", 1, 2), ("%5%",), ("%.s", "a"), ("%5.f", 1.5),
        (5,), (None,)]
    odd += [("%-+5d|", 3), ("%0-5d|", 3), ("%[1]5d", 3), ("%5[1]d", 3), ("%[x]d", 3), ("%é", 1), ("%d", "x"),
        ("%s %[2]q", "a", "b")]
    yield from calls("format", *odd)
    yield from calls("formatlist", ("Hello, %s!", ["A", "B"]), ("%s, %s!", "Salutations", ["V", "A"]), ("%s", []),
        ("%s",), ("x",))
    yield from calls("formatlist", ("%s-%s", ["a", "b"], ["c"]), ("%s-%s", ["a", "b"], ["c", "d"]), ("%s", Set(("b",
        "a"))))
    yield from calls("formatlist", ("%v", {"a": 1}), ("%d", ["x"]), ("%s", "a"), ("%v", [["a"], ["b"]]), ("%s %s",
        ["a"], 1, 2))


PATTERNS = [*(r"[a-z]+", r"(\d+)\.(\d+)", r"^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", r"a*",
    r"(a)|(b)", r"^$"), *(r"(?i)ABC", r"(?s).*", r".*", r"(?m)^.", r"\bx\b", r"[[:alpha:]]+", r"[^[:alpha:]]+",
    r"\x61", r"\x{1F600}|a", r"a{2}"), *(r"a{2,}", r"a{1,2}?", r"a{,2}", r"(a+)+$", r"(a|aa)+", r"x*?", r"(?:)", r"",
    r"[]a]+", r"[^]a]+", r"[a-]+", r"\Qa.b\E"), *(r"^arn:aws:iam::([0-9]{12}):role/(.+)$", r"(?P<a>x)(y)?",
    r"(x)(y)?", r"[\d.]+", r"[\w-]+", r"\W+", r"\S+", r"(?=a)"), *(r"(?!a)", r"(a)\1", r"a**", r"a++", r"a*+", r"a??",
    r"*a", r"a|*", r"(", r")", r"[", r"a{1001}", r"a{2,1}", r"\z", r"a\Z"), *(r"\A.", r"(?U)a+", r"(?i:A)b",
    r"a(?i)B", r"(?P<x>a)(?P<x>b)", r"(?<n>a)", r"\C", r"[a-z", r"[z-a]", r"\8", r"\07"), *(r"\101",
    r"[\x00-\x{10FFFF}]", r"é|☃", r"(?i)É", r"(|a)+", r"(|a)*", r"(a*)*", r"(a*)+", r"(?:a|b)*?c", r"\_", r"\é"),
    *(r"(?-i)a", r"(?i-s)A", r"(?x)a", r"(?#c)", r"x{0}", r"(a){0}b?", r"(?:(a)|b)*", r"(a??)(b*)", r"$", r"^", r"\b",
    r"\B"), *(r"(^|,)([^,]*)", r"a||b", r"|", r"(?P<1>a)", r"(?P<>a)", r"{", r"a{", r"a{1,", r"a{a}", r"}", r"]",
    r"[a&&b]", r"[[a]"), *(r"(a{2}){3}", r"(?:(?:a{10}){10}){11}", r"[[:^alpha:]]", r"[[:foo:]]", r"[[:alpha:]-z]",
    r"[\s\S]+", r"(?s:.)", r"(?m)x$")]
SUBJECTS = ["53453453.345345aaabbbccc22222", "a.b/c:d,ab", "arn:aws:iam::123456789012:role/x", "", "x\ny\n",
    "AbC é☃ (a)[b]{c}\\"]


def _patterns() -> Iterator[Case]:
    yield from calls("regexall", *[(pattern, subject) for pattern in PATTERNS for subject in SUBJECTS])
    yield from calls("regex", *[(pattern, subject) for pattern in PATTERNS for subject in ("aab", "xay")])
    yield from calls("replace", *[("xaby", f"/{pattern}/", "<$0$1$x>") for pattern in PATTERNS])
