"""Well-known servers that let everybody in: by a setting that somebody wrote, or by what their image comes with.

What the servers take is in `views.server_settings`, with its sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import IGNORECASE
from re import compile as regex
from typing import TYPE_CHECKING, Any, NamedTuple

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

if TYPE_CHECKING:
    from guardrail.views.composes import Service

__all__ = ["compose_credentials", "compose_switched_off", "credentials", "switched_off"]


class Server(NamedTuple):
    """A container that is looked at: its image's repository, the last part of that, tag, variables, words it runs.

    A variable is None where its value is not known. `open` says that it is given more variables than are written, or
    files of configuration.
    """

    repository: str
    image: str
    tag: str
    env: Mapping[str, tuple[str | None, Path]]
    words: str
    words_path: Path
    open: bool


def switched_off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Containers of Kubernetes whose server was told to let everybody in; variables in `leave` are told elsewhere."""
    server = _container(item)
    if server:
        left = {name: given for name, given in server.env.items() if name not in arguments["leave"]}
        server = server._replace(env=left)
    for path, told, _ in _let_in(server) if server else ():
        yield Hit(path, f"{item.bindings.get('role')} {_named(item)}: {told}")


def credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Containers of Kubernetes whose server goes by what its image comes with."""
    server = _container(item)
    told = _by_default(server) if server else ""
    if told:
        yield Hit((*item.path, "image"), f"{item.bindings.get('role')} {_named(item)}: {told}")


def compose_switched_off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services of Compose whose server was told to let everybody in, and is published beyond the host."""
    from guardrail.views.composes import of_item  # of no use to a manifest

    service = of_item(item)
    server = _of_compose(service)
    for path, told, port in _let_in(server) if server else ():
        if _is_published(service, port):
            yield Hit(path, f"service {service.name}: {told}; its port is published beyond this host")


def compose_credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services of Compose whose server goes by what its image comes with."""
    from guardrail.views.composes import of_item  # of no use to a manifest

    service = of_item(item)
    server = _of_compose(service)
    told = _by_default(server) if server else ""
    if told:
        yield Hit((*item.path, "image"), f"service {service.name}: {told}")


def _let_in(server: Server) -> Iterator[tuple[Path, str, int]]:
    """Where a server is told to let everybody in, what comes of it, and at which port (0: its own)."""
    from guardrail.views.server_settings import OPTIONS, SETTINGS  # of no use without such a server

    for one in SETTINGS:
        value, path = server.env.get(one.name, (None, ()))
        if value is None or not regex(rf"(?:{one.images})\Z").match(server.image):
            continue
        if one.name == "DOCKER_TLS_CERTDIR" and "dind" not in server.tag:
            continue
        undone = any(server.env.get(name, ("", ()))[0] != "" for name in one.unless)
        counts = not one.only or (server.env.get(one.only, ("", ()))[0] or "").lower() in ("true", "1")
        if counts and not undone and regex(rf"(?:{one.value})\Z", IGNORECASE).match(value):
            yield path, f"{one.name}={value[:20]}: {one.told}", one.port
    for option in OPTIONS:
        named = regex(rf"(?:{option.images})\Z").match(server.image)
        found = regex(option.text).search(server.words) if named else None
        if found and not (option.unless and regex(option.unless).search(server.words)):
            yield server.words_path, f"{found[0]}: {option.told}", option.port


def _by_default(server: Server) -> str:
    """What a server lets in because nobody said anything; nothing where somebody may have."""
    from guardrail.views.server_settings import DEFAULTS  # of no use without such a server

    if server.open:
        return ""
    for one in DEFAULTS:
        if regex(rf"(?:{one.images})\Z").match(server.repository):
            said = any(name in server.env for name in one.names) or regex(one.options).search(server.words)
            return "" if said else f"{server.image} {one.told}"
    return ""


def _container(item: Item) -> Server | None:
    container = item.bindings.get("container")
    image = container.get("image") if isinstance(container, dict) else None
    if not isinstance(container, dict) or not isinstance(image, str):
        return None
    env: dict[str, tuple[str | None, Path]] = {}
    listed = container.get("env")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            value = one.get("value")
            known = "valueFrom" not in one and (value is None or isinstance(value, str))
            env[str(one.get("name"))] = ((value or "") if known else None, (*item.path, "env", number))
    key = "args" if container.get("args") else "command"
    listed = container.get("volumeMounts")
    mounted = [str(m.get("mountPath")) for m in listed if isinstance(m, dict)] if isinstance(listed, list) else []
    words = " ".join(str(w) for k in ("command", "args") for w in _listed(container.get(k)))
    return Server(*_name(image), env, words, (*item.path, key), bool(container.get("envFrom")) or _configured(mounted))


def _of_compose(service: Service) -> Server | None:
    from guardrail.views.composes import filled, mounts, variables  # of no use to a manifest

    image = service.data.get("image")
    text = filled(image) if isinstance(image, str) and "build" not in service.data else None
    if not text:
        return None
    env: dict[str, tuple[str | None, Path]] = {}
    for one in variables(service):
        env[one.name] = (None if one.value is None else filled(one.value), one.path)
    key = "command" if service.data.get("command") else "entrypoint"
    words = " ".join(str(w) for k in ("entrypoint", "command") for w in _listed(service.data.get(k)))
    mounted = [m.target for m in mounts(service)]
    more = any(k in service.data for k in ("env_file", "extends", "configs", "secrets"))
    return Server(*_name(text), env, words, (*service.path, key), more or _configured(mounted))


def _name(image: str) -> tuple[str, str, str]:
    """The repository without its registry, and without the owner of the official images; its last part; the tag."""
    head, _, last = image.partition("@")[0].rpartition("/")
    last, _, tag = last.partition(":")
    first, _, owner = head.partition("/")
    if not ("." in first or ":" in first or first == "localhost"):
        owner = head
    owner = "" if owner.rpartition("/")[2] == "library" else owner
    return f"{owner}/{last}".lstrip("/"), last, tag


def _configured(targets: list[str]) -> bool:
    return any("/etc" in target or "conf" in target or "run/secrets" in target for target in targets)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _is_published(service: Service, inside: int) -> bool:
    """Whether a port of the container, or any (0), is published beyond this host."""
    from guardrail.views.composes import ports

    if service.data.get("network_mode") == "host":
        return True
    return any(
        not port.address.startswith(("127.", "::1", "localhost"))
        and port.container[0] <= (inside or port.container[0])
        and (inside or port.container[1]) <= port.container[1]
        for port in ports(service)
    )


def _named(item: Item) -> str:
    container = item.bindings.get("container")
    return str(container.get("name", "")) if isinstance(container, dict) else ""
