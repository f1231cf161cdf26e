"""Hypothesis strategies for arbitrary valid reports, reusable by other tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from guardrail.model.place import Location, Span
from guardrail.model.policy import SEVERITIES, Match, Param, Policy
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


def made(record: Callable[..., Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A record with just these fields drawn; `builds` alone would make up the defaults of a named tuple, too."""
    return st.builds(lambda **values: record(**values), **fields)  # noqa: PLW0108 - builds looks into `record` else


_NASTY = (
    "",
    "a | b",
    "]](1) [x](javascript:alert(1))",
    "\\[",
    "::error::gone",
    "##[add-mask]x",
    "%0A%",
    "<script>alert(1)</script>",
    "@team #12 https://evil.example GH-1 www.evil.example",
    "```\nfence\n```",
    "`code | span`",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "line\r\nline\nline\u2028line",
    "\u202eevil\u202c",
    "名前 e\u0301 \U0001f600 \u200b",
    "\ud800 lone",
    "\x00\x0b\ufffe\uffff",
    "]]>",
    "- item",
    "1. item",
    "{0} {{x}}",
    "Do this:\n\n    a:\n      b: 1\n\n    c: ```\n\nThen that.",
    "    only: code\x1b",
    "x" * 300,
)
texts = st.one_of(st.sampled_from(_NASTY), st.text(max_size=40))
words = texts.filter(lambda text: bool(text.strip()))
identifiers = st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6}){1,3}", fullmatch=True)
severities = st.sampled_from(SEVERITIES)
files = st.one_of(
    st.sampled_from(
        [
            "deploy/api.yaml",
            "a b/ж#1?.yaml",
            "::set-output name=x",
            "/outside.yaml",
            "./here.yaml",
            "../up.yaml",
            "c:d.yaml",
            "a%41.yaml",
            "(x)[y].yaml",
            "-",
            "<stdin>",
            "",
            "a,b:c\n.yaml",
        ]
    ),
    texts,
)


@st.composite
def locations(draw: st.DrawFn) -> Location:
    """Locations with or without excerpt, within a line or over several, some with odd numbers."""
    line, lines = draw(st.integers(0, 2000)), draw(st.integers(0, 3))
    column, wide = draw(st.integers(0, 60)), draw(st.integers(0, 60))
    end_column = draw(st.integers(1, 60)) if lines else column + wide
    return Location(
        file=draw(files),
        span=Span(line, column, line + lines, end_column),
        excerpt=draw(texts),
        excerpt_offset=draw(st.sampled_from([0, 0, 0, 5, 100])),
        utf16=(column, end_column),
        note=draw(texts),
    )


controls = st.dictionaries(
    st.one_of(st.sampled_from(["cwe", "cis-kubernetes", "pod-security-standards"]), words),
    st.lists(words, min_size=1, max_size=3).map(tuple),
    max_size=3,
)
params = st.dictionaries(
    identifiers,
    made(
        Param,
        schema=st.sampled_from([{"type": "string"}, {"type": ["a", "b"]}, {}]),
        default=st.one_of(st.none(), st.integers(), texts, st.lists(texts, max_size=2)),
        description=texts,
    ),
    max_size=2,
)
steps = st.fixed_dictionaries(
    {"op": st.just("set"), "path": words, "safety": st.sampled_from(["safe", "unsafe"])},
    optional={"value": st.one_of(st.booleans(), words, st.lists(words, max_size=2)), "note": words},
)


def policies(ids: st.SearchStrategy[str] = identifiers) -> st.SearchStrategy[Policy]:
    """Policies with every field that a page or reporter shows."""
    short = st.lists(words, max_size=3).map(tuple)
    return made(
        Policy,
        id=ids,
        title=words,
        severity=severities,
        category=words,
        why=words,
        remediation=words,
        match=made(
            Match,
            type=st.sampled_from(["kubernetes", "terraform", "other"]),
            kinds=short,
            since=st.sampled_from([0, 25]),
            until=st.sampled_from([9999, 30]),
        ),
        each=st.sampled_from(["resource", "containers"]),
        scope=st.sampled_from(["resource", "repository"]),
        check=st.sampled_from(["", "gates.required"]),
        params=params,
        controls=controls,
        equivalents=controls,
        aliases=st.lists(identifiers, max_size=2).map(tuple),
        profiles=short,
        tags=short,
        references=st.lists(st.one_of(st.just("https://example.com/a?b#c"), words), max_size=2).map(tuple),
        suppressible=st.booleans(),
        fix=st.lists(steps, max_size=2).map(tuple),
    )


resources = made(ResourceRef, kind=texts, name=texts, namespace=texts, address=texts)
suppressions = made(
    Suppression,
    source=st.sampled_from(["guardrail", "checkov", "annotation", "baseline"]),
    reason=texts,
    location=locations(),
    owner=texts,
    until=texts,
)
problems = made(
    Problem,
    code=st.sampled_from(["unreadable", "partly-read", "yaml-syntax", "check-crashed", "x"]),
    message=texts,
    location=locations(),
)
statuses = made(
    FileStatus,
    path=files,
    status=st.sampled_from(["read", "partly-read", "unreadable", "skipped"]),
    reason=texts,
    resources=st.integers(0, 9),
)
tallies = st.builds(
    Tally,
    evaluated=st.integers(0, 9),
    failed=st.integers(0, 9),
    unknown=st.integers(0, 9),
    not_applicable=st.integers(0, 9),
)


_LONG_FLOWS = locations().flatmap(lambda place: st.integers(10, 30).map(lambda steps: (place,) * steps))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Whole reports; findings may be about policies outside `policies`, as engine findings are."""
    known = draw(st.lists(policies(), min_size=1, max_size=4, unique_by=lambda p: p.id))
    chosen = st.sampled_from(known)
    findings = made(
        Finding,
        policy=chosen,
        severity=severities,
        message=texts,
        location=locations(),
        path=texts,
        resource=resources,
        fingerprint=st.sampled_from(["", "0" * 32]),
        related=st.lists(locations(), max_size=2).map(tuple),
        flow=st.one_of(st.just(()), st.lists(locations(), max_size=4).map(tuple), _LONG_FLOWS),
        suppression=st.one_of(st.none(), suppressions),
        line_hash=st.sampled_from(["", "9b2e:1"]),
        enforced=st.booleans(),
    )
    unknowns = made(UnknownFinding, policy=chosen, reason=texts, location=locations(), resource=resources)
    listed = tuple(known[: draw(st.integers(0, len(known)))])
    addresses = st.sampled_from(["git@github.com:a/b.git", "https://x:token@github.com/a/b", "nonsense", ""])
    return Report(
        findings=tuple(draw(st.lists(findings, max_size=8))),
        unknowns=tuple(draw(st.lists(unknowns, max_size=3))),
        problems=tuple(draw(st.lists(problems, max_size=3))),
        files=tuple(draw(st.lists(statuses, max_size=4))),
        coverage={policy.id: draw(tallies) for policy in listed},
        policies=listed,
        severities={policy.id: policy.severity for policy in listed},
        profile=draw(texts),
        kubernetes_version=draw(st.sampled_from(["1.34", ""])),
        revision=draw(st.fixed_dictionaries({}, optional={"repositoryUri": addresses, "revisionId": texts})),
        resources=draw(st.integers(0, 3)),
    )
