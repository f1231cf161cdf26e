"""What suppression comments and annotations say."""

from __future__ import annotations

import pytest

from guardrail.engine.suppress import Directive, Matcher, from_annotations, from_comment, peer_key
from guardrail.model.place import Span

HERE = Span(1, 1, 1, 2)


def one(text: str) -> Directive:
    found = list(from_comment(text, (3, 5), (1, 20), HERE))
    assert len(found) == 1
    return found[0]


def test_our_comment() -> None:
    found = one("# guardrail: ignore[a-b, c-d] reads the host's network until=2027-01-31 owner=team-x")
    assert found.names == ("a-b", "c-d")
    assert found.reason == "reads the host's network"
    assert (found.until, found.owner, found.lines) == ("2027-01-31", "team-x", (3, 5))


@pytest.mark.parametrize(
    ("text", "source", "names", "lines", "until"),
    [
        ("# checkov:skip=CKV_K8S_16:needs it", "checkov", ("CKV_K8S_16",), (1, 20), ""),
        ("#checkov:skip=CKV_K8S_16", "checkov", ("CKV_K8S_16",), (1, 20), ""),
        ("# trivy:ignore:AVD-KSV-0017", "trivy", ("AVD-KSV-0017",), (3, 5), ""),
        ("#trivy:ignore:KSV-0017:exp:2024-03-10", "trivy", ("KSV-0017",), (3, 5), "2024-03-10"),
        ("# kics-scan ignore-block", "kics", ("*",), (3, 5), ""),
        ("# zizmor: ignore[unpinned-uses]", "zizmor", ("unpinned-uses",), (3, 5), ""),
        ("# zizmor: ignore[artipacked, cache-poisoning] ours", "zizmor", ("artipacked", "cache-poisoning"), (3, 5), ""),
        ("# kics-scan ignore-line", "kics", ("*",), (3, 5), ""),
        ("# kics-scan disable=dd29336b-fe57-445b-a26e-e6aa867ae609", "kics",
         ("dd29336b-fe57-445b-a26e-e6aa867ae609",), (1, 10**9), ""),
    ],
)  # fmt: skip
def test_the_peers_comments(text: str, source: str, names: tuple[str, ...], lines: tuple[int, int], until: str) -> None:
    found = one(text)
    assert (found.source, found.names, found.lines, found.until) == (source, names, lines, until)


@pytest.mark.parametrize(
    ("key", "value", "source", "names"),
    [
        ("guardrail.dev/ignore", "a-b: it has to", "annotation", ("a-b",)),
        ("checkov.io/skip1", "CKV_K8S_20=why not", "checkov", ("CKV_K8S_20",)),
        ("ignore-check.kube-linter.io/run-as-non-root", "why", "kube-linter", ("run-as-non-root",)),
        ("kube-linter.io/ignore-all", "why", "kube-linter", ("*",)),
        ("kube-score/ignore", "pod-probes,container-resources", "kube-score",
         ("pod-probes", "container-resources")),
        ("polaris.fairwinds.com/runAsRootAllowed-exempt", "true", "polaris", ("runAsRootAllowed",)),
        ("polaris.fairwinds.com/exempt", "true", "polaris", ("*",)),
    ],
)  # fmt: skip
def test_annotations(key: str, value: str, source: str, names: tuple[str, ...]) -> None:
    found = list(from_annotations({key: value, "other": "x"}, (1, 9), lambda _: HERE))
    assert [(d.source, d.names, d.lines) for d in found] == [(source, names, (1, 9))]
    assert found[0].reason


def test_several_in_one_annotation() -> None:
    found = list(from_annotations({"guardrail.dev/ignore": "a-b: one\nc-d: two; e-f: three"}, (1, 9), lambda _: HERE))
    assert [d.names for d in found] == [("a-b",), ("c-d",), ("e-f",)]


def matcher() -> Matcher:
    peers = {
        peer_key("trivy", "KSV-0017"): frozenset({"a-b"}),
        peer_key("checkov", "CKV_K8S_16"): frozenset({"a-b"}),
    }
    return Matcher({"a-b": "a-b", "old-name": "a-b"}, peers, {"kics": frozenset({"a-b"})}, "2026-06-01")


@pytest.mark.parametrize(
    ("text", "line", "silenced"),
    [
        ("# guardrail: ignore[a-b] reason", 4, True),
        ("# guardrail: ignore[old-name] reason", 4, True),
        ("# guardrail: ignore[a-b] reason", 6, False),
        ("# guardrail: ignore[c-d] reason", 4, False),
        ("# guardrail: ignore[a-b]", 4, False),
        ("# guardrail: ignore reason", 4, False),
        ("# guardrail: ignore[a-b] reason until=2026-06-01", 4, True),
        ("# guardrail: ignore[a-b] reason until=2026-05-31", 4, False),
        ("# guardrail: ignore[a-b] reason until=soon", 4, False),
        ("# trivy:ignore:avd-ksv-0017", 4, True),
        ("# trivy:ignore:KSV017", 4, False),
        ("# checkov:skip=CKV_K8S_16", 19, True),
        ("# checkov:skip=CKV_K8S_1", 19, False),
        ("# kics-scan ignore-block", 4, True),
    ],
)
def test_what_is_silenced(text: str, line: int, silenced: bool) -> None:
    assert (matcher().find([one(text)], "a-b", [line]) is not None) is silenced


def test_use_is_remembered_even_when_expired() -> None:
    found = matcher()
    directive = one("# guardrail: ignore[a-b] reason until=2020-01-01")
    assert found.find([directive], "a-b", [4]) is None
    assert found.used == {directive}
