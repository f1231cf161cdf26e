"""What must not be shown of Terraform files: texts given to attributes whose names promise a secret."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.checks.secret_names import keeps, promise
from guardrail.hcl.syntax import Body, Call, Expression, Literal, Object, Template, children

_ALWAYS = frozenset({"secret_string", "secret_binary", "auth_token", "master_password", "password", "secret_data"})
"""Attributes that hold secrets whatever they look like."""


def values(body: Body) -> Iterator[str]:
    """Every text that a body gives to something whose name promises a secret."""
    waiting: list[tuple[Body, str]] = [(body, "")]
    while waiting:
        here, label = waiting.pop()
        for name, attribute in here.attributes.items():
            named = label if name in ("default", "value") and label else name
            yield from _within(named, attribute.value)
        for block in here.blocks:
            labelled = block.type in ("variable", "output") and block.labels
            secure = block.type == "resource" and block.labels[:1] == ("aws_ssm_parameter",)
            waiting.append((block.body, block.labels[0] if labelled else "password" if secure else ""))


def _within(name: str, expression: Expression) -> Iterator[str]:
    waiting = [(name, expression)]
    while waiting:
        here, node = waiting.pop()
        if isinstance(node, Literal):
            if isinstance(node.value, str) and _holds(here, node.value):
                yield node.value
        elif isinstance(node, Object):
            waiting.extend((str(k.value) if isinstance(k, Literal) else here, v) for k, v in node.entries)
        elif isinstance(node, Template):
            waiting.extend((here, part) for part in node.parts)
        elif not isinstance(node, Call) or node.name in ("jsonencode", "sensitive", "base64encode", "merge", "try"):
            waiting.extend((here, child) for child in children(node))


def _holds(name: str, value: str) -> bool:
    if name.lower() in _ALWAYS:
        return bool(value.strip())
    promised = promise(name)
    return bool(promised) and keeps(promised, value)
