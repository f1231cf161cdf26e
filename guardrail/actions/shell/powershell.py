"""Scripts of PowerShell: which commands they run, and which failures count.

GitHub puts `$ErrorActionPreference = 'stop'` before the script and `exit $LASTEXITCODE` behind it (github/docs,
workflow-syntax, "Exit codes and error action preference"). A cmdlet's error therefore ends the script, a program's
does not: its status is kept in $LASTEXITCODE until the next program ends, unless
`$PSNativeCommandUseErrorActionPreference` is true (about_Preference_Variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile

from guardrail.actions.shell.command import Command, excerpt
from guardrail.actions.shell.found import Found
from guardrail.actions.shell.statements import KEYWORD, Statement, statements

_ASSIGNED = re.compile(r"(?:\[[\w.\[\]]+\]\s*)*\$(?:\{[^}]*\}|[\w:]+)[\w.\[\]'\"]*\s*[-+*/%]?=(?!=)\s*")
_ENVIRONMENT = re.compile(r"\$(?:env:(\w+)|\{env:(\w+)\})", re.IGNORECASE)
_HOLE = r"\$\{\{(?:[^'}]|'[^']{0,400}'|\}(?!\})){0,400}\}\}"
_WORD = re.compile(rf"(?:'(?:[^']|'')*'|\"(?:[^\"`]|`.|\"\")*\"|`.|{_HOLE}|[^\s'\"`])+", re.DOTALL)
_BLOCKS = re.compile(r"\s*`\n|<#.*?#>", re.DOTALL)
_CMDLET = re.compile(
    r"(?:add|clear|compare|compress|connect|convert|convertfrom|convertto|copy|disable|disconnect|enable|enter|exit|"
    r"expand|export|find|foreach|format|get|group|import|initialize|install|invoke|join|measure|move|new|out|pop|"
    r"publish|push|read|receive|register|remove|rename|resolve|restart|save|select|send|set|show|sort|split|start|stop|"
    r"suspend|tee|test|unblock|uninstall|unregister|update|wait|where|write)-[a-z]+\Z",
    re.IGNORECASE,
)
_BUILTIN = frozenset(
    "cd cp mv rm del dir ls cat echo md mkdir rmdir sleep ni ri sl iwr irm iex write type exit throw return".split()
)
_FAILS = re.compile(
    r"\bthrow\b|\bexit\s+(?:[1-9]|\$)|\[Environment\]::Exit\(\s*(?:[1-9]|\$)|\bWrite-Error\b", re.IGNORECASE
)
_ENDS = re.compile(r"^\s*exit\s+0\s*$", re.MULTILINE | re.IGNORECASE)
_QUIET = re.compile(r"-(?:ErrorAction|EA)[\s:]+'?(?:SilentlyContinue|Ignore|Continue)", re.IGNORECASE)
_ASKS = re.compile(r"\$LASTEXITCODE|\$\?", re.IGNORECASE)
_STRICT = re.compile(r"\$PSNativeCommandUseErrorActionPreference\s*=\s*\$true", re.IGNORECASE)


def powershell(text: str, values: Mapping[str, str]) -> list[Found]:
    """The commands of a script; what cannot be split is one opaque command. Never raises."""
    known = {name.lower(): value for name, value in values.items() if "." not in name}
    read, rest = statements(text)
    found = _judged(text, [*_commands(text, read, known)])
    if rest >= 0:
        words = tuple(text[rest : rest + 500].split()[:1])
        opaque = "it cannot be split into commands: a quote or bracket is not closed, or it is too long"
        found.append(Found(Command(words, excerpt(text[rest:], 200), 0, 0, opaque=opaque), rest, len(text) - rest))
    return found


def _commands(text: str, read: list[Statement], known: Mapping[str, str]) -> Iterator[Found]:
    for one in read:
        for start, end, joined in one.parts:
            raw = text[start : min(end, start + 4000)]
            body = raw.lstrip(" \t\n\r}")
            at = start + len(raw) - len(body)
            body = _BLOCKS.sub(" ", _ASSIGNED.sub("", body, count=1)).strip()
            called = body[:2] in ("& ", ". ") or body[:2] in ('&"', "&'")
            body = body[1:].lstrip() if called else body
            if not _runs(body, called):
                continue
            words = tuple(_word(raw, known) for raw in takewhile(_is_code, _WORD.findall(body)))
            if words:
                # What joins it to the next stands in `masked` until its fate is judged.
                command = Command(words, excerpt(body, 300), 0, 0, joined, piped=joined == "|", guard=one.guard)
                yield Found(command, at, max(end - at, 0))


def _is_code(raw: str) -> bool:
    """Whether a word does not begin a comment."""
    return not raw.startswith("#")


def _runs(body: str, called: bool) -> bool:
    """Whether a statement is a command and no expression; behind `&` a string or variable names one."""
    if not body or KEYWORD.match(body):
        return False
    if body[0] in "\"'$":
        return called or body.startswith("${{")
    return body[0] not in "[@(0123456789-+!#<,)"


def _word(raw: str, known: Mapping[str, str]) -> str:
    """A word without its quotes, with what is known of the environment put in."""
    if len(raw) > 1 and raw[0] == raw[-1] == "'":
        return raw[1:-1].replace("''", "'")
    if len(raw) > 1 and raw[0] == raw[-1] == '"':
        raw = raw[1:-1]
    found = _ENVIRONMENT.sub(lambda m: known.get((m.group(1) or m.group(2)).lower(), m.group()), raw)
    return re.sub(r"`(.)", r"\1", found)


def _judged(text: str, found: list[Found]) -> list[Found]:
    """Each command with why its failure does not count."""
    strict = _STRICT.search(text)
    done: list[Found] = []
    native: Found | None = None
    for i in range(len(found) - 1, -1, -1):
        one, after = found[i], found[i + 1] if i + 1 < len(found) else None
        joined = one.command.masked
        if joined == "||" and after is not None:
            reason = "" if _FAILS.search(after.command.text) else f"`|| {excerpt(after.command.text, 40)}` follows"
        elif not is_program(one.command.head):
            reason = "-ErrorAction makes it go on" if _QUIET.search(one.command.text) else ""
        elif strict and strict.start() < one.at:
            reason = ""
        else:
            reason = _forgotten(text[one.at + one.length : native.at if native else len(text)][:4000], native)
        native = one if is_program(one.command.head) else native
        done.append(one._replace(command=one.command._replace(masked=reason)))
    return done[::-1]


def _forgotten(between: str, following: Found | None) -> str:
    """Why a program's status is lost: nobody asks for it before the next program ends."""
    if _ASKS.search(between) and _FAILS.search(between):
        return ""
    if _ENDS.search(between):
        return "`exit 0` follows"
    if following is not None:
        return f"PowerShell goes on when a program fails, and `{excerpt(following.command.text, 40)}` decides"
    return ""


def is_program(head: str) -> bool:
    """Whether a command is a program and no cmdlet, alias or keyword."""
    name = head.lower()
    return not (_CMDLET.match(name) or name in _BUILTIN or name.startswith(("$env:", "$_")))
