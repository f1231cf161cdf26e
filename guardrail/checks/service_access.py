"""Well-known servers that let everybody in: by a setting that somebody wrote, or by what their image comes with.

Sources: the pages of the Docker Official Images (postgres, mysql, mariadb, mongo, redis, rabbitmq, docker, neo4j:
"Environment Variables" and "How to use this image"; rabbitmq's `10-defaults.conf` lets guest in from everywhere);
Elasticsearch, "Security settings" (`xpack.security.enabled`); OpenSearch, "Disabling the Security plugin"; Grafana,
"Configure anonymous access" and "Configure Grafana"; Traefik, "API & Dashboard" (`api.insecure`); MinIO,
"Root Access Settings"; Jupyter Server, "Running a public server".
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

_ANY = ".+"


class Setting(NamedTuple):
    """A variable that lets everybody in when it has a value: of which images, and what comes of it.

    `unless` are variables that undo it, `only` is another that has to be `true` for it to count.
    """

    images: str
    name: str
    value: str
    told: str
    unless: tuple[str, ...] = ()
    only: str = ""


_NO_PASSWORD = "root needs no password"  # what comes of it, no password itself
_NO_SECURITY = "whoever reaches it reads, changes and deletes everything"
_SETTINGS = (
    Setting(
        r"postgres|postgis|timescaledb.*|pgvector",
        "POSTGRES_HOST_AUTH_METHOD",
        "trust",
        "everybody is let in as whoever they say they are",
    ),
    Setting(
        r"mysql|mysql-server|mariadb|percona|percona-server",
        "MYSQL_ALLOW_EMPTY_PASSWORD",
        _ANY,
        _NO_PASSWORD,
        ("MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE", "MYSQL_RANDOM_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD"),
    ),
    Setting(
        r"mariadb",
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
        _ANY,
        _NO_PASSWORD,
        ("MARIADB_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD_FILE", "MARIADB_RANDOM_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"),
    ),
    Setting(r"elasticsearch.*", "xpack.security.enabled", "false", _NO_SECURITY),
    Setting(r"opensearch", "DISABLE_SECURITY_PLUGIN", "true", _NO_SECURITY),
    Setting(r"opensearch", "plugins.security.disabled", "true", _NO_SECURITY),
    Setting(r"neo4j", "NEO4J_AUTH", "none", _NO_SECURITY),
    Setting(
        r"grafana|grafana-oss|grafana-enterprise",
        "GF_AUTH_ANONYMOUS_ORG_ROLE",
        "admin|editor",
        "visitors who have not signed in may change everything",
        only="GF_AUTH_ANONYMOUS_ENABLED",
    ),
    Setting(
        r"docker",
        "DOCKER_TLS_CERTDIR",
        "",
        "its daemon takes orders from whoever reaches port 2375, as root of the host",
    ),
)
_OPTIONS: tuple[tuple[str, str, str], ...] = (
    (
        r"traefik",
        r"--api\.insecure(?:=true)?(?=[\s\"']|\Z)",
        "its API and dashboard are open to whoever reaches port 8080",
    ),
    (r"redis|redis-stack-server|valkey", r"--protected-mode[ =]no\b(?!.*--requirepass)", _NO_SECURITY),
    (r"mongo", r"--noauth\b", _NO_SECURITY),
    (
        r".*-?notebook|jupyterlab",
        r"--(?:NotebookApp|ServerApp|IdentityProvider)\.token=(?:''|\"\"|(?=\s|\Z))",
        "whoever reaches it runs programs in it",
    ),
)


class Default(NamedTuple):
    """What an image lets in when nothing is said: of which images, variables and options that say something."""

    images: str
    names: tuple[str, ...]
    options: str
    told: str


_DEFAULTS = (
    Default(
        r"redis|valkey",
        ("REDIS_PASSWORD", "VALKEY_PASSWORD", "REDIS_ARGS", "VALKEY_EXTRA_FLAGS"),
        r"requirepass|aclfile|\.conf|--bind[ =]127\.|--port[ =]0\b",
        "asks for no password unless it is told to",
    ),
    Default(
        r"mongo",
        ("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_USERNAME_FILE"),
        r"--auth\b|--keyFile|--config|-f |--bind_ip[ =](?:127\.|localhost)",
        "asks for no password unless it is told to",
    ),
    Default(
        r"rabbitmq",
        ("RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS", "RABBITMQ_CONFIG_FILE", "RABBITMQ_DEFAULT_PASS_FILE"),
        r"\.conf",
        "lets in guest with the password guest, in this image from everywhere",
    ),
    Default(
        r"minio",
        ("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "MINIO_ROOT_USER_FILE", "MINIO_ACCESS_KEY", "MINIO_CONFIG_ENV_FILE"),
        r"gateway",
        "lets in minioadmin with the password minioadmin",
    ),
    Default(
        r"grafana|grafana-oss|grafana-enterprise",
        (
            "GF_SECURITY_ADMIN_PASSWORD",
            "GF_SECURITY_ADMIN_PASSWORD__FILE",
            "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION",
            "GF_AUTH_DISABLE_LOGIN_FORM",
        ),
        r"\.ini",
        "lets in admin with the password admin",
    ),
)


class Server(NamedTuple):
    """A container that is looked at: the last part of its image's name, its tag, variables, words of its command.

    A variable is None where its value is not known. `open` says that it is given more variables than are written, or
    files of configuration.
    """

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
    for path, told in _let_in(server) if server else ():
        yield Hit(path, f"{item.bindings.get('role')} {_named(item)}: {told}")


def credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Containers of Kubernetes whose server goes by what its image comes with."""
    server = _container(item)
    told = _by_default(server) if server else ""
    if told:
        yield Hit((*item.path, "image"), f"{item.bindings.get('role')} {_named(item)}: {told}")


def compose_switched_off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services of Compose whose server was told to let everybody in, and is published beyond the host."""
    service = _service(item)
    server = _of_compose(service)
    if server and _is_published(service):
        for path, told in _let_in(server):
            yield Hit(path, f"service {service.name}: {told}; its port is published beyond this host")


def compose_credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services of Compose whose server goes by what its image comes with."""
    service = _service(item)
    server = _of_compose(service)
    told = _by_default(server) if server else ""
    if told:
        yield Hit((*item.path, "image"), f"service {service.name}: {told}")


def _let_in(server: Server) -> Iterator[tuple[Path, str]]:
    """Where a server is told to let everybody in, and what comes of it."""
    for one in _SETTINGS:
        value, path = server.env.get(one.name, (None, ()))
        if value is None or not regex(rf"(?:{one.images})\Z").match(server.image):
            continue
        if one.name == "DOCKER_TLS_CERTDIR" and "dind" not in server.tag:
            continue
        undone = any(server.env.get(name, ("", ()))[0] != "" for name in one.unless)
        counts = not one.only or (server.env.get(one.only, ("", ()))[0] or "").lower() in ("true", "1")
        if counts and not undone and regex(rf"(?:{one.value})\Z", IGNORECASE).match(value):
            yield path, f"{one.name}={value[:20]}: {one.told}"
    for images, option, told in _OPTIONS:
        found = regex(option).search(server.words) if regex(rf"(?:{images})\Z").match(server.image) else None
        if found:
            yield server.words_path, f"{found[0]}: {told}"


def _by_default(server: Server) -> str:
    """What a server lets in because nobody said anything; nothing where somebody may have."""
    if server.open:
        return ""
    for one in _DEFAULTS:
        if regex(rf"(?:{one.images})\Z").match(server.image):
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


def _name(image: str) -> tuple[str, str]:
    last, _, tag = image.partition("@")[0].rpartition("/")[2].partition(":")
    return last, tag


def _configured(targets: list[str]) -> bool:
    return any("/etc" in target or "conf" in target or "run/secrets" in target for target in targets)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _service(item: Item) -> Service:
    from guardrail.views.composes import Service

    data = item.bindings["service"]
    return Service(str(item.bindings["serviceName"]), data if isinstance(data, dict) else {}, item.path)


def _is_published(service: Service) -> bool:
    from guardrail.views.composes import ports

    if service.data.get("network_mode") == "host":
        return True
    return any(not port.address.startswith(("127.", "::1", "localhost")) for port in ports(service))


def _named(item: Item) -> str:
    container = item.bindings.get("container")
    return str(container.get("name", "")) if isinstance(container, dict) else ""
