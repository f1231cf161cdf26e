"""Runs a composite action the way GitHub does, without GitHub, and is stricter where GitHub is lax.

Stricter: an expression outside the small language below, a reference to an input, step or output
that does not exist, an unknown key, and a step that writes GITHUB_ENV or GITHUB_PATH are errors.
GitHub turns most of these into an empty string, and so a typo into a gate that never shuts.

The one seam: `replace` maps a step id to outputs that stand in for running it (tests replace the
installation by an environment that is already there). Steps with `uses` are recorded, not run.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

STEP_KEYS = {"name", "id", "if", "shell", "env", "run", "uses", "with", "continue-on-error"}
STATUS = re.compile(r"\b(always|success|failure|cancelled)\s*\(")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)"
    r"|(?P<op>==|!=|&&|\|\||[!()])|(?P<bad>\S))"
)


class CompositeError(Exception):
    """The action asks for something that is not there, or that this runner does not know."""


@dataclass
class Step:
    """How one step went. `outcome` is what it did, `conclusion` what counts (continue-on-error)."""

    name: str
    outcome: str
    conclusion: str
    outputs: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)  # `with` of a step that `uses`
    uses: str = ""
    log: str = ""
    summary: str = ""


@dataclass
class Result:
    """How the action went; steps by name, in order."""

    steps: dict[str, Step]
    outputs: dict[str, str]

    @property
    def failed(self) -> str:
        """Name of the first step that failed the action, or nothing."""
        return next((n for n, s in self.steps.items() if s.conclusion == "failure"), "")

    @property
    def log(self) -> str:
        """Everything the steps printed."""
        return "".join(step.log for step in self.steps.values())


@dataclass
class Composite:
    """An action and the world it runs in."""

    action: Path
    workspace: Path
    temp: Path
    github: Mapping[str, Any]
    replace: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    failing: Sequence[str] = ()  # `uses` steps, by name, that shall fail
    inputs: dict[str, str] = field(default_factory=dict)
    done: dict[str, Step] = field(default_factory=dict)  # by step id
    order: dict[str, Step] = field(default_factory=dict)  # by step name

    def run(self, inputs: Mapping[str, str] | None = None) -> Result:
        """Run the steps in order and resolve the outputs."""
        text = yaml.safe_load((self.action / "action.yml").read_text())
        declared = text["inputs"]
        if stray := set(inputs or {}) - set(declared):
            raise CompositeError(f"unknown inputs: {sorted(stray)}")
        self.inputs = {name: str(spec.get("default", "")) for name, spec in declared.items()}
        self.inputs |= inputs or {}
        for step in text["runs"]["steps"]:
            self.step(step)
        return Result(self.order, {k: self.text(spec["value"]) for k, spec in text["outputs"].items()})

    # -- steps

    def step(self, spec: Mapping[str, Any]) -> None:
        """Run, record or skip one step."""
        name = spec.get("name", spec.get("id", ""))
        if stray := set(spec) - STEP_KEYS:
            raise CompositeError(f"step {name!r}: unknown keys {sorted(stray)}")
        if ("run" in spec) == ("uses" in spec) or ("run" in spec) != ("shell" in spec):
            raise CompositeError(f"step {name!r}: either run and shell, or uses")
        if EXPRESSION.search(spec.get("run", "")):
            raise CompositeError(f"step {name!r}: an expression inside run")
        # Resolved for skipped steps too: a bad reference must not hide behind a condition.
        env = {key: self.text(value) for key, value in spec.get("env", {}).items()}
        given = {key: self.text(value) for key, value in spec.get("with", {}).items()}
        forgiven = self.text(spec.get("continue-on-error", "false")) == "true"
        if not self.condition(str(spec.get("if", "success()"))):
            step = Step(name, "skipped", "skipped")
        elif "uses" in spec:
            outcome = "failure" if name in self.failing else "success"
            step = Step(name, outcome, outcome, inputs=given, uses=spec["uses"])
        elif spec.get("id") in self.replace:
            step = Step(name, "success", "success", outputs=dict(self.replace[spec["id"]]))
        else:
            step = self.bash(name, spec, env)
        if forgiven and step.outcome == "failure":
            step.conclusion = "success"
        self.order[name] = step
        if "id" in spec:
            self.done[spec["id"]] = step

    def bash(self, name: str, spec: Mapping[str, Any], env: Mapping[str, str]) -> Step:
        """Run a script as GitHub runs `shell: bash`."""
        if spec["shell"] != "bash":
            raise CompositeError(f"step {name!r}: shell {spec['shell']!r} is not known here")
        folder = self.temp / "_runner" / str(len(self.order))
        folder.mkdir(parents=True)
        files = {k: folder / k for k in ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH")}
        for file in files.values():
            file.touch()
        script = folder / "script.sh"
        script.write_text(spec["run"])
        world = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "INPUT_"))}
        world |= {"CI": "true", "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(self.temp)}
        world |= {"GITHUB_ACTION_PATH": str(self.action), "GITHUB_WORKSPACE": str(self.workspace)}
        world |= {f"GITHUB_{key}": str(file) for key, file in files.items()} | dict(env)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=world,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if files["ENV"].read_text() or files["PATH"].read_text():
            raise CompositeError(f"step {name!r} changes the environment of later steps")
        outcome = "failure" if done.returncode else "success"
        outputs = dict(parse_outputs(files["OUTPUT"].read_text()))
        summary = files["STEP_SUMMARY"].read_text()
        return Step(name, outcome, outcome, outputs, log=done.stdout, summary=summary)

    # -- expressions

    def condition(self, text: str) -> bool:
        """Evaluate an `if`, which means `success() && ...` unless it asks for a status itself."""
        whole = EXPRESSION.fullmatch(text.strip())
        inner = whole[1] if whole else text
        value = bool(self.evaluate(inner))
        return value if STATUS.search(inner) else value and self.status("success")

    def text(self, value: Any) -> str:
        """A value with its expressions filled in."""
        plain = str(value).lower() if isinstance(value, bool) else str(value)
        return EXPRESSION.sub(lambda m: as_text(self.evaluate(m[1])), plain)

    def evaluate(self, text: str) -> Any:
        """Evaluate one expression; both sides of && and || always, to check every name."""
        tokens = list(TOKEN.finditer(text.strip()))
        if any(m["bad"] for m in tokens):
            raise CompositeError(f"cannot read expression {text!r}")
        queue = [(m.lastgroup or "", m[m.lastgroup or 0]) for m in tokens] + [("end", "")]
        value = self.either(queue)
        if queue != [("end", "")]:
            raise CompositeError(f"cannot read expression {text!r}")
        return value

    def either(self, queue: list[tuple[str, str]]) -> Any:
        """`a || b`"""
        left = self.both(queue)
        while queue[0] == ("op", "||"):
            queue.pop(0)
            right = self.both(queue)
            left = left or right
        return left

    def both(self, queue: list[tuple[str, str]]) -> Any:
        """`a && b`"""
        left = self.comparison(queue)
        while queue[0] == ("op", "&&"):
            queue.pop(0)
            right = self.comparison(queue)
            left = left and right
        return left

    def comparison(self, queue: list[tuple[str, str]]) -> Any:
        """`a == b`, `a != b`; of two texts or nulls only, case ignored as GitHub does"""
        left = self.single(queue)
        if queue[0] not in (("op", "=="), ("op", "!=")):
            return left
        wanted = queue.pop(0)[1] == "=="
        right = self.single(queue)
        if not all(side is None or isinstance(side, str) for side in (left, right)):
            raise CompositeError("only texts are compared here")
        return ((left or "").lower() == (right or "").lower()) is wanted

    def single(self, queue: list[tuple[str, str]]) -> Any:
        """A literal, a name, a call, `!a` or `(a)`"""
        kind, word = queue.pop(0)
        if kind == "string":
            return word[1:-1].replace("''", "'")
        if (kind, word) == ("op", "!"):
            return not self.single(queue)
        if (kind, word) == ("op", "("):
            value = self.either(queue)
            if queue.pop(0) != ("op", ")"):
                raise CompositeError("a bracket is missing")
            return value
        if kind != "name":
            raise CompositeError(f"unexpected {word or 'end'!r} in an expression")
        if queue[:2] == [("op", "("), ("op", ")")]:
            del queue[:2]
            return self.status(word)
        return self.lookup(word.split("."))

    def status(self, name: str) -> bool:
        """The status functions."""
        failed = any(step.conclusion == "failure" for step in self.order.values())
        known = {"always": True, "cancelled": False, "success": not failed, "failure": failed}
        if name not in known:
            raise CompositeError(f"unknown function {name}()")
        return known[name]

    def lookup(self, path: list[str]) -> Any:
        """A name in one of the contexts; only github.event may lack what is asked for."""
        match path:
            case ["inputs", name] if name in self.inputs:
                return self.inputs[name]
            case ["steps", step, "outputs", name] if step in self.done:
                found = self.done[step].outputs
                if name not in found and self.done[step].outcome == "success":
                    raise CompositeError(f"step {step!r} has no output {name!r}")
                return found.get(name)
            case ["steps", step, "outcome" | "conclusion" as which] if step in self.done:
                return getattr(self.done[step], which)
            case ["github", "event", *keys]:
                value: Any = self.github.get("event", {})
                for key in keys:
                    value = value.get(key) if isinstance(value, Mapping) else None
                return value
            case ["github", name] if name in self.github:
                return self.github[name]
        raise CompositeError(f"{'.'.join(path)} does not exist")


def as_text(value: Any) -> str:
    """A value as GitHub writes it into text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_outputs(text: str) -> Iterator[tuple[str, str]]:
    """What a step wrote to GITHUB_OUTPUT: `name=value`, or `name<<end`, lines, `end`."""
    lines = iter(text.splitlines())
    for line in lines:
        head = re.match(r"([^=<]+)(=|<<)(.*)", line)
        if not head:
            raise CompositeError(f"bad output line {line!r}")
        if head[2] == "=":
            yield head[1], head[3]
            continue
        value = []
        for following in lines:
            if following == head[3]:
                break
            value.append(following)
        else:
            raise CompositeError(f"output {head[1]!r} never ends")
        yield head[1], "\n".join(value)
