"""URLs as Go's net/url reads them (k8s.io/apiserver/pkg/cel/library/urls.go)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_USER = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:%@]*", re.ASCII)
_HOST = re.compile(r"\[[0-9a-fA-F:.]+(?:%25[A-Za-z0-9\-._~%]+)?\](?::[0-9]*)?|[^\[\]:]*(?::[0-9]*)?")
_BAD_HOST = re.compile(r"[ <>\"`{}|\\^]|%(?!25)")
_SAFE_PATH = "/$&+,:;=@-_.~!'()*"


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL; `path` is unescaped, `raw_path` as written, `query` behind the `?`."""

    cel_type: ClassVar[str] = "kubernetes.URL"
    scheme: str
    host: str
    path: str
    raw_path: str
    query: str
    opaque: str


def parse_url(text: str) -> Url | None:
    """An absolute URI or absolute path; None for everything else."""
    if not text or _CONTROL.search(text):
        return None
    found = _SCHEME.match(text)
    scheme, rest = (found.group(1).lower(), text[found.end() :]) if found else ("", text)
    if text.startswith(":") or (not rest.startswith("/") and not scheme):
        return None
    before_fragment = rest.partition("#")[0]
    target, _, query = before_fragment.partition("?")
    if not target.startswith("/"):
        return None if not target and not query else Url(scheme, "", "", "", query, target)
    host = ""
    if target.startswith("//") and (scheme or not target.startswith("///")):
        authority, slash, path = target[2:].partition("/")
        target = slash + path
        user, at, host = authority.rpartition("@")
        if (at and not _USER.fullmatch(user)) or not _valid_host(host):
            return None
    if _BAD_ESCAPE.search(target):
        return None
    from urllib.parse import unquote

    return Url(scheme, host, unquote(target, errors="surrogateescape"), target, query, "")


def _valid_host(host: str) -> bool:
    if host.startswith("["):
        return _HOST.fullmatch(host) is not None
    return _HOST.fullmatch(host) is not None and not _BAD_HOST.search(host)


def _url(text: str) -> Url:
    found = parse_url(text)
    if found is None:
        raise CelError(f"not an absolute URL: {text[:60]!r}")
    return found


def _hostname(url: Url) -> str:
    if url.host.startswith("["):
        return url.host[1 : url.host.index("]")]
    return url.host.partition(":")[0]


def _port(url: Url) -> str:
    return url.host.rpartition("]")[2].partition(":")[2]


def _escaped_path(url: Url) -> str:
    from urllib.parse import quote

    if re.fullmatch(r"[A-Za-z0-9%/$&+,:;=@\-_.~!'()*\[\]]*", url.raw_path, re.ASCII):
        return url.raw_path
    return "*" if url.path == "*" else quote(url.path, safe=_SAFE_PATH.translate({39: "", 33: ""}))


def _query(url: Url) -> dict[str, list[str]]:
    from urllib.parse import unquote_plus

    found: dict[str, list[str]] = {}
    for pair in url.query.split("&"):
        if pair and ";" not in pair and not _BAD_ESCAPE.search(pair):
            key, _, value = pair.partition("=")
            found.setdefault(unquote_plus(key), []).append(unquote_plus(value))
    return found


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "url": (Overload((str,), _url),),
    "isURL": (Overload((str,), lambda text: parse_url(text) is not None),),
    ".getScheme": (Overload((Url,), lambda url: url.scheme),),
    ".getHost": (Overload((Url,), lambda url: url.host),),
    ".getHostname": (Overload((Url,), _hostname),),
    ".getPort": (Overload((Url,), _port),),
    ".getEscapedPath": (Overload((Url,), _escaped_path),),
    ".getQuery": (Overload((Url,), _query),),
}
