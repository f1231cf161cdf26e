"""Random expressions over two variables, and random data for these."""

from __future__ import annotations

from hypothesis import strategies as st

from guardrail.model.value import UnknownValue

KEYS = ("a", "b", "c", "list", "text")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([2**63 - 1, -(2**63), 0.0, 1.0, 2.5, "", "a", "ab", "a-b", "1", "1Gi"]),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
RECORD = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, DATA))
UNKNOWNS = st.sampled_from([UnknownValue("var.u"), UnknownValue("var.w")])
UNSURE = st.recursive(
    st.one_of(SCALARS, UNKNOWNS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
UNSURE_RECORD = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, UNSURE))

LITERALS = st.sampled_from(
    [
        "1",
        "0",
        "-2",
        "2u",
        "1.0",
        "2.5",
        "true",
        "false",
        "null",
        "'a'",
        "'ab'",
        "''",
        "[]",
        "{}",
        "[1, 2]",
        "['a', 'b']",
        "{'a': 1}",
        "9223372036854775807",
        "b'a'",
        "[1, 'a', null]",
    ]
)
FIELD = st.sampled_from(KEYS)


def _roots(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Paths below the variables, plain and optional."""
    root = st.sampled_from(names)
    step = st.one_of(
        FIELD.map(lambda name: f".{name}"),
        FIELD.map(lambda name: f"[{name!r}]"),
        st.integers(0, 2).map(lambda index: f"[{index}]"),
    )
    return st.builds(lambda base, steps: base + "".join(steps), root, st.lists(step, max_size=2))


def _optional(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda base, steps, last, default: f"{base}.?{'.?'.join(steps)}{last}.orValue({default})",
        st.sampled_from(names),
        st.lists(FIELD, min_size=1, max_size=3),
        st.sampled_from(["", ".a", "[?'b']", "[0]"]),
        LITERALS,
    )


def expressions(optionals: bool = True, names: tuple[str, ...] = ("x", "y")) -> st.SearchStrategy[str]:
    """Expressions as text; without `optionals` only what every CEL implementation has."""
    leaves = [LITERALS, _roots(names), _roots((*names, "e"))]
    if optionals:
        leaves.append(_optional(names))
    return st.recursive(st.one_of(*leaves), lambda inner: _compound(inner, names), max_leaves=8)


def _compound(inner: st.SearchStrategy[str], names: tuple[str, ...]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["&&", "||", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"])
    macro = st.sampled_from(["all", "exists", "exists_one", "filter", "map"])
    member = st.sampled_from(["startsWith", "endsWith", "contains"])
    unary = st.sampled_from(["!", "-", "size", "string", "int", "double", "type", "dyn", "bool"])
    selection = st.builds(lambda base, name: f"{base}.{name}", _roots(names), FIELD)
    return st.one_of(
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, binary, inner),
        st.builds(lambda a, b, c: f"({a} ? {b} : {c})", inner, inner, inner),
        st.builds(lambda name, a: f"{name}({a})", unary, inner),
        st.builds(lambda a, name, b: f"{a}.{name}(e, {b})", inner, macro, inner),
        st.builds(lambda a, name, b: f"{a}.{name}({b})", inner, member, inner),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.builds(lambda a, b: f"{{'k': {a}, 'l': {b}}}", inner, inner),
        selection.map(lambda path: f"has({path})"),
    )


TYPED_RECORD = st.fixed_dictionaries(
    {
        "i": st.integers(-5, 5),
        "s": st.sampled_from(["", "a", "ab", "b-a", "é"]),
        "b": st.booleans(),
        "l": st.lists(st.integers(-3, 3), max_size=4),
        "w": st.lists(st.sampled_from(["a", "ab", "b"]), max_size=3),
        "m": st.dictionaries(st.sampled_from(["a", "ab", "b"]), st.integers(-3, 3), max_size=3),
    },
    optional={"o": st.integers(-3, 3)},
)


def typed() -> st.SearchStrategy[str]:
    """Conditions over a TYPED_RECORD called x, most of which have a value."""
    number = st.sampled_from(["0", "1", "-2", "3", "x.i", "size(x.l)", "size(x.s)", "x.o", "x.l[0]"])
    number = st.one_of(
        number,
        st.builds(lambda a, op, b: f"({a} {op} {b})", number, st.sampled_from("+-*/%"), number),
        st.builds(lambda a: f"x.?o.orValue({a})", number),
        st.sampled_from(["x.m['a']", "x.s.size()", "x.l.map(n, n * x.i).size()", "int(x.s)"]),
        st.sampled_from(["math.greatest(x.i, 1)", "x.s.indexOf('a')", "cel.bind(n, x.i, n * n)"]),
    )
    word = st.sampled_from(["'a'", "'ab'", "''", "x.s", "x.w[0]", "string(x.i)", "x.w.join('-')"])
    word = st.one_of(
        word,
        st.builds(lambda a, b: f"({a} + {b})", word, word),
        st.builds(lambda a, b: f"{a}.replace('a', {b})", word, word),
        st.sampled_from(["x.s.upperAscii()", "x.s.substring(1)", "'%s-%d'.format([x.s, x.i])"]),
    )
    several = st.sampled_from(["x.l", "[1, 2, 3]", "x.l.filter(n, n > 0)", "(x.l + [x.i])"])
    compare = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    plain = st.one_of(
        st.builds(lambda a, op, b: f"{a} {op} {b}", number, compare, number),
        st.builds(lambda a, op, b: f"{a} {op} {b}", word, compare, word),
        st.builds(lambda a, b: f"{a} in {b}", number, several),
        st.builds(lambda a: f"{a} in x.w", word),
        st.builds(lambda a: f"{a} in x.m", word),
        st.builds(lambda a, b: f"{a} == {b}", several, several),
        st.builds(lambda a, b: f"{a}.startsWith({b})", word, word),
        st.builds(lambda a: f"{a}.matches('^[ab]+$')", word),
        st.sampled_from(["x.b", "has(x.o)", "x.?o.hasValue()", "has(x.m.a)", "true", "false"]),
    )
    return st.recursive(
        plain.map(lambda text: f"({text})"),
        lambda inner: st.one_of(
            st.builds(lambda a, b: f"({a} && {b})", inner, inner),
            st.builds(lambda a, b: f"({a} || {b})", inner, inner),
            inner.map(lambda text: f"!{text}"),
            st.builds(lambda a, b, c: f"({a} ? {b} : {c})", inner, inner, inner),
            st.builds(
                lambda source, macro, op, a, b: f"{source}.{macro}(e, e {op} {a} || {b})",
                several,
                st.sampled_from(["all", "exists", "exists_one"]),
                compare,
                number,
                inner,
            ),
            st.builds(lambda a: f"x.m.all(k, x.m[k] > {a})", number),
        ),
        max_leaves=6,
    )
