"""Tags that a deploy names and that nothing pushes.

Facts: docker/metadata-action's `type=sha` is the short commit unless `format=long` is given, and no other type is the
commit (its README, "type=sha": "Output Git short commit (or long if specified)"; `{{sha}}` is short as well, "Global
expressions"); `github.sha` and GITHUB_SHA are the whole one (contexts reference, variables reference).

Only what is certain is told: any other step of the repository that may name an image by the whole commit ends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import Pattern, escape
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions.uses import parse_uses
from guardrail.graph.repository import Repository
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["never_pushed"]

_COMMIT = r"(?:\$\{\{\s*github\.sha\s*\}\}|\$\{GITHUB_SHA\}|\$GITHUB_SHA\b)"
_MENTIONED = regex(r"github\.sha\b|\bGITHUB_SHA\b")
_EXPRESSION = regex(r"\$\{\{.*?\}\}")
_NAME = r"(?:\$\{\{[^{}\n]{0,200}\}\}|[\w./-]){1,300}"
_IMAGE = regex(rf"(?P<image>{_NAME}):(?P<tag>[\w.-]{{0,100}}{_COMMIT})(?=[\s\"'\\]|$)")
_VALUE = regex(rf"[\w.]*\b[tT]ag=(?P<tag>[\w.-]{{0,100}}{_COMMIT})(?=[\s\"',\\]|$)")
_PUT_IN = regex(
    r"\bsed\s[^\n]{0,200}?\bs(?P<mark>[|/#@,])[\w:-]{0,60}(?:TAG|VERSION|SHA)[\w-]{0,60}(?P=mark)"
    rf"(?P<tag>[\w.-]{{0,100}}{_COMMIT})(?P=mark)"
)
"""`sed -i 's|IMAGE_TAG|<commit>|' deployment.yaml`: the tag that a manifest gets before it is applied."""

_APPLIES = regex(r"(?m)^\s*(?:kubectl|oc)\s+(?:[^\n#]*\s)?apply\b")
_DEPLOYS = regex(r"(?m)^\s*(?:kubectl\s+(?:[^\n#]*\s)?set\s+image|helm\s+(?:[^\n#]*\s)?(?:upgrade|install))\b")
_BUILDS = regex(
    r"\b(?:docker|podman|buildah|skopeo|crane|nerdctl|ko|kaniko|pack|jib\w*|make|task|just|earthly|bazel)\b"
    r"|^\s*(?:bash\s|sh\s|\./)"
)
_NEVER_THE_COMMIT = frozenset({"schedule", "semver", "pep440", "match", "edge", "ref"})
_METADATA, _PUSH = "docker/metadata-action", "docker/build-push-action"
_LONGEST = 20_000

Data = Mapping[str, Any]


class _Made(NamedTuple):
    """Images whose tags docker/metadata-action makes, as patterns, and where their tags are written."""

    images: tuple[Pattern[str], ...]
    pointer: Pointer


def never_pushed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Scripts that deploy an image by the whole commit where every push names it by the first characters of it."""
    repository, script = item.bindings["repository"], _mapping(item.bindings["step"]).get("run")
    if not isinstance(repository, Repository) or not isinstance(script, str) or len(script) > _LONGEST:
        return
    named = [*_IMAGE.finditer(script), *_VALUE.finditer(script)] if _DEPLOYS.search(script) else []
    named += _PUT_IN.finditer(script) if _APPLIES.search(script) else ()
    if not named:
        return
    here = item.resource.document.file
    made = repository.once(("short tags", here), lambda: _made({**repository.workflows(), here: item.resource.data}))
    for found in named:
        image = _plain(found.groupdict().get("image") or "")
        source = next((m for m in made if not image or any(p.fullmatch(image) for p in m.images)), None)
        if source is not None:
            message = f"nothing pushes the tag {found['tag']}: docker/metadata-action makes no tag of the whole commit"
            related = ((source.pointer, "the tags that are pushed"),)
            yield Hit((*item.path, "run"), message, text=found["tag"], related=related)
            return


def _made(workflows: Mapping[str, Data]) -> tuple[_Made, ...]:
    """What is pushed under tags of docker/metadata-action; nothing where a push may name the whole commit."""
    found: list[_Made] = []
    for file, workflow in workflows.items():
        for id_, job in _mapping(workflow.get("jobs")).items():
            if not isinstance(job, dict):
                continue
            if "uses" in job and not str(job["uses"]).startswith("./"):
                return ()
            steps = [(at, s) for at, s in enumerate(job.get("steps") or ()) if isinstance(s, dict)]
            if any(_may_push_the_commit(step) for _, step in steps):
                return ()
            pushed = " ".join(_pushed(step) for _, step in steps)
            for at, step in steps:
                if _name(step) == _METADATA and f"steps.{step.get('id')}.outputs." in pushed:
                    path: Path = ("jobs", id_, "steps", at, "with")
                    found.append(_Made(_images(step), Pointer(file, path)))
    return tuple(found)


def _may_push_the_commit(step: Data) -> bool:
    name, script = _name(step), str(step.get("run", ""))
    if name == _METADATA:
        lines = str(_mapping(step.get("with")).get("tags", "")).splitlines()
        return any(_may_be_the_commit(line.strip()) for line in lines)
    if name:
        given = " ".join(str(v) for v in (*_mapping(step.get("with")).values(), *_mapping(step.get("env")).values()))
        return name.startswith(".") or bool(_MENTIONED.search(given))
    lines = [line for line in script.splitlines() if _BUILDS.search(line)]
    return bool(lines) and bool(_MENTIONED.search(script) or _MENTIONED.search(str(step.get("env"))))


def _may_be_the_commit(line: str) -> bool:
    """Whether an entry of `tags` can be the whole commit, which an expression in its value can."""
    attributes = [part.strip() for part in line.split(",")]
    kinds = [part.removeprefix("type=") for part in attributes if part.startswith("type=")]
    kind = kinds[0] if kinds else "raw"
    if not line or line.startswith("#") or kind in _NEVER_THE_COMMIT:
        return False
    if kind == "sha":
        return any(part.startswith("format=") and part != "format=short" for part in attributes)
    return any("${{" in part for part in attributes if not part.startswith("enable="))


def _pushed(step: Data) -> str:
    given = _mapping(step.get("with"))
    pushes = _name(step) == _PUSH and str(given.get("push", "false")).lower() != "false"
    return str(given.get("tags", "")) if pushes else ""


def _images(step: Data) -> tuple[Pattern[str], ...]:
    listed = str(_mapping(step.get("with")).get("images", "")).replace(",", "\n").splitlines()
    return tuple(_pattern(_plain(line.strip())) for line in listed if line.strip())


def _pattern(image: str) -> Pattern[str]:
    """An image name as a pattern in which an expression of the matrix stands for any word."""
    parts, at = [], 0
    for found in _EXPRESSION.finditer(image):
        parts.append(escape(image[at : found.start()]))
        parts.append(r"[\w.-]+" if "matrix." in found.group() else escape(found.group()))
        at = found.end()
    return regex("".join(parts) + escape(image[at:]))


def _plain(image: str) -> str:
    """An image name without spaces in its expressions."""
    return _EXPRESSION.sub(lambda found: found.group().replace(" ", ""), image)


def _name(step: Data) -> str:
    uses = step.get("uses")
    if not isinstance(uses, str):
        return ""
    parsed = parse_uses(uses.strip())
    if parsed.kind in ("local", "docker", "dynamic"):
        return "."
    return f"{parsed.owner}/{parsed.repo}".lower()


def _mapping(value: object) -> Data:
    return value if isinstance(value, dict) else {}
