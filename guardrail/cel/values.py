"""Values only CEL has, what their types are called, and the limits on sizes."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.cel.errors import CelError, CelLimit
from guardrail.model.value import UnknownValue

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
UINT_MAX = 2**64 - 1
MAX_SIZE = 1_000_000  # elements of a list or characters of a string built by an expression
SECOND = 1_000_000_000  # nanoseconds
MAX_DURATION = 315_576_000_000 * SECOND
MIN_TIMESTAMP, MAX_TIMESTAMP = -62_135_596_800 * SECOND, 253_402_300_800 * SECOND - 1


class _Single:
    """A value of one part, equal to its like only. By hand: as dataclasses these cost 2 ms to import."""

    __slots__: tuple[str, ...] = ()

    def _part(self) -> object:
        return getattr(self, self.__slots__[0])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._part() == self._part()

    def __hash__(self) -> int:
        return hash((type(self), self._part()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._part()!r})"


class Uint(_Single):
    """An unsigned 64-bit integer; hashes and compares like the number, so map keys agree."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if type(other) is Uint:
            return self.value == other.value
        return type(other) in (int, float) and self.value == other

    def __hash__(self) -> int:
        return hash(self.value)


class BoolKey(_Single):
    """A boolean as a map key: Python would take True for 1."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.value = value


class Timestamp(_Single):
    """A point in time, in nanoseconds since 1970 UTC."""

    __slots__ = ("nanos",)

    def __init__(self, nanos: int) -> None:
        self.nanos = nanos


class Duration(_Single):
    """A length of time in nanoseconds."""

    __slots__ = ("nanos",)

    def __init__(self, nanos: int) -> None:
        self.nanos = nanos


class TypeValue(_Single):
    """A type as a value, as `type(x)` gives it."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Optional(_Single):
    """A value that may be absent; `value` is None then."""

    __slots__ = ("present", "value")

    def __init__(self, value: object, present: bool = True) -> None:
        self.value = value
        self.present = present

    def _part(self) -> object:
        return self.present, self.value


NONE = Optional(None, False)
_NAMES: dict[type, str] = {
    type(None): "null_type",
    bool: "bool",
    int: "int",
    Uint: "uint",
    float: "double",
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    Timestamp: "google.protobuf.Timestamp",
    Duration: "google.protobuf.Duration",
    TypeValue: "type",
    Optional: "optional_type",
    UnknownValue: "unknown",
}
TYPE_NAMES: dict[str, TypeValue] = {name: TypeValue(name) for name in _NAMES.values() if name != "unknown"}


def type_name(value: object) -> str:
    """What CEL calls the type of a value."""
    return _NAMES.get(type(value)) or str(getattr(type(value), "cel_type", type(value).__name__))


def checked_int(value: int) -> int:
    """A result that must fit 64 bits; CelError on overflow."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise CelError("integer overflow")


def checked_uint(value: int) -> Uint:
    """A result that must fit unsigned 64 bits; CelError on overflow."""
    if 0 <= value <= UINT_MAX:
        return Uint(value)
    raise CelError("unsigned integer overflow")


def checked_duration(nanos: int) -> Duration:
    """A duration within the range of google.protobuf.Duration; CelError beyond."""
    if -MAX_DURATION <= nanos <= MAX_DURATION:
        return Duration(nanos)
    raise CelError("duration out of range")


def checked_timestamp(nanos: int) -> Timestamp:
    """A timestamp within the years 1 to 9999; CelError beyond."""
    if MIN_TIMESTAMP <= nanos <= MAX_TIMESTAMP:
        return Timestamp(nanos)
    raise CelError("timestamp out of range")


def checked_size(size: int) -> int:
    """The size of a string or list about to be built; CelLimit when it is too big."""
    if size > MAX_SIZE:
        raise CelLimit(f"a string or list would grow beyond {MAX_SIZE:,}")
    return size


def map_key(key: object) -> object:
    """A CEL map key as a Python dictionary key; CelError for types that cannot be keys."""
    kind = type(key)
    if kind is str or kind is int or kind is Uint:
        return key
    if kind is bool:
        return BoolKey(bool(key))
    raise CelError(f"unsupported map key type: {type_name(key)}")


def lookup_key(key: object) -> object:
    """A key to look up with: as `map_key`, and doubles find the equal integer."""
    return key if type(key) is float else map_key(key)


def map_keys(value: dict[object, object]) -> Iterator[object]:
    """The keys of a map as CEL sees them."""
    for key in value:
        yield key.value if type(key) is BoolKey else key


def merge_unknown(first: UnknownValue, second: UnknownValue) -> UnknownValue:
    """One unknown that depends on what both depend on, and is settled by the questions of both."""
    questions = (*first.questions, *(q for q in second.questions if q not in first.questions))
    if second.reason in first.reason.split(" and ") or len(first.reason) > 200:
        return first if questions == first.questions else UnknownValue(first.reason, questions=questions)
    return UnknownValue(f"{first.reason} and {second.reason}", questions=questions)
