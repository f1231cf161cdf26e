"""Random expressions over the contexts `a` and `b`, and random data for them."""

from __future__ import annotations

from hypothesis import strategies as st

STRINGS = ["", "a", "A", "ab", "b", "0", "1", "01", "true", "0x1", " 1 ", "it's", "{0}", "é", "null", "-1"]
NAMES = ("x", "y", "z-1")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 2, -1, 1.5, 100]),
    st.sampled_from(STRINGS),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.sampled_from(NAMES), DATA, max_size=3)


def quoted(text: str) -> str:
    """A string as it is written in an expression."""
    return "'" + text.replace("'", "''") + "'"


LITERALS = st.one_of(
    st.sampled_from(["null", "true", "false", "0", "1", "-1", "1.5", "0x1", "2e1", "NaN"]),
    st.sampled_from(STRINGS).map(quoted),
)
ROOTS = st.sampled_from(["a", "b"])
STEPS = st.one_of(
    st.sampled_from(NAMES).map(lambda name: f".{name}"),
    st.sampled_from(["[0]", "[1]", "['x']", "['Y']", ".*", "[*]", "[true]", "[null]"]),
)
PATHS = st.builds(lambda root, steps: root + "".join(steps), ROOTS, st.lists(STEPS, max_size=3))
SPACE = st.sampled_from(["", " ", "\n "])


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(
            lambda sides, operator, space: f"({sides[0]}{space}{operator}{space}{sides[1]})",
            pair,
            st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "&&", "||"]),
            SPACE,
        ),
        st.builds(lambda sides, op: f"{sides[0]} {op} {sides[1]}", pair, st.sampled_from(["&&", "||", "=="])),
        inner.map(lambda item: f"!{item}"),
        st.builds(
            lambda sides, name: f"{name}({sides[0]}, {sides[1]})",
            pair,
            st.sampled_from(["contains", "startsWith", "endsWith", "join", "CONTAINS"]),
        ),
        inner.map(lambda item: f"toJSON({item})"),
        inner.map(lambda item: f"fromJSON(toJSON({item}))"),
        st.builds(lambda sides: f"format('<{{0}}>{{{{{{1}}', {sides[0]}, {sides[1]})", pair),
        st.builds(lambda items: f"case({items[0]} == 1, {items[1]}, {items[2]})", st.tuples(inner, inner, inner)),
        st.builds(lambda path, key: f"{path}[{key}]", PATHS, inner),
        st.builds(lambda item, step: f"({item}){step}", inner, STEPS),
    )


EXPRESSIONS = st.recursive(st.one_of(LITERALS, PATHS), _compound, max_leaves=8)
