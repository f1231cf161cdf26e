"""Expressions of the Terraform language evaluated, in three values: known, refused, or not known and why.

Unknown values are carried along, not guessed at: whatever is known of a result holds for every value that the unknown
inputs can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guardrail.hcl import access, calls, comprehensions, conditions, operators, syntax, templates
from guardrail.hcl.run import Run, Scope
from guardrail.hcl.syntax import Expression
from guardrail.hcl.values import Exceeded

__all__ = ["Scope", "evaluate"]


def evaluate(node: Expression, scope: Scope) -> object:
    """The value of an expression; EvaluationError where Terraform would refuse it, Exceeded where it is too large.

    Entities may stand in it. Arms that are not taken are not evaluated.
    """
    if type(node) is syntax.Literal:
        return node.value
    try:
        return Run(scope, _TABLE).value(node)
    except RecursionError:
        raise Exceeded("expressions that are nested too deeply") from None


def _name(run: Run, node: syntax.Name) -> object:
    if node.name in run.names:
        return run.names[node.name]
    return run.scope.root(node.name)


_TABLE: Mapping[type, Callable[[Run, Any], object]] = {
    syntax.Literal: lambda run, node: node.value,
    syntax.Name: _name,
    syntax.GetAttr: access.path,
    syntax.Index: access.path,
    syntax.Splat: access.splat,
    syntax.Template: templates.template,
    syntax.Directive: templates.directive,
    syntax.Call: calls.call,
    syntax.Unary: operators.unary,
    syntax.Binary: operators.binary,
    syntax.Conditional: conditions.conditional,
    syntax.Tuple: comprehensions.sequence,
    syntax.Object: comprehensions.mapping,
    syntax.For: comprehensions.loop,
    syntax.Parentheses: lambda run, node: run.value(node.inner),
}
