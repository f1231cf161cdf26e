"""What the API server takes in objects of its own kinds: fields, and the types and values of what they hold.

It decodes them strictly (`fieldValidation: Strict`, the default of kubectl since 1.27): no number becomes a string and
no string a number, and a field that no type has is refused. Clients that ask for less lose such a field silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.once import once
from guardrail.views.placeholders import filled_in

_BITS = {"i": 31, "l": 63}

_WORDS = {
    "s": "a string",
    "b": "true or false",
    "i": "a whole number",
    "l": "a whole number",
    "q": "a quantity",
    "x": "a whole number or a string",
    "y": "a string",
}

_ALIKE = {
    "extensions/v1beta1": "apps/v1",
    "apps/v1beta1": "apps/v1",
    "apps/v1beta2": "apps/v1",
    "batch/v1beta1": "batch/v1",
    "policy/v1beta1": "policy/v1",
    "rbac.authorization.k8s.io/v1beta1": "rbac.authorization.k8s.io/v1",
}
"""Earlier versions whose fields have the types they have today; some of their fields are gone."""

_TEMPLATES = {"argoproj.io/v1alpha1 Rollout", "apps.openshift.io/v1 DeploymentConfig", "v1 DeploymentConfig"}
"""Kinds of others whose spec.template is a PodTemplateSpec (argo-rollouts, v1alpha1; openshift/api, apps/v1)."""


class Fault(NamedTuple):
    """What is refused: `kind` is `type`, `value`, `misspelt` or `unknown`; `words` tell a person."""

    path: Path
    kind: str
    words: str


class _Place(NamedTuple):
    """Data that is to be of a type, where it is, and the types around it, outermost first."""

    data: object
    code: str
    path: Path
    around: tuple[str, ...]


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Types by `apiVersion Kind`, fields by type, values by enumeration: the table's words, not taken apart yet."""
    from guardrail.views.api_fields import TABLE

    parts = [part.replace("\n", " ").split(";") for part in TABLE.split("\n--\n")]
    kinds, fields, values = [[entry.strip() for entry in part if entry.strip()] for part in parts]
    types = (entry.rpartition(" ") for entry in kinds)
    return {k: v for k, _, v in types}, _split(fields), _split(values)


def _split(entries: list[str]) -> Mapping[str, str]:
    return {name: rest for name, _, rest in (entry.partition(" ") for entry in entries)}


@cache
def fields(name: str) -> Mapping[str, str]:
    """The fields of a type with the codes of theirs; none where it is no type."""
    found = (word.partition(":") for word in _tables()[1].get(name, "").split())
    return {field: code for field, _, code in found}


@cache
def _values(name: str) -> tuple[str, ...]:
    return tuple(_tables()[2].get(name, "").split())


@once
def faults(resource: Resource) -> tuple[Fault, ...]:
    """Everything in an object of a built-in kind that the API server's decoder, or its list of values, refuses.

    What labels and annotations hold is left out, of which another policy tells, and placeholders, which others fill in;
    of objects that SOPS has encrypted the types are those of the ciphertext.
    """
    if isinstance(resource.data.get("sops"), dict):
        return ()
    api, kind = resource.api_version, resource.kind
    kinds = _tables()[0]
    known, old = kinds.get(f"{api} {kind}"), kinds.get(f"{_ALIKE.get(api, '')} {kind}")
    if known:
        return tuple(islice(_walk([_Place(resource.data, known, resource.path, ())]), _MOST))
    if old:
        found = islice(_walk([_Place(resource.data, old, resource.path, ())]), _MOST)
        return tuple(fault for fault in found if fault.kind == "type")
    if f"{api} {kind}" in _TEMPLATES:
        spec = resource.data.get("spec")
        template = spec.get("template") if isinstance(spec, dict) else None
        path = (*resource.path, "spec", "template")
        return tuple(islice(_walk([_Place(template, "PodTemplateSpec", path, ())]), _MOST))
    return ()


def _walk(waiting: list[_Place]) -> Iterator[Fault]:
    """Faults in the order of the document; types hold no type of their own, so that this ends."""
    while waiting:
        place = waiting.pop()
        data, code, path, around = place
        if data is None or code == "*" or isinstance(data, UnknownValue) or is_filled_in(data):
            continue
        if code[0] == "[":
            if isinstance(data, list):
                entries = [_Place(entry, code[1:], (*path, i), around) for i, entry in enumerate(data)]
                waiting.extend(reversed(entries))
            else:
                yield _type_fault(place, "a list")
        elif code[0] == "{":
            if isinstance(data, dict):
                entries = [_Place(entry, code[1:], (*path, str(key)), around) for key, entry in data.items()]
                waiting.extend(reversed(entries))
            else:
                yield _type_fault(place, "a mapping")
        elif code[0].isupper():
            yield from _in_mapping(place, waiting)
        else:
            yield from _scalar(place)


def _in_mapping(place: _Place, waiting: list[_Place]) -> Iterator[Fault]:
    data, code, path, around = place
    if not isinstance(data, dict):
        yield _type_fault(place, "a mapping")
        return
    known = fields(code)
    below, strange = [], []
    for key, value in data.items():
        name = str(key)
        if name in known:
            if not (code == "ObjectMeta" and name in ("labels", "annotations") and isinstance(value, dict)):
                below.append(_Place(value, known[name], (*path, name), (*around, code)))
        elif not name.startswith("$") and not filled_in(name):  # `$patch` and its like direct kubectl
            strange.append(name)
    told = [_unknown(name, place, data) for name in strange[:_LOOKED_AT]]
    yield from _together(told, len(strange) - len(told))
    waiting.extend(reversed(below))


def _together(strange: list[Fault], more: int) -> Iterator[Fault]:
    """Misspelt fields one by one; of more than three others, which come of one slip in the indentation, the first."""
    others = [fault for fault in strange if fault.kind == "unknown"]
    if len(others) > _FEW:
        names = ", ".join(str(fault.path[-1])[:_LONGEST] for fault in others[1:_SHOWN])
        hidden = len(others) - _SHOWN + more
        first = others[0]
        strange = [fault for fault in strange if fault.kind != "unknown"]
        yield first._replace(words=f"{first.words}, nor fields {names}{f' and {hidden} more' if hidden > 0 else ''}")
    yield from strange


_FEW, _SHOWN = 3, 6
_LONGEST = 60
_LOOKED_AT = 30
"""How many strange fields of one mapping are compared with known ones; what has more is no object of Kubernetes."""
_MOST = 500
"""How many faults of one object are told."""


def _unknown(name: str, place: _Place, data: Mapping[str, object]) -> Fault:
    path = (*place.path, name)
    meant = _meant(name, [field for field in fields(place.code) if field not in data])
    if meant:
        return Fault(path, "misspelt", f"there is no field {name[:_LONGEST]}; {meant} is meant")
    home = _home(name, place)
    return Fault(path, "unknown", f"there is no field {name[:_LONGEST]} here{f'; {home} has one' if home else ''}")


def _meant(name: str, absent: list[str]) -> str:
    """The field that a name is a slip of: but for capitals, hyphens and underscores, or one or two letters."""
    from guardrail.views.slips import distance

    plain = _plain(name)
    same = [field for field in absent if _plain(field) == plain]
    if same:
        return same[0]
    most = 2 if len(plain) >= _LONG else 1
    near = [(distance(plain, _plain(field)), field) for field in absent if abs(len(field) - len(plain)) <= most]
    best = min(near, default=(most + 1, ""))
    return best[1] if best[0] <= most and len(plain) > 2 else ""


_LONG = 8


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


def _home(name: str, place: _Place) -> str:
    """The field around, or the nearest below, whose type has a field of that name; empty where none has."""
    for depth, code in enumerate(reversed(place.around), 1):
        if name in fields(code):
            steps = [step for step in place.path if isinstance(step, str)]
            return ".".join(steps[:-depth]) or "the object itself"
    level: list[tuple[tuple[str, ...], str]] = [((), place.code)]
    for _ in range(3):
        level = [
            ((*path, field + "[]" * code.startswith("[")), code.lstrip("[{"))
            for path, of in level
            for field, code in fields(of).items()
            if code.lstrip("[{")[:1].isupper()
        ]
        for path, code in level:
            if name in fields(code):
                return ".".join(path)
    return ""


def _scalar(place: _Place) -> Iterator[Fault]:
    data, code, path, _ = place
    if code[0] == "?":
        if not isinstance(data, str):
            yield _type_fault(place, "a string")
        elif data and data not in _values(code[1:]):
            words = f"{_name(path)} {data[:_LONGEST]!r} is none of {', '.join(_values(code[1:]))}"
            yield Fault(path, "value", words)
    elif not _fits(data, code):
        yield _type_fault(place, _WORDS[code])
    elif code == "y" and isinstance(data, str) and not _is_base64(data):
        yield Fault(path, "type", f"{_name(path)} is not base64")


def _is_base64(text: str) -> bool:
    from binascii import Error, a2b_base64

    try:
        a2b_base64("".join(text.split()), strict_mode=True)
    except (Error, ValueError):
        return False
    return True


def _fits(data: object, code: str) -> bool:
    """Whether the decoder takes a scalar for a type; YAML's `1.0` is the integer 1 by the time it is decoded."""
    if code in ("s", "y"):
        return isinstance(data, str)
    if code == "b":
        return isinstance(data, bool)
    if isinstance(data, bool):
        return False
    if code == "q":
        return isinstance(data, str | int | float)
    if code == "x" and isinstance(data, str):
        return True
    if isinstance(data, int) or (isinstance(data, float) and data.is_integer()):
        most: int = 2 ** _BITS.get(code, 31)
        return -most <= data < most
    return False


def _type_fault(place: _Place, wanted: str) -> Fault:
    data = place.data
    quotes = "; put it in quotes" if wanted == _WORDS["s"] and isinstance(data, bool | int | float) else ""
    return Fault(place.path, "type", f"{_name(place.path)} must be {wanted}, and is {_shown(data)}{quotes}")


def _name(path: Path) -> str:
    """What a path leads to, for the beginning of a sentence."""
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the object")
    return f"an entry of {name}" if path and isinstance(path[-1], int) else name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "a mapping"


def is_filled_in(value: object) -> bool:
    """Whether something else puts a value here: `${X}`, `{{ x }}`, `<x>`."""
    return isinstance(value, str) and filled_in(value)
