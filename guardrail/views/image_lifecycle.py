"""Well-known images whose software gets no more fixes, by the dates that its makers publish. No clock: a day is given.

Rows are from the source that stands with them and from the tables of endoflife.date, which are read from there; odd
versions of nginx end where the next one began. A version that is not in the table is not known to have ended, and what
ends later than AS_OF is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.model.late import late

AS_OF = "2026-11-21"
"""The day the tables were last gone through."""


class Product(NamedTuple):
    """What an image holds: its name in words, where its makers say how long it lasts, and the last day by version.

    A day may be a month where no more is said. A version that is not written out in a tag is the newest of its kind:
    `9` of PostgreSQL is 9.6.
    """

    words: str
    source: str
    ended: Mapping[str, str]


def _rows(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_DEBIAN = Product(
    "Debian",
    "https://wiki.debian.org/LTS",  # the last day of its long-term support
    _rows("6 2016-02-29 7 2018-05-31 8 2020-06-30 9 2022-07-01 10 2024-06-30 11 2026-08-31"),
)
_UBUNTU = Product(
    "Ubuntu",
    "https://ubuntu.com/about/release-cycle",  # the last day of what does not need a subscription
    _rows(
        "12.04 2017-04-28 14.04 2019-04-02 16.04 2021-04-02 18.04 2023-05-31 20.04 2025-05-31 18.10 2019-07-18"
        " 19.04 2020-01-23 19.10 2020-07-06 20.10 2021-07-22 21.04 2022-01-20 21.10 2022-07-14 22.10 2023-07-20"
        " 23.04 2024-01-20 23.10 2024-07-12 24.10 2025-07-10 25.04 2026-01-17 25.10 2026-07-01"
    ),
)
_ALPINE = Product(
    "Alpine Linux",
    "https://alpinelinux.org/releases/",
    _rows(
        "3.1 2016-11-01 3.2 2017-05-01 3.3 2017-11-01 3.4 2018-05-01 3.5 2018-11-01 3.6 2019-05-01 3.7 2019-11-01"
        " 3.8 2020-05-01 3.9 2020-11-01 3.10 2021-05-01 3.11 2021-11-01 3.12 2022-05-01 3.13 2022-11-01 3.14 2023-05-01"
        " 3.15 2023-11-01 3.16 2024-05-23 3.17 2024-11-22 3.18 2025-05-09 3.19 2025-11-01 3.20 2026-04-01"
        " 3.21 2026-11-01"
    ),
)
_NODE = Product(
    "Node.js",
    "https://github.com/nodejs/release#release-schedule",
    _rows(
        "0.8 2014-07-31 0.10 2016-10-31 0.12 2016-12-31 4 2018-04-30 5 2016-06-30 6 2019-04-30 7 2017-06-30"
        " 8 2019-12-31 9 2018-06-30 10 2021-04-30 11 2019-06-01"
        " 12 2022-04-30 13 2020-06-01 14 2023-04-30 15 2021-06-01 16 2023-09-11 17 2022-06-01 18 2025-04-30"
        " 19 2023-06-01 20 2026-04-30 21 2024-06-01 23 2025-06-01"
    ),
)
_DOTNET = Product(
    ".NET",
    "https://dotnet.microsoft.com/platform/support/policy/dotnet-core",
    _rows(
        "2.1 2021-08-21 2.2 2019-12-23 3.0 2020-03-03 3.1 2022-12-13 5.0 2022-05-10 6.0 2024-11-12 7.0 2024-05-14"
        " 8.0 2026-11-10 9.0 2026-11-10"
    ),
)

PRODUCTS: Mapping[str, Product] = {
    "debian": _DEBIAN,
    "ubuntu": _UBUNTU,
    "alpine": _ALPINE,
    "node": _NODE,
    "python": Product(
        "Python",
        "https://devguide.python.org/versions/",
        _rows(
            "2 2020-01-01 2.7 2020-01-01 3.3 2017-09 3.4 2019-03 3.5 2020-09 3.6 2021-12 3.7 2023-06 3.8 2024-10"
            " 3.9 2025-10 3.10 2026-10"
        ),
    ),
    "postgres": Product(
        "PostgreSQL",
        "https://www.postgresql.org/support/versioning/",
        _rows(
            "9 2021-11-11 9.1 2016-10-27 9.2 2017-11-09 9.3 2018-11-08 9.4 2020-02-13 9.5 2021-02-11 9.6 2021-11-11"
            " 10 2022-11-10 11 2023-11-09 12 2024-11-14 13 2025-11-13 14 2026-11-12"
        ),
    ),
    "mysql": Product(
        "MySQL",
        "https://www.mysql.com/support/",
        _rows(
            "5 2023-10-31 5.5 2018-12-31 5.6 2021-02-28 5.7 2023-10-31 8.0 2026-04-30 8.1 2023-10-25 8.2 2023-12-14"
            " 8.3 2024-04-10 9.0 2024-10-15 9.1 2025-01-21 9.2 2025-04-15 9.3 2025-07-22 9.4 2025-10-21 9.5 2026-01-20"
            " 9.6 2026-04-21"
        ),
    ),
    "mariadb": Product(
        "MariaDB",
        "https://mariadb.org/about/#maintenance-policy",
        _rows(
            "5 2020-04-11 5.5 2020-04-11 10.0 2019-03-31 10.1 2020-10-17 10.2 2022-05-23 10.3 2023-05-25"
            " 10.4 2024-06-18 10.5 2025-06-24 10.6 2026-07-06 10.7 2023-02-14 10.8 2023-05-20 10.9 2023-08-22"
            " 10.10 2023-11-17"
        ),
    ),
    "mongo": Product(
        "MongoDB",
        "https://www.mongodb.com/legal/support-policy/lifecycles",
        _rows(
            "3 2021-04-30 3.0 2018-02-28 3.2 2018-09-30 3.4 2020-01-31 3.6 2021-04-30 4 2024-02-29 4.0 2022-04-30"
            " 4.2 2023-04-30 4.4 2024-02-29 5 2024-10-31 5.0 2024-10-31 6 2025-07-31 6.0 2025-07-31"
        ),
    ),
    "redis": Product(
        "Redis",
        "https://github.com/redis/redis/security",  # 8.0 got fixes after the day that endoflife.date has for it
        _rows("5 2022-04-27 6.0 2022-05-31 7.0 2024-07-29"),
    ),
    "rabbitmq": Product(
        "RabbitMQ",
        "https://www.rabbitmq.com/release-information",
        _rows("3.6 2018-05-31 3.7 2020-09-30 3.8 2022-07-31 3.9 2023-01-31 3.10 2023-07-31 3.11 2023-12-31"),
    ),
    "nginx": Product(
        "nginx",
        "https://nginx.org/en/download.html",
        # an even version ends with the next even one, an odd one with the even one that it becomes
        _rows(
            "1.7 2015-04-21 1.8 2016-04-26 1.9 2016-04-26 1.10 2017-04-12 1.11 2017-04-12 1.12 2018-04-17"
            " 1.13 2018-04-17 1.14 2019-04-23 1.15 2019-04-23 1.16 2020-04-20 1.17 2020-04-21 1.18 2021-04-20"
            " 1.19 2021-05-25 1.20 2022-05-24 1.21 2022-06-21 1.22 2023-04-11 1.23 2023-05-23 1.24 2024-04-23"
            " 1.25 2024-05-29 1.26 2025-04-23 1.27 2025-06-24"
        ),
    ),
    "php": Product(
        "PHP",
        "https://www.php.net/eol.php",
        _rows(
            "5 2018-12-31 5.3 2014-08-14 5.4 2015-09-14 5.5 2016-07-21 5.6 2018-12-31 7 2022-11-28 7.0 2019-01-10"
            " 7.1 2019-12-01 7.2 2020-11-30 7.3 2021-12-06 7.4 2022-11-28 8.0 2023-11-26 8.1 2025-12-31"
        ),
    ),
    "ruby": Product(
        "Ruby",
        "https://www.ruby-lang.org/en/downloads/branches/",
        _rows(
            "2 2023-03-31 2.1 2017-03-31 2.2 2018-03-31 2.3 2019-03-31 2.4 2020-03-31 2.5 2021-03-31 2.6 2022-03-31"
            " 2.7 2023-03-31 3.0 2024-04-23 3.1 2025-03-31 3.2 2026-03-31"
        ),
    ),
    "golang": Product(
        "Go",
        "https://go.dev/doc/devel/release#policy",
        _rows(
            "1.10 2019-02-25 1.11 2019-09-03 1.12 2020-02-25 1.13 2020-08-11 1.14 2021-02-16 1.15 2021-08-16"
            " 1.16 2022-03-15 1.17 2022-08-02 1.18 2023-02-01 1.19 2023-09-06 1.20 2024-02-06 1.21 2024-08-13"
            " 1.22 2025-02-11 1.23 2025-08-12 1.24 2026-02-11"
        ),
    ),
    "centos": Product("CentOS Linux", "https://hub.docker.com/_/centos", {"": "2024-06-30"}),
    "openjdk": Product("the image openjdk", "https://hub.docker.com/_/openjdk", {"": "2022-07"}),
    **dict.fromkeys(("dotnet/sdk", "dotnet/aspnet", "dotnet/runtime", "dotnet/runtime-deps"), _DOTNET),
    **dict.fromkeys(("dotnet/core/sdk", "dotnet/core/aspnet", "dotnet/core/runtime"), _DOTNET),
}
"""Products by the name of their image. One with the version "" has ended as a whole."""

_NAMES: Mapping[str, str] = {
    "argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14", "gallium": "16",
    "hydrogen": "18", "iron": "20", "squeeze": "6", "wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10",
    "bullseye": "11", "trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04",
}  # fmt: skip
"""Releases that tags call by a name: of Node.js, Debian and Ubuntu."""

_SYSTEMS: Mapping[str, Product] = {
    **dict.fromkeys(("jessie", "stretch", "buster", "bullseye"), _DEBIAN),
    **dict.fromkeys(("trusty", "xenial", "bionic", "focal"), _UBUNTU),
}
_HOSTS = ("docker.io/library/", "index.docker.io/library/", "public.ecr.aws/docker/library/", "mirror.gcr.io/library/")
_MICROSOFT = "mcr.microsoft.com/"
_VERSION = late(r"v?(\d+(?:\.\d+)*)")
_ALPINE_TAG = late(r"alpine(3\.\d+)\Z")


class Ended(NamedTuple):
    """Software that gets no more fixes: its name with the version, its last day, and where its makers say so."""

    words: str
    day: str
    source: str


def ended(image: str, day: str) -> Ended | None:
    """What of an image had ended by a day (`2026-11-21`): its software, else the system that it is built on."""
    name, tag = official(image)
    product = PRODUCTS.get(name)
    if product is None:
        return None
    first, *rest = tag.lower().split("-")
    if "" in product.ended:
        early = "ea" in (first, *rest)  # of Java early-access builds are still made
        return None if early else _told(product, "", day)
    version = _NAMES.get(first) or _digits(first)
    found = _told(product, version, day)
    for part in () if found else (first, *rest):
        alpine = _ALPINE_TAG().match(part)
        if alpine:
            found = found or _told(_ALPINE, alpine[1], day)
        elif part in _SYSTEMS and _SYSTEMS[part] is not product:
            found = found or _told(_SYSTEMS[part], _NAMES[part], day)
    return found


def _told(product: Product, version: str, day: str) -> Ended | None:
    """Whether a version ended, by its longest beginning that the table knows: 3.8 of 3.8.19."""
    while version and version not in product.ended:
        version = version.rpartition(".")[0]
    last = product.ended.get(version, "")
    return (
        Ended(f"{product.words} {version}".strip(), last, product.source) if last and last < day[: len(last)] else None
    )


def _digits(tag: str) -> str:
    found = _VERSION().match(tag)
    return found[1] if found else ""


def official(image: str) -> tuple[str, str]:
    """The name of an official image as the table has it, and the tag; nothing for what is none."""
    text = image.partition("@")[0]
    head, slash, last = text.rpartition("/")
    last, _, tag = last.partition(":")
    name = f"{head}{slash}{last}"
    for host in _HOSTS:
        if name.startswith(host):
            return name[len(host) :], tag
    if name.startswith(_MICROSOFT):
        name = name[len(_MICROSOFT) :]
        return (name, tag) if name.startswith("dotnet/") else ("", "")
    return (name.removeprefix("library/"), tag) if not slash or head == "library" else ("", "")
