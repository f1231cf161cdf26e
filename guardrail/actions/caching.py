"""Which steps restore a cache: the inputs that turn it on or off, by action and version.

Sources: the `inputs` of each action's `action.yml` and its README.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from guardrail.actions.tables import rows
from guardrail.actions.uses import Uses
from guardrail.actions.versions import newest


class Caching(NamedTuple):
    """One action. `on` is the input that turns caching on by any value but a negative one (by one that holds the text
    behind `~`), `off` the input that turns it off by a positive one. `default` says whether it is on when neither is
    given: `yes`, `no`, or the major version from which on.
    """

    action: str
    on: str
    off: str
    default: str


_TABLE = """
actions-rust-lang/setup-rust-toolchain | cache | | yes
actions/cache | | lookup-only | yes
actions/cache/restore | | lookup-only | yes
actions/setup-dotnet | cache | | no
actions/setup-go | cache | | 4
actions/setup-java | cache | | no
actions/setup-node | cache | | no
actions/setup-python | cache | | no
astral-sh/setup-uv | enable-cache | | 5
awalsh128/cache-apt-pkgs-action | | | yes
coursier/cache-action | | | yes
denoland/setup-deno | cache | | no
docker/build-push-action | cache-from~type=gha | | no
golangci/golangci-lint-action | | skip-cache | yes
gradle/actions/setup-gradle | | cache-disabled | yes
gradle/gradle-build-action | | cache-disabled | yes
graalvm/setup-graalvm | cache | | no
jdx/mise-action | cache | | yes
julia-actions/cache | | | yes
moonrepo/setup-rust | cache | | yes
mozilla-actions/sccache-action | | | yes
pnpm/action-setup | cache | | no
prefix-dev/setup-pixi | cache | | no
ramsey/composer-install | | ignore-cache | yes
ruby/setup-ruby | bundler-cache | | no
subosito/flutter-action | cache | | no
swatinem/rust-cache | | lookup-only | yes
"""

_NEGATIVE = frozenset({"", "false", "no", "off", "0", "never"})


@cache
def _table() -> dict[str, Caching]:
    return {row[0]: Caching(*row) for row in rows(_TABLE, len(Caching._fields))}


class Restored(NamedTuple):
    """That a step restores a cache: the input that says so, or none where the action does by itself."""

    action: str
    input: str


def restored(uses: Uses, given: Mapping[str, object]) -> Restored | None:
    """Whether a step certainly restores a cache; an input that an expression decides says neither yes nor no."""
    entry = _table().get(f"{uses.name}/{uses.path}".rstrip("/").lower()) or (
        None if uses.path else _table().get(uses.name)
    )
    if entry is None:
        return None
    inputs = {str(name).lower(): _text(value) for name, value in given.items()}
    if entry.off and (off := inputs.get(entry.off)) is not None and ("${{" in off or off not in _NEGATIVE):
        return None
    name, _, wanted = entry.on.partition("~")
    if name and (on := inputs.get(name)) is not None:
        negative = on in _NEGATIVE or wanted not in on or (on.startswith("${{") and on.endswith("}}"))
        return None if negative else Restored(entry.action, name)
    return Restored(entry.action, "") if _by_default(entry, uses) else None


def _by_default(entry: Caching, uses: Uses) -> bool:
    if not entry.default.isdigit():
        return entry.default == "yes"
    version = newest(uses.ref)
    return version is not None and version[0] >= float(entry.default)


def _text(value: object) -> str:
    return str(value).strip().lower()
