"""Actions that no longer run, are no longer maintained or are written for a runtime of the past, as of DATE."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from guardrail.actions.tables import rows
from guardrail.actions.uses import Uses
from guardrail.actions.versions import certainly_before

DATE = "2026-11-21"
"""When the tables were last compared with their sources."""


class Ended(NamedTuple):
    """Versions from `introduced` to before `fixed` of which something is over since a day; `use` is what to take."""

    action: str
    introduced: str
    fixed: str
    since: str
    use: str
    source: str


class Archived(NamedTuple):
    """A repository that its owner made read-only; `action` may be an owner alone, for all of theirs."""

    action: str
    use: str


class Runtime(NamedTuple):
    """Versions before `fixed` declare a version of Node.js that runners no longer have."""

    action: str
    fixed: str


_REMOVED = """
# Requests "automatically failed because it uses a deprecated version": GitHub fails the job on github.com (not on
# GitHub Enterprise Server). Sources are below https://github.blog/changelog/
actions/cache | 0 | 3.0.0 | 2025-03-01 | v4 or later | 2024-12-05-notice-of-upcoming-releases-and-breaking-changes-for-github-actions/
actions/cache | 3.0.0 | 3.4.0 | 2025-03-01 | v4 or later | 2024-12-05-notice-of-upcoming-releases-and-breaking-changes-for-github-actions/
actions/cache | 4.0.0 | 4.2.0 | 2025-03-01 | v4 or later | 2024-12-05-notice-of-upcoming-releases-and-breaking-changes-for-github-actions/
actions/download-artifact | 0 | 3.0.0 | 2024-06-30 | v4 or later | 2024-02-13-deprecation-notice-v1-and-v2-of-the-artifact-actions/
actions/download-artifact | 3.0.0 | 4.0.0 | 2025-01-30 | v4 or later | 2024-04-16-deprecation-notice-v3-of-the-artifact-actions/
actions/upload-artifact | 0 | 3.0.0 | 2024-06-30 | v4 or later | 2024-02-13-deprecation-notice-v1-and-v2-of-the-artifact-actions/
actions/upload-artifact | 3.0.0 | 4.0.0 | 2025-01-30 | v4 or later | 2024-04-16-deprecation-notice-v3-of-the-artifact-actions/
actions/upload-pages-artifact | 0 | 3.0.0 | 2025-01-30 | v3 or later | 2024-12-05-deprecation-notice-github-pages-actions-to-require-artifacts-actions-v4-on-github-com/
"""  # noqa: E501

_DEPRECATED = """
# "no longer updated or supported" in the words of their maintainers. Sources are below https://github.blog/changelog/
github/codeql-action | 0 | 2.0.0 | 2023-01-18 | v4 | 2023-01-18-code-scanning-codeql-action-v1-is-now-deprecated/
github/codeql-action | 2.0.0 | 3.0.0 | 2025-01-10 | v4 | 2025-01-10-code-scanning-codeql-action-v2-is-now-deprecated/
"""

_ARCHIVED = """
8398a7/action-slack | slackapi/slack-github-action
actions-rs | dtolnay/rust-toolchain, or rustup and cargo in a run step
actions/create-release | gh release create
actions/setup-elixir | erlef/setup-beam
actions/setup-haskell | haskell-actions/setup
actions/setup-ruby | ruby/setup-ruby
actions/upload-release-asset | gh release upload
andrewmcodes-archive/rubocop-linter-action |
artichoke/setup-rust | dtolnay/rust-toolchain
azure/appconfiguration-sync |
azure/appservice-actions | azure/webapps-deploy
azure/container-actions |
azure/container-scan | aquasecurity/trivy-action
azure/get-keyvault-secrets | az keyvault secret show
azure/k8s-actions | azure/k8s-deploy
azure/manage-azure-policy |
azure/publish-security-assessments |
azure/run-sqlpackage-action | azure/sql-action
azure/spring-cloud-deploy |
azure/webapps-container-deploy | azure/webapps-deploy
cirrus-actions/rebase |
cloudflare/pages-action | cloudflare/wrangler-action
contributor-assistant/github-action |
crazy-max/ghaction-docker-buildx | docker/setup-buildx-action
delaguardo/setup-graalvm | graalvm/setup-graalvm
expo/expo-preview-action | expo/expo-github-action
facebook/pysa-action |
google/mirror-branch-action |
gradle/gradle-build-action | gradle/actions/setup-gradle
grafana/k6-action | grafana/setup-k6-action
hashicorp/terraform-cdk-action |
helaili/jekyll-action | actions/jekyll-build-pages
ilshidur/action-slack | slackapi/slack-github-action
jakejarvis/hugo-build-action | peaceiris/actions-hugo
jakejarvis/lighthouse-action | treosh/lighthouse-ci-action
jakejarvis/s3-sync-action | aws s3 sync
marvinpinto/action-automatic-releases | gh release create
marvinpinto/actions | gh release create
maxheld83/ghpages | actions/deploy-pages
mikepenz/gradle-dependency-submission | gradle/actions/dependency-submission
paambaati/codeclimate-action |
primer/figma-action |
repo-sync/pull-request | gh pr create
repo-sync/repo-sync |
returntocorp/semgrep-action | the image semgrep/semgrep
scottbrenner/generate-changelog-action |
semgrep/semgrep-action | the image semgrep/semgrep
sonarsource/sonarcloud-github-action | SonarSource/sonarqube-scan-action
stefanprodan/kube-tools |
svenstaro/upx-action |
technote-space/auto-cancel-redundant-workflow | concurrency in the workflow
technote-space/get-diff-action |
tibdex/github-app-token | actions/create-github-app-token
verygoodopensource/very_good_coverage |
whelk-io/maven-settings-xml-action | actions/setup-java
"""

_RUNTIMES = """
# The first version whose action.yml says `using: node20`, by the release notes of each.
actions/cache | 4
actions/checkout | 4
actions/configure-pages | 4
actions/dependency-review-action | 4
actions/download-artifact | 4
actions/first-interaction | 2
actions/github-script | 7
actions/labeler | 5
actions/setup-dotnet | 4
actions/setup-go | 5
actions/setup-java | 4
actions/setup-node | 4
actions/setup-python | 5
actions/stale | 9
actions/upload-artifact | 4
aws-actions/amazon-ecr-login | 2
aws-actions/configure-aws-credentials | 4
azure/login | 2
azure/setup-helm | 4
azure/setup-kubectl | 4
codecov/codecov-action | 4
docker/build-push-action | 5
docker/login-action | 3
docker/metadata-action | 5
docker/setup-buildx-action | 3
docker/setup-qemu-action | 3
dorny/paths-filter | 3
github/codeql-action | 3
golangci/golangci-lint-action | 4
google-github-actions/auth | 2
google-github-actions/setup-gcloud | 2
goreleaser/goreleaser-action | 5
hashicorp/setup-terraform | 3
peter-evans/create-pull-request | 6
pnpm/action-setup | 3
softprops/action-gh-release | 2
"""


@cache
def _ended(table: str) -> dict[str, list[Ended]]:
    found: dict[str, list[Ended]] = {}
    for row in rows(table, len(Ended._fields)):
        found.setdefault(row[0], []).append(Ended(*row))
    return found


@cache
def _archived() -> dict[str, Archived]:
    return {row[0]: Archived(*row) for row in rows(_ARCHIVED, len(Archived._fields))}


@cache
def _runtimes() -> dict[str, Runtime]:
    return {row[0]: Runtime(*row) for row in rows(_RUNTIMES, len(Runtime._fields))}


def removed(uses: Uses) -> Ended | None:
    """The version whose jobs GitHub fails, if every version behind a tag is one."""
    return _within(_REMOVED, uses)


def deprecated(uses: Uses) -> Ended | None:
    """The version that its maintainers support no longer, if every version behind a tag is one."""
    return _within(_DEPRECATED, uses)


def _within(table: str, uses: Uses) -> Ended | None:
    found = _ended(table).get(uses.name, ())
    return next((row for row in found if certainly_before(uses.ref, row.fixed, row.introduced)), None)


def archived(uses: Uses) -> Archived | None:
    """The repository behind a `uses:` if it is archived."""
    table = _archived()
    return table.get(uses.name) or table.get(uses.owner.lower())


def outdated(uses: Uses) -> Runtime | None:
    """The first version for a runtime that runners have, if every version behind a tag is older."""
    row = _runtimes().get(uses.name)
    return row if row is not None and certainly_before(uses.ref, row.fixed) else None
