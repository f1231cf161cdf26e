"""The objects of one scan as a cluster would hold them, and what may be said of an object that is not among them.

A name that no scanned file has is *unknown* as a rule: Helm releases, operators, other repositories and people with
`kubectl create` make objects, too. It is *absent* only where nothing in the scan could stand for it, and the scan
itself shows that the object was meant to be in it:

- `elsewhere`: an object of that kind and name is there, in another namespace, and both namespaces are written; names
  of ConfigMaps, Secrets, ServiceAccounts, claims, Services and Roles are looked up in the namespace of who refers.
- `misspelt`: the same application has an object of that kind to which nothing in the scan refers, and its name is the
  same but for one or two letters.
- `complete`: the same application refers to two or more other objects of that kind in that namespace whose names begin
  with the same word, has each of them, and lacks this one only.

An application is what lies in one folder, in one document of Markdown, or in one chart or overlay as rendered. Where a
kustomization lies beside a file that is judged as it stands, overlays may rename and generate, and only `elsewhere`
counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from re import compile as regex
from typing import NamedTuple, TypeVar

from guardrail.graph.index import UNKNOWN_NAMESPACE
from guardrail.model.document import KUSTOMIZATIONS, Resource
from guardrail.views.object_references import Reference, references
from guardrail.views.slips import nearly

Made = TypeVar("Made")

PRESENT, ABSENT, UNKNOWN = "present", "absent", "unknown"

COMPLETE = frozenset({"ConfigMap", "ServiceAccount", "Service", "Role"})
"""Kinds of which a file set that has all others may be expected to have this one, too; Secrets are made elsewhere."""

MAKERS = {
    "Secret": (
        "SealedSecret",
        "ExternalSecret",
        "ClusterExternalSecret",
        "Certificate",
        "VaultStaticSecret",
        "VaultDynamicSecret",
        "OnePasswordItem",
        "SopsSecret",
    ),
    "ConfigMap": ("Bundle",),
}
"""Kinds whose controllers make objects of a kind, under names that the object or its spec gives."""

WITHOUT_NAMESPACE = frozenset(
    "AppProject ClusterAnalysisTemplate ClusterIssuer ClusterRole ClusterSecretStore GatewayClass IngressClass "
    "PersistentVolume PriorityClass RuntimeClass StorageClass".split()
)
"""Kinds of the whole cluster; projects of Argo CD lie in its own namespace, wherever the applications are."""

PLATFORM = WITHOUT_NAMESPACE - {"ClusterRole"} | {"BackupStorageLocation", "Gateway", "Issuer", "SecretStore"}
"""Kinds that those who run a cluster make for those who deploy to it."""

LARGEST = 200
"""How many objects of a kind an application may have for slips to be looked for: a larger folder is no application."""

_MOST_ASKED = 1_000
"""For how many names slips are looked for in an application; more lead nowhere in generated files only."""

_FILLED_IN = regex(r"[$<{%}>]")
_WORD_END = regex(r"[-._]")
_DOCUMENTS = (".md", ".markdown", ".mdx")

_Told = tuple[frozenset[tuple[str, str]], dict[tuple[str, str, str], frozenset[str]]]


class Member(NamedTuple):
    """An object of the scan and the application it belongs to.

    `built` says that a tool made it of a chart or overlay, so that nothing is left to be renamed or generated.
    """

    resource: Resource
    application: str
    built: bool = False

    @property
    def data(self) -> dict[str, object]:
        """The object."""
        return self.resource.data


class Answer(NamedTuple):
    """What became of a name: `present`, `absent` or `unknown`; `why` reads after a dash; `near` is what was meant."""

    verdict: str
    why: str = ""
    near: Member | None = None


@dataclass(slots=True, eq=False, repr=False)
class Cluster:
    """Every object that was kept of a scan. `unseen` are kinds that may be in input that could not be read."""

    unseen: frozenset[str] = frozenset()
    _kinds: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))
    _names: dict[tuple[str, str], list[Member]] = field(default_factory=lambda: defaultdict(list))
    _made: dict[object, object] = field(default_factory=dict)

    def add(self, resource: Resource, application: str, built: bool = False) -> None:
        """Take an object in."""
        member = Member(resource, application, built)
        self._kinds[resource.kind].append(member)
        self._names[resource.kind, resource.name].append(member)

    def of_kind(self, *kinds: str) -> Iterator[Member]:
        """Objects of some kinds, in the order they were added."""
        for kind in kinds:
            yield from self._kinds.get(kind, ())

    def every(self) -> Iterator[Member]:
        """All objects."""
        return self.of_kind(*list(self._kinds))

    def every_of(self, application: str) -> Sequence[Member]:
        """All objects of an application, in the order of their kinds."""
        return self.once("applications", lambda: _by_application(self.every())).get(application, ())

    def named(self, kind: str, name: str, namespace: str) -> list[Member]:
        """Objects of that kind and name that may be in a namespace; one that is not written may be any."""
        return [m for m in self._names.get((kind, name), ()) if same_namespace(m.resource.namespace, namespace)]

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` yields, made once for all that ask."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]

    def answer(self, subject: Member, reference: Reference, beside: Iterable[str] = ()) -> Answer:
        """What the scan says of a reference that `subject` makes; `beside` are names of files in its folder."""
        kind, name = reference.kind, reference.name
        namespace = (reference.namespace or subject.resource.namespace).replace(UNKNOWN_NAMESPACE, "")
        namespace = "" if kind in WITHOUT_NAMESPACE else namespace
        renamed = any(name in KUSTOMIZATIONS for name in beside)
        key = ("answer", kind, name, namespace, subject.application, renamed)
        return self.once(key, lambda: self._answer(kind, name, namespace, subject.application, renamed))

    def _answer(self, kind: str, name: str, namespace: str, application: str, renamed: bool) -> Answer:
        if self.named(kind, name, namespace) or self.is_made(kind, name):
            return Answer(PRESENT)
        unknown = Answer(UNKNOWN, f"{kind} {name}, which may be made outside of these files")
        if _FILLED_IN.search(name) or kind in self.unseen:
            return unknown
        others = [m for m in self._names.get((kind, name), ()) if m.resource.namespace]
        if namespace and others and len(others) == len(self._names[kind, name]):
            return Answer(ABSENT, f"one of that name is in namespace {others[0].resource.namespace} only", others[0])
        if renamed:
            return unknown
        near = self._misspelt(kind, name, application, namespace)
        if near is not None:
            return Answer(ABSENT, f"there is {near.resource.name}, to which nothing refers", near)
        if kind in COMPLETE and self._complete(kind, name, application, namespace):
            return Answer(ABSENT, f"every other {kind} that is named beside it is there")
        return unknown

    def shows(self, kind: str, application: str) -> bool:
        """Whether an application may be expected to have the objects of a kind that it names, so that doubt is told.

        A folder may, because objects are made of it, unless they are of kinds that platforms bring along. A document
        explains: of a kind that none of its blocks shows it says that there are some, and leaves them to the reader.
        """
        if kind not in PLATFORM and not application.endswith(_DOCUMENTS):
            return True
        return any(application in self._by_application(k) for k in (kind, *MAKERS.get(kind, ())))

    def is_made(self, kind: str, name: str) -> bool:
        """Whether another object of the scan makes it: by its own name, or by one in its spec."""

        def names() -> frozenset[str]:
            made = self.of_kind(*MAKERS.get(kind, ()))
            return frozenset(text for m in made for text in (m.resource.name, *_texts(m.data.get("spec"))))

        return name in self.once(("made", kind), names)

    def references(self, resource: Resource) -> tuple[Reference, ...]:
        """What an object of the scan says of others by name, worked out once."""
        return self.once(("references", id(resource.data)), lambda: tuple(references(resource)))

    def _misspelt(self, kind: str, name: str, application: str, namespace: str) -> Member | None:
        told = self._told()[0]
        members = self._by_application(kind).get(application, ())
        asked: list[str] = self.once(("asked", kind, application), list)
        asked.append(name)
        for member in members if len(members) <= LARGEST and len(asked) <= _MOST_ASKED else ():
            other = member.resource.name
            if (kind, other) in told or "*" in other or not nearly(other, name):
                continue
            if same_namespace(member.resource.namespace, namespace):
                return member
        return None

    def _complete(self, kind: str, name: str, application: str, namespace: str) -> bool:
        def lacking() -> dict[str, frozenset[str]]:
            """By the first word of names: those of a family of three or more that the application does not have."""
            wanted = self._told()[1].get((kind, application, namespace), frozenset())
            members = self._by_application(kind).get(application, ())
            have = {m.resource.name for m in members if same_namespace(m.resource.namespace, namespace)}
            families: dict[str, set[str]] = defaultdict(set)
            for other in wanted:
                families[_first_word(other)].add(other)
            return {first: frozenset(names - have) for first, names in families.items() if len(names) >= 3}

        first = _first_word(name)
        return bool(first) and self.once(("lacking", kind, application, namespace), lacking).get(first) == frozenset(
            {name}
        )

    def _by_application(self, kind: str) -> dict[str, list[Member]]:
        return self.once(("applications", kind), lambda: _by_application(self.of_kind(kind)))

    def _told(self) -> _Told:
        """Kinds and names that anything refers to; names by kind, application and namespace that refers to them."""

        def gather() -> _Told:
            by: dict[tuple[str, str, str], set[str]] = defaultdict(set)
            for member in self.every():
                for found in self.references(member.resource):
                    by[found.kind, member.application, found.namespace or member.resource.namespace].add(found.name)
            every = frozenset((kind, name) for (kind, _, _), names in by.items() for name in names)
            return every, {key: frozenset(names) for key, names in by.items()}

        return self.once("told", gather)


def _by_application(members: Iterable[Member]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in members:
        found.setdefault(member.application, []).append(member)
    return found


def _first_word(name: str) -> str:
    """What a name shares with others of one application: `shop` of `shop-flags`; empty where it is one word."""
    found = _WORD_END.split(name, 1)
    return found[0] if len(found) > 1 else ""


def same_namespace(one: str, other: str) -> bool:
    """Whether two namespaces may be one; a namespace that is not written may be any, like that of a release."""
    unknown = ("", UNKNOWN_NAMESPACE)
    return one in unknown or other in unknown or one == other


def _texts(node: object) -> Iterator[str]:
    """Every text in data; the reader bounds its size."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
