"""The filter patterns of branches, tags and paths."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import globs

CHEAT_SHEET = "github/docs, actions reference, workflow-syntax.md, Filter pattern cheat sheet"

MATCHES = {
    # Patterns to match branches and tags
    "feature/*": "feature/my-branch feature/your-branch",
    "feature/**": "feature/beta-a/my-branch feature/your-branch feature/mona/the/octocat",
    "main": "main",
    "releases/mona-the-octocat": "releases/mona-the-octocat",
    "*": "main releases README.md server.rb",
    "**": "all/the/branches every/tag all/the/files.md",
    "*feature": "mona-feature feature ver-10-feature",
    "v2*": "v2 v2.0 v2.9",
    "v[12].[0-9]+.[0-9]+": "v1.10.1 v2.0.0",
    # Patterns to match file paths
    "*.jsx?": "page.js page.jsx",
    "*.js": "app.js index.js",
    "**.js": "index.js js/index.js src/js/app.js",
    "docs/*": "docs/README.md docs/file.txt",
    "docs/**": "docs/README.md docs/mona/octocat.txt",
    "docs/**/*.md": "docs/README.md docs/mona/hello-world.md docs/a/markdown/file.md",
    "**/docs/**": "docs/hello.md dir/docs/my-file.txt space/docs/plan/space.doc",
    "**/README.md": "README.md js/README.md",
    "**/*src/**": "a/src/app.js my-src/code/js/app.js",
    "**/*-post.md": "my-post.md path/their-post.md",
    "**/migrate-*.sql": "migrate-10909.sql db/migrate-v1.0.sql db/sept/migrate-v1.sql",
    # The words above the tables
    "Octo*": "Octocat",
    "[CB]at": "Cat Bat",
    "[1-2]00": "100 200",
    # triggering-workflow-branches1.md: special characters are escaped with a backslash
    r"a\*b": "a*b",
    r"what\?": "what?",
}

DOES_NOT_MATCH = {
    "feature/*": "feature/a/b feature main xfeature/a",
    "main": "maint amain main/x MAIN",
    "*": "a/b",
    "*feature": "a/feature featured",
    "v2*": "v1 av2 v2/x",
    "v[12].[0-9]+.[0-9]+": "v3.0.0 v1..0 v1.0 v1.a.0 v1x0x0",
    "*.jsx?": "page.jsxx page.j src/page.js",
    "*.js": "js/app.js app.jsx",
    "docs/*": "docs/a/b.md docs",
    "docs/**/*.md": "docs.md a/docs/b.md docs/a.txt",
    "**/docs/**": "mydocs/a docs",
    "**/README.md": "README.mdx XREADME.md",
    "[CB]at": "at bat CBat",
    r"a\*b": "ab axb",
    "a+b": "b",
}


@pytest.mark.parametrize(("pattern", "name"), [(p, n) for p, names in MATCHES.items() for n in names.split()])
def test_examples_match(pattern: str, name: str) -> None:
    assert globs.matches(pattern, name), CHEAT_SHEET


@pytest.mark.parametrize(("pattern", "name"), [(p, n) for p, names in DOES_NOT_MATCH.items() for n in names.split()])
def test_others_do_not(pattern: str, name: str) -> None:
    assert not globs.matches(pattern, name), CHEAT_SHEET


@pytest.mark.parametrize(
    ("patterns", "name", "chosen"),
    [
        # the last two rows of the table of file paths
        (["*.md", "!README.md"], "hello.md", True),
        (["*.md", "!README.md"], "README.md", False),
        (["*.md", "!README.md"], "docs/hello.md", False),
        (["*.md", "!README.md", "README*"], "hello.md", True),
        (["*.md", "!README.md", "README*"], "README.md", True),
        (["*.md", "!README.md", "README*"], "README.doc", True),
        # section-specifying-branches.md
        (["releases/**", "!releases/**-alpha"], "releases/10", True),
        (["releases/**", "!releases/**-alpha"], "releases/beta/mona", True),
        (["releases/**", "!releases/**-alpha"], "releases/10-alpha", False),
        (["releases/**", "!releases/**-alpha"], "releases/beta/3-alpha", False),
        (["releases/**", "!releases/**-alpha"], "main", False),
        (["!main"], "dev", False),
        ([], "main", False),
    ],
)
def test_patterns_are_asked_in_order(patterns: list[str], name: str, chosen: bool) -> None:
    assert globs.selects(patterns, name) is chosen, CHEAT_SHEET


@pytest.mark.parametrize(
    ("pattern", "filler", "name"),
    [
        ("main", "x", "main"),
        ("release/**", "x", "release/x"),
        ("v[0-9]+.[0-9]+", "x", "v1.1"),
        ("v*.*.*", "1", "v1.1.1"),
        ("**/x", "a", "x"),
        ("a?b+", "q", "ab"),
    ],
)
def test_samples(pattern: str, filler: str, name: str) -> None:
    assert globs.sample(pattern, filler) == name
    assert globs.matches(pattern, name)


@given(st.text("ab/*?+[]!\\-0", max_size=14), st.sampled_from(["a", "1.0", "x-y"]))
def test_a_pattern_matches_its_sample(pattern: str, filler: str) -> None:
    found = globs.sample(pattern, filler)
    assert globs.matches(pattern, found)


@given(st.text("ab/.-", max_size=20))
def test_a_name_matches_itself(name: str) -> None:
    assert globs.matches(name, name)
    assert globs.is_literal(name)
    assert globs.matches("**", name)
    assert globs.matches("*", name) is ("/" not in name)


def test_no_pattern_takes_long() -> None:
    began = time.process_time()
    for pattern in ("*a" * 400, "**/" * 300 + "x", "a?" * 400, "[a-z]+" * 150, "[" * 900, "(a*)*" * 180, "x" * 10**6):
        assert not globs.matches(pattern, "a" * 250 + "!")
    assert time.process_time() - began < 3
