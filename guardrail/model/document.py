"""What a reader hands over: documents with positions beside plain data, and the resources in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from guardrail.model.place import Path, Span

LEFT_OUT = "what the document leaves out"
"""What absences depend on in a part of a document that says it is not whole (`# ...`)."""

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""What kustomize looks for in a folder (its documents, "The Kustomization File")."""


class Place(NamedTuple):
    """Where a path is in the text: the span to show, what it covers, and the aliases crossed to get there."""

    span: Span
    aliases: tuple[Span, ...] = ()


class Places(Protocol):
    """A path-to-span table that is resolved only when a finding is made."""

    def locate(self, path: Path) -> Place:
        """The place of `path`, or of its nearest existing ancestor."""

    def locate_text(self, path: Path, text: str, occurrence: int) -> Span | None:
        """Where in the value at `path` a text stands for the `occurrence`-th time, counted from 0; None if nowhere."""


class OnePlace(NamedTuple):
    """The places of what is not at hand, or is one thing: wherever one looks, it is there."""

    span: Span = Span(1, 1, 1, 1)

    def locate(self, path: Path) -> Place:
        """The one place."""
        return Place(self.span)

    def locate_text(self, path: Path, text: str, occurrence: int) -> Span | None:
        """The one place."""
        return self.span


class Defect(NamedTuple):
    """A fault of the text itself that reading survived, such as a key given twice."""

    code: str
    path: Path
    span: Span
    detail: str


@dataclass(slots=True, eq=False, repr=False)
class Document:
    """One document of a source: plain data, and its positions beside it.

    `form` is what a reader took it for where the data does not say it: `Workflow`, `Action`, `Dependabot` ...
    `identity` is the address of the object it was made from, where findings are to be known by that. `excerpt` reads
    after "depends on" where the text says that it leaves something out; `snippet` says that it is shown to people, who
    fill in what it leaves open.
    """

    file: str
    index: int
    data: object
    places: Places
    first_line: int
    last_line: int
    defects: tuple[Defect, ...] = ()
    form: str = ""
    identity: str = ""
    excerpt: str = ""
    snippet: bool = False


class Resource(NamedTuple):
    """The thing judged: one object within a document.

    `path` leads from the document's root to the object; `partial` says why fields may be set elsewhere
    (a patch), or is empty. `pods_at` is where settings say that its pod specs are, if they do.
    """

    document: Document
    data: dict[str, object]
    path: Path
    type: str
    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    partial: str = ""
    pods_at: tuple[Path, ...] | None = None

    @property
    def address(self) -> str:
        """Stable identity without lines: `apps/v1/Deployment/namespace/name`; Terraform's own has no kind beside it."""
        if self.type == "terraform":
            return self.name
        parts = (self.api_version, self.kind, self.namespace, self.name)
        return "/".join(p for p in parts if p)

    @property
    def label(self) -> str:
        """How messages and frames name it: `Deployment namespace/name`, `aws_s3_bucket.logs`."""
        if self.type == "terraform":
            return self.name
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {name}".strip()
