"""What Compose, or the engine behind it, refuses of the values of a file: ports, volumes, health checks, variables.

Sources: the Compose file reference and compose-go, which the tests compare with; for `restart` and names of containers
the engine's own reference ("docker container run").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import ASCII
from re import compile as regex
from typing import Any

from guardrail.checks.compose_schema import shape
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.composes import Data, Service, filled, is_named, is_true, services
from guardrail.views.items import Item

__all__ = ["refused"]

_INTERPOLATED = ("services", "networks", "volumes", "secrets", "configs")
_NAME = regex(r"[A-Za-z_]\w*")
_OPERATOR = regex(r":?[-+?]")
_ADDRESS = regex(r"\[[0-9a-fA-F:.%]+\]\Z|(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}\Z")
_RANGE = regex(r"(\d{1,9})(?:-(\d{1,9}))?\Z", ASCII)
_CONTAINER = regex(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+\Z")
_SERVICE = regex(r"[a-zA-Z0-9._-]+\Z")
_RESTART = regex(r"(?:no|always|unless-stopped|on-failure(?::\d+)?)\Z")
_DRIVE = regex(r"[A-Za-z]:[\\/]")
_CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")
_MOUNTS = ("bind", "volume", "tmpfs", "cluster", "npipe", "image")
_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}
_MOST_NODES, _MOST_HITS = 50_000, 50
_LAST_PORT = 65_535


def refused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """All that Compose refuses in a file by itself; what files have together is another question."""
    if item.resource.document.snippet or not is_named(item.resource):
        return
    yield from shape(item, arguments)
    data = item.resource.data
    yield from _interpolation(data, item.path)
    for service in services(item.resource):
        yield from _service(service)
    for kind, keys in _SOURCES.items():
        yield from _sources(data.get(kind), (*item.path, kind), keys)


def _interpolation(data: Data, path: Path) -> Iterator[Hit]:
    """Variables that are not written as Compose reads them."""
    stack: list[tuple[object, Path]] = [(data[key], (*path, key)) for key in reversed(_INTERPOLATED) if key in data]
    found = 0
    for _ in range(_MOST_NODES):
        if not stack or found >= _MOST_HITS:
            return
        node, here = stack.pop()
        if isinstance(node, dict):
            stack += [(one, (*here, key)) for key, one in reversed(node.items())]
        elif isinstance(node, list):
            stack += [(one, (*here, number)) for number, one in reversed(list(enumerate(node)))]
        elif isinstance(node, str) and "${" in node:
            wrong = malformed(node)
            if wrong:
                found += 1
                told = f"{wrong} is no variable that Compose reads; a $ meant for the program is written $$"
                yield Hit(here, told, text=wrong)


def malformed(text: str) -> str:
    """The first `${` of a text that begins no variable, with what follows it; or nothing."""
    at, opened = 0, [0] * 0
    while at < len(text):
        if opened and text[at] == "}":
            opened.pop()
            at += 1
        elif text.startswith("$$", at):
            at += 2
        elif text.startswith("${", at):
            name = _NAME.match(text, at + 2)
            end = name.end() if name else len(text)
            operator = _OPERATOR.match(text, end)
            if name is None or not (operator or text.startswith("}", end)):
                return text[at : at + 40].partition("\n")[0]
            at = operator.end() if operator else end + 1
            opened += [name.start() - 2] * (operator is not None)
        else:
            at += 1
    return text[opened[0] : opened[0] + 40].partition("\n")[0] if opened else ""


def _service(service: Service) -> Iterator[Hit]:
    data, path = service.data, service.path
    if not _SERVICE.match(service.name) and "$" not in service.name:
        yield Hit(path, f"{service.name[:60]} cannot be the name of a service: letters, digits, dots, _ and -")
    name = data.get("container_name")
    if isinstance(name, str) and "$" not in name and not _CONTAINER.match(name):
        yield Hit((*path, "container_name"), f"{name[:60]} cannot be the name of a container")
    restart = data.get("restart")
    if isinstance(restart, str) and "$" not in restart and not _RESTART.match(restart):
        yield Hit((*path, "restart"), f"restart is no, always, on-failure or unless-stopped, not {restart[:40]}")
    yield from _listed(data.get("ports"), (*path, "ports"), _port)
    yield from _listed(data.get("volumes"), (*path, "volumes"), _mount)
    yield from _healthcheck(data.get("healthcheck"), (*path, "healthcheck"))
    yield from _conditions(data.get("depends_on"), (*path, "depends_on"))
    deploy = data.get("deploy")
    replicas = deploy.get("replicas") if isinstance(deploy, dict) else None
    scale = data.get("scale")
    if isinstance(replicas, int) and isinstance(scale, int) and replicas != scale:
        yield Hit((*path, "scale"), f"scale is {scale} and deploy.replicas {replicas}, which contradict one another")


def _listed(value: object, path: Path, judge: Any) -> Iterator[Hit]:
    for number, one in enumerate(value if isinstance(value, list) else ()):
        told = judge(one)
        if told:
            yield Hit((*path, number), told)


def _port(one: object) -> str:
    """What is wrong with a published port (`nat.ParsePortSpec` of go-connections for the short form)."""
    if isinstance(one, dict):
        return "" if "target" in one else "a port without target"
    text = filled(str(one)) if isinstance(one, str | int) and not isinstance(one, bool) else None
    if text is None:
        return ""
    rest, slash, protocol = text.rpartition("/") if "/" in text else (text, "", "tcp")
    if slash and protocol.lower() not in ("tcp", "udp", "sctp", ""):
        return f"{protocol[:20]} is no protocol of a port: tcp, udp or sctp"
    front, _, container = rest.rpartition(":")
    address, _, host = front.rpartition(":")
    if address and not _ADDRESS.match(address):
        return f"{address[:60]} is no address of the host: an IP, IPv6 in brackets"
    inner, outer = _range(container), _range(host) if host else None
    if inner is None or (host and outer is None):
        return f"{(host if inner else container)[:40] or 'nothing'} is no port: a number up to {_LAST_PORT}, or a range"
    if outer and inner[0] != inner[1] and outer[1] - outer[0] != inner[1] - inner[0]:
        return f"{host} and {container} are ranges of different length"
    return ""


def _range(text: str) -> tuple[int, int] | None:
    found = _RANGE.match(text)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if first <= last <= _LAST_PORT else None


def _mount(one: object) -> str:
    """What is wrong with a volume of a service."""
    if isinstance(one, dict):
        kind = one.get("type")
        if not isinstance(kind, str):
            return "a volume without type"
        if kind not in _MOUNTS and "$" not in kind:
            return f"{kind[:40]} is no type of a volume: {', '.join(_MOUNTS)}"
        if not one.get("target"):
            return "a volume without target"
        return "a bind mount without source" if kind == "bind" and not one.get("source") else ""
    if not isinstance(one, str) or "$" in one or "\\" in one or _DRIVE.match(one):
        return ""
    parts = one.split(":")
    if not all(parts):
        return f"a part of {one[:60] or 'the volume'} is empty"
    return f"{one[:60]} has more parts than source, target and options" if len(parts) > 3 else ""


def _healthcheck(value: object, path: Path) -> Iterator[Hit]:
    test = value.get("test") if isinstance(value, dict) else None
    first = test[0] if isinstance(test, list) and test else None
    if isinstance(first, str) and first not in ("CMD", "CMD-SHELL", "NONE"):
        told = f"a health check's list begins with CMD, CMD-SHELL or NONE, not with {first[:40]}"
        yield Hit((*path, "test"), told)


def _conditions(value: object, path: Path) -> Iterator[Hit]:
    for name, one in value.items() if isinstance(value, dict) else ():
        condition = one.get("condition") if isinstance(one, dict) else None
        if isinstance(one, dict) and "condition" not in one:
            yield Hit((*path, name), f"the dependency on {name} has no condition")
        elif isinstance(condition, str) and condition not in _CONDITIONS and "$" not in condition:
            yield Hit((*path, name, "condition"), f"{condition[:40]} is no condition: {', '.join(_CONDITIONS)}")


def _sources(value: object, path: Path, keys: tuple[str, ...]) -> Iterator[Hit]:
    """Secrets and configurations of which nothing, or more than one thing, says what they hold."""
    for name, one in value.items() if isinstance(value, dict) else ():
        if not isinstance(one, dict) or is_true(one.get("external")) or isinstance(one.get("external"), dict):
            continue
        given = [key for key in keys if one.get(key) is not None]
        if not given and "driver" not in one:
            yield Hit((*path, name), f"{name} says not what it holds: {' or '.join(keys)}")
        elif len(given) > 1:
            yield Hit((*path, name), f"{name} says twice what it holds: {' and '.join(given)}")
