"""What bash does when one command of a script fails, against what is said of it.

Scripts are made at random from commands `c0`, `c1`, … Each in turn is made to fail while all others succeed, bash runs
the script, and its exit status has to agree with `masked`. Only scripts that succeed when nothing fails are asked of.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from guardrail.actions.shell import commands

BASH = shutil.which("bash")
READ_ALL = "while read -r _; do :; done"
"""What every command does first: nobody writes to a pipe that is closed already, which would be a failure by chance."""

SHELLS = {"": ["-e"], "bash": ["--noprofile", "--norc", "-eo", "pipefail"], "bash {0}": []}


class Writer:
    """Writes scripts; `count` is how many commands it has written."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.called, self.callable = False, True

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def leaf(self) -> str:
        self.count += 1
        return f"c{self.count - 1}"

    def call(self) -> str:
        self.called = self.called or self.callable
        return "f" if self.callable else self.leaf()

    def script(self) -> str:
        body = "\n".join(self.top() for _ in range(self.random.randint(1, 3)))
        if not self.called:
            return body
        self.callable = False  # or it would call itself
        return f"f() {{\n{self.items(1)}\n}}\n{body}"

    def top(self) -> str:
        """What is only written where it always runs."""
        kinds = [*["item"] * 4, "captured", "flag", "awaited", "left", "piped", "pipefail", "off"]
        return {
            "item": lambda: self.item(2),
            "captured": lambda: f"set +e\n{self.leaf()}\nrc=$?\n{self.leaf()}\nset -e\nexit $rc",
            "flag": lambda: (
                (flag := f"bad{self.count}") and f"{flag}=0\n{self.leaf()} || {flag}=1\n{self.leaf()}\n[ ${flag} = 0 ]"
            ),
            "awaited": lambda: f"{self.leaf()} &\nwait $!",
            "left": lambda: f"{self.leaf()} &\nwait",
            "piped": lambda: f"{self.leaf()} | {self.leaf()}\nexit ${{PIPESTATUS[0]}}",
            "pipefail": lambda: f"set -o pipefail\n{self.leaf()} | {self.leaf()}",
            "off": lambda: f"set +e\n{self.item(1)}",
        }[self.pick(*kinds)]()

    def items(self, depth: int) -> str:
        return "\n".join(self.item(depth) for _ in range(self.random.randint(1, 2)))

    def item(self, depth: int) -> str:
        found = self.pipeline(depth)
        while self.random.random() < 0.35:
            found += self.pick(" && ", " || ") + self.pipeline(depth)
        if self.random.random() < 0.2:
            found += self.pick(" || exit 1", " || { echo; exit 1; }", " || true", " || false", " || echo", " || exit")
        return found

    def pipeline(self, depth: int) -> str:
        found = self.command(depth)
        while self.random.random() < 0.12:
            found += f" | {self.command(depth)}"
        return f"! {found}" if self.random.random() < 0.08 else found

    def command(self, depth: int) -> str:
        if depth <= 0 or self.random.random() < 0.65:
            return {
                "leaf": self.leaf,
                "value": lambda: f"x=$({self.item(0)})",
                "argument": lambda: f"echo $({self.leaf()})",
                "shell": lambda: f"bash -c '{self.leaf()}; {self.leaf()}'",
                "strict": lambda: f"bash -ec '{self.leaf()}; {self.leaf()}'",
                "call": self.call,
                "evaluated": lambda: f"eval '{self.leaf()}'",
            }[self.pick(*["leaf"] * 8, "value", "argument", "shell", "strict", "call", "evaluated")]()
        inner = depth - 1
        return {
            "if": lambda: f"if {self.item(0)}; then\n{self.items(inner)}\nfi",
            "else": lambda: f"if {self.item(0)}; then\n{self.items(inner)}\nelse\n{self.items(inner)}\nfi",
            "not": lambda: f"if ! {self.leaf()}; then\n{self.items(inner)}\n{self.pick('exit 1', 'echo')}\nfi",
            "group": lambda: f"{{\n{self.items(inner)}\n}}",
            "subshell": lambda: f"(\n{self.items(inner)}\n)",
            "for": lambda: f"for i in 1 2; do\n{self.items(inner)}\ndone",
            "case": lambda: f"case x in\ny) {self.leaf()} ;;\n*) {self.leaf()} ;;\nesac",
        }[self.pick("if", "else", "not", "group", "subshell", "for", "case")]()


def run(script: str, count: int, shell: str, failing: str) -> tuple[int, bool]:
    """bash's exit status with one command failing, and whether that command ran."""
    define = "".join(
        f'c{i}() {{ {READ_ALL}; if [ "$FAIL" = c{i} ]; then echo ran >&2; return 1; fi; }}\nexport -f c{i}\n'
        for i in range(count)
    )
    done = subprocess.run(
        [str(BASH), *SHELLS[shell], "-c", define + script],
        env={"FAIL": failing, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        timeout=20,
        check=False,
    )
    return done.returncode, b"ran" in done.stderr


def scripts(seed: int, wanted: int) -> Iterator[tuple[str, int, str]]:
    """Small scripts that succeed when nothing fails."""
    made = 0
    for i in range(seed, seed + 10_000):
        writer = Writer(i)
        script = writer.script()
        shell = writer.pick(*SHELLS)
        if 0 < writer.count <= 7 and run(script, writer.count, shell, "none")[0] == 0:
            yield script, writer.count, shell
            made += 1
        if made == wanted:
            return


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize("seed", range(0, 300_000, 10_000))
def test_bash_agrees(seed: int) -> None:
    asked = 0
    for script, count, shell in scripts(seed, 30):
        said: dict[str, set[str]] = {}
        for command in commands(script, shell):
            said.setdefault(command.head, set()).add(command.masked)
        for name in (f"c{i}" for i in range(count)):
            reasons = said.get(name, set())
            if not reasons or (len(reasons) > 1 and "" in reasons):
                continue  # never called, or called twice with different fates
            status, ran = run(script, count, shell, name)
            if ran:
                asked += 1
                assert ("" in reasons) == (status != 0), f"{name} in {shell or 'no shell'}: {reasons}\n{script}"
    assert asked > 40
