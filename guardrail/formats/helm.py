"""What helm reads of a chart besides its templates: `Chart.yaml`, files of values, `requirements.yaml` of older charts.

Source: helm.sh, "The Chart.yaml File" and "Values Files"; "Changes since Helm 2" for `requirements.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname
from re import MULTILINE

from guardrail.model.document import Document, Resource
from guardrail.model.late import late

CHART, VALUES = "HelmChart", "HelmValues"
REQUIREMENTS = "requirements.yaml"
"""Where charts before `apiVersion: v2` say what they need."""

FORMS = frozenset({CHART, VALUES})

_NAME = late(r"^[\"']?name[\"']?[ \t]*:", MULTILINE)
_DEPENDENCIES = late(r"^[\"']?dependencies[\"']?[ \t]*:", MULTILINE)
_KIND = late(r"^[\"']?kind[\"']?[ \t]*:", MULTILINE)
_VALUES = late(r"(?:[\w.-]+[._-])?values(?:[._-][\w.-]+)?\.ya?ml\Z")

GROUP = "values.helm.sh/v1"
"""Stands where an object has its API group: nobody but the chart's author says what the fields are."""


def form(name: str, text: str) -> str:
    """What a file is to helm, or nothing: by its name, unless it holds Kubernetes objects."""
    base = basename(name)
    if base == "Chart.yaml":
        return CHART if _NAME().search(text) else ""
    if base == REQUIREMENTS:
        return CHART if _DEPENDENCIES().search(text) else ""
    if "values" in base and _VALUES().match(base) and not _KIND().search(text):
        return VALUES
    return ""


def resources(document: Document) -> Iterator[Resource]:
    """The one resource of such a file; nothing where it holds no mapping."""
    data = document.data
    if not isinstance(data, dict):
        return
    folder = basename(dirname(document.file)) or basename(document.file)
    if basename(document.file) == REQUIREMENTS:
        yield Resource(document, data, (), "helm-chart", kind="Requirements", name=folder)
    elif document.form == CHART:
        name = data.get("name")
        yield Resource(document, data, (), "helm-chart", kind="Chart", name=name if isinstance(name, str) else folder)
    else:
        yield Resource(document, data, (), "helm-values", GROUP, "Values", folder)
