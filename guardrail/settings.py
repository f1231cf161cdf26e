"""Every option, defined once: one frozen dataclass that the whole run reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """What settings say about one policy: another severity, parameters, or a mode (enforce, audit, off)."""

    severity: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    mode: str = "enforce"


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment that Terraform is deployed to: values of variables, files of values, the workspace's name."""

    name: str
    variables: Mapping[str, object] = field(default_factory=dict)
    var_files: tuple[str, ...] = ()
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of a run, from the settings file and the command line (which wins).

    `jobs` is the number of processes, 0 for as many as there are processors; `policy_paths` are resolved against
    `directory`, the settings file's folder; `severity` is the least severity reported, `fail_on` the least that fails
    the run, or `never`; `recognise` are entries of the table that says what a step of a workflow does. `environment` is
    the one that Terraform is looked at for, `environments` are those known; `variables` (`name=value`) and `var_files`
    give root modules values. `helm_values` (files) and `helm_set` (`path=value`) are what charts are rendered with;
    `helm_dependency_update` lets helm fetch what they depend on, which no settings file may ask for; `render_seconds`
    is how long rendering one may take.
    """

    profile: str = "recommended"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    policies: Mapping[str, PolicySettings] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    policy_paths: tuple[str, ...] = ()
    kubernetes_version: str = "latest"
    baseline: str = ""
    jobs: int = 0
    severity: str = "info"
    fail_on: str = "low"
    allow_unparsed: bool = False
    honour_peers: bool = True
    recognise: tuple[Mapping[str, object], ...] = ()
    environment: str = ""
    environments: tuple[Environment, ...] = ()
    variables: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    helm_values: tuple[str, ...] = ()
    helm_set: tuple[str, ...] = ()
    helm_dependency_update: bool = False
    render_seconds: int = 60
    pod_specs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    directory: str = "."


def no_color() -> bool:
    """Whether the user asked for no colour anywhere (NO_COLOR)."""
    return bool(os.environ.get("NO_COLOR"))


def in_ci() -> bool:
    """Whether this is a CI run (CI), where nobody watches a progress bar."""
    return bool(os.environ.get("CI"))


def cache_folder() -> str:
    """Where guardrail keeps what it can do without (XDG_CACHE_HOME, else ~/.cache); empty when there is no home."""
    above = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(above, "guardrail") if os.path.isabs(above) else ""
