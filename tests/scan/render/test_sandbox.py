"""What a tool cannot do in the sandbox."""

from __future__ import annotations

import os
import tarfile
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest

from guardrail.scan.render import sandbox
from guardrail.scan.render.sandbox import Sandbox, TooMuch, copy, unpacked

SHELL = ["/bin/sh", "-c"]


def run(folder: Path, script: str, seconds: int = 10) -> sandbox.Done:
    return Sandbox(str(folder), seconds).run([*SHELL, script], str(folder))


def test_what_it_writes_comes_back(tmp_path: Path) -> None:
    assert run(tmp_path, "echo yes; echo no >&2") == ("yes\n", "")
    assert run(tmp_path, "echo no >&2; exit 3").failure == "no"
    assert run(tmp_path, "exit 3").failure == "ended with exit code 3"


def test_it_sees_nothing_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    seen = run(tmp_path, "echo $HOME; set").output
    assert seen.startswith(str(tmp_path / "home"))
    assert "hunter2" not in seen
    assert "127.0.0.1:9" in seen


@pytest.mark.skipif(not os.path.exists("/proc/net/dev"), reason="not Linux")
def test_it_has_no_network_where_the_system_lets_us(tmp_path: Path) -> None:
    box = Sandbox(str(tmp_path), 10)
    seen = box.run([*SHELL, 'while read -r l; do echo "$l"; done < /proc/net/dev'], str(tmp_path)).output
    if not box._apart():
        pytest.skip("this system gives users no network namespaces")
    assert [line.split(":")[0] for line in seen.splitlines()[2:]] == ["lo"]


def test_it_is_stopped_in_time_with_all_it_started(tmp_path: Path) -> None:
    begin = monotonic()
    done = run(tmp_path, f"(while :; do :; done) & echo $! > {tmp_path}/child; while :; do :; done", 1)
    assert "longer than 1 seconds" in done.failure
    assert monotonic() - begin < 5
    child = int((tmp_path / "child").read_text())
    while _state(child) not in ("Z", "") and monotonic() - begin < 10:  # gone, or waited for by nobody
        sleep(0.01)
    assert _state(child) in ("Z", "")


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_all_that_runs_shares_the_time(tmp_path: Path) -> None:
    box = Sandbox(str(tmp_path), 1)
    begin = monotonic()
    for _ in range(3):
        box.run([*SHELL, "while :; do :; done"], str(tmp_path))
    assert monotonic() - begin < 3


def test_it_cannot_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_OUTPUT", 100_000)
    done = run(tmp_path, "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done")
    assert done.failure
    assert not done.output
    assert sum(f.stat().st_size for f in tmp_path.rglob("*") if f.is_file()) < 1_000_000


def test_a_tool_that_is_not_there(tmp_path: Path) -> None:
    assert Sandbox(str(tmp_path), 1).run(["/nonexistent/helm"], str(tmp_path)).failure


def test_copies_follow_no_link_out_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    chart = tmp_path / "root" / "chart"
    chart.mkdir(parents=True)
    (tmp_path / "root" / "shared").write_text("y")
    (chart / "out").symlink_to(tmp_path / "secret")
    (chart / "in").symlink_to(tmp_path / "root" / "shared")
    (chart / "round").symlink_to(chart)
    os.mkfifo(chart / "pipe")
    copy(str(chart), str(tmp_path / "to"), str(tmp_path / "root"))
    assert sorted(f.name for f in (tmp_path / "to").rglob("*")) == ["in"]


def test_too_much_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_FILES", 3)
    for n in range(4):
        (tmp_path / f"{n}").write_text("")
    with pytest.raises(TooMuch):
        copy(str(tmp_path), str(tmp_path / "to"), str(tmp_path))


def test_an_archive_stays_in_its_folder(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "c.tgz", "w:gz") as packed:
        for name in ("c/Chart.yaml", "c/../../evil", "/evil", "c/templates/a.yaml"):
            member = tarfile.TarInfo(name)
            member.size = 1
            packed.addfile(member, BytesIO(b"x"))
        link = tarfile.TarInfo("c/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        packed.addfile(link)
    assert unpacked(str(tmp_path / "c.tgz"), str(tmp_path / "to")) == ""
    found = sorted(str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file() and f.suffix != ".tgz")
    assert found == ["to/Chart.yaml", "to/evil", "to/templates/a.yaml"]


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "c.tgz").write_bytes(b"\x1f\x8b no")
    assert unpacked(str(tmp_path / "c.tgz"), str(tmp_path / "to")).startswith("is no archive of a chart")
