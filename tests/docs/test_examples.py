"""Documents cannot lie: every example in them is run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from guardrail.actions.uses import Uses
from guardrail.catalog import settings_file
from guardrail.catalog.load import load
from guardrail.catalog.select import Selected
from guardrail.cli.main import COMMANDS
from guardrail.engine.compile import NEWEST_MINOR, compile_policy
from guardrail.engine.suppress import from_comment
from guardrail.formats.nodes import Lines
from guardrail.formats.yaml_text import Unreadable, read
from guardrail.model.place import Span
from guardrail.model.report import Hit, Undecided
from guardrail.reporters import FORMATS
from guardrail.views.admission import OPERATIONS
from guardrail.views.items import Item
from guardrail.views.roots import ROOTS
from tests.docs.stories import Story, lasting, play, stories, tells, where

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRITING = (ROOT / "docs" / "writing-policies.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
STORIES = [story for document in DOCUMENTS for story in stories(document)]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_the_output_in_the_readme_is_the_output() -> None:
    line = re.search(r"<!-- run -->\n```sh\n(.*?)\n```", README)
    assert line
    arguments = line.group(1).rpartition(".venv/bin/guardrail ")[2].split()
    command = [sys.executable, "-m", "guardrail.cli.main", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == 1
    assert lasting(done.stdout) == lasting(blocks(README, "text")[0])


def test_settings_in_the_readme(tmp_path: Path) -> None:
    (text,) = [b for b in blocks(README, "yaml") if b.startswith("profile:")]
    file = tmp_path / ".guardrail.yaml"
    file.write_text(text)
    assert settings_file.read(file).kubernetes_version == "1.34"


def test_commands_and_formats_in_the_documents_exist() -> None:
    for document in DOCUMENTS:
        for name in re.findall(r"`guardrail ([a-z]+)", document.read_text(encoding="utf-8")):
            assert name in COMMANDS
    for name in re.search(r"`-f ([a-z|]+)`", README).group(1).split("|"):  # type: ignore[union-attr]
        assert name in FORMATS


def test_hooks_in_the_readme_exist() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    for name in re.findall(r"^ +- id: ([\w-]+)$", README, re.MULTILINE):
        assert f"- id: {name}\n" in hooks


def test_the_first_policy_in_the_guide_is_one(tmp_path: Path) -> None:
    text = next(b for b in blocks(WRITING, "yaml") if b.startswith("guardrail: 1"))
    text = text.replace("id: privilege-escalation-allowed", "id: an-example")
    (tmp_path / "p.yaml").write_text(text)
    policy = load((tmp_path,)).policy("an-example")
    compile_policy(Selected(policy, policy.severity, {}, True), NEWEST_MINOR)


def test_every_operator_is_in_the_guide() -> None:
    from guardrail.engine.structural import OPERATORS

    assert [o for o in OPERATORS if f"`{o}" not in WRITING] == []


def test_the_check_in_the_guide_is_one() -> None:
    (text,) = blocks(WRITING, "python")
    names: dict[str, Any] = {"Item": Item, "Hit": Hit, "Undecided": Undecided, "Mapping": Mapping, "Iterator": Iterator}
    exec(text, names | {"Any": Any}, names)
    repository = SimpleNamespace(names=lambda folder: ("docs/", "README.md"))
    item = Item(None, (), {"repository": repository}, {})  # type: ignore[arg-type]
    assert list(names["folder_missing"](item, {"folder": "docs"})) == []
    assert list(names["folder_missing"](item, {"folder": "tests"})) == [Hit((), "the repository has no folder tests")]


@pytest.mark.parametrize("kind", ["kubernetes", "workflow", "dependabot", "pre-commit"])
def test_every_name_that_is_bound_is_in_the_guide(kind: str) -> None:
    for each, names in ROOTS[kind].items():
        if each not in OPERATIONS:
            assert f"`{each}`" in WRITING
            assert [name for name in names if f"`{name}`" not in WRITING] == []


def test_every_part_of_a_use_is_in_the_guide() -> None:
    assert [name for name in (*Uses._fields, "name") if f"`{name}`" not in WRITING] == []


ARCHITECTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_every_room_is_in_the_plan_of_the_house() -> None:
    rooms = [p.stem for p in (ROOT / "guardrail").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()]
    table = ARCHITECTURE.partition("| room |")[2].partition("\n\n")[0]
    assert [room for room in rooms if f"`{room}`" not in table and room != "__init__"] == []


PLACES = re.findall(r"`([a-z_]+\.[a-z_]+)`", ARCHITECTURE.partition("| place |")[2].partition("\n\n")[0])


@pytest.mark.parametrize("place", PLACES)
def test_places_in_the_plan_of_the_house_exist(place: str) -> None:
    found = ROOT / "guardrail" / place.replace(".", "/")
    assert found.is_dir() or found.with_suffix(".py").is_file()


def test_every_dependency_has_a_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = ARCHITECTURE.partition("## Dependencies")[2]
    for package in (re.split(r"[<>=]", text)[0] for text in project["dependencies"]):
        assert re.search(rf"^\| .*\b{re.escape(package)}\b", reasons, re.MULTILINE), package


LINKS = [
    (file, target)
    for file in DOCUMENTS
    for target in re.findall(r"\]\(((?!http)[^)#]+)", file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("file", "target"), LINKS, ids=[f"{f.name}-{t}" for f, t in LINKS])
def test_links_in_the_documents_lead_somewhere(file: Path, target: str) -> None:
    assert (file.parent / target).exists()


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_what_the_documents_tell_is_what_happens(story: Story, tmp_path: Path) -> None:
    if story.needs and not where(story.needs):
        pytest.skip(f"{story.needs} is not here: set GUARDRAIL_{story.needs.upper()} or put it on the PATH")
    for line, told, printed in play(story, tmp_path):
        assert tells(told, printed), f"$ {line}\n{printed}"


def test_a_story_that_tells_something_else_is_found_out() -> None:
    assert tells("one\n...\nfour\n", "one\ntwo\nthree\nfour\n")
    assert tells("passes\n", "passes  (0.41 s)\n")
    assert not tells("one\n...\nfour\n", "one\ntwo\nfour\nfive\n")
    assert not tells("one\n", "one\ntwo\n")


SNIPPETS = [
    (file.name, i, text) for file in DOCUMENTS for i, text in enumerate(blocks(file.read_text("utf-8"), "yaml"))
]


@pytest.mark.parametrize(("name", "number", "text"), SNIPPETS, ids=[f"{n}-{i}" for n, i, _ in SNIPPETS])
def test_every_yaml_snippet_can_be_read(name: str, number: int, text: str) -> None:
    parsed = list(read(text, Lines(text)))
    assert parsed
    assert not any(isinstance(p, Unreadable) for p in parsed)


def test_the_suppression_in_the_readme_is_one() -> None:
    (text,) = [b for b in blocks(README, "yaml") if "guardrail: ignore[" in b]
    (found,) = from_comment(text, (1, 1), (1, 1), Span(1, 1, 1, 1))
    assert found.names == ("run-as-root",)
    assert found.names[0] in load().policies
    assert (found.reason, found.until, found.owner) == ("reads host files", "2027-06-30", "platform")
