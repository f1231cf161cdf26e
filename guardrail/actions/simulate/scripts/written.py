"""What a script writes to `GITHUB_OUTPUT` and `GITHUB_ENV`, as far as that is `echo name=value >> $GITHUB_OUTPUT`.

Source: github/docs, workflow commands, "Setting an output parameter" and "Setting an environment variable".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from guardrail.actions.shell.tree import Case, Commands, Function, Group, If, Loop, Node, Redirect, Script, Simple
from guardrail.actions.simulate.scripts.words import Words

CHANNELS = ("GITHUB_OUTPUT", "GITHUB_ENV")

Written: TypeAlias = "Mapping[str, str | None] | None"
"""Values by name, None where one is not known; None instead of all of it where it is not known what was written."""

_NAME = re.compile(r"([A-Za-z_][\w-]*)=")


def write(node: Simple, words: Words) -> None:
    """Remember what a command writes to one of the channels; kept with the variables, so that ways can be compared."""
    for redirect in node.redirects:
        for channel in CHANNELS:
            if _aims(redirect, channel):
                name, value = _pair(node, words)
                words.variables[f"{channel} {name}"] = value


def _pair(node: Simple, words: Words) -> tuple[str, str | None]:
    """Name and value of `echo name=value`; no name where it is something else."""
    head = node.words[0].text() if node.words else ""
    rest = [w for w in node.words[1:] if w.text() not in ("-n", "-e")]
    if head != "echo" or not rest:
        return "", None
    named = _NAME.match(rest[0].text())
    if named is None:
        return "", None
    texts = [words.text(word) for word in rest]
    if None in texts:
        return named[1], None
    return named[1], " ".join(t for t in texts if t is not None).partition("=")[2]


def written(words: Words, text: str, script: Script, channel: str) -> Written:
    """What a script has written to a channel by its end; empty where a name was only written on another way.

    Not known as soon as a mention of the channel is anything but the target of an `echo`.
    """
    mentions = text.count(channel)
    if not mentions:
        return {}
    if script.rest >= 0 or "set-output" in text or "set-env" in text:
        return None
    pairs = [_pair(node, words)[0] for node in _simple(script.body) for r in node.redirects if _aims(r, channel)]
    if len(pairs) != mentions or "" in pairs:
        return None
    found = {name: words.variables.get(f"{channel} {name}", "") for name in pairs}
    return {name: value if isinstance(value, str) else None for name, value in found.items()}


def _aims(redirect: Redirect, channel: str) -> bool:
    target = redirect.target.text()
    return redirect.operator in (">>", ">") and target in (f"${channel}", f"${{{channel}}}")


def _simple(items: Commands) -> Iterator[Simple]:
    for item in items:
        for pipeline in item.pipelines:
            for node in pipeline.commands:
                yield from _within(node)


def _within(node: Node) -> Iterator[Simple]:
    if isinstance(node, Simple):
        yield node
    elif isinstance(node, If):
        for condition, body in node.branches:
            yield from _simple(condition)
            yield from _simple(body)
        yield from _simple(node.otherwise or ())
    elif isinstance(node, Case):
        for _, body in node.arms:
            yield from _simple(body)
    elif isinstance(node, Loop):
        yield from _simple(node.condition)
        yield from _simple(node.body)
    elif isinstance(node, Group | Function):
        yield from _simple(node.body)
