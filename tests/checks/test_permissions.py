"""What a job's token may do and what its steps need, by GitHub's words."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from guardrail.actions.shell import commands
from guardrail.checks import permission_commands, permission_needs, permission_table
from guardrail.checks.permission_grants import Grants, of_job
from guardrail.model.report import Finding, Report
from guardrail.views.workflows import Job

Scan = Callable[..., Report]

PERMISSIONS = """
    actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages pages
    pull-requests repository-projects security-events statuses vulnerability-alerts
""".split()
"""github/docs, data/reusables/actions/github-token-scope-descriptions.md."""


def granted(value: object) -> Grants:
    """The grants of a job that says so itself."""
    return of_job({}, {"permissions": value}, ("jobs", "a"))


def test_what_is_not_named_is_none() -> None:
    """github-token-available-permissions.md: those that are not specified are set to none."""
    grants = granted({"issues": "write"})
    assert grants.level("issues") == "write"
    assert grants.level("contents") == "none"
    assert grants.lacks("contents", "read")
    assert not grants.lacks("issues", "read")
    assert granted({}).level("contents") == "none"


def test_what_nobody_sets_depends_on_the_settings_except_for_the_id_token() -> None:
    """github_token-reference.md, table of defaults: id-token is none in the permissive and the restricted column."""
    grants = of_job({}, {}, ("jobs", "a"))
    assert not grants.stated
    assert grants.level("contents") == ""
    assert not grants.lacks("contents", "write")
    assert grants.level("id-token") == "none"
    assert grants.lacks("id-token", "write")


def test_read_all_and_write_all() -> None:
    """github-token-available-permissions.md: id-token is write or none, models read or none; so is
    vulnerability-alerts, which write-all includes as read."""
    assert granted("write-all").level("id-token") == "write"
    assert granted("read-all").level("id-token") == "none"
    assert granted("read-all").level("contents") == "read"
    assert granted("write-all").level("models") == granted("write-all").level("vulnerability-alerts") == "read"


def test_a_job_replaces_what_the_workflow_grants() -> None:
    """workflow-syntax.md, jobs.<job_id>.permissions: nothing of the workflow's is added."""
    workflow = {"permissions": {"contents": "write"}}
    assert of_job(workflow, {"permissions": {"issues": "write"}}, ("jobs", "a")).level("contents") == "none"
    inherited = of_job(workflow, {}, ("jobs", "a"))
    assert inherited.level("contents") == "write"
    assert inherited.inherited
    assert inherited.path == ("permissions",)


@pytest.mark.parametrize("value", ["read", "write all", 7, None, ["contents"], {"contents": "admin"}])
def test_what_is_no_valid_value_says_nothing(value: object) -> None:
    assert granted(value).level("contents") == ""


def test_the_table_knows_permissions_only() -> None:
    """Every name in the table is a permission that GitHub has, and every row can be found."""
    for name in permission_table.names():
        owner, repository, *path = name.split("/")
        entries = permission_table.entries(f"{owner}/{repository}", "/".join(path))
        assert entries is not None, name
        for entry in entries:
            assert set(entry.permissions) <= set(PERMISSIONS), name
            assert not entry.certain or entry.level in ("read", "write"), name
        assert name == name.lower()


def test_a_path_has_a_row_of_its_own_or_that_of_its_repository() -> None:
    assert permission_table.entries("github/codeql-action", "upload-sarif") != ()
    assert permission_table.entries("actions/cache", "restore") == ()
    assert permission_table.entries("github/codeql-action", "unheard-of") is None
    assert permission_table.entries("amazon-ecs/anything") == ()
    assert permission_table.entries("example/unknown") is None


def job(steps: str, **more: object) -> permission_needs.Needs:
    """The needs of a job with these steps."""
    from yaml import safe_load

    data = {"runs-on": "ubuntu-24.04", "steps": safe_load(dedent(steps)), **more}
    return permission_needs.needs({}, Job("a", data, ("jobs", "a")))


def certain(steps: str, **more: object) -> set[str]:
    """What is needed for certain, as `permission:level`."""
    return {f"{'|'.join(n.permissions)}:{n.level}" for n in job(steps, **more).certain}


ROLE = """
    - uses: aws-actions/configure-aws-credentials@v4
      with:
        role-to-assume: arn:aws:iam::123456789012:role/deploy
"""


def test_a_role_is_taken_by_oidc_on_hosted_runners_without_keys() -> None:
    """aws-actions/configure-aws-credentials, README "Assuming a role": OIDC is used when role-to-assume is set and
    aws-access-key-id, web-identity-token-file and role-chaining are not; else what the runner has."""
    assert certain(ROLE) == {"id-token:write"}
    assert certain(ROLE + "        role-chaining: true\n") == set()
    assert certain(ROLE + "        aws-access-key-id: x\n") == set()
    assert certain(ROLE, **{"runs-on": ["self-hosted"]}) == set()
    assert certain(ROLE, env={"AWS_ACCESS_KEY_ID": "${{ secrets.KEY }}"}) == set()
    assert certain(ROLE + "        role-chaining: ${{ inputs.chained }}\n") == set()


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ("{client-id: a, tenant-id: b, subscription-id: c}", {"id-token:write"}),
        ("{creds: x}", set()),
        ("{client-id: a, auth-type: IDENTITY}", set()),
    ],
)
def test_azure_login(inputs: str, wanted: set[str]) -> None:
    """azure/login, README "Login with OpenID Connect (OIDC)" and "Login with User-assigned Managed Identity"."""
    assert certain(f"- uses: azure/login@v2\n  with: {inputs}") == wanted


def test_publishing_to_pypi_without_a_password_is_trusted_publishing() -> None:
    """pypa/gh-action-pypi-publish, README "Trusted publishing": id-token: write is mandatory for it."""
    assert certain("- uses: pypa/gh-action-pypi-publish@release/v1") == {"id-token:write"}
    assert certain("- uses: pypa/gh-action-pypi-publish@release/v1\n  with: {password: x}") == set()


def test_another_token_is_not_this_token() -> None:
    release = "- uses: softprops/action-gh-release@v2"
    assert certain(release) == {"contents:write"}
    assert certain(f"{release}\n  with: {{token: '${{{{ secrets.GITHUB_TOKEN }}}}'}}") == {"contents:write"}
    assert certain(f"{release}\n  with: {{token: '${{{{ secrets.PAT }}}}'}}") == set()
    assert certain(f"{release}\n  env: {{GITHUB_TOKEN: '${{{{ secrets.PAT }}}}'}}") == set()
    assert certain(f"{release}\n  with: {{token: '${{{{ secrets.PAT || github.token }}}}'}}") == set()
    assert certain(release, env={"GITHUB_TOKEN": "${{ secrets.PAT }}"}) == set()


def gh(command: str, token: str = "${{ github.token }}") -> set[str]:
    """What a command of gh needs."""
    return certain(f"- run: {command}\n  env: {{GH_TOKEN: '{token}'}}")


def test_gh_works_with_gh_token_before_github_token() -> None:
    """gh's manual, `gh help environment`: GH_TOKEN, GITHUB_TOKEN in order of precedence."""
    assert gh("gh release create v1") == {"contents:write"}
    assert gh("gh release create v1", "${{ secrets.PAT }}") == set()
    both = "- run: gh release create v1\n  env: {GH_TOKEN: '${{ secrets.PAT }}', GITHUB_TOKEN: '${{ github.token }}'}"
    assert certain(both) == set()
    assert gh("gh pr merge 7 --squash") == {"contents:write", "pull-requests:write"}
    assert gh("gh pr comment 7 --body x") == {"issues|pull-requests:write"}
    assert gh("gh pr view 7") == set()
    assert gh("gh release create v1 --repo other/repository") == set()
    assert certain("- run: gh release create v1") == set()


def test_git_pushes_with_what_the_checkout_left() -> None:
    """actions/checkout, README "Usage": persist-credentials (default: true), token (default: github.token), ssh-key."""
    push = "- run: git push"
    assert certain(f"- uses: actions/checkout@v4\n{push}") == {"contents:write"}
    assert certain(push) == set()
    for given in ("persist-credentials: false", "ssh-key: x", "token: '${{ secrets.PAT }}'", "repository: a/b"):
        assert certain(f"- uses: actions/checkout@v4\n  with: {{{given}}}\n{push}") == set(), given
    assert certain("- uses: actions/checkout@v4\n- run: git push --dry-run") == set()
    assert certain("- uses: actions/checkout@v4\n- run: git push https://x@git.example.com/a") == set()
    assert certain("- uses: actions/checkout@v4\n- run: git remote set-url origin x\n- run: git push") == set()


@pytest.mark.parametrize(
    ("registry", "password", "push", "wanted"),
    [
        ("ghcr.io", "${{ secrets.GITHUB_TOKEN }}", "true", True),
        ("${{ env.REGISTRY }}", "${{ github.token }}", "true", True),
        ("ghcr.io", "${{ github.token }}", "${{ github.event_name != 'pull_request' }}", True),
        ("ghcr.io", "${{ github.token }}", "${{ inputs.push }}", False),
        ("ghcr.io", "${{ github.token }}", "false", False),
        ("ghcr.io", "${{ secrets.PAT }}", "true", False),
        ("registry.example.com", "${{ github.token }}", "true", False),
    ],
)
def test_images_of_ghcr_are_packages(registry: str, password: str, push: str, wanted: bool) -> None:
    """github/docs, "Publishing and installing a package with GitHub Actions": packages: write to push an image."""
    steps = f"""
        - uses: docker/login-action@v3
          with: {{registry: "{registry}", username: x, password: "{password}"}}
        - uses: docker/build-push-action@v6
          with: {{push: "{push}", tags: x}}
    """
    found = certain(steps, env={"REGISTRY": "ghcr.io"})
    assert found == ({"packages:write"} if wanted else set())
    assert possible(steps, "packages")


def possible(steps: str, permission: str) -> bool:
    """Whether the steps may use a permission."""
    return job(steps).may_use(permission)


def test_only_what_has_the_token_can_use_it() -> None:
    assert not possible("- run: ./build.sh", "issues")
    assert possible("- run: ./build.sh\n  env: {TOKEN: '${{ github.token }}'}", "issues")
    assert possible("- run: ./build.sh ${{ secrets.GITHUB_TOKEN }}", "issues")
    assert not possible("- run: ./build.sh\n  env: {TOKEN: '${{ secrets.OTHER }}'}", "issues")


def test_any_program_may_ask_for_an_id_token() -> None:
    """openid-connect-reference.md: the request token and URL are in the environment of every step of such a job."""
    assert possible("- run: ./publish.sh", "id-token")
    assert not possible("- run: npm ci && npm test", "id-token")


def test_a_script_may_push_with_credentials_that_are_there() -> None:
    assert possible("- uses: actions/checkout@v4\n- run: ./release.sh", "contents")
    assert not possible("- uses: actions/checkout@v4\n- run: npm test", "contents")
    assert not possible("- uses: actions/checkout@v4\n  with: {persist-credentials: false}\n- run: ./x.sh", "contents")
    assert possible("- uses: actions/checkout@v4\n- run: print(1)\n  shell: python", "contents")


def test_what_is_unknown_may_use_anything() -> None:
    for steps in ("- uses: example/x@v1", "- uses: ./local", "- uses: docker://alpine:3", "- uses: ${{ matrix.x }}"):
        assert possible(steps, "statuses"), steps
    assert permission_needs.needs({}, Job("a", {"uses": "./x.yml"}, ("jobs", "a"))).may_use("contents")


@pytest.mark.parametrize(
    "text", ["npm test", "pytest -q", "make test lint", "python -m pytest", "cd x", "npm run lint"]
)
def test_quiet_commands(text: str) -> None:
    (command,) = commands(text, "bash")
    assert permission_commands.is_quiet(command)


@pytest.mark.parametrize(
    "text", ["npm publish", "make release", "python release.py", "./x.sh", "npm run deploy", "git push"]
)
def test_commands_that_are_not_quiet(text: str) -> None:
    (command,) = commands(text, "bash")
    assert not permission_commands.is_quiet(command)


def told(scan: Scan, policy: str, **files: str) -> list[Finding]:
    """The findings of one policy on workflows by name."""
    texts = {f".github/workflows/{name}.yml": dedent(text) for name, text in files.items()}
    return list(scan(texts, profile="none", select=(policy,)).findings)


CALLED = "on: workflow_call\njobs:\n  b:\n    runs-on: x\n    permissions: {contents: write}\n    steps: [{run: x}]\n"


def test_what_the_default_grants_to_a_call_is_not_known(scan: Scan) -> None:
    caller = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n"
    assert told(scan, "call-permission-insufficient", a=caller, b=CALLED) == []
    (found,) = told(scan, "call-permission-insufficient", a=f"permissions: {{}}\n{caller}", b=CALLED)
    assert "asks for contents: write, and grants contents: none" in found.message
    assert found.related[0].file.endswith(".github/workflows/b.yml")


def test_a_call_without_end_is_no_trouble(scan: Scan) -> None:
    again = "on: workflow_call\njobs:\n  b:\n    uses: ./.github/workflows/b.yml\n"
    assert told(scan, "call-permission-insufficient", a=f"permissions: {{}}\n{again}", b=again) == []


def test_one_finding_for_a_file_without_permissions(scan: Scan) -> None:
    jobs = "".join(f"  j{n}:\n    runs-on: x\n    steps: [{{run: x}}]\n" for n in range(30))
    (found,) = told(scan, "permissions-missing", a=f"name: x\non: push\njobs:\n{jobs}")
    assert found.location.span.line == 1


def test_what_is_insufficient_is_told_once_for_a_job(scan: Scan) -> None:
    uploads = "- uses: github/codeql-action/upload-sarif@v3\n" * 3
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    permissions: {{}}\n    steps:\n{indent(uploads, ' ' * 6)}"
    (found,) = told(scan, "permission-insufficient", a=text)
    assert found.message == (
        "job a: github/codeql-action/upload-sarif needs security-events: write, which the token does not have"
    )
    assert len(found.related) == 3
