"""Who decides on a command's output: `curl … | grep ok`, `status=$(curl …)` that a later test looks at."""

from __future__ import annotations

from guardrail.actions.shell.amends import failing_test
from guardrail.actions.shell.command import excerpt
from guardrail.actions.shell.fate import Frame, Surroundings, fate
from guardrail.actions.shell.outcome import TESTS
from guardrail.actions.shell.tree import AndOr, If, Node, Pipeline, Simple

_JUDGES = frozenset({"grep", "egrep", "fgrep", "rg", "jq", "test", "["})


def judge(frame: Frame | None, script: Surroundings) -> str:
    """What looks at a command's output so that the script can fail because of it; empty when nothing does.

    The frame is the command's innermost. Only what can fail the script because of it counts.
    """
    while frame is not None:
        if frame.kind == "pipe" and isinstance(frame.node, Pipeline):
            for part, node in enumerate(frame.node.commands[frame.part + 1 : frame.part + 20], frame.part + 1):
                if _head(node) in _JUDGES and not fate(frame._replace(part=part), node.start, frame.options, script):
                    return f"`{excerpt(script.text[node.start : node.end], 40)}` looks at its output"
        elif frame.kind == "substitution" and isinstance(frame.node, Simple):
            return _captured(frame, frame.node, frame.outside or script)
        elif frame.kind not in ("list", "and-or", "group"):
            return ""
        frame = frame.up
    return ""


def _head(node: Node) -> str:
    return node.words[0].text() if isinstance(node, Simple) and node.words else ""


def _captured(frame: Frame, node: Simple, script: Surroundings) -> str:
    """The command stands in `$( )`: of a test, or of an assignment whose variable is tested later."""
    head = _head(node)
    if head in TESTS or head.startswith(("[[", "((")):
        return "a test looks at its output" if _matters(frame, script) else ""
    names = {word.text().partition("=")[0].rstrip("+") for word in (*node.assignments[:20], *node.words[1:20])}
    if not node.words or head in ("export", "local", "declare", "readonly"):
        made = sorted(name for name in names if script.amends.made({name}, node.start))
        return f"a later test looks at ${made[0]}" if made else ""
    return ""


def _matters(frame: Frame, script: Surroundings) -> bool:
    """Whether a test can fail the script: by `-e`, `|| exit 1`, or a branch of the `if` around it."""
    up = frame.up
    while up is not None:
        if isinstance(up.node, If):
            return failing_test(up.node, script.outcomes)
        if isinstance(up.node, AndOr) and up.node.operators:
            return failing_test(up.node, script.outcomes)
        if up.kind == "list":
            return up.options.errexit
        up = up.up
    return False
