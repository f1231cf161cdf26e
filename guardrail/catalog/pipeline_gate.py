"""A `PipelineGate`: what a team demands of its deploys, in one file; it becomes the gate policies with its parameters.

Every demand turns one shipped policy into one of the gate's own, `<gate id>-<policy id>`, which takes the place of the
shipped one. Two gates (production, staging) stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.errors import PolicyError, did_you_mean
from guardrail.model.policy import Policy, Waiver

Data = Mapping[str, Any]

TOOTHLESS = (
    "gate-cannot-fail",
    "scan-cannot-fail",
    "gate-not-awaited",
    "gate-skippable",
    "always-bypasses-gates",
    "aggregator-hides-failure",
)
"""Policies that say of a gate that is there why it does not gate."""


class _Demand(NamedTuple):
    """A shipped policy that the gate asks for, with parameters, and arguments of its check that are none."""

    policy: str
    params: Mapping[str, object] = {}
    arguments: Mapping[str, object] = {}


def policies(data: Data, place: str, known: Mapping[str, Policy]) -> Iterator[Policy]:
    """The policies that a validated `PipelineGate` stands for, made from the shipped ones in `known`.

    Raises PolicyError for a gate that nobody knows, and for `any_of` and `all_of` where tools are not told apart.
    """
    of = data["applies_to"]["deploys_to"]
    shared: dict[str, object] = {"environments": of if isinstance(of, list) else [of], "unnamed": True}
    if "evidence" in data:
        shared["evidence"] = data["evidence"]
    waivers = tuple(
        Waiver(w["job"], str(w["until"]), w["reason"], w.get("approved_by", "")) for w in data.get("waivers", ())
    )
    for demand in _demands(data, place, known):
        policy = known[demand.policy]
        given = {**shared, **demand.params}
        params = {n: p._replace(default=given.get(n, p.default)) for n, p in policy.params.items()}
        yield policy._replace(
            id=f"{data['id']}-{policy.id}",
            params=params,
            with_arguments={**policy.with_arguments, **demand.arguments},
            profiles=("essential",),
            overrides=(policy.id,),
            folds=tuple(name for f in policy.folds for name in (f, f"{data['id']}-{f}")),
            aliases=(),
            waivers=waivers,
            place=place,
            shipped=False,
        )


def _demands(data: Data, place: str, known: Mapping[str, Policy]) -> Iterator[_Demand]:
    yield from _of_gates(data.get("gates", {}), place, known)
    promotion = data.get("promotion", {})
    if promotion.get("before"):
        yield _Demand("staging-skipped", {"before": promotion["before"], "required": True})
    if promotion.get("staging_must_verify"):
        yield _Demand("staging-unverified")
    yield from _of_environment(data.get("environment", {}))
    if "triggers" in data:
        given = data["triggers"]
        yield _Demand("deploy-trigger-refused", {"allow": given.get("allow", []), "forbid": given.get("forbid", [])})
    yield from _of_running(data)


def _of_gates(gates: Data, place: str, known: Mapping[str, Policy]) -> Iterator[_Demand]:
    shipped = [p for p in known.values() if p.check == "gates.missing" and p.shipped]  # not what another gate has made
    by_gate = {str(p.with_arguments.get("gate")): p.id for p in shipped}
    by_gate["unit-test"] = by_gate["tests"]
    asked: list[str] = []
    tools_of: dict[str, object] = {}  # a named tool that only reports is no gate, whatever stands beside it
    severities: dict[str, object] = {}
    for name, given in gates.items():
        if name not in by_gate:
            raise PolicyError(f"no gate named '{name}'{did_you_mean(name, by_gate)}", place)
        wanted = given if isinstance(given, dict) else {"required": given == "required"}
        if wanted.get("required"):
            asked.append(name)
            tools_of[name] = _tools(name, wanted, known[by_gate[name]], place)
            yield _Demand(by_gate[name], {"tools": wanted.get("any_of", [])}, {"gate": name, "toolsOf": tools_of})
        if "coverage" in wanted:
            yield _Demand("coverage-threshold-low", {"minimum": wanted["coverage"]["min"]})
        if "fail_at" in wanted:
            severities[name] = wanted["fail_at"]
        if wanted.get("same_image"):
            yield _Demand("scan-misses-image")
        if "sarif-upload" in wanted.get("also", ()):
            yield _Demand("scan-results-not-uploaded")
    if severities:
        yield _Demand("scan-threshold-too-high", {"failAt": severities})
    if asked:
        told = ("deploy-without-gates", *TOOTHLESS)
        yield from (_Demand(id_, {"gates": asked}, {"toolsOf": tools_of}) for id_ in told)


def _tools(gate: str, wanted: Data, policy: Policy, place: str) -> list[list[str]]:
    """Sets of tools, of each of which one must be the gate: all of `any_of`, and every one of `all_of` for itself."""
    for key in ("any_of", "all_of"):
        if wanted.get(key) and "tools" not in policy.params:
            raise PolicyError(f"gates.{gate}.{key}: the tools of this gate are not told apart", place)
    any_of = [list(wanted["any_of"])] if wanted.get("any_of") else []
    return any_of + [[tool] for tool in wanted.get("all_of", ())]


def _of_environment(given: Data) -> Iterator[_Demand]:
    if given.get("required"):
        yield _Demand("deploy-without-environment")
    if given.get("literal"):
        yield _Demand("environment-chosen-by-input")
    if "protected" in given:
        protected = given["protected"]
        yield _Demand(
            "environment-unprotected", {"reviewers": protected.get("reviewers", 1), "refs": protected.get("refs", [])}
        )


def _of_running(data: Data) -> Iterator[_Demand]:
    after, concurrency = data.get("after", {}), data.get("concurrency", {})
    if after.get("verify"):
        more = ["e2e"] if "smoke-test" in after["verify"] else []  # end to end is all that a smoke test is, and more
        yield _Demand("deploy-not-verified", {"verify": [*after["verify"], *more]})
    if "rollback" in after.get("on_failure", ()):
        yield _Demand("no-rollback")
    if after.get("keep_previous_until_verified"):
        yield _Demand("old-version-removed-early")
    if concurrency.get("required"):
        yield _Demand("deploy-without-concurrency")
    if concurrency.get("cancel_in_progress") is False:
        yield _Demand("deploy-cancelled-in-progress")
    artefact = data.get("artifact", {})
    if artefact.get("deploys") == "built-in-run":
        yield _Demand("deploys-unbuilt-image")
    if artefact.get("immutable"):
        yield _Demand("mutable-tag-deployed")
