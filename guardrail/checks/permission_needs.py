"""What the steps of a job need of its token: for certain, possibly, or nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from guardrail.actions.shell import Command, commands
from guardrail.actions.uses import Uses, parse_uses
from guardrail.checks import permission_commands, permission_table
from guardrail.checks.token_uses import BUILTIN, EITHER, OTHER, Same, mentions_token, whose
from guardrail.model.place import Path
from guardrail.views.workflows import Data, Job

ANYTHING = "*"
_TOKENS = frozenset(
    "token github-token github_token repo-token repo_token gh_token gh-token githubtoken access-token".split()
)
_HOSTED = ("ubuntu-", "windows-", "macos-")


class Need(NamedTuple):
    """What a step needs for certain: permissions of which one is enough, the level, and where that shows.

    `text` is the command within the script, or empty for an action; `what` is how a message calls it.
    """

    permissions: tuple[str, ...]
    level: str
    path: Path
    what: str
    text: str = ""


class Needs(NamedTuple):
    """What a job needs for certain, and the permissions a step may make use of, `*` among them for any."""

    certain: tuple[Need, ...]
    possible: frozenset[str]

    def may_use(self, permission: str) -> bool:
        """Whether it cannot be ruled out that a step makes use of a permission."""
        certain = {p for need in self.certain for p in need.permissions}
        return ANYTHING in self.possible or permission in self.possible or permission in certain


class _Scene(NamedTuple):
    """A job's steps with what they share: `env` of workflow and job, and whose credentials git has."""

    job: Job
    steps: list[tuple[Data, Path]]
    env: Mapping[str, object]
    shell: str
    hosted: bool
    git: str
    thorough: bool

    @property
    def pushes(self) -> bool:
        """Whether git may push with the job's own token."""
        return self.git in (BUILTIN, EITHER)

    def env_of(self, step: Data) -> dict[str, object]:
        return {**self.env, **_mapping(step.get("env"))}


def needs(workflow: Mapping[str, Any], job: Job) -> Needs:
    """The needs of a job's steps; those of a job that calls a reusable workflow are not known."""
    if "uses" in job.data or "steps" not in job.data:
        return Needs((), frozenset({ANYTHING}))
    return _needs(Same(workflow), job.id, Same(job.data), True)


def certain(workflow: Mapping[str, Any], job: Job) -> tuple[Need, ...]:
    """Only what a job needs for certain, which costs less to find."""
    if "uses" in job.data or "steps" not in job.data:
        return ()
    return _needs(Same(workflow), job.id, Same(job.data), False).certain


@lru_cache(maxsize=64)
def _needs(workflow: Same, name: str, data: Same, thorough: bool) -> Needs:
    job = Job(name, data.data, ("jobs", name))  # type: ignore[arg-type]
    scene = _scene(workflow.data, job, thorough)  # type: ignore[arg-type]
    found: list[Need] = []
    possible: set[str] = set()
    if mentions_token(str(_mapping(job.data.get("container")).get("credentials"))):
        possible.add("packages")
    for step, path in scene.steps:
        for one in _of_step(step, path, scene):
            if isinstance(one, Need):
                found.append(one)
            else:
                possible.add(one)
    return Needs(tuple(found), frozenset(possible))


def _scene(workflow: Mapping[str, Any], job: Job, thorough: bool) -> _Scene:
    steps = list(_steps(job.data.get("steps"), (*job.path, "steps")))
    defaults = {**_default(workflow), **_default(job.data)}
    runner = job.data.get("runs-on")
    env = {**_mapping(workflow.get("env")), **_mapping(job.data.get("env"))}
    hosted = isinstance(runner, str) and runner.startswith(_HOSTED)
    return _Scene(job, steps, env, str(defaults.get("shell") or ""), hosted, _git(steps), thorough)


def _steps(given: object, path: Path) -> Iterator[tuple[Data, Path]]:
    for index, step in enumerate(given if isinstance(given, list) else ()):
        if isinstance(step, dict):
            yield step, (*path, index)
            yield from _steps(step.get("parallel"), (*path, index, "parallel"))


def _default(holder: Mapping[str, Any]) -> dict[str, object]:
    return dict(_mapping(_mapping(holder.get("defaults")).get("run")))


def _git(steps: list[tuple[Data, Path]]) -> str:
    """Whose credentials git pushes with: those that checkout leaves (the job's own token's, unless it is given others).

    actions/checkout's README: `persist-credentials` is true by default, `token` is the job's, `ssh-key` wins.
    """
    found = set[str]()
    for step, _ in steps:
        if parse_uses(str(step.get("uses") or "").strip()).name == "actions/checkout":
            found |= _left_by(inputs(step))
        elif "run" in step and any(m in str(step["run"]) for m in ("git remote", "extraheader", "insteadOf")):
            found.add(EITHER)
    return found.pop() if len(found) == 1 else EITHER if found else ""


def _left_by(given: Mapping[str, object]) -> set[str]:
    """Whose credentials a checkout with these inputs leaves behind."""
    if str(given.get("persist-credentials", "true")).strip().lower() == "false":
        return set()
    if "ssh-key" in given or "repository" in given:
        return {OTHER}
    return {whose(given.get("token", "${{ github.token }}")) or BUILTIN}


def _of_step(step: Data, path: Path, scene: _Scene) -> Iterator[Need | str]:
    uses = step.get("uses")
    if isinstance(uses, str):
        yield from _of_action(parse_uses(uses.strip()), step, path, scene)
    elif isinstance(step.get("run"), str):
        yield from _of_run(step, path, scene)


def _of_action(uses: Uses, step: Data, path: Path, scene: _Scene) -> Iterator[Need | str]:
    known = permission_table.entries(uses.name, uses.path) if uses.kind == "action" else None
    if known is None:
        yield ANYTHING
        return
    own = _token_of(step, scene) == BUILTIN
    for entry in known:
        holds = _all(entry.conditions, step, scene)
        if entry.certain and holds and (own or "id-token" in entry.permissions):
            yield Need(
                entry.permissions, entry.level, (*path, "uses"), f"{uses.name}{'/' * bool(uses.path)}{uses.path}"
            )
        elif holds is not False:
            yield from entry.permissions


def _token_of(step: Data, scene: _Scene) -> str:
    """Whose token an action works with: that of an input, else of a variable, else the job's own."""
    given = [whose(value) for name, value in inputs(step).items() if name in _TOKENS]
    env = {name.upper(): value for name, value in scene.env_of(step).items()}
    given += [whose(env[name]) for name in ("GITHUB_TOKEN", "GH_TOKEN") if name in env]
    return BUILTIN if {OTHER, EITHER}.isdisjoint(given) else EITHER


def _all(conditions: tuple[str, ...], step: Data, scene: _Scene) -> bool | None:
    """Whether all conditions hold; None where that depends on a value no file tells."""
    results = [_holds(condition, step, scene) for condition in conditions]
    return False if False in results else None if None in results else True


def _holds(condition: str, step: Data, scene: _Scene) -> bool | None:
    if condition == "hosted":
        return scene.hosted and "AWS_ACCESS_KEY_ID" not in scene.env_of(step)
    if condition == "ghcr":
        return _pushes_images(step, scene)
    if condition == "git":
        return None if scene.git == EITHER else scene.git == BUILTIN
    given = inputs(step)
    name, equals, wanted = condition.partition("=")
    if not equals:
        return (name[1:] not in given) if name.startswith("!") else name in given
    value = str(given.get(name.rstrip("!"), "")).strip().lower()
    if "${{" in value:
        return None
    return (value == wanted) != name.endswith("!")


def _pushes_images(step: Data, scene: _Scene) -> bool:
    """Whether images are pushed (always, or by what `github` says of the run) to ghcr.io with the job's own token.

    The one registry that the job signs in to tells where to; `env.X` stands for what the job's environment says.
    """
    push = str(inputs(step).get("push", "")).strip().lower()
    if push != "true" and not (push.startswith("${{") and "github." in push and "inputs." not in push):
        return False
    logins = [inputs(s) for s, _ in scene.steps if parse_uses(str(s.get("uses") or "")).name == "docker/login-action"]
    if len(logins) != 1 or whose(logins[0].get("password")) != BUILTIN:
        return False
    registry = str(logins[0].get("registry", ""))
    for name, value in scene.env.items():
        registry = registry.replace(f"${{{{ env.{name} }}}}", str(value))
    return registry.strip().lower().removeprefix("https://") == "ghcr.io"


def inputs(step: Mapping[str, object]) -> dict[str, object]:
    """What `with:` gives, by names in lower case; what is empty, or no scalar, counts as not given."""
    given = _mapping(step.get("with")).items()
    return {str(k).lower(): v for k, v in given if not isinstance(v, dict | list) and v is not None and str(v).strip()}


def _of_run(step: Data, path: Path, scene: _Scene) -> Iterator[Need | str]:
    script, env = str(step["run"]), scene.env_of(step)
    if not scene.thorough and "gh " not in script and "git" not in script:
        return  # nothing here is needed for certain
    tokens = [name for name, value in env.items() if isinstance(value, str) and mentions_token(value)]
    has_token = bool(tokens) or mentions_token(script)
    given = shell_of(step, scene.shell)
    found = commands(script, given)
    if not found and script.strip():
        yield from (ANYTHING,) if has_token else ("id-token", *(("contents",) if scene.pushes else ()))
        return
    for command in found:
        yield from _of_command(command, path, scene, has_token, _gh_token(env))


def _of_command(command: Command, path: Path, scene: _Scene, has_token: bool, gh: str) -> Iterator[Need | str]:
    where = (*path, "run")
    if permission_commands.is_quiet(command):
        return
    if command.head == "gh":
        yield from _of_gh(command, where, gh)
    elif permission_commands.is_plain_push(command) and scene.git == BUILTIN:
        yield Need(("contents",), "write", where, "`git push`", "git push" if "git push" in command.text else "")
    else:
        yield "id-token"
        if has_token:
            yield ANYTHING
        elif scene.pushes:
            yield "contents"


def _of_gh(command: Command, where: Path, gh: str) -> Iterator[Need | str]:
    """What a command of `gh` needs, by whose token it works with; that of another one is not looked at."""
    wanted = permission_commands.of_gh(command)
    if gh == OTHER:
        return
    if wanted is None or not gh:
        yield ANYTHING
        return
    text = " ".join(command.words[:3])
    for permissions, level in wanted:
        if gh == BUILTIN:
            yield Need(permissions, level, where, f"`{text}`", text if text in command.text else "")
        else:
            yield from permissions


def _gh_token(env: Mapping[str, object]) -> str:
    """Whose token `gh` works with: GH_TOKEN comes before GITHUB_TOKEN (gh's manual, `gh help environment`)."""
    return next((whose(env[name]) for name in ("GH_TOKEN", "GITHUB_TOKEN") if env.get(name)), "")


def shell_of(step: Data, default: str) -> str:
    """The shell a step sets, else the default of its job or workflow."""
    return str(step.get("shell") or default)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
