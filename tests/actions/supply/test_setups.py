"""What is known of setup actions, images, installs and publishers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import artifacts, caching, images, installs, publishing, tools
from guardrail.actions.uses import parse_uses


@pytest.mark.parametrize(
    ("uses", "given_", "restores"),
    [
        ("actions/cache@v4", {"path": "x", "key": "y"}, True),
        ("actions/cache@v4", {"lookup-only": True}, False),
        ("actions/cache/restore@v4", {}, True),
        ("actions/cache/save@v4", {}, False),
        # `cache` of actions/setup-go: "default: true" since v4 (its README, "Caching dependency files")
        ("actions/setup-go@v5", {}, True),
        ("actions/setup-go@v3", {}, False),
        ("actions/setup-go@v5", {"cache": False}, False),
        ("actions/setup-go@d35c59abb061a4a6fb18e82ac0862c26744d6ab5", {}, False),
        ("actions/setup-node@v4", {"cache": "npm"}, True),
        ("actions/setup-node@v4", {"cache": ""}, False),
        ("actions/setup-node@v4", {}, False),
        ("actions/setup-node@v4", {"cache": "${{ inputs.cache }}"}, False),
        ("gradle/actions/setup-gradle@v4", {}, True),
        ("gradle/actions/setup-gradle@v4", {"cache-disabled": "true"}, False),
        ("gradle/actions/setup-gradle@v4", {"cache-disabled": "${{ github.ref_type == 'tag' }}"}, False),
        ("gradle/actions/wrapper-validation@v4", {}, False),
        ("docker/build-push-action@v6", {"cache-from": "type=gha"}, True),
        ("docker/build-push-action@v6", {"cache-from": "type=registry,ref=x"}, False),
        ("Swatinem/rust-cache@v2", {}, True),
        ("octo/cache@v1", {"cache": "npm"}, False),
    ],
)
def test_caches(uses: str, given_: dict[str, object], restores: bool) -> None:
    assert (caching.restored(parse_uses(uses), given_) is not None) is restores


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("node", "moving"),
        ("node:latest", "moving"),
        ("registry.example:5000/node", "moving"),
        ("ghcr.io/a/b:MAIN", "moving"),
        ("node:22", "tag"),
        ("registry.example:5000/node:22", "tag"),
        ("node@sha256:" + "a" * 64, "digest"),
        ("node:22@sha256:" + "a" * 64, "digest"),
        ("node@sha256:abc", "unknown"),
        ("${{ env.IMAGE }}", "unknown"),
        ("node:${{ matrix.node }}", "unknown"),
        ("ghcr.io/${{ github.repository }}:latest", "unknown"),
        ("ghcr.io/${{ github.repository }}:v1", "tag"),
        ("ghcr.io/${{ github.repository }}/x", "unknown"),
        ("ghcr.io/${{ github.repository }}@${{ env.DIGEST }}", "unknown"),
    ],
)
def test_images(image: str, kind: str) -> None:
    assert images.kind(image) == kind


def test_images_of_a_matrix() -> None:
    job = {"strategy": {"matrix": {"image": ["a:1", "b"], "v": [1], "include": [{"image": "c", "v": 2}]}}}
    place = ("strategy", "matrix", "image")
    assert list(images.written("${{ matrix.image }}", job)) == [("a:1", (*place, 0)), ("b", (*place, 1)), ("c", ())]
    assert [text for text, _ in images.written("x:${{matrix.v}}-${{ matrix.none }}", job)] == ["x:1-", "x:1-", "x:2-"]
    assert list(images.written("${{ matrix.image }}", {"strategy": {"matrix": "${{ fromJSON(vars.X) }}"}})) == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("pip install a b==1 'c' --upgrade", ("a", "c")),
        ("pip install -r requirements.txt -c constraints.txt", ()),
        ("pip install --index-url https://x.example a", ("a",)),
        ("python -m pip install a", ("a",)),
        ("npm install", ()),
        ("npm i -g a @b/c @b/d@1 e@latest", ("a", "@b/c", "e@latest")),
        ("npm install ./a.tgz git+https://x.example/a", ()),
        ("pip install .[dev] ../x -e .", ()),
        ("gem install a -v 1", ()),
        ("cargo install a", ("a",)),
        ("go install ./...", ()),
        ("go install x.example/a@latest", ("x.example/a@latest",)),
        ("apt-get install a", ()),
        ("pip", ()),
        ("", ()),
    ],
)
def test_installs(command: str, found: tuple[str, ...]) -> None:
    assert installs.unpinned([word.strip("'") for word in command.split()]) == found


@given(
    st.lists(
        st.sampled_from("pip npm install -r i add -g a a==1 . -e uv tool go @latest yarn global".split()), max_size=8
    )
)
def test_installs_never_raise(words: list[str]) -> None:
    installs.unpinned(words)
    installs.unchecked(words)
    installs.ignores_lockfile(words)
    publishing.by_command(words)
    artifacts.runs_files(words, ".")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("npm publish --access public", "a package"),
        ("npm --workspace x publish", ""),
        ("npm publish --dry-run", ""),
        ("yarn npm publish", "a package"),
        ("cargo publish", "a crate"),
        ("docker push x", "an image"),
        ("docker buildx build --push .", "an image"),
        ("docker build .", ""),
        ("./gradlew build publish", "a package"),
        ("mvn -B deploy", "a package"),
        ("gh release view", ""),
        ("gh release create v1", "a release"),
        ("echo npm publish", ""),
    ],
)
def test_publishing_commands(command: str, what: str) -> None:
    assert publishing.by_command(command.split()) == what


def test_publishing_actions() -> None:
    push = parse_uses("docker/build-push-action@v6")
    release = parse_uses("goreleaser/goreleaser-action@v6")
    assert publishing.by_action(push, {"push": True}) == "an image"
    assert publishing.by_action(push, {"push": False}) == ""
    assert publishing.by_action(push, {}) == ""
    assert publishing.by_action(release, {"args": "release --clean"}) == "a release"
    assert publishing.by_action(release, {"args": "release --snapshot"}) == ""
    assert publishing.by_action(parse_uses("softprops/action-gh-release@v2"), {}) == "a release"


def test_tools() -> None:
    terraform = parse_uses("hashicorp/setup-terraform@v3")
    assert tools.floating(terraform, {}) is not None
    assert tools.floating(terraform, {"terraform_version": "1.11.4"}) is None
    assert tools.floating(terraform, {"terraform_version": "latest"}) == (
        "terraform_version",
        "terraform_version: latest",
    )
    assert tools.floating(parse_uses("octo/setup@v1"), {"tag": "latest", "node-version": "lts/*"}) is None


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        (".", True),
        ("./", True),
        ("${{ github.workspace }}", True),
        ("$GITHUB_WORKSPACE", True),
        ("dist", False),
        ("${{ runner.temp }}/x", False),
        ("${{ inputs.folder }}", False),
        ("/tmp", False),
    ],
)
def test_folders(folder: str, inside: bool) -> None:
    assert artifacts.is_inside(folder) is inside
