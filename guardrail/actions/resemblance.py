"""Whether an action's name is a slip away from that of another one that many use.

Names are registered by whoever comes first, and look-alikes of well-known owners have been taken before (Orca Security,
"Typosquatting in GitHub Actions", 2024): who misspells one runs the code of somebody else.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from guardrail.actions.popular import holders, owners
from guardrail.actions.uses import Uses

_COMMON = frozenset(
    "action actions audit auth auto-assign-action cache checkout ci cli create-release github-action install-action "
    "labeler lite-action login release-action retry scan-action setup setup-action setup-dotnet setup-go setup-java "
    "setup-node setup-python setup-ruby stale super-linter yq".split()
)
"""Names that say little of who made the action: other repositories have them without meaning to be it."""

_TARGETS = frozenset(
    "actions aquasecurity astral-sh aws-actions azure cloudflare codecov cypress-io denoland dependabot docker github "
    "goreleaser golangci google-github-actions googleapis gradle hashicorp microsoft peaceiris peter-evans pulumi "
    "reviewdog sigstore slackapi softprops sonarsource step-security super-linter swatinem taiki-e tj-actions".split()
)
"""Owners so well known that a name one slip away is hardly anything else."""

_COMPLETE = frozenset({"actions", "aws-actions", "docker", "github", "google-github-actions"})
"""Owners most of whose actions are in the table: a name of theirs one slip away from it is no other action."""


class Resemblance(NamedTuple):
    """What a `uses:` looks like: the popular action, and whether it is the owner or the repository that differs."""

    meant: str
    differs: str


@lru_cache(maxsize=1024)
def resembled(uses: Uses) -> Resemblance | None:
    """The popular action that a `uses:` was probably meant to be, if its owner or name is a slip away from it."""
    owner, repo = uses.owner.lower(), uses.repo.lower()
    if not owner:
        return None
    if owner in owners():
        return _misspelt(owner, repo)
    for meant in holders().get(repo, ()):
        if is_near(owner, meant, 2 if len(meant) > 5 else 1) or _is_cut(owner, meant):
            return Resemblance(f"{meant}/{repo}", "owner")
    candidates = {meant for part in _parts(owner) for meant in _targets().get(part, ())}
    near = sorted(meant for meant in candidates if is_near(owner, meant, 1))
    return Resemblance(f"{near[0]}/{repo}", "owner") if near else None


@cache
def _targets() -> dict[str, frozenset[str]]:
    """Well-known owners by their parts: names one slip apart have a part in common."""
    found: dict[str, set[str]] = {}
    for meant in _TARGETS:
        for part in _parts(meant):
            found.setdefault(part, set()).add(meant)
    return {part: frozenset(meant) for part, meant in found.items()}


def _parts(name: str) -> set[str]:
    """A name, and what is left of it without one of its letters."""
    return {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))} if len(name) < 64 else set()


def _misspelt(owner: str, repo: str) -> Resemblance | None:
    names = owners()[owner]
    if owner not in _COMPLETE or repo in names or len(repo) < 5:
        return None
    near = sorted(name for name in names if is_near(repo, name, 1))
    return Resemblance(f"{owner}/{near[0]}", "repository") if near else None


def _is_cut(owner: str, meant: str) -> bool:
    """Whether one is the other cut short: `aquasec` for `aquasecurity`."""
    return len(owner) >= 5 and meant.startswith(owner)


def same_name(uses: Uses) -> str:
    """The popular action of which a `uses:` has the name but not the owner, or nothing."""
    owner, repo = uses.owner.lower(), uses.repo.lower()
    meant = holders().get(repo, ())
    if not meant or owner in owners() or repo in _COMMON:
        return ""
    return f"{meant[0]}/{repo}"


def is_near(one: str, other: str, most: int) -> bool:
    """Whether at most this many slips lie between two names: a letter more, less, other, or two swapped."""
    if one == other or abs(len(one) - len(other)) > most:
        return False
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        rows.append([i, *[0] * len(other)])
        for j, wanted in enumerate(other, 1):
            least = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, rows[i - 2][j - 2] + 1)
            rows[i][j] = least
    return rows[-1][-1] <= most
