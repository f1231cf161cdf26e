"""Secrets that stand in a Terraform configuration of AWS: in start-up scripts, environments, stored values."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from json import loads
from re import compile as regex
from typing import Any

from guardrail.checks.iam_documents import shown
from guardrail.checks.secret_lines import commands, given
from guardrail.checks.secret_names import keeps, promise
from guardrail.checks.secret_shapes import tokens
from guardrail.checks.secret_words import is_other_thing, is_plain_value
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam_json import JsonFault, Members, read
from guardrail.views.items import Item

__all__ = ["clear_parameter", "environment", "provider_keys", "stored", "user_data"]

_REFERENCE = "${unknown}"
"""Stands for what is not known of a text: to the detectors it is a reference, which is no secret."""

_ACCESS_KEY = r"A[KS]IA[A-Z0-9]{16}\Z"
_SECRET_KEY = r"[A-Za-z0-9/+=]{40}\Z"
_MOST_VALUES = 2_000


def provider_keys(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """An access key written into the provider's configuration; words for a local emulator have another shape."""
    data = item.bindings["object"]
    if str(item.bindings.get("name")).partition(".")[0] != "aws" or not isinstance(data, dict):
        return
    for name, shape in (("secret_key", _SECRET_KEY), ("access_key", _ACCESS_KEY)):
        value = data.get(name)
        if isinstance(value, str) and regex(shape).match(value):
            yield Hit((*item.path, name), f"{name} is written in the configuration")
            return


def user_data(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Secrets in the script that a machine runs when it starts."""
    data = item.bindings["object"]
    for name in ("user_data", "user_data_base64"):
        value = data.get(name) if isinstance(data, dict) else None
        text = _text(value)
        found = _first(text) or _first(_decoded(text))
        if found:
            yield Hit((*item.path, name), f"the script holds a {found}")


def environment(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Secrets among environment variables and arguments: in maps, in lists of names and values, in JSON of such."""
    kept: dict[Path, str] = {}
    for attribute in arguments["attributes"]:
        for path, value in _below(item.bindings["object"], str(attribute).split("."), item.path):
            for name, text, place in _pairs(value, path):
                kind = _kind(name, text)
                if kind:
                    kept.setdefault(place, f"{name} holds a {kind} in clear")
    for path, message in kept.items():
        yield Hit(path, message)


def stored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """The value of a secret that is written beside it: `attribute`, unless changes of it are ignored.

    A first value that is replaced by hand is common and harmless; `ignore_changes` is how it is told.
    """
    data = item.bindings["object"]
    name = str(arguments["attribute"])
    value = data.get(name) if isinstance(data, dict) else None
    if value is None or _is_ignored(data, name):
        return
    text = _text(value)
    if _is_secret(text):
        yield Hit((*item.path, name), f"{name} is written in the configuration")
    elif isinstance(value, UnknownValue) and value.questions:
        yield Undecided((*item.path, name), value.reason, value.questions)


def clear_parameter(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A parameter that is called after a secret and is not encrypted."""
    data = item.bindings["object"]
    if not isinstance(data, dict) or data.get("type") not in ("String", "StringList"):
        return
    name = shown(data.get("name", "")) if isinstance(data.get("name"), str | UnknownValue) else ""
    promised = promise(name.rpartition("/")[2])
    value = data.get("value")
    harmless = isinstance(value, str) and (is_other_thing(value) or not is_plain_value(value))
    if promised and not harmless:
        yield Hit(
            (*item.path, "type"), f"{name} is named after a {promised}, and type {data['type']} keeps it in clear"
        )


def _text(value: object) -> str:
    """The text of a value, with a reference for what is not known of it."""
    if isinstance(value, UnknownValue):
        return "".join(_text(p) for p in value.known) if isinstance(value.known, tuple) else _REFERENCE
    return value if isinstance(value, str) else ""


def _decoded(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode("utf-8") if text else ""
    except (Base64Error, ValueError):
        return ""


def _first(text: str) -> str:
    """What the first secret of a text is."""
    found = [(t.start, t.kind) for t in tokens(text)]
    found += [(g.start, f"{g.kind} ({g.name})") for g in (*given(text), *commands(text))]
    return min(found)[1] if found else ""


def _kind(name: str, text: str) -> str:
    """What secret a named value is or holds."""
    token = next(tokens(text), None)
    if token is not None:
        return token.kind
    promised = promise(name)
    if promised and keeps(promised, text):
        return promised
    return next((g.kind for g in given(text)), "") if "=" in text or ":" in text else ""


def _below(node: object, steps: list[str], path: Path) -> Iterator[tuple[Path, object]]:
    if not steps:
        yield path, node
    elif isinstance(node, list):
        for index, element in enumerate(node):
            yield from _below(element, steps, (*path, index))
    elif isinstance(node, dict) and steps[0] in node:
        yield from _below(node[steps[0]], steps[1:], (*path, steps[0]))


def _pairs(value: object, path: Path) -> Iterator[tuple[str, str, Path]]:
    """Names and values, with their paths, of a map, a list of `{name, value}`, or JSON text with such in it."""
    known = value.known if isinstance(value, UnknownValue) else None
    if isinstance(known, dict):
        value = known
    if isinstance(known, tuple) or isinstance(value, str):
        for name, text in _in_json(value):
            yield name, text, path
    elif isinstance(value, dict):
        if "name" in value and "value" in value:
            if value.get("type", "PLAINTEXT") == "PLAINTEXT":
                yield _text(value["name"]), _text(value["value"]), (*path, "value")
            return
        for name, text in value.items():
            yield str(name), _text(text), (*path, str(name))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _pairs(element, (*path, index))


def _in_json(value: object) -> Iterator[tuple[str, str]]:
    """Every `{name, value}` anywhere in JSON text, whatever else is in it."""
    try:
        waiting = [read(value)]
    except JsonFault:
        return
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, Members):
            lowered = {key.lower(): held for key, held in node.pairs if isinstance(key, str)}
            if "name" in lowered and "value" in lowered:
                yield _text(lowered["name"]), _text(lowered["value"])
            waiting.extend(held for _, held in node.pairs)


def _is_secret(text: str) -> bool:
    """Whether the value of a secret is there: the text, or something under a telling name in its JSON."""
    if next(tokens(text), None) is not None:
        return True
    try:
        data = loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return any(isinstance(v, str) and promise(str(k)) and is_plain_value(v) and v != "" for k, v in data.items())
    return is_plain_value(text) and not is_other_thing(text) and not text.isupper()


def _is_ignored(data: object, name: str) -> bool:
    """Whether `ignore_changes` names an attribute; where what it names is not known, it is taken to."""
    blocks = data.get("lifecycle") if isinstance(data, dict) else None
    for block in blocks if isinstance(blocks, list) else ():
        ignored = block.get("ignore_changes") if isinstance(block, dict) else None
        if ignored == "all" or isinstance(ignored, UnknownValue):
            return True
        if isinstance(ignored, list) and (name in ignored or any(isinstance(i, UnknownValue) for i in ignored)):
            return True
    return False
