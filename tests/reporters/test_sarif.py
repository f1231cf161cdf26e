"""SARIF as GitHub reads it: the rules of ECOSYSTEM section 1, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.reporters import RenderOptions, render
from guardrail.reporters.revision import repository
from guardrail.reporters.sarif_rules import tags
from guardrail.reporters.sarif_write import Serialiser, model
from tests.reporters.samples import finding, location, path, policy, report


def run(made: Any = None, **options: Any) -> Any:
    log = json.loads(render("sarif", made or report(), RenderOptions(**options)))
    assert list(log) == ["$schema", "version", "runs"]
    return log["runs"][0]


def test_a_result_has_all_that_github_reads() -> None:
    result = run()["results"][0]
    assert result["ruleId"] == "privileged-container"
    assert (result["level"], result["kind"], result["ruleIndex"]) == ("error", "fail", 1)
    assert result["message"]["text"] == (
        "Deployment web/api: container app runs privileged. See [value set \\[here\\]](1)."
    )
    assert result["partialFingerprints"] == {
        "guardrail/v1": "0123456789abcdef0123456789abcdef",
        "primaryLocationLineHash": "9b2e1f:1",
    }
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "deploy/api.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 14, "startColumn": 11, "endLine": 14, "endColumn": 27},
    }
    assert result["relatedLocations"][0]["id"] == 1


def test_a_path_is_one_code_flow() -> None:
    (flow,) = run(report((finding(flow=path()),)))["results"][0]["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = thread["locations"]
    assert [step["executionOrder"] for step in steps] == [1, 2, 3, 4]
    assert steps[1] == {
        "importance": "important",
        "executionOrder": 2,
        "location": {
            "physicalLocation": {
                "artifactLocation": {"uri": "package.json", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 12, "startColumn": 5, "endLine": 12, "endColumn": 20},
            },
            "message": {"text": "gate `npm test` fails"},
        },
    }


def test_a_path_tells_only_what_has_a_place() -> None:
    nowhere = location("", note="somewhere")
    assert "codeFlows" not in run(report((finding(flow=(nowhere,)),)))["results"][0]
    assert "codeFlows" not in run(report((finding(),)))["results"][0]
    unnoted = location("a.yaml", 7, note="")
    linked = location("a.yaml", 8, note="see [x](1)")
    (flow,) = run(report((finding(flow=(nowhere, unnoted, linked)),)))["results"][0]["codeFlows"]
    texts = [step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]]
    assert texts == ["a.yaml:7", "see \\[x\\](1)"]


def test_columns_are_utf16_and_uris_percent_encoded() -> None:
    odd = location("deploy/ж b.yaml", 2, columns=(3, 4), utf16=(4, 6))
    made = run(report((finding(location=odd, line_hash=""),)))
    assert made["columnKind"] == "utf16CodeUnits"
    place = made["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "deploy/%D0%B6%20b.yaml"
    assert (place["region"]["startColumn"], place["region"]["endColumn"]) == (4, 6)
    assert "primaryLocationLineHash" not in made["results"][0]["partialFingerprints"]


@pytest.mark.parametrize(
    ("file", "uri", "base"),
    [
        ("./a.yaml", "a.yaml", True),
        ("c:d.yaml", "c%3Ad.yaml", True),
        ("a%41.yaml", "a%2541.yaml", True),
        ("/x/a.yaml", "file:///x/a.yaml", False),
        ("<stdin>", "%3Cstdin%3E", True),
    ],
)
def test_uris(file: str, uri: str, base: bool) -> None:
    made = run(report((finding(location=location(file)),)))
    place = made["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (place["uri"], "uriBaseId" in place) == (uri, base)


def test_rules_are_those_evaluated() -> None:
    driver = run()["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == ["latest-tag", "privileged-container"]
    rule = driver["rules"][1]
    assert rule["properties"] == {
        "precision": "high",
        "problem.severity": "error",
        "security-severity": "8.0",
        "tags": ["security", "security-context", "external/cwe/cwe-250", "cis-kubernetes/5.2.1"],
    }
    assert rule["defaultConfiguration"] == {"enabled": True, "level": "error"}
    assert rule["helpUri"].startswith("https://")
    assert rule["help"]["text"]
    assert rule["help"]["markdown"]
    assert len(rule["shortDescription"]["text"]) <= 1024


def test_descriptions_and_tags_keep_to_the_limits() -> None:
    big = policy(why="x" * 5000, title="y" * 5000, controls={"cwe": tuple(str(n) for n in range(30))})
    rule = run(report((finding(big),)))["tool"]["driver"]["rules"][1]
    assert len(rule["fullDescription"]["text"]) == 1024
    assert len(rule["shortDescription"]["text"]) == 1024
    assert len(rule["properties"]["tags"]) == 10
    assert "security" not in tags(big, "info")


def test_an_explicit_warning_is_kept() -> None:
    made = run(report((finding(policy(severity="medium")),)))
    assert made["results"][0]["level"] == "warning"


def test_what_is_not_enforced_is_a_note() -> None:
    assert run(report((finding(enforced=False),)))["results"][0]["level"] == "note"


def test_the_profiles_differ() -> None:
    github, full = run(), run(sarif_profile="full")
    assert (len(github["results"]), len(full["results"])) == (3, 4)
    assert not any("suppressions" in result for result in github["results"])
    assert "taxonomies" not in github
    (note,) = full["results"][3]["suppressions"]
    assert (note["kind"], note["status"], note["justification"]) == (
        "inSource",
        "accepted",
        "because",
    )
    assert full["results"][0]["suppressions"] == []
    logical = full["results"][0]["locations"][0]["logicalLocations"][0]
    assert logical["fullyQualifiedName"] == "apps/v1/Deployment/web/api"
    assert [taxonomy["name"] for taxonomy in full["taxonomies"]] == ["cis-kubernetes", "cwe"]
    target = full["tool"]["driver"]["rules"][0]["relationships"][0]["target"]
    taxonomy = full["taxonomies"][target["toolComponent"]["index"]]
    assert taxonomy["taxa"][target["index"]]["id"] == target["id"]


def test_the_run_says_what_could_not_be_judged() -> None:
    made = run(category="guardrail/kubernetes")
    assert made["automationDetails"]["id"] == "guardrail/kubernetes/"
    invocation = made["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 1)
    problem, unknown = invocation["toolExecutionNotifications"]
    assert problem["level"] == "error"
    assert problem["message"]["text"] == "bad.yaml: mapping values are not allowed here"
    assert problem["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert unknown["level"] == "note"
    assert made["properties"]["unknowns"] == {"var.environment": 1}
    descriptors = made["tool"]["driver"]["notifications"]
    assert descriptors[problem["descriptor"]["index"]]["id"] == "unreadable"
    assert all(d["fullDescription"] and d["help"] for d in descriptors)
    assert made["versionControlProvenance"] == [
        {
            "repositoryUri": "https://github.com/acme/shop",
            "branch": "main",
            "mappedTo": {"uriBaseId": "%SRCROOT%"},
            "revisionId": "0123abc",
        }
    ]
    uris = [artifact["location"]["uri"] for artifact in made["artifacts"]]
    assert uris == ["bad.yaml", "deploy/api.yaml", "deploy/%D0%B6%20b.yaml"]


def test_a_clean_run_has_an_empty_list_of_results() -> None:
    made = run(report((), problems=(), unknowns=(), revision={}))
    assert made["results"] == []
    assert made["invocations"][0]["executionSuccessful"] is True
    assert "versionControlProvenance" not in made


def test_the_least_severe_are_left_out_aloud() -> None:
    low, high = policy("some-low", "low"), policy("some-high", "high")
    found = tuple(finding(low if n < 100 else high, line_hash=str(n)) for n in range(5_050))
    made = run(report(found, policies=(low, high)))
    assert len(made["results"]) == 5_000
    assert sum(result["level"] == "error" for result in made["results"]) == 4_950
    notices = made["invocations"][0]["toolExecutionNotifications"]
    assert notices[-1]["message"]["text"].startswith("50 results, the least severe, were left out")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("see [x](1)", "Deployment web/api: see \\[x\\](1)."),
        ("containers[0] is bad", "Deployment web/api: containers[0] is bad."),
        ("Deployment web/api is bad!", "Deployment web/api is bad!"),
        ("two\nlines", "Deployment web/api: two lines."),
    ],
)
def test_messages(message: str, text: str) -> None:
    assert run(report((finding(message=message),)))["results"][0]["message"]["text"] == text


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("https://user:token@example.com/a/b.git", "https://example.com/a/b"),
        ("ssh://git@example.com:22/a/b", "ssh://example.com:22/a/b"),
        ("/srv/git/x", ""),
        ("https://a b", ""),
        ("", ""),
    ],
)
def test_repository_addresses_lose_their_secrets(address: str, uri: str) -> None:
    assert repository(address) == uri


def test_the_serialiser_drops_only_what_is_absent() -> None:
    om = model()
    data = Serialiser().data(om.Result(message=om.Message(text=""), level="warning", suppressions=[], rule_index=0))
    assert data == {
        "message": {"text": ""},
        "kind": "fail",
        "level": "warning",
        "ruleIndex": 0,
        "suppressions": [],
    }
    suppression = om.Suppression(kind="inSource", state="accepted")
    assert Serialiser().data(suppression) == {"kind": "inSource", "status": "accepted"}
    with pytest.raises(TypeError, match="not a SARIF object"):
        Serialiser().data(object())
