"""Artifacts of another run: steps that fetch them, and what is done with them afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import normpath

from guardrail.actions.uses import Uses

_INTERPRETERS = frozenset("sh bash zsh python python3 node ruby perl php pwsh source .".split())
_BUILDERS = frozenset(
    "make cmake pnpm yarn pytest tox nox mvn mvnw gradle gradlew bundle rake ansible-playbook just task jest".split()
)
_VERBS = {
    "bun": frozenset("install run test build".split()),
    "cargo": frozenset("build test run bench check clippy publish".split()),
    "composer": frozenset("install update run test".split()),
    "docker": frozenset("build buildx compose".split()),
    "dotnet": frozenset("build test run publish pack restore".split()),
    "go": frozenset("build test run generate vet".split()),
    "npm": frozenset("ci run test t start publish pack run-script".split()),
    "pip": frozenset({"install"}),
    "pip3": frozenset({"install"}),
    "poetry": frozenset("install build run publish".split()),
    "terraform": frozenset("init plan apply validate".split()),
}
"""Commands that run what the files around them say, by their first word."""

_OUTSIDE = ("runner.temp", "runner_temp", "/tmp", "$runner_temp")


def fetched_to(uses: Uses, given: Mapping[str, object], named: str = "workflow_run") -> str | None:
    """The folder that a step unpacks an artifact of the run behind `workflow_run` to; None if it fetches none.

    `actions/download-artifact` takes those of its own run unless `run-id` names another; dawidd6's action always takes
    those of another. Without `path` both unpack to the workspace (README of each).
    """
    run = str(given.get("run-id") or given.get("run_id") or "")
    if uses.name == "actions/download-artifact":
        fetches = f"github.event.{named}.id" in run
    else:
        fetches = uses.name in ("dawidd6/action-download-artifact", "aochmann/actions-download-artifact")
    return str(given.get("path") or ".") if fetches else None


def fetched_by(words: Sequence[str]) -> str | None:
    """The folder that `gh run download` unpacks to, if it is told the run behind `workflow_run`."""
    if tuple(words[:3]) != ("gh", "run", "download"):
        return None
    for option in ("-D", "--dir"):
        if option in words[:-1]:
            return words[list(words).index(option) + 1]
    return "."


def is_inside(folder: str) -> bool:
    """Whether a folder is the workspace itself, where an artifact can replace any file that is run later."""
    plain = folder.lower().replace("${{ github.workspace }}", ".").replace("$github_workspace", ".")
    return not any(sign in plain for sign in _OUTSIDE) and "${{" not in plain and normpath(plain) in (".", "./")


def runs_files(words: Sequence[str], folder: str) -> bool:
    """Whether a command runs files that an artifact may have brought: any of the workspace, or those of its folder."""
    if not words or "--version" in words:
        return False
    head = words[0].rpartition("/")[2]
    operands = [word for word in words[1:] if not word.startswith("-")]
    coded = bool({"-c", "-e", "-m", "-p"} & set(words[1:3]))
    first = operands[0] if operands and not coded else ""
    if not is_inside(folder):
        place = normpath(folder)
        named = first if head in _INTERPRETERS else words[0]
        return named.removeprefix("./").startswith(f"{place}/")
    if head in _INTERPRETERS:
        return bool(first) and not first.startswith(("/", "$", "<"))
    if head in ("pip", "pip3"):
        return bool({"-r", "--requirement", ".", "-e"} & set(words))
    if head == "npm" and first in ("install", "i"):
        return len(operands) == 1 and "-g" not in words
    return words[0].startswith("./") or head in _BUILDERS or first in _VERBS.get(head, ())
