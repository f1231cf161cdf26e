"""What a chart depends on, put where helm looks for it: from the repository, or fetched where the user asks for that.

Source: helm.sh, "Helm Dependency": `condition`, `file://` addresses, `Chart.lock`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from re import compile as regex

from guardrail.formats.helm import REQUIREMENTS
from guardrail.scan.render import sandbox
from guardrail.scan.render.built import Told
from guardrail.scan.render.chart_copy import LOCKS, Copy, How, about_folder, names_in, unpack
from guardrail.scan.render.charts import About, Dependency, first
from guardrail.scan.render.roots import Roots
from guardrail.scan.render.sandbox import Sandbox
from guardrail.scan.text import text_of

_REMOTE = ("https://", "http://", "oci://")
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\Z")


def complete(copy: Copy, how: How, box: Sandbox) -> None:
    """Put all that is to be had in place, and take note of what is not; the chart is rendered without that."""
    _local(copy, how.roots)
    missing = _absent(copy)
    if missing and how.helm:
        failure = _fetched(copy, box, how.helm, missing)
        unpack(copy)
        missing = _absent(copy)
        copy.told.extend(_told(copy, needed, failure) for needed in missing)
    else:
        copy.told.extend(_told(copy, needed, "") for needed in missing if how.given or not _switched_off(copy, needed))
    names = {m.name for m in missing}
    copy.needed = [d for d in _listed(copy.facts) if d.get("name") not in names]
    if missing:
        _write(copy, copy.facts.data)


def for_any_version(copy: Copy) -> None:
    """Let helm render a chart that says it is for other versions of Kubernetes."""
    _write(copy, {key: value for key, value in copy.facts.data.items() if key != "kubeVersion"})


def _write(copy: Copy, data: Mapping[str, object]) -> None:
    """Write a `Chart.yaml` with the dependencies that are there: helm renders nothing while one is not."""
    with open(os.path.join(copy.folder, "Chart.yaml"), "w", encoding="utf-8") as file:
        json.dump({**data, "apiVersion": "v2", "dependencies": copy.needed}, file)
    for old in (REQUIREMENTS, *LOCKS):
        if os.path.exists(os.path.join(copy.folder, old)):
            os.remove(os.path.join(copy.folder, old))


def _local(copy: Copy, roots: Roots) -> None:
    """Put charts with a `file://` address where helm looks for them, if they are within what may be read."""
    if copy.chart.archive:
        return
    within = roots.of(copy.chart.path)
    for needed in _absent(copy):
        if not _NAME.match(needed.name):
            continue  # it is to be a folder's name
        local = os.path.join(copy.chart.path, needed.repository.removeprefix("file://"))
        if needed.repository.startswith("file://") and os.path.isdir(local) and sandbox.inside(local, within):
            path = f"charts/{needed.name}"
            sandbox.copy(local, os.path.join(copy.folder, path), within)
            copy.named[path] = roots.name(local)


def _absent(copy: Copy) -> list[Dependency]:
    above = os.path.join(copy.folder, "charts")
    there = {facts.name for name in names_in(above) if (facts := about_folder(os.path.join(above, name))) is not None}
    return [d for d in copy.facts.dependencies if d.name not in there]


def _told(copy: Copy, needed: Dependency, failure: str) -> Told:
    how = (
        f"it could not be fetched: {failure}"
        if failure
        else ("`--helm-dependency-update` fetches it, or run `helm dependency build` first")
    )
    message = f"needs the chart {needed.name}, which is not in charts/: what it brings was not judged; {how}"
    return Told("missing-dependency", message, copy.reported(needed.file), needed.line)


def _switched_off(copy: Copy, needed: Dependency) -> bool:
    """Whether the chart's own values switch a dependency off, so that it brings nothing (`condition`)."""
    if not needed.condition or os.path.isdir(os.path.join(copy.folder, "ci")):
        return False
    here, _ = first(text_of(os.path.join(copy.folder, "values.yaml")))
    for step in needed.condition.split(",")[0].strip().split("."):
        here = here.get(step) if isinstance(here, dict) else None
    return here is False


def _fetched(copy: Copy, box: Sandbox, helm: str, missing: Sequence[Dependency]) -> str:
    """Have helm fetch what is missing, at the versions of the lock file where there is one; why it could not."""
    locked = _locked(copy)
    wanted = {needed.name for needed in missing if needed.repository.startswith(_REMOTE)}
    listed = [
        {**d, "version": locked.get(str(d.get("name")), d.get("version"))}
        for d in _listed(copy.facts)
        if d.get("name") in wanted
    ]
    if not listed:
        return "its address is none that can be fetched from"
    charts = os.path.join(copy.folder, "charts")
    there = names_in(charts)
    apart = os.path.join(box.folder, "fetched")
    os.makedirs(apart, exist_ok=True)
    with open(os.path.join(apart, "Chart.yaml"), "w", encoding="utf-8") as file:
        json.dump({**copy.facts.data, "apiVersion": "v2", "dependencies": listed}, file)
    done = box.run([helm, "dependency", "update", apart], box.folder, network=True)
    came = os.path.join(apart, "charts")
    for name in names_in(came):
        if name not in there:
            os.makedirs(charts, exist_ok=True)
            os.replace(os.path.join(came, name), os.path.join(charts, name))
    return " ".join(done.failure.removeprefix("Error: ").split())[:300]


def _locked(copy: Copy) -> dict[str, object]:
    """Versions by name, as the lock file has them."""
    for name in LOCKS:
        data, _ = first(text_of(os.path.join(copy.folder, name)))
        listed = data.get("dependencies") if isinstance(data, dict) else None
        if isinstance(listed, list):
            return {str(d.get("name")): d.get("version") for d in listed if isinstance(d, dict)}
    return {}


def _listed(facts: About) -> list[dict[str, object]]:
    return [d for d in facts.listed if isinstance(d, dict)]
