"""The real tools, and charts and overlays written for a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from guardrail.model.report import Report

Scan = Callable[..., Report]

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: registry.example/app:1.4
      securityContext:
        privileged: true
"""


def found(name: str, variable: str) -> str:
    """The path of a tool: as the variable says, else on the PATH; empty where it is nowhere."""
    return os.environ.get(variable, "") or shutil.which(name) or ""


HELM = found("helm", "GUARDRAIL_HELM")
KUSTOMIZE = found("kustomize", "GUARDRAIL_KUSTOMIZE")

needs_helm = pytest.mark.skipif(not HELM, reason="helm is not here: set GUARDRAIL_HELM or put it on the PATH")
needs_kustomize = pytest.mark.skipif(
    not KUSTOMIZE, reason="kustomize is not here: set GUARDRAIL_KUSTOMIZE or put it on the PATH"
)


def on_path(monkeypatch: pytest.MonkeyPatch, folder: Path, *tools: str) -> None:
    """Let the PATH have these tools and none other of theirs: git and the shell stay."""
    folder.mkdir(exist_ok=True)
    for tool in tools:
        _link(folder / Path(tool).name, tool)
    for tool in ("git", "sh", "unshare"):
        if (known := shutil.which(tool)) is not None:
            _link(folder / tool, known)
    monkeypatch.setenv("PATH", str(folder))


def _link(there: Path, tool: str) -> None:
    if not there.exists():
        there.symlink_to(tool)


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files by name."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
