"""Published faults of actions: the GitHub Advisory Database for the ecosystem "GitHub Actions", as of DATE.

Only advisories whose affected versions were read are here. A tag that moves (`v4`) is affected when the last version
it can stand for is.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from guardrail.actions.tables import rows
from guardrail.actions.uses import Uses
from guardrail.actions.versions import certainly_before, parse

DATE = "2026-11-21"
"""When the tables were last compared with the database."""

LEVELS = ("low", "moderate", "high", "critical")
"""Severities of the Advisory Database, lowest first."""


class Advisory(NamedTuple):
    """`action` is `owner/repo` or a path below it, in lower case; from `introduced` to before `fixed` it is there.

    `take` is the version to go to where that is another one than `fixed`.
    """

    action: str
    introduced: str
    fixed: str
    level: str
    id: str
    cve: str
    what: str
    take: str


class Compromise(NamedTuple):
    """A commit that held malicious code, the day from which tags led to it, and where that is told."""

    action: str
    commit: str
    when: str
    id: str


_ADVISORIES = """
actions/download-artifact | 4.0.0 | 4.1.3 | high | GHSA-cxww-7g56-2vh6 | CVE-2024-42471 | an artifact can write files outside its folder
aquasecurity/setup-trivy | 0 | 0.2.6 | critical | GHSA-69fq-xp46-6x23 | CVE-2026-33634 | its tags led to code that steals credentials on 2026-03-19
aquasecurity/trivy-action | 0 | 0.35.0 | critical | GHSA-69fq-xp46-6x23 | CVE-2026-33634 | its tags led to code that steals credentials on 2026-03-19
aquasecurity/trivy-action | 0.31.0 | 0.34.0 | moderate | GHSA-9p44-j4g5-cfx5 | CVE-2026-26189 | its inputs run as code
atlassian/gajira-create | 0 | 2.0.1 | critical | GHSA-4xqx-pqpj-9fqw | CVE-2020-14188 | the text of an issue runs as code
azure/setup-kubectl | 0 | 3 | low | GHSA-p756-rfxh-x63h | CVE-2023-23939 | everyone on the runner may replace the kubectl it installs
canonical/get-workflow-version-action | 0 | 1.0.1 | high | GHSA-26wh-cc3r-w6pj | CVE-2025-31479 | it may print part of the token when it fails
check-spelling/check-spelling | 0 | 0.0.19 | critical | GHSA-g86g-chm8-7r2p | CVE-2021-32724 | a pull request from a fork can read the token
dawidd6/action-download-artifact | 0 | 6 | high | GHSA-5xr6-xhww-33m4 | | it takes artifacts that runs of forks have made
embano1/wip | 0 | 2 | high | GHSA-rg3q-prf8-qxmp | CVE-2023-30623 | the title of a pull request runs as code
fish-shop/syntax-check | 0 | 1.6.12 | moderate | GHSA-xj87-mqvh-88w2 | CVE-2024-42482 | a pattern in its input runs as code
github/codeql-action | 2.26.11 | 3.0.0 | high | GHSA-vqf5-2xx6-9wfm | CVE-2025-24362 | its debug artifacts may hold the token | 3.28.3
github/codeql-action | 3.26.11 | 3.28.3 | high | GHSA-vqf5-2xx6-9wfm | CVE-2025-24362 | its debug artifacts may hold the token
gradle/gradle-build-action | 0 | 2.4.2 | high | GHSA-h3qr-39j9-4r5v | CVE-2023-30853 | it may store secrets in the cache
hashicorp/vault-action | 0 | 2.2.0 | high | GHSA-4mgv-m5cm-f9h7 | CVE-2021-32074 | secrets of several lines are printed unmasked
j178/prek-action | 0 | 1.0.6 | critical | GHSA-pwf7-47c3-mfhx | | its inputs run as code
kartverket/github-workflows/.github/workflows/run-terraform.yml | 0 | 2.7.5 | high | GHSA-f9qj-7gh3-mhj4 | CVE-2022-39326 | `terraform plan` of a pull request runs code of its author
lycheeverse/lychee-action | 0 | 2.0.2 | moderate | GHSA-65rg-554r-9j5x | CVE-2024-48908 | its input lycheeVersion runs as code
pypa/gh-action-pypi-publish | 0 | 1.13.0 | low | GHSA-vxmw-7h4f-hqxh | | names that a caller chooses are put into a script
pytorch/pytorch/.github/actions/filter-test-configs | 0 | 2.0.1 | moderate | GHSA-hw6r-g8gj-2987 | | the name of a branch runs as code
rlespinasse/github-slug-action | 0 | 1.1.1 | moderate | GHSA-7f32-hm4h-w77q | | it sets variables by commands that a log can fake
rlespinasse/github-slug-action | 4.0.0 | 4.4.1 | high | GHSA-6q4m-7476-932w | CVE-2023-27581 | the name of a branch runs as code
some-natalie/ghas-to-csv | 0 | 1 | moderate | GHSA-634p-93h9-92vh | CVE-2022-39217 | its CSV may hold formulas
sonarsource/sonarqube-scan-action | 4.0.0 | 6.0.0 | high | GHSA-5xq9-5g24-4g6f | CVE-2025-59844 | its input args runs as code
step-security/harden-runner | 0.12.0 | 2.12.0 | moderate | GHSA-mxr3-8whj-j74r | CVE-2025-32955 | a job can get back the sudo it was denied
super-linter/super-linter | 6.0.0 | 8.3.1 | high | GHSA-r79c-pqj3-577x | CVE-2026-25761 | the name of a file in a pull request runs as code
tj-actions/branch-names | 0 | 9.0.0 | critical | GHSA-gq52-6phf-x2r6 | CVE-2025-54416 | the name of a branch runs as code
tj-actions/changed-files | 0 | 41 | high | GHSA-mcph-m25j-8j63 | CVE-2023-51664 | the name of a file in a pull request runs as code
tj-actions/changed-files | 0 | 46.0.1 | high | GHSA-mrrh-fwg8-r2c3 | CVE-2025-30066 | its tags led to code that prints secrets on 2025-03-14
tj-actions/verify-changed-files | 0 | 17 | high | GHSA-ghm2-rq8q-wrhc | CVE-2023-52137 | the name of a file in a pull request runs as code
ultralytics/actions | 0 | 0.0.3 | high | GHSA-7x29-qqmq-v6qc | | the name of a branch runs as code
"""  # noqa: E501 - a row is a line; source: https://github.com/advisories/<id>

_COMPROMISES = """
# Told by the maintainers (tj-actions, reviewdog) and to the owners of workflows that ran them (setup-trivy, trivy-action).
aquasecurity/setup-trivy | 8afa9b9f9183b4e00c46e2b82d34047e3c177bd0 | 2026-03-19 | CVE-2026-33634
aquasecurity/setup-trivy | e6c2c5e321ed9123bda567646e2f96565e34abe1 | 2026-03-19 | CVE-2026-33634
aquasecurity/trivy-action | c5967f85626795f647d4bf6eb67227f9b79e02f5 | 2026-03-19 | CVE-2026-33634
aquasecurity/trivy-action | e0198fd2b6e1679e36d32933941182d9afa82f6f | 2026-03-19 | CVE-2026-33634
reviewdog/action-setup | f0d342d24037bb11d26b9bd8496e0808ba32e9ec | 2025-03-11 | CVE-2025-30154
tj-actions/changed-files | 0e58ed8671d6b60d0890c21b07f8835ace038e67 | 2025-03-14 | CVE-2025-30066
"""  # noqa: E501


@cache
def advisories() -> tuple[Advisory, ...]:
    """The table of versions."""
    return tuple(Advisory(*row) for row in rows(_ADVISORIES, len(Advisory._fields)))


@cache
def compromises() -> tuple[Compromise, ...]:
    """The table of commits."""
    return tuple(Compromise(*row) for row in rows(_COMPROMISES, len(Compromise._fields)))


@lru_cache(maxsize=1024)
def known(uses: Uses, least: str = "low") -> tuple[Advisory, ...]:
    """Advisories of at least this level that every version behind a `uses:` has, the one fixed last first.

    A commit is not resolved to a version: that takes the network.
    """
    wanted = LEVELS[LEVELS.index(least) :]
    whole = f"{uses.name}/{uses.path}".rstrip("/").lower() + "/"
    found = [
        advisory
        for advisory in advisories()
        if whole.startswith(f"{advisory.action}/")
        and advisory.level in wanted
        and certainly_before(uses.ref, advisory.fixed, advisory.introduced)
    ]
    return tuple(sorted(found, key=lambda advisory: parse(advisory.fixed), reverse=True))


def compromised(uses: Uses) -> Compromise | None:
    """The malicious commit that a `uses:` is pinned to, by whatever name: forks share the commits of a repository."""
    if uses.pin != "sha":
        return None
    return next((one for one in compromises() if one.commit == uses.ref.lower()), None)
