"""Which failures count: every way of hiding one, each beside what looks like it and hides nothing."""

from __future__ import annotations

import pytest

from guardrail.actions.shell import commands


def masked(script: str, head: str = "npm", shell: str = "") -> str:
    """Why the first command of that name is masked."""
    return next(command.masked for command in commands(script, shell) if command.head == head)


# Sources: POSIX.1-2017 Shell Command Language 2.8.2, 2.9.2, 2.9.3 and 2.14 `set -e`; Bash Reference Manual 3.2.3,
# 3.2.4, 4.3.1. GitHub runs an unspecified shell as `bash -e {0}`, `shell: bash` as `bash -eo pipefail {0}`
# (github/docs, data/reusables/actions/supported-shells.md). test_bash.py asks bash itself.
HIDES = {
    "|| true": "npm test || true",
    "|| :": "npm test || :",
    "|| echo": "npm test || echo failed",
    "|| exit 0": "npm test || exit 0",
    "|| a group that ends well": "npm test || { echo failed; }",
    "|| exit of what was last": "npm test || { echo failed; exit; }",
    "|| another attempt": "npm test || npm run other",
    "pipe without pipefail": "npm test | tee log",
    "|& is a pipe": "npm test |& tee log",
    "set +e": "set +e\nnpm test\necho done",
    "set +o errexit": "set +o errexit\nnpm test\necho done",
    "background": "npm test &\necho started",
    "wait alone is always 0": "npm test &\nwait",
    "tested by if": "if npm test; then echo good; fi",
    "else that does not fail": "if npm test; then echo good; else echo bad; fi",
    "negated": "! npm test\necho done",
    "negated before ||": "! npm test || exit 1",
    "&& before the last": "npm test && echo good\necho done",
    "while tests it": "while npm test; do echo again; done",
    "retries forget the last": "for i in 1 2 3; do npm test && break; sleep 5; done",
    "in the arguments of another": "echo $(npm test)",
    "export hides the status": "export X=$(npm test)",
    "-e is off in $( )": "x=$(npm test; echo done)",
    "-e is off in a function that is tested": "check() { npm test; echo done; }\nif check; then echo good; fi",
    "-e is off in a group before ||": "{ npm test; echo done; } || exit 1",
    "trap that ends well": "trap 'exit 0' EXIT\nnpm test",
    "a captured status nobody asks for": "npm test || rc=$?\necho done",
    "a status asked for too late": "set +e\nnpm test\necho done\nif [ $? -ne 0 ]; then exit 1; fi",
    "process substitution": "diff <(npm test) expected",
    "bash -c without -e": "bash -c 'npm test; echo done'",
}

COUNTS = {
    "alone": "npm test",
    "|| exit 1": "npm test || exit 1",
    "|| false": "npm test || false",
    "|| a group that exits": "npm test || { echo failed; exit 1; }",
    "|| return in a function": "check() { npm test || return 1; }\ncheck",
    "|| a function that exits": "die() { echo $1; exit 2; }\nnpm test || die 'no tests'",
    "|| exit with its status": "npm test || exit $?",
    "|| exit alone": "npm test || exit",
    "another command is let pass": "rm -rf out || true\nnpm test",
    "the last of a pipe": "cat list | npm test",
    "set -o pipefail": "set -o pipefail\nnpm test | tee log",
    "set -euo pipefail": "set -euo pipefail\nnpm test | tee log",
    "PIPESTATUS": "npm test | tee log\nexit ${PIPESTATUS[0]}",
    "PIPESTATUS tested": "npm test | tee log\ntest ${PIPESTATUS[0]} -eq 0",
    "set -e again": "set +e\necho a\nset -e\nnpm test",
    "exit $rc later": "set +e\nnpm test\nrc=$?\necho done\nexit $rc",
    "tested at once": "set +e\nnpm test\nif [ $? -ne 0 ]; then exit 1; fi",
    "wait for it": "npm test &\npid=$!\nwait $pid",
    "else that exits": "if npm test; then echo good; else exit 1; fi",
    "if not, exit": "if ! npm test; then echo bad; exit 1; fi",
    "&& at the end": "echo a\nnpm test && echo good",
    "behind &&": "cd app && npm test",
    "retries with an exit": "for i in 1 2 3; do npm test && exit 0; sleep 5; done\nexit 1",
    "until it succeeds": "until npm test; do sleep 5; done",
    "an assignment has the status": "x=$(npm test)",
    "a flag that is tested": 'npm test || failed=1\nnpm run lint\nif [ "$failed" = 1 ]; then exit 1; fi',
    "a flag in a test alone": "failed=0\nnpm test || failed=1\n[ $failed -eq 0 ]",
    "a counter": "errors=0\nnpm test || errors=$((errors+1))\nexit $errors",
    "a subshell": "(cd app && npm test)",
    "a group": "{ npm test; }",
    "a function": "check() { npm test; echo done; }\ncheck",
    "a loop": "for x in a b; do npm test; done",
    "a branch": "if [ -f x ]; then npm test; fi",
    "a case": "case $x in a) npm test ;; esac",
    "trap that cleans up": "trap 'rm -rf tmp' EXIT\nnpm test",
    "bash -e -c": "bash -ec 'npm test; echo done'",
    "eval": "eval 'npm test'",
    "timeout": "timeout 5m npm test",
}


@pytest.mark.parametrize("script", HIDES.values(), ids=HIDES)
def test_hides(script: str) -> None:
    assert masked(script)


@pytest.mark.parametrize("script", COUNTS.values(), ids=COUNTS)
def test_counts(script: str) -> None:
    assert masked(script) == ""


def test_reasons_read_after_because() -> None:
    assert masked("npm test || true") == "`|| true` follows"
    assert masked("npm test | tee log") == "it is piped into `tee log` without pipefail"
    assert masked("set +e\nnpm test\necho x") == "the shell runs without `-e`, and the script goes on to `echo x`"


@pytest.mark.parametrize(
    ("shell", "script", "hidden"),
    [
        ("", "npm test | tee log", True),
        ("bash", "npm test | tee log", False),
        ("bash -e {0}", "npm test | tee log", True),
        ("bash -eo pipefail {0}", "npm test | tee log", False),
        ("bash --noprofile --norc -eo pipefail {0}", "npm test | tee log", False),
        ("bash -euo pipefail {0}", "npm test | tee log", False),
        ("", "npm test\necho x", False),
        ("bash {0}", "npm test\necho x", True),
        ("bash {0}", "echo x\nnpm test", False),
        ("bash -l {0}", "npm test\necho x", True),
        ("bash -el {0}", "npm test\necho x", False),
        ("sh", "npm test\necho x", False),
        ("sh {0}", "npm test\necho x", True),
        ("sh", "npm test | tee log", True),
        ("/usr/bin/bash -e {0}", "npm test\necho x", False),
        ("arch -x86_64 bash -e {0}", "npm test\necho x", False),
    ],
)
def test_shells_of_github(shell: str, script: str, hidden: bool) -> None:
    assert bool(masked(script, shell=shell)) is hidden


@pytest.mark.parametrize("shell", ["python", "node {0}", "perl {0}", "Rscript {0}"])
def test_other_languages_are_not_split(shell: str) -> None:
    assert commands("npm test", shell) == ()


def test_what_looks_at_the_output_of_a_command() -> None:
    def judged(script: str) -> str:
        return next(c.judged for c in commands(script) if c.head == "curl")

    assert judged("curl -s http://x | grep ok")
    assert judged('s=$(curl -s http://x)\nif [ "$s" != 200 ]; then exit 1; fi')
    assert judged('if [ "$(curl -s http://x)" != ok ]; then exit 1; fi')
    assert judged('[ "$(curl -s http://x)" = ok ] || exit 1')
    assert not judged("curl -s http://x | tee log")
    assert not judged('s=$(curl -s http://x)\nif [ "$s" != 200 ]; then echo bad; fi')
    assert not judged("s=$(curl -s http://x)\necho $s")


def test_conditions_under_which_a_command_runs() -> None:
    def guard(script: str) -> str:
        return next(c.guard for c in commands(script) if c.head == "npm")

    assert guard("npm test") == ""
    assert guard("if [ $x = 1 ]; then npm test; fi") == "if `[ $x = 1 ]`"
    assert guard("if [ $x = 1 ]; then echo; else npm test; fi") == "unless `[ $x = 1 ]`"
    assert guard("[ -n $x ] && npm test") == "`[ -n $x ]`"
    assert guard("[ -z $x ] && exit 0\nnpm test") == "unless `[ -z $x ]`"
    assert guard("if [ -z $x ]; then exit 0; fi\nnpm test") == "unless `[ -z $x ]`"
    assert guard("if [ -z $x ]; then exit 1; fi\nnpm test") == ""
    assert guard("helm upgrade a b || npm test") == "`helm upgrade a b` failed"
    assert guard("case $x in main) npm test ;; esac") == "case $x in main"
    assert guard("cd app && npm test") == ""
