"""EC2 instances, launch templates and their disks: metadata options and encryption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.hcl.values import combine
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item

__all__ = ["disks_unencrypted", "metadata_without_token"]

_INSTANCES = ("aws_instance", "aws_spot_instance_request")
_IMAGES_THAT_REQUIRE = ("al2023", "amazon-linux-2023")
"""In names of images that are registered with IMDSv2 support and so require it unless somebody says otherwise
(Amazon Linux 2023 User Guide, "IMDSv2"; EC2 User Guide, "Order of precedence for instance metadata options")."""


def metadata_without_token(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Machines whose metadata service answers without a token.

    Bound beside the object: `defaults` (the account's metadata defaults), `images` and `templateImages` (what the
    image is looked up by).
    """
    data = item.bindings["object"]
    assert isinstance(data, dict)
    blocks = data.get("metadata_options")
    if isinstance(blocks, UnknownValue):
        yield Undecided((*item.path, "metadata_options"), blocks.reason, blocks.questions)
    elif not blocks:
        # what a launch template says, an instance takes over
        if not data.get("launch_template"):
            yield from _silent(item, (*item.path, "metadata_options"))
    else:
        for index, block in enumerate(blocks):
            yield from _options(item, (*item.path, "metadata_options", index), block)


def _options(item: Item, path: Path, block: object) -> Iterator[Hit | Undecided]:
    known = block.known if isinstance(block, UnknownValue) else block
    if not isinstance(known, dict):
        return
    tokens, endpoint = known.get("http_tokens"), known.get("http_endpoint", "enabled")
    if endpoint == "disabled" or tokens == "required":
        return
    unknown = [v for v in (tokens, endpoint, block) if isinstance(v, UnknownValue)]
    if unknown:
        doubt = combine(unknown)
        yield Undecided((*path, "http_tokens"), doubt.reason, doubt.questions)
    elif tokens is None:
        yield from _silent(item, (*path, "http_tokens"))
    else:
        yield Hit((*path, "http_tokens"), f'http_tokens is "{tokens}": set it to "required"')


def _silent(item: Item, path: Path) -> Iterator[Hit | Undecided]:
    """Nothing is said: the account's default and the image decide, else version 1 is open."""
    defaults = _listed(item.bindings.get("defaults"))
    if any(isinstance(d, dict) and d.get("http_tokens") == "required" for d in defaults):
        return
    images = [*_listed(item.bindings.get("images")), *_listed(item.bindings.get("templateImages"))]
    if any(_requires(image) for image in images):
        return
    unknown = [v for d in defaults for v in (d, d.get("http_tokens") if isinstance(d, dict) else None)]
    doubts = [v for v in unknown if isinstance(v, UnknownValue)]
    if doubts:
        doubt = combine(doubts)
        yield Undecided(path, doubt.reason, doubt.questions)
        return
    # which image an input names is not known, no more than what a literal id stands for
    yield Hit(path, 'version 1 is open by default: add metadata_options with http_tokens = "required"', missing=True)


def _requires(image: object) -> bool:
    """Whether an image is looked up by a name that all images which require version 2 have."""
    if not isinstance(image, dict):
        return False
    names = [image.get("name"), image.get("name_regex")]
    for entry in _listed(image.get("filter")):
        if isinstance(entry, dict) and entry.get("name") == "name":
            names.extend(_listed(entry.get("values")))
    texts = [n.lower() for n in names if isinstance(n, str)]
    return bool(texts) and all(any(part in text for part in _IMAGES_THAT_REQUIRE) for text in texts)


def disks_unencrypted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Disks that are not encrypted; those made from a snapshot take over its encryption."""
    kind = item.resource.kind
    data = item.bindings["object"]
    assert isinstance(data, dict)
    if kind == "aws_ebs_volume":
        if "snapshot_id" not in data:
            yield from _disk(item.path, data)
        return
    if kind == "aws_launch_template":
        for path, mapping in _blocks(item.path, data, "block_device_mappings"):
            yield from _disks(path, mapping, "ebs")
        return
    if not data.get("root_block_device") and not data.get("launch_template"):
        message = "the root disk is not encrypted: add root_block_device with encrypted = true"
        yield Hit((*item.path, "root_block_device"), message, missing=True)
    yield from _disks(item.path, data, "root_block_device")
    yield from _disks(item.path, data, "ebs_block_device")


def _disks(path: Path, data: Mapping[str, object], name: str) -> Iterator[Hit | Undecided]:
    for place, block in _blocks(path, data, name):
        if "snapshot_id" not in block and block.get("no_device") not in (True, "true"):
            yield from _disk(place, block)


def _disk(path: Path, disk: Mapping[str, object]) -> Iterator[Hit | Undecided]:
    path, value = (*path, "encrypted"), disk.get("encrypted", False)
    if isinstance(value, UnknownValue):
        yield Undecided(path, value.reason, value.questions)
    elif value not in (True, "true"):
        yield Hit(path, "the disk is not encrypted: set encrypted = true", missing="encrypted" not in disk)


def _blocks(path: Path, data: Mapping[str, object], name: str) -> Iterator[tuple[Path, dict[str, object]]]:
    """Nested blocks with their paths; of one that may be there, what is known."""
    for index, block in enumerate(_listed(data.get(name))):
        known = block.known if isinstance(block, UnknownValue) else block
        if isinstance(known, dict):
            yield (*path, name, index), known


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
