"""One report with something of everything, built by hand."""

from __future__ import annotations

from guardrail.model.place import Location, Span
from guardrail.model.policy import Match, Policy
from guardrail.model.report import (
    FileStatus,
    Finding,
    Problem,
    Report,
    ResourceRef,
    Suppression,
    Tally,
    UnknownFinding,
)

RESOURCE = ResourceRef("Deployment", "api", "web", "apps/v1/Deployment/web/api")


def policy(identifier: str = "privileged-container", severity: str = "high", **more: object) -> Policy:
    """A policy with words in every field."""
    made = Policy(
        id=identifier,
        title="Container runs privileged",
        severity=severity,
        category="security-context",
        why="A privileged container has every device of the node. Whoever breaks in owns the node.",
        remediation="Remove `privileged: true`; add single capabilities where needed.",
        match=Match("kubernetes", ("Workload",)),
        each="containers",
        controls={"cis-kubernetes": ("5.2.1",), "cwe": ("250",)},
        equivalents={"checkov": ("CKV_K8S_16",)},
        profiles=("recommended",),
        references=("https://kubernetes.io/docs/concepts/security/",),
    )
    return made._replace(**more)


def location(
    file: str = "deploy/api.yaml",
    line: int = 14,
    columns: tuple[int, int] = (11, 27),
    excerpt: str = "          privileged: true",
    **more: object,
) -> Location:
    """A place within one line."""
    span = Span(line, columns[0], line, columns[1])
    made = Location(file, span, excerpt, utf16=columns)
    return made._replace(**more)


def finding(of: Policy | None = None, message: str = "container app runs privileged", **more: object) -> Finding:
    """A live finding of the sample policy."""
    owner = of or policy()
    made = Finding(
        policy=owner,
        severity=owner.severity,
        message=message,
        location=location(),
        path="spec.template.spec.containers[0].securityContext.privileged",
        resource=RESOURCE,
        fingerprint="0123456789abcdef0123456789abcdef",
        line_hash="9b2e1f:1",
    )
    return made._replace(**more)


def path(file: str = ".github/workflows/cd.yml") -> tuple[Location, ...]:
    """How a run comes to deploy although its tests fail, through two files."""
    return (
        location(file, 3, (3, 7), "  push:", note="push to main starts the workflow"),
        location("package.json", 12, (5, 20), '    "test": "jest"', note="gate `npm test` fails"),
        location(file, 9, (3, 7), "  test:", note="job test: failure"),
        location(file, 31, (9, 40), "      - run: kubectl apply -f k8s/", note="deploys although job test failed"),
    )


def report(findings: tuple[Finding, ...] | None = None, **more: object) -> Report:
    """Findings of two policies, one suppressed, an unknown, a problem, a skipped file."""
    first, second = policy(), policy("latest-tag", "low", title="Image has no fixed tag")
    if findings is None:
        note = Suppression("guardrail", "because", location(line=2), "team", "2030-01-01")
        findings = (
            finding(first, related=(location("deploy/base.yaml", 3, note="value set [here]"),)),
            finding(first, location=location(line=44), message="container b runs privileged"),
            finding(second, location=location("deploy/ж b.yaml", 2), line_hash=""),
            finding(second, location=location(line=99), suppression=note),
        )
    made = Report(
        findings=findings,
        unknowns=(UnknownFinding(second, "var.environment", location("main.tf", 3), RESOURCE),),
        problems=(Problem("unreadable", "mapping values are not allowed here", location("bad.yaml", 3)),),
        files=(
            FileStatus("bad.yaml", "unreadable", "not YAML"),
            FileStatus("deploy/api.yaml", "read", "", 3),
            FileStatus("deploy/ж b.yaml", "read", "", 1),
            FileStatus("README.md", "skipped", "nothing guardrail judges"),
        ),
        coverage={first.id: Tally(9, 2), second.id: Tally(4, 2, 1)},
        policies=(first, second, policy("never-applied", "medium")),
        severities={first.id: "high", second.id: "low"},
        profile="recommended",
        kubernetes_version="1.34",
        revision={
            "repositoryUri": "git@github.com:acme/shop.git",
            "revisionId": "0123abc",
            "branch": "main",
        },
        resources=4,
    )
    return made._replace(**more)


def clean_report(**more: object) -> Report:
    """Nothing found, all judged."""
    return report((), unknowns=(), problems=(), **more)
