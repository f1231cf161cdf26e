"""What the repository's own files say about GitHub's settings: required checks, protected environments.

Read are the Terraform provider's `github_branch_protection`, `github_branch_protection_v3`,
`github_repository_ruleset` and `github_repository_environment`, the settings app's `.github/settings.yml`, and
rulesets exported as JSON. What is no literal there is not known, and counts as absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from guardrail.graph.repository import Repository
from guardrail.model.place import Pointer

SETTINGS = (".github/settings.yml", ".github/settings.yaml")
"""https://github.com/repository-settings/app"""

_MOST_FILES = 400


class RequiredCheck(NamedTuple):
    """A check that must succeed before a branch moves: the branch pattern, the check's name, where it is written."""

    branch: str
    name: str
    pointer: Pointer

    def covers(self, branch: str, name: str) -> bool:
        """Whether the check of that name is required for a branch."""
        return name == self.name and _covers(self.branch, branch)


class RequiredReviews(NamedTuple):
    """How many people must approve before a branch moves: the branch pattern, and where it is written."""

    branch: str
    people: int
    pointer: Pointer

    def covers(self, branch: str) -> bool:
        """Whether they are required for a branch."""
        return _covers(self.branch, branch)


class ProtectedEnvironment(NamedTuple):
    """An environment as a file declares it: how many reviewers there are, and which refs may deploy.

    `refs` are patterns; without any, and without `protected_branches`, every branch may.
    """

    name: str
    reviewers: int
    refs: tuple[str, ...]
    protected_branches: bool
    pointer: Pointer


class Protections(NamedTuple):
    """Everything the files say; environments by name."""

    checks: tuple[RequiredCheck, ...]
    environments: Mapping[str, ProtectedEnvironment]
    reviews: tuple[RequiredReviews, ...] = ()


Said = RequiredCheck | RequiredReviews | ProtectedEnvironment


def _covers(pattern: str, branch: str) -> bool:
    """Whether a pattern means a branch; `~DEFAULT_BRANCH` means main or master."""
    patterns = ("main", "master") if pattern == "~DEFAULT_BRANCH" else (pattern,)
    return pattern == "~ALL" or any(fnmatchcase(branch, p.removeprefix("refs/heads/")) for p in patterns)


def protections(repository: Repository) -> Protections:
    """What settings files of the repository say of GitHub's protection."""

    def make() -> Protections:
        found = list(_everything(repository))
        checks = tuple(f for f in found if isinstance(f, RequiredCheck))
        reviews = tuple(f for f in found if isinstance(f, RequiredReviews))
        return Protections(checks, {f.name: f for f in found if isinstance(f, ProtectedEnvironment)}, reviews)

    return repository.once("protections", make)


def _everything(repository: Repository) -> Iterator[Said]:
    for path in SETTINGS:
        data = repository.document(path)
        if isinstance(data, dict):
            yield from _settings_app(data, repository.name(path))
    for path in repository.below((".tf", ".tofu"), _MOST_FILES):
        if "github_" in (repository.text(path) or ""):
            data = repository.document(path)
            if isinstance(data, dict):
                yield from _terraform(data, repository.name(path))
    for name in repository.names(".github/rulesets"):
        if name.endswith(".json"):
            data = repository.document(f".github/rulesets/{name}")
            if isinstance(data, dict):
                yield from _ruleset(data, repository.name(f".github/rulesets/{name}"))


def _settings_app(data: Mapping[str, Any], file: str) -> Iterator[Said]:
    for at, branch in enumerate(_mappings(data.get("branches"))):
        protection = _first(branch.get("protection"))
        statuses = _first(protection.get("required_status_checks"))
        where = Pointer(file, ("branches", at, "protection"))
        yield from _reviews(str(branch.get("name", "")), protection.get("required_pull_request_reviews"), where)
        path = ("branches", at, "protection", "required_status_checks")
        for name in _texts(statuses.get("contexts")):
            yield RequiredCheck(str(branch.get("name", "")), name, Pointer(file, path))
    for at, given in enumerate(_mappings(data.get("environments"))):
        policy = _first(given.get("deployment_branch_policy"))
        refs = [str(p.get("name", p)) if isinstance(p, dict) else str(p) for p in _list(policy.get("custom_branches"))]
        yield ProtectedEnvironment(
            str(given.get("name", "")),
            len(_list(given.get("reviewers"))),
            tuple(refs),
            policy.get("protected_branches") is True,
            Pointer(file, ("environments", at)),
        )


def _terraform(data: Mapping[str, Any], file: str) -> Iterator[Said]:
    refs: dict[str, list[str]] = {}
    for type_, _, body in _resources(data):
        if type_ == "github_repository_environment_deployment_policy":
            name, pattern = body.get("environment"), body.get("branch_pattern") or body.get("tag_pattern")
            if isinstance(name, str) and isinstance(pattern, str):
                refs.setdefault(name, []).append(pattern)
    for type_, label, body in _resources(data):
        pointer = Pointer(file, ("resource", type_, label))
        match type_:
            case "github_branch_protection" | "github_branch_protection_v3":
                statuses = _first(body.get("required_status_checks"))
                branch = str(body.get("pattern", body.get("branch", "")))
                for name in _texts(statuses.get("contexts")) + _texts(statuses.get("checks")):
                    yield RequiredCheck(branch, name, pointer)
                yield from _reviews(branch, body.get("required_pull_request_reviews"), pointer)
            case "github_repository_ruleset" | "github_organization_ruleset":
                yield from _rules(body, pointer)
            case "github_repository_environment":
                yield _environment(body, refs, label, pointer)


def _environment(
    body: Mapping[str, Any], refs: Mapping[str, list[str]], label: str, pointer: Pointer
) -> ProtectedEnvironment:
    name = str(body.get("environment", ""))
    reviewers = _first(body.get("reviewers"))
    reference = f"${{github_repository_environment.{label}.environment}}"
    return ProtectedEnvironment(
        name,
        len(_list(reviewers.get("users"))) + len(_list(reviewers.get("teams"))),
        (*refs.get(name, ()), *refs.get(reference, ())),
        _first(body.get("deployment_branch_policy")).get("protected_branches") is True,
        pointer,
    )


def _reviews(branch: str, given: object, pointer: Pointer) -> Iterator[RequiredReviews]:
    """The reviews that a protected branch asks for: none where nothing is said; where that is no literal it is open."""
    count = _first(given).get("required_approving_review_count", 0)
    if isinstance(count, int) and not isinstance(count, bool):
        yield RequiredReviews(branch, count, pointer)


def _rules(body: Mapping[str, Any], pointer: Pointer) -> Iterator[Said]:
    if body.get("enforcement") != "active" or body.get("target") != "branch":
        return
    included = _texts(_first(_first(body.get("conditions")).get("ref_name")).get("include"))
    rules = _first(body.get("rules"))
    for branch in included:
        for check in _mappings(_first(rules.get("required_status_checks")).get("required_check")):
            yield RequiredCheck(branch, str(check.get("context", "")), pointer)
        yield from _reviews(branch, rules.get("pull_request"), pointer)


def _ruleset(data: Mapping[str, Any], file: str) -> Iterator[Said]:
    """A ruleset as GitHub exports it (REST API, "repository rules")."""
    if data.get("enforcement") != "active" or data.get("target") != "branch":
        return
    included = _texts(_first(_first(data.get("conditions")).get("ref_name")).get("include"))
    for at, given in enumerate(_mappings(data.get("rules"))):
        if given.get("type") == "required_status_checks":
            statuses = _first(given.get("parameters")).get("required_status_checks")
            for check in _mappings(statuses):
                for branch in included:
                    yield RequiredCheck(branch, str(check.get("context", "")), Pointer(file, ("rules", at)))
        elif given.get("type") == "pull_request":
            for branch in included:
                yield from _reviews(branch, given.get("parameters"), Pointer(file, ("rules", at)))


def _resources(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for block in _mappings(data.get("resource")):
        for type_, named in block.items():
            for label, body in _first(named).items():
                yield type_, label, _first(body)


def _first(value: object) -> Mapping[str, Any]:
    """A block, which python-hcl2 wraps in a list, or nothing."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: object) -> list[dict[str, Any]]:
    return [v for v in _list(value) if isinstance(v, dict)]


def _texts(value: object) -> list[str]:
    return [v for v in _list(value) if isinstance(v, str) and "${" not in v]
