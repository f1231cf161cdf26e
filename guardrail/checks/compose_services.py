"""Services of Compose files: what they may do to the host, what they publish, and what they refer to.

Source: docs.docker.com, Compose file reference, "Services", and "Packet filtering and firewalls" for published ports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from posixpath import basename, normpath
from typing import Any

from guardrail.actions import images
from guardrail.checks.compose_builds import beside
from guardrail.checks.container_images import outside, parse
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.composes import Mount, Port, Service, filled, is_true, mounts, of_item, ports, services
from guardrail.views.items import Item

__all__ = [
    "console_published",
    "database_published",
    "elsewhere",
    "host_device",
    "host_folder",
    "image_moving",
    "image_without_digest",
    "memory_unbounded",
    "never_healthy",
    "port_conflict",
    "propagated",
    "runtime_socket",
]

_SOCKETS = ("docker.sock", "containerd.sock", "podman.sock", "crio.sock", "docker_engine")
_MOST_HITS = 100
_EVERY_ADDRESS = "0.0.0.0"
_EVERYWHERE = ("", _EVERY_ADDRESS, "::")


def runtime_socket(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The socket of the container runtime, mounted."""
    service = of_item(item)
    for mount in mounts(service):
        if basename(mount.source.replace("\\", "/").rstrip("/")) in _SOCKETS:
            yield Hit(
                mount.path, f"service {service.name} mounts {mount.source}, which takes orders as root of the host"
            )


def host_folder(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Folders that make the host what it is, mounted."""
    service = of_item(item)
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
    service = of_item(item)
    known = {int(port): str(name) for port, name in arguments["params"]["ports"].items()}
    for port in ports(service):
        inner = next((p for p in known if port.container[0] <= p <= port.container[1]), 0)
        if inner and port.protocol == "tcp" and port.address in _EVERYWHERE:
            told = f"service {service.name} publishes {known[inner]} (port {inner}) on every address of the host"
            yield Hit(port.path, told)


def host_device(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Devices that give the host away: its disks, its memory."""
    service = of_item(item)
    listed = service.data.get("devices")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        written = one.get("source") if isinstance(one, dict) else one
        source = (filled(written) or "").partition(":")[0] if isinstance(written, str) else ""
        if source and any(fnmatchcase(normpath(source), pattern) for pattern in arguments["params"]["devices"]):
            yield Hit((*item.path, "devices", number), f"service {service.name} has {source[:60]} of the host")


def propagated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Mounts whose propagation is shared: what is mounted below them appears on the host."""
    service = of_item(item)
    listed = service.data.get("volumes")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        bind = one.get("bind") if isinstance(one, dict) else None
        way = str(bind.get("propagation")) if isinstance(bind, dict) else ""
        options = one.split(":")[-1].split(",") if isinstance(one, str) and one.count(":") > 1 else ()
        found = next((w for w in (way, *options) if w in ("shared", "rshared")), "")
        if found:
            path = (*item.path, "volumes", number, *(("bind", "propagation") if bind else ()))
            yield Hit(path, f"service {service.name} mounts with propagation {found}")


def console_published(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A console that administers databases or containers, published on every address of the host."""
    service = of_item(item)
    image = parse(_image(service) or "")
    names = (image.path.removeprefix("library/"), image.path) if image and image.host == "docker.io" else ()
    if not any(fnmatchcase(name, pattern) for name in names for pattern in arguments["params"]["images"]):
        return
    for port in ports(service):
        if port.address in _EVERYWHERE and port.protocol == "tcp":
            told = f"service {service.name} publishes a console on port {port.host[0] or 'any'} of every address"
            yield Hit(port.path, told)


def elsewhere(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images from a place that `denied` names, or that `allowed`, if there are any, does not."""
    service = of_item(item)
    image = parse(_image(service) or "")
    if image and outside(image, arguments["allowed"], arguments["denied"]):
        yield Hit((*item.path, "image"), f"service {service.name}: its image comes from {image.host}")


def _image(service: Service) -> str | None:
    """The image of a service that is pulled: not one that is built here under that name; None where it is unknown."""
    image = service.data.get("image")
    return filled(image) if isinstance(image, str) and "build" not in service.data else None


def image_moving(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images without a tag, or with one that names another image after every push."""
    service = of_item(item)
    image = _image(service)
    if image and (images.kind(image) == images.MOVING or image.rpartition(":")[2].startswith("latest-")):
        tagged = ":" in image.rpartition("/")[2]
        why = "by a tag that moves" if tagged else "without a tag, which means latest"
        yield Hit((*item.path, "image"), f"service {service.name}: image {image} is named {why}")


def image_without_digest(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images named by a tag alone."""
    service = of_item(item)
    image = _image(service)
    if image and images.kind(image) == images.TAG and not image.rpartition(":")[2].startswith("latest-"):
        yield Hit((*item.path, "image"), f"service {service.name}: image {image} is named without its digest")


def never_healthy(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A service waits until another is healthy that has no health check: Compose fails, or waits for ever."""
    service = of_item(item)
    listed = service.data.get("depends_on")
    others = {other.name: other for other in services(item.resource)}
    for name, one in listed.items() if isinstance(listed, dict) else ():
        if not isinstance(one, dict) or one.get("condition") != "service_healthy" or name not in others:
            continue
        told = _without_check(others[name])
        if told and _checked_elsewhere(item, name):
            continue
        path = (*item.path, "depends_on", name, "condition")
        if told == "unknown":
            yield Undecided(path, f"whether the image of service {name} has a HEALTHCHECK")
        elif told:
            where = (Pointer("", others[name].path), "waited for")
            yield Hit(path, f"service {service.name} waits until {name} is healthy, {told}", related=(where,))


def _checked_elsewhere(item: Item, name: str) -> bool:
    """Whether another Compose file of the folder says how a service is asked."""
    for data in beside(item):
        listed = data.get("services")
        one = listed.get(name) if isinstance(listed, dict) else None
        if isinstance(one, dict) and one.get("healthcheck"):
            return True
    return False


def _without_check(service: Service) -> str:
    """Why a service never becomes healthy: nothing when it does, `unknown` when its image decides."""
    check = service.data.get("healthcheck")
    if isinstance(check, dict):
        off = is_true(check.get("disable")) or check.get("test") in ("NONE", ["NONE"])
        return "whose health check is switched off" if off else "" if "test" in check else "unknown"
    if "extends" in service.data or "build" in service.data:
        return "unknown"
    image = _image(service)
    # Docker Official Images have no HEALTHCHECK on purpose (docker-library/faq, "healthcheck").
    official = image is not None and image.partition("@")[0].partition(":")[0].removeprefix("docker.io/library/")
    return "which has no healthcheck" if official and "/" not in official else "unknown"


def memory_unbounded(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A service without a limit for its memory, under `deploy` or as `mem_limit`."""
    service = of_item(item)
    node: object = service.data
    for step in ("deploy", "resources", "limits", "memory"):
        node = node.get(step) if isinstance(node, dict) else None
    if node is None and "mem_limit" not in service.data and "extends" not in service.data:
        path = (*item.path, "deploy", "resources", "limits", "memory")
        yield Hit(path, f"service {service.name} sets no deploy.resources.limits.memory", missing=True)


def port_conflict(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Two services that publish the same port of the host: the second does not start."""
    taken: dict[tuple[int, str], dict[str, tuple[Service, Port]]] = {}  # by port and protocol, then by address
    left = _MOST_HITS
    for service in services(item.resource):
        if left == 0 or any(key in service.data for key in ("profiles", "extends")):
            continue
        for port in ports(service):
            if port.host[0] == 0 or port.host[0] != port.host[1]:
                continue
            users = taken.setdefault((port.host[0], port.protocol), {})
            address = port.address or _EVERY_ADDRESS
            shared = users.values() if address == _EVERY_ADDRESS else (users.get(address), users.get(_EVERY_ADDRESS))
            other = next((user for user in shared if user), None)
            if other is None:
                users[address] = (service, port)
            elif left:
                left -= 1
                note = (Pointer("", other[1].path), "taken here")
                told = f"port {port.host[0]} of the host is taken by service {other[0].name}"
                yield Hit(port.path, f"service {service.name}: {told}", related=(note,))
