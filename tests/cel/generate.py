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


def rich(names: tuple[str, ...] = ("x", "y")) -> st.SearchStrategy[str]:
    """Expressions with what the fast mode treats apart: optionals as values, macros of two variables.

    Besides the names, `e` and `i` are variables: of the macros, and outside these.
    """
    sources = st.sampled_from([*names, "e", *(f"{name}.list" for name in names), f"{names[0]}.a", "[1, 2]"])
    paths = _roots((*names, "e", "e", "i"))
    optionals = _optionals((*names, "e", "e"))
    leaves = st.one_of(LITERALS, sources, paths, optionals, st.sampled_from(["i", "e.value()", "e.hasValue()"]))
    return st.recursive(leaves, lambda inner: _rich(st.one_of(inner, sources), inner, optionals), max_leaves=8)


def _optionals(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Selections and indexes that give optionals."""
    step = st.sampled_from(
        [".?a", ".?b", ".?list", "[?'a']", "[?0]", "[?i]", "[?e]", "[?1.0]", "[?'a' + 'b']", "[?1/0]"]
    )
    more = st.sampled_from(["", ".b", ".?a", "[0]", "['a']", "[?1]", ".?text"])
    return st.one_of(
        st.builds(lambda base, one, two: f"{base}{one}{two}", st.sampled_from(names), step, more),
        st.sampled_from(["optional.none()", "optional.of(1)", "optional.of(x)", "[x].first()", "optional.of(x.?a)"]),
    )


def _rich(
    sources: st.SearchStrategy[str], inner: st.SearchStrategy[str], optionals: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    several = st.lists(st.one_of(inner, optionals), min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    sources = st.one_of(sources, several)
    test = st.one_of(
        inner,
        st.sampled_from(
            ["e.hasValue()", "i == 0", "e == 1", "e != y.?a", "has(e.a)", "has(e.?a.b)", "e == x.?a", "true"]
        ),
        st.builds(lambda a, b: f"{a} == {b}", inner, inner),
    )
    entry = st.one_of(
        st.builds(lambda key, a: f"{{{key}: {a}}}", st.sampled_from(["i", "e", "'k'", "string(i)"]), inner),
        st.builds(lambda a, b: f"{{?'k': {a}, ?i: {b}}}", optionals, st.one_of(inner, optionals)),
    )
    two = st.sampled_from(["all", "exists", "existsOne", "exists_one"])
    build = st.sampled_from(["transformList", "transformMap"])
    return st.one_of(
        st.builds(lambda a, name, b: f"{a}.{name}(i, e, {b})", sources, two, test),
        st.builds(lambda a, name, b: f"{a}.{name}(i, e, {b})", sources, build, inner),
        st.builds(lambda a, name, b, c: f"{a}.{name}(i, e, {b}, {c})", sources, build, test, inner),
        st.builds(lambda a, b: f"{a}.transformMapEntry(i, e, {b})", sources, entry),
        st.builds(lambda a, b, c: f"{a}.transformMapEntry(i, e, {b}, {c})", sources, test, entry),
        st.builds(lambda a, b, c: f"{a}.map(e, {b}, {c})", sources, test, inner),
        st.builds(
            lambda a, name, b: f"{a}.{name}(e, {b})", sources, st.sampled_from(["map", "sortBy", "optMap"]), inner
        ),
        st.builds(lambda a, b: f"{a}.filter(e, {b})", sources, test),
        st.builds(lambda a, b: f"{a}.optMap(e, {b})", optionals, inner),
        st.builds(lambda a, b: f"{a}.optFlatMap(e, {b})", optionals, optionals),
        st.builds(lambda a, b: f"cel.bind(e, {a}, {b})", st.one_of(optionals, inner), inner),
        st.builds(lambda a, b: f"[?{a}, {b}, ?{a}]", optionals, inner),
        st.builds(lambda a, b: f"{a}[?{b}]", sources, inner),
        st.builds(lambda a, last: f"{a}{last}", optionals, st.sampled_from([".hasValue()", ".value()", ".or(e)"])),
        st.builds(lambda a, b: f"{a}.orValue({b})", optionals, inner),
        st.builds(lambda a, name: f"{a}.{name}()", sources, st.sampled_from(["flatten", "first", "size", "hasValue"])),
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from(["==", "!=", "in", "&&", "||"]), inner),
        entry,
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
