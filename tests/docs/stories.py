"""The documents' examples as stories: files that are written to a repository, and commands whose output is told.

A block of a file follows `<!-- file NAME -->`; with `<!-- repository; file NAME -->` a new, empty repository begins;
`<!-- repository; needs helm; file NAME -->` is a story for which a tool must be on the PATH or in GUARDRAIL_HELM. A
block of `console` holds `$ guardrail …` and what it prints, where a line `...` stands for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

WORLD = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
"""The checkout is what is run, whatever is installed."""

_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*?) -->\n)?(?P<fence>`{3,})(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """A fenced block: its language, its text, what the comment before it says, and the line it begins on."""

    language: str
    text: str
    mark: str
    line: int


class Story(NamedTuple):
    """Blocks that belong to one repository, in the order of the document."""

    name: str
    blocks: tuple[Block, ...]

    @property
    def needs(self) -> str:
        """The tool without which it cannot be told; empty for none."""
        found = re.search(r"needs (\w+);", self.blocks[0].mark)
        return found[1] if found else ""


def where(tool: str) -> str:
    """The path of a tool: as its variable says, else on the PATH; empty where it is nowhere."""
    return os.environ.get(f"GUARDRAIL_{tool.upper()}", "") or shutil.which(tool) or ""


def blocks(document: Path) -> Iterator[Block]:
    """Every fenced block of a document."""
    text = document.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(found["language"], found["text"], found["mark"] or "", line)


def stories(document: Path) -> Iterator[Story]:
    """The stories of a document; blocks before the first repository belong to none."""
    told: list[Block] = []
    for block in blocks(document):
        if block.mark.startswith("repository"):
            yield from _story(document, told)
            told = [block]
        elif told:
            told.append(block)
    yield from _story(document, told)


def _story(document: Path, told: list[Block]) -> Iterator[Story]:
    if told:
        yield Story(f"{document.name}:{told[0].line}", tuple(told))


def play(story: Story, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Write the files of a story, run its commands; of each the line, what is told and what is printed."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True, timeout=60)
    for block in story.blocks:
        _, _, file = block.mark.rpartition("file ")
        if file:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for line, told in _commands(block.text):
                yield line, told, _run(line, folder, where(story.needs) if story.needs else "")


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, told = part.partition("\n")
        yield line, told


def _run(line: str, folder: Path, tool: str) -> str:
    import shlex

    name, *arguments = shlex.split(line)
    assert name == "guardrail", line
    command = [sys.executable, "-m", "guardrail.cli.main", *arguments]
    world = {**WORLD, "PATH": os.pathsep.join((os.path.dirname(tool), WORLD["PATH"]))} if tool else WORLD
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=world, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def tells(told: str, printed: str) -> bool:
    """Whether a text is what was printed: exactly, but for `...`, for time and for the number of policies there are."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lasting(told).splitlines()
    )
    return re.fullmatch(pattern, lasting(printed)) is not None


def lasting(text: str) -> str:
    """Output without what changes from run to run, and with every policy that is added."""
    text = re.sub(r"  \(\d+\.\d+ s\)\n$", "\n", text)
    return re.sub(r"\d+ of \d+ policies", "N of M policies", text)
