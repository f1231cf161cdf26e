"""What charts are rendered with: the settings file and the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guardrail.catalog import settings_file
from guardrail.errors import PolicyError
from tests.conftest import Command
from tests.scan.render.test_helm import FILES
from tests.scan.render.tools import HELM, needs_helm, on_path, write

SETTINGS = """\
render-seconds: 7
helm:
  values: [deploy/production.yaml]
  set:
    image.tag: "1.10"
    debug: true
    note: a,b
    nothing: null
"""


def test_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / ".guardrail.yaml").write_text(SETTINGS)
    read = settings_file.read(tmp_path / ".guardrail.yaml")
    assert read.render_seconds == 7
    assert read.helm_values == (os.path.join(str(tmp_path), "deploy/production.yaml"),)
    assert read.helm_set[:3] == ("image.tag=1.10", "debug=true", "note=a\\,b")


@pytest.mark.parametrize(
    "text", ["helm: {value: []}", "render-seconds: 0", "helm: {set: {a: [1]}}", "helm: {dependency-update: true}"]
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / ".guardrail.yaml").write_text(text)
    with pytest.raises(PolicyError):
        settings_file.read(tmp_path / ".guardrail.yaml")


@needs_helm
def test_the_command_line(tmp_path: Path, guardrail: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path(monkeypatch, tmp_path / "bin", HELM)
    write(tmp_path, {**FILES, "own.yaml": "workers: []\n"})
    monkeypatch.setenv("PATH", os.environ["PATH"])
    given = ("scan", "shop", "--only", "host-namespace-shared", "--only", "privileged-container", "--quiet")
    told = guardrail(*given, "--helm-values", "own.yaml", "--helm-set", "debug=true")
    assert "deployment.yaml:14:7" in told.stdout
    assert "workers.yaml" not in told.stdout
    assert guardrail(*given, "--helm-values", "absent.yaml").returncode == 2
    assert guardrail(*given, "--helm-dependency-update").returncode == 1
