"""Services of Compose files: what they may do to the host, what they publish, and what they refer to.

Source: docs.docker.com, Compose file reference, "Services", and "Packet filtering and firewalls" for published ports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from posixpath import basename, normpath
from re import compile as regex
from typing import Any

from guardrail.actions import images
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.composes import Mount, Port, Service, filled, mounts, names, ports, services
from guardrail.views.items import Item

__all__ = [
    "database_published",
    "host_folder",
    "image_moving",
    "image_without_digest",
    "memory_unbounded",
    "never_healthy",
    "port_conflict",
    "runtime_socket",
    "undefined",
]

_SOCKETS = ("docker.sock", "containerd.sock", "podman.sock", "crio.sock", "docker_engine")
_LOCAL = regex(r"127\.|::1\Z|localhost\Z")
_BASE_FILE = regex(r"(?:docker-|podman-)?compose\.ya?ml\Z")
_OVERLAYS = frozenset({"include", "extends"})
_SPECIAL = {"default", "none", "host", "bridge"}


def _service(item: Item) -> Service:
    data = item.bindings["service"]
    return Service(str(item.bindings["serviceName"]), data if isinstance(data, dict) else {}, item.path)


def runtime_socket(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The socket of the container runtime, mounted."""
    service = _service(item)
    for mount in mounts(service):
        if basename(mount.source.replace("\\", "/").rstrip("/")) in _SOCKETS:
            yield Hit(
                mount.path, f"service {service.name} mounts {mount.source}, which takes orders as root of the host"
            )


def host_folder(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Folders that make the host what it is, mounted."""
    service = _service(item)
    image = str(service.data.get("image", ""))
    if any(fnmatchcase(image, pattern) for pattern in arguments["params"]["exemptImages"]):
        return
    for mount in mounts(service):
        params = arguments["params"]
        folder = _sensitive(mount, params["paths"] if mount.read_only else [*params["paths"], *params["writable"]])
        if folder:
            how = "reads" if mount.read_only else "writes"
            yield Hit(mount.path, f"service {service.name} {how} {folder} of the host")


def _sensitive(mount: Mount, folders: list[str]) -> str:
    source = normpath(mount.source).replace("//", "/") if mount.source.startswith("/") else ""
    return source if source and any(fnmatchcase(source, folder) for folder in folders) else ""


def database_published(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A database's port, published on every address of the host."""
    service = _service(item)
    known = {int(port): str(name) for port, name in arguments["params"]["ports"].items()}
    for port in ports(service):
        inner = next((p for p in known if port.container[0] <= p <= port.container[1]), 0)
        if (
            inner
            and port.protocol == "tcp"
            and not _LOCAL.match(port.address)
            and port.address in ("", "0.0.0.0", "::")
        ):
            told = f"service {service.name} publishes {known[inner]} (port {inner}) on every address of the host"
            yield Hit(port.path, told)


def _image(service: Service) -> str | None:
    """The image of a service that is pulled: not one that is built here under that name; None where it is unknown."""
    image = service.data.get("image")
    return filled(image) if isinstance(image, str) and "build" not in service.data else None


def image_moving(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images without a tag, or with one that names another image after every push."""
    service = _service(item)
    image = _image(service)
    if image and (images.kind(image) == images.MOVING or image.rpartition(":")[2].startswith("latest-")):
        tagged = ":" in image.rpartition("/")[2]
        why = "by a tag that moves" if tagged else "without a tag, which means latest"
        yield Hit((*item.path, "image"), f"service {service.name}: image {image} is named {why}")


def image_without_digest(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images named by a tag alone."""
    service = _service(item)
    image = _image(service)
    if image and images.kind(image) == images.TAG and not image.rpartition(":")[2].startswith("latest-"):
        yield Hit((*item.path, "image"), f"service {service.name}: image {image} is named without its digest")


def never_healthy(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A service waits until another is healthy that has no health check: Compose fails, or waits for ever."""
    service = _service(item)
    listed = service.data.get("depends_on")
    others = {other.name: other for other in services(item.resource)}
    for name, one in listed.items() if isinstance(listed, dict) else ():
        if not isinstance(one, dict) or one.get("condition") != "service_healthy" or name not in others:
            continue
        told = _without_check(others[name])
        path = (*item.path, "depends_on", name, "condition")
        if told == "unknown":
            yield Undecided(path, f"whether the image of service {name} has a HEALTHCHECK")
        elif told:
            where = (Pointer("", others[name].path), "waited for")
            yield Hit(path, f"service {service.name} waits until {name} is healthy, {told}", related=(where,))


def _without_check(service: Service) -> str:
    """Why a service never becomes healthy: nothing when it does, `unknown` when its image decides."""
    check = service.data.get("healthcheck")
    if isinstance(check, dict):
        off = check.get("disable") is True or check.get("test") in ("NONE", ["NONE"])
        return "whose health check is switched off" if off else "" if "test" in check else "unknown"
    if "extends" in service.data or "build" in service.data:
        return "unknown"
    image = _image(service)
    # Docker Official Images have no HEALTHCHECK on purpose (docker-library/faq, "healthcheck").
    official = image is not None and image.partition("@")[0].partition(":")[0].removeprefix("docker.io/library/")
    return "which has no healthcheck" if official and "/" not in official else "unknown"


def memory_unbounded(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A service without a limit for its memory, under `deploy` or as `mem_limit`."""
    service = _service(item)
    node: object = service.data
    for step in ("deploy", "resources", "limits", "memory"):
        node = node.get(step) if isinstance(node, dict) else None
    if node is None and "mem_limit" not in service.data and "extends" not in service.data:
        path = (*item.path, "deploy", "resources", "limits", "memory")
        yield Hit(path, f"service {service.name} sets no deploy.resources.limits.memory", missing=True)


def port_conflict(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Two services that publish the same port of the host: the second does not start."""
    taken: list[tuple[Service, Port]] = []
    for service in services(item.resource):
        if any(key in service.data for key in ("profiles", "extends")):
            continue
        for port in ports(service):
            if port.host[0] == 0 or port.host[0] != port.host[1]:
                continue
            other = next((t for t in taken if _same(t[1], port)), None)
            if other is None:
                taken.append((service, port))
            elif len(taken) < 500:
                note = (Pointer("", other[1].path), "taken here")
                told = f"port {port.host[0]} of the host is taken by service {other[0].name}"
                yield Hit(port.path, f"service {service.name}: {told}", related=(note,))


def _same(one: Port, other: Port) -> bool:
    addresses = {one.address or "0.0.0.0", other.address or "0.0.0.0"}
    overlap = len(addresses) == 1 or "0.0.0.0" in addresses
    return one.host == other.host and one.protocol == other.protocol and overlap


def undefined(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Networks, volumes, secrets, configs and services that a service names and the file does not define.

    Only in a file that stands for itself: one that includes others, or is laid over another, may name what is there.
    """
    data = item.resource.data
    file = basename(item.resource.document.file).lower()
    if not _BASE_FILE.match(file) or not _OVERLAYS.isdisjoint(data):
        return
    found = services(item.resource)
    for service in found:
        if "extends" not in service.data:
            yield from _undefined(service, data)


def _undefined(service: Service, data: Mapping[str, object]) -> Iterator[Hit]:
    for kind in ("networks", "secrets", "configs"):
        defined = set(names(data.get(kind))) | (_SPECIAL if kind == "networks" else set())
        for name in names(service.data.get(kind)):
            if name not in defined and "$" not in name:
                yield Hit(
                    _at(service, kind, name), f"service {service.name} uses {kind[:-1]} {name}, which is not defined"
                )
    volumes = set(names(data.get("volumes")))
    for mount in mounts(service):
        if mount.source and not mount.bind and mount.source not in volumes and "/" not in mount.source.lstrip("~"):
            written = service.data["volumes"][mount.path[-1]]  # type: ignore[index]
            if not isinstance(written, dict) or written.get("type", "volume") == "volume":
                yield Hit(mount.path, f"service {service.name} uses volume {mount.source}, which is not defined")
    known = set(names(data.get("services")))
    for name in names(service.data.get("depends_on")):
        if name not in known:
            yield Hit(
                _at(service, "depends_on", name), f"service {service.name} depends on {name}, which is no service"
            )


def _at(service: Service, key: str, name: str) -> Path:
    """The place of a name in a list or mapping of them."""
    value = service.data.get(key)
    if isinstance(value, dict):
        return (*service.path, key, name)
    for number, one in enumerate(value if isinstance(value, list) else ()):
        if one == name or (isinstance(one, dict) and one.get("source") == name):
            return (*service.path, key, number)
    return (*service.path, key)
