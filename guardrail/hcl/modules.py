"""A module as it is written: the declarations of a folder's files, override files laid over them. Nothing is evaluated.

Terraform's documentation: "Files and directories", "Override files"; OpenTofu's: `.tofu` files.
"""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import basename
from typing import NamedTuple

from guardrail.hcl import syntax
from guardrail.hcl.syntax import Attribute, Block, Expression, Literal

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""Endings of the files that make a module."""

VALUES = (".tfvars", ".tfvars.json")
"""Endings of the files that give a root module its inputs."""


class Source(NamedTuple):
    """A parsed file and its name."""

    name: str
    file: syntax.File


class Written(NamedTuple):
    """A block with what override files lay over it: (file, block) in order, the last one wins."""

    parts: tuple[tuple[str, Block], ...]

    @property
    def file(self) -> str:
        """The file of the block itself."""
        return self.parts[0][0]

    @property
    def block(self) -> Block:
        """The block itself."""
        return self.parts[0][1]

    def attribute(self, name: str) -> tuple[str, Attribute] | None:
        """An attribute and the file it stands in."""
        for file, block in reversed(self.parts):
            if name in block.body.attributes:
                return file, block.body.attributes[name]
        return None

    def value(self, name: str) -> Expression | None:
        """The expression of an attribute."""
        found = self.attribute(name)
        return found[1].value if found else None

    def literal(self, name: str) -> object:
        """The value of an attribute that is a literal; None for everything else."""
        found = self.value(name)
        return found.value if isinstance(found, Literal) else None

    def attributes(self) -> dict[str, tuple[str, Attribute]]:
        """Every attribute with its file."""
        return {name: (file, a) for file, block in self.parts for name, a in block.body.attributes.items()}

    def mentioned(self) -> frozenset[str]:
        """The names of attributes and of nested blocks, dynamic ones too, whether or not they come to be there."""
        return frozenset((*self.attributes(), *(_type(block) for _, block in self.blocks())))

    def blocks(self) -> list[tuple[str, Block]]:
        """Nested blocks with their files: an override's blocks replace all of their type, save for `lifecycle`."""
        found: list[tuple[str, Block]] = []
        for file, block in self.parts:
            types = {_type(b) for b in block.body.blocks} - {"lifecycle"}
            found = [(f, b) for f, b in found if _type(b) not in types]
            found += [(file, b) for b in block.body.blocks]
        return found


class Local(NamedTuple):
    """One entry of a `locals` block."""

    file: str
    attribute: Attribute


class Again(NamedTuple):
    """Something declared a second time: what it is called, the first place and the second, each file and offset."""

    name: str
    first: tuple[str, int]
    second: tuple[str, int]


class Module(NamedTuple):
    """A folder's configuration. Resources and data are named `type.name`, providers `name` or `name.alias`.

    `others` are blocks that name nothing (`terraform`, `check`, `moved`, `import`, `removed`). `partial` says of a
    registry module's summary what it stands for: what it does not mention is not known. `excerpt` says that the files
    are parts of something larger, as a document shows them: what they do not declare may be declared elsewhere.
    """

    folder: str
    sources: tuple[Source, ...]
    variables: dict[str, Written]
    locals: dict[str, Local]
    outputs: dict[str, Written]
    resources: dict[str, Written]
    data: dict[str, Written]
    calls: dict[str, Written]
    providers: dict[str, Written]
    others: tuple[tuple[str, Block], ...]
    again: tuple[Again, ...]
    partial: str = ""
    excerpt: bool = False


def effective(names: Iterable[str]) -> list[str]:
    """File names of one folder that count: OpenTofu's files stand for Terraform's of the same stem."""
    known = set(names)
    return [n for n in sorted(known) if _tofu(n) == n or _tofu(n) not in known]


def _tofu(name: str) -> str:
    if name.endswith(".tf.json"):
        return name.removesuffix(".tf.json") + ".tofu.json"
    return name.removesuffix(".tf") + ".tofu" if name.endswith(".tf") else name


def overriding(name: str) -> bool:
    """Whether a file is laid over the others: `override.tf`, `x_override.tf`."""
    stem = basename(name).split(".")[0]
    return stem == "override" or stem.endswith("_override")


def build(folder: str, sources: Iterable[Source], partial: str = "", excerpt: bool = False) -> Module:
    """The module that parsed files make, in the order of their names, or of the document that shows them.

    What a document shows twice is two things, of which the first that is whole goes by the name.
    """
    ordered = sorted(sources, key=lambda s: (overriding(s.name), "" if excerpt else s.name))
    builder = _Builder(excerpt)
    for source in ordered:
        builder.take(source)
    found = builder.found
    return Module(
        folder=folder,
        sources=tuple(ordered),
        variables=found["variable"],
        locals=builder.locals,
        outputs=found["output"],
        resources=found["resource"],
        data=found["data"],
        calls=found["module"],
        providers=found["provider"],
        others=tuple(builder.others),
        again=tuple(builder.again),
        partial=partial,
        excerpt=excerpt,
    )


def left_out(file: syntax.File, block: Block) -> bool:
    """Whether a comment in a block says that something is left out of it: `# ... other settings ...`."""
    within = (c.text for c in file.comments if block.start < c.start < block.end)
    return any("..." in text or "…" in text for text in within)


_JUDGED = frozenset({"resource", "data", "module"})
_AGAIN = "-again"
"""What the name of a block ends in that a document shows once more."""


class _Builder:
    def __init__(self, excerpt: bool) -> None:
        self.excerpt = excerpt
        self.files: dict[str, syntax.File] = {}
        self.times: dict[tuple[str, str], int] = {}
        self.found: dict[str, dict[str, Written]] = {kind: {} for kind in _LABELS}
        self.locals: dict[str, Local] = {}
        self.others: list[tuple[str, Block]] = []
        self.again: list[Again] = []

    def take(self, source: Source) -> None:
        self.files[source.name] = source.file
        over = overriding(source.name)
        for block in source.file.body.blocks:
            kind = "resource" if block.type == "ephemeral" else block.type
            if kind == "locals":
                self._locals(source.name, block, over)
            elif kind in _LABELS and len(block.labels) == _LABELS[kind]:
                self._named(kind, source.name, block, over)
            else:
                self.others.append((source.name, block))

    def _locals(self, file: str, block: Block, over: bool) -> None:
        for name, attribute in block.body.attributes.items():
            before = self.locals.get(name)
            if before is not None and not over:
                places = (before.file, before.attribute.start), (file, attribute.start)
                self.again.append(Again(f"local.{name}", *places))
            self.locals[name] = Local(file, attribute)

    def _named(self, kind: str, file: str, block: Block, over: bool) -> None:
        name = ".".join(block.labels)
        alias = block.body.attributes.get("alias") if kind == "provider" else None
        if alias is not None and isinstance(alias.value, Literal):
            name = f"{name}.{alias.value.value}"
        known = self.found[kind]
        before = known.get(name)
        if before is None:
            known[name] = Written(((file, block),))
        elif over:
            known[name] = Written((*before.parts, (file, block)))
        else:
            places = (before.file, before.block.start), (file, block.start)
            self.again.append(Again(_PREFIX.get(kind, "") + name, *places))
            if self.excerpt and kind in _JUDGED:
                written = Written(((file, block),))
                if left_out(self.files[before.file], before.block) and not left_out(self.files[file], block):
                    known[name], written = written, before
                times = self.times[kind, name] = self.times.get((kind, name), 0) + 1
                known[f"{name}{_AGAIN}{times if times > 1 else ''}"] = written


_LABELS = {"variable": 1, "output": 1, "resource": 2, "data": 2, "module": 1, "provider": 1}
_PREFIX = {"variable": "var.", "output": "output.", "data": "data.", "module": "module.", "provider": "provider."}


def _type(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
