"""What a script writes to the files that GitHub reads after a step: outputs, environment, path.

Recognised line by line, in any shell: `echo "name=value" >> "$GITHUB_OUTPUT"`, `… | tee -a`, groups in braces,
here-documents, `Add-Content $env:GITHUB_ENV`, and the older `::set-output name=x::value` (workflow commands).
"""

from __future__ import annotations

from collections.abc import Iterator
from re import IGNORECASE, Pattern
from re import compile as regex
from typing import NamedTuple

_VARIABLE = regex(
    r"\$env:(?P<power>\w+)|\$\{(?P<braced>[A-Za-z_]\w*)[^}]*\}|\$(?P<plain>[A-Za-z_]\w*)|%(?P<batch>[A-Za-z_]\w*)%"
    r"|(?P<run>\$\(|`[^`]+`|\$\{\{.*?\}\}|\$[\d@*]|\$\{\d)"
)
OWN = frozenset("HOME PWD PATH RANDOM RUNNER_OS RUNNER_ARCH RUNNER_TEMP CI SECONDS LINENO UID HOSTNAME USER".split())
"""Variables that a runner or a shell sets, and nobody outside."""

_LONGEST = 20_000
_HERE = regex(r"(?<!<)<<-?\s*(['\"\\]?)(\w+)")


def _target(file: str) -> Pattern[str]:
    shells = rf"\$(?:env:|\{{(?:env:)?)?GITHUB_{file}\b|%GITHUB_{file}%"
    return regex(rf"{shells}|\$\{{\{{\s*github\.{file}\s*\}}\}}", IGNORECASE)


_FILES = {file: _target(file) for file in ("ENV", "PATH", "OUTPUT", "STATE")}


class Write(NamedTuple):
    """Text that goes to one of the files: `line` as it stands in the script, `text` the part that is written."""

    file: str
    line: str
    text: str


def written(script: str, output: str, file: str = "OUTPUT") -> list[tuple[str, str]]:
    """The lines that set an output, or with `ENV` a variable, each with the value as written."""
    found: list[tuple[str, str]] = []
    name = regex(rf"(?:^|[\s\"'`;]){_escaped(output)}=(.*)|::set-output name={_escaped(output)}::(.*)", IGNORECASE)
    if not _FILES[file].search(script) and (file != "OUTPUT" or "::set-output" not in script):
        return found
    for line in script[:_LONGEST].splitlines():
        match = name.search(line) if not line.lstrip().startswith("#") else None
        if match:
            found.append((line.strip(), _before_target(match[1] or match[2] or "").strip()))
    return found


def _escaped(name: str) -> str:
    return "".join(c if c.isalnum() or c == "_" else f"\\{c}" for c in name)


def _before_target(text: str) -> str:
    """A written value without the redirection behind it."""
    return text.partition(">>")[0]


def variables(text: str) -> Iterator[str | None]:
    """Names of the variables in a piece of a script; None for a command's output or an argument."""
    for match in _VARIABLE.finditer(text):
        if match["run"]:
            if not match["run"].startswith("${{"):
                yield None
        else:
            yield match["power"] or match["braced"] or match["plain"] or match["batch"]


def writes(script: str, files: tuple[str, ...]) -> Iterator[Write]:
    """Everything a script writes to some of the files, line by line; a group in braces is taken apart."""
    lines = script[:_LONGEST].replace("\\\n", "  ").splitlines()
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            continue
        for file in files:
            match = _FILES[file].search(line)
            if not match or not _writing(line[: match.start()], line):
                continue
            if line.lstrip().startswith(("}", ")")):
                yield from (Write(file, inner.strip(), inner) for inner in _group(lines, number))
            elif _HERE.search(line):
                yield from (Write(file, inner.strip(), inner) for inner in _document(lines, number))
            else:
                yield Write(file, line.strip(), line[: match.start()] + line[match.end() :])


def _writing(before: str, line: str) -> bool:
    return bool(regex(r">>?\s*[\"']?\Z|\btee\b").search(before)) or bool(
        regex(r"(?i)\b(?:add-content|out-file|set-content)\b").search(line)
    )


def _group(lines: list[str], end: int) -> list[str]:
    """The lines of `{ … } >> file`, whose last one is `lines[end]`."""
    start = next((i for i in range(end - 1, -1, -1) if lines[i].lstrip().startswith(("{", "("))), end)
    return lines[start + 1 : end]


def _document(lines: list[str], start: int) -> list[str]:
    """The lines of the here-document that `lines[start]` opens; none if its text is taken literally."""
    match = _HERE.search(lines[start])
    if not match or match[1]:
        return []
    end = next((i for i in range(start + 1, len(lines)) if lines[i].strip() == match[2]), len(lines))
    return lines[start + 1 : end]
