"""Charts and overlays made into the manifests they stand for, by the tools that do so, each finding where it is edited.

The tools run in `sandbox`; their output becomes documents over a `sheet`, the texts of all files that a finding may
stand in, one below the other; `settle` tells each finding by its file, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guardrail.model.document import KUSTOMIZATIONS
from guardrail.scan.discover import Inputs
from guardrail.scan.result import FileResult
from guardrail.settings import Settings

if TYPE_CHECKING:
    from guardrail.scan.render.run import Rendering

_MARKS = ("Chart.yaml", *KUSTOMIZATIONS, ".tgz", ".tar.gz")


def with_streams(
    known: Rendering | None, found: Inputs, paths: Sequence[str], results: Mapping[str, FileResult]
) -> Rendering | None:
    """A rendering with the inputs that a tool rendered before, where their text says from what."""
    sources = [i for i in found.files if i.name in results and results[i.name].rendered]
    if not sources:
        return known
    from guardrail.scan.render.roots import roots
    from guardrail.scan.render.run import Rendering
    from guardrail.scan.render.streams import outcomes

    known = known or Rendering(found)
    known.outcomes.extend(outcomes(found, roots(found.root, paths), sources))
    return known


def rendering(found: Inputs, paths: Sequence[str], settings: Settings, minor: int) -> Rendering | None:
    """What is to be rendered among the inputs, rendered; None where there is nothing, at no cost.

    `paths` are those of the scan: a chart or overlay may read what lies in the repository around one of them.
    """
    if not any(i.name.endswith(_MARKS) or "templates/" in i.name for i in found.files):
        return None
    from guardrail.scan.render.roots import roots
    from guardrail.scan.render.run import render

    return render(found, roots(found.root, paths), settings, minor)
