"""Jobs: identifiers, needs, runners, shells, the order of steps, calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from guardrail.actions.syntax import runners
from guardrail.model.report import Report
from tests.checks.workflow_texts import hits, job, step, told

STEPS = "steps: [{run: y}]"
CHECKOUT = "{uses: actions/checkout@v4}"


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("a" * 99, ""),
        ("a" * 100, "100 characters"),  # WorkflowConstants.MaxNodeNameLength
        ("_a-9", ""),
        ("9a", "begins with a letter"),
        ("-a", "begins with a letter"),
        ("a.b", "letters, digits"),
        ("a b", "letters, digits"),
        ("ä", "letters, digits"),
        ("__a", "begins with __"),  # IdBuilder.TryAddKnownId
    ],
)
def test_identifiers(id_: str, words: str) -> None:
    of_job = told("workflow_jobs.ids", f"on: push\njobs:\n  '{id_}': {{runs-on: x, {STEPS}}}\n")
    of_step = told("workflow_jobs.ids", step(f"{{run: x, id: '{id_}'}}"))
    for found, word in ((of_job, "job"), (of_step, "step")):
        assert found.startswith(f"{word} id") if words else found == ""
        assert words in found


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ("A", ""),
        ("[a, B]", ""),
        ("bb", "did you mean b?"),
        ("[a, nothing]", "no such job"),
        ("'${{ vars.X }}'", ""),
        ("{a: b}", ""),  # malformed, told by another policy
    ],
)
def test_needs(needs: str, words: str) -> None:
    text = f"on: push\njobs:\n  a: {{{STEPS}}}\n  b: {{{STEPS}}}\n  c: {{needs: {needs}, {STEPS}}}\n"
    found = told("workflow_jobs.needs_unknown", text)
    assert (words in found) if words else (found == "")


def _chain(count: int, first: str) -> str:
    jobs = {f"j{n}": {"needs": f"j{n - 1}" if n else first, "runs-on": "x"} for n in range(count)}
    return f"# as JSON\n{json.dumps({'on': 'push', 'jobs': jobs})}\n"


@pytest.mark.parametrize(("first", "found"), [("j0", 1), ("j4999", 1), ("other", 0)])
def test_long_chains_are_quick(first: str, found: int) -> None:
    text = _chain(5000, first)
    before = perf_counter()
    assert len(hits("workflow_jobs.needs_cycle", text)) == found
    assert perf_counter() - before < 60, "a step for each need, not for each pair"


def test_one_finding_for_a_cycle() -> None:
    text = (
        "on: push\njobs:\n  a: {needs: b, runs-on: x}\n  b: {needs: [C], runs-on: x}\n  c: {needs: a, runs-on: x}\n"
        "  d: {needs: [a, d], runs-on: x}\n"
    )
    found = [message for _, message in hits("workflow_jobs.needs_cycle", text)]
    assert found == [
        "job a needs b needs c needs a: none of them ever starts",
        "job d needs d: none of them ever starts",
    ]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("{run: x, id: b, background: true}, {wait: b}", ""),
        ("{run: x, id: b, background: true}, {cancel: B}", ""),
        ("{run: x, id: b}, {wait: b}", "does not run in the background"),
        ("{wait: b}, {run: x, id: b, background: true}", "no step before it"),
        ("{run: x, id: server, background: true}, {wait: [sever]}", "did you mean server?"),
        ("{run: x, id: b, background: '${{ vars.X }}'}, {wait: b}", ""),
    ],
)
def test_background_steps(steps: str, words: str) -> None:
    found = told("workflow_jobs.background", step(steps))
    assert (words in found) if words else (found == "")


RUNNERS = ("misspelt", "retired", "ageing", "conflicting")


def _of_runner(label: str) -> dict[str, str]:
    text = job(f"{{runs-on: {label}, {STEPS}}}")
    return {check: found for check in RUNNERS if (found := told(f"workflow_runners.{check}", text))}


@pytest.mark.parametrize("label", sorted(runners.HOSTED))
def test_hosted_labels(label: str) -> None:
    assert set(_of_runner(label)) == ({"ageing"} if label in runners.AGEING else set())
    assert set(_of_runner(label.upper())) == set(_of_runner(label))
    assert _of_runner(f"[self-hosted, {label}]") == {}


@pytest.mark.parametrize("label", sorted(runners.RETIRED))
@pytest.mark.parametrize("size", ["", "-large"])
def test_retired_labels(label: str, size: str) -> None:
    assert set(_of_runner(label + size)) == {"retired"}


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("ubunut-latest", {"misspelt"}),
        ("ubuntu-lastest", {"misspelt"}),
        ("windows_latest", {"misspelt"}),
        ("[ubuntu-24.04, windows-2025]", {"conflicting"}),
        ("[ubuntu-24.04, gpu]", set()),
        ("[self-hosted, ubuntu-18.04]", set()),
        ("my-runner", set()),
        ("{group: g, labels: ubuntu-20.04}", set()),  # a group holds runners of one's own or larger ones
        ("'${{ matrix.os }}'", set()),
        ("$runner", set()),
    ],
)
def test_other_labels(label: str, found: set[str]) -> None:
    assert set(_of_runner(label)) == found


def test_labels_of_a_matrix_are_told_where_they_stand() -> None:
    text = (
        "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os:\n          - ubuntu-24.04\n"
        "          - macos-11\n    runs-on: ${{ matrix.os }}\n"
    )
    assert [line for line, _ in hits("workflow_runners.retired", text)] == [8]


@pytest.mark.parametrize(
    ("system", "shell", "words"),
    [
        ("ubuntu-24.04", "bash", ""),
        ("ubuntu-24.04", "pwsh", ""),
        ("ubuntu-24.04", "cmd", "on Windows only"),
        ("macos-15", "powershell", "on Windows only"),
        ("windows-2025", "cmd", ""),
        ("my-runner", "cmd", ""),
        ("ubuntu-24.04", "bsh", "did you mean bash?"),
        ("my-runner", "zsh", "no shell zsh"),
        ("ubuntu-24.04", "'zsh {0}'", ""),
        ("ubuntu-24.04", "'${{ matrix.x }}'", ""),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        "{runs-on: SYSTEM, steps: [{run: x, shell: SHELL}]}",
        "{runs-on: SYSTEM, steps: [{parallel: [{run: x, shell: SHELL}]}]}",
        "{runs-on: SYSTEM, defaults: {run: {shell: SHELL}}, steps: [{run: x}]}",
    ],
)
def test_shells(body: str, system: str, shell: str, words: str) -> None:
    found = told("workflow_runners.shells", job(body.replace("SYSTEM", system).replace("SHELL", shell)))
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("{uses: ./x}", "no step before it"),
        (f"{{uses: ./x}}, {CHECKOUT}", "comes after it"),
        (f"{CHECKOUT}, {{uses: ./x}}", ""),
        ("{run: git clone y .}, {uses: ./x}", ""),
        ("{uses: somebody/checks-out@v1}, {uses: ./x}", ""),
        ("{uses: actions/setup-node@v4}, {uses: ./x}", "no step before it"),
        ("{parallel: [{uses: actions/checkout@v4}]}, {uses: ./x}", ""),
        ("{uses: $/x}", ""),  # `$/` is resolved without a checkout
    ],
)
def test_local_actions_need_files(steps: str, words: str) -> None:
    found = told("workflow_order.checkout", step(steps))
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    ("steps", "before", "without"),
    [
        (f"{{run: npm ci}}, {CHECKOUT}", True, True),
        ("{run: npm ci}", False, True),
        (f"{CHECKOUT}, {{run: npm ci}}", False, False),
        (f"{{run: npm i -g x}}, {CHECKOUT}", False, False),
        (f"{{run: npm --version}}, {CHECKOUT}", False, False),
        (f"{{run: go install x@latest}}, {CHECKOUT}", False, False),
        (f"{{run: go build ./...}}, {CHECKOUT}", True, True),
        (f"{{run: ./gradlew build}}, {CHECKOUT}", True, True),
        (f"{{run: make -C /opt/x}}, {CHECKOUT}", False, False),
        (f"{{run: npm ci || true}}, {CHECKOUT}", False, False),
        (f"{{uses: a/b@v1}}, {{run: npm ci}}, {CHECKOUT}", False, False),
        (f"{{run: npm ci, working-directory: /opt/x}}, {CHECKOUT}", False, False),
        (f"{{run: 'echo {{}} > package.json'}}, {{run: npm ci}}, {CHECKOUT}", False, False),
        ("{uses: actions/download-artifact@v4}, {run: npm ci}", False, False),
    ],
)
def test_commands_that_read_the_project(steps: str, before: bool, without: bool) -> None:
    text = step(steps)
    assert bool(hits("workflow_order.files", text)) == before
    assert bool(hits("workflow_order.without_checkout", text)) == without


@pytest.mark.parametrize("runner", ["self-hosted", "[self-hosted, linux]", "my-runner", "'${{ vars.X }}'"])
def test_runners_of_ones_own_may_have_the_files(runner: str) -> None:
    text = job(f"{{runs-on: {runner}, steps: [{{run: npm ci}}, {{uses: ./x}}, {CHECKOUT}]}}")
    found = {check: hits(f"workflow_order.{check}", text) for check in ("checkout", "files", "without_checkout")}
    assert found == {"checkout": [], "files": [], "without_checkout": []} or runner == "my-runner"


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ("{uses: github/codeql-action/analyze@v4}", True),
        ("{uses: github/codeql-action/init@v4}, {uses: github/codeql-action/analyze@v4}", False),
        ("{uses: github/codeql-action/analyze@v4}, {uses: github/codeql-action/init@v4}", True),
        ("{uses: ./x}, {uses: github/codeql-action/analyze@v4}", False),
    ],
)
def test_codeql(steps: str, found: bool) -> None:
    assert bool(hits("workflow_order.analyze_without_init", step(steps))) == found


CALLED = (
    "on: {workflow_call: {inputs: {a: {type: string, required: true}, n: {type: number}},"
    " secrets: {s: {required: true}}, outputs: {o: {value: 1}}}}\n"
    "permissions: {}\njobs:\n  a: {runs-on: x, timeout-minutes: 5, steps: [{run: y}]}\n"
)
CALLING = "on: push\npermissions: {{}}\njobs:\n  a: {{uses: ./.github/workflows/called.yml, {0}}}\n"
CALLS = [
    ("with: {a: x}, secrets: {s: y}", []),
    ("with: {a: x}, secrets: inherit", []),
    ("with: {A: x, n: 5}, secrets: inherit", []),
    ("with: {b: x}, secrets: inherit", ["a", "b"]),
    ("with: {a: x, n: five}, secrets: inherit", ["n"]),
    ("with: {a: x}", ["s"]),
    ("with: {a: x}, secrets: {s: y, t: z}", ["t"]),
]


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of `scan` is the root of the scan, too."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("body", "named"), CALLS, ids=[row[0] for row in CALLS])
@pytest.mark.usefixtures("in_folder")
def test_arguments_of_a_local_call(scan: Callable[..., Report], body: str, named: list[str]) -> None:
    files = {".github/workflows/called.yml": CALLED, ".github/workflows/ci.yml": CALLING.format(body)}
    report = scan(files, profile="strict")
    found = [f for f in report.findings if f.policy.id == "workflow-call-mismatch"]
    assert len(found) == len(named), [f.message for f in found]
    assert all(any(name in f.message.split() or f"{name}," in f.message for f in found) for name in named)


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        ({".github/workflows/ci.yml": CALLING.format("name: x")}, ["local-reference-missing"]),
        ({"templates/ci.yml": CALLING.format("name: x")}, []),  # not known what is beside it
    ],
)
@pytest.mark.usefixtures("in_folder")
def test_a_called_workflow_that_is_not_there(
    scan: Callable[..., Report], files: dict[str, str], ids: list[str]
) -> None:
    report = scan(files)
    assert [f.policy.id for f in report.findings if f.policy.id == "local-reference-missing"] == ids
