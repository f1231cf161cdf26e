"""Every option, defined once: one frozen dataclass that the whole run reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """What settings say about one policy: another severity, parameters, or a mode (enforce, audit, off)."""

    severity: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    mode: str = "enforce"


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of a run, from the settings file and the command line (which wins).

    `policy_paths` are resolved against `directory`, the settings file's folder. `severity` is the least
    severity reported; `fail_on` the least that fails the run, or `never`.
    """

    profile: str = "recommended"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    policies: Mapping[str, PolicySettings] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    policy_paths: tuple[str, ...] = ()
    kubernetes_version: str = "latest"
    severity: str = "info"
    fail_on: str = "low"
    allow_unparsed: bool = False
    honour_peers: bool = True
    source: str = ""
    directory: str = "."
