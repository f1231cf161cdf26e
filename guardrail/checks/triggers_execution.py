"""Steps that run code of the tree that is checked out: build tools, scripts, local actions.

Most tools run what a repository tells them to: `npm ci` its scripts, `pip install .` its `setup.py`, `eslint` its
configuration (github/docs, "Securely using pull_request_target"; the catalogue "Living Off The Pipeline").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import NamedTuple

from guardrail.actions import shell
from guardrail.actions.shell import Command
from guardrail.actions.uses import parse_uses
from guardrail.model.place import Path
from guardrail.views.workflows import Step

_HEADS = frozenset(
    """
    act ansible-playbook ant bazel bazelisk buck2 bun bundle cargo cdk cmake composer conda ctest cypress deno
    devspace docker-compose dotnet earthly eslint flutter gatsby go golangci-lint goreleaser gradle grunt gulp
    hatch helmfile invoke jekyll jest just lake lein lerna mage make meson mix mkdocs mocha msbuild mvn mypy ng
    ninja node nox npm npx nx pants pdm phpstan phpunit pip pip3 pipenv pixi playwright pnpm pnpx poetry pre-commit
    prettier pulumi pylint pytest python python2 python3 rake react-scripts rspec rubocop ruby rush sam sbt scons
    serverless skaffold sls sphinx-build stack stylelint swift task terraform terragrunt tilt tofu tox ts-node tsx
    turbo uv uvx vite vitest webpack xcodebuild yarn zig
    """.split()
)
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh", "source", ".", "pwsh", "powershell", "perl", "php"})
_NEVER = frozenset({"--version", "-v", "-V", "version", "--help", "-h", "help"})
_HARMLESS: Mapping[str, frozenset[str]] = {
    "npm": frozenset({"config", "view", "login", "logout", "whoami", "dist-tag", "ping", "-g", "--global"}),
    "yarn": frozenset({"config", "global", "set"}),
    "pnpm": frozenset({"config", "-g", "--global"}),
    "go": frozenset({"version", "env", "install", "get", "mod", "fmt", "vet"}),
    "cargo": frozenset({"fmt", "login", "search", "install"}),
    "dotnet": frozenset({"nuget", "--info", "tool"}),
    "terraform": frozenset({"fmt", "version", "login"}),
    "tofu": frozenset({"fmt", "version", "login"}),
    "python": frozenset({"-c", "-I"}),
    "python3": frozenset({"-c", "-I"}),
    "node": frozenset({"-e", "-p", "--eval"}),
    "helmfile": frozenset(),
}
_INSTALLERS = frozenset({"pip", "pip3", "pipx", "uv"})
_DOCKER = frozenset({"build", "buildx", "compose"})
_ACTIONS = frozenset(
    """
    borales/actions-yarn bridgecrewio/checkov-action cypress-io/github-action docker/bake-action
    docker/build-push-action github/super-linter golangci/golangci-lint-action goreleaser/goreleaser-action
    gradle/gradle-build-action oxsecurity/megalinter pre-commit/action pypa/cibuildwheel super-linter/super-linter
    treosh/lighthouse-ci-action wagoid/commitlint-github-action
    """.split()
)
"""Actions that build, test or lint the tree with its own configuration, by their documentation."""


class Execution(NamedTuple):
    """Where code of the tree is run, and by what."""

    path: Path
    text: str
    words: str


def executions(step: Step, folder: str) -> Iterator[Execution]:
    """Where a step runs code below a folder of the workspace; the empty folder is the workspace itself."""
    uses, script = step.data.get("uses"), step.data.get("run")
    if isinstance(uses, str):
        yield from _used(step, uses.strip(), folder)
    elif isinstance(script, str):
        yield from _run(step, script, folder)


def _used(step: Step, uses: str, folder: str) -> Iterator[Execution]:
    parsed = parse_uses(uses)
    given = step.data.get("with")
    given = given if isinstance(given, Mapping) else {}
    if parsed.kind == "local" and _within(parsed.path, folder):
        yield Execution((*step.path, "uses"), uses, f"the action {uses} of that tree")
    elif parsed.name in _ACTIONS and (not folder or folder in str(given)):
        yield Execution((*step.path, "uses"), uses, parsed.name)
    elif parsed.name == "ruby/setup-ruby" and str(given.get("bundler-cache", "")).lower() == "true":
        directory = str(given.get("working-directory") or ".")
        if _within(directory, folder):
            yield Execution((*step.path, "with", "bundler-cache"), "", "bundle install")


def _within(path: str, folder: str) -> bool:
    plain = normpath(path.removeprefix("$/") or ".")
    return not folder or plain == folder or plain.startswith(folder + "/")


def _run(step: Step, script: str, folder: str) -> Iterator[Execution]:
    directory = _directory(step)
    if folder and folder not in script and not _within(directory, folder):
        return
    # A checkout into a folder leaves the workspace as it was: what runs there is the repository's own.
    inside = not folder or _within(directory, folder)
    for command in shell.commands(script, str(step.data.get("shell") or "")):
        inside = inside or (command.head in ("cd", "pushd") and any(_within(w, folder) for w in command.words[1:]))
        if runs_tree(command) and (inside or any(folder in word for word in command.words)):
            words = command.text if len(command.text) <= 60 else command.text[:59] + "…"
            yield Execution((*step.path, "run"), command.text.splitlines()[0], f"`{words.splitlines()[0]}`")
            return


def _directory(step: Step) -> str:
    own = step.data.get("working-directory")
    defaults = step.job.data.get("defaults")
    run = defaults.get("run") if isinstance(defaults, Mapping) else None
    given = own if own is not None else run.get("working-directory") if isinstance(run, Mapping) else None
    return str(given or ".")


def runs_tree(command: Command) -> bool:
    """Whether a command runs code of the tree it is started in."""
    head, rest = command.head, command.words[1:]
    name = head.rpartition("/")[2]
    if head.startswith(("./", "../")) or ("/" in head and not head.startswith(("/", "~", "$"))):
        return True
    if not rest:
        return name in ("make", "just", "ninja", "yarn", "tox", "nox", "pytest", "bazel", "gradle", "msbuild", "rake")
    if _NEVER.issuperset(rest):
        return False
    if name in _SHELLS:
        return any(not w.startswith(("-", "/", "~", "$", "<", "http")) for w in rest[:1])
    if name == "docker":
        return rest[0] in _DOCKER and "login" not in rest
    if name in _INSTALLERS or (name in ("python", "python3") and rest[:2] == ("-m", "pip")):
        return _installs_tree(rest)
    if name not in _HEADS or _HARMLESS.get(name, frozenset()).intersection(rest[:2]):
        return False
    return not (name in ("npm", "pnpm", "yarn") and "--ignore-scripts" in rest and "run" not in rest)


def _installs_tree(rest: tuple[str, ...]) -> bool:
    """Whether an installer of Python packages is sent to the tree: `.`, `-e`, a file of requirements, `uv run`."""
    if rest[0] in ("run", "sync", "build"):
        return True
    return "install" in rest and any(
        w in ("-e", "--editable", "-r", "--requirement", "-c") or w == "." or w.startswith((".[", "./")) for w in rest
    )
