"""Secrets in the variables and outputs of a configuration: written as a default, or shown in every plan.

Which names promise a secret, and what keeps the promise: `secret_names`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.checks.secret_names import KEY, PASSWORD, SECRET, TOKEN, keeps, promise
from guardrail.hcl.modules import Module
from guardrail.hcl.references import Reference, references
from guardrail.hcl.syntax import Binary, Conditional, Expression, Literal, Name, Object, Parentheses, Template, Tuple
from guardrail.model.report import Hit, Undecided
from guardrail.views.declared import module_of
from guardrail.views.items import Item

__all__ = ["default_written", "output_shown", "variable_shown"]

_STRONG = frozenset({PASSWORD, KEY, TOKEN, SECRET})
_TEXTS = ("", "string", "any", '"string"')
"""Types of variables that may hold a secret, as they are written."""

_REFERS = regex(r"(?i)\b(name|arn|path|id|identifier|address|reference|kms)\b")
"""Words by which a description says that a variable names a secret or a key, and is none."""

_KEYS_ELSEWHERE = ("encryptionkey", "masterkey", "signingkey")
"""Endings of names that promise a key and mostly mean one that a key service keeps."""

_HIDING = frozenset(
    """
    length sha1 sha256 sha512 md5 base64sha256 base64sha512 bcrypt can nonsensitive issensitive keys filemd5
    startswith endswith contains
    """.split()
)
"""Functions whose result does not give the secret away."""

_MADE = frozenset(
    {
        ("random_password", "result"),
        ("aws_iam_access_key", "secret"),
        ("aws_iam_access_key", "ses_smtp_password_v4"),
        ("tls_private_key", "private_key_pem"),
        ("tls_private_key", "private_key_pem_pkcs8"),
        ("tls_private_key", "private_key_openssh"),
    }
)
"""Attributes that are secrets whatever they are called: by type and name. All are marked so by their providers."""

_HARMLESS = frozenset({"master_user_secret"})
"""Attributes that are called a secret and hold its address: of aws_db_instance and aws_rds_cluster."""

_LEAST_STEPS = {"var": 1, "local": 1, "module": 2, "data": 3}
"""Steps from which on a reference names a value; one to a resource has its name before."""


def default_written(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Variables named like a secret with a default that is one."""
    name, value = str(item.bindings["name"]), _data(item).get("default")
    promised = promise(name)
    if promised in _STRONG and isinstance(value, str) and keeps(promised, value):
        yield Hit((*item.path, "default"), f"the default of variable {name} is a {promised}, for everybody to read")


def variable_shown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Variables named like a secret that are not sensitive."""
    name, data = str(item.bindings["name"]), _data(item)
    if data.get("sensitive") is True or data.get("ephemeral") is True or not _holds(name, data):
        return
    if str(data.get("type", "")) in _TEXTS:
        path = (*item.path, "sensitive")
        yield Hit(path, f"variable {name} is shown in plans: add `sensitive = true`", "sensitive" not in data)


def _holds(name: str, data: Mapping[str, object]) -> bool:
    """Whether a variable is for a secret itself: by its name, unless its description says that it only names one."""
    promised = promise(name)
    if promised not in _STRONG or name.replace("_", "").replace("-", "").endswith(_KEYS_ELSEWHERE):
        return False
    return promised != SECRET or not _REFERS.search(str(data.get("description", "")))


def output_shown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Outputs that give a secret and are not sensitive."""
    name, data, module = str(item.bindings["name"]), _data(item), module_of(item)
    written = module.outputs.get(name)
    value = written.value("value") if written else None
    if value is None or data.get("sensitive") is True or data.get("ephemeral") is True:
        return
    told = next(_secrets(value, module), "")
    if told:
        path = (*item.path, "value")
        yield Hit(path, f"output {name} shows {told} in every plan and log: add `sensitive = true`")


def _secrets(value: Expression, module: Module) -> Iterator[str]:
    """What of a value is a secret: references that are, where the value holds them as they are."""
    for part in _parts(value):
        for reference in references(part):
            if _HIDING.isdisjoint(reference.calls) and _is_secret(reference, module):
                yield ".".join((reference.root, *reference.steps))


def _is_secret(reference: Reference, module: Module) -> bool:
    root, steps = reference.root, reference.steps
    if len(steps) < _LEAST_STEPS.get(root, 2) or steps[-1] in _HARMLESS:
        return False
    if root == "var" and len(steps) == 1:
        written = module.variables.get(steps[0])
        declared = written.value("type") if written else None
        if declared is not None and not (isinstance(declared, Name) and declared.name in _TEXTS):
            return False
    return promise(steps[-1]) in _STRONG or (root, steps[-1]) in _MADE


def _parts(value: Expression) -> Iterator[Expression]:
    """The expressions of which a value consists: those of a collection or template one by one, conditions left out."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Parentheses):
            waiting.append(node.inner)
        elif isinstance(node, Tuple):
            waiting.extend(node.items)
        elif isinstance(node, Object):
            waiting.extend(v for _, v in node.entries)
        elif isinstance(node, Template):
            waiting.extend(node.parts)
        elif isinstance(node, Conditional):
            waiting.extend((node.yes, node.no))
        elif not isinstance(node, Literal | Binary):
            yield node


def _data(item: Item) -> Mapping[str, object]:
    found = item.bindings["object"]
    return found if isinstance(found, Mapping) else {}
