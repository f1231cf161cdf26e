"""What the token of a job may do, as far as the workflow says so.

Facts: GitHub's workflow syntax, `permissions` ("If you specify the access for any of these permissions, all of those
that are not specified are set to none"), and the reference of GITHUB_TOKEN: what nobody sets depends on the
repository's settings, but `id-token` is none by default, be these permissive or restricted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.model.place import Path

NONE, READ, WRITE = "none", "read", "write"
_RANK = {NONE: 0, READ: 1, WRITE: 2}
_READ_ONLY = frozenset({"models", "vulnerability-alerts"})
"""Permissions that cannot be written; `write-all` grants to read them."""


class Grants(NamedTuple):
    """What a `permissions` key grants: its value, and its path; the path is empty where nobody sets one."""

    value: object
    path: Path
    inherited: bool = False

    @property
    def stated(self) -> bool:
        """Whether the workflow says what is granted."""
        return bool(self.path)

    def level(self, permission: str) -> str:
        """`none`, `read` or `write`; empty where it depends on settings, or on what is no valid value."""
        if not self.stated:
            return NONE if permission == "id-token" else ""
        if isinstance(self.value, dict):
            given = self.value.get(permission, NONE)
            return given if isinstance(given, str) and given in _RANK else ""
        if self.value == "write-all":
            return READ if permission in _READ_ONLY else WRITE
        if self.value == "read-all":
            return NONE if permission == "id-token" else READ
        return ""

    def lacks(self, permission: str, level: str) -> bool:
        """Whether it is known that a permission is not granted at that level."""
        given = self.level(permission)
        return bool(given) and _RANK[given] < _RANK[level]

    def written(self) -> tuple[str, ...]:
        """Permissions that are named and granted to be written, in the order of the file."""
        value = self.value if isinstance(self.value, dict) else {}
        return tuple(name for name, given in value.items() if given == WRITE)


def of_job(workflow: Mapping[str, object], job: Mapping[str, object], path: Path) -> Grants:
    """The grants of a job at `path`: its own, else those of the workflow, none of which add up."""
    if "permissions" in job:
        return Grants(job["permissions"], (*path, "permissions"))
    return of_workflow(workflow, path[: path.index("jobs")] if "jobs" in path else ())._replace(inherited=True)


def of_workflow(workflow: Mapping[str, object], path: Path = ()) -> Grants:
    """The grants that a workflow gives to every job that sets none."""
    if "permissions" not in workflow:
        return Grants(None, ())
    return Grants(workflow["permissions"], (*path, "permissions"))
