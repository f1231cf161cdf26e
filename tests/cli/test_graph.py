"""`guardrail graph`, through the installed command; what is drawn is tested in tests/pages/test_drawing.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command

CD = """\
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest
  scan:
    runs-on: ubuntu-latest
    continue-on-error: true
    steps:
      - run: semgrep ci
  deploy:
    needs: [test, scan]
    environment: production
    runs-on: ubuntu-latest
    steps:
      - run: kubectl apply -f k8s/
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "cd.yml").write_text(CD)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_mermaid_shows_gates_and_verdicts(guardrail: Command) -> None:
    done = guardrail("graph", "cd")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["%% .github/workflows/cd.yml", "flowchart LR"]
    assert '  j0["test<br/>tests#58; pytest"]' in lines
    assert '  j1["scan<br/>sast#58; semgrep ci"]' in lines
    assert '  j2[["deploy<br/>environment#58; production<br/>deploys#58; kubectl apply -f k8s/"]]' in lines
    assert {"  j0 --> j2", "  j1 --> j2", "  start --> j0"} <= set(lines)
    assert any(line.startswith('  v0("proven#58;<br/>tests') for line in lines)
    assert any(line.startswith('  v1("violated#58;<br/>') and "sast#58; masked" in line for line in lines)
    assert "  class j0,v0 proven" in lines
    assert "  class j1,j2,v1 violated" in lines


@pytest.mark.usefixtures("repository")
def test_a_profile_says_which_gates_are_missing(guardrail: Command) -> None:
    assert "secret-scan" not in guardrail("graph", "cd").stdout
    assert "secret-scan" in guardrail("graph", "cd", "--profile", "delivery").stdout


def test_dot_into_a_file(guardrail: Command, repository: Path) -> None:
    done = guardrail("graph", "cd", "-f", "dot", "-o", "out/cd.dot")
    assert (done.returncode, done.stdout) == (0, "")
    text = (repository / "out" / "cd.dot").read_text()
    assert text.startswith('digraph workflow {\n  label=".github/workflows/cd.yml";\n')
    assert '  j0 [label="test\\ltests: pytest\\l", shape=box, fillcolor="#dafbe1", color="#1a7f37"];\n' in text
    assert text.endswith("}\n")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("dc.yml",), 2, "did you mean 'cd.yml'"),
        (("cd", "-f", "svg"), 2, "svg"),
        (("cd", "--profile", "delivry"), 2, "did you mean 'delivery'"),
        (("broken.yml",), 3, "broken.yml"),
    ],
)
def test_errors(guardrail: Command, repository: Path, args: tuple[str, ...], code: int, words: str) -> None:
    (repository / "broken.yml").write_text("on: push\njobs: {a: [\n")
    done = guardrail("graph", *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_drawing_that_mermaid_refuses_is_announced(guardrail: Command, repository: Path) -> None:
    jobs = "".join(f"  job-{n}: {{runs-on: x, steps: [{{run: x}}]}}\n" for n in range(501))
    (repository / "many.yml").write_text(f"on: push\njobs:\n{jobs}")
    assert "too large for Mermaid" in guardrail("graph", "many.yml").stderr
    assert guardrail("graph", "many.yml", "-f", "dot").stderr == ""
