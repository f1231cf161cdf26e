"""Scripts of package.json, and what runs them: npm, yarn, pnpm, bun, npm-run-all, concurrently, turbo, nx, lerna.

npm runs a script by `sh -c` with `pre` and `post` scripts around it and further arguments behind it (docs.npmjs.com,
npm-run-script and "scripts"); `--if-present` passes when there is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from guardrail.actions.recognise.patterns import head, matches, quoted, value
from guardrail.actions.recognise.scripts import NOT_THERE, Asked, Inner, Reader, Script

_OPTIONS = frozenset(
    "--prefix -C --cwd --dir -w --workspace --filter -F --loglevel --registry --cache --userconfig --scope "
    "--concurrency --workspace-concurrency -c --config".split()
)
"""Options with a value that may stand before the command's name."""

_NPM = frozenset("run run-script rum urn test t tst start stop restart".split())
_YARN = frozenset(
    "add audit autoclean bin cache check config constraints create dedupe dlx exec explain generate-lock-entry global "
    "help import info init install licenses link list login logout node npm outdated owner pack plugin policies "
    "publish rebuild remove search self-update set stage tag team unlink unplug unset up upgrade upgrade-interactive "
    "version versions why -v --version -h --help patch patch-commit".split()
)
_PNPM = _YARN | frozenset(
    "i it install-test ci update up rm uninstall store env root prune deploy dlx exec fetch server setup ls ll la i "
    "licenses doctor approve-builds".split()
)
_BUN = frozenset("test add install i remove rm update link unlink pm x build init create upgrade audit publish".split())
_FOLDERS = ("packages/", "apps/", "libs/", "services/", "workspaces/", "")
"""Where workspaces usually are."""


class _Wanted(NamedTuple):
    """A script somebody asks for: its name (may be a glob), arguments, the folder, and whether it may be missing."""

    name: str
    arguments: tuple[str, ...] = ()
    directory: str = ""
    optional: bool = False
    binary: bool = False


def _npm(asked: Asked) -> Inner | None:
    words, rest = _before(asked.words)
    if not words or words[0] not in _NPM:
        return None
    named = words[0].startswith("r") and words[0] != "restart"
    name = (words[1] if len(words) > 1 else "") if named or words[0] in ("urn",) else words[0]
    name = "test" if name in ("t", "tst") else name
    return _script(asked, name, (*words[2 if named else 1 :], *rest))


def _yarn(asked: Asked) -> Inner | None:
    words, rest = _before(asked.words)
    if words[:1] == ["workspaces"]:
        names = [w for w in words[1:] if w not in ("run", "foreach")][:1]
        return Inner((), tuple(names), "the workspaces it runs in are not looked at") if names else None
    workspace = ""
    if words[:1] == ["workspace"] and len(words) > 2:
        workspace, words = words[1], words[2:]
    if words[:1] == ["run"]:
        words = words[1:]
    if not words or words[0] in _YARN:
        return None
    return _script(asked, words[0], (*words[1:], *rest), workspace, binary=True)


def _pnpm(asked: Asked) -> Inner | None:
    words, rest = _before(asked.words)
    if words[:1] in (["recursive"], ["multi"], ["m"]):
        words = words[1:]
    explicit = words[:1] in (["run"], ["run-script"])
    words = words[1:] if explicit else words
    if not words or (not explicit and words[0] in _PNPM):
        return None
    name = "test" if words[0] == "t" else words[0]
    return _script(asked, name, (*words[1:], *rest), binary=not explicit)


def _bun(asked: Asked) -> Inner | None:
    words, rest = _before(asked.words)
    explicit = words[:1] == ["run"]
    words = words[1:] if explicit else words
    if not words or (not explicit and (words[0] in _BUN or "." in words[0])):
        return None
    return _script(asked, words[0], (*words[1:], *rest), binary=True)


def _before(words: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """The words that are no options, those behind `--` apart; behind the script's name, everything is its own."""
    found: list[str] = []
    skip = False
    for i, word in enumerate(words[1:], 1):
        if word == "--":
            return found, words[i + 1 :]
        if skip:
            skip = False
        elif not word.startswith("-"):
            found.append(word)
        elif word in _OPTIONS:
            skip = True
    return found, ()


def _script(
    asked: Asked, name: str, arguments: tuple[str, ...], workspace: str = "", binary: bool = False
) -> Inner | None:
    words = asked.words
    folder = value("prefix", words) or value("cwd", words) or value("C", words) or value("dir", words) or ""
    workspace = workspace or value("workspace", words) or value("w", words) or value("filter", words) or ""
    workspace = workspace or value("F", words) or ""
    optional = "--if-present" in words
    if not workspace and not {"--workspaces", "-ws", "-r", "--recursive"}.isdisjoint(words):
        return Inner((), (name,), "the workspaces it runs in are not looked at")
    if workspace:
        short = workspace.rpartition("/")[2].strip(".^")
        where = [f"{folder}/{part}{short}" for part in _FOLDERS]
        where = [f"{folder}/{workspace}", *where] if "/" in workspace and workspace[0] != "@" else where
    else:
        where = [folder]
    wanted = _Wanted(name, arguments, folder, optional, binary)
    for directory in where:
        text = asked.read(f"{directory}/package.json")
        if text is not None:
            return _found(asked, wanted._replace(directory=directory), text)
    return Inner((), (name,), f"package.json {NOT_THERE}")


def scripts_of(text: str) -> dict[str, str] | None:
    """The scripts of a package.json; None when it cannot be read."""
    try:
        scripts = json.loads(text).get("scripts") or {}
        return {str(name): str(script) for name, script in scripts.items()}
    except (ValueError, AttributeError, RecursionError):
        return None


def _found(asked: Asked, wanted: _Wanted, text: str) -> Inner | None:
    scripts = scripts_of(text)
    if scripts is None:
        return Inner((), (wanted.name,), "package.json cannot be read")
    if wanted.name not in scripts:
        if wanted.binary and wanted.name:
            return Inner(words=(wanted.name, *wanted.arguments))
        return Inner() if wanted.optional else Inner((), (), f"package.json has no script {wanted.name}")
    return Inner(tuple(_around(asked, wanted, scripts)), (wanted.name,))


def _around(asked: Asked, wanted: _Wanted, scripts: Mapping[str, str]) -> Iterable[Script]:
    file = asked.file(f"{wanted.directory}/package.json")
    for name in (f"pre{wanted.name}", wanted.name, f"post{wanted.name}"):
        if name in scripts:
            more = " ".join(map(quoted, wanted.arguments)) if name == wanted.name else ""
            yield Script(
                f"{file}:{name}",
                f"{scripts[name]} {more}".strip(),
                "sh {0}",
                wanted.directory,
                f"{file}: scripts.{name}",
            )


def _run_all(asked: Asked) -> Inner | None:
    """npm-run-all, run-s, run-p: names and globs of scripts."""
    names = [w.partition(" ")[0] for w in asked.words[1:] if not w.startswith("-")]
    quiet = not {"-c", "--continue-on-error"}.isdisjoint(asked.words)
    return _several(asked, names, "with --continue-on-error it goes on" if quiet else "")


def _several(asked: Asked, names: Iterable[str], masked: str = "") -> Inner | None:
    text = asked.read("package.json")
    scripts = scripts_of(text) if text is not None else None
    names = [name for name in names if name]
    if scripts is None:
        return Inner((), tuple(names), f"package.json {NOT_THERE}")
    chosen = [one for name in names for one in scripts if one == name or (":" in name and matches(name, one))]
    found = [s for one in dict.fromkeys(chosen) for s in _around(asked, _Wanted(one), scripts)]
    return Inner(tuple(found), tuple(names), masked=masked)


def _concurrently(asked: Asked) -> Inner | None:
    """concurrently 'npm:lint' 'npm run test': it fails when one of them does (its README, --success)."""
    found: list[Script] = []
    for i, word in enumerate(asked.words[1:]):
        if word.startswith("-") or (i and asked.words[i] in ("-n", "--names", "-c", "--prefix-colors", "-m", "-s")):
            continue
        text = f"npm run {word[4:]}" if word.startswith("npm:") else word
        found.append(Script(asked.file(f"concurrently:{word}"), text, "sh {0}", "", f"concurrently: {word}"))
    return Inner(tuple(found))


def _server_test(asked: Asked) -> Inner | None:
    """start-server-and-test start http://localhost test: the last is a script or a command."""
    words = [w for w in asked.words[1:] if not w.startswith("-")]
    return _several(asked, words[-1:]) if words and " " not in words[-1] else _as_command(asked, words[-1:])


def _as_command(asked: Asked, texts: list[str]) -> Inner | None:
    return Inner(tuple(Script(asked.file(text), text, "sh {0}", "", text) for text in texts)) if texts else None


def _monorepo(asked: Asked) -> Inner | None:
    """turbo run lint test, nx run-many -t lint, nx affected --target=test, lerna run test."""
    words = list(asked.words[1:])
    names = [n for flag in ("t", "target", "targets") for n in (value(flag, words) or "").split(",")]
    plain = [w for w in words if not w.startswith("-") and w not in ("run", "run-many", "affected", "watch", "exec")]
    if head(asked.command.head) == "nx":
        if not {"run-many", "affected"}.isdisjoint(words):
            after = words[
                next((i for i, w in enumerate(words) if w in ("-t", "--target", "--targets")), len(words)) + 1 :
            ]
            names += [w for w in after if not w.startswith("-")]
        else:
            names += [w.rpartition(":")[2] for w in plain[:1]]
    else:
        names += plain
    names = [name for name in dict.fromkeys(names) if name and "=" not in name]
    if not names or names[0] in _BUILT_IN:
        return None
    return Inner((), tuple(names), "the packages it runs in are not looked at")


_BUILT_IN = frozenset(
    "login link prune daemon init gen graph reset migrate report list show format format:check format:write release "
    "connect sync add generate g bootstrap publish version changed clean import diff create repair".split()
)

READERS: Mapping[str, Reader] = {
    "npm": _npm,
    "yarn": _yarn,
    "yarnpkg": _yarn,
    "pnpm": _pnpm,
    "bun": _bun,
    **dict.fromkeys(("npm-run-all", "npm-run-all2", "run-s", "run-p"), _run_all),
    "concurrently": _concurrently,
    **dict.fromkeys(("start-server-and-test", "server-test", "start-test"), _server_test),
    **dict.fromkeys(("turbo", "nx", "lerna"), _monorepo),
}
