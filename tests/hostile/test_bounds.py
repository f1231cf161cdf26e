"""Input made to exhaust a reader: a clear problem, bounded time and memory, everything beside it judged.

Measured on two cores: at most 190 MB and 3 s for 16 MiB of anything that is refused, 144 MB and 10 s for 16 MiB of
blank lines, 314 MB and 8 s for 40,000 pods with a finding each in one line of JSON.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.hostile.scans import Outcome, pod, scan

MB = 1 << 20
HEAD = "apiVersion: v1\nkind: Foo\n"
JSON_HEAD = '{"apiVersion": "v1", "kind": "Foo", "x": '
LAUGHS = HEAD + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
LAUGHS += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))

REFUSED = {
    "billion laughs": (LAUGHS, "too-large", 7),
    "quadratic aliases": (f"{HEAD}a: &a [{'x,' * 20000}]\nb: [{'*a,' * 20000}]\n", "too-large", 4),
    "wide merges": (
        f"{HEAD}a: &a {{{', '.join(f'k{i}: 1' for i in range(20000))}}}\nb: [{'{<<: *a},' * 20000}]\n",
        "too-large",
        4,
    ),
    "a chain of aliases": (
        f"{HEAD}a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 2000)),
        "too-deep",
        252,
    ),
    "flow lists": ("[" * 100_000 + "]" * 100_000, "too-deep", 1),
    "flow mappings": ("{a: " * 100_000 + "}" * 100_000, "too-deep", 1),
    "open flow lists": ("[" * 100_000, "too-deep", 1),
    "block lists": ("- " * 100_000 + "x\n", "too-deep", 1),
    "block mappings": ("".join(" " * i + "a:\n" for i in range(4000)), "too-deep", 251),
    "many values": ("- 1\n" * (4 * MB - 10), "too-large", 1_000_000),
    "many keys": ("".join(f"a{i:07}: b\n" for i in range(16 * MB // 13)), "too-large", 500_000),
    "many values in a line": (HEAD + "x: [" + "1," * (5 * MB) + "]\n", "too-large", 3),
    "50 MB": ("a: b\n" * (10 * MB), "too-large", 1),
}


def beside(tmp_path: Path, text: str | bytes, name: str = "hostile.yaml") -> Outcome:
    """Scan a file with a good one beside it, which must be judged whatever the other is."""
    (tmp_path / "good.yaml").write_text(pod("good"))
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    done = scan(tmp_path)
    assert ("good.yaml", 10) in done.privileged
    assert done.code == 1
    assert done.megabytes < 700
    return done


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_good_time(tmp_path: Path, case: str) -> None:
    text, code, line = REFUSED[case]
    done = beside(tmp_path, text)
    assert done.problems == [(code, "hostile.yaml", line)]
    assert done.seconds < 30


@pytest.mark.parametrize(
    "nested",
    ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, "[" * 100_000],
    ids=["lists", "objects", "open"],
)
def test_deep_json(tmp_path: Path, nested: str) -> None:
    done = beside(tmp_path, JSON_HEAD + nested + "}", "hostile.json")
    assert done.problems == [("too-deep", "hostile.json", 1)]


def test_what_is_refused_alone_is_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(LAUGHS)
    assert scan(tmp_path).code == 3


def test_documents_beside_a_bomb_are_judged(tmp_path: Path) -> None:
    done = beside(tmp_path, f"{pod('a')}---\n{LAUGHS}---\n{pod('b')}")
    assert [line for file, line in done.privileged if file == "hostile.yaml"] == [10, 36]


def test_many_documents(tmp_path: Path) -> None:
    text = "---\n".join(f"{{apiVersion: v1, kind: Foo, metadata: {{name: a{i}}}}}\n" for i in range(10_000))
    assert beside(tmp_path, text).problems == []


@pytest.mark.parametrize("one", ["a\n", "a: b\n", "- 1\n- 2\n- 3\n"])
def test_200_000_documents(tmp_path: Path, one: str) -> None:
    done = beside(tmp_path, f"---\n{one}" * 200_000)
    assert [code for code, _, _ in done.problems] == ["too-large"]


def test_200_000_broken_documents(tmp_path: Path) -> None:
    done = beside(tmp_path, "---\n}\n" * 200_000)
    assert len(done.problems) == 1001


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{HEAD}x: '{'x' * (10 * MB)}'\n", "hostile.yaml"),
        (HEAD + "x: " + "x " * (5 * MB) + "\n", "hostile.yaml"),
        ("x" * (10 * MB), "hostile.yaml"),
        (HEAD + "x: 1 " + "# " * (4 * MB) + "guardrail: ignore[x] y\n", "hostile.yaml"),
        (JSON_HEAD + '"' + "\\n" * (5 * MB) + '"}', "hostile.json"),
        (JSON_HEAD + "1" * (10 * MB) + "}", "hostile.json"),
        (HEAD + "x: " + "1" * (10 * MB) + "\n", "hostile.yaml"),
        (HEAD + "x: " + "0_" * (5 * MB) + "\n", "hostile.yaml"),
    ],
    ids=["quoted", "words", "no yaml", "hashes", "json string", "json number", "digits", "underscores"],
)
def test_one_long_line(tmp_path: Path, text: str, name: str) -> None:
    done = beside(tmp_path, text, name)
    assert done.seconds < 60
    assert {code for code, _, _ in done.problems} <= {"unreadable"}


@pytest.mark.parametrize("text", ["\n" * (16 * MB - 100) + "x: 1\n", "x: |\n  a\n" + "\n" * (15 * MB) + "y: 1\n"])
def test_blank_lines(tmp_path: Path, text: str) -> None:
    assert beside(tmp_path, HEAD + text).seconds < 120


def test_a_findings_heavy_line(tmp_path: Path) -> None:
    container = '{"name":"c","image":"a:1","securityContext":{"privileged":true}}'
    one = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p%d"},"spec":{"containers":[%s]}}'
    items = ",".join(one % (i, container) for i in range(10_000))
    done = beside(tmp_path, f'{{"apiVersion":"v1","kind":"List","items":[{items}]}}', "hostile.json")
    assert len(done.privileged) == 10_001


def test_many_containers(tmp_path: Path) -> None:
    one = "    - {name: c%d, image: 'a:1', securityContext: {privileged: true}}\n"
    text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n" + "".join(one % i for i in range(2_000))
    assert len(beside(tmp_path, text).privileged) == 2_001


def test_100_000_containers(tmp_path: Path) -> None:
    one = "    - {name: c%d, image: 'a:1', securityContext: {privileged: true}}\n"
    text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n" + "".join(one % i for i in range(100_000))
    assert len(beside(tmp_path, text).privileged) == 100_001


def test_nested_pod_specs(tmp_path: Path) -> None:
    nested = "{containers: [{name: a, image: b, securityContext: {privileged: true}}], spec: "
    done = beside(tmp_path, HEAD + "spec: " + nested * 120 + "x" + "}" * 120)
    assert [line for file, line in done.privileged if file == "hostile.yaml"] == [3]


def test_deep_below_the_limit(tmp_path: Path) -> None:
    spec = f"{{containers: [{{name: x, image: b, args: {'[' * 240}{']' * 240}}}], z: {'{a: ' * 240}1{'}' * 240}}}"
    (tmp_path / "deep.yaml").write_text(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {spec}\n")
    done = scan(tmp_path, options=("--profile", "strict"))
    assert [p for p in done.problems if p[0] != "check-failed"] == []


def test_noise(tmp_path: Path) -> None:
    random.seed(1)
    letters = "ab:- \n\n\n{}[]'\"#&*!|>%,?~.\r<0x1"
    for i in range(300):
        (tmp_path / f"{i}.yaml").write_text("".join(random.choices(letters, k=300)))
    assert scan(tmp_path).code in {0, 3}
