"""What BuildKit refuses of an instruction that was read: a missing argument, a flag that is not there, a bad name.

Sources: docs.docker.com, Dockerfile reference; BuildKit's packages `parser` and `instructions`, which the tests compare
with. Flags of the labs channel are accepted everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from re import compile as regex

from guardrail.formats.docker_lines import CONTINUED, Logical, content, keyword_end, words_of
from guardrail.formats.docker_record import Record

KEYWORDS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME "
    "WORKDIR".split()
)
"""Every instruction (Dockerfile reference, "Overview")."""

NO_INSTRUCTION, TOO_EARLY = " is no instruction", " stands before the first FROM"

FLAGS: Mapping[str, tuple[str, ...]] = {
    "ADD": ("keep-git-dir", "checksum", "chown", "chmod", "link", "exclude", "unpack"),
    "COPY": ("from", "chown", "chmod", "link", "parents", "exclude"),
    "FROM": ("platform",),
    "HEALTHCHECK": ("interval", "timeout", "start-period", "start-interval", "retries"),
    "RUN": ("mount", "network", "security", "device"),
}
"""The flags of each instruction that has some."""

_SWITCHES = frozenset({"link", "keep-git-dir", "parents", "unpack"})
_UNREAD = frozenset({"ARG", "MAINTAINER", "STOPSIGNAL"})
"""Instructions whose flags the builder does not look at."""

_SEVERAL = frozenset({"mount", "exclude", "device"})
_CHOICES = {"network": ("default", "none", "host"), "security": ("sandbox", "insecure")}
_MOUNTS = frozenset({"bind", "cache", "tmpfs", "secret", "ssh"})
_MOUNT_SWITCHES = frozenset({"readonly", "ro", "readwrite", "rw", "required"})
_MOUNT_KEYS = _MOUNT_SWITCHES | frozenset(
    "type from source src target dst destination id sharing mode uid gid size env".split()
)
_NAMED = frozenset({"id", "source", "src", "target", "dst", "destination", "env"})
_STAGE = regex(r"[a-z][a-z0-9._-]*\Z")
_DURATION = regex(r"[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)\Z")
_DIGITS = regex(r"[+-]?\d{1,9}\Z")
_MOST_FLAGS = 200
_LONGEST = 65_535
"""Bytes of a line that BuildKit's parser takes."""


def refusal(line: Logical, record: Record, staged: bool) -> str:
    """Why the builder refuses an instruction, or nothing; `staged` says whether there was a FROM before it."""
    keyword, value = str(record.data["keyword"]), str(record.data["value"])
    if keyword not in KEYWORDS:
        return keyword[:40] + NO_INSTRUCTION
    if not staged and keyword not in ("ARG", "FROM"):
        return keyword + TOO_EARLY
    if not value and not record.data.get("documents") and keyword not in ("CMD", "ENTRYPOINT", "RUN"):
        return f"{keyword} has no argument"
    if len(line.text) > _LONGEST and any(len(part) > _LONGEST for part in line.text.split("\n")):
        return f"a line longer than {_LONGEST:,} characters"
    open_ones = [heredoc.name for heredoc in line.heredocs if not heredoc.closed]
    if open_ones:
        return f"the here-document {open_ones[0][:40]} does not end"
    told = _flag(line, keyword) if "--" in line.text and keyword not in _UNREAD else ""
    return told or _READERS.get(keyword, _nothing)(record.data, value)


def _nothing(data: Mapping[str, object], value: str) -> str:
    return ""


def _flag(line: Logical, keyword: str) -> str:
    """What is wrong with the flags of an instruction."""
    known, seen = FLAGS.get(keyword, ()), set[str]()
    for word in _flag_words(line):
        name, equals, value = word[2:].partition("=")
        if name not in known:
            return f"{keyword} has no flag --{name[:40]}"
        if not equals and name not in _SWITCHES:
            return f"--{name} of {keyword} has no value"
        if name in seen and name not in _SEVERAL:
            return f"--{name} of {keyword} is given twice"
        if name in _SWITCHES and value.lower() not in ("", "true", "false"):
            return f"--{name} of {keyword} is true or false, not {value[:40]}"
        if name in _CHOICES and "$" not in value and value not in _CHOICES[name]:
            return f"--{name} of {keyword} is one of {', '.join(_CHOICES[name])}, not {value[:40]}"
        seen.add(name)
    return ""


def _flag_words(line: Logical) -> Iterator[str]:
    for count, (first, last) in enumerate(words_of(line.text, content(line.text, keyword_end(line.text)))):
        word = line.text[first:last].replace(CONTINUED, "")
        if not word.startswith("--") or word == "--" or count == _MOST_FLAGS:
            return
        yield word


def _from(data: Mapping[str, object], value: str) -> str:
    words = value.split()
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
        if len(words) > 1 and words[1].startswith("#"):
            return "FROM takes no comment behind the image: # begins one at the start of a line alone"
        return "FROM takes an image, or an image, AS and a name"
    if len(words) == 3 and not _STAGE.match(words[2].lower()):
        return f"{words[2][:40]} cannot be the name of a stage: letters, digits, dots, _ and -, a letter first"
    return ""


def _transfer(data: Mapping[str, object], value: str) -> str:
    if not data.get("sources"):
        return f"{data['keyword']} needs a source and a destination"
    if data.get("documents") and str(data.get("destination")).startswith("<<"):
        return f"{data['keyword']} has no destination behind its here-document"
    return _texts(data, value)


def _variables(data: Mapping[str, object], value: str) -> str:
    """ENV and LABEL: `name value` or `name=value …`; ARG: names, with or without a value."""
    listed = data.get("variables")
    pairs = [(str(v["name"]), "value" in v) for v in listed] if isinstance(listed, list) else []
    keyword = data["keyword"]
    if any(not name for name, _ in pairs):
        return f"{keyword} has a value without a name"
    bare = next((name for name, given in pairs if not given), "")
    if keyword != "ARG" and (bare or value.split() == [pairs[0][0]] if pairs else False):
        return f"{keyword} {(bare or pairs[0][0])[:40]} has no value"
    return ""


def _volume(data: Mapping[str, object], value: str) -> str:
    words = data.get("words")
    if isinstance(words, list) and (not words or any(not str(word).strip() for word in words)):
        return "VOLUME has no path"
    return _texts(data, value)


def _shell(data: Mapping[str, object], value: str) -> str:
    return "" if data.get("form") == "exec" and data.get("words") else "SHELL takes a JSON list of texts"


def _healthcheck(data: Mapping[str, object], value: str) -> str:
    check, words = str(data.get("check", "")), value.split()
    if check not in ("CMD", "NONE"):
        return f"HEALTHCHECK takes CMD or NONE, not {check[:40]}"
    if check == "NONE" and len(words) > 1:
        return "HEALTHCHECK NONE takes no argument"
    if check == "CMD" and (len(words) < 2 or data.get("exec") == []):
        return "HEALTHCHECK CMD has no command"
    flags = data.get("flags")
    for name, given in flags.items() if isinstance(flags, dict) and check == "CMD" else ():
        pattern = _DIGITS if name == "retries" else _DURATION
        if not pattern.match(str(given)):
            kind = "a number" if name == "retries" else "a duration such as 30s"
            return f"--{name}={str(given)[:40]} of HEALTHCHECK is not {kind}"
        if str(given).startswith("-") and str(given).strip("-0"):
            return f"--{name}={str(given)[:40]} of HEALTHCHECK is negative"
    return ""


def _onbuild(data: Mapping[str, object], value: str) -> str:
    inner = value.split(None, 1)[0].upper()
    return f"ONBUILD {inner} is not allowed" if inner in ("ONBUILD", "FROM", "MAINTAINER") else ""


def _run(data: Mapping[str, object], value: str) -> str:
    mounts = data.get("mounts")
    told = (_mount(str(mount)) for mount in (mounts if isinstance(mounts, list) else ()))
    return next((why for why in told if why), "") or _texts(data, value)


def _mount(mount: str) -> str:
    """What is wrong with a mount of RUN, as far as no variable stands in it."""
    if "$" in mount or '"' in mount:
        return ""
    options = {}
    for option in mount.split(",")[:_MOST_FLAGS]:
        key, equals, value = option.partition("=")
        name = key.lower()
        if name not in _MOUNT_KEYS or (not equals and name not in _MOUNT_SWITCHES):
            return f"--mount has no option {option[:40]}" if option else "--mount has an empty option"
        options[name] = value
    kind = options.get("type", "bind").lower()
    if kind not in _MOUNTS:
        return f"--mount has no type {kind[:40]}"
    if kind == "secret" and _NAMED.isdisjoint(options):
        return "--mount=type=secret names no secret: id is missing"
    return ""


def _texts(data: Mapping[str, object], value: str) -> str:
    """A JSON list that holds more than texts."""
    from json import loads

    if not (value.startswith("[") and value.endswith("]")) or len(value) > 10_000:
        return ""
    try:
        texts = all(isinstance(item, str) for item in loads(value))
    except (ValueError, RecursionError):
        return ""
    return "" if texts else f"{data['keyword']} is given a list of other things than texts"


_READERS: Mapping[str, Callable[[Mapping[str, object], str], str]] = {
    "ADD": _transfer,
    "ARG": _variables,
    "CMD": _texts,
    "COPY": _transfer,
    "ENTRYPOINT": _texts,
    "ENV": _variables,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _variables,
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "VOLUME": _volume,
}
