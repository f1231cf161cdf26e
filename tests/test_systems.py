"""Whole repositories under the standards of whoever runs them: every marker a finding, every finding a marker."""

from __future__ import annotations

from pathlib import Path
from re import compile as regex

import pytest

from guardrail.catalog import settings_file
from guardrail.catalog.load import Catalog, load
from guardrail.model.report import Report
from guardrail.scan.run import Run

PROJECT = Path(__file__).parents[1]
PAGES = PROJECT / "docs" / "systems"
SYSTEMS = sorted(p.parent for p in (PROJECT / "fixtures" / "systems").glob("*/.guardrail.yaml"))
BY_NAME = pytest.mark.parametrize("system", SYSTEMS, ids=[s.name for s in SYSTEMS])

MARKER = regex(r"# *expect: *(unknown +)?([a-z0-9-]+(?:, *[a-z0-9-]+)*)")
ALONE = regex(r"^\s*# *expect:")
NAMED = regex(r"`([a-z][a-z0-9]*(?:-[a-z0-9]+)+)`")
LINKED = regex(r"\]\(\.\./policies/([a-z0-9-]+)\.md\)")
SHOWN = regex(r"\]\(\.\./\.\./fixtures/systems/([a-z]+)/([^)#]+)#L([0-9]+)\)")
TOLD_ASIDE = frozenset({"not-rendered", "render-failed"})
"""Problems that are about this machine: without Helm no template is rendered, and none of them holds a fault."""


def catalogue(system: Path) -> Catalog:
    """The shipped policies and the standards that lie in the system's own folder."""
    settings = settings_file.read(system / ".guardrail.yaml")
    return load(tuple(system / path for path in settings.policy_paths))


def scanned(system: Path) -> Report:
    """The report on a system under its own settings."""
    settings = settings_file.read(system / ".guardrail.yaml")
    return Run(settings, catalogue(system), (str(system),), today="2026-01-01", in_context=False).report()


def marked(system: Path) -> set[tuple[str, int, str, bool]]:
    """File, line, policy, and whether an unknown is meant; a marker on a line of its own means the line after it."""
    found = set()
    for file in (f for f in system.rglob("*") if f.is_file()):
        lines = file.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            for unknown, names in MARKER.findall(line):
                at = number
                while at <= len(lines) and ALONE.match(lines[at - 1]):
                    at += 1
                found |= {(str(file.relative_to(system)), at, name, bool(unknown)) for name in names.split(", ")}
    return found


@BY_NAME
def test_findings(system: Path) -> None:
    report = scanned(system)
    root = Path(report.root)

    def inside(file: str) -> str:
        return str((root / file).relative_to(system))

    wanted = marked(system)
    hits = {(inside(f.location.file), f.location.span.line, f.policy.id, False) for f in report.live}
    unknown = {(inside(u.location.file), u.location.span.line, u.policy.id, True) for u in report.unknowns}
    assert sorted(hits - wanted) == [], "found, and not expected"
    assert sorted(wanted - hits - unknown) == [], "expected, and not found"
    assert [p.message for p in report.problems if p.code not in TOLD_ASIDE] == []


@BY_NAME
def test_most_of_it_is_right(system: Path) -> None:
    """A system is no list of faults: files without any, and not so few of them."""
    files = [f for f in system.rglob("*") if f.is_file() and f.suffix in {".yaml", ".yml", ".tf", ".md"}]
    faulty = {file for file, *_ in marked(system)}
    assert len(faulty) <= len(files) - 3
    assert 8 <= len(marked(system)) <= 40


@BY_NAME
def test_page(system: Path) -> None:
    """A system's page names policies that exist, and each one that its standards ask for or that finds something."""
    shipped, own = load().policies, catalogue(system)
    text = (PAGES / f"{system.name}.md").read_text(encoding="utf-8")
    linked = set(LINKED.findall(text))
    assert linked - set(shipped) == set(), "linked, and no policy"
    named = {n for n in NAMED.findall(text) if n in own.policies or n in linked}
    assert {n for n in named if n in shipped} == linked, "named without its link"
    gates = {id_: p for id_, p in own.policies.items() if id_ not in shipped}
    asked = {overridden for p in gates.values() for overridden in p.overrides}
    settings = settings_file.read(system / ".guardrail.yaml")
    asked |= set(settings.policies) | set(settings.select)
    asked |= {gates[name].overrides[0] if name in gates else name for _, _, name, _ in marked(system)}
    assert asked - linked == set(), "asked for, and not on the page"


def test_every_system_has_a_page() -> None:
    assert sorted(p.stem for p in PAGES.glob("*.md") if p.stem != "README") == [s.name for s in SYSTEMS]


@BY_NAME
def test_lines(system: Path) -> None:
    """A row of the page that shows a line of the fixture shows one that is marked with a policy of that row."""
    own, marks = catalogue(system), marked(system)
    at = {(file, line): set[str]() for file, line, *_ in marks}
    for file, line, name, _ in marks:
        at[file, line] |= {name, *(own.policies[name].overrides if name in own.policies else ())}
    shown = set()
    for row in (PAGES / f"{system.name}.md").read_text(encoding="utf-8").splitlines():
        asked = set(LINKED.findall(row))
        for name, file, number in SHOWN.findall(row):
            assert name == system.name
            assert at.get((file, int(number)), set()) & asked, f"{file}:{number} shows nothing of: {row}"
            shown |= at[file, int(number)]
    told = {own.policies[name].overrides[0] if own.policies[name].overrides else name for _, _, name, _ in marks}
    assert told - shown == set(), "marked, and shown in no row"
