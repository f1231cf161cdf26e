"""Attributes that providers compute from what is written alone, so that their values are known from files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardrail.hcl import functions
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

Data = dict[str, object]


def policy_document(data: Data) -> object:
    """The JSON of an aws_iam_policy_document, by the provider's documentation of that data source.

    `source_policy_documents` come first, then the statements written, then `override_policy_documents`; a statement
    replaces one of the same sid.
    """
    own = [_statement(s) for s in _list(data.get("statement"))]
    before = [s for d in _list(data.get("source_policy_documents")) for s in _statements(d)]
    after = [s for d in _list(data.get("override_policy_documents")) for s in _statements(d)]
    found: dict[object, object] = {}
    for statement in (*before, *own, *after):
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        found[sid if isinstance(sid, str) and sid else len(found)] = statement
    document: Data = {"Version": data.get("version", "2012-10-17"), "Statement": list(found.values())}
    if "policy_id" in data:
        document["Id"] = data["policy_id"]
    return functions.call("jsonencode", [document])


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _statements(document: object) -> list[object]:
    """The statements of another document's JSON; one that is not known for a document that is not."""
    try:
        found = functions.call("jsondecode", [document])
    except EvaluationError:
        return []
    if isinstance(found, UnknownValue):
        return [found]
    return _list(found.get("Statement")) if isinstance(found, dict) else []


_NAMES = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def _statement(block: object) -> object:
    if isinstance(block, UnknownValue):
        return _statement(block.known) if isinstance(block.known, dict) else block
    if not isinstance(block, dict):
        return {}
    made: Data = {"Effect": block.get("effect", "Allow")}
    if "sid" in block:
        made["Sid"] = block["sid"]
    made |= {name: block[key] for key, name in _NAMES.items() if key in block}
    for key, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if key in block:
            made[name] = _principals(block[key])
    if "condition" in block:
        made["Condition"] = _conditions(block["condition"])
    return made


def _principals(blocks: object) -> object:
    found: Data = {}
    for block in _list(blocks):
        if not isinstance(block, dict):
            return UnknownValue(block.reason) if isinstance(block, UnknownValue) else found
        kind, names = str(block.get("type", "")), _list(block.get("identifiers"))
        if kind == "*" and names == ["*"]:
            return "*"
        found[kind] = [*_list(found.get(kind)), *names]
    return found


def _conditions(blocks: object) -> object:
    found: dict[str, Data] = {}
    for block in _list(blocks):
        if isinstance(block, UnknownValue):
            return UnknownValue(block.reason, questions=block.questions)
        if isinstance(block, dict) and isinstance(block.get("test"), str) and isinstance(block.get("variable"), str):
            tests = found.setdefault(str(block["test"]), {})
            tests[str(block["variable"])] = block.get("values", [])
    return found


COMPUTED: Mapping[tuple[str, str], Callable[[Data], object]] = {
    ("data.aws_iam_policy_document", "json"): policy_document,
    ("data.aws_iam_policy_document", "minified_json"): policy_document,
}
"""By type and attribute: what makes the value from the block's data."""
