"""Field selection and indexing in the precise mode, plain and optional.

As cel-go's interpreter/attributes.go has it: an optional step on a scalar or null is absent, not
an error, and selection through an optional stays optional.
"""

from __future__ import annotations

from guardrail.cel import places
from guardrail.cel.errors import CelError
from guardrail.cel.operators import no_overload
from guardrail.cel.places import Place
from guardrail.cel.values import NONE, Optional, Uint, lookup_key, type_name
from guardrail.model.value import UnknownValue


def select(value: object, place: Place, name: str, optional: bool, test: bool) -> tuple[object, Place]:
    """`value.name`, `value.?name`, or with `test` `has(value.name)`."""
    if isinstance(value, Optional):
        if not value.present:
            return (False if test else NONE), places.gone(place, name)
        value, optional = value.value, True
    if isinstance(value, UnknownValue):
        return _partly(value, place, name, optional, test)
    if isinstance(value, CelError):
        return value, place
    if isinstance(value, dict) and name in value:
        return _present(value[name], places.child(place, name), optional, test)
    return _absent(value, place, name, optional, test)


def _absent(value: object, place: Place, name: str, optional: bool, test: bool) -> tuple[object, Place]:
    """What selecting a field that is not there gives."""
    if isinstance(value, list):
        return CelError(f"no such field '{name}': the value is a list"), place
    if test:
        return False, places.gone(place, name)
    if optional:
        return NONE, places.gone(place, name)
    what = "" if isinstance(value, dict) else f" (the value is {type_name(value)})"
    return CelError(f"no such key: {name}{what}"), places.gone(place, name)


def _partly(value: UnknownValue, place: Place, name: str, optional: bool, test: bool) -> tuple[object, Place]:
    """A field of a map of which only some entries are known."""
    if isinstance(value.known, dict) and name in value.known:
        return _present(value.known[name], places.child(place, name), optional, test)
    return value, place


def _present(found: object, place: Place, optional: bool, test: bool) -> tuple[object, Place]:
    if isinstance(found, UnknownValue):
        if found.refs or _has_text(found):  # what a provider decides is there, whatever it is
            return (True if test else Optional(found) if optional else found), place
        return found, place
    if test:
        return True, place
    return (Optional(found) if optional else found), place


def _has_text(found: UnknownValue) -> bool:
    """Whether a text of which a part is known stands there."""
    return isinstance(found.known, tuple) and any(isinstance(part, str) and part for part in found.known)


def index(base: tuple[object, Place], key: tuple[object, Place], optional: bool) -> tuple[object, Place]:
    """`base[key]` or `base[?key]`; a whole-numbered double or uint serves as an index."""
    value, place = base
    step = key[0]
    if isinstance(value, UnknownValue) and isinstance(step, str):
        return _partly(value, place, step, optional, False)
    for kind in (UnknownValue, CelError):  # unknown first: it beats error
        for part in (value, step):
            if isinstance(part, kind):
                return part, places.total(place, key[1])
    if isinstance(value, Optional):
        if not value.present:
            return NONE, places.gone(place, step)
        return index((value.value, place), key, True)
    try:
        return _item(value, place, step, optional)
    except CelError as error:
        return error, place


def _item(value: object, place: Place, key: object, optional: bool) -> tuple[object, Place]:
    if not isinstance(value, (dict, list)):
        if optional:
            return NONE, places.gone(place, key)
        raise no_overload("[]", value, key)
    if isinstance(value, dict):
        slot = lookup_key(key)
        if slot in value:
            return _present(value[slot], places.child(place, slot), optional, False)
        return (NONE if optional else CelError(f"no such key: {key}")), places.gone(place, slot)
    number = key.value if isinstance(key, Uint) else key
    if type(number) is float and number.is_integer():
        number = int(number)
    if type(number) is not int:
        raise no_overload("[]", value, key)
    if 0 <= number < len(value):
        return _present(value[number], places.child(place, number), optional, False)
    return (NONE if optional else CelError(f"index out of bounds: {number}")), place
