"""What lets everybody into well-known servers: variables and options, and what their images come with.

Sources: the pages of the Docker Official Images (postgres, mysql, mariadb, mongo, redis, rabbitmq, docker, neo4j:
"Environment Variables" and "How to use this image", https://github.com/docker-library/docs; for redis, as for valkey:
"Security ... Protected mode is turned off by default"); docker-library/rabbitmq, 10-defaults.conf, which lets guest in
from everywhere; Elasticsearch, "Security settings" (`xpack.security.enabled`); OpenSearch, "Disabling the Security
plugin"; Grafana, "Configure anonymous access" and "Configure Grafana"; Traefik, "API & Dashboard" (`api.insecure`, on
port 8080); MinIO, "Root Access Settings"; Jupyter Server, "Running a public server" (a password counts, too).
"""

from __future__ import annotations

from typing import NamedTuple

_ANY = ".+"


class Setting(NamedTuple):
    """A variable that lets everybody in when it has a value: of which images, and what comes of it.

    `unless` are variables that undo it, `only` is another that has to be `true` for it to count. `port` is the one that
    it opens, where the server has others, too.
    """

    images: str
    name: str
    value: str
    told: str
    unless: tuple[str, ...] = ()
    only: str = ""
    port: int = 0


_NO_PASSWORD = "root needs no password"  # what comes of it, no password itself
_NO_SECURITY = "whoever reaches it reads, changes and deletes everything"
_ROOT_PASSWORDS = tuple(
    f"{maker}_{name}"
    for maker in ("MYSQL", "MARIADB")
    for name in ("ROOT_PASSWORD", "ROOT_PASSWORD_FILE", "RANDOM_ROOT_PASSWORD", "ROOT_PASSWORD_HASH")
)
SETTINGS = (
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
        _ROOT_PASSWORDS,
    ),
    Setting(r"mariadb", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", _ANY, _NO_PASSWORD, _ROOT_PASSWORDS),
    Setting(r"elasticsearch.*", "xpack.security.enabled", "false", _NO_SECURITY),
    Setting(r"opensearch", "DISABLE_SECURITY_PLUGIN", "true", _NO_SECURITY),
    Setting(r"opensearch", "plugins.security.disabled", "true", _NO_SECURITY),
    Setting(r"neo4j", "NEO4J_AUTH", "none", _NO_SECURITY),
    Setting(
        r"grafana|grafana-oss|grafana-enterprise",
        "GF_AUTH_ANONYMOUS_ORG_ROLE",
        "admin|editor",
        "visitors who have not signed in may change dashboards",
        only="GF_AUTH_ANONYMOUS_ENABLED",
    ),
    Setting(
        r"docker",
        "DOCKER_TLS_CERTDIR",
        "",
        "its daemon takes orders from whoever reaches port 2375, as root of the host",
        port=2375,
    ),
)


class Option(NamedTuple):
    """An option that lets everybody in: of which images, what comes of it, the port that it opens, what undoes it.

    Port 0 is the server's own.
    """

    images: str
    text: str
    told: str
    port: int = 0
    unless: str = ""


OPTIONS = (
    Option(
        r"traefik",
        r"--api\.insecure(?:=true)?(?=[\s\"']|\Z)",
        "its API and dashboard are open to whoever reaches port 8080",
        port=8080,
    ),
    Option(
        r"redis|redis-stack-server|valkey",
        r"--protected-mode[ =]no\b",
        _NO_SECURITY,
        unless=r"--requirepass|aclfile|\.conf|--user |--bind[ =]127\.",
    ),
    Option(r"mongo", r"--noauth\b", _NO_SECURITY),
    Option(
        r".*-?notebook|jupyterlab",
        r"--(?:NotebookApp|ServerApp|IdentityProvider)\.token=(?:''|\"\"|(?=\s|\Z))",
        "whoever reaches it runs programs in it",
        unless=r"\.(?:hashed_)?password=['\"]?[\w$]|--config",
    ),
)


class Default(NamedTuple):
    """What an image lets in when nothing is said: of which images, variables and options that say something.

    Images are told with their owner: those that others make (bitnami/redis, ubuntu/redis) do not start without a
    password, or make one up.
    """

    images: str
    names: tuple[str, ...]
    options: str
    told: str


DEFAULTS = (
    Default(
        r"redis|valkey/valkey",
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
        r"minio/minio",
        ("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "MINIO_ROOT_USER_FILE", "MINIO_ACCESS_KEY", "MINIO_CONFIG_ENV_FILE"),
        r"gateway",
        "lets in minioadmin with the password minioadmin",
    ),
    Default(
        r"grafana/(?:grafana|grafana-oss|grafana-enterprise)",
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
