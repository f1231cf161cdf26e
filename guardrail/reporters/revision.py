"""The address of the scanned repository, fit to be published."""

from __future__ import annotations

import re

_SHORT = re.compile(r"(?:[\w.-]+@)?([A-Za-z0-9.-]+):(?!/)([\w.~/-]+)", re.ASCII)
_LONG = re.compile(r"(https?|ssh|git)://(?:[^@/\s]*@)?([A-Za-z0-9.:-]+/[\w.~%/-]+)", re.ASCII)


def repository(address: str) -> str:
    """A repository's URI: `git@host:owner/name.git` made one, user names and tokens taken out; or
    nothing.
    """
    short = _SHORT.fullmatch(address)
    long = _LONG.fullmatch(f"https://{short[1]}/{short[2]}" if short else address)
    return f"{long[1]}://{long[2].removesuffix('.git').rstrip('/')}" if long else ""
