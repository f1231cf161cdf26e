"""Suppressions: what comments and annotations say, which findings they cover, which are stale. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from re import compile as regex
from typing import NamedTuple

from guardrail.model.late import late
from guardrail.model.place import Span

_OWN = late(r"guardrail: *ignore(?:\[(?P<ids>[^\]]*)\])?(?P<rest>.*)")
_OPTION = late(r"\b(until|owner)=(\S+)")
_CHECKOV = late(r"checkov:skip=([\w-]+)(?::\s*(.*))?")
_TRIVY = late(r"(?:trivy|tfsec):ignore:([\w-]+(?:\[[^\]]*\])?)((?::\w+:[^\s:]+)*)")
_KICS = late(r"kics-scan (ignore-line|ignore-block|ignore|disable=([\w,-]+))")
_DOCKER = late(r"^#?\s*check *= *skip *= *([A-Za-z]+(?: *, *[A-Za-z]+)*)")
_HADOLINT = late(r"hadolint +(global +)?ignore *= *([A-Z]+\d+(?: *, *[A-Z]+\d+)*)(?:.*#\s*(.*))?")
_ZIZMOR = late(r"zizmor: *ignore\[([\w-]+(?: *, *[\w-]+)*)\] *(.*)")
_DATE = late(r"\d{4}-\d{2}-\d{2}\Z")

_BLOCK = 64
_WIDE = 64
"""Lines in a block of the index, and how many blocks a directive may cover before it is kept apart."""

ANNOTATION = "guardrail.dev/ignore"
"""Its value is `policy-id: reason`, several separated by newlines or semicolons."""


class Directive(NamedTuple):
    """One suppression as written.

    `names` are policy ids, or the peer's ids when `source` is a peer; `*` stands for everything the peer has.
    `lines` is what it covers; `place` where it stands.
    """

    source: str
    names: tuple[str, ...]
    reason: str
    lines: tuple[int, int]
    place: Span
    until: str = ""
    owner: str = ""

    @property
    def own(self) -> bool:
        """Whether it is written in guardrail's syntax; every other source is a peer's."""
        return self.source in {"guardrail", "annotation"}


class Directives:
    """The directives of a file, found by the lines they cover; iterating gives all, in order."""

    __slots__ = ("_by_block", "_every", "_wide")

    def __init__(self, directives: Iterable[Directive] = ()) -> None:
        self._every = list(directives)
        self._wide: list[tuple[int, Directive]] = []
        self._by_block: dict[int, list[tuple[int, Directive]]] = {}
        for number, directive in enumerate(self._every):
            first, last = (line // _BLOCK for line in directive.lines)
            if last - first > _WIDE:
                self._wide.append((number, directive))
            else:
                for block in range(first, last + 1):
                    self._by_block.setdefault(block, []).append((number, directive))

    def __iter__(self) -> Iterator[Directive]:
        return iter(self._every)

    def at(self, lines: Sequence[int]) -> list[Directive]:
        """Those that may cover one of the lines, in order."""
        if not self._every:
            return []
        near = {n: d for line in lines for n, d in self._by_block.get(line // _BLOCK, ())}
        return [directive for _, directive in sorted([*near.items(), *self._wide], key=lambda pair: pair[0])]


@dataclass(slots=True, eq=False, repr=False)
class Matcher:
    """Which policies a directive names, by the catalogue's ids, aliases and equivalents."""

    own: Mapping[str, str]
    peers: Mapping[tuple[str, str], frozenset[str]]
    every: Mapping[str, frozenset[str]]
    today: str
    used: set[Directive] = field(default_factory=set)

    def covers(self, directive: Directive, policy_id: str) -> bool:
        """Whether a directive is about a policy."""
        if directive.own:
            return any(self.own.get(name) == policy_id for name in directive.names)
        peer = directive.source
        return any(
            policy_id in (self.every.get(peer, ()) if name == "*" else self.peers.get(peer_key(peer, name), ()))
            for name in directive.names
        )

    def find(self, directives: Iterable[Directive], policy_id: str, lines: Sequence[int]) -> Directive | None:
        """The directive in force for a policy's finding on any of these lines; it is remembered as used."""
        for directive in directives:
            first, last = directive.lines
            if any(first <= line <= last for line in lines) and self.covers(directive, policy_id):
                self.used.add(directive)
                if directive.reason and not self.expired(directive):
                    return directive
        return None

    def expired(self, directive: Directive) -> bool:
        """Whether its date has passed; a date that is not one counts as passed."""
        return bool(directive.until) and (not _DATE().match(directive.until) or directive.until < self.today)


def peer_key(peer: str, name: str) -> tuple[str, str]:
    """The key of a peer's id in `Matcher.peers`, without what comes and goes: avd-ksv-1 is KSV-0001."""
    name = name.upper().removeprefix("AVD-")
    if name[:2] == "DS" and name[2:].isdigit():  # as trivy wrote the ids of Dockerfiles
        name = f"DS-{name[2:]}"
    head, _, number = name.rpartition("-")
    numbered = head in {"KSV", "DS", "AWS"} and number.isdigit()
    return peer, f"{head}-{int(number):04d}" if numbered else name


def _with_options(text: str) -> tuple[str, str, str]:
    """A reason without the options in it, `until` and `owner`."""
    options = dict(_OPTION().findall(text))
    return _OPTION().sub("", text), options.get("until", ""), options.get("owner", "")


def from_comment(text: str, covers: tuple[int, int], document: tuple[int, int], place: Span) -> Iterator[Directive]:
    """The directives of one comment. checkov's cover the document, as checkov reads them."""
    if own := _OWN().search(text):
        reason, until, owner = _with_options(own["rest"])
        names = tuple(n.strip() for n in (own["ids"] or "").split(",") if n.strip())
        yield Directive("guardrail", names, reason.strip(" \t-:,"), covers, place, until, owner)
    for name, reason in _CHECKOV().findall(text):
        yield Directive("checkov", (name,), reason.strip() or "checkov:skip", document, place)
    for name, options_text in _TRIVY().findall(text):
        expiry = regex(r":exp:([\d-]+)").search(options_text)
        until = expiry.group(1) if expiry else ""
        yield Directive("trivy", (name.partition("[")[0],), "trivy:ignore", covers, place, until)
    if hadolint := _HADOLINT().search(text):
        ids = tuple(name.strip() for name in hadolint[2].split(","))
        reason = hadolint[3] or "hadolint ignore"
        yield Directive("hadolint", ids, reason, (1, 10**9) if hadolint[1] else covers, place)
    if zizmor := _ZIZMOR().search(text):
        ids = tuple(name.strip() for name in zizmor[1].split(","))
        yield Directive("zizmor", ids, zizmor[2].strip() or "zizmor: ignore", covers, place)
    if docker := _DOCKER().search(text):
        names = tuple("*" if n.strip().lower() == "all" else n.strip() for n in docker[1].split(","))
        yield Directive("docker", names, "check=skip", (1, 10**9), place)
    if kics := _KICS().search(text):
        verb = kics.group(1)
        ids = tuple(kics.group(2).split(",")) if kics.group(2) else ("*",)
        whole = verb == "ignore" or verb.startswith("disable")
        yield Directive("kics", ids, f"kics-scan {verb}", (1, 10**9) if whole else covers, place)


def from_annotations(
    annotations: Mapping[str, object], lines: tuple[int, int], place: Callable[[str], Span]
) -> Iterator[Directive]:
    """The directives of an object's annotations, ours and the peers'; they cover the object's `lines`."""
    for key, raw in annotations.items():
        value = str(raw)
        if key == ANNOTATION:
            for entry in regex(r"[\n;]").split(value):
                name, _, reason = entry.partition(":")
                if name.strip():
                    text, until, owner = _with_options(reason)
                    yield Directive("annotation", (name.strip(),), text.strip(), lines, place(key), until, owner)
        elif found := _peer_annotation(key, value):
            peer, names, reason = found
            yield Directive(peer, names, reason or key, lines, place(key))


def _peer_annotation(key: str, value: str) -> tuple[str, tuple[str, ...], str] | None:
    """Peer, ids and reason, as each peer documents its annotation."""
    if key.startswith("checkov.io/skip"):
        name, _, reason = value.partition("=")
        return "checkov", (name.strip(),), reason.strip()
    if key.startswith("ignore-check.kube-linter.io/"):
        return "kube-linter", (key.partition("/")[2],), value
    if key == "kube-linter.io/ignore-all":
        return "kube-linter", ("*",), value
    if key == "kube-score/ignore":
        return "kube-score", tuple(n.strip() for n in value.split(",")), ""
    if key.startswith("polaris.fairwinds.com/") and value == "true":
        name = key.partition("/")[2]
        if name == "exempt":
            return "polaris", ("*",), ""
        if name.endswith("-exempt"):
            return "polaris", (name.removesuffix("-exempt"),), ""
    return None
