"""Steps that hand something to the world: a package, an image, a release. And with which kind of credential.

Sources: the README of each action, the manual page of each command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from guardrail.actions.tables import rows
from guardrail.actions.uses import Uses


class Publisher(NamedTuple):
    """`action` publishes if its input `when` is positive; always without `when`. `what` is told in messages."""

    action: str
    when: str
    what: str


_ACTIONS = """
actions/create-release | | a release
actions/publish-immutable-action | | an action
changesets/action | publish | packages
cycjimmy/semantic-release-action | | a release
docker/bake-action | push | images
docker/build-push-action | push | an image
elgohr/publish-docker-github-action | | an image
goreleaser/goreleaser-action | args=release | a release
helm/chart-releaser-action | | charts
jreleaser/release-action | | a release
js-devtools/npm-publish | | a package
katyo/publish-crates | | crates
marvinpinto/action-automatic-releases | | a release
ncipollo/release-action | | a release
pypa/gh-action-pypi-publish | | a package
rubygems/release-gem | | a gem
samuelmeuli/action-electron-builder | release | a release
softprops/action-gh-release | | a release
svenstaro/upload-release-action | | a release
taiki-e/upload-rust-binary-action | | a release
"""

_COMMANDS = """
npm publish | a package
pnpm publish | a package
yarn publish | a package
yarn npm publish | a package
bun publish | a package
lerna publish | packages
changeset publish | packages
semantic-release | a release
vsce publish | an extension
ovsx publish | an extension
twine upload | a package
uv publish | a package
poetry publish | a package
flit publish | a package
hatch publish | a package
pdm publish | a package
maturin publish | a package
maturin upload | a package
cargo publish | a crate
cargo release | a crate
gem push | a gem
dotnet nuget push | a package
nuget push | a package
goreleaser release | a release
gh release create | a release
gh release upload | a release
docker push | an image
podman push | an image
buildah push | an image
crane push | an image
helm push | a chart
mvn deploy | a package
mvnw deploy | a package
gradle publish | a package
gradlew publish | a package
dart pub publish | a package
flutter pub publish | a package
mix hex.publish | a package
"""


@cache
def _actions() -> dict[str, Publisher]:
    return {row[0]: Publisher(*row) for row in rows(_ACTIONS, 3) if row[2]}


@cache
def _commands() -> dict[tuple[str, ...], str]:
    return {tuple(row[0].split()): row[1] for row in rows(_COMMANDS, 2)}


def by_action(uses: Uses, given: Mapping[str, object]) -> str:
    """What a `uses:` publishes as its inputs stand; nothing where an input is wanting that makes it publish."""
    entry = _actions().get(uses.name)
    if entry is None:
        return ""
    name, _, value = entry.when.partition("=")
    said = str(given.get(name, "")).lower()
    if value:
        return entry.what if said.startswith(value) and "--snapshot" not in said else ""
    return entry.what if not name or said not in ("", "false") else ""


def by_command(words: Sequence[str]) -> str:
    """What a command publishes."""
    if not words or "--dry-run" in words or "--help" in words:
        return ""
    head = words[0].rpartition("/")[2]
    plain = [head, *(word for word in words[1:] if not word.startswith("-"))]
    if head in ("mvn", "mvnw", "gradle", "gradlew"):
        return next((what for key, what in _commands().items() if key[0] == head and key[1] in plain[1:]), "")
    if plain[:2] == ["docker", "buildx"] and "--push" in words:
        return "an image"
    if plain[:2] == ["docker", "build"] and "--push" in words:
        return "an image"
    return next((what for length in (3, 2, 1) if (what := _commands().get(tuple(plain[:length])))), "")
