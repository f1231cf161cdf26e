"""Actions for what a runner can do by itself: one command that is installed on every GitHub-hosted runner.

Source: the lists of installed software in actions/runner-images (`gh`, `git`, `docker`, `rustup`, `jq`, `yq`).
"""

from __future__ import annotations

from functools import cache

from guardrail.actions.tables import rows
from guardrail.actions.uses import Uses

_SPARED = """
8398a7/action-slack | curl with the address of the webhook
actions-rs/cargo | cargo
actions-rs/toolchain | rustup toolchain install
actions/create-release | gh release create
actions/upload-release-asset | gh release upload
addnab/docker-run-action | docker run
brandedoutcast/publish-nuget | dotnet nuget push
dacbd/create-issue-action | gh issue create
dtolnay/rust-toolchain | rustup toolchain install
elgohr/publish-docker-github-action | docker build and docker push
endbug/add-and-commit | git commit and git push
fjogeleit/http-request-action | curl
hmarr/auto-approve-action | gh pr review --approve
jasonetco/create-an-issue | gh issue create
juliangruber/read-file-action | cat
marvinpinto/action-automatic-releases | gh release create
mathieudutour/github-tag-action | git tag and git push
mikefarah/yq | yq
ncipollo/release-action | gh release create
octokit/graphql-action | gh api graphql
octokit/request-action | gh api
peter-evans/create-issue-from-file | gh issue create --body-file
peter-evans/create-or-update-comment | gh issue comment
peter-evans/create-pull-request | gh pr create
peter-evans/enable-pull-request-automerge | gh pr merge --auto
peter-evans/repository-dispatch | gh api repos/OWNER/REPO/dispatches
repo-sync/pull-request | gh pr create
softprops/action-gh-release | gh release create
stefanzweifel/git-auto-commit-action | git commit and git push
svenstaro/upload-release-action | gh release upload
wei/curl | curl
"""


@cache
def _table() -> dict[str, str]:
    return {row[0]: row[1] for row in rows(_SPARED, 2)}


def instead(uses: Uses) -> str:
    """The command that does what an action does, or nothing."""
    return _table().get(uses.name, "")
