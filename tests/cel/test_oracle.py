"""The same value, or both an error, as Google's implementation (cel-cpp through cel-expr-python).

Deliberate differences, each with its reason; expressions that touch one are left out:

- `.?` on null or a scalar, and `has(null.x)`: absent here, an error in cel-cpp. cel-go, which
  Kubernetes runs, has it so (interpreter/attributes.go); YAML's empty keys make nulls common.
- `a.?list[9]`: absent here (selection through an optional stays optional, as in cel-go).
- comparisons such as `1 == 'a'` or `1 < 1.5` between literals: cel-cpp refuses them when it checks
  types; there are no static types here. The oracle is run with its variables and literals as dyn.
- `int(' 1')`, `uint('+5')`, `double('0x10')`, `double('1e400')`: refused, as Go's strconv does.
- `int(true)`: an error, as the specification has no such overload; cel-cpp converts.
- text of doubles, durations and timestamps: Go's (`+Inf`, `1.5s`), not absl's (`inf`, `1.500s`).
- `{1: 1, 1u: 2}`: a duplicate key here, as in cel-go.
- indexOf beyond the end: -1 here, as in newer versions of cel-go; an error in cel-cpp.
- `'%s'.format([1e21])`, `%d` of a double: all digits, as in cel-go's formatting_v2.go.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from guardrail.cel import CelCompileError, CelError, compile
from guardrail.cel.values import Duration, Timestamp, TypeValue, Uint
from tests.cel.generate import RECORD, TYPED_RECORD, expressions, typed

pytest.importorskip("cel_expr_python", reason="cel-expr-python, the oracle, is not installed")

ERROR = "<error>"
REFUSED = "<refused>"
TYPE_NAMES = {"NULL": "null_type", "LIST": "list", "MAP": "map", "BOOL": "bool", "INT": "int"}
TYPE_NAMES |= {"STRING": "string", "DOUBLE": "double", "BYTES": "bytes", "UINT": "uint"}


@lru_cache(maxsize=1)
def oracle() -> Any:
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_bindings, ext_math, ext_optional, ext_strings

    extensions = [ext_bindings.ExtBindings(), ext_math.ExtMath()]
    extensions += [ext_optional.ExtOptional(), ext_strings.ExtStrings()]
    variables = dict.fromkeys(("x", "y", "e"), cel.Type.DYN)
    return cel.NewEnv(variables=variables, extensions=extensions)


def theirs(text: str, data: dict[str, object]) -> object:
    """The oracle's value; ERROR for a run-time error, REFUSED when it does not compile."""
    try:
        expression = oracle().compile(text, disable_check=True)
    except Exception:  # the binding raises plain RuntimeError and ValueError by turns
        return REFUSED
    try:
        found = expression.eval(data=data)
        if found.type().name() == "ERROR":
            return ERROR
        return _plain(found)
    except Exception:
        return ERROR


def _plain(found: Any) -> object:
    kind = found.type().name()
    if kind.startswith("LIST"):
        return [_plain(item) for item in found.value()]
    if kind.startswith("MAP"):
        return {key: _plain(item) for key, item in found.value().items()}
    value = found.plain_value()
    if kind == "TYPE":
        name = value.name()
        return ("type", TYPE_NAMES.get(name.split("<")[0], name))
    if kind == "UINT":
        return ("uint", value)
    return bytes(value) if isinstance(value, bytearray) else value


def ours(text: str, data: dict[str, object]) -> object:
    """guardrail's value in the oracle's terms."""
    try:
        program = compile(text, list(data))
    except CelCompileError:
        return REFUSED
    try:
        return _simple(program(data))
    except CelError:
        return ERROR


def _simple(value: object) -> object:
    if isinstance(value, list):
        return [_simple(item) for item in value]
    if isinstance(value, dict):
        return {key: _simple(item) for key, item in value.items()}
    if isinstance(value, TypeValue):
        return ("type", value.name)
    if isinstance(value, Uint):
        return ("uint", value.value)
    assert not isinstance(value, (Timestamp, Duration))
    return value


def alike(a: object, b: object) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a):
        return math.isnan(b)
    return a == b


# what the docstring lists, as far as generated expressions can come near it
_DELIBERATE = re.compile(r"has\(|string\(|\.\?|(int|double|bool|uint)\(")


@settings(
    derandomize=True,
    deadline=None,
    max_examples=1000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(expressions(optionals=False), RECORD, RECORD)
def test_generated_expressions(text: str, x: dict[str, object], y: dict[str, object]) -> None:
    data: dict[str, object] = {"x": x, "y": y, "e": {"a": 1, "list": [1, 2]}}
    mine, other = ours(text, data), theirs(text, data)
    if alike(mine, other) or _DELIBERATE.search(text):
        return
    if REFUSED in (mine, other):
        assert mine in (ERROR, REFUSED) or other == REFUSED, (text, mine, other)
        return
    raise AssertionError((text, json.dumps(data, default=str), mine, other))


@settings(derandomize=True, deadline=None, max_examples=900)
@given(typed(), TYPED_RECORD)
def test_well_typed_expressions(text: str, x: dict[str, object]) -> None:
    """These mostly have values, and touch no deliberate difference."""
    data: dict[str, object] = {"x": x}
    mine, other = ours(text, data), theirs(text, data)
    assert REFUSED not in (mine, other), text
    assert alike(mine, other), (text, data, mine, other)


CASES = [
    *("-7 / 2", "-7 % 2", "7 % -2", "9223372036854775807 + 1", "1.0 / 0.0", "0.0 / 0.0", "1 % 0"),
    *(
        "size('é😀')",
        "size(b'é')",
        "string(1.5)",
        "string(1000000.0)",
        "string(0.00001)",
        "string(-0.0)",
    ),
    *(
        "string(100000.0)",
        "int(-1.9)",
        "int(1e19)",
        "uint(-1)",
        "bool('t')",
        "bool('yes')",
        "int('')",
    ),
    *(
        "duration('1h') < duration('61m')",
        "int(timestamp('1969-12-31T23:59:59.5Z'))",
        "duration('1d')",
    ),
    "timestamp('2020-01-01T00:00:00+01:00').getHours('02:00')",
    "timestamp('2020-01-01T00:00:00Z').getHours('America/New_York')",
    *("timestamp('2020-01-01T00:00:00Z').getDayOfWeek()", "duration('1.5s').getMilliseconds()"),
    *(
        "duration('-1.5s').getSeconds()",
        "{true: 1, 1: 2}[1]",
        "{1: 2}[1.0]",
        "[1, 2][1u]",
        "[1][1.5]",
    ),
    *("'%s %d %.2f %x %b %o %e'.format(['a', 1, 2.5, 255, 5, 8, 1234.5])", "'%x'.format(['hi'])"),
    *(
        "'%s'.format([[1, 'a', null, true, {'b': 2.0}]])",
        "'%X'.format([-255])",
        "'%d'.format(['a'])",
    ),
    *(
        "'abc'.replace('', '-')",
        "'abc'.replace('', '-', 2)",
        "'abc'.split('')",
        "'abc'.substring(2, 1)",
    ),
    *("'abc'.charAt(3)", "'abc'.charAt(4)", "'abc'.lastIndexOf('', 1)", "'TaÆ'.lowerAscii()"),
    *("math.greatest(1, 2.0, 3u)", "math.least(1.0, 1)", "math.round(-1.5)", "math.bitNot(0u)"),
    *("math.bitShiftRight(-1024, 3)", "math.bitShiftLeft(1, 63)", "math.bitShiftLeft(1, -1)"),
    *(
        "[?x.?zz, 1]",
        "{?'a': x.?zz}",
        "x.?m.zz.orValue(7)",
        "x.l[?5].orValue(7)",
        "x[?'zz'].hasValue()",
    ),
    *("has(x.?m.k)", "x.?i.optMap(v, v + 1).orValue(0)", "x.?m.optFlatMap(v, v.?k).orValue(0)"),
    *(
        "cel.bind(a, 'b', a + a)",
        "[1, 'a', 3].all(q, q > 5)",
        "[1, 'a', 3].exists(q, q == 1 || q > 2)",
    ),
    *(
        "x.zz || true",
        "false && x.zz",
        "true && x.zz",
        "1 in x.l",
        "1.0 in x.l",
        "'k' in x.m",
        "[] in x.m",
    ),
    *(
        "'a\\nb'.matches('a.b')",
        "'a\\n'.matches('a$')",
        "'é'.matches(r'^\\w$')",
        "type(type(1)) == type",
    ),
]


@pytest.mark.parametrize("text", CASES)
def test_case(text: str) -> None:
    data: dict[str, object] = {"x": {"l": [1, 2], "m": {"k": 1}, "i": 3}}
    assert alike(ours(text, data), theirs(text, data)), (ours(text, data), theirs(text, data))
