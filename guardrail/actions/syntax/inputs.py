"""The inputs of actions that nearly everyone uses, those of all their versions together.

Source: the `action.yml` of each action, as of November 2026. The list serves to tell slips of the pen: an input that
is not here and resembles none that is may be newer.
"""

from __future__ import annotations

from functools import lru_cache

_INPUTS = """
actions/cache: path key restore-keys upload-chunk-size enableCrossOsArchive fail-on-cache-miss lookup-only save-always
actions/checkout: repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean
    filter sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules
    set-safe-directory github-server-url
actions/download-artifact: name artifact-ids path pattern merge-multiple github-token repository run-id
    skip-decompress digest-mismatch
actions/github-script: script github-token debug user-agent previews result-encoding retries
    retry-exempt-status-codes base-url
actions/setup-dotnet: dotnet-version dotnet-quality global-json-file source-url owner config-file cache
    cache-dependency-path workloads architecture
actions/setup-go: go-version go-version-file check-latest token cache cache-dependency-path architecture stable
actions/setup-java: java-version java-version-file distribution java-package architecture jdkFile check-latest
    server-id server-username server-password settings-path overwrite-settings gpg-private-key gpg-passphrase cache
    cache-dependency-path job-status token mvn-toolchain-id mvn-toolchain-vendor
actions/setup-node: always-auth node-version node-version-file architecture check-latest registry-url scope token
    cache cache-dependency-path mirror mirror-token package-manager-cache version
actions/setup-python: python-version python-version-file cache architecture check-latest token cache-dependency-path
    update-environment allow-prereleases freethreaded pip-version pip-install
actions/upload-artifact: name path if-no-files-found retention-days compression-level overwrite include-hidden-files
    archive
aws-actions/configure-aws-credentials: aws-region role-to-assume aws-access-key-id aws-secret-access-key
    aws-session-token web-identity-token-file role-chaining audience http-proxy no-proxy proxy mask-aws-account-id
    role-duration-seconds role-external-id role-session-name role-skip-session-tagging inline-session-policy
    managed-session-policies output-credentials output-env-credentials unset-current-credentials disable-retry
    retry-max-attempts special-characters-workaround use-existing-credentials allowed-account-ids force-skip-oidc
azure/login: creds client-id tenant-id subscription-id enable-AzPSSession environment allow-no-subscriptions audience
    auth-type
docker/build-push-action: add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to
    call cgroup-parent context file labels load network no-cache no-cache-filters outputs platforms provenance pull
    push sbom secrets secret-envs secret-files shm-size ssh tags target ulimit github-token
docker/login-action: registry username password scope ecr logout registry-auth
docker/metadata-action: context images tags flavor labels annotations sep-tags sep-labels sep-annotations
    bake-target github-token
docker/setup-buildx-action: version driver driver-opts buildkitd-flags buildkitd-config buildkitd-config-inline
    install use endpoint platforms append keep-state cache-binary cleanup config config-inline name
github/codeql-action/analyze: check_name output upload cleanup-level ram add-snippets skip-queries threads
    checkout_path ref sha category upload-database wait-for-processing token matrix expect-error
github/codeql-action/init: tools languages build-mode token matrix config-file config db-location queries packs
    external-repository-token setup-python-dependencies source-root ram threads debug debug-artifact-name
    debug-database-name trap-caching dependency-caching quality-queries registries analysis-kinds
github/codeql-action/upload-sarif: sarif_file checkout_path ref sha token matrix category wait-for-processing
google-github-actions/auth: project_id workload_identity_provider service_account audience credentials_json
    create_credentials_file export_environment_variables token_format delegates universe request_reason
    access_token_lifetime access_token_scopes access_token_subject retries backoff backoff_limit id_token_audience
    id_token_include_email cleanup_credentials
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    name = ""
    for line in _INPUTS.strip().splitlines():
        head, colon, rest = line.partition(":")
        name = head if colon else name
        found[name] = found.get(name, frozenset()) | frozenset((rest if colon else line).split())
    return found


def inputs(action: str) -> frozenset[str]:
    """The inputs of an action by `owner/repository[/path]`, lower-cased; none for one that is not listed."""
    return _table().get(action, frozenset())
