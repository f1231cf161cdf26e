"""Blocks in as many instances as `count` and `for_each` ask for, and their attributes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from guardrail.hcl.computed import COMPUTED, shaped
from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.modules import Written
from guardrail.hcl.nested import Built, body
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

if TYPE_CHECKING:
    from guardrail.hcl.evaluation import Frame
    from guardrail.hcl.scope import Scope

MOST = 1_000
"""Instances of one block that are looked at."""

ONE, COUNT, EACH = "", "count", "for_each"

_META = frozenset({"count", "for_each", "provider", "depends_on"})
"""Arguments that are Terraform's, not the provider's."""


class Copy(NamedTuple):
    """One instance of a block: `suffix` is `[0]`, `["a"]` or `[*]`; `doubt` is why it may not exist."""

    suffix: str
    key: object
    scope: Scope
    doubt: UnknownValue | None = None


class Expansion(NamedTuple):
    """How many instances of a block there are: `mode`, and `asked` where more were asked for than are looked at."""

    mode: str
    instances: list[Copy]
    asked: int = 0

    def shape(self, address: str, values: list[object]) -> object:
        """What the block's name stands for: one value, a list (count) or a map (for_each) of them."""
        if self.mode == ONE:
            return values[0]
        doubt = next((c.doubt for c in self.instances if c.doubt), None)
        unknown = UnknownValue(address, refs=((f"{address}[*]", ""),), many=self.mode == COUNT)
        certain = [(c, v) for c, v in zip(self.instances, values, strict=True) if c.doubt is None]
        if self.mode == COUNT:
            return [v for _, v in certain] + ([unknown] if doubt else [])
        found = {str(c.key): v for c, v in certain}
        return UnknownValue(address, refs=unknown.refs, known=found) if doubt else found


def expand(written: Written, scope: Scope) -> Expansion:
    """The instances that a block's `count` or `for_each` asks for.

    A number or keys that are not known give one instance that may exist.
    """
    count, each = written.value("count"), written.value("for_each")
    if count is not None:
        return _counted(_value(lambda: evaluate(count, scope)), scope)
    if each is not None:
        return _keyed(_value(lambda: evaluate(each, scope)), scope)
    return Expansion(ONE, [Copy("", None, scope)])


def _value(make: Callable[[], object]) -> object:
    try:
        return make()
    except EvaluationError as error:
        return UnknownValue(f"an expression that fails ({error})")


def _counted(value: object, scope: Scope) -> Expansion:
    if value is None or isinstance(value, bool | str | float):
        value = int(value) if isinstance(value, str) and value.isdigit() else None
    if isinstance(value, int):
        copies = [Copy(f"[{i}]", i, scope.binding(count={"index": i})) for i in range(min(value, MOST))]
        return Expansion(COUNT, copies, value if value > MOST else 0)
    doubt = value if isinstance(value, UnknownValue) else UnknownValue("count")
    bound = scope.binding(count={"index": UnknownValue("count.index")})
    return Expansion(COUNT, [Copy("[*]", None, bound, doubt)])


def _keyed(value: object, scope: Scope) -> Expansion:
    known, doubt = _entries(value)
    copies = [
        Copy(f'["{key}"]', key, scope.binding(each={"key": key, "value": each}))
        for key, each in list(known.items())[:MOST]
    ]
    if doubt is not None:
        each = {"key": UnknownValue("each.key"), "value": UnknownValue("each.value", refs=doubt.refs)}
        copies.append(Copy("[*]", None, scope.binding(each=each), doubt))
    return Expansion(EACH, copies, len(known) if len(known) > MOST else 0)


def _entries(value: object) -> tuple[dict[str, object], UnknownValue | None]:
    """Keys and values known of a collection, and why there may be more."""
    if isinstance(value, UnknownValue):
        return (dict(value.known) if isinstance(value.known, dict) else {}), value
    if isinstance(value, dict):
        return value, None
    if isinstance(value, list):
        doubt = next((v for v in value if isinstance(v, UnknownValue)), None)
        return {_text(v): v for v in value if not isinstance(v, UnknownValue)}, doubt
    return {}, UnknownValue("for_each")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(slots=True, eq=False)
class Group:
    """Every instance of one resource or data source."""

    frame: Frame
    name: str
    written: Written
    expansion: Expansion
    _instances: list[Instance] | None = None

    @property
    def instances(self) -> list[Instance]:
        """Its instances, in order."""
        if self._instances is None:
            self._instances = [Instance(self, copy) for copy in self.expansion.instances]
        return self._instances

    @property
    def type(self) -> str:
        """`aws_s3_bucket` or `data.aws_s3_bucket`."""
        return self.name.rpartition(".")[0]

    def value(self) -> object:
        """What its name stands for in expressions."""
        return self.expansion.shape(f"{self.frame.prefix}{self.name}", list(self.instances))


@dataclass(slots=True, eq=False)
class Instance:
    """One resource or data source: an Entity whose attributes are evaluated when asked for."""

    group: Group
    copy: Copy
    _known: dict[str, object] = field(default_factory=dict)
    _built: Built | None = None

    @property
    def address(self) -> str:
        """`module.db["a"].aws_db_instance.main[0]`."""
        return f"{self.group.frame.prefix}{self.group.name}{self.copy.suffix}"

    @property
    def doubt(self) -> UnknownValue | None:
        """Why it may not exist."""
        return self.copy.doubt or self.group.frame.doubt

    def attribute(self, name: str) -> object:
        """What is written for an attribute or block; what the provider decides is unknown, and refers to it."""
        if name not in self._known:
            self._known[name] = self.group.frame.once(f"{self.address}.{name}", lambda: self._attribute(name))
        return self._known[name]

    def _attribute(self, name: str) -> object:
        group = self.group
        written = group.written.value(name)
        if written is not None and name not in _META:
            value = evaluate(written, self.copy.scope)
            if value is not None:
                return value
        made = COMPUTED.get((group.type, name))
        if made is not None:
            return made(self.built().data)
        if any(b.type == name or (b.type == "dynamic" and name in b.labels) for _, b in group.written.blocks()):
            return self.built().data.get(name, [])
        return self._computed(name)

    def _computed(self, name: str) -> UnknownValue:
        address = self.address
        value = UnknownValue(f"{address}.{name}", refs=((address, f".{name}"),))
        return replace(value, known=shaped(self.group.type, name, value))

    def plain(self) -> object:
        """The whole resource as a value."""
        address = self.address
        return UnknownValue(address, refs=((address, ""),), known=self.built().data)

    def built(self) -> Built:
        """Its attributes and blocks as data, with where each is written."""
        if self._built is None:
            written = self.group.written
            self.group.frame.evaluation.blocks = 0
            attributes = {n: a for n, a in written.attributes().items() if n not in _META}
            self._built = body(attributes, written.blocks(), self.copy.scope)
        return self._built
