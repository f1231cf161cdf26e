"""Actions that many use, with their owners."""

from __future__ import annotations

from functools import cache

_ACTIONS = """
8398a7: action-slack
actions: add-to-project ai-inference attest attest-build-provenance attest-sbom cache checkout configure-pages
actions: create-github-app-token create-release delete-package-versions dependency-review-action deploy-pages
actions: download-artifact first-interaction github-script go-dependency-submission hello-world-docker-action
actions: hello-world-javascript-action jekyll-build-pages labeler publish-action publish-immutable-action
actions: setup-dotnet setup-elixir setup-go setup-haskell setup-java setup-node setup-python setup-ruby stale
actions: upload-artifact upload-pages-artifact upload-release-asset
actions-cool: issues-helper maintain-one-comment
actions-rs: cargo clippy-check toolchain audit-check tarpaulin
actions-rust-lang: setup-rust-toolchain audit rustfmt
addnab: docker-run-action
amannn: action-semantic-pull-request
anchore: sbom-action scan-action
android-actions: setup-android
ansible: ansible-lint
anthropics: claude-code-action
appleboy: scp-action ssh-action telegram-action
aquasecurity: setup-trivy tfsec-action tfsec-sarif-action trivy-action
arduino: arduino-lint-action setup-protoc setup-task
asdf-vm: actions
astral-sh: ruff-action setup-uv
aws-actions: amazon-ecr-login amazon-ecs-deploy-task-definition amazon-ecs-render-task-definition
aws-actions: aws-cloudformation-github-deploy aws-secretsmanager-get-secrets configure-aws-credentials setup-sam
awalsh128: cache-apt-pkgs-action
azure: aks-set-context appservice-settings arm-deploy cli docker-login functions-action k8s-bake k8s-deploy login
azure: k8s-set-context powershell setup-helm setup-kubectl static-web-apps-deploy use-kubelogin webapps-deploy
benchmark-action: github-action-benchmark
bridgecrewio: checkov-action
browser-actions: setup-chrome
bufbuild: buf-setup-action buf-action buf-lint-action buf-breaking-action
cachix: cachix-action install-nix-action
changesets: action
checkmarx: ast-github-action kics-github-action
chromaui: action
cloudflare: pages-action wrangler-action
codecov: codecov-action test-results-action
codespell-project: actions-codespell
conda-incubator: setup-miniconda
coverallsapp: github-action
crazy-max: ghaction-docker-meta ghaction-github-labeler ghaction-import-gpg ghaction-setup-docker
cycjimmy: semantic-release-action
cypress-io: github-action
danielpalme: reportgenerator-github-action
dart-lang: setup-dart
davidanson: markdownlint-cli2-action
dawidd6: action-download-artifact
denoland: setup-deno
dependabot: fetch-metadata
depot: build-push-action setup-action
dessant: lock-threads
determinatesystems: nix-installer-action
devcontainers: ci
digitalocean: action-doctl
docker: bake-action build-push-action login-action metadata-action scout-action setup-buildx-action setup-qemu-action
docker: setup-compose-action setup-docker-action
dorny: paths-filter test-reporter
dotnet: nbgv
dtolnay: rust-toolchain
easimon: maximize-build-space
embarkstudios: cargo-deny-action
endbug: add-and-commit
enricomi: publish-unit-test-result-action
erlef: setup-beam
expo: expo-github-action
extractions: setup-just
fkirc: skip-duplicate-actions
firebaseextended: action-hosting-deploy
foundry-rs: foundry-toolchain
getsentry: action-release
github: codeql-action super-linter
gittools: actions
gitleaks: gitleaks-action
golang: govulncheck-action
golangci: golangci-lint-action
google: clusterfuzzlite osv-scanner-action
google-github-actions: auth deploy-appengine deploy-cloud-functions deploy-cloudrun get-gke-credentials
google-github-actions: get-secretmanager-secrets release-please-action setup-gcloud upload-cloud-storage
googleapis: release-please-action
goreleaser: goreleaser-action
gradle: actions gradle-build-action wrapper-validation-action
graalvm: setup-graalvm
hadolint: hadolint-action
hashicorp: setup-packer setup-terraform vault-action
haskell-actions: setup hlint-setup hlint-run
haya14busa: action-cond
helm: chart-releaser-action chart-testing-action kind-action
hynek: build-and-inspect-python-package
ilammy: msvc-dev-cmd setup-nasm
imjasonh: setup-ko setup-crane
int128: docker-manifest-create-action
jamesives: github-pages-deploy-action
jasonetco: create-an-issue
jdx: mise-action
jetbrains: qodana-action
jetli: wasm-pack-action
jfrog: setup-jfrog-cli frogbot
julia-actions: cache julia-buildpkg julia-runtest setup-julia
juliangruber: read-file-action
jurplel: install-qt-action
jwalton: gh-find-current-pr
kentaro-m: auto-assign-action
korthout: backport-action
ko-build: setup-ko
lewagon: wait-on-check-action
ludeeus: action-shellcheck
lukka: get-cmake run-cmake run-vcpkg
lycheeverse: lychee-action
mamba-org: setup-micromamba provision-with-micromamba
marocchino: sticky-pull-request-comment
mathieudutour: github-tag-action
maxim-lobanov: setup-xcode
microsoft: playwright-github-action security-devops-action setup-msbuild
mikefarah: yq
mikepenz: action-junit-report release-changelog-builder-action
mozilla-actions: sccache-action
msys2: setup-msys2
mxschmitt: action-tmate
ncipollo: release-action
nick-fields: retry
nick-invision: retry
nixbuild: nix-quick-install-action
norio-nomura: action-swiftlint
nuget: setup-nuget
nwtgck: actions-netlify
octokit: request-action graphql-action
octopusdeploy: create-release-action deploy-release-action login push-package-action
opentofu: setup-opentofu
orhun: git-cliff-action
ossf: scorecard-action
oven-sh: setup-bun
oxsecurity: megalinter
pascalgn: automerge-action size-label-action
peaceiris: actions-gh-pages actions-hugo actions-mdbook
peter-evans: close-issue create-issue-from-file create-or-update-comment create-pull-request
peter-evans: dockerhub-description enable-pull-request-automerge find-comment repository-dispatch
peter-evans: slash-command-dispatch
pnpm: action-setup
pre-commit: action
pre-commit-ci: lite-action
prefix-dev: setup-pixi
pulumi: actions
py-actions: flake8
py-cov-action: python-coverage-comment-action
pypa: cibuildwheel gh-action-pip-audit gh-action-pypi-publish
pyo3: maturin-action
pytorch: test-infra
r-lib: actions
ramsey: composer-install
redhat-actions: buildah-build oc-login openshift-tools-installer podman-login push-to-registry
release-drafter: release-drafter
reactivecircus: android-emulator-runner
renovatebot: github-action
returntocorp: semgrep-action
reviewdog: action-actionlint action-eslint action-golangci-lint action-misspell action-setup action-shellcheck
reviewdog: action-suggester
rhysd: changelog-from-release
rojopolis: spellcheck-github-actions
rtcamp: action-slack-notify
ruby: setup-ruby
rubygems: configure-rubygems-credentials release-gem
rustsec: audit-check
samuelmeuli: action-snapcraft action-electron-builder
securego: gosec
sigstore: cosign-installer gh-action-sigstore-python
slackapi: slack-github-action
slsa-framework: slsa-github-generator slsa-verifier
snok: install-poetry
snyk: actions
softprops: action-gh-release turnstyle
sonarsource: sonarcloud-github-action sonarqube-quality-gate-action sonarqube-scan-action
stackhawk: hawkscan-action
stefanzweifel: git-auto-commit-action changelog-updater-action
step-security: harden-runner
streetsidesoftware: cspell-action
styfle: cancel-workflow-action
super-linter: super-linter
svenstaro: upload-release-action
swatinem: rust-cache
swift-actions: setup-swift
taiki-e: create-gh-release-action install-action setup-cross-toolchain-action upload-rust-binary-action
tauri-apps: tauri-action
teatimeguest: setup-texlive-action
technote-space: get-diff-action
terraform-linters: setup-tflint
tibdex: github-app-token
tj-actions: branch-names changed-files verify-changed-files
treosh: lighthouse-ci-action
trufflesecurity: trufflehog
trunk-io: trunk-action
vmactions: freebsd-vm
volta-cli: action
wagoid: commitlint-github-action
webfactory: ssh-agent
xt0rted: pull-request-comment-branch slash-command-action
yokawasa: action-setup-kube-tools
zizmorcore: zizmor-action
"""


@cache
def owners() -> dict[str, frozenset[str]]:
    """Repositories of popular actions by owner, all in lower case."""
    found: dict[str, set[str]] = {}
    for line in _ACTIONS.split("\n"):
        owner, _, names = line.partition(":")
        found.setdefault(owner, set()).update(names.split())
    found.pop("", None)
    return {owner: frozenset(names) for owner, names in found.items()}


@cache
def holders() -> dict[str, tuple[str, ...]]:
    """Owners by the name of their repository."""
    found: dict[str, list[str]] = {}
    for owner, names in sorted(owners().items()):
        for name in names:
            found.setdefault(name, []).append(owner)
    return {name: tuple(listed) for name, listed in found.items()}
