"""Charts and overlays made into the manifests they stand for, by the tools that do so, each finding where it is edited.

The tools run in `sandbox`; their output becomes documents over a `sheet`, the texts of all files that a finding may
stand in, one below the other; `settle` tells each finding by its file, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guardrail.scan.discover import Inputs
from guardrail.settings import Settings

if TYPE_CHECKING:
    from guardrail.scan.render.run import Rendering

_MARKS = ("Chart.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization", ".tgz", ".tar.gz")


def rendering(found: Inputs, settings: Settings, minor: int) -> Rendering | None:
    """What is to be rendered among the inputs, rendered; None where there is nothing, at no cost."""
    if not any(i.name.endswith(_MARKS) or "templates/" in i.name for i in found.files):
        return None
    from guardrail.scan.render.run import render

    return render(found, settings, minor)
