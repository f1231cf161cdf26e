"""The Terraform files of a scan: read, put together to roots, judged in every context, placed."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from posixpath import basename
from typing import NamedTuple

from guardrail.catalog import defaults, registry
from guardrail.catalog.load import Catalog, shipped_directory
from guardrail.engine.compile import Compiled
from guardrail.engine.suppress import Directive
from guardrail.errors import UsageError
from guardrail.formats.excerpt import Excerpt
from guardrail.formats.markdown import blocks
from guardrail.formats.names import is_markdown, is_terraform
from guardrail.formats.nodes import Lines
from guardrail.formats.terraform import Parsed, parse
from guardrail.hcl.inputs import alike, assigned, candidates, environment_variable, named, values
from guardrail.hcl.modules import Module
from guardrail.scan.directives import remarked
from guardrail.scan.discover import Input
from guardrail.scan.judge import Judge, no_text
from guardrail.scan.result import FileResult
from guardrail.scan.terraform.files import result
from guardrail.scan.terraform.gather import Gathered
from guardrail.scan.terraform.judge import TerraformJudge
from guardrail.scan.terraform.modules import Modules
from guardrail.scan.terraform.plans import Plans, opened
from guardrail.scan.terraform.root import Root
from guardrail.scan.text import NoText, load
from guardrail.scan.tree import FileTree
from guardrail.settings import Environment, Settings

DEEPEST = 6_000
"""Calls within each other: some ten for each of MOST_HOPS references, and three for each expression within another."""

_FOLDERS = ("", "environments/", "environment/", "envs/", "env/", "vars/", "tfvars/")
"""Where a root keeps the values of its environments, seen from its folder."""


class Given(NamedTuple):
    """What the command line says of inputs: texts by name, and the values of its files, which come first."""

    texts: Mapping[str, str]
    values: Mapping[str, object]


@dataclass(slots=True)
class TerraformScan:
    """What judging Terraform files needs; `around` says whether unscanned files beside them count, too."""

    judge: Judge
    policies: Sequence[Compiled]
    settings: Settings
    catalog: Catalog
    tree: FileTree
    around: bool

    def judge_all(self, sources: Sequence[Input]) -> dict[str, FileResult]:
        """Judge files together; the result of each by its name."""
        results: dict[str, FileResult] = {}
        scanned: dict[str, Parsed] = {}
        for source in sources:
            text = load(source)
            if not isinstance(text, str):
                results[source.name] = no_text(source, text)
                continue
            parts, remarks = _read(source.name, text)
            for parsed in parts:
                scanned[parsed.name] = parsed
                results[parsed.name] = result(parsed, self.judge.honour_peers, remarks)
        modules = Modules(scanned, self.tree, self.around, _known)
        gathered = Gathered(results, modules.parsed)
        judge = TerraformJudge(self.policies, modules, defaults.load(self.catalog.kept), results, gathered)
        contexts, given = self._contexts(), given_by(self.settings)
        with _deep():
            for module in modules.roots():
                for context in contexts:
                    judge.root(self._root(module, modules, context, given, judge.defaults), context.name)
        plans = Plans(self.policies, modules, judge.defaults, self.settings.environment, gathered)
        for name, parsed in scanned.items():
            if name.endswith(".json") and not is_terraform(name):
                plans.judge(parsed, results[name])
        gathered.place(self.judge, len(contexts))
        return results

    def _contexts(self) -> list[Environment]:
        """The environments to look at: the one asked for, else those the settings name, else none in particular."""
        wanted, known = self.settings.environment, self.settings.environments
        if wanted:
            found = next((e for e in known if alike(e.name, wanted)), None)
            return [found or Environment(wanted)]
        return list(known) or [Environment("")]

    def _root(
        self, module: Module, modules: Modules, context: Environment, given: Given, filled: defaults.Defaults
    ) -> Root:
        possible = candidates(module)
        inputs = modules.inputs(module)
        name = environment_variable(module)
        if context.name and name:
            inputs[name] = named(context.name, possible.get(f"var.{name}"))
        for file in self._files(module, modules, context):
            inputs |= modules.given(file)
        inputs |= context.variables
        inputs |= given.values
        inputs |= {n: assigned(text, module.variables.get(n)) for n, text in given.texts.items()}
        return Root(module, modules, inputs, possible, filled, context.name, context.workspace)

    def _files(self, module: Module, modules: Modules, context: Environment) -> list[str]:
        """Files of values that belong to a context: those that the settings name, or one called after it."""
        if not context.name:
            return []
        start = f"{module.folder}/" if module.folder else ""
        if context.var_files:
            return [start + f for f in context.var_files]
        found = []
        for folder in _FOLDERS:
            names = (n for n in modules.names((start + folder).rstrip("/")) if n.endswith(".tfvars"))
            found += [n for n in names if alike(basename(n).removesuffix(".tfvars"), context.name)]
        return found[:1]


@contextmanager
def _deep() -> Iterator[None]:
    """Room for references that lead from one to the next: they are bounded, and Python's own limit comes too early."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _read(name: str, text: str) -> tuple[list[Parsed], list[Directive]]:
    """A file, a plan, or every block of a document that is Terraform, with the suppressions in its own comments."""
    if not is_markdown(name):
        return [parse(name, text) if is_terraform(name) else opened(name, text)], []
    lines = Lines(text)
    found = blocks(text)
    chunks = ((block, block.text(text)) for block in found if block.language == "hcl")
    parts = [parse(f"{name}/{block.name}", chunk, Excerpt(chunk, lines, block.start)) for block, chunk in chunks]
    return parts, list(remarked(text, lines, terraform=True, found=found))


def _known(source: str, version: str, arguments: Collection[str]) -> registry.Summary | None:
    return registry.find(source, version, shipped_directory(), arguments)


def given_by(settings: Settings) -> Given:
    """Values from `--var` and `--var-file`; raises UsageError for what is malformed or cannot be read."""
    texts: dict[str, str] = {}
    for assignment in settings.variables:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--var {assignment}: expected name=value")
        texts[name.strip()] = value
    found: dict[str, object] = {}
    for file in settings.var_files:
        text = load(Input(file, file)) if os.path.isfile(file) else NoText("unreadable", "does not exist")
        if not isinstance(text, str):
            raise UsageError(f"--var-file {file}: {text.message}")
        parsed = parse(file, text)
        if parsed.file.faults:
            fault = parsed.file.faults[0]
            line = parsed.lines.position(fault.offset)[0]
            raise UsageError(f"--var-file {file}:{line}: {fault.message}")
        found |= values(parsed.file)
    return Given(texts, found)
