"""For every test of the action: an environment in place of the installed one, a repository."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.action.composite import Composite, Result
from tests.packaging.environment import ROOT, borrowed_environment

Run = Callable[..., Result]

PRIVILEGED = """\
apiVersion: v1
kind: Pod
metadata:
  name: bad
  namespace: shop
spec:
  containers:
    - name: app
      image: registry.example/app:latest
      securityContext:
        privileged: true
"""
HARMLESS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: colours
  namespace: shop
  labels:
    app.kubernetes.io/name: shop
data:
  sky: blue
"""
BROKEN = "apiVersion: v1\nkind: Pod\nmetadata: {name: [unclosed\n"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Interpreter of an environment with this checkout in it, in place of the install step."""
    return str(borrowed_environment(tmp_path_factory.mktemp("venv") / "venv", ROOT))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty repository, where the action runs."""
    folder = tmp_path / "workspace"
    (folder / ".git").mkdir(parents=True)
    return folder


@pytest.fixture
def run_action(tmp_path: Path, workspace: Path, installed: str) -> Run:
    """Run the action in the workspace: `run_action({input: value}, github={...})`."""

    def run(
        inputs: Mapping[str, str] | None = None,
        *,
        github: Mapping[str, Any] | None = None,
        failing: tuple[str, ...] = (),
    ) -> Result:
        world = {
            "event_name": "push",
            "repository": "acme/shop",
            "actor": "ada",
            "event": {},
            **(github or {}),
        }
        temp = tmp_path / f"temp{len(list(tmp_path.glob('temp*')))}"
        temp.mkdir()
        action = Composite(ROOT, workspace, temp, world, {"install": {"python": installed}}, failing)
        return action.run(inputs)

    return run


def report(result: Result) -> Any:
    """The JSON report a run left."""
    return json.loads(Path(result.outputs["json-file"]).read_text())
