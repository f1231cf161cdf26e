"""The modules of a scan: folders to static modules, calls to what they lead to, and which folders are roots."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

from guardrail.catalog.registry import Summary
from guardrail.formats.names import split_name
from guardrail.formats.terraform import Parsed, parse
from guardrail.hcl.inputs import loaded, values
from guardrail.hcl.modules import SUFFIXES, VALUES, Module, Source, build, effective
from guardrail.scan.terraform.files import makes_module
from guardrail.scan.tree import FileTree

_MANIFEST = ".terraform/modules/modules.json"
_REGISTRY = "registry.terraform.io/"

MOST_TEXT = 1_000_000
"""Characters of a file that `file()` and its like read."""


@dataclass(slots=True)
class Modules:
    """Modules by folder, made once. `scanned` are files given to the scan, by name; others come from the tree.

    `around` says whether files beside the scanned ones belong to their module, too; `stub` finds what is known of a
    registry module.
    """

    scanned: Mapping[str, Parsed]
    tree: FileTree
    around: bool
    stub: Callable[[str, str, Collection[str]], Summary | None]
    _modules: dict[str, Module | None] = field(default_factory=dict)
    _parsed: dict[str, Parsed | None] = field(default_factory=dict)
    _stubs: dict[str, Module] = field(default_factory=dict)
    _manifests: dict[str, dict[str, str]] = field(default_factory=dict)
    _by_folder: dict[str, list[str]] | None = None

    def at(self, folder: str) -> Module | None:
        """The module in a folder; None where there is none."""
        if folder not in self._modules:
            excerpt = bool(split_name(f"{folder}/x")[1])
            found = [n for n in self.names(folder) if makes_module(n)]
            names = found if excerpt else effective(found)
            sources = [Source(p.name, p.file) for n in names if (p := self.parsed(n)) is not None]
            self._modules[folder] = build(folder, sources, excerpt=excerpt) if sources else None
        return self._modules[folder]

    def folders(self) -> list[str]:
        """Folders with scanned files that make a module, in order."""
        return sorted({dirname(n) for n in self.scanned if makes_module(n)})

    def names(self, folder: str) -> list[str]:
        """The files of a folder that belong to its module."""
        if self._by_folder is None:
            self._by_folder = {}
            for name in self.scanned:
                if not name.endswith((*SUFFIXES, *VALUES)):
                    continue
                self._by_folder.setdefault(dirname(name), []).append(name)
        found = self._by_folder.get(folder, [])
        if self.around or not found:
            beside = [join(folder, n) for n in self.tree.names(folder) if n.endswith((*SUFFIXES, *VALUES))]
            found = sorted({*found, *beside})
        return found

    def parsed(self, name: str) -> Parsed | None:
        """A file with its tree."""
        if name in self.scanned:
            return self.scanned[name]
        if name not in self._parsed:
            text = self.tree.text(name)
            self._parsed[name] = None if text is None else parse(name, text)
        return self._parsed[name]

    def roots(self) -> list[Module]:
        """Scanned modules that no other scanned module calls; of those that only call each other, the first."""
        every = {f: m for f in self.folders() if (m := self.at(f)) is not None}
        calls = {f: {c for c in self._called(m) if c in every and c != f} for f, m in every.items()}
        called = set[str]().union(*calls.values()) if calls else set()
        roots = [f for f in every if f not in called]
        seen: set[str] = set()
        for folder in (*roots, *every):
            if folder in seen:
                continue
            if folder not in roots:
                roots.append(folder)
            waiting = [folder]
            while waiting:
                here = waiting.pop()
                if here not in seen:
                    seen.add(here)
                    waiting.extend(calls[here])
        return [every[f] for f in sorted(roots)]

    def _called(self, module: Module) -> list[str]:
        sources = (written.literal("source") for written in module.calls.values())
        return [joined(module.folder, s) for s in sources if isinstance(s, str) and is_local(s)]

    def inputs(self, module: Module) -> dict[str, object]:
        """What a root's own tfvars give its variables, in Terraform's order."""
        found: dict[str, object] = {}
        for name in loaded(n for n in self.names(module.folder) if n.endswith(VALUES)):
            found |= self.given(name)
        return found

    def given(self, name: str) -> dict[str, object]:
        """What a tfvars file gives; nothing where it cannot be read."""
        parsed = self.parsed(name)
        return values(parsed.file) if parsed else {}

    def module(self, folder: str, source: str, version: str, arguments: Collection[str]) -> Module | str:
        """The module a call leads to, else why it is not there."""
        if is_local(source):
            there = joined(folder, source)
            return self.at(there) or f"the module {source}, which is not among the files"
        installed = self._installed(folder, source)
        if installed is not None:
            return installed
        found = self.stub(source, version, arguments)
        return self._summary(found, source) if found else f"the module {source}"

    def _summary(self, found: Summary, source: str) -> Module:
        if found.file not in self._stubs:
            parsed = parse(found.file, found.text)
            partial = f"what the module {source} does"
            self._stubs[found.file] = build(found.file, [Source(parsed.name, parsed.file)], partial=partial)
        return self._stubs[found.file]

    def _installed(self, folder: str, source: str) -> Module | None:
        """A module as `terraform init` has put it below a folder or one above it."""
        here = folder
        while True:
            manifest = self._manifest(here)
            there = manifest.get(source) or manifest.get(_REGISTRY + source)
            if there is not None:
                return self.at(joined(here, there))
            if not here:
                return None
            here = dirname(here)

    def _manifest(self, folder: str) -> dict[str, str]:
        if folder not in self._manifests:
            import json

            text = self.tree.text(join(folder, _MANIFEST))
            try:
                entries = json.loads(text)["Modules"] if text else []
                found = {str(e["Source"]): str(e["Dir"]) for e in entries if e.get("Source")}
            except (ValueError, KeyError, TypeError, AttributeError):
                found = {}
            self._manifests[folder] = found
        return self._manifests[folder]

    def text(self, folder: str, path: str) -> str | None:
        """A file's text by its path seen from a folder."""
        if path.startswith(("/", "~")):
            return None
        found = self.tree.text(joined(folder, path))
        return found if found is not None and len(found) <= MOST_TEXT else None


def is_local(source: str) -> bool:
    """Whether a module's source is a path, as Terraform tells: by its first characters."""
    return source.startswith(("./", "../"))


def joined(folder: str, path: str) -> str:
    """A path seen from a folder, as names of files are written."""
    found = normpath(join(folder, path))
    return "" if found == "." else found
