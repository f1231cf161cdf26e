"""A policy as data: what it matches, what must hold, and the words that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SEVERITIES = ("info", "low", "medium", "high", "critical")
"""Lowest first."""


def severity_rank(severity: str) -> int:
    """0 for info to 4 for critical."""
    return SEVERITIES.index(severity)


class Match(NamedTuple):
    """Which resources a policy looks at; `since`/`until` are Kubernetes minor versions, both inclusive."""

    type: str
    kinds: tuple[str, ...] = ()
    since: int = 0
    until: int = 9999


class Param(NamedTuple):
    """A parameter: a JSON Schema for its value, the default, and what it is for."""

    schema: Mapping[str, object]
    default: object
    description: str


class Waiver(NamedTuple):
    """A job that a policy leaves alone until a day (YYYY-MM-DD), why, and who approved it."""

    job: str
    until: str
    reason: str
    approved_by: str = ""


class Policy(NamedTuple):
    """One requirement, one file.

    `assertions`, `when` and `with_arguments` are the checked YAML nodes; `guardrail.engine.compile` turns them
    into functions. `operation` is the API request, CREATE or UPDATE, that an admission policy hears of; `mode` is
    `enforce` or `audit`. `place` is `file:line` of the definition, `places` the path and place of expressions by
    their text; `environments` are those it holds in, empty for all; `needs` are kinds that its check looks up.
    Section 8 of the policy language.
    """

    id: str
    title: str
    severity: str
    category: str
    why: str
    remediation: str
    match: Match
    each: str = "resource"
    scope: str = "resource"
    operation: str = ""
    mode: str = "enforce"
    assertions: tuple[Mapping[str, object], ...] = ()
    when: tuple[Mapping[str, object], ...] = ()
    variables: Mapping[str, str] = {}
    related: Mapping[str, Mapping[str, object]] = {}
    needs: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    check: str = ""
    with_arguments: Mapping[str, object] = {}
    message: str = ""
    params: Mapping[str, Param] = {}
    unknown: str = "report"
    controls: Mapping[str, tuple[str, ...]] = {}
    equivalents: Mapping[str, tuple[str, ...]] = {}
    aliases: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    folds: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    suppressible: bool = True
    fix: tuple[Mapping[str, object], ...] = ()
    waivers: tuple[Waiver, ...] = ()
    replaced_by: str = ""
    place: str = ""
    places: Mapping[str, tuple[str, str]] = {}
    origin: str = ""
    shipped: bool = False
