"""Lenses on Compose files: services with their ports, mounts and variables, whichever way they are written.

Source: docs.docker.com, Compose file reference, "Services" (`ports`, `volumes`, `environment`, `depends_on`) and
"Interpolation".
"""

from __future__ import annotations

from collections.abc import Iterator
from re import ASCII, Match
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.once import once

if TYPE_CHECKING:
    from guardrail.views.items import Item

Data = dict[str, object]

_VARIABLE = regex(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})", ASCII)
_DOLLAR, _DEEPEST = "\0", 8
_RANGE = regex(r"(\d{1,5})(?:-(\d{1,5}))?\Z", ASCII)
_NAMES = ("compose", "docker-compose", "podman-compose", "docker-stack", "stack")
_WINDOWS = regex(r"[A-Za-z]:[\\/]")


class Port(NamedTuple):
    """A published port: the address of the host ("" for all), the ports of the host and the container, and its path.

    Ports are ranges, first and last; (0, 0) of the host where Docker chooses one.
    """

    address: str
    host: tuple[int, int]
    container: tuple[int, int]
    protocol: str
    path: Path


class Mount(NamedTuple):
    """What is mounted: `source` as written, `bind` for a folder of the host, and whether it is for reading only."""

    source: str
    target: str
    bind: bool
    read_only: bool
    path: Path


class Variable(NamedTuple):
    """A variable of a service's environment; None without a value: it is the one of who starts Compose."""

    name: str
    value: str | None
    path: Path


class Service(NamedTuple):
    """A service by its name."""

    name: str
    data: Data
    path: Path


@once
def services(resource: Resource) -> tuple[Service, ...]:
    """Every service that is a mapping."""
    listed = resource.data.get("services")
    found = listed.items() if isinstance(listed, dict) else ()
    return tuple(Service(n, s, (*resource.path, "services", n)) for n, s in found if isinstance(s, dict))


def of_item(item: Item) -> Service:
    """The service that an item of `each: services` is about."""
    data = item.bindings["service"]
    return Service(str(item.bindings["serviceName"]), data if isinstance(data, dict) else {}, item.path)


def is_named(resource: Resource) -> bool:
    """Whether the file is Compose's by its name, and not only by what it holds."""
    name = resource.document.file.replace("\\", "/").rpartition("/")[2].lower()
    return name.startswith(_NAMES)


def is_true(value: object) -> bool:
    """Whether Compose reads a value as true: it takes words, too (compose-go, `toBoolean`)."""
    return value is True or (isinstance(value, str) and value.lower() in ("true", "yes", "on", "y", "1"))


def filled(text: str) -> str | None:
    """A text with the defaults of its variables put in; None where one has none."""
    unknown = False

    def value(match: Match[str]) -> str:
        nonlocal unknown
        operator, word = match[3] or "", match[4] or ""
        if operator in (":-", "-"):
            return word
        unknown = True
        return ""

    if "$" not in text:
        return text
    out, before = text.replace("$$", _DOLLAR), ""
    for _ in range(_DEEPEST):  # the innermost first: a default may hold another variable
        if out == before or unknown:
            break
        before, out = out, _VARIABLE.sub(value, out)
    return None if unknown else out.replace(_DOLLAR, "$")


def ports(service: Service) -> Iterator[Port]:
    """The published ports of a service; those that hang on unknown variables are left out."""
    listed = service.data.get("ports")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        path = (*service.path, "ports", number)
        port = _long_port(one, path) if isinstance(one, dict) else _short_port(filled(str(one)) or "", path)
        if port is not None:
            yield port


def _long_port(data: Data, path: Path) -> Port | None:
    target = _range(str(data.get("target", "")))
    published = filled(str(data.get("published", "")))
    if target is None or published is None or "published" not in data:
        return None
    address = filled(str(data.get("host_ip", ""))) or ""
    return Port(address, _range(published) or (0, 0), target, str(data.get("protocol", "tcp")), path)


def _short_port(text: str, path: Path) -> Port | None:
    text, _, protocol = text.partition("/")
    rest, _, container = text.rpartition(":")
    address, _, host = rest.rpartition(":")
    target = _range(container)
    if target is None:
        return None
    return Port(address.strip("[]"), _range(host) or (0, 0), target, protocol or "tcp", path)


def _range(text: str) -> tuple[int, int] | None:
    found = _RANGE.match(text.strip())
    return (int(found[1]), int(found[2] or found[1])) if found else None


def mounts(service: Service) -> Iterator[Mount]:
    """What a service mounts from `volumes`."""
    listed = service.data.get("volumes")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        path = (*service.path, "volumes", number)
        if isinstance(one, dict):
            source = filled(str(one.get("source", ""))) or ""
            bind = one.get("type") == "bind"
            yield Mount(source, str(one.get("target", "")), bind, is_true(one.get("read_only")), path)
        elif isinstance(one, str):
            yield _short_mount(filled(one), path)


def _short_mount(text: str | None, path: Path) -> Mount:
    text = text or ""
    drive = text[:2] if _WINDOWS.match(text) else ""
    source, colon, rest = text[len(drive) :].partition(":")
    if not colon:
        return Mount("", drive + source, False, False, path)
    target, _, options = rest.partition(":")
    source = drive + source
    bind = bool(drive) or source.startswith((".", "/", "~"))
    return Mount(source, target, bind, "ro" in options.split(","), path)


def variables(service: Service) -> Iterator[Variable]:
    """The environment of a service, written as a mapping or a list."""
    listed = service.data.get("environment")
    if isinstance(listed, dict):
        for name, value in listed.items():
            written = None if value is None else str(value)
            yield Variable(str(name), written, (*service.path, "environment", name))
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        name, equals, value = str(one).partition("=")
        yield Variable(name, value if equals else None, (*service.path, "environment", number))


def names(value: object) -> Iterator[str]:
    """What a list or mapping of names holds (`depends_on`, `networks`); of long entries their `source`."""
    if isinstance(value, dict):
        yield from (str(name) for name in value)
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict) and isinstance(one.get("source"), str):
            yield one["source"]
