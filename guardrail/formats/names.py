"""What files are by their names and first characters: asked of every file, so nothing is imported or compiled here."""

from __future__ import annotations

from posixpath import basename

MARKDOWN = (".md", ".markdown", ".mdx")
NATIVE = (".tf", ".tofu", ".tfvars")
JSON = (".tf.json", ".tofu.json", ".tfvars.json")
LOCK = ".terraform.lock.hcl"
MARK = '"format_version"'
"""What a plan begins with."""

TERRAFORM = "Terraform"
"""What the ledger says of a block of Terraform."""

DOCKERFILE = "Dockerfile"
"""What a Dockerfile is as the form of a document."""

_STEMS = ("dockerfile", "containerfile")
_OTHERS = frozenset(
    "adoc bat c cc cpp cs css diff dockerignore go h html ini java js json jsonc jsx kt lock log lua map md "
    "mdx mjs nanorc orig patch php pl ps1 py rb rej rs rst scala sh svg swift tf tmlanguage tmpreferences toml ts "
    "tsx txt vim vue xml yaml yml zip".split()
)
"""Endings of files about Dockerfiles, or about something else of that name."""


def is_terraform(name: str) -> bool:
    """Whether a file is Terraform's by its name."""
    return name.lower().endswith((*NATIVE, *JSON, LOCK))


def is_markdown(name: str) -> bool:
    """Whether a file is a Markdown document by its name."""
    return name.lower().endswith(MARKDOWN)


def split_name(name: str) -> tuple[str, str]:
    """The document and the name of a block in it, of the name a block goes by; the second is empty for a file."""
    for suffix in MARKDOWN:
        at = name.lower().find(f"{suffix}/")
        if at >= 0:
            return name[: at + len(suffix)], name[at + len(suffix) + 1 :]
    return name, ""


def looks_like_plan(start: str) -> bool:
    """Whether the first characters of a JSON text are those of a plan or state."""
    return MARK in start[:300] and start.lstrip().startswith("{")


def is_dockerfile(name: str) -> bool:
    """Whether a file is a Dockerfile by its name: `Dockerfile`, `Containerfile`, `api.Dockerfile`, `Dockerfile.dev`."""
    base = basename(name).lower()
    if base in _STEMS:
        return True
    stem, _, ending = base.rpartition(".")
    if ending in _STEMS:
        return bool(stem)
    if not base.startswith(_STEMS) or ending in _OTHERS:
        return False
    rest = base.removeprefix("dockerfile").removeprefix("containerfile")
    return rest[:1] in (".", "-", "_")
