"""The kinds of items a policy may look at, one at a time: which names are bound, and which one is in focus."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.views import admission

ROOTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "kubernetes": {
        "resource": ("object",),
        "podSpec": ("object", "podMetadata", "podSpec"),
        "containers": ("object", "podMetadata", "podSpec", "container", "role", "effective"),
        "volumes": ("object", "podMetadata", "podSpec", "volume"),
        "env": ("object", "podMetadata", "podSpec", "container", "role", "effective", "env"),
        "components": ("object", "component"),
        **dict.fromkeys(admission.OPERATIONS, admission.NAMES),
    },
    "workflow": {
        "resource": ("object",),
        "jobs": ("object", "jobId", "job"),
        "steps": ("object", "jobId", "job", "step", "uses"),
        "uses": ("object", "jobId", "job", "step", "uses"),
    },
    "terraform": {"resource": ("object", "address", "name", "environment")},
    "dependabot": {"resource": ("object",)},
    "pre-commit": {"resource": ("object",)},
    "dockerfile": {
        "resource": ("object",),
        "stages": ("object", "stage", "final", "effective"),
        "instructions": ("object", "stage", "final", "effective", "instruction"),
    },
    "compose": {"resource": ("object",), "services": ("object", "serviceName", "service")},
    "helm-chart": {"resource": ("object",)},
    "helm-values": {"resource": ("object",)},
    "document": {"resource": ("object",)},
    "suppression": {"resource": ("object",)},
}
"""Names bound for each kind of item, by the type a policy matches."""

FOCUS: Mapping[str, str] = {
    "resource": "object",
    "podSpec": "podSpec",
    "containers": "container",
    "volumes": "volume",
    "env": "env",
    "components": "component",
    "jobs": "job",
    "steps": "step",
    "uses": "uses",
    "stages": "stage",
    "instructions": "instruction",
    "services": "service",
}
"""The name that a structural check's path starts from."""
