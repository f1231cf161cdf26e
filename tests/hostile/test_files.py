"""Files that are not what they seem, cannot be read, or are gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guardrail.scan import discover as discovering
from guardrail.scan.discover import Input, discover
from guardrail.scan.text import NoText, load
from tests.hostile.scans import Outcome, pod, scan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good file, whose finding every test wants to see."""
    (tmp_path / "good.yaml").write_text(pod("good"))
    return tmp_path


def judged(done: Outcome) -> list[str]:
    """Files with a finding."""
    return [file for file, _ in done.privileged]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (os.urandom(4096) + b"\0", "binary", 1),
        (b"a: b\0c\n", "binary", 1),
        (b"a: b\nb: \xff\xfe\n", "unreadable", 2),
        (b"\xff\xfe\0\0" + pod().encode("utf-32-le"), "unreadable", 1),
        (pod().encode("utf-16-le"), "binary", 1),
        (b"\xff\xfea", "unreadable", 1),
        (b"a: 1\nb: '\x07'\n", "unreadable", 2),
        (b"a: 1\nb: \xef\xbf\xbf\n", "unreadable", 2),
    ],
)
def test_no_text(folder: Path, content: bytes, code: str, line: int) -> None:
    (folder / "x.yaml").write_bytes(content)
    done = scan(folder)
    assert done.problems == [(code, "x.yaml", line)]
    assert judged(done) == ["good.yaml"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + pod().encode(),
        b"\xff\xfe" + pod().encode("utf-16-le"),
        b"\xfe\xff" + pod().encode("utf-16-be"),
        pod().replace("\n", "\r\n").encode(),
        pod().replace("\n", "\r").encode(),
    ],
)
def test_text_all_the_same(folder: Path, content: bytes) -> None:
    (folder / "x.yaml").write_bytes(content)
    assert scan(folder).privileged == [("good.yaml", 10), ("x.yaml", 10)]


def test_links(folder: Path) -> None:
    (folder / "self.yaml").symlink_to("self.yaml")
    (folder / "gone.yaml").symlink_to("nowhere")
    (folder / "a").mkdir()
    (folder / "a" / "round").symlink_to("..")
    (folder / "twice.yaml").symlink_to("good.yaml")
    (folder / "folder.yaml").mkdir()
    (folder / "folder.yaml" / "inner.yaml").write_text(pod("inner"))
    done = scan(folder)
    assert {(c, f) for c, f, _ in done.problems} == {
        ("unreadable", "self.yaml"),
        ("unreadable", "gone.yaml"),
    }
    assert judged(done) == ["folder.yaml/inner.yaml", "good.yaml"]


def test_named_links(folder: Path) -> None:
    (folder / "self.yaml").symlink_to("self.yaml")
    done = scan(folder, "self.yaml", "good.yaml")
    assert [f for _, f, _ in done.problems] == ["self.yaml"]
    assert judged(done) == ["good.yaml"]
    assert scan(folder, "nothing.yaml").code == 2


def test_pipes_and_devices(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    done = scan(folder, "pipe.yaml", "/dev/null", "/dev/zero", "good.yaml")
    assert [c for c, _, _ in done.problems] == ["unreadable"] * len(done.problems)
    assert "pipe.yaml" in {f for _, f, _ in done.problems}
    assert judged(done) == ["good.yaml"]
    assert "guardrail scan -" in done.report["problems"][-1]["message"]
    assert judged(scan(folder)) == ["good.yaml"]


@pytest.mark.parametrize(
    "name", [b"a\nb.yaml", b"\x1b[31mred.yaml", b"caf\xe9.yaml", "käse 😀.yaml".encode(), b"-x.yaml", b"a%0Ab::c.yaml"]
)
@pytest.mark.parametrize("content", [pod(), "a: ["])
def test_odd_names(folder: Path, name: bytes, content: str) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text(content)
    done = scan(folder)
    assert "good.yaml" in judged(done)
    assert len(done.problems) + len(judged(done)) == 2
    assert "\x1b[31m" not in done.errors
    for output in ("text", "github", "sarif", "junit", "markdown"):
        assert scan(folder, options=("-f", output, "--only", "privileged-container")).code == 1


def test_standard_input(folder: Path) -> None:
    assert scan(folder, "-", stdin=b"").code == 0
    assert scan(folder, "-", stdin=pod().encode()).privileged == [("stdin.yaml", 10)]
    assert scan(folder, "-", "-", stdin=pod().encode()).privileged == [("stdin.yaml", 10)]
    assert scan(folder, "-", stdin=b"a: b\n" * (10 << 20)).problems == [("too-large", "stdin.yaml", 1)]
    assert scan(folder, "-", stdin=b"\xff").problems == [("unreadable", "stdin.yaml", 1)]


def test_standard_input_beside_a_file_of_its_name(folder: Path) -> None:
    named = ("--stdin-filename", "good.yaml", "--only", "privileged-container")
    done = scan(folder, "-", "good.yaml", stdin=pod().encode(), options=named)
    assert len(done.privileged) == 2


def test_comments_on_standard_input_are_placed(folder: Path) -> None:
    text = pod().replace("privileged: true", "privileged: true # guardrail: ignore[privileged-container] fine")
    done = scan(folder, "-", stdin=text.encode(), options=())
    assert all(f["line"] for f in done.report["findings"])


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(pod())
    (source,) = discover([str(tmp_path)], ()).files
    file.unlink()
    found = load(source)
    assert isinstance(found, NoText)
    assert "No such file" in found.message


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(pod())

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", closed)
    found = load(Input(str(file), "x.yaml"))
    assert isinstance(found, NoText)
    assert "Permission denied" in found.message


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.yaml").write_text("")
    scandir = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    files = discover([str(tmp_path)], ()).files
    assert [Path(i.file).name for i in files] == ["a", "b.yaml"]
    found = load(files[0])
    assert isinstance(found, NoText)
    assert "Permission denied" in found.message


def test_a_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "getcwd", gone)
    with pytest.raises(discovering.UsageError, match="working directory"):
        discover(["-"], ())


ODD = {
    "cyclic alias": ("apiVersion: v1\nkind: Foo\na: &a [*a]\n", 3),
    "alias without anchor": ("apiVersion: v1\nkind: Foo\na: *a\n", 3),
    "list as key": ("apiVersion: v1\nkind: Foo\na: &a [1]\n*a : 2\n", 4),
    "merge of a scalar": ("apiVersion: v1\nkind: Foo\na: &a x\nb:\n  <<: *a\n", 5),
    "merge of itself": ("apiVersion: v1\nkind: Foo\na: &a\n  <<: *a\n", 4),
    "tab": ("apiVersion: v1\nkind: Foo\na:\n\tb: 1\n", 4),
}


@pytest.mark.parametrize("case", ODD)
def test_a_problem_with_its_line(folder: Path, case: str) -> None:
    text, line = ODD[case]
    (folder / "x.yaml").write_text(f"{text}---\n{pod()}")
    done = scan(folder)
    assert done.problems == [("unreadable", "x.yaml", line)]
    assert judged(done) == ["good.yaml", "x.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: hello}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: {a: {image: b}}}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [a, 1, ~, [x]]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: [a]\nspec: {containers: [{image: b}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: [a], labels: [b], annotations: x}\nspec: 5\n",
        "apiVersion: v1\nkind: 5\nmetadata: {name: p}\nspec: {containers: [{image: b}]}\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 5, securityContext: x, env: y}], volumes: q}\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: .nan, resources: {limits: {cpu: .nan}}}]}\n",
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
        "apiVersion: v1\nkind: List\nitems: [~, 1, [x], {kind: Pod}]\n",
        "? \n: \n",
        "&a : *a\n",
    ],
)
def test_odd_shapes(folder: Path, text: str) -> None:
    (folder / "x.yaml").write_text(text)
    done = scan(folder, options=("--profile", "strict"))
    assert done.code == 1
    assert {c for c, _, _ in done.problems} <= {"check-failed"}
    assert "good.yaml" in {f["file"] for f in done.report["findings"]}
