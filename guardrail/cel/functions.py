"""The fixed table of functions: their names, numbers of arguments, and how a call finds its code.

Names of member functions start with a dot. The code lies in `guardrail.cel.library`, one module
per family, imported when an expression first uses one of its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from guardrail.model.value import UnknownValue


class Overload(NamedTuple):
    """One form of a function: the exact argument types (`object` takes any) and the code.

    `deep`: an unknown anywhere inside an argument makes the result unknown.
    `metered`: the code takes the evaluation's Meter before the arguments.
    """

    types: tuple[type, ...]
    code: Callable[..., object]
    deep: bool = True
    metered: bool = False


# family -> functions as name/argument counts; the target of a member function is not counted
_FAMILIES = {
    "core": "size/1 .size/0 .contains/1 .startsWith/1 .endsWith/1 dyn/1 type/1 int/1 uint/1 "
    "double/1 string/1 bytes/1 bool/1 optional.of/1 optional.none/0 optional.ofNonZeroValue/1 "
    ".orValue/1 .or/1 .value/0 .hasValue/0 base64.encode/1 base64.decode/1 "
    "sets.contains/2 sets.equivalent/2 sets.intersects/2",
    "times": "timestamp/1 duration/1 .getFullYear/0,1 .getMonth/0,1 .getDate/0,1 "
    ".getDayOfMonth/0,1 .getDayOfWeek/0,1 .getDayOfYear/0,1 .getHours/0,1 .getMinutes/0,1 "
    ".getSeconds/0,1 .getMilliseconds/0,1",
    "regexes": "matches/2 .matches/1 .find/1 .findAll/1,2 regex.replace/3,4 regex.extract/2 regex.extractAll/2",
    "strings": ".charAt/1 .lowerAscii/0 .upperAscii/0 .replace/2,3 .split/1,2 .substring/1,2 "
    ".trim/0 .format/1 strings.quote/1 .join/0,1",
    "lists": ".indexOf/1,2 .lastIndexOf/1,2 .reverse/0 .isSorted/0 .sum/0 .min/0 .max/0 .slice/2 "
    ".flatten/0,1 .distinct/0 .sort/0 .first/0 .last/0 lists.range/1",
    "maths": "math.greatest/1-60 math.least/1-60 math.ceil/1 math.floor/1 math.round/1 "
    "math.trunc/1 math.abs/1 math.sign/1 math.isNaN/1 math.isInf/1 math.isFinite/1 math.sqrt/1 "
    "math.bitAnd/2 math.bitOr/2 math.bitXor/2 math.bitNot/1 math.bitShiftLeft/2 "
    "math.bitShiftRight/2",
    "quantities": "quantity/1 isQuantity/1 .isInteger/0 .asInteger/0 .asApproximateFloat/0 .sign/0 .add/1 .sub/1",
    "compares": ".isLessThan/1 .isGreaterThan/1 .compareTo/1",
    "versions": "semver/1,2 isSemver/1,2 .major/0 .minor/0 .patch/0",
    "networks": "ip/1 isIP/1 ip.isCanonical/1 .family/0 .isUnspecified/0 .isLoopback/0 "
    ".isLinkLocalMulticast/0 .isLinkLocalUnicast/0 .isGlobalUnicast/0 cidr/1 isCIDR/1 "
    ".containsIP/1 .containsCIDR/1 .ip/0 .masked/0 .prefixLength/0",
    "urls": "url/1 isURL/1 .getScheme/0 .getHost/0 .getHostname/0 .getPort/0 .getEscapedPath/0 .getQuery/0",
    "formats": "format.named/1 .validate/1 format.dns1123Label/0 format.dns1123Subdomain/0 "
    "format.dns1035Label/0 format.qualifiedName/0 format.dns1123LabelPrefix/0 "
    "format.dns1123SubdomainPrefix/0 format.dns1035LabelPrefix/0 format.labelValue/0 "
    "format.uri/0 format.uuid/0 format.byte/0 format.date/0 format.datetime/0",
}
NOT_OFFERED = {
    name: f"{name} is not offered: a policy sees files only, no cluster"
    for name in ("authorizer", ".allowed", ".serviceAccount", ".check", ".resource")
} | {
    name: f"{name} is not offered: evaluation must give the same result every time"
    for name in ("now", "rand", "random", "uuid", "time.now", ".now")
}


def _counts(text: str) -> range | tuple[int, ...]:
    if "-" in text:
        low, high = text.split("-")
        return range(int(low), int(high) + 1)
    return tuple(int(part) for part in text.split(","))


_TABLE: Mapping[str, tuple[str, range | tuple[int, ...]]] = {
    name: (family, _counts(counts))
    for family, names in _FAMILIES.items()
    for name, counts in (entry.split("/") for entry in names.split())
}
NAMES = frozenset(_TABLE)
NAMESPACES = frozenset(name.split(".")[0] for name in NAMES if name.find(".") > 0) | {"cel"}


def argument_counts(name: str) -> range | tuple[int, ...]:
    """How many arguments a function takes, a member function's target not counted."""
    return _TABLE[name][1]


class Function:
    """A function for one number of arguments, finding the code by the types of the arguments."""

    __slots__ = ("known", "name", "overloads")

    def __init__(self, name: str, overloads: tuple[Overload, ...]) -> None:
        self.name = name
        self.overloads = overloads
        self.known: dict[tuple[type, ...], Overload | None] = {}  # bounded: types are few

    def find(self, types: tuple[type, ...]) -> Overload | None:
        """The overload for exact argument types; None when there is none, or one is unknown."""
        try:
            return self.known[types]
        except KeyError:
            found = None
            if UnknownValue not in types:
                found = next((o for o in self.overloads if _fits(o.types, types)), None)
            if len(self.known) < 200:
                self.known[types] = found
            return found


def _fits(wanted: tuple[type, ...], types: tuple[type, ...]) -> bool:
    return all(want is object or want is kind for want, kind in zip(wanted, types, strict=True))


@lru_cache(maxsize=512)
def function(name: str, arity: int) -> Function:
    """The function of the table for so many arguments, a member function's target counted."""
    # .or and .orValue evaluate their argument only when needed: both modes have them built in
    module = import_module(f"guardrail.cel.library.{_TABLE[name][0]}")
    overloads: tuple[Overload, ...] = module.OVERLOADS[name]
    fitting = tuple(o for o in overloads if len(o.types) == arity)
    if not fitting:  # variadic: the single overload is written with one `object`
        fitting = tuple(o._replace(types=(object,) * arity) for o in overloads)
    return Function(name, fitting)
