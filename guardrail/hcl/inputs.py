"""What a root module is given: tfvars, values from the command line, and what its declarations say of its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename

from guardrail.hcl import syntax
from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.modules import Module, Written
from guardrail.hcl.parser import parse_expression
from guardrail.hcl.references import places, references
from guardrail.hcl.syntax import Binary, Call, Expression, GetAttr, Literal, Name, Parentheses, Tuple
from guardrail.hcl.types import convert, parse_type
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import Question, UnknownValue

ENVIRONMENT_NAMES = ("environment", "env", "environment_name", "env_name", "stage", "deployment_environment")
"""Variables that say which environment a root module is for, the most telling first."""

_ALIKE = (
    ("production", "prod", "prd", "live"),
    ("staging", "stage", "stg", "preprod", "pre-production", "preproduction"),
    ("development", "dev", "develop"),
    ("testing", "test", "qa"),
)
"""Names of environments that mean the same."""


def loaded(names: Iterable[str]) -> list[str]:
    """The files of a root module's folder that Terraform loads values from by itself, in its order.

    Documentation: "Variable definition precedence".
    """
    every = sorted(names)
    first = [n for n in every if basename(n) == "terraform.tfvars"]
    second = [n for n in every if basename(n) == "terraform.tfvars.json"]
    return first + second + [n for n in every if n.endswith((".auto.tfvars", ".auto.tfvars.json"))]


class _Nothing:
    """A scope in which nothing has a name: tfvars hold literals."""

    def root(self, name: str) -> object:
        raise EvaluationError(f"{name} has no value here")

    def decide(self, question: Question) -> bool | None:
        return None

    def candidates(self, symbol: str) -> tuple[object, ...] | None:
        return None

    def call(self, name: str, arguments: list[object]) -> object:
        raise EvaluationError(f"{name}() may not be called here")


def values(file: syntax.File) -> dict[str, object]:
    """What a tfvars file gives; a value that is no literal is not known."""
    found: dict[str, object] = {}
    for name, attribute in file.body.attributes.items():
        try:
            found[name] = evaluate(attribute.value, _Nothing())
        except EvaluationError as error:
            found[name] = UnknownValue(f"var.{name} ({error})")
    return found


def assigned(text: str, variable: Written | None) -> object:
    """A value as it is written on the command line: text, unless the variable's type asks for more."""
    declared = variable.value("type") if variable else None
    if declared is None:
        return text
    try:
        type_ = parse_type(declared)
        if isinstance(declared, Name | Literal):
            return convert(text, type_)
        return convert(evaluate(parse_expression(text), _Nothing()), type_)
    except Exception:  # the parser's and the evaluator's own errors: Terraform would refuse it
        return text


def candidates(module: Module) -> dict[str, tuple[object, ...]]:
    """The only values that inputs can have, by symbol: of booleans, and of what `contains([...], var.x)` validates."""
    found: dict[str, tuple[object, ...]] = {}
    for name, written in module.variables.items():
        symbol = f"var.{name}"
        declared = written.value("type")
        if isinstance(declared, Name) and declared.name == "bool":
            found[symbol] = (True, False)
        for _, block in written.blocks():
            condition = block.body.attributes.get("condition") if block.type == "validation" else None
            listed = _listed(condition.value, name) if condition else None
            if listed is not None:
                found[symbol] = listed
    return found


def _listed(condition: Expression, name: str) -> tuple[object, ...] | None:
    for part in _conjuncts(condition):
        if isinstance(part, Call) and part.name == "contains" and len(part.arguments) == 2:
            items, wanted = part.arguments
            literal = isinstance(items, Tuple) and all(isinstance(i, Literal) for i in items.items)
            if literal and isinstance(wanted, GetAttr) and wanted.name == name and _is_var(wanted.base):
                return tuple(i.value for i in items.items if isinstance(i, Literal))  # type: ignore[union-attr]
    return None


def _conjuncts(condition: Expression) -> Iterator[Expression]:
    while isinstance(condition, Parentheses):
        condition = condition.inner
    if isinstance(condition, Binary) and condition.operator == "&&":
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _is_var(node: Expression) -> bool:
    return isinstance(node, Name) and node.name == "var"


def environment_variable(module: Module) -> str:
    """The variable that says which environment a root module is for; empty where none does.

    One that is used without being declared counts: the part of a module that a document shows has many.
    """
    declared = next((n for n in ENVIRONMENT_NAMES if n in module.variables), "")
    if declared:
        return declared
    used = referenced(module)
    return next((n for n in ENVIRONMENT_NAMES if n in used), "")


def alike(one: str, other: str) -> bool:
    """Whether two names of environments mean the same."""
    first, second = one.lower(), other.lower()
    return first == second or any(first in names and second in names for names in _ALIKE)


def named(environment: str, possible: tuple[object, ...] | None) -> str:
    """How an environment is called among the values a variable can have; its own name where none means it."""
    for candidate in possible or ():
        if isinstance(candidate, str) and candidate.lower() == environment.lower():
            return candidate
    return next((c for c in possible or () if isinstance(c, str) and alike(c, environment)), environment)


def referenced(module: Module) -> frozenset[str]:
    """The variables that a module's expressions name, declared or not."""
    used = (r for place in places(module) for r in references(place.attribute.value, place.bound))
    return frozenset(r.steps[0] for r in used if r.root == "var" and r.steps)
