"""Policy, profile and settings files: every mistake has a place and a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog import settings_file
from guardrail.catalog.load import Catalog, load
from guardrail.catalog.select import Selected, select
from guardrail.engine.compile import NEWEST_MINOR, compile_policy
from guardrail.errors import GuardrailError, PolicyError, UsageError
from guardrail.settings import PolicySettings, Settings

GOOD = """\
guardrail: 1
kind: Policy
id: team-label-missing
title: Workload has no team label
severity: low
category: ownership
why: Nobody knows whom to call when it breaks at night.
remediation: Set metadata.labels.team.
match: {type: kubernetes, kinds: [Workload]}
params:
  label: {type: string, default: team, description: the label}
assert:
  - path: metadata.labels.team
    exists: true
    message: "{{object.kind}} has no label {{params.label}}"
"""


def loaded(tmp_path: Path, text: str) -> Catalog:
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    return load((tmp_path,))


def compiled(tmp_path: Path, text: str) -> None:
    policy = loaded(tmp_path, text).policy("team-label-missing")
    compile_policy(Selected(policy, policy.severity, {}, True), NEWEST_MINOR)


def test_a_policy_of_ones_own(tmp_path: Path) -> None:
    compiled(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("assert:", "asert:", 12, "unknown key 'asert' (did you mean 'assert'?)"),
        ("severity: low", "severity: hihg", 5, "(did you mean 'high'?)"),
        ("title: Workload has no team label\n", "", 2, "'title' is missing"),
        ("    exists: true\n", "    exist: true\n", 14, "unknown key 'exist'"),
        ("    exists: true\n", "    exists: true\n    equals: 3\n", 13, "exactly one operator"),
        ("    exists: true\n", "", 13, "exactly one operator"),
        ("id: team-label-missing", "id: Team", 3, "Team"),
        (", kinds: [Workload]", "", 9, "match: 'kinds' is missing"),
        ("kinds: [Workload]", "kind: [Workload]", 9, "unknown key 'kind' in match (did you mean 'kinds'?)"),
        ("severity: low", "severity: low\nseverity: high", 6, "given twice"),
        ("kind: Policy", "kind: Polcy", 2, "Polcy"),
        ("title: Workload", "title: [Workload", 5, "not valid YAML"),
    ],
)
def test_load_errors(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, GOOD.replace(old, new))
    assert words in str(caught.value)
    assert f"p.yaml:{line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("path: metadata.labels.team\n    exists: true", "cel: objct.kind == 'x'", "did you mean 'object'"),
        ("path: metadata.labels.team\n    exists: true", "cel: object.kind.startWith('x')", "startsWith"),
        ("path: metadata.labels.team\n    exists: true", "cel: object.kind ==", "assert[0]"),
        ("exists: true", "equals: ${params.lable}", "lable"),
        ("path: metadata.labels.team", "path: metadata[", "assert[0]"),
        ("{{object.kind}}", "{{objct.kind}}", "did you mean 'object'"),
        ("assert:", "when: container.name == 'x'\nassert:", "container"),
    ],
)
def test_compile_errors(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(PolicyError) as caught:
        compiled(tmp_path, GOOD.replace(old, new))
    assert words in str(caught.value)
    assert "p.yaml:3:" in str(caught.value)


def test_an_unknown_check(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("assert:")] + "check: secrets.enviroment\n"
    with pytest.raises(GuardrailError, match="no check named"):
        compiled(tmp_path, text)


def test_two_policies_of_one_id(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="defined twice"):
        loaded(tmp_path, GOOD + "---\n" + GOOD)


def chosen(catalog: Catalog, **settings: object) -> dict[str, Selected]:
    found = select(catalog, Settings(**settings), NEWEST_MINOR)  # type: ignore[arg-type]
    return {s.policy.id: s for s in found}


def test_profiles_are_a_ladder(catalog: Catalog) -> None:
    essential = set(chosen(catalog, profile="essential"))
    recommended = set(chosen(catalog, profile="recommended"))
    strict = set(chosen(catalog, profile="strict"))
    assert "privileged-container" in essential
    assert essential < recommended
    overridden = {id_ for found in strict for id_ in catalog.policies[found].overrides}
    assert recommended - strict <= overridden
    assert len(strict) > len(recommended)
    assert chosen(catalog, profile="none") == {}


def test_selection(catalog: Catalog) -> None:
    assert set(chosen(catalog, profile="none", select=("proc-mount-un*",))) == {"proc-mount-unmasked"}
    assert "privileged-container" not in chosen(catalog, ignore=("privileged-container",))
    off = {"privileged-container": PolicySettings(mode="off")}
    assert "privileged-container" not in chosen(catalog, policies=off)
    changed = {"privileged-container": PolicySettings(severity="low", mode="audit")}
    found = chosen(catalog, policies=changed)["privileged-container"]
    assert (found.severity, found.enforced) == ("low", False)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"profile": "recomended"}, "did you mean 'recommended'"),
        ({"select": ("privilegd-container",)}, "did you mean 'privileged-container'"),
        ({"ignore": ("zzz-*",)}, "no policy matches"),
        ({"policies": {"privilegd-container": PolicySettings()}}, "did you mean 'privileged-container'"),
        ({"policies": {"privileged-container": PolicySettings(params={"x": 1})}}, "no parameter 'x'"),
    ],
)
def test_selection_errors(catalog: Catalog, settings: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        chosen(catalog, **settings)


def test_parameters_are_checked_against_their_schema(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, GOOD)
    wrong = {"team-label-missing": PolicySettings(params={"label": 3})}
    with pytest.raises(UsageError, match="parameter label"):
        chosen(catalog, profile="none", select=("team-label-missing",), policies=wrong)


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    profile = """\
---
guardrail: 1
kind: Profile
id: acme
description: ours
extends: [guardrail/essential]
select:
  - include: {ids: [team-label-missing]}
  - exclude: {ids: [privileged-*]}
policies:
  team-label-missing: {severity: critical}
"""
    found = chosen(loaded(tmp_path, GOOD + profile), profile="acme")
    assert found["team-label-missing"].severity == "critical"
    assert "privileged-container" not in found


def test_settings_files(tmp_path: Path) -> None:
    file = tmp_path / ".guardrail.yaml"
    file.write_text('profile: strict\nkubernetes-version: "1.30"\nfail-on: high\nexclude: [a/**]\n')
    found = settings_file.read(file)
    assert (found.profile, found.kubernetes_version, found.fail_on) == ("strict", "1.30", "high")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    assert settings_file.find(tmp_path / "deep" / "er") == file
    (tmp_path / "deep" / ".git").mkdir()
    assert settings_file.find(tmp_path / "deep" / "er") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("profle: strict\n", ":1:1: unknown key 'profle' (did you mean 'profile'?)"),
        ("fail-on: hgh\n", "(did you mean 'high'?)"),
        ("policies:\n  a-b: {sevrity: low}\n", ":2:9: unknown key 'sevrity' in policies.a-b"),
        ("kubernetes-version: 1.30\n", ":1:1: kubernetes-version"),
        ("- a\n", "a mapping is expected"),
    ],
)
def test_settings_errors(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / ".guardrail.yaml"
    file.write_text(text)
    with pytest.raises(PolicyError) as caught:
        settings_file.read(file)
    assert words in str(caught.value)


def test_parameters_on_the_command_line() -> None:
    found = settings_file.with_parameters(Settings(), ("a-b.x=3", "a-b.y=[p, q]"))
    assert found.policies["a-b"].params == {"x": 3, "y": ["p", "q"]}
    with pytest.raises(UsageError, match=r"policy\.param=value"):
        settings_file.with_parameters(Settings(), ("nonsense",))
