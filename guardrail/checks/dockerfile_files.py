"""What Dockerfiles put into the image, and settings of the image: files, ports, folders, how it starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from posixpath import basename
from re import compile as regex
from typing import Any

from guardrail.actions.downloads import is_fixed
from guardrail.checks.dockerfile_run import instruction_of
from guardrail.model.place import Pointer
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import filled, lineage, of_item, stages
from guardrail.views.items import Item

__all__ = [
    "added_file",
    "added_from_address",
    "cmd_ignored",
    "destination_unclear",
    "healthcheck_missing",
    "key_copied",
    "port_exposed",
    "port_invalid",
    "relative_destination",
    "relative_folder",
    "shell_form",
]

_ARCHIVE = regex(r"(?i).*\.(?:tar|tar\.\w+|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)\Z")
_GIT = regex(r"(?:git@|git://|ssh://)|https?://[^#]+\.git(?:[#?].*)?\Z")
_MAPPED = regex(r"(?:[\d.]+:)?\d+(?:-\d+)?:\d")
_ABSOLUTE = regex(r"/|[A-Za-z]:[\\/]|\\")


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []


def _flag(item: Item, name: str) -> str:
    one = instruction_of(item)
    flags = one.data.get("flags") if one else None
    return str(flags.get(name, "")) if isinstance(flags, dict) else ""


def added_from_address(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """ADD of an address without a checksum; a git repository that names a commit or tag is what it says."""
    one = instruction_of(item)
    if one is None or one.keyword != "ADD" or _flag(item, "checksum"):
        return
    for number, source in enumerate(_texts(one.data.get("sources"))):
        git = _GIT.match(source) is not None
        if is_fixed(source):
            continue
        if (git or source.startswith(("http://", "https://"))) and not (git and ("#" in source or "?" in source)):
            told = "names no commit or tag" if git else "is taken as it comes, without --checksum"
            yield Hit((*item.path, "sources", number), f"ADD {source[:80]} {told}")


def added_file(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """ADD of plain files, where COPY does what is meant and no more."""
    one = instruction_of(item)
    if one is None or one.keyword != "ADD":
        return
    found = _texts(one.data.get("sources"))
    plain = [s for s in found if not (s.startswith(("http://", "https://", "<<")) or _GIT.match(s) or _unpacked(s))]
    if plain and len(plain) == len(found):
        yield Hit(item.path, f"ADD {', '.join(plain)[:60]}: COPY does the same without unpacking or fetching anything")


def _unpacked(source: str) -> bool:
    return "$" in source or _ARCHIVE.match(source) is not None


def key_copied(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Private keys and credentials copied from the build context into the image."""
    one = instruction_of(item)
    if one is None or one.keyword not in ("COPY", "ADD") or _flag(item, "from"):
        return
    wanted = [str(p).lower() for p in arguments["params"]["files"]]
    spared = [str(p).lower() for p in arguments["params"]["allowed"]]
    for number, source in enumerate(_texts(one.data.get("sources"))):
        low = source.lower().rstrip("/")
        if "://" in low or _GIT.match(source):  # not from the build context
            continue
        names = (low, basename(low), "/".join(low.split("/")[-2:]))
        if any(fnmatchcase(n, p) for n in names for p in wanted) and not any(
            fnmatchcase(n, p) for n in names for p in spared
        ):
            yield Hit((*item.path, "sources", number), f"{one.keyword} puts {source[:80]} into a layer of the image")


def destination_unclear(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Several sources and a destination that is not written as a folder: the builder refuses it."""
    one = instruction_of(item)
    if one is None or one.keyword not in ("COPY", "ADD"):
        return
    found, target = _texts(one.data.get("sources")), str(one.data.get("destination", ""))
    if len(found) > 1 and target and not target.endswith(("/", "\\", ".", "}")) and "$" not in target:
        told = f"{one.keyword} of {len(found)} sources to {target[:60]}, which has to end with /"
        yield Hit((*item.path, "destination"), told)


def relative_folder(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """WORKDIR with a relative path where nothing before it says relative to what; with `always` any relative path."""
    one = instruction_of(item)
    if one is None or one.keyword != "WORKDIR":
        return
    there = filled(str(one.data.get("argument", "")), one.state.variables)
    if there and not _ABSOLUTE.match(there) and (arguments["params"]["always"] or one.state.directory == ""):
        yield Hit(item.path, f"WORKDIR {there[:60]} is relative to whatever folder the base image has left")


def relative_destination(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """COPY to a relative path where no WORKDIR says relative to what."""
    one = instruction_of(item)
    if one is None or one.keyword not in ("COPY", "ADD") or one.state.directory != "":
        return
    target = str(one.data.get("destination", ""))
    if target and "$" not in target and not _ABSOLUTE.match(target):
        yield Hit((*item.path, "destination"), f"{target[:60]} is relative, and no WORKDIR says to what")


def _ports(item: Item) -> Iterator[tuple[int, int, int]]:
    """Position and range of each port that EXPOSE names."""
    one = instruction_of(item)
    if one is None or one.keyword != "EXPOSE":
        return
    for number, word in enumerate(_texts(one.data.get("words"))):
        text = (filled(word, one.state.variables) or "").partition("/")[0]
        first, _, last = text.partition("-")
        if first.isdecimal() and len(first) < 10 and (last or "0").isdecimal() and len(last) < 10:
            yield number, int(first), int(last or first)


def port_exposed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """EXPOSE of ports that no container should have."""
    for number, first, last in _ports(item):
        for port in arguments["params"]["ports"]:
            if first <= port <= last:
                yield Hit((*item.path, "words", number), f"port {port} is exposed: an SSH server in a container")


def port_invalid(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """EXPOSE of a port that does not exist, or of one of the host's (build check ExposeInvalidFormat)."""
    one = instruction_of(item)
    for number, word in enumerate(_texts(one.data.get("words")) if one and one.keyword == "EXPOSE" else ()):
        if _MAPPED.match(word):
            told = f"EXPOSE {word[:40]} names a port or address of the host, which is chosen when the container starts"
            yield Hit((*item.path, "words", number), told)
    for number, first, last in _ports(item):
        if max(first, last) > 65535 or first == 0:
            yield Hit(
                (*item.path, "words", number), f"port {first if first == last else f'{first}-{last}'} does not exist"
            )


def healthcheck_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The image that is shipped has no HEALTHCHECK of its own, nor a stage that it is built on."""
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    if stage.final and not any(
        one.keyword == "HEALTHCHECK" for part in lineage(found, stage) for one in part.instructions
    ):
        yield Hit(stage.path, "the final stage has no HEALTHCHECK")


def shell_form(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """ENTRYPOINT or CMD in shell form: a shell is process 1 and passes no signal on, unless it gives way by `exec`."""
    one = instruction_of(item)
    if one is None or one.keyword not in ("ENTRYPOINT", "CMD") or one.data.get("form") != "shell":
        return
    if not one.state.is_posix:
        return
    if one.script.strip() and not one.script.lstrip().startswith("exec "):
        yield Hit(
            item.path, f"{one.keyword} in shell form: /bin/sh is process 1, and SIGTERM does not reach the program"
        )


def cmd_ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """CMD beside an ENTRYPOINT in shell form, which takes no arguments (Dockerfile reference, ENTRYPOINT)."""
    stage, _ = of_item(item.resource, item.path)
    entry = next((o for o in reversed(stage.instructions) if o.keyword == "ENTRYPOINT"), None)
    last = next((o for o in reversed(stage.instructions) if o.keyword == "CMD"), None)
    if last is None or entry is None or entry.data.get("form") != "shell" or not entry.script.strip():
        return
    note = (Pointer("", entry.path), "in shell form, which ignores CMD")
    yield Hit(last.path, "CMD is never run: ENTRYPOINT is in shell form and takes no arguments", related=(note,))
