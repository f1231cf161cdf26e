"""What services of Compose files name: networks, volumes, secrets and each other; names that only one may have.

Sources: docs.docker.com, Compose file reference; compose-go, `checkConsistency`, which the tests compare with. What is
named may be defined in any Compose file of the same folder, since several are laid over one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.checks.compose_builds import beside
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.composes import Service, is_true, mounts, names, services
from guardrail.views.items import Item

__all__ = ["container_name_taken", "cycle", "hidden_by_profile", "undefined"]

_BASE_FILE = regex(r"(?:docker-|podman-)?compose\.ya?ml\Z")
_KINDS = ("networks", "secrets", "configs", "volumes")
_NETWORKS = frozenset({"default", "none", "host", "bridge"})
_MODES = ("network_mode", "pid", "ipc")
_STARTED_FROM = ("image", "build", "extends", "provider")
_MOST_HITS = 100

Known = Mapping[str, frozenset[str]]


class Reference(NamedTuple):
    """A service that another one names: its name, the place, and how it is told."""

    name: str
    path: Path
    told: str


def _stands_alone(item: Item) -> bool:
    """Whether a file is one that Compose starts with, and does not take others in."""
    file = item.resource.document.file.rpartition("/")[2].lower()
    return _BASE_FILE.match(file) is not None and not item.resource.data.get("include")


def _known(item: Item) -> Known:
    """What is defined in the folder, by kind; of `started`, services that something says what to start of."""
    known: dict[str, set[str]] = {kind: set() for kind in (*_KINDS, "services", "started")}
    known["networks"] |= _NETWORKS
    for data in (item.resource.data, *beside(item)):
        for kind in (*_KINDS, "services"):
            known[kind] |= set(names(data.get(kind)))
        listed = data.get("services")
        for name, one in listed.items() if isinstance(listed, dict) else ():
            if isinstance(one, dict) and any(one.get(key) for key in _STARTED_FROM):
                known["started"].add(str(name))
    return {kind: frozenset(found) for kind, found in known.items()}


def undefined(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Networks, volumes, secrets, configs and services that a service names and no file of the folder defines.

    A document may show a part of a file.
    """
    yield from islice(_undefined(item), _MOST_HITS)


def _undefined(item: Item) -> Iterator[Hit]:
    if not _stands_alone(item) or item.resource.document.snippet:
        return
    known = _known(item)
    for service in services(item.resource):
        yield from _things(service, known)
        yield from _mounted(service, known["volumes"])
        for name, path, told in _others(service):
            if name not in known["services"] and "$" not in name:
                yield Hit(path, f"service {service.name} {told} {name[:60]}, which is no service")
        if service.name not in known["started"]:
            yield Hit(service.path, f"service {service.name} has neither image nor build")


def _things(service: Service, known: Known) -> Iterator[Hit]:
    for kind in _KINDS[:3]:
        for name, path in _placed(service.data.get(kind), (*service.path, kind)):
            if name not in known[kind] and "$" not in name:
                yield Hit(path, f"service {service.name} uses {kind[:-1]} {name}, which is not defined")
    build = service.data.get("build")
    needed = build.get("secrets") if isinstance(build, dict) else None
    for name, path in _placed(needed, (*service.path, "build", "secrets")):
        if name not in known["secrets"] and "$" not in name:
            yield Hit(path, f"service {service.name} is built with secret {name}, which is not defined")


def _mounted(service: Service, known: frozenset[str]) -> Iterator[Hit]:
    listed = service.data.get("volumes")
    for mount in mounts(service):
        written = listed[mount.path[-1]] if isinstance(listed, list) else None  # type: ignore[index]
        volume = not isinstance(written, dict) or written.get("type", "volume") == "volume"
        if mount.source and not mount.bind and volume and mount.source not in known and "$" not in mount.source:
            yield Hit(mount.path, f"service {service.name} uses volume {mount.source[:60]}, which is not defined")


def _others(service: Service) -> Iterator[Reference]:
    """The services of the same file that a service names, whichever way."""
    data, path = service.data, service.path
    for name, at in _placed(data.get("depends_on"), (*path, "depends_on")):
        yield Reference(name, at, "depends on")
    for key, told in (("links", "links to"), ("volumes_from", "takes volumes from")):
        listed = data.get(key)
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, str) and not one.startswith("container:"):
                yield Reference(one.partition(":")[0], (*path, key, number), told)
    for key in _MODES:
        value = data.get(key)
        if isinstance(value, str) and value.startswith("service:"):
            yield Reference(value.removeprefix("service:"), (*path, key), f"shares its {key} with")
    base = data.get("extends")
    if isinstance(base, str):
        yield Reference(base, (*path, "extends"), "extends")
    elif isinstance(base, dict) and isinstance(base.get("service"), str) and "file" not in base:
        yield Reference(base["service"], (*path, "extends", "service"), "extends")


def _placed(value: object, path: Path) -> Iterator[tuple[str, Path]]:
    """The names in a list or mapping of them, each with its place; one that stands there twice with its first."""
    if isinstance(value, dict):
        yield from ((name, (*path, name)) for name in names(value))
        return
    first: dict[str, Path] = {}
    for number, one in enumerate(value if isinstance(value, list) else ()):
        for name in names([one]):
            yield name, first.setdefault(name, (*path, number))


def cycle(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services that wait for one another: Compose refuses the file."""
    yield from islice(_cycle(item), _MOST_HITS)


def _cycle(item: Item) -> Iterator[Hit]:
    found = {
        service.name: [one for one in _others(service) if one.told != "extends"] for service in services(item.resource)
    }
    done: set[str] = set()
    for start, first in found.items():
        way = {start: iter(first)} if start not in done else {}  # each service, and those it names that are left
        while way:
            here = next(reversed(way))
            reference = next(way[here], None)
            if reference is None:
                del way[here]
                done.add(here)
                continue
            name, path, _ = reference
            if name in way:
                steps = [*way, name]
                circle = " → ".join(steps[steps.index(name) :])
                yield Hit(path, f"services wait for one another: {circle[:200]}")
            elif name in found and name not in done:
                way[name] = iter(found[name])


def container_name_taken(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A container's name that two services have, or one with several containers: the second does not start."""
    yield from islice(_container_name_taken(item), _MOST_HITS)


def _container_name_taken(item: Item) -> Iterator[Hit]:
    first: dict[str, Service] = {}
    for service in services(item.resource):
        name = service.data.get("container_name")
        if not isinstance(name, str) or "$" in name or not name:
            continue
        path = (*service.path, "container_name")
        count = _count(service)
        if count > 1:
            yield Hit(path, f"service {service.name} has one container_name for {count} containers")
        other = first.setdefault(name, service)
        if other is not service and not ("profiles" in service.data and "profiles" in other.data):
            note = (Pointer("", (*other.path, "container_name")), "taken here")
            told = f"service {service.name}: the name {name[:60]} is taken by service {other.name}"
            yield Hit(path, told, related=(note,))


def _count(service: Service) -> int:
    deploy = service.data.get("deploy")
    given = (service.data.get("scale"), deploy.get("replicas") if isinstance(deploy, dict) else None)
    counts = (int(str(one)) for one in given if str(one).isdecimal() and len(str(one)) < 9)
    return max(counts, default=1)


def hidden_by_profile(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A service that always runs needs one that only runs in a profile: `docker compose up` alone is refused."""
    yield from islice(_hidden_by_profile(item), _MOST_HITS)


def _hidden_by_profile(item: Item) -> Iterator[Hit]:
    found = {service.name: service for service in services(item.resource)}
    for service in found.values():
        if service.data.get("profiles"):
            continue
        for name, path, told in _others(service):
            other = found.get(name)
            if other is None or told == "extends" or not other.data.get("profiles") or _optional(service, name):
                continue
            note = (Pointer("", (*other.path, "profiles")), "only in these profiles")
            what = f"service {service.name} {told} {name}, which is left out unless its profile is asked for"
            yield Hit(path, what, related=(note,))


def _optional(service: Service, name: str) -> bool:
    """Whether a dependency may be missing (`required: false`)."""
    needed = service.data.get("depends_on")
    one = needed.get(name) if isinstance(needed, dict) else None
    return isinstance(one, dict) and "required" in one and not is_true(one["required"])
