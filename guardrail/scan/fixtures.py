"""Policies tested by their fixtures: markers `# expect: policy-id` say on which lines a finding must stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from re import compile as regex

from guardrail.catalog import settings_file
from guardrail.catalog.load import Catalog
from guardrail.formats.names import is_dockerfile
from guardrail.model.policy import Policy
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings

_MARKER = regex(r"(?:#|//) *expect: *(unknown +)?([a-z0-9-]+(?:, *[a-z0-9-]+)*)")
_SUFFIXES = {".yaml", ".yml", ".json", ".tf", ".tofu", ".tfvars", ".md"}
_UNRENDERED = ("not-rendered", "missing-dependency")
"""Problems that a chart has where helm, or what it depends on, is not there."""


def _is_source(path: FilePath) -> bool:
    return path.suffix in _SUFFIXES or is_dockerfile(path.name)


@dataclass(frozen=True, slots=True, order=True)
class Mismatch:
    """What a fixture shows to be wrong: `file:line`, and a sentence."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Case:
    """A bad or good file, or a folder of files that are judged together."""

    policy: Policy
    path: FilePath

    @property
    def bad(self) -> bool:
        """Whether findings are wanted at all."""
        return self.path.name.startswith("bad")

    @property
    def files(self) -> list[FilePath]:
        """The files whose markers count."""
        if self.path.is_file():
            return [self.path]
        return sorted(f for f in self.path.rglob("*") if _is_source(f) and not f.name.startswith(".guardrail"))


def folders(policy: Policy) -> list[FilePath]:
    """Where a policy's fixtures may lie: at the mirrored path below `fixtures/`, or beside the policy."""
    file = FilePath(policy.origin)
    beside = [file.parent / "fixtures" / policy.id, file.parent / policy.id]
    parts = file.parts
    if "policies" not in parts:
        return beside
    at = len(parts) - 1 - parts[::-1].index("policies")
    mirrored = FilePath(*parts[:at], "fixtures", *parts[at + 1 : -1], policy.id)
    return [mirrored, *beside]


def cases(policy: Policy) -> Iterator[Case]:
    """Every case of a policy."""
    for folder in folders(policy):
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                named = path.name.startswith(("bad", "good", "fixed"))
                if named and (path.is_dir() or _is_source(path)):
                    yield Case(policy, path)


def settings_of(case: Case, base: Settings) -> Settings:
    """The settings a case asks for, by a settings file in it or beside it; else `base`."""
    for folder in (case.path, case.path.parent):
        for name in settings_file.NAMES:
            if (folder / name).is_file():
                found = settings_file.read(folder / name)
                return replace(found, profile=base.profile, select=base.select)
    return base


def judge(case: Case, catalog: Catalog, base: Settings) -> Report:
    """The report on a case under `base` and the case's own settings."""
    return Run(settings_of(case, base), catalog, (str(case.path),), today="2026-01-01", in_context=False).report()


def check(policy: Policy, catalog: Catalog) -> list[Mismatch]:
    """Everything a policy's fixtures show to be wrong, in order."""
    found = list(cases(policy))
    wrong = [
        Mismatch(policy.place, f"policy {policy.id} has no {kind} fixture")
        for kind in ("bad", "good")
        if not any(case.path.name.startswith(kind) for case in found)
    ]
    only = Settings(profile="none", select=(policy.id,))
    for case in found:
        wrong.extend(_mismatches(case, judge(case, catalog, only)))
    return sorted(wrong)


def _mismatches(case: Case, report: Report) -> Iterator[Mismatch]:
    id_ = case.policy.id
    wanted = {m for file in case.files for m in _markers(file, id_)}
    shown = FilePath(report.root)
    hits = {(str(shown / f.location.file), f.location.span.line, False) for f in report.live}
    hits |= {(str(shown / u.location.file), u.location.span.line, True) for u in report.unknowns}
    for file, line, unknown in wanted - hits:
        word = "an unknown" if unknown else "a finding"
        yield Mismatch(f"{file}:{line}", f"expected {word} of {id_}, got none")
    for file, line, unknown in hits - wanted:
        word = "unknown" if unknown else "finding"
        yield Mismatch(f"{file}:{line}", f"unexpected {word} of {id_}")
    if case.bad and not wanted:
        yield Mismatch(str(case.path), f"no line is marked '# expect: {id_}'")
    of_chart = case.policy.match.type.startswith("helm-")  # judged as it stands, whether helm is there or not
    for problem in report.problems:
        if of_chart and problem.code in _UNRENDERED:
            continue
        place = f"{shown / problem.location.file}:{problem.location.span.line}"
        yield Mismatch(place, problem.message)


def _markers(file: FilePath, policy_id: str) -> Iterator[tuple[str, int, bool]]:
    """File, line and whether an unknown is meant, for each marker that names the policy."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    apart = is_dockerfile(file.name)  # no comment may follow an instruction there: a line of its own is of the next one
    for number, line in enumerate(lines, 1):
        for unknown, names in _MARKER.findall(line):
            if policy_id in names.replace(" ", "").split(","):
                yield str(file.resolve()), _next_content(lines, number) if apart else number, bool(unknown)


def _next_content(lines: list[str], number: int) -> int:
    """The first line from a number on that is neither empty nor a comment; the number itself without any."""
    rest = enumerate(lines[number - 1 :], number)
    return next((n for n, text in rest if text.strip()[:1] not in ("", "#")), number)


def orphans(policies: Iterable[Policy]) -> Iterator[Mismatch]:
    """Fixture folders that belong to no policy."""
    known = {str(folder) for policy in policies for folder in folders(policy)}
    for root in sorted({r for policy in policies for r in _fixture_roots(policy)}):
        for folder in sorted(root.rglob("*")):
            if folder.is_dir() and str(folder) not in known and _holds_cases(folder):
                yield Mismatch(str(folder), "a fixture without a policy")


def _fixture_roots(policy: Policy) -> Iterator[FilePath]:
    for folder in folders(policy)[:-1]:
        if folder.parent.is_dir():
            yield folder.parent


def _holds_cases(folder: FilePath) -> bool:
    direct = any(f.name.startswith(("bad", "good")) for f in folder.iterdir())
    return direct and not folder.name.startswith(("bad", "good", "fixed"))
