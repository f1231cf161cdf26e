"""Patterns of filters: workflow syntax, "Filter pattern cheat sheet"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import globs
from guardrail.actions.syntax.patterns import fault

_SHEET_REFS = (
    "feature/* feature/** main releases/mona-the-octocat * ** *feature v2* v[12].[0-9]+.[0-9]+ Octo* [CB]at [1-2]00 "
    "[0-9a-z] release/v[0-9].[0-9]"
)
_SHEET_PATHS = (
    "* *.jsx? ** *.js **.js docs/* docs/** docs/**/*.md **/docs/** **/README.md **/*src/** **/*-post.md "
    "**/migrate-*.sql *.md !README.md README*"
)


@pytest.mark.parametrize("pattern", _SHEET_REFS.split())
def test_every_ref_pattern_of_the_cheat_sheet_is_fine(pattern: str) -> None:
    assert fault(pattern, path=False) == ""


@pytest.mark.parametrize("pattern", _SHEET_PATHS.split())
def test_every_path_pattern_of_the_cheat_sheet_is_fine(pattern: str) -> None:
    assert fault(pattern, path=True) == ""


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("./src/**", "start at the root"),  # "Path patterns must match the whole path, and start from the root"
        ("/docs", "start at the root"),
        ("a/../b", "start at the root"),
        ("docs/", "docs/**"),
        ("!docs/", "docs/**"),
        (" a", "blank"),
        ("a[b", "without its ]"),  # "[] matches one alphanumeric character listed in the brackets"
        ("a[]", "empty []"),
        ("[z-a]", "backwards"),
        ("?a", "counts the character before it"),  # "?: matches zero or one of the preceding character"
        ("+", "counts the character before it"),
        ("!", "takes back nothing"),
    ],
)
def test_paths_that_match_nothing(pattern: str, words: str) -> None:
    assert words in fault(pattern, path=True)


@pytest.mark.parametrize(
    "pattern",
    ["refs/heads/main", "refs/tags/v1", "a b", "a..b", "a~1", "a^", "a:b", "/main", "main/", "x.lock", "a//b"],
)
def test_refs_that_no_branch_or_tag_has(pattern: str) -> None:
    """git-check-ref-format(1), rules 1 to 9; names stand without `refs/heads/` (cheat sheet)."""
    assert "matches nothing" in fault(pattern, path=False)


_NAMES = st.text(alphabet="ab.-/", min_size=1, max_size=8).filter(
    lambda n: ".." not in n and "//" not in n and not n.startswith(("/", ".", "-")) and not n.endswith(("/", "."))
)


@given(pattern=st.text(alphabet="ab./*!? []+", max_size=8), name=_NAMES)
def test_what_is_said_to_match_nothing_matches_no_path(pattern: str, name: str) -> None:
    """Against the matcher: no file's path has `./`, `../` or a slash at an end."""
    told = fault(pattern, path=True)
    if "matches nothing" in told and "./" not in name and not name.endswith("/."):
        assert not globs.matches(pattern.removeprefix("!"), name), (pattern, name, told)
