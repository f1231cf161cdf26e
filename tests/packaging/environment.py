"""A virtual environment in a tenth of a second: nothing is installed, it borrows from this one."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def empty_environment(folder: Path) -> Path:
    """Make a venv with nothing in it, not even pip; give its python."""
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    return folder / "bin" / "python"


def borrow(python: Path, *more: Path) -> None:
    """Let an environment see `more`, and the packages of the running interpreter after them.

    A .pth file, so that it holds for `python -I` too, which looks at neither the working directory
    nor PYTHONPATH. The .pth files of a borrowed folder are not followed: an editable installation
    of guardrail stays outside.
    """
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    target = subprocess.check_output([python, "-I", "-c", where], text=True).strip()
    ours = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    Path(target, "borrowed.pth").write_text("\n".join([*map(str, more), *sorted(ours)]) + "\n")


def borrowed_environment(folder: Path, *more: Path) -> Path:
    """An environment with `more` and what the running interpreter has; gives its python."""
    python = empty_environment(folder)
    borrow(python, *more)
    return python


def package_index_within_reach(folder: Path) -> bool:
    """Whether pip can fetch a package here; tests that install for real are skipped without."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "click"]
    return not subprocess.run([*command, "-d", folder / "probe"], capture_output=True, check=False).returncode
