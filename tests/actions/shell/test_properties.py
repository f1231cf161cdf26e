"""What holds of every script: it is split without an error, in order, within bounds, and always the same way."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.shell import commands, shell
from guardrail.actions.shell.nesting import expressions

PARTS = [
    *(
        "a",
        "npm test",
        " ",
        "\n",
        ";",
        "|",
        "&",
        "&&",
        "||",
        "'",
        '"',
        "`",
        "\\",
        "$",
        "$(",
        "${",
        "${{",
        "}}",
        ")",
        "(",
    ),
    *(
        "{",
        "}",
        "((",
        "))",
        "[[",
        "]]",
        "<<EOF",
        "\nEOF\n",
        "<<<",
        "<(",
        ">",
        ">>",
        "2>&1",
        "#",
        "!",
        "if",
        "then",
        "fi",
    ),
    *("else", "for x in", "do", "done", "while", "case x in", "a)", ";;", "esac", "f()", "function", "$X", "$1", "X="),
    *("X=1", "x=(", "exit 1", "exit 0", "return", "set +e", "set -e", "-o pipefail", "trap 'exit 0' EXIT", "wait $!"),
    *("bash -c", "sudo", "npx", "ssh h", "eval", "^", "@'", "'@", "<#", "#>", "\t", "\r\n", "é"),
]
SHELLS = st.sampled_from(["", "bash", "sh", "bash {0}", "pwsh", "cmd", "python", "zsh -e {0}", "'"])
SCRIPTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PARTS), max_size=60).map("".join))


@given(SCRIPTS, SHELLS, st.booleans())
def test_never_raises_and_stays_in_order(script: str, name: str, windows: bool) -> None:
    values = {"X": "a b", "env.X": "c; d", "matrix.y": "'"}
    found = commands(script, name, values, windows)
    orders = [command.order for command in found]
    assert orders == sorted(orders)
    assert all(0 <= order < max(len(script), 1) for order in orders)
    assert all(command.line == script.count("\n", 0, command.order) for command in found)
    assert found == commands(script, name, values, windows)


@given(SCRIPTS)
def test_expressions_are_found_in_order_and_apart(text: str) -> None:
    end = 0
    for start, behind in expressions(text).items():
        assert end <= start < behind <= len(text)
        assert text.startswith("${{", start)
        assert text.endswith("}}", start, behind)
        end = behind


@given(st.text(max_size=40))
def test_every_shell_is_something(text: str) -> None:
    assert shell(text).family in {"posix", "powershell", "batch", "other"}


@given(st.lists(st.sampled_from(["npm test", "npm run lint || true", "cd a && b", "x | y", "# z"]), max_size=8))
def test_lines_split_alone_as_together(lines: list[str]) -> None:
    together = [command.words for command in commands("\n".join(lines))]
    assert together == [command.words for line in lines for command in commands(line)]


HOSTILE = {
    "deep subshells": "(" * 5000 + "a" + ")" * 5000,
    "deep substitutions": "a $(" * 3000 + ")" * 3000,
    "deep backticks": "a `" * 3000,
    "deep ifs": "if a; then " * 3000 + "fi; " * 3000,
    "deep groups": "{ " * 3000,
    "many quotes": "'" * 50_001,
    "many double quotes": '"a' * 50_001,
    "many openings": "$(" * 30_000,
    "many expressions": "${{ " * 30_000,
    "many quoted expressions": "${{ ' " * 30_000,
    "many documents": "a <<X\n" * 10_000,
    "one line": "a " * 100_000,
    "many commands": "a\n" * 50_000,
    "many alternatives": "a || " * 20_000 + "b",
    "many successes": "a && " * 20_000 + "b",
    "a long pipe": "a | " * 20_000 + "b",
    "functions that call one another": "".join(f"f{i}() {{ f{i + 1}; f{i + 1}; }}\n" for i in range(40)) + "f0",
    "a function that calls itself": "f() { f; }\nf",
    "many functions": "".join(f"f{i}() {{ a; }}\nf{i}\n" for i in range(3000)),
    "many flags": "".join(f"a || f{i}=1\n" for i in range(3000)) + "[ $f1 = 1 ] && exit 1",
    "many blanks": "a" + " " * 200_000 + "b",
    "many continuations": "\\\n" * 100_000,
    "many variables": "$X" * 50_000,
    "nested shells": "bash -c \"bash -c 'bash -c a'\"\n" * 2000,
    "many equal signs": "a=" * 50_000,
}


@pytest.mark.parametrize("name", ["", "pwsh", "cmd"])
@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE)
def test_hostile_scripts_are_bounded(script: str, name: str) -> None:
    began = perf_counter()
    commands(script, name, {"X": "x" * 500, "env.X": "y"})
    assert perf_counter() - began < 6.0  # far beyond what is needed, far below what a quadratic reader takes
