"""Functions of file names that look at no file, by Terraform's documentation, "Filesystem Functions"."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.signature import Signature, text


def dirname(path: str) -> str:
    """A path without its last part, "." where there is no other."""
    return posixpath.normpath(path.rpartition("/")[0] + "/").replace("//", "/") if "/" in path else "."


def basename(path: str) -> str:
    """The last part of a path, "." of an empty one."""
    trimmed = path.rstrip("/")
    return trimmed.rpartition("/")[2] or ("/" if path else ".")


def pathexpand(path: str) -> str:
    """A path that does not begin with the home folder, as it is."""
    if path.startswith("~"):
        raise Open("the home folder")
    return path


def abspath(path: str) -> str:
    """A path that begins at the root, cleaned; others hang on where Terraform is run."""
    if not path.startswith("/"):
        raise Open("the working folder")
    return posixpath.normpath(path).replace("//", "/")


FUNCTIONS: Mapping[str, Signature] = {
    "abspath": Signature(abspath, (text,)),
    "basename": Signature(basename, (text,)),
    "dirname": Signature(dirname, (text,)),
    "pathexpand": Signature(pathexpand, (text,)),
}
