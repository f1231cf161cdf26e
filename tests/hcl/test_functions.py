"""Functions on known values, on unknown ones, and on hostile ones."""

from __future__ import annotations

import time
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from guardrail.hcl import functions
from guardrail.hcl.functions import NAMES, call
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue
from tests.hcl import terraform
from tests.hcl.documented_calls import DOCUMENTED, OPENTOFU, REFUSED

U = UnknownValue("var.x", symbol="var.x")
ARN = UnknownValue("aws_s3_bucket.b", refs=(("aws_s3_bucket.b", ".arn"),))
MANY = UnknownValue("var.l", many=True)
ARNS = UnknownValue("var.x", known=("arn:", U, "/x"))


def known(value: object) -> Any:
    """What is known of a value: holes and unknowns as `...`, several as `"*"`."""
    if isinstance(value, UnknownValue):
        if isinstance(value.known, tuple):
            return tuple(known(p) for p in value.known)
        if isinstance(value.known, dict):
            return {"...": 0, **{k: known(v) for k, v in value.known.items()}}
        return "*" if value.many else ...
    if isinstance(value, list):
        return [known(v) for v in value]
    if isinstance(value, dict):
        return {k: known(v) for k, v in value.items()}
    return value


@pytest.mark.parametrize(("name", "arguments", "result"), [*DOCUMENTED, *OPENTOFU])
def test_the_documentations_examples(name: str, arguments: tuple[Any, ...], result: object) -> None:
    found = call(name, [terraform.plain(a) for a in arguments])
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(("name", "arguments"), REFUSED)
def test_what_terraform_refuses(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(EvaluationError, match=name):
        call(name, [terraform.plain(a) for a in arguments])


def test_every_module_of_functions_is_found() -> None:
    rooms = [import_module(f"guardrail.hcl.functions.{m.name}") for m in iter_modules(functions.__path__)]
    names = [name for room in rooms for name in getattr(room, "FUNCTIONS", {})]
    assert sorted(names) == sorted(NAMES)


def test_every_function_has_an_example() -> None:
    unknown = {"abspath", "bcrypt", "pathexpand", "plantimestamp", "rsadecrypt", "timestamp", "uuid", "yamldecode"}
    shown = {name for name, *_ in (*DOCUMENTED, *OPENTOFU)}
    others = {"base64gzip", "ephemeralasnull", "issensitive", "nonsensitive", "sensitive", "sha512", "base64sha512"}
    assert set(NAMES) - shown == unknown | others


# ---------------------------------------------------------------- what is not known


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        # what the result does not hang on
        ("contains", ([U, "a"], "a"), True),
        ("contains", ([U], "a"), ...),
        ("contains", ([ARNS], "b"), False),
        ("alltrue", ([U, False],), False),
        ("alltrue", ([U, True],), ...),
        ("anytrue", ([U, True],), True),
        ("anytrue", ([MANY],), ...),
        ("length", ([U, U],), 2),
        ("length", ([U, MANY],), ...),
        ("length", (ARNS,), ...),
        ("coalesce", ("a", U), "a"),
        ("coalesce", (U, "a"), ...),
        ("coalesce", (ARN, "a"), ...),
        ("coalescelist", (["a"], U), ["a"]),
        ("lookup", ({"a": 1, "b": U}, "a", 0), 1),
        ("lookup", ({"a": 1}, U, 0), ...),
        ("lookup", ({}, U, 0), 0),
        ("lookup", (UnknownValue("m", known={"a": 1}), "a", 0), 1),
        ("lookup", (UnknownValue("m", known={"a": 1}), "b", 0), ...),
        ("element", (["a", U, MANY], 0), "a"),
        ("element", (["a", U, MANY], 2), ...),
        ("slice", (["a", "b", MANY], 0, 2), ["a", "b"]),
        ("slice", (["a", "b", MANY], 0, 3), ...),
        ("setproduct", ([], U), []),
        ("index", (["a", U], "a"), 0),
        ("index", ([U, "a"], "a"), ...),
        ("one", ([U],), ...),
        ("one", ([MANY],), ...),
        ("sum", ([1, U],), ...),
        # maps
        ("keys", ({"a": U},), ["a"]),
        ("keys", (UnknownValue("m", known={"a": 1}),), ["*", "a"]),
        ("values", ({"a": U},), [...]),
        ("merge", ({"a": 1}, {"b": U}), {"a": 1, "b": ...}),
        ("merge", ({"a": 1}, U, {"b": 2}), {"...": 0, "a": ..., "b": 2}),
        ("merge", (UnknownValue("m", known={"a": 1}), {"b": 2}), {"...": 0, "a": 1, "b": 2}),
        ("zipmap", (["a", "b"], [1, U]), {"a": 1, "b": ...}),
        ("zipmap", ([U], [1]), ...),
        # lists
        ("concat", (["a"], U, ["b"]), ["a", "*", "b"]),
        ("compact", (["a", U, "", ARN],), ["a", "*", ...]),
        ("flatten", ([["a"], U, ARNS],), ["a", "*", ("arn:", ..., "/x")]),
        ("distinct", (["a", U, "b"],), ["a", "*", "b"]),
        ("distinct", (["b", ARNS],), ["b", ("arn:", ..., "/x")]),
        ("toset", (["b", U, "a"],), ["*", "a", "b"]),
        ("toset", ([U],), [...]),
        ("toset", ([{"a": U, "b": 1}, {"a": U, "b": 2}],), [{"a": ..., "b": 1}, {"a": ..., "b": 2}]),
        ("sort", (["b", U, "a"],), ["*", "a", "b"]),
        ("reverse", (["a", MANY],), ["*", "*", "a"]),
        ("reverse", (["a", U],), [..., "a"]),
        ("chunklist", ([U, "a", "b"], 2), [[..., "a"], ["b"]]),
        ("setunion", (["a"], U), ["*", "a"]),
        ("setsubtract", (["a", "b"], ["a", U]), ["*"]),
        ("setsubtract", (["a", "b"], [ARNS]), ["a", "b"]),
        ("matchkeys", (["x", "y"], ["a", U], ["a"]), ["x", "*"]),
        # texts with holes
        ("join", ("-", ["a", U, "b"]), ("a-", ..., "-b")),
        ("join", ("-", ["a", MANY, "b"]), ("a-", ..., "b")),
        ("join", ("-", ["a", MANY]), ("a", ...)),
        ("join", ("-", [MANY, "b"]), (..., "b")),
        ("join", ("-", [MANY]), (...,)),
        ("join", ("-", U), ...),
        ("format", ("%s/%d-%v%%", U, U, ARNS), (..., "/", ..., "-arn:", ..., "/x%")),
        ("format", ("%5s|", U), (..., "|")),
        ("format", ("%q", ARNS), ('"arn:', ..., '/x"')),
        ("formatlist", ("a-%s", ["x", U]), ["a-x", ("a-", ...)]),
        ("formatlist", ("a-%s", U), [("a-", ...)]),
        ("lower", (UnknownValue("t", known=("A-", U, "-B")),), ("a-", ..., "-b")),
        ("trimprefix", (ARNS, "arn:"), (..., "/x")),
        ("trimprefix", (ARNS, "b"), ("arn:", ..., "/x")),
        ("trimsuffix", (ARNS, "z/x"), ...),
        ("startswith", (ARNS, "arn"), True),
        ("startswith", (ARNS, "arm"), False),
        ("startswith", (ARNS, "arn:b"), ...),
        ("endswith", (ARNS, "x"), True),
        ("endswith", (ARNS, "y"), False),
        ("strcontains", (ARNS, "rn"), True),
        ("strcontains", (ARNS, "z"), ...),
        ("replace", ("a-b", "-", U), ("a", ..., "b")),
        ("replace", (ARNS, "a", "b"), ...),
        ("upper", (U,), ...),
        # JSON
        ("jsonencode", ({"b": U, "a": ARNS},), ('{"a":"arn:', ..., '/x","b":', ..., "}")),
        ("jsonencode", (["a", MANY],), ('["a",', "*", "]")),
        ("jsonencode", (U,), (...,)),
        ("jsonencode", (UnknownValue("m", known={"a": 1}),), ({"...": 0, "a": 1},)),
        # never known
        ("timestamp", (), ...),
        ("uuid", (), ...),
        ("bcrypt", ("a",), ...),
        ("provider::aws::arn_parse", ("a",), ...),
        ("yamldecode", ("a: 1",), ...),
        ("yamldecode", ('{"a": 1}',), {"a": 1}),
        ("abspath", ("a",), ...),
        ("pathexpand", ("~/a",), ...),
        ("pathexpand", ("/a",), "/a"),
    ],
)
def test_what_is_told_of_what_is_not_known(name: str, arguments: tuple[Any, ...], told: object) -> None:
    assert known(call(name, list(arguments))) == told


def test_what_an_unknown_was_is_kept() -> None:
    assert call("tostring", [U]) is U
    assert call("nonsensitive", [U]) is U
    assert call("element", [[ARN], 0]) is ARN
    assert call("coalesce", [ARN, "a"]) is ARN
    assert call("format", ["%s", ARN]) is ARN
    made = call("format", ["%s/*", ARN])
    assert isinstance(made, UnknownValue)
    assert made.known == (ARN, "/*")
    assert call("upper", [U]) == UnknownValue("var.x")  # no longer the input itself


def test_json_with_holes_comes_back() -> None:
    document = {"Statement": [{"Resource": [ARN, ARNS], "Sid": U, "n": 1.5}], "é": None}
    back = call("jsondecode", [call("jsonencode", [document])])
    assert known(back) == {"Statement": [{"Resource": ["*", ("arn:", ..., "/x")], "Sid": ..., "n": 1.5}], "é": None}
    assert isinstance(back, dict)
    assert back["Statement"][0]["Resource"][0].refs == ARN.refs


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (('{"a": "', U, '"}'), {"a": ...}),
        (('{"a": "x', U, '"}'), {"a": ("x", ...)}),
        (('{"a": ', U, "}"), {"a": ...}),
        (('{"a": [', U, "]}"), {"a": ["*"]}),
        (('{"', U, '": 1, "b": 2}'), {"...": 0, "b": 2}),
        (('{"a": "\\"', U, '"}'), {"a": ('"', ...)}),
        (("{", U, '"b": 2}'), ...),
        (("{ not ", U), ...),
        ((U,), ...),
    ],
)
def test_json_of_a_template(parts: tuple[object, ...], told: object) -> None:
    assert known(call("jsondecode", [UnknownValue("a text", known=parts)])) == told


# ---------------------------------------------------------------- hostile


def deep(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


LONG = "a" * 900_000
HOSTILE: list[tuple[str, tuple[Any, ...]]] = [
    ("range", (1024,)),
    ("setproduct", tuple([list(range(100))] * 5)),
    ("setproduct", tuple([["a", "b"]] * 40)),
    ("format", ("%900000000d", 1)),
    ("format", ("%.900000000f", 1.5)),
    ("format", ("%s" * 3, LONG, LONG, LONG)),
    ("formatlist", ("%s", [LONG, LONG])),
    ("replace", (LONG, "a", "b" * 1000)),
    ("replace", (LONG, "", "bb")),
    ("join", (LONG, ["a"] * 100)),
    ("indent", (900_000_000, "a\nb")),
    ("pow", (10, 100_000)),
    ("pow", (-8, 0.5)),
    ("parseint", ("9" * 100_000, 10)),
    ("tonumber", ("1e100000",)),
    ("tonumber", ("9" * 100_000,)),
    ("tostring", (10**5000,)),
    ("cidrsubnets", ("::/0", *[32] * 200_000)),
    ("jsondecode", ("[" * 100_000,)),
    ("jsondecode", ("[" * 90 + "]" * 90,)),
    ("jsondecode", ("1" * 100_000,)),
    ("jsondecode", ('"' + '\\"' * 400_000,)),
    ("jsondecode", (UnknownValue("x", known=("[" * 400_000, U, '\\"' * 200_000)),)),
    ("jsonencode", (deep(5000),)),
    ("flatten", (deep(5000),)),
    ("toset", (deep(5000),)),
    ("contains", ([deep(5000)], deep(5000))),
    ("yamlencode", (deep(5000),)),
    ("distinct", ([{"a": i} for i in range(20_000)],)),
    ("distinct", ([U, *range(20_000)],)),
    ("setsubtract", ([{"a": i} for i in range(5_000)], [{"a": i} for i in range(5_000)])),
    ("matchkeys", (list(range(5_000)), list(range(5_000)), list(range(5_000)))),
    ("regex", ("(a+)+$", "a" * 5_000 + "b")),
    ("regex", ("(a|aa)*$", "a" * 5_000 + "b")),
    ("regex", ("(.*)" * 50 + "x", "a" * 5_000)),
    ("regex", ("(" * 1_000 + ")" * 1_000, "a")),
    ("regex", ("((a{100}){10}|b){1}" * 100, "a")),
    ("regex", ("a" * 100_000, "a")),
    ("regexall", ("", LONG)),
    ("regexall", ("a*?", "a" * 50_000)),
    ("replace", (LONG, "/a/", "b")),
    ("regex", ("[" + "".join(f"\\x{{{c:x}}}" for c in range(256, 1200)) + "]", "a" * 10_000)),
    ("csvdecode", ("a\n" + '"' * 500_000,)),
    ("csvdecode", ("a" + ",a" * 200_000,)),
    ("base64gunzip", ("H4sIAAAAAAACA" + "A" * 1000,)),
    ("timeadd", ("2017-11-22T00:00:00Z", "1h" * 50_000)),
    ("formatdate", ("'" * 500_000, "2017-11-22T00:00:00Z")),
    ("strrev", ("\u0301" * 500_000,)),
    ("title", (LONG,)),
    ("split", ("", LONG)),
    ("chunklist", (list(range(100_000)), 1)),
    ("transpose", ({str(i): [str(j) for j in range(100)] for i in range(1000)},)),
]


@pytest.mark.parametrize(("name", "arguments"), HOSTILE, ids=[f"{i}-{n}" for i, (n, _) in enumerate(HOSTILE)])
def test_nothing_takes_long_or_breaks(name: str, arguments: tuple[Any, ...]) -> None:
    start = time.process_time()
    try:
        found = call(name, list(arguments))
    except EvaluationError:
        found = None
    assert time.process_time() - start < 3
    assert len(found) <= 1_000_000 if isinstance(found, str | list) else True
