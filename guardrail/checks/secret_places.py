"""Where secrets may stand in a Kubernetes object, and what stands there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from guardrail.checks.secret_data import secret_data
from guardrail.checks.secret_lines import commands, given
from guardrail.checks.secret_names import keeps, keeps_strictly, promise
from guardrail.checks.secret_shapes import LONGEST, tokens
from guardrail.checks.secret_sighting import ANNOTATION, ARGUMENT, CONFIG, ENV, FIELD, Sighting
from guardrail.checks.secret_words import decoded
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.pods import TEMPLATE_PATHS, Container, pods, written

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_REFERRING_GROUPS = (
    "external-secrets.io",
    "secrets-store.csi.x-k8s.io",
    "bitnami.com",
    "cert-manager.io",
    "secrets.hashicorp.com",
    "monitoring.coreos.com",
    "gateway.networking.k8s.io",
)
_TEMPLATES = frozenset({"template", "podTemplate", "jobTemplate", "jobTargetRef", "workloadTemplate"})
_MOST_NODES = 200_000
_MOST_IN_VALUE = 20


def sightings(resource: Resource) -> Iterator[Sighting]:
    """Every secret in a resource."""
    if resource.type != "kubernetes":
        from guardrail.checks import secret_workflows  # for these files alone

        yield from secret_workflows.sightings(resource)
        return
    for pod in pods(resource):
        for container in pod.containers:
            for seen in (*env(container.data, container.path), *arguments(container)):
                yield seen._replace(path=written(seen.path, pod.moved)) if pod.moved else seen
    yield from config_map(resource)
    yield from secret_data(resource)
    yield from annotation_values(resource)
    yield from fields(resource)


def env(container: dict[str, Any], path: Path, extra: tuple[str, ...] = ()) -> Iterator[Sighting]:
    """Secrets in a container's `env` literals. `extra`: names, as patterns, that hold one whatever the value."""
    listed = container.get("env")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("value"), str):
            name = str(entry.get("name", ""))
            place = (*path, "env", index, "value")
            yield from _named(ENV, place, (name, entry["value"]), _is_among(name, extra))


def arguments(container: Container) -> Iterator[Sighting]:
    """Secrets in a container's command line, and in the commands of its probes and hooks."""
    parts = [((*container.path, k), container.data.get(k)) for k in ("command", "args")]
    yield from _command_line([(p, v) for p, v in parts if isinstance(v, list)])
    for key, holder in container.data.items():
        if key.endswith("Probe") and isinstance(holder, dict):
            yield from _exec(holder, (*container.path, key))
        elif key == "lifecycle" and isinstance(holder, dict):
            for hook, handler in holder.items():
                if isinstance(handler, dict):
                    yield from _exec(handler, (*container.path, key, hook))


def _exec(handler: dict[str, Any], path: Path) -> Iterator[Sighting]:
    action = handler.get("exec")
    command = action.get("command") if isinstance(action, dict) else None
    if isinstance(command, list):
        yield from _command_line([((*path, "exec", "command"), command)])


def _command_line(parts: list[tuple[Path, list[Any]]]) -> Iterator[Sighting]:
    """Secrets in the words of one command line, each at the word that holds it."""
    starts: list[tuple[int, Path]] = []
    words: list[str] = []
    at = 0
    for path, listed in parts:
        for index, word in enumerate(listed):
            if isinstance(word, str):
                starts.append((at, (*path, index)))
                words.append(word)
                at += len(word) + 1
    text = " ".join(words)
    for name, kind, start, end in _in_text(text, commands_too=True):
        word = bisect_right(starts, start, key=lambda s: s[0]) - 1
        yield Sighting(ARGUMENT, starts[word][1], name, kind, text[start:end])


def config_map(resource: Resource, extra: tuple[str, ...] = ()) -> Iterator[Sighting]:
    """Secrets in a ConfigMap's values: by the key's name, or within the file that a value is."""
    if resource.kind != "ConfigMap":
        return
    for key in ("data", "binaryData"):
        values = resource.data.get(key)
        for name, value in values.items() if isinstance(values, dict) else ():
            text = _binary(value) if key == "binaryData" else value
            if isinstance(text, str):
                yield from _value(CONFIG, (*resource.path, key, str(name)), str(name), text, extra)


def _binary(value: object) -> str:
    try:
        return decoded(value) if isinstance(value, str) and len(value) < 1_400_000 else ""
    except ValueError:
        return ""


def _value(place: str, path: Path, name: str, text: str, extra: tuple[str, ...] = ()) -> Iterator[Sighting]:
    if "\n" not in text.strip():
        found = list(_named(place, path, (name, text), _is_among(name, extra)))
        if found:
            yield from found
            return
    for inner, kind, start, end in _in_text(text)[:_MOST_IN_VALUE]:
        yield Sighting(place, path, inner, kind, text[start:end], text.count("\n", 0, start))


def annotation_values(resource: Resource) -> Iterator[Sighting]:
    """Secrets in the annotations of an object and of its pods."""
    for path, listed in _annotated(resource).items():
        for key, value in listed.items():
            if isinstance(value, str) and len(value) > 3:
                yield from _annotation((*path, str(key)), str(key), value)


def _annotated(resource: Resource) -> dict[Path, dict[str, Any]]:
    """The annotations of an object and of its pods, by path. Only what has a template is searched for pods."""
    holders = [(resource.data.get("metadata"), (*resource.path, "metadata"))]
    spec = resource.data.get("spec")
    if resource.kind in TEMPLATE_PATHS or (isinstance(spec, dict) and not _TEMPLATES.isdisjoint(spec)):
        holders += [(pod.metadata, pod.metadata_path) for pod in pods(resource)]
    return {
        (*path, "annotations"): metadata["annotations"]
        for metadata, path in holders
        if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), dict)
    }


def _annotation(path: Path, key: str, value: str) -> Iterator[Sighting]:
    if key == LAST_APPLIED:
        yield from _applied(path, value)
        return
    promised = promise(key.rpartition("/")[2])
    if promised and "checksum" not in key and keeps_strictly(promised, value):
        yield Sighting(ANNOTATION, path, key, promised, value)
        return
    for name, kind, start, end in _in_text(value):
        yield Sighting(ANNOTATION, path, name, kind, value[start:end])


def _applied(path: Path, value: str) -> Iterator[Sighting]:
    """What the copy of the object holds that `kubectl apply` keeps in an annotation."""
    from json import loads

    try:
        copy = loads(value[:1_000_000])
    except (ValueError, RecursionError):
        copy = None
    if not isinstance(copy, dict):
        for name, kind, start, end in _in_text(value):
            yield Sighting(ANNOTATION, path, name, kind, value[start:end])
        return
    metadata = copy.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), dict):
        metadata["annotations"].pop(LAST_APPLIED, None)
    inner = Resource(_NO_DOCUMENT, copy, (), "kubernetes", str(copy.get("apiVersion")), str(copy.get("kind")))
    for seen in sightings(inner):
        yield seen._replace(place=ANNOTATION, path=path, line=0)


_NO_DOCUMENT: Any = None


def fields(resource: Resource) -> Iterator[Sighting]:
    """Secrets in any other field: by shape; in custom resources also by a telling name."""
    if resource.kind in {"CustomResourceDefinition", "SealedSecret"}:
        return
    group = resource.api_version.partition("/")[0] if "/" in resource.api_version else ""
    custom = "." in group and not group.endswith((".k8s.io", *_REFERRING_GROUPS))
    skipped = _HOLDS if resource.kind in {"ConfigMap", "Secret"} else _NOT_OURS
    if not _is_promising({k: v for k, v in resource.data.items() if k not in skipped}, custom):
        return
    for path, name, text in _strings(resource):
        yield from _field((*resource.path, *path), name, text, custom)


def _is_promising(data: dict[str, Any], custom: bool) -> bool:
    """Whether anything in an object may be a secret: all its text at once, which costs little."""
    found: list[str] = []
    stack: list[Any] = [data]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if custom and any(promise(k) for k in node if isinstance(k, str)):
                return True
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, str) and len(node) > 3:
            if custom and promise(node):
                return True
            found.append(node)
    text = "\n".join(found)
    return len(text) > LONGEST or next(tokens(text), None) is not None or (custom and bool(_in_text(text)))


def _field(path: Path, name: str, text: str, custom: bool) -> Iterator[Sighting]:
    if custom and "\n" in text:
        for inner, kind, start, end in _in_text(text)[:_MOST_IN_VALUE]:
            yield Sighting(FIELD, path, inner, kind, text[start:end], text.count("\n", 0, start))
        return
    token = next(tokens(text), None)
    if token is not None:
        yield Sighting(FIELD, path, name, token.kind, text[token.start : token.end])
        return
    promised = promise(name) if custom else ""
    if promised and keeps_strictly(promised, text):
        yield Sighting(FIELD, path, name, promised, text)


def _strings(resource: Resource) -> Iterator[tuple[Path, str, str]]:
    """Every string that no other function here looks at, with its path and name, in the document's order."""
    size = len(resource.path)
    held, elsewhere = ({path[size:] for path in of(resource)} for of in (_container_paths, _annotated))
    if resource.kind in {"ConfigMap", "Secret"}:
        elsewhere |= {("data",), ("binaryData",), ("stringData",)}
    stack: list[tuple[Any, Path, str, bool]] = [(resource.data, (), "", False)]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node, path, name, inside = stack.pop()
        if isinstance(node, str) and len(node) > 3:
            yield path, name, node
        elif isinstance(node, dict) and path not in elsewhere:
            inside = inside or path in held
            own = node.get("name") if isinstance(node.get("value"), str) else None
            for key, value in reversed(node.items()):
                if key not in (_IN_CONTAINER if inside else _NOT_OURS):
                    label = own if key == "value" and isinstance(own, str) else key
                    stack.append((value, (*path, key), label, inside))
        elif isinstance(node, list):
            stack.extend((v, (*path, i), name, inside) for i, v in reversed(list(enumerate(node))))


def _container_paths(resource: Resource) -> Iterator[Path]:
    """Where containers are, and where the variables and commands are that they inherit."""
    for pod in pods(resource):
        yield from (container.path for container in pod.containers)
        yield from (path[: path.index(step)] for path in pod.moved.values() for step in _INHERITED if step in path)


_INHERITED = ("env", "args", "command")
_HOLDS = frozenset({"data", "binaryData", "stringData", "sops"})
_NOT_OURS = frozenset({"sops", "encryptedData", "caBundle", "managedFields"})
_IN_CONTAINER = _NOT_OURS | set(_INHERITED)


def _named(place: str, path: Path, pair: tuple[str, str], certain: bool) -> Iterator[Sighting]:
    """The secret that a named value is or contains."""
    name, value = pair
    if certain and value:
        yield Sighting(place, path, name, "secret", value)
        return
    token = next(tokens(value), None)
    promised = promise(name)
    if token is not None:
        yield Sighting(place, path, name, token.kind, value[token.start : token.end])
    elif promised and keeps(promised, value):
        yield Sighting(place, path, name, promised, value)
    elif "=" in value or ":" in value:
        for found in list(given(value))[:1]:
            yield Sighting(place, path, name, found.kind, value[found.start : found.end])


def _is_among(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)


def _in_text(text: str, commands_too: bool = False) -> list[tuple[str, str, int, int]]:
    """Name, kind, start and end of each secret in a text, in its order, none overlapping."""
    found = [("", t.kind, t.start, t.end) for t in tokens(text)]
    found += [(g.name, g.kind, g.start, g.end) for g in given(text)]
    if commands_too:
        found += [(g.name, g.kind, g.start, g.end) for g in commands(text)]
    found.sort(key=lambda f: (f[2], -f[3]))
    kept: list[tuple[str, str, int, int]] = []
    for one in found:
        if not kept or one[2] >= kept[-1][3]:
            kept.append(one)
    return kept
