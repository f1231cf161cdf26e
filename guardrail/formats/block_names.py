"""What a fenced block is, as its document tells: by the info string, a comment, the line above it, its content."""

from __future__ import annotations

from re import MULTILINE
from re import compile as regex
from typing import NamedTuple

PATH = (
    r"(?:\./|/)?(?P<path>(?:[\w.@-]+/)*[\w.@-]*\.(?:ya?ml|json|tfvars|tofu|tf|hcl)"
    r"|(?:[\w.@-]+/)*(?:[\w.-]*\.)?(?:Docker|Container)file(?:\.[\w-]+)?)"
)
"""A path to a file of a kind that guardrail reads."""

_WORD = r"(?:(?i:file(?:name)?|path)[ \t]*:[ \t]*)?"
_FIRST = regex(
    rf"[ \t]*(?:\#+|//|;|--|/\*|<!--)[ \t]*(?:[-=*]{{2,}}[ \t]*)?{_WORD}`?{PATH}`?"
    r"[ \t]*(?:[-=*]{2,}|\*/|-->)?(?::|[ \t]*(?:[-\u2013\u2014(,:][ \t]?\S.*))?[ \t]*\r?\Z"
)
MARK = regex(rf"^(?P<indent>[ \t]*)(?:\#|//)[ \t]*{_WORD}{PATH}:?[ \t]*\r?$", MULTILINE)
"""A comment that names the next file, within a block."""

_WHOLE = regex(rf"{_WORD}[*_`]*{PATH}\Z")
_QUOTED = regex(rf"`{PATH}`")
_TITLE = regex(r"""(?:title|file|filename|path|name)=["']?([^"'\s}]+)""")
_DIRECTIVE = regex(r"\{(?:code|code-block|sourcecode)\}[ \t]*(\S*)")
_CLASS = regex(r"[.=]([\w+-]+)")
_TERRAFORM = regex(
    r"^[ \t]*(?:resource|data|module|provider|terraform|variable|output|locals|moved|import|check|removed|ephemeral)"
    r"\b[^\n]*\{",
    MULTILINE,
)
FROM = regex(r"[ \t]*(?:FROM|ARG)[ \t]+\S")
"""What a Dockerfile begins with."""

_TOP = (regex(r"^[ \t]*apiVersion[ \t]*:", MULTILINE), regex(r"^[ \t]*kind[ \t]*:", MULTILINE))
_PIPELINE = (regex(r"^[ \t]*(?:on|[\"']on[\"'])[ \t]*:", MULTILINE), regex(r"^[ \t]*jobs[ \t]*:", MULTILINE))
_SLUG = regex(r"[^a-z0-9]+")
_LONGEST = 300
"""The longest line that is taken for a name."""

LANGUAGES = {
    "yaml": "yaml",
    "yml": "yaml",
    "kubernetes": "yaml",
    "k8s": "yaml",
    "docker-compose": "yaml",
    "compose": "yaml",
    "github-actions": "yaml",
    "json": "json",
    "hcl": "hcl",
    "terraform": "hcl",
    "tf": "hcl",
    "tfvars": "hcl",
    "tofu": "hcl",
    "opentofu": "hcl",
    "dockerfile": "dockerfile",
    "docker": "dockerfile",
    "containerfile": "dockerfile",
}
"""The first word of an info string, and what the block holds."""

_ENDINGS = {"yaml": ".yaml", "json": ".json", "hcl": ".tf"}
_NAMES = {"yaml": (".yaml", ".yml"), "json": (".json",), "hcl": (".tf", ".tofu", ".tfvars", ".hcl")}
_TAKEN = frozenset({"override"})
"""What a block without a name is not called after its heading: Terraform merges `override.tf` into other files."""


class Info(NamedTuple):
    """An info string: the language as written, lower case, and what it calls the file."""

    word: str
    title: str


def read_info(info: str) -> Info:
    """What an info string says: `yaml title="a.yml"`, `{.yaml}`, `yaml:a.yml`, `yaml a.yml`, `{code-block} yaml`."""
    directive = _DIRECTIVE.match(info)
    title = _TITLE.search(info)
    if directive:
        return Info(directive[1].lower(), title[1] if title else "")
    if info.startswith("{"):
        word = _CLASS.search(info)
        return Info(word[1].lower() if word else "", title[1] if title else "")
    first, _, rest = info.partition(" ")
    word_, _, path = first.partition("{")[0].partition(",")[0].partition(":")
    second = rest.strip().partition(" ")[0]
    return Info(word_.lower(), title[1] if title else path or (second if language_of(second) else ""))


def named_within(line: str) -> str:
    """The path that the first line of a block gives it, or nothing."""
    found = _FIRST.match(line) if len(line) <= _LONGEST else None
    return found["path"] if found else ""


def named_above(line: str) -> str:
    """The path that the line above a block gives it: nothing but a path, or the only one of a sentence with a colon."""
    if len(line) > _LONGEST:
        return ""
    whole = _WHOLE.match(line.removeprefix("<!--").removesuffix("-->").strip("#*_`: \t"))
    if whole:
        return whole["path"]
    quoted = _QUOTED.findall(line) if line.endswith(":") else []
    return quoted[0] if len(quoted) == 1 else ""


def language_of(path: str) -> str:
    """The language of a file by its name, or nothing."""
    last = path.rpartition("/")[2]
    if "Dockerfile" in last or "Containerfile" in last:
        return "dockerfile"
    return next((language for language, endings in _NAMES.items() if last.endswith(endings)), "")


def by_content(chunk: str) -> str:
    """The language of a block that says nothing of itself, or nothing."""
    start, end = first_line(chunk, ("#",))
    if chunk[start : start + 200].lstrip().startswith("{"):
        return "json" if '"apiVersion"' in chunk and '"kind"' in chunk else ""
    if all(mark.search(chunk) for mark in _TOP) or all(mark.search(chunk) for mark in _PIPELINE):
        return "yaml"
    if FROM.match(chunk, start, end):
        return "dockerfile"
    return "hcl" if _TERRAFORM.match(chunk, start, end) else ""


def has_terraform(chunk: str) -> bool:
    """Whether a text has a block of Terraform's: other tools write HCL, too."""
    return _TERRAFORM.search(chunk) is not None


def called(heading: str, language: str) -> str:
    """What a block without a name goes by: the heading it stands under, which lasts longer than its number."""
    if language == "dockerfile":
        return "Dockerfile"
    slug = _SLUG.sub("-", heading.lower()).strip("-")[:60].strip("-")
    return (slug if slug and slug not in _TAKEN else "block") + _ENDINGS.get(language, "")


def first_line(chunk: str, but: tuple[str, ...] = ()) -> tuple[int, int]:
    """Bounds of the first line with content that is no document marker, nor begins with one of some texts."""
    start = 0
    while start < len(chunk):
        end = chunk.find("\n", start)
        end = len(chunk) if end < 0 else end
        words = chunk[start:end].strip().lstrip("\ufeff")
        if words and words != "---" and not (but and words.startswith(but)):
            return start, end
        start = end + 1
    return len(chunk), len(chunk)
