"""What must hold for any expression: unknown values never mislead, canonical names can be read again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.actions.expressions import (
    Atom,
    EvaluationError,
    ExpressionError,
    Symbol,
    Value,
    calls,
    condition,
    descend,
    embedded,
    evaluate,
    parse,
    parts,
    references,
    substitute,
    truth,
)
from guardrail.actions.expressions.compare import compare
from tests.actions.expressions.generate import EXPRESSIONS, RECORDS
from tests.actions.expressions.worlds import Known

MANY = settings(max_examples=600, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
ERROR = "<error>"
KINDS = {"equals": "==", "less": "<", "greater": ">"}


class Oracle(Known):
    """Context `a` is known, `b` is not; yet every question is answered as it would be if `b` were `hidden`."""

    def __init__(self, a: Value, hidden: Value) -> None:
        super().__init__({"a": a})
        self.concrete = Known({"a": a, "b": hidden})

    def decide(self, atom: Atom) -> bool | None:
        assert atom.kind == "truthy" or not isinstance(atom.literal, (Symbol, list, dict))
        try:
            found = evaluate(parse(atom.subject), self.concrete)
        except (EvaluationError, ExpressionError):
            return None  # a shortened name, or one with a list in it
        if atom.kind == "truthy":
            answer = truth(found, self.concrete)
            assert isinstance(answer, bool)
            return answer
        return compare(KINDS[atom.kind], found, atom.literal)


def outcome(text: str, world: Known) -> tuple[Value, bool | Symbol | str]:
    try:
        found = evaluate(parse(text), world)
    except EvaluationError:
        return ERROR, ERROR
    return found, truth(found, world)


@MANY
@given(EXPRESSIONS, RECORDS, RECORDS)
def test_what_is_decided_without_knowing_holds_whatever_the_value_is(text: str, a: Value, hidden: Value) -> None:
    value, holds = outcome(text, Known({"a": a}))
    real, really = outcome(text, Known({"a": a, "b": hidden}))
    if holds == ERROR or really == ERROR:  # noqa: PLR1714 - a Symbol is compared as well
        return
    if isinstance(holds, bool):
        assert holds is really
    if not isinstance(value, Symbol) and not holds_symbol(value):
        assert same(value, real)


@MANY
@given(EXPRESSIONS, RECORDS, RECORDS)
def test_true_answers_lead_to_the_true_outcome(text: str, a: Value, hidden: Value) -> None:
    world = Oracle(a, hidden)
    _, holds = outcome(text, world)
    _, really = outcome(text, world.concrete)
    if isinstance(holds, bool) and really != ERROR:
        assert holds is really


def holds_symbol(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(holds_symbol, value.values()))
    return isinstance(value, Symbol) or (isinstance(value, list) and any(map(holds_symbol, value)))


def same(left: Value, right: Value) -> bool:
    return repr(left) == repr(right)


@MANY
@given(EXPRESSIONS)
def test_known_data_never_yields_a_symbol(text: str) -> None:
    data = {"x": {"y": ["a", 1]}, "y": "b", "z-1": None}
    value, holds = outcome(text, Known({"a": data, "b": [data, {}]}))
    assert not isinstance(value, Symbol)
    assert holds in (True, False, ERROR)


@MANY
@given(EXPRESSIONS)
def test_offsets_delimit_what_they_name(text: str) -> None:
    node = parse(text)
    for reference in references(node):
        part = text[reference.offset : reference.end]
        assert next(references(parse(part))).steps == reference.steps
    for call in calls(node):
        part = text[call.offset : call.end]
        assert part.lower().startswith(call.name)
        assert part.endswith(")")
        assert len(list(calls(parse(part)))) >= 1


@MANY
@given(EXPRESSIONS, EXPRESSIONS, st.sampled_from(["", " ", "text", "}}", "'", "$", "{", "\n"]))
def test_parts_put_together_are_the_text(first: str, second: str, between: str) -> None:
    whole = f"{between}${{{{ {first} }}}}{between}${{{{{second}}}}}{between}"
    found = parts(whole)
    assert "".join(part if isinstance(part, str) else whole[part.start : part.end] for part in found) == whole
    inside = embedded(whole)
    assert [part.text.strip() for part in inside] == [first.strip(), second.strip()]
    assert all(part.error is None and whole[part.start + 3 : part.end - 2] == part.text for part in inside)


def error_of(text: str) -> ExpressionError | None:
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None


@given(st.text(alphabet="a'\"${}().*[],!=&|<>-+0x \n", max_size=40))
def test_any_text_is_an_expression_or_an_error_inside_it(text: str) -> None:
    error = error_of(text)
    assert error is None or (0 <= error.offset <= len(text) and error.message)
    assert condition(text).text in (text, "") or "${{" in text
    for part in embedded(text):
        assert (part.node is None) == (part.error is not None)


@given(EXPRESSIONS, RECORDS)
def test_a_single_expression_keeps_its_type_and_text_around_makes_a_string(text: str, a: Value) -> None:
    world = Known({"a": a, "b": {}})
    try:
        alone = substitute(f"${{{{ {text} }}}}", world)
        around = substitute(f"<${{{{ {text} }}}}>", world)
    except EvaluationError:
        return
    assert repr(alone) == repr(evaluate(parse(text), world))
    assert isinstance(around, str)
    assert around[0] + around[-1] == "<>"


@given(RECORDS, st.lists(st.sampled_from(["x", "X", "y", "0", "1", "z-1", "nothing"]), max_size=4))
def test_descend_is_the_index_operator(data: Value, steps: list[str]) -> None:
    text = "a" + "".join(f"['{step}']" for step in steps)
    assert same(evaluate(parse(text), Known({"a": data})), descend(data, tuple(step.lower() for step in steps)))
