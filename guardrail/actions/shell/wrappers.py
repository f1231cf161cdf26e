"""Commands that run another command: `sudo`, `timeout 5m`, `npx`, `poetry run`, `docker run image` …

Each line of the tables is what the tool's own help or manual page says of its options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_MOST = 8
"""How many wrappers are taken off one command."""


class Wrapper(NamedTuple):
    """`options` are those that take a value; `operands` how many words precede the command; `dashes` is whether the
    command begins only behind one of `starts`; `script` is the option whose value is a script (`sh -c`); with a word of
    `unless` it is no wrapper."""

    options: str = ""
    operands: int = 0
    dashes: bool = False
    script: str = ""
    unless: str = ""
    starts: str = "--"


_DOCKER = (
    "-a -c -e -h -l -m -p -u -v -w --add-host --cpus --device --dns --entrypoint --env --env-file --expose --gpus "
    "--health-cmd --hostname --ip --label --link --mac-address --memory --mount --name --net --network --pid "
    "--platform --publish --pull --restart --security-opt --shm-size --tmpfs --ulimit --user --userns --volume "
    "--volumes-from --workdir --cap-add --cap-drop --ipc --log-driver --index --project-directory --file -f --profile"
)
_CONDA = "-n --name -p --prefix --cwd"
_NYC = (
    "-r --reporter --report-dir --reports-dir -n --include -x --exclude -e --extension -t --temp-dir --temp-directory "
    "--lines --branches --functions --statements --cwd --src -i --require"
)
_NPX = Wrapper("-p --package -w --workspace", script="-c")

_WRAPPERS: Mapping[str, Wrapper] = {
    "sudo": Wrapper("-u -g -h -p -C -T -D -R -r -t --user --group --host --prompt --chdir --chroot"),
    "doas": Wrapper("-u -C"),
    "env": Wrapper("-u -C -S --unset --chdir --split-string"),
    "time": Wrapper("-f -o --format --output"),
    "nice": Wrapper("-n --adjustment"),
    "ionice": Wrapper("-c -n -p --class --classdata"),
    "nohup": Wrapper(),
    "setsid": Wrapper(),
    "exec": Wrapper("-a"),
    "command": Wrapper(unless="-v -V"),
    "builtin": Wrapper(),
    "chronic": Wrapper(),
    "unbuffer": Wrapper(),
    "stdbuf": Wrapper("-i -o -e --input --output --error"),
    "timeout": Wrapper("-s -k --signal --kill-after", operands=1),
    "gtimeout": Wrapper("-s -k --signal --kill-after", operands=1),
    "flock": Wrapper("-w -E --timeout --conflict-exit-code", operands=1, script="-c"),
    "xvfb-run": Wrapper(
        "-e -f -n -p -s -w --error-file --auth-file --server-num --xauth-protocol --server-args --wait"
    ),
    "dbus-run-session": Wrapper("--config-file --dbus-daemon"),
    "gosu": Wrapper(operands=1),
    "su-exec": Wrapper(operands=1),
    "runuser": Wrapper("-u --user -g --group", script="-c"),
    "su": Wrapper("-s --shell -g --group", operands=1, script="-c"),
    "caffeinate": Wrapper("-t -w"),
    "arch": Wrapper(),
    "xargs": Wrapper("-I -L -P -n -d -a -E -s --replace --max-lines --max-procs --max-args --delimiter --arg-file"),
    "retry": Wrapper("-t -d -n -s -r --times --delay --tries --sleep --max --timeout"),
    "cross-env": Wrapper(),
    "dotenv": Wrapper("-e -f -p -v --file"),
    "dotenvx run": Wrapper("-f --env-file"),
    "doppler run": Wrapper("-p -c -t --project --config --token", script="--command"),
    "infisical run": Wrapper("--env --path --projectId --token", script="--command"),
    "op run": Wrapper("--env-file --account"),
    "chamber exec": Wrapper(dashes=True),
    "aws-vault exec": Wrapper(dashes=True),
    "direnv exec": Wrapper(operands=1),
    "mise exec": Wrapper(dashes=True),
    "mise x": Wrapper(dashes=True),
    "asdf exec": Wrapper(),
    "volta run": Wrapper("--node --npm --yarn"),
    "pyenv exec": Wrapper(),
    "rbenv exec": Wrapper(),
    "nix develop": Wrapper(dashes=True, starts="-c --command"),
    "nix-shell": Wrapper(dashes=True, script="--run"),
    "npx": _NPX,
    "npm exec": _NPX,
    "npm x": _NPX,
    "pnpm exec": Wrapper("-C --dir --filter"),
    "pnpm dlx": Wrapper("--package"),
    "pnpx": Wrapper("--package"),
    "yarn exec": Wrapper(),
    "yarn dlx": Wrapper("-p --package"),
    "bunx": Wrapper(),
    "bun x": Wrapper(),
    "poetry run": Wrapper("-C --directory"),
    "pipenv run": Wrapper(),
    "pdm run": Wrapper("-p --project"),
    "rye run": Wrapper(),
    "uv run": Wrapper(
        "--with --with-requirements --with-editable --extra --group --only-group --no-group --python -p --directory "
        "--project --env-file --index-url --package --no-extra --config-setting"
    ),
    "uvx": Wrapper("--from --with --python -p"),
    "uv tool run": Wrapper("--from --with --python -p"),
    "pipx run": Wrapper("--spec --python --pip-args"),
    "conda run": Wrapper(_CONDA),
    "mamba run": Wrapper(_CONDA),
    "micromamba run": Wrapper(_CONDA),
    "bundle exec": Wrapper(),
    "opam exec": Wrapper(dashes=True),
    "stack exec": Wrapper(dashes=True),
    "cabal exec": Wrapper(dashes=True),
    "lerna exec": Wrapper(dashes=True),
    "percy exec": Wrapper(dashes=True),
    "nyc": Wrapper(_NYC, unless="report check-coverage merge instrument"),
    "c8": Wrapper(_NYC, unless="report check-coverage"),
    "dotnet tool run": Wrapper(),
    "coverage run": Wrapper("--source --omit --include --rcfile --data-file --context --concurrency"),
    "docker compose run": Wrapper(_DOCKER, operands=1),
    "docker compose exec": Wrapper(_DOCKER, operands=1),
    "docker-compose run": Wrapper(_DOCKER, operands=1),
    "docker-compose exec": Wrapper(_DOCKER, operands=1),
    "docker exec": Wrapper(_DOCKER, operands=1),
    "docker run": Wrapper(_DOCKER, operands=1),
    "docker container run": Wrapper(_DOCKER, operands=1),
    "podman run": Wrapper(_DOCKER, operands=1),
    "kubectl exec": Wrapper(dashes=True),
    "kubectl run": Wrapper(dashes=True),
    "heroku run": Wrapper("-a -r -s --app --remote --size"),
    "ssh": Wrapper("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w", operands=1),
}
"""Longest names first where one begins another: they are looked up by three words, two, one."""

_KEPT = frozenset({"docker", "podman", "docker-compose", "kubectl", "ssh", "coverage", "heroku", "nyc", "c8"})
"""Heads that are a command of their own as well: what they wrap comes second."""

_SHELLS = frozenset({"bash", "sh", "dash", "zsh", "ash", "ksh"})
_PYTHONS = re.compile(r"(?:python|pypy)[\d.]*|py")


class Unwrapped(NamedTuple):
    """What is left of a command: its words, what was taken off, and the index of the word that holds a script.

    `outer` are the commands that are wrappers and something else as well, such as `docker run …`. `shell` is the
    shell that runs `script`, with its options; over ssh all words from there on are the script.
    """

    words: list[str]
    wrappers: tuple[str, ...] = ()
    outer: tuple[tuple[str, ...], ...] = ()
    assigned: tuple[str, ...] = ()
    script: int = -1
    shell: str = ""


def unwrap(words: list[str]) -> Unwrapped:
    """Take wrappers off a command; the index `script` counts in the words that were given."""
    taken: list[str] = []
    outer: list[tuple[str, ...]] = []
    assigned: list[str] = []
    at = 0
    for _ in range(_MOST):
        while at < len(words) and _ASSIGNMENT.match(words[at]) and at > 0:
            assigned.append(words[at])
            at += 1
        found = _shell(words, at) or _module(words, at) or _wrapped(words, at)
        if found is None:
            break
        behind, name, script = found
        taken.append(name)
        if words[at] in _KEPT:
            outer.append(tuple(words[at:]))
        if script or (name.startswith("ssh") and behind < len(words)):
            return Unwrapped([], tuple(taken), tuple(outer), tuple(assigned), behind, name)
        if behind >= len(words):
            # `docker run image` and `sudo -s` run something else than their words.
            return Unwrapped([] if outer else words[at:], tuple(taken), tuple(outer), tuple(assigned))
        at = behind
    return Unwrapped(words[at:], tuple(taken), tuple(outer), tuple(assigned))


def _wrapped(words: list[str], at: int) -> tuple[int, str, bool] | None:
    """Where the command behind a wrapper begins, the wrapper's name, and whether that word is a script."""
    name, behind = _name(words, at)
    wrapper = _WRAPPERS.get(name)
    if wrapper is None:
        return None
    operands, options = wrapper.operands, wrapper.options.split()
    while behind < len(words):
        word = words[behind]
        if word in wrapper.starts.split():
            return behind + 1 + (0 if wrapper.dashes else operands), name, False
        if word == wrapper.script or (wrapper.script and word == "--command"):
            return (behind + 1, f"{name} {word}", True) if behind + 1 < len(words) else None
        if word in wrapper.unless.split():
            return None
        if word.startswith("-") and len(word) > 1:
            behind += 2 if word in options else 1
        elif wrapper.dashes or (name in _ASSIGNING and _ASSIGNMENT.match(word)):
            behind += 1
        elif operands or (name == "retry" and word.isdigit()):
            name = f"{name} {word}" if name.startswith(("docker", "podman", "ssh")) else name
            operands, behind = max(operands - 1, 0), behind + 1
        else:
            return behind, name, False
    return None if wrapper.dashes else (behind, name, False)


_ASSIGNING = frozenset({"env", "cross-env", "sudo", "dotenv"})


def _name(words: list[str], at: int) -> tuple[str, int]:
    """The longest name of a wrapper at a place, options between its words left out, and the offset behind it."""
    head = words[at].rpartition("/")[2] if at < len(words) else ""
    if head not in _FIRSTS:
        return "", at
    if head in _WRAPPERS:
        return head, at + 1
    names, behind = [head], at + 1
    while behind < len(words) and len(names) < 3:
        word = words[behind]
        behind += 1
        if word.startswith("-"):
            behind += word in ("-C", "--prefix", "-f", "--file", "-n", "--namespace", "--context", "--filter", "-p")
            continue
        names.append(word)
        if " ".join(names) in _WRAPPERS:
            return " ".join(names), behind
    return "", at


_FIRSTS = frozenset(name.split()[0] for name in _WRAPPERS)


def _shell(words: list[str], at: int) -> tuple[int, str, bool] | None:
    """`bash -c script`, `sh -ec script`: the script's index and the shell with its options."""
    if at >= len(words) or words[at].rpartition("/")[2] not in _SHELLS:
        return None
    for i in range(at + 1, min(len(words), at + 8)):
        word = words[i]
        if not word.startswith(("-", "+")) and words[i - 1] not in ("-o", "+o"):
            return None
        if word.startswith("-") and not word.startswith("--") and "c" in word and i + 1 < len(words):
            return i + 1, " ".join(words[at : i + 1]), True
    return None


def _module(words: list[str], at: int) -> tuple[int, str, bool] | None:
    """`python -m pytest` is pytest; but not `python -m build`, whose module is no command by itself."""
    if at >= len(words) or not _PYTHONS.fullmatch(words[at].rpartition("/")[2]):
        return None
    for i in range(at + 1, min(len(words) - 1, at + 6)):
        if words[i] == "-m":
            return i + 1, " ".join(words[at : i + 1]), False
        if not words[i].startswith("-"):
            return None
    return None
