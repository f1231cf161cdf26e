"""What commands of a `run` step need of the token: those of `gh` and `git`, and those that never use one."""

from __future__ import annotations

from guardrail.actions.shell import Command

Need = tuple[tuple[str, ...], str]
"""Permissions of which one is enough, and the level."""

_COMMENT: Need = (("issues", "pull-requests"), "write")
_GH: dict[str, tuple[Need, ...]] = {
    "release create": ((("contents",), "write"),),
    "release delete": ((("contents",), "write"),),
    "release edit": ((("contents",), "write"),),
    "release upload": ((("contents",), "write"),),
    "issue close": (_COMMENT,),
    "issue comment": (_COMMENT,),
    "issue create": ((("issues",), "write"),),
    "issue delete": ((("issues",), "write"),),
    "issue edit": (_COMMENT,),
    "issue pin": ((("issues",), "write"),),
    "issue reopen": (_COMMENT,),
    "label clone": (_COMMENT,),
    "label create": (_COMMENT,),
    "label delete": (_COMMENT,),
    "label edit": (_COMMENT,),
    "pr close": ((("pull-requests",), "write"),),
    "pr comment": (_COMMENT,),
    "pr create": ((("pull-requests",), "write"),),
    "pr edit": (_COMMENT,),
    "pr merge": ((("contents",), "write"), (("pull-requests",), "write")),
    "pr ready": ((("pull-requests",), "write"),),
    "pr review": ((("pull-requests",), "write"),),
    "cache delete": ((("actions",), "write"),),
    "run cancel": ((("actions",), "write"),),
    "run delete": ((("actions",), "write"),),
    "run rerun": ((("actions",), "write"),),
    "workflow disable": ((("actions",), "write"),),
    "workflow enable": ((("actions",), "write"),),
    "workflow run": ((("actions",), "write"),),
}
"""Commands of GitHub's CLI that write, by the permission of the REST or GraphQL call behind them."""

_READS = frozenset({"view", "list", "status", "checks", "diff", "download", "watch", "verify", "checkout", "ls"})

_QUIET = frozenset(
    """
    : [ [[ actionlint alias ansible-lint apt apt-get awk bandit basename bats black brew bundler-audit bzip2 cat cd
    chmod chown clang-format cmake cmp codespell coverage cp cppcheck createdb ctest cut date declare deno df diff
    dirname docker-compose du echo env eslint exit export false file find flake8 free g++ gcc gem-audit getconf
    gofmt golangci-lint grep groupadd gunzip gzip hadolint head hostname id isort java javac jest jq ldd let ln
    local locale-gen ls lsb_release lscpu mariadb markdownlint md5sum meson mkdir mktemp mocha mv mypy mysql ninja
    nproc nvm nyc od pg_isready phpcs phpstan phpunit pkg-config playwright prettier printenv printf ps psql pushd
    popd pwd pylint pyright pytest read readlink realpath redis-cli rm rmdir rspec rubocop ruff rustc sed seq set
    sha256sum shellcheck shift shopt sleep sort stat stylelint swiftlint tail tar tee test time tool touch tr trap
    tree true tsc type ulimit uname unset unxz unzip uptime vitest wait wc which whoami xargs xz yamllint yq zip
    zstd
    """.split()
)
"""Commands that read and write files on the runner, or test and lint, and have no use for the token."""

_QUIET_FIRST: dict[str, frozenset[str]] = {
    head: frozenset(words.split())
    for head, words in {
        "bundle": "check config install",
        "cargo": "audit bench build check clippy deny doc fetch fmt llvm-cov metadata nextest tarpaulin test",
        "composer": "audit dump-autoload install validate",
        "docker": "build images inspect info load logs ps pull run rmi rm save stop tag version exec",
        "dotnet": "build clean format restore test --info --version",
        "flutter": "analyze build doctor pub test",
        "git": "add branch cat-file checkout clean config describe diff fetch grep log ls-files ls-remote merge-base "
        "reset rev-list rev-parse show status submodule switch version --version",
        "go": "build env fmt generate get install list mod run test tool version vet work",
        "helm": "dependency lint repo template version",
        "mvn": "clean compile package test verify install -B --batch-mode -v --version",
        "npm": "audit cache ci config dedupe install i ls outdated rebuild t test -v --version",
        "pip": "cache check config download freeze install list show --version",
        "pip3": "cache check config download freeze install list show --version",
        "pnpm": "audit i install ls store test --version",
        "poetry": "check config env install lock show version",
        "python": "-m -V --version",
        "python3": "-m -V --version",
        "swift": "build test package --version",
        "terraform": "fmt init plan validate version",
        "tofu": "fmt init plan validate version",
        "uv": "lock pip python sync venv --version",
        "yarn": "audit cache config install test --version",
    }.items()
}
_QUIET_MODULES = frozenset(
    "black build compileall coverage ensurepip flake8 isort json.tool mypy pip pylint pytest unittest venv".split()
)
_QUIET_SCRIPTS = frozenset(
    """
    audit build check ci:test compile coverage fmt format format:check lint lint:check lint:ci test test:ci
    test:coverage test:e2e test:integration test:unit tsc type-check typecheck typecheck:ci unit
    """.split()
)
_RUNNERS = frozenset(
    {"npm", "pnpm", "yarn", "bun", "make", "just", "task", "gradle", "gradlew", "./gradlew", "tox", "nox"}
)


def of_gh(command: Command) -> tuple[Need, ...] | None:
    """What a command of `gh` needs; nothing for those that read, None where it may be anything.

    One that names another repository needs nothing here: the job's own token cannot write there anyway.
    """
    words = [w for w in command.words[1:] if not w.startswith("-")]
    if any(w in ("-R", "--repo") or w.startswith("--repo=") for w in command.words) or len(words) < 2:
        return None
    known = _GH.get(f"{words[0]} {words[1]}")
    return known if known is not None else () if words[1] in _READS else None


def is_plain_push(command: Command) -> bool:
    """Whether a command is a `git push` to the remote that the checkout set up."""
    words = [w for w in command.words if w not in ("-q", "--quiet")]
    if words[:2] != ["git", "push"] or {"--dry-run", "-n", "-h", "--help"} & set(words):
        return False
    targets = [w for w in words[2:] if not w.startswith("-")]
    return not targets or targets[0] == "origin"


def is_quiet(command: Command) -> bool:
    """Whether a command surely makes no use of the token or of git's credentials."""
    head = command.head.rpartition("/")[2] if command.head.startswith(("/usr/", "/bin/")) else command.head
    words = command.words[1:]
    if not head or head in _QUIET:
        return not command.opaque
    if command.opaque:
        return False
    first = words[0] if words else ""
    if head in ("python", "python3", "py") and first == "-m":
        return len(words) > 1 and words[1] in _QUIET_MODULES
    if first in _QUIET_FIRST.get(head, ()):
        return True
    return head in _RUNNERS and _runs_quiet_script(head, [w for w in words if not w.startswith("-")])


def _runs_quiet_script(head: str, words: list[str]) -> bool:
    """Whether what a script runner is given are scripts called `test`, `lint`, `build` and the like."""
    if head in ("npm", "pnpm", "yarn", "bun") and words[:1] in (["run"], ["run-script"]):
        words = words[1:2]
    return bool(words) and all(w in _QUIET_SCRIPTS for w in words)
