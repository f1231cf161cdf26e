"""Attributes that providers compute from what is written alone, so that their values are known from files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from guardrail.hcl import functions
from guardrail.hcl.functions import holes
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

Data = dict[str, object]


def policy_document(data: Data) -> object:
    """The JSON of an aws_iam_policy_document, by the provider's documentation of that data source.

    `source_policy_documents` come first, then the statements written, then `override_policy_documents`; a statement
    replaces one of the same sid.
    """
    keys: list[UnknownValue] = []
    own = [_statement(s, keys) for s in _list(data.get("statement"))]
    before = [s for d in _list(data.get("source_policy_documents")) for s in _statements(d)]
    after = [s for d in _list(data.get("override_policy_documents")) for s in _statements(d)]
    found: dict[object, object] = {}
    for statement in (*before, *own, *after):
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        found[sid if isinstance(sid, str) and sid else len(found)] = statement
    document: Data = {"Version": data.get("version", "2012-10-17"), "Statement": list(found.values())}
    if "policy_id" in data:
        document["Id"] = data["policy_id"]
    return _filled(functions.call("jsonencode", [document]), keys)


_KEY = "\ue000{}\ue001"
"""Stands in the JSON for a condition's key that is not known, since a map has none such."""


def _filled(text: object, keys: list[UnknownValue]) -> object:
    """The text with the holes that its keys have."""
    if not keys:
        return text
    pieces: list[object] = []
    for part in holes.parts(text):
        if isinstance(part, str):
            found = re.split(_KEY.format("([0-9]+)"), part)
            pieces.extend(keys[int(p)] if place % 2 else p for place, p in enumerate(found))
        else:
            pieces.append(part)
    return holes.build(pieces, alone=False)


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


def _statement(block: object, keys: list[UnknownValue]) -> object:
    if isinstance(block, UnknownValue):
        known = _statement(block.known, keys) if isinstance(block.known, dict) else None
        return replace(block, known=known, symbol="") if isinstance(known, dict) else block
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
        made["Condition"] = _conditions(block["condition"], keys)
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


def _conditions(blocks: object, keys: list[UnknownValue]) -> object:
    """The conditions by test and key; of keys that are not known, `keys` keeps what stands for them."""
    found: dict[str, Data] = {}
    for block in _list(blocks):
        if isinstance(block, UnknownValue):
            return UnknownValue(block.reason, questions=block.questions)
        if isinstance(block, dict) and isinstance(block.get("test"), str):
            name = block.get("variable")
            if isinstance(name, UnknownValue):
                keys.append(name)
                name = _KEY.format(len(keys) - 1)
            found.setdefault(str(block["test"]), {})[str(name)] = block.get("values", [])
    return found


COMPUTED: Mapping[tuple[str, str], Callable[[Data], object]] = {
    ("data.aws_iam_policy_document", "json"): policy_document,
    ("data.aws_iam_policy_document", "minified_json"): policy_document,
}
"""By type and attribute: what makes the value from the block's data."""

_HOLE = None

_ACCOUNT = ".iam.gserviceaccount.com"

SHAPES: Mapping[tuple[str, str], tuple[str | None, ...]] = {
    ("google_service_account", "email"): (_HOLE, _ACCOUNT),
    ("google_service_account", "member"): ("serviceAccount:", _HOLE, _ACCOUNT),
    ("data.google_service_account", "email"): (_HOLE, _ACCOUNT),
    ("data.google_service_account", "member"): ("serviceAccount:", _HOLE, _ACCOUNT),
    ("data.google_storage_project_service_account", "email_address"): (_HOLE, _ACCOUNT),
    ("data.google_storage_project_service_account", "member"): ("serviceAccount:", _HOLE, _ACCOUNT),
    ("google_project_service_identity", "member"): ("serviceAccount:", _HOLE),
    ("data.google_compute_default_service_account", "email"): (_HOLE, "-compute@developer.gserviceaccount.com"),
    ("data.google_compute_default_service_account", "member"): (
        "serviceAccount:",
        _HOLE,
        "-compute@developer.gserviceaccount.com",
    ),
    ("data.google_app_engine_default_service_account", "email"): (_HOLE, "@appspot.gserviceaccount.com"),
}
"""What is known of texts that a provider makes, by type and attribute: parts, and holes between them. The provider's
documentation of each, "Attributes Reference"; how addresses end: https://cloud.google.com/iam/docs/service-account-types.
"""


def shaped(kind: str, attribute: str, hole: UnknownValue) -> tuple[object, ...] | None:
    """The parts of a text that a provider makes, `hole` for each that is not known; None where nothing is."""
    parts = SHAPES.get((kind, attribute))
    return None if parts is None else tuple(hole if part is None else part for part in parts)
