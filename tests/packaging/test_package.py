"""What is delivered: the wheel holds everything and works where the checkout is not."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.action.conftest import PRIVILEGED
from tests.packaging.environment import ROOT, borrow, empty_environment

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
HEAVY = {"sarif_om", "jsonschema", "hcl2", "ruamel", "regex"}


def build(folder: Path, source: Path, target: str) -> Path:
    """Build a wheel or an sdist of `source`, with the backend that is installed here."""
    pytest.importorskip("hatchling", reason="hatchling is not installed (it is in the dev extra)")
    command = [sys.executable, "-m", "hatchling", "build", "--target", target]
    done = subprocess.run(
        [*command, "--directory", str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


def names(wheel: Path) -> set[str]:
    """Files in a wheel, but for its metadata."""
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build(tmp_path_factory.mktemp("wheel"), ROOT, "wheel")


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scripts folder of an environment with the wheel installed; dependencies are borrowed."""
    python = empty_environment(tmp_path_factory.mktemp("venv") / "venv")
    # Installed while the environment is still empty, so that pip sees no other guardrail.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    borrow(python)
    return python.parent


def run(scripts: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command, away from the checkout."""
    command = [str(scripts / "guardrail"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_wheel_holds_all_policies_and_package_data(wheel: Path) -> None:
    inside = names(wheel)
    for folder, prefix in (("policies", "guardrail/"), ("guardrail", "")):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".yaml", ".yml", ".json", ".typed") and path.is_file():
                assert prefix + path.relative_to(ROOT).as_posix() in inside
    assert all(name.startswith("guardrail/") for name in inside)
    assert any(name.startswith("guardrail/policies/") for name in inside)


@pytest.mark.slow
def test_the_sdist_is_complete(wheel: Path, tmp_path: Path) -> None:
    """A wheel built from the sdist is the wheel built from the checkout."""
    packed = build(tmp_path / "sdist", ROOT, "sdist")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    assert names(build(tmp_path / "again", source, "wheel")) == names(wheel)
    for name in ("tests", "action.yml", ".pre-commit-hooks.yaml", "policies"):
        assert (source / name).exists()


@pytest.mark.slow
def test_the_installed_command_works(scripts: Path, tmp_path: Path) -> None:
    version = run(scripts, tmp_path, "--version")
    assert version.returncode == 0, version.stderr
    rules = run(scripts, tmp_path, "rules")
    assert rules.returncode == 0, rules.stderr
    assert "privileged" in rules.stdout
    (tmp_path / "pod.yaml").write_text(PRIVILEGED)
    scan = run(scripts, tmp_path, "scan", "--format=json", "pod.yaml")
    assert scan.returncode == 1, scan.stdout + scan.stderr
    assert json.loads(scan.stdout)["findings"]


@pytest.mark.slow
def test_what_is_installed_is_the_wheel(scripts: Path) -> None:
    where = "import guardrail; print(guardrail.__file__)"
    shown = subprocess.check_output([str(scripts / "python"), "-I", "-c", where], text=True)
    assert Path(shown.strip()).is_relative_to(scripts.parent)


@pytest.mark.parametrize("arguments", [[], ["--version"], ["--help"]])
def test_the_door_opens_without_heavy_libraries(arguments: list[str]) -> None:
    """Not a timing: the names of what was imported."""
    program = (
        "import sys, guardrail.cli.main as door\n"
        f"sys.argv = ['guardrail', *{arguments!r}]\n"
        "try:\n"
        "    door.main() if sys.argv[1:] else None\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "print('\\n', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    shown = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert not HEAVY & set(shown.splitlines()[-1].split())


def test_seven_dependencies() -> None:
    """A new one is a decision, not an accident: it costs every user."""
    assert sorted(d.partition(">=")[0] for d in PROJECT["dependencies"]) == sorted(
        ["click", "PyYAML", "jsonschema", "python-hcl2", "ruamel.yaml", "sarif-om", "regex"]
    )
    assert PROJECT["scripts"] == {"guardrail": "guardrail.cli.main:main"}
