"""The images of containers: how exactly they are named, where they come from, and names that cannot be pulled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from re import IGNORECASE
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.checks.given_tags import given_a_tag, overruled
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = ["elsewhere", "malformed", "moving", "placeholders", "unpinned"]

_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REFERENCE = regex(
    rf"(?:(?P<host>(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?)/)?(?P<path>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?\Z"
)
"""The grammar of image names: github.com/distribution/reference, reference.go."""
_LONGEST = 1024
_VARIABLE = regex(r"\$|\{\{|%\w+%|@@\w+@@|__\w+__")
"""Signs of a text that something fills in before Kubernetes sees it: shell, envsubst, Helm, sed."""
_UPPER = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|TAG|VERSION|IMAGE|DIGEST|SHA")
_ANGLES = regex(r"<[^<>]*>|\[[A-Za-z_ -]+\]")
_WORDS = regex(
    r"(?<![A-Za-z0-9])(?:replace[-_]?(?:me|this|with)|change[-_]?me|fill[-_]?me|x{3,}|tbd|placeholder"
    r"|your[-_]?(?:registry|repo|repository|image|org|organization|company|user|username|name|account|account[-_]id|project"
    r"|project[-_]id|app|dockerhub|docker|ecr|acr|gcr|tag|version|host|domain|container|namespace))(?![A-Za-z0-9])",
    IGNORECASE,
)
_HOSTS = regex(r"(?:[\w-]+\.)*example\.(?:com|org|net)\Z", IGNORECASE)
"""Domains that nobody can register (RFC 2606, section 3)."""
_MADE_UP = frozenset(
    {"my-registry", "myregistry", "my-registry.com", "myregistry.com", "my.registry.com", "registry-url"}
)
_SHOWN = 80


class Image(NamedTuple):
    """An image name taken apart as runtimes do; `host` is docker.io and `path` has library/ where they are implied."""

    host: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The whole name without tag and digest."""
        return f"{self.host}/{self.path}"


def parse(text: str) -> Image | None:
    """A name taken apart; None when no runtime would understand it.

    The first part is a host when it has a dot, a port or a capital or is `localhost` (the same, normalize.go).
    """
    found = _REFERENCE.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    host, path = found["host"] or "", found["path"]
    if host and not set(host) & {".", ":"} and host != "localhost" and host == host.lower():
        host, path = "", f"{host}/{path}"
    if host in ("", "docker.io", "index.docker.io"):
        host, path = "docker.io", path if "/" in path else f"library/{path}"
    return Image(host, path, found["tag"] or "", found["digest"] or "")


def moving(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Images without a tag or with one of `tags`, which name another image after every push.

    Not those that Kustomize or Skaffold give a tag: their files name the image. Of a kustomization the same is asked,
    unless another one gives the image a tag that does not move.
    """
    text, image = _image(item)
    if image is None or image.digest or (image.tag and image.tag.lower() not in arguments["tags"]):
        return
    name = text[: -len(image.tag) - 1] if image.tag else text
    own = str(_container(item).get("name")) if item.bindings.get("role") == "image" else ""
    given = overruled(item, {name, own}, arguments["tags"]) if own else given_a_tag(item, name)
    if given or _filled_in(text):
        return
    what = f"the tag '{image.tag}', which moves" if image.tag else "no tag, which means latest"
    yield Hit(_at(item), f"{_who(item)} runs {text[:_SHOWN]}: {what}")


def unpinned(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Images named by a tag that should not move, without the digest that could not."""
    text, image = _image(item)
    if image is None or image.digest or not image.tag or image.tag.lower() in arguments["tags"] or _filled_in(text):
        return
    if not any(fnmatchcase(image.name, str(p)) for p in arguments["exempt"]):
        yield Hit(_at(item), f"{_who(item)} runs {text[:_SHOWN]} by its tag, not by a digest")


def placeholders(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Names that somebody was to fill in; of words in capitals, which a script may fill in, that is not known."""
    text = _text(item)
    if _VARIABLE.search(text):
        return
    path = _at(item)
    word = _placeholder(text)
    if word and item.resource.document.snippet:
        yield Undecided(path, f"what {word[:_SHOWN]} stands for")
    elif word:
        yield Hit(path, f"{_who(item)} runs {text[:_SHOWN]}: '{word[:_SHOWN]}' was never filled in", text=word)
    elif found := _UPPER.fullmatch(text.rpartition(":")[2] if ":" in text else text):
        yield Undecided(path, f"what {found[0][:_SHOWN]} is replaced by before the manifest is applied")


def malformed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Names that no runtime understands; the pod waits in InvalidImageName."""
    text = _text(item)
    if not text or parse(text) is not None or _filled_in(text) or _placeholder(text):
        return
    yield Hit(_at(item), f"{_who(item)}: {text[:_SHOWN]!r} is no image name: {_reason(text)}")


def elsewhere(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Images from a place that `denied` names, or that `allowed`, if there are any, does not.

    A pattern is a registry, or the beginning of a name, with `*` for anything: `ghcr.io`, `ghcr.io/acme/*`.
    """
    text, image = _image(item)
    allowed, denied = arguments["allowed"], arguments["denied"]
    if image is None or _filled_in(text):
        return
    if outside(image, allowed, denied):
        yield Hit(_at(item), f"{_who(item)} runs {text[:_SHOWN]}, which comes from {image.host}")


def outside(image: Image, allowed: Sequence[object], denied: Sequence[object]) -> bool:
    """Whether an image is from a place that is denied, or from none of those that are allowed, if there are any."""
    if any(_within(image, str(pattern)) for pattern in denied):
        return True
    return bool(allowed) and not any(_within(image, str(pattern)) for pattern in allowed)


def _within(image: Image, pattern: str) -> bool:
    """Whether a name is what a pattern names, or lies below it; Docker Hub may go without saying."""
    pattern = pattern.rstrip("/")
    names = [image.name]
    if image.host == "docker.io":
        names += [image.path, image.path.removeprefix("library/")]
    return any(fnmatchcase(n, pattern) or fnmatchcase(n, f"{pattern}/*") for n in names)


def _container(item: Item) -> Mapping[str, object]:
    found = item.bindings.get("container")
    return found if isinstance(found, dict) else {}


def _text(item: Item) -> str:
    given = _container(item).get("image")
    return given if isinstance(given, str) else ""


def _image(item: Item) -> tuple[str, Image | None]:
    text = _text(item)
    return text, None if _placeholder(text) else parse(text)


def _at(item: Item) -> Path:
    """Where the image is named: in the container, or at the tag or digest that a kustomization gives it."""
    origin = item.origins.get("container", item.path)
    return origin(("image",)) if callable(origin) else (*item.path, "image")


def _who(item: Item) -> str:
    return f"{item.bindings.get('role')} {_container(item).get('name', '')}"


def _filled_in(text: str) -> bool:
    """Whether something is to fill a name in before it is used: a variable of a template, or a tag in capitals."""
    return bool(_VARIABLE.search(text) or _UPPER.fullmatch(text.rpartition(":")[2]))


def _placeholder(text: str) -> str:
    """The part of a name that is there to be replaced; empty when there is none."""
    if len(text) > _LONGEST:
        return ""
    found = _ANGLES.search(text) or _WORDS.search(text)
    if found:
        return found[0]
    host = text.partition("/")[0] if "/" in text else ""
    plain = host.partition(":")[0]
    return host if host and (_HOSTS.match(plain) or plain.lower() in _MADE_UP) else ""


def _reason(text: str) -> str:
    name, _, digest = text.partition("@")
    first = name.partition("/")[0]
    if text != text.strip() or any(c.isspace() for c in text):
        return "it holds a blank"
    if "://" in text:
        return "it begins with a scheme"
    if digest and not regex(r"[a-z0-9+._-]+:[0-9a-f]{32,}\Z").match(digest):
        return "its digest is incomplete"
    if text.endswith(":"):
        return "its tag is empty"
    below = name[len(first) + 1 :] if "/" in name and set(first) & {".", ":"} else name
    path = below.rpartition(":")[0] or below
    if path != path.lower():
        return "repositories are written in lower case"
    return "see the grammar of image references"
