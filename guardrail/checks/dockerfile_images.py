"""The images that Dockerfiles build on and copy from: how exactly they are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from re import compile as regex
from typing import Any

from guardrail.actions import images
from guardrail.checks.container_images import outside, parse
from guardrail.checks.dockerfile_run import at_command, executed
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, filled, lineage, of_item, sources, stages
from guardrail.views.image_lifecycle import official
from guardrail.views.items import Item

__all__ = ["elsewhere", "fixed_platform", "healthcheck_program", "moving", "user_there", "without_digest"]

_FETCHERS = frozenset({"curl", "wget"})
_NODE = regex(r"(?:1[4-9]|[2-9]\d)(?:\.|-|\Z)|lts|current")
"""Node.js from 14 on: the slim images of older ones were built on another image, which had curl."""

_LONGEST = 20_000
_UNKNOWN = regex(
    r"(?:apk|apt|apt-get|dpkg)\b[^;&|$<]{0,1000}[$<]|xargs|ansible"
    r"|(?:^|[;&|(]|RUN)\s{0,20}(?:\./|/[\w/.-]{1,200}\.sh|sh |bash |ash |\. |source |make\b)"
    r"|apt(?:-get)?\b(?![^;&|]{0,1000}--no-install-recommends)[^;&|]{0,1000}\binstall\b"
)
"""Scripts and lists of packages that nobody can look into, and packages that bring what they recommend."""

_OWN = {"nginx": ("nginx", "101"), "nginxinc/nginx-unprivileged": ("nginx", "101"), "node": ("node", "1000")}
"""The user, and the group of the same name, that an image brings with it, and the number of both."""

_CREATING = {"adduser": "user", "useradd": "user", "addgroup": "group", "groupadd": "group"}
_VALUED = frozenset(
    "-g -G -h -s -u -k -c -d -b -e -f -K -p -R -Z --gid --groups --home --home-dir --shell --uid --comment --base-dir "
    "--ingroup --gecos --password --key --skel".split()
)
"""Options of these programs that take a value (BusyBox and shadow-utils)."""

_PROGRAMS = regex(r"/(?:\Z|s?bin\b|usr(?:/local)?(?:/s?bin)?/?\Z|usr(?:/local)?/s?bin/)")


def _images(item: Item) -> Iterator[tuple[Path, str]]:
    """Every image that a stage names, as far as it is known, with its place; not scratch, nor stages before it."""
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    names = {other.name.lower() for other in found if other.name}
    if stage.base < 0 and stage.image and stage.image.lower() != "scratch":
        yield (*stage.path, "image"), stage.image
    for one in stage.instructions:
        for source in sources(one):
            image = filled(source, one.state.variables)
            if image and image.lower() not in names and not image.isdecimal():
                yield (*one.path, *(("flags", "from") if one.keyword == "COPY" else ("mounts",))), image


def exactness(image: str) -> str:
    """How exactly an image is named: `images.kind`, where `latest-alpine` moves, too."""
    kind = images.kind(image)
    tag = image.rpartition("/")[2].partition(":")[2]
    return images.MOVING if kind == images.TAG and tag.lower().startswith("latest-") else kind


def moving(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images without a tag, or with one that names another image after every push."""
    for path, image in _images(item):
        if exactness(image) == images.MOVING:
            tagged = ":" in image.rpartition("/")[2]
            why = "by a tag that moves" if tagged else "without a tag, which means latest"
            yield Hit(path, f"image {image} is named {why}")


def without_digest(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images named by a tag alone."""
    for path, image in _images(item):
        if exactness(image) == images.TAG:
            yield Hit(path, f"image {image} is named without its digest")


def elsewhere(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images from a place that `denied` names, or that `allowed`, if there are any, does not."""
    for path, text in _images(item):
        image = parse(text)
        if image and outside(image, arguments["allowed"], arguments["denied"]):
            yield Hit(path, f"image {text[:100]} comes from {image.host}")


def fixed_platform(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A platform written into FROM."""
    stage, _ = of_item(item.resource, item.path)
    flags = stage.data.get("flags")
    platform = flags.get("platform") if isinstance(flags, dict) else None
    if isinstance(platform, str) and platform and "$" not in platform:
        yield Hit((*stage.path, "flags", "platform"), f"the stage is {platform} whatever platform is built for")


def healthcheck_program(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A health check that asks by curl or wget where the image has none: told where its base image is known.

    Alpine has the wget of BusyBox and no curl; Debian and Ubuntu have neither, nor do the slim images on them; scratch
    and distroless have no program at all (docker-library/official-images, nodejs/docker-node and docker-library/python,
    Dockerfiles; GoogleContainerTools/distroless, README).
    """
    stage, _ = of_item(item.resource, item.path)
    found = executed(item, "curl", "wget", of=("HEALTHCHECK",))
    asking = [c for c in found if c.head.rpartition("/")[2] in _FETCHERS]
    around = list(lineage(stages(item.resource), stage))
    lacking = _lacking(around[-1].image or "") if asking else frozenset()
    if lacking.issuperset(c.head.rpartition("/")[2] for c in asking) and asking:
        program = asking[0].head.rpartition("/")[2]
        if not any(_may_bring(one, lacking) for part in around for one in part.instructions):
            told = f"image {around[-1].image} has no {program}, and nothing here installs it: the check never succeeds"
            yield at_command(item, asking[0], told)


def _lacking(image: str) -> frozenset[str]:
    """Of curl and wget, those that an image surely does not have."""
    name, tag = official(image)
    parts = tag.lower().split("-")
    if image.startswith("gcr.io/distroless/"):
        return frozenset() if "debug" in image else _FETCHERS
    if name == "alpine" or (name in ("node", "python") and any(p.startswith("alpine") for p in parts)):
        return frozenset({"curl"})
    slim = "slim" in parts and (name == "python" or (name == "node" and _NODE.match(tag)))
    return _FETCHERS if slim or name in ("debian", "ubuntu", "scratch") else frozenset()


def _may_bring(one: Instruction, programs: frozenset[str]) -> bool:
    """Whether an instruction installs or copies one of some programs, or something that cannot be looked into."""
    if one.keyword == "HEALTHCHECK":
        return False
    text = f"{one.keyword} {one.data.get('value', '')} {one.script}"
    if any(program in text for program in programs):
        return True
    if one.keyword == "RUN":
        return len(text) > _LONGEST or _UNKNOWN.search(text) is not None
    return one.keyword in ("COPY", "ADD") and _PROGRAMS.match(str(one.data.get("destination", ""))) is not None


def user_there(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A user or group that the base image has already, by its name or its number: creating it fails, and the build.

    nginx and node bring one each (nginx/docker-nginx and nodejs/docker-node, Dockerfiles). Debian's own adduser and
    addgroup are content with a system user that is there; BusyBox's, useradd and groupadd are not.
    """
    stage, _ = of_item(item.resource, item.path)
    around = list(lineage(stages(item.resource), stage))
    image = around[-1].image or ""
    name, tag = official(image)
    if not name and image.startswith("nginxinc/"):
        name, _, tag = image.partition(":")
    own = _OWN.get(name)
    if own is None or any(_may_remove(one) for part in around for one in part.instructions):
        return
    for command in executed(item, *_CREATING):
        kind = _CREATING.get(command.head)
        strict = "alpine" in tag or command.head in ("useradd", "groupadd")
        if not kind or not strict or command.masked or command.guard or {"-f", "--force", "-o"} & set(command.words):
            continue
        taken = _taken(command.words, kind, own)
        if taken:
            yield at_command(item, command, f"image {image} has {taken} already: {command.head} fails, and the build")
            return  # which ends there


def _taken(words: tuple[str, ...], kind: str, own: tuple[str, str]) -> str:
    """What a command asks for that is taken; nothing for one that puts a user into a group."""
    operands = [w for i, w in enumerate(words[1:], 1) if not w.startswith("-") and words[i - 1] not in _VALUED]
    if len(operands) != 1:
        return ""
    if operands[0] == own[0]:
        return f"a {kind} {own[0]}"
    option = ("-u", "--uid") if kind == "user" else ("-g", "--gid")
    numbers = [b for a, b in pairwise(words) if a in option]
    numbers += [w.partition("=")[2] for w in words if w.startswith(f"{option[1]}=")]
    return f"a {kind} with the number {own[1]}" if own[1] in numbers else ""


def _may_remove(one: Instruction) -> bool:
    text = one.script
    return "del" in text and any(word in text for word in ("deluser", "userdel", "delgroup", "groupdel"))
