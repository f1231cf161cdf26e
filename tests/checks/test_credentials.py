"""Secrets in expressions and scripts, credentials that are left behind: the facts the policies rest on."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from guardrail.model.report import Report
from guardrail.settings import PolicySettings

Scan = Callable[..., Report]


def lines(scan: Scan, policy: str, steps: str, head: str = "", **params: object) -> list[int]:
    """Lines of the findings of one policy on a job of these steps, counted from the first step as 1."""
    text = f"on: push\n{head}jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
    report = scan(
        {".github/workflows/a.yml": text + indent(dedent(steps).lstrip("\n"), " " * 6)},
        profile="none",
        select=(policy,),
        policies={policy: PolicySettings(params=params)},
    )
    assert report.problems == ()
    return [f.location.span.line - text.count("\n") for f in report.findings]


@pytest.mark.parametrize(
    ("checkout", "upload", "leaks"),
    [
        ("v4", "v4.3.6", True),
        ("v4", "v4.4.0", False),  # "We will no longer include hidden files and folders by default" (its release notes)
        ("v4", "v4", False),
        ("v4", "v3.1.3", True),
        ("v4", "v3", False),  # v3 is 3.2.x, which leaves them out, too
        ("v4", "main", False),
        ("v6", "v4.3.6", False),  # "store the credentials under $RUNNER_TEMP" (release notes of actions/checkout v6)
        ("v5.0.1", "v4.3.6", True),
        ("v6.0.0", "v4.3.6", False),
        ("main", "v4.3.6", False),
    ],
)
def test_which_versions_put_the_token_into_an_artifact(scan: Scan, checkout: str, upload: str, leaks: bool) -> None:
    steps = f"""
        - uses: actions/checkout@{checkout}
        - uses: actions/upload-artifact@{upload}
          with:
            path: .
    """
    assert lines(scan, "checkout-credentials-in-artifact", steps) == ([4] if leaks else [])


@pytest.mark.parametrize(
    ("path", "leaks"),
    [
        (".", True),
        ("./", True),
        ("${{ github.workspace }}", True),
        ("**", True),
        (".git/", True),
        ("dist", False),
        ("./dist/**", False),
        ("${{ github.workspace }}/dist", False),
        ("~/.npm", False),
    ],
)
def test_which_paths_hold_the_git_folder(scan: Scan, path: str, leaks: bool) -> None:
    steps = f"""
        - uses: actions/checkout@v4
        - uses: actions/upload-artifact@v4
          with:
            path: "{path}"
            include-hidden-files: true
    """
    assert lines(scan, "checkout-credentials-in-artifact", steps) == ([4] if leaks else [])


def test_an_artifact_made_before_the_checkout_holds_none(scan: Scan) -> None:
    steps = """
        - uses: actions/upload-artifact@v4.3.0
          with: {path: .}
        - uses: actions/checkout@v4
    """
    assert lines(scan, "checkout-credentials-in-artifact", steps) == []


SECRET = "env: {KEY: '${{ secrets.KEY }}'}"


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ('echo "$KEY"', True),
        ("echo ${{ secrets.KEY }}", True),
        ('echo "$KEY" | rev', True),
        ('echo "$KEY" | base64 | tr a-z A-Z', True),
        ('echo "$KEY" | base64 > packed', False),
        ('echo "$KEY" | base64 --decode', False),
        ('echo "$KEY" | base64 | ssh host', False),
        ('echo "$KEY" >> "$GITHUB_ENV"', False),
        ('PACKED=$(echo "$KEY" | base64)', False),
        ('X=`echo "$KEY"`', False),
        ('echo "::add-mask::$KEY"', False),
        ('echo "${#KEY}"', False),
        ('echo "${KEY:+set}"', False),
        ('echo "${KEY:0:3}"', True),
        ('echo "$KEYS"', False),
        ("echo ${{ secrets.GITHUB_TOKEN }}", False),
    ],
)
def test_what_prints_a_secret(scan: Scan, script: str, printed: bool) -> None:
    """secure-use.md, "Use secrets for sensitive information": redaction relies on finding an exact match."""
    assert lines(scan, "secret-printed", f"- run: |\n    {script}\n  {SECRET}") == ([2] if printed else [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("aws-access-key-id: '${{ secrets.ID }}'", True),
        ("aws-access-key-id: '${{ secrets.ID }}', aws-session-token: '${{ secrets.T }}'", False),
        ("aws-access-key-id: '${{ steps.x.outputs.id }}'", False),
        ("role-to-assume: '${{ secrets.ROLE }}'", False),
    ],
)
def test_which_keys_never_expire(scan: Scan, given: str, kept: bool) -> None:
    steps = f"- uses: aws-actions/configure-aws-credentials@v4\n  with: {{{given}}}"
    assert bool(lines(scan, "long-lived-cloud-key", steps)) is kept


def test_publish_profiles_are_told_on_demand(scan: Scan) -> None:
    steps = "- uses: azure/webapps-deploy@v3\n  with:\n    publish-profile: ${{ secrets.PROFILE }}"
    assert lines(scan, "long-lived-cloud-key", steps) == []
    assert lines(scan, "long-lived-cloud-key", steps, publishProfiles=True) == [3]


def test_secrets_given_to_tags_are_told_on_demand(scan: Scan) -> None:
    steps = "- uses: example/scan@v3\n  with: {token: '${{ secrets.X }}'}"
    assert lines(scan, "secret-to-moving-action", steps) == []
    assert lines(scan, "secret-to-moving-action", steps, tags=True) == [1]
    assert lines(scan, "secret-to-moving-action", steps, tags=True, trustedOwners=["Example"]) == []


@pytest.mark.parametrize(
    "text", ["toJSON(secrets)", "tojson( Secrets )", "secrets.*", "format('{0}', toJSON(secrets))"]
)
def test_all_secrets(scan: Scan, text: str) -> None:
    assert lines(scan, "all-secrets-exposed", f"- run: x\n  env:\n    A: ${{{{ {text} }}}}") == [3]


@pytest.mark.parametrize("text", ["secrets.A", "secrets['A']", "toJSON(vars)", "'toJSON(secrets)'", "github.secrets"])
def test_single_secrets(scan: Scan, text: str) -> None:
    for policy in ("all-secrets-exposed", "secret-name-computed"):
        assert lines(scan, policy, f"- run: x\n  env:\n    A: ${{{{ {text} }}}}") == []


def test_an_output_that_is_no_secret_itself_is_passed_on(scan: Scan) -> None:
    """workflow-syntax.md, jobs.<job_id>.outputs: "Outputs containing secrets are redacted on the runner"."""
    text = "on: push\njobs:\n  a:\n    outputs:\n      x: ${{ %s }}\n    steps: [{run: x}]\n"
    for expression, found in (("secrets.A", 1), ("secrets['A']", 1), ("secrets.A == 'x'", 0), ("steps.x.outputs.y", 0)):
        files = {".github/workflows/a.yml": text % expression}
        assert len(scan(files, profile="none", select=("secret-as-job-output",)).findings) == found, expression


def test_environments_need_not_hold_every_secret(scan: Scan) -> None:
    steps = "- run: x\n  env: {A: '${{ secrets.CODECOV_TOKEN }}'}"
    assert lines(scan, "secret-outside-environment", steps) == [2]
    assert lines(scan, "secret-outside-environment", steps, allowed=["CODECOV_*"]) == []
