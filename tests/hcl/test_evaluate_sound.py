"""What is known while inputs are not holds whatever they are: the promise of the evaluator.

Random expressions are evaluated with inputs unknown, and once for every combination of the values these can have.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.parser import parse_expression
from guardrail.hcl.syntax import Expression
from guardrail.hcl.values import EvaluationError, unknowns
from guardrail.model.value import UnknownValue
from tests.hcl.expressions import Inputs, admits, answering, unknown

VALUES: dict[str, tuple[object, ...]] = {
    "env": ("dev", "prod", "a"),
    "n": (0, 1, 3),
    "flag": (True, False),
    "l": ([], ["a"], ["dev", "b"]),
    "m": ({}, {"a": 1}, {"a": 1, "dev": 2}),
    "o": ({"az": True, "k": "a"}, {"az": False}, None),
    "s": ("a", None),
}
REFS = (("aws_x.a", ".id"),)
MANY = UnknownValue("aws_x.b", refs=(("aws_x.b[*]", ""),), many=True)
RESOURCES = {"a": {"id": UnknownValue("aws_x.a", refs=REFS)}, "b": [{"id": "b0"}, MANY]}
"""A resource that there is, and one of which there may be more than one instance."""
MADE: tuple[dict[str, object], ...] = (
    {"a": {"id": "dev"}, "b": [{"id": "b0"}]},
    {"a": {"id": "x"}, "b": [{"id": "b0"}, {"id": "a"}, {"id": "c"}]},
)
"""What becomes of them in a world."""
UNIFYING = ("coalesce", "compact", "distinct", "sort", "tolist")
CANDIDATES = {"var.flag": (True, False), "var.env": ("dev", "prod", "a")}

Draw = Callable[[st.SearchStrategy[str]], str]


def one_of(*options: str) -> st.SearchStrategy[str]:
    return st.sampled_from(options)


TEXT_LEAVES = one_of(
    "var.env", "var.s", '"a"', '"dev"', '"prod"', '""', "var.o.k", '"1"', "aws_x.a.id", "aws_x.b[0].id", "aws_x.b[1].id"
)
NUMBER_LEAVES = one_of("var.n", "0", "1", "2.5", '"3"', "length(var.l)")
BOOL_LEAVES = one_of("var.flag", "true", "false", "var.o.az", '"true"')
LIST_LEAVES = one_of("var.l", '["a"]', "[]", '["a", "dev"]', "[var.env]", "[var.n, var.n]", "aws_x.b[*].id")
MAP_LEAVES = one_of(
    "var.m", "{}", "{ a = 1 }", "{ a = 1, dev = 2 }", "{ (var.env) = 1, dev = 3 }", "var.o", '{ "1" = 5, true = 6 }'
)


def grown(depth: int, shapes: Callable[..., tuple[st.SearchStrategy[str], ...]], leaves: st.SearchStrategy[str]):  # type: ignore[no-untyped-def]
    return leaves if depth == 0 else st.one_of(leaves, *shapes(depth - 1))


def filled(shape: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A text with `<name>` replaced by drawn parts."""

    def fill(drawn: dict[str, str]) -> str:
        made = shape
        for name, part in drawn.items():
            made = made.replace(f"<{name}>", f"({part})" if not part.startswith(("[", "{", '"')) else part)
        return made

    return st.fixed_dictionaries(parts).map(fill)


def texts(depth: int) -> st.SearchStrategy[str]:
    return grown(depth, text_shapes, TEXT_LEAVES)


def numbers(depth: int) -> st.SearchStrategy[str]:
    return grown(depth, number_shapes, NUMBER_LEAVES)


def bools(depth: int) -> st.SearchStrategy[str]:
    return grown(depth, bool_shapes, BOOL_LEAVES)


def lists(depth: int) -> st.SearchStrategy[str]:
    return grown(depth, list_shapes, LIST_LEAVES)


def maps(depth: int) -> st.SearchStrategy[str]:
    return grown(depth, map_shapes, MAP_LEAVES)


def anything(depth: int) -> st.SearchStrategy[str]:
    return st.one_of(texts(depth), numbers(depth), bools(depth), lists(depth), maps(depth), st.just("null"))


def text_shapes(d: int) -> tuple[st.SearchStrategy[str], ...]:
    return (
        filled('"x${<a>}y${<b>}"', a=texts(d), b=numbers(d)),
        filled('"%{ if <c> }a%{ else }${<b>}%{ endif }"', c=bools(d), b=texts(d)),
        filled('"%{ for v in <l> }${v}-%{ endfor }"', l=lists(d)),
        filled("<c> ? <a> : <b>", c=bools(d), a=texts(d), b=texts(d)),
        filled("try(<a>, <b>)", a=anything(d), b=texts(d)),
        filled("upper(<a>)", a=texts(d)),
        filled("<l>[0]", l=lists(d)),
        filled("<m>[<k>]", m=maps(d), k=st.one_of(texts(d), numbers(d), bools(d))),
        filled("lookup(<m>, <k>, <a>)", m=maps(d), k=texts(d), a=texts(d)),
        filled("coalesce(<a>, <b>)", a=TEXT_LEAVES, b=TEXT_LEAVES),
    )


def number_shapes(d: int) -> tuple[st.SearchStrategy[str], ...]:
    return (
        *(filled(f"<a> {o} <b>", a=numbers(d), b=numbers(d)) for o in ("+", "-", "*", "/", "%")),
        filled("<c> ? <a> : <b>", c=bools(d), a=numbers(d), b=numbers(d)),
        filled("-<a>", a=numbers(d)),
        filled("length(<l>)", l=st.one_of(lists(d), maps(d))),
        filled("length(toset(<l>))", l=lists(d)),
        filled("<m>.a", m=maps(d)),
        filled("<l>[<n>]", l=lists(d), n=numbers(d)),
        filled("max(<a>, <b>)", a=numbers(d), b=numbers(d)),
    )


def bool_shapes(d: int) -> tuple[st.SearchStrategy[str], ...]:
    return (
        filled("<a> == <b>", a=texts(d), b=texts(d)),
        filled("<a> != <b>", a=anything(d), b=anything(d)),
        filled("<a> == <b>", a=maps(d), b=maps(d)),
        filled("<a> == <b>", a=lists(d), b=lists(d)),
        filled("<a> != null", a=anything(d)),
        *(filled(f"<a> {o} <b>", a=numbers(d), b=numbers(d)) for o in ("<", "<=", ">", ">=", "==")),
        *(filled(f"<a> {o} <b>", a=bools(d), b=bools(d)) for o in ("&&", "||")),
        filled("!<a>", a=bools(d)),
        filled("can(<a>)", a=anything(d)),
        filled("try(<a>, <b>)", a=anything(d), b=bools(d)),
        filled("contains(<l>, <a>)", l=lists(d), a=texts(d)),
        filled("alltrue([for x in <l> : <a>])", l=lists(d), a=bools(d)),
        filled("anytrue([for x in <l> : x == <a>])", l=lists(d), a=texts(d)),
        filled("startswith(<a>, <b>)", a=texts(d), b=texts(d)),
    )


def list_shapes(d: int) -> tuple[st.SearchStrategy[str], ...]:
    return (
        filled("[<a>, <b>]", a=anything(d), b=anything(d)),
        filled("concat(<a>, <b>)", a=lists(d), b=lists(d)),
        filled("<c> ? <a> : <b>", c=bools(d), a=lists(d), b=lists(d)),
        filled("[for x in <l> : x if <c>]", l=lists(d), c=bools(d)),
        filled("[for i, x in <l> : <n> + i]", l=lists(d), n=numbers(d)),
        filled("[for x in <l> : x if x != <t>]", l=lists(d), t=texts(d)),
        filled("[for k, v in <m> : k]", m=maps(d)),
        filled("[for k, v in <m> : v if k != <t>]", m=maps(d), t=texts(d)),
        filled("<l>[*]", l=anything(d)),
        filled("[<m>, <o>][*].a", m=maps(d), o=maps(d)),
        filled("try(<a>, <b>)", a=anything(d), b=lists(d)),
        filled("keys(<m>)", m=maps(d)),
        filled("values(<m>)", m=maps(d)),
        filled("sort(<l>)", l=lists(d)),
        filled("compact(<l>)", l=lists(d)),
        filled("distinct(<l>)", l=lists(d)),
    )


def map_shapes(d: int) -> tuple[st.SearchStrategy[str], ...]:
    return (
        filled("{ a = <a>, b = <b> }", a=anything(d), b=anything(d)),
        filled("{ a = <a>, (<k>) = <b> }", a=anything(d), k=texts(d), b=anything(d)),
        filled("merge(<a>, <b>)", a=maps(d), b=maps(d)),
        filled("<c> ? <a> : <b>", c=bools(d), a=maps(d), b=maps(d)),
        filled("{ for x in <l> : x => <a> }", l=lists(d), a=anything(d)),
        filled("{ for x in <l> : <k> => x... }", l=lists(d), k=texts(d)),
        filled("{ for k, v in <m> : k => v if <c> }", m=maps(d), c=bools(d)),
        filled('{ for k, v in <m> : "${k}x" => v }', m=maps(d)),
        filled("try(<a>, <b>)", a=anything(d), b=maps(d)),
    )


def outcome(node: Expression, scope: Inputs) -> object:
    """The value, or the error."""
    try:
        return evaluate(node, scope)
    except EvaluationError as error:
        return error


def worlds(names: list[str]) -> list[dict[str, object]]:
    """Every combination of values of the inputs that are named; the others have their first."""
    every = [VALUES[n] if n in names else VALUES[n][:1] for n in VALUES]
    return [dict(zip(VALUES, row, strict=True)) for row in itertools.product(*every)]


@given(text=anything(2), hidden=st.sets(st.sampled_from(list(VALUES)), min_size=1, max_size=3))
@example(text="try(var.o.az == true ? 1 : 1, 2)", hidden={"o"})
@example(text='can("${var.s}")', hidden={"s"})
@settings(max_examples=1500)
def test_what_is_known_holds_in_every_world(text: str, hidden: set[str]) -> None:
    """Abstract and concrete evaluation agree: as it is, and with questions answered as a world answers them."""
    node = parse_expression(text)
    for candidates in ({}, CANDIDATES):
        names = [n for n in VALUES if n in hidden and n in text]
        made = RESOURCES if "aws_x" in text else {}
        first = {n: unknown(n) if n in names else VALUES[n][0] for n in VALUES}
        known = outcome(node, Inputs(first, candidates=candidates, aws_x=made))
        for world, resources in itertools.product(worlds(names), MADE if made else ({},)):
            concrete_scope = Inputs(world, aws_x=resources)
            concrete_scope.unifying = any(f"{name}(" in text for name in UNIFYING)
            concrete = outcome(node, concrete_scope)
            if list(unknowns(concrete)):  # a division by zero, how lists compare with tuples
                continue
            answered = outcome(node, Inputs(first, answering(concrete_scope), candidates, aws_x=made))
            for found in (known, answered):
                if isinstance(found, EvaluationError):
                    assert isinstance(concrete, EvaluationError), (text, world, found, concrete)
                elif not isinstance(concrete, EvaluationError):
                    assert admits(found, concrete, concrete_scope), (text, world, found, concrete)


@given(text=anything(2))
@settings(max_examples=300)
def test_known_inputs_give_known_values(text: str) -> None:
    """Nothing is unknown where everything is known, but how lists compare with tuples, and infinity."""
    found = outcome(parse_expression(text), Inputs({n: v[-1] for n, v in VALUES.items()}, aws_x=MADE[0]))
    if "/" not in text and "==" not in text and "!=" not in text and not isinstance(found, EvaluationError):
        assert not list(unknowns(found)), text
