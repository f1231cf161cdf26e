"""What well-known actions need of the token: a table, each row from the action's own README.

A row is the action, a bar, and what it needs: `permission:level`, alternatives joined by `|`, and `?permission` for
what it makes use of in some configurations only. In brackets stand conditions, all of which must hold, on its inputs:
`name` (given), `!name` (not given), `name=value`, `name!=value`; `hosted` is a runner of GitHub's without AWS keys in
its environment; `git` says that it pushes with the credentials that the checkout left behind, `ghcr` that it pushes
images to ghcr.io, where the job signs in with its token. A row with nothing behind the bar needs no more than to read
the contents. An action that is not here may use anything.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

_ROWS = """
actions/add-to-project |
actions/ai-inference | models:read
actions/attest | id-token:write attestations:write ?packages ?artifact-metadata
actions/attest-build-provenance | id-token:write attestations:write ?packages ?artifact-metadata
actions/attest-sbom | id-token:write attestations:write ?packages ?artifact-metadata
actions/cache |
actions/checkout |
actions/configure-pages | ?pages
actions/create-github-app-token |
actions/create-release | contents:write
actions/delete-package-versions | packages:write
actions/dependency-review-action | ?pull-requests
actions/deploy-pages | pages:write id-token:write
actions/download-artifact |
actions/first-interaction | issues|pull-requests:write
actions/jekyll-build-pages | ?pages
actions/labeler | issues|pull-requests:write
actions/setup-dotnet |
actions/setup-go |
actions/setup-java |
actions/setup-node |
actions/setup-python |
actions/stale | issues|pull-requests:write ?contents ?actions
actions/upload-artifact |
actions/upload-pages-artifact |
actions/upload-release-asset | contents:write
ad-m/github-push-action | contents:write[!ssh,!directory,!repository]
amannn/action-semantic-pull-request | ?pull-requests ?statuses
amazon-ecs/* |
anchore/sbom-action | ?contents
anchore/scan-action |
aquasecurity/setup-trivy |
aquasecurity/tfsec-action |
aquasecurity/trivy-action | ?contents
astral-sh/ruff-action |
astral-sh/setup-uv |
aws-actions/amazon-ecr-login |
aws-actions/amazon-ecs-deploy-task-definition |
aws-actions/amazon-ecs-render-task-definition |
aws-actions/aws-cloudformation-github-deploy |
aws-actions/configure-aws-credentials |
    id-token:write[role-to-assume,!aws-access-key-id,!web-identity-token-file,role-chaining!=true,hosted] ?id-token
azure/cli |
azure/docker-login |
azure/functions-action |
azure/k8s-bake |
azure/k8s-create-secret |
azure/k8s-deploy |
azure/k8s-set-context |
azure/login | id-token:write[client-id,!creds,auth-type!=identity] ?id-token
azure/setup-helm |
azure/setup-kubectl |
azure/webapps-deploy |
bridgecrewio/checkov-action |
changesets/action | contents:write[publish,git] pull-requests:write ?contents ?issues ?packages ?id-token
chromaui/action |
cloudflare/wrangler-action | ?deployments
codecov/codecov-action | id-token:write[use_oidc=true] ?id-token
coverallsapp/github-action | ?statuses ?pull-requests
crazy-max/ghaction-github-labeler | issues|pull-requests:write
cycjimmy/semantic-release-action | contents:write[dry_run!=true] ?issues ?pull-requests ?packages ?id-token
cypress-io/github-action | ?statuses
denoland/setup-deno |
dependabot/fetch-metadata | ?pull-requests ?contents
dessant/lock-threads | ?issues ?pull-requests ?discussions
docker/bake-action | ?packages
docker/build-push-action | packages:write[ghcr] ?packages
docker/login-action | ?packages
docker/metadata-action |
docker/scout-action | ?pull-requests
docker/setup-buildx-action |
docker/setup-docker-action |
docker/setup-qemu-action |
dorny/paths-filter |
dorny/test-reporter | ?checks
dtolnay/rust-toolchain |
endbug/add-and-commit | contents:write[push!=false,git]
enricomi/publish-unit-test-result-action | ?checks ?pull-requests ?issues ?contents
fastify/github-action-merge-dependabot | contents:write pull-requests:write
github/codeql-action/analyze | security-events:write[upload!=never,upload!=false,upload!=failure-only]
    ?security-events
github/codeql-action/autobuild |
github/codeql-action/init | ?security-events
github/codeql-action/upload-sarif | security-events:write
gitleaks/gitleaks-action | ?pull-requests
golangci/golangci-lint-action | ?checks ?pull-requests
google-github-actions/auth | id-token:write[workload_identity_provider] ?id-token
google-github-actions/deploy-appengine |
google-github-actions/deploy-cloud-functions |
google-github-actions/deploy-cloudrun |
google-github-actions/get-gke-credentials |
google-github-actions/release-please-action | contents:write pull-requests:write ?issues
google-github-actions/setup-gcloud |
googleapis/release-please-action | contents:write pull-requests:write ?issues
goreleaser/goreleaser-action | ?contents ?packages ?id-token ?attestations ?issues
gradle/actions/setup-gradle | ?contents ?pull-requests
gradle/actions/wrapper-validation |
gradle/gradle-build-action | ?contents ?pull-requests
gradle/wrapper-validation-action |
hadolint/hadolint-action |
hashicorp/setup-packer |
hashicorp/setup-terraform |
hashicorp/vault-action | id-token:write[method=jwt,!jwtprivatekey] ?id-token
helm/chart-testing-action |
helm/kind-action |
hmarr/auto-approve-action | pull-requests:write
jamesives/github-pages-deploy-action | contents:write[!ssh-key,!repository-name]
js-devtools/npm-publish | ?id-token ?packages
ludeeus/action-shellcheck |
marocchino/sticky-pull-request-comment | issues|pull-requests:write[!repo] ?pull-requests
mikepenz/action-junit-report | ?pull-requests ?checks
mshick/add-pr-comment | issues|pull-requests:write
mymindstorm/setup-emsdk |
ncipollo/release-action | contents:write ?discussions
nuget/login | id-token:write
oven-sh/setup-bun |
ossf/scorecard-action | id-token:write[publish_results=true] ?id-token ?security-events
peaceiris/actions-gh-pages | contents:write[!deploy_key,!personal_token,!external_repository]
peter-evans/close-issue | issues:write
peter-evans/create-issue-from-file | issues:write
peter-evans/create-or-update-comment | issues|pull-requests:write
peter-evans/create-pull-request | contents:write[!push-to-fork,!branch-token] pull-requests:write
peter-evans/enable-pull-request-automerge | contents:write pull-requests:write
peter-evans/find-comment |
pnpm/action-setup |
pre-commit/action |
psf/black |
pypa/cibuildwheel |
pypa/gh-action-pip-audit |
pypa/gh-action-pypi-publish | id-token:write[!password] ?id-token
r-lib/actions/check-r-package |
r-lib/actions/setup-pandoc |
r-lib/actions/setup-r |
r-lib/actions/setup-r-dependencies |
release-drafter/release-drafter | contents:write[disable-releaser!=true,dry-run!=true] ?pull-requests ?contents
release-drafter/release-drafter/autolabeler | issues|pull-requests:write
ruby/setup-ruby |
rubygems/release-gem | id-token:write[setup-trusted-publisher!=false] contents:write[git] ?id-token
rust-lang/crates-io-auth-action | id-token:write
shivammathur/setup-php |
sigstore/cosign-installer | ?id-token
sigstore/gh-action-sigstore-python | id-token:write ?contents
slackapi/slack-github-action |
snyk/actions |
softprops/action-gh-release | contents:write ?discussions
sonarsource/sonarcloud-github-action | ?pull-requests
sonarsource/sonarqube-quality-gate-action |
sonarsource/sonarqube-scan-action | ?pull-requests
stefanzweifel/git-auto-commit-action | contents:write[skip_push!=true,git] ?contents
step-security/harden-runner |
styfle/cancel-workflow-action | actions:write
super-linter/super-linter | ?statuses ?contents ?issues ?pull-requests
swatinem/rust-cache |
thollander/actions-comment-pull-request | issues|pull-requests:write
tj-actions/changed-files |
treosh/lighthouse-ci-action |
trufflesecurity/trufflehog |
"""


class Entry(NamedTuple):
    """One need of an action: alternatives, the level, whether it is one for certain, and its conditions."""

    permissions: tuple[str, ...]
    level: str
    certain: bool
    conditions: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for row in _ROWS.strip().replace("\n    ", " ").splitlines():
        name, _, needs = row.partition(" |")
        found[name.strip()] = tuple(_entry(word) for word in needs.split())
    return found


def _entry(word: str) -> Entry:
    need, _, conditions = word.rstrip("]").partition("[")
    names, _, level = need.lstrip("?").partition(":")
    given = tuple(conditions.split(",")) if conditions else ()
    return Entry(tuple(names.split("|")), level, not need.startswith("?"), given)


def entries(name: str, path: str = "") -> tuple[Entry, ...] | None:
    """What an action needs, by `owner/repository` in lower case and the path behind it; None when it is not known.

    A row without a path is about all that a repository holds, unless one with the path is there.
    """
    table = _table()
    exact = table.get(f"{name}/{path}".lower()) if path else None
    found = exact if exact is not None else table.get(name)
    return found if found is not None else table.get(f"{name.partition('/')[0]}/*")


def names() -> tuple[str, ...]:
    """Every action of the table."""
    return tuple(_table())
