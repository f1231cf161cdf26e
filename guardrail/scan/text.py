"""A file's text, or why it has none."""

from __future__ import annotations

import os
import stat
import sys
from functools import lru_cache
from typing import NamedTuple, TextIO

from guardrail.scan.discover import Input

MAX_BYTES = 16 * 1024 * 1024
"""Larger files are not read: no manifest a person edits comes near."""

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class NoText(NamedTuple):
    """Why a file could not be read as text; `line` where it is known."""

    code: str
    message: str
    line: int = 1


def load(source: Input) -> str | NoText:
    """The text of an input, byte-order mark removed."""
    try:
        raw = _bytes(source)
    except OSError as error:
        return NoText("unreadable", f"cannot be read: {error.strerror or error}")
    if raw is None:
        return NoText(
            "unreadable",
            "is not a regular file; pipe what a command writes into `guardrail scan -`",
        )
    if len(raw) > MAX_BYTES:
        return NoText("too-large", f"is larger than {MAX_BYTES // 1024 // 1024} MiB and was not read")
    encoding = "utf-8"
    for mark, name in _BOMS:
        if raw.startswith(mark):
            raw, encoding = raw[len(mark) :], name
            break
    if encoding == "utf-8" and b"\0" in raw:
        return NoText("binary", "is binary, not text")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return NoText("unreadable", f"is not {encoding.upper()} text", line)


def text_of(file: str) -> str:
    """The text of a file; empty where it has none that can be read."""
    text = load(Input(file, file))
    return text if isinstance(text, str) else ""


def _bytes(source: Input) -> bytes | None:
    """At most one byte more than the limit; None for a device, pipe or socket."""
    if not source.file:
        return _standard_input(sys.stdin)
    mode = os.stat(source.file).st_mode
    if stat.S_ISDIR(mode):
        os.scandir(source.file).close()  # a folder is an input where it could not be listed: say why
    if not stat.S_ISREG(mode):
        return None
    with open(source.file, "rb") as handle:
        return handle.read(MAX_BYTES + 1)


@lru_cache(maxsize=1)
def _standard_input(stream: TextIO | None) -> bytes:
    """What stands on standard input, which can be read only once; empty when it is closed."""
    return b"" if stream is None else stream.buffer.read(MAX_BYTES + 1)
