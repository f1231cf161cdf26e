"""The table itself: its shape, its speed, people's own entries, and what it leaves opaque."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.model import ENFORCING, REPORT_ONLY
from guardrail.actions.recognise import Recognition, Where, recognise, table
from guardrail.actions.recognise.outline import outline
from guardrail.actions.recognise.patterns import flag, follows, matches, value
from guardrail.catalog.files import documents, schema
from guardrail.catalog.load import shipped_directory
from guardrail.catalog.recognise import load, validate
from guardrail.errors import PolicyError
from tests.actions.recognise.recognising import ability, capabilities, run, shipped, uses

FILES = sorted((shipped_directory() / "recognise").glob("*.yaml"))


def entries() -> Iterator[tuple[str, Mapping[str, object]]]:
    for file in FILES:
        for written in documents(file):
            yield from ((file.name, entry) for entry in written.data["recognise"])


def test_every_shipped_entry_has_the_shape_of_the_schema() -> None:
    for file, entry in entries():
        validate([entry], file)


def test_every_capability_is_provided() -> None:
    provided = {name for _, entry in entries() for name in entry["provides"]}  # type: ignore[attr-defined]
    assert provided == set(schema("recognition")["$defs"]["capability"]["enum"])


def patterns(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for key, given_ in part.items():
            if key in ("says", "pattern"):
                yield from given_ if isinstance(given_, list) else [given_]
            yield from patterns(given_)
    elif isinstance(part, list):
        for one in part:
            yield from patterns(one)


def test_regular_expressions_compile_and_are_quick() -> None:
    hostile = [
        "a" * 3000,
        " " * 3000,
        "x-" * 1500,
        "{" * 3000,
        "\n" * 3000,
        "coverageThreshold: {" * 200,
        "dry_run " * 400,
    ]
    for file, entry in entries():
        for pattern in patterns(entry):
            compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
            began = perf_counter()
            for text in hostile:
                compiled.search(text)
            assert perf_counter() - began < 1.0, f"{file}: {pattern}"


def test_no_action_is_listed_twice_with_nothing_to_tell_them_apart() -> None:
    seen: dict[tuple[str, str], str] = {}
    for file, entry in entries():
        names = entry.get("uses", [])
        for name in names if isinstance(names, list) else [names]:
            for capability in entry["provides"] if "if" not in entry else []:  # type: ignore[attr-defined]
                key = str(name).lower(), str(capability)
                assert key not in seen, f"{key} in {file} and {seen.get(key)}"
                seen[key] = file


def test_reading_the_table_is_quick(tmp_path: Path) -> None:
    load(kept=tmp_path)
    began = perf_counter()
    load(kept=tmp_path)
    assert perf_counter() - began < 0.2  # 5 ms on a quiet machine


OWN = [
    {
        "uses": "acme/platform/.github/workflows/deploy.yml@*",
        "provides": ["deploy"],
        "environment": "${{ with.env }}",
    },
    {"run": "acme-scan", "provides": ["sast"], "teeth": [{"if": {"has": "--strict"}}, {"is": "report-only"}]},
    {"uses": "aquasecurity/trivy-action", "provides": ["container-scan"], "teeth": "enforcing"},
    {"run": "acme ship", "provides": "deploy", "stage": "${{ flags.to || 'production' }}", "image": "${{ words.1 }}"},
]


def test_people_add_their_own() -> None:
    validate(OWN)
    own = load(OWN)
    found = recognise({"uses": OWN[0]["uses"].replace("*", "v2"), "with": {"env": "prod"}}, Where(), own)  # type: ignore[attr-defined]
    assert ability(found, "deploy").details == {"environment": "prod"}
    assert ability(recognise({"run": "acme-scan"}, Where(), own), "sast").teeth == REPORT_ONLY
    assert ability(recognise({"run": "acme-scan --strict"}, Where(), own), "sast").teeth == ENFORCING
    assert ability(recognise({"run": "acme ship app:1 --to=qa"}, Where(), own), "deploy").details == {
        "stage": "qa",
        "image": "app:1",
    }


def test_where_an_own_entry_fits_the_shipped_ones_are_not_asked() -> None:
    found = recognise({"uses": "aquasecurity/trivy-action@master"}, Where(), load(OWN))
    assert [(a.capability, a.teeth) for a in found.abilities] == [("container-scan", ENFORCING)]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"use": "a/b", "provides": ["deploy"]}, "unknown key 'use' (did you mean 'uses'?)"),
        ({"uses": "a/b", "provides": ["deploying"]}, "deploying"),
        ({"uses": "a/b"}, "provides"),
        ({"uses": "a/b", "provides": [], "if": {"contains": "x"}}, "unknown key 'contains'"),
        ({"uses": "a/b", "provides": [], "teeth": "sharp"}, "teeth"),
        ("a/b", "recognise[0]"),
    ],
)
def test_wrong_entries_are_told(entry: object, told: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(told)):
        validate([entry], "guardrail.yaml:1:1")


@pytest.mark.parametrize(
    ("step", "opaque"),
    [
        ({"run": "echo hi\ncd x\nnpm ci\nkubectl get pods"}, ""),
        ({"uses": "actions/checkout@v4"}, ""),
        ({"uses": "actions/setup-node@v4"}, ""),
        ({"uses": "actions/upload-artifact@v4"}, ""),
        ({"uses": "acme/x@v1"}, "acme/x is not in the recognition table"),
        (
            {"uses": "acme/x/.github/workflows/y.yml@v1"},
            "acme/x/.github/workflows/y.yml is not in the recognition table",
        ),
        ({"uses": "docker://acme/x:1"}, "the image acme/x is not in the recognition table"),
        ({"uses": "./.github/actions/x"}, ""),
        ({"uses": "actions/github-script@v7"}, "the script of github-script is JavaScript"),
        ({"run": "acme-deploy production"}, "`acme-deploy` is not in the recognition table"),
        ({"run": "node scripts/deploy.js"}, "it runs a program of the repository, or code it is given"),
        ({"run": "node --version"}, ""),
        ({"run": "$DEPLOY"}, "what `$DEPLOY` stands for is not known"),
        ({"run": "${{ inputs.command }}"}, "what `${{ inputs.command }}` stands for is not known"),
        ({"run": "print('x')", "shell": "python"}, "a script for python may do anything"),
        ({"run": "curl -sSL https://x/install.sh | bash"}, "it runs a script that is not in the repository"),
        ({"run": "echo 'x"}, "it cannot be split into commands: a quote is not closed"),
        ({}, ""),
        ({"run": 1}, ""),
        ({"uses": None, "with": []}, ""),
    ],
)
def test_what_is_opaque(step: dict[str, object], opaque: str) -> None:
    assert recognise(step, Where(shell=str(step.get("shell", ""))), shipped()).opaque == opaque


def test_a_step_that_is_known_in_part_is_opaque_too() -> None:
    found = run("pytest\nacme-deploy production")
    assert capabilities(found) == {"unit-test"}
    assert found.opaque == "`acme-deploy` is not in the recognition table"


def test_the_name_of_an_opaque_step_is_a_hint() -> None:
    step = {"name": "Deploy to production", "run": "acme-ship now"}
    found = recognise(step, Where(), shipped())
    assert [(a.capability, a.sure) for a in found.abilities] == [("deploy", False)]
    assert "only its name says so" in found.abilities[0].reason
    assert recognise({"name": "Deploy to production", "run": "echo"}, Where(), shipped()).abilities == ()


def test_containers_of_known_tools() -> None:
    found = run("docker run --rm -v $PWD:/x aquasec/trivy:0.50.0 image --exit-code 1 app:1")
    assert ability(found, "container-scan").teeth == ENFORCING
    assert capabilities(run("docker run --rm app:1 npx jest")) == {"unit-test"}
    assert capabilities(uses("docker://ghcr.io/gitleaks/gitleaks:v8", {"args": "detect"})) == {"secret-scan"}


def test_globs() -> None:
    assert matches("a*c", "aBBc")
    assert matches("a|b", "B")
    assert matches("[1-9]*", "10")
    assert not matches("[1-9]*", "0")
    assert not matches("a.c", "abc")
    assert matches("", "")
    assert not matches("?*", "")


@pytest.mark.parametrize(
    ("pattern", "command", "rest"),
    [
        ("kubectl apply", "kubectl apply -f x", "-f x"),
        ("kubectl apply", "kubectl -n prod apply -f x", "-f x"),
        ("kubectl apply", "kubectl --context=a --debug apply", ""),
        ("kubectl apply", "kubectl get apply", None),
        ("kubectl set image", "kubectl set env x", None),
        ("gradle ... test|check", "gradle clean :a check -x y", "-x y"),
        ("npm", "npm ci", "ci"),
    ],
)
def test_command_patterns(pattern: str, command: str, rest: str | None) -> None:
    found = follows(pattern, command.split())
    assert found == (None if rest is None else tuple(rest.split()))


def test_flags() -> None:
    assert flag("--push", ["--push"])
    assert flag("--push", ["--push=true"])
    assert not flag("--push", ["--push=false"])
    assert flag("--exit-code=[1-9]*", ["--exit-code", "1"])
    assert flag("--exit-code=[1-9]*", ["--exit-code=2"])
    assert not flag("--exit-code=[1-9]*", ["--exit-code", "0"])
    assert flag("-*f*", ["-sSf"])
    assert not flag("-*f*", ["--profile"])
    assert value("n", ["-n", "prod", "--x"]) == "prod"
    assert value("n", ["-n=prod"]) == "prod"
    assert value("n", ["--x"]) is None


def test_outlines_of_yaml() -> None:
    text = """
# a comment
a: 1  # one
b: "x: y"
c:
  - d
  - e: f
    g: h
  -
    i: j
k: [l, 'm n']
o: |
  p
    q: r

s:
- t
u: {v: w}
"""
    assert outline(text) == {
        "a": "1",
        "b": "x: y",
        "c": ["d", {"e": "f", "g": "h"}, {"i": "j"}],
        "k": ["l", "m n"],
        "o": "p\nq: r",
        "s": ["t"],
        "u": "{v: w}",
    }


@given(st.text(alphabet="ab:- \n'\"[]{}|>#&*!", max_size=200))
def test_outlines_never_raise(text: str) -> None:
    outline(text)


@given(
    st.dictionaries(
        st.sampled_from(["run", "uses", "with", "env", "name", "shell", "working-directory"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=60),
            st.sampled_from(["npm test", "make -C", "bash -c", "docker run x", "aquasecurity/trivy-action@v1", "./x"]),
            st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.text(max_size=8), st.lists(st.none()))),
        ),
    ),
    st.text(max_size=80),
)
def test_recognition_never_raises(step: dict[str, object], contents: str) -> None:
    found = recognise(step, Where(shell="bash", read=lambda _: contents), shipped())
    assert isinstance(found, Recognition)
    orders = [a.order for a in found.abilities]
    assert all(order >= 0 for order in orders)


def test_a_table_of_nothing_recognises_nothing() -> None:
    assert recognise({"run": "npm test"}, Where(), table([])).abilities == ()
