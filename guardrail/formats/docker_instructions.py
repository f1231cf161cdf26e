"""An instruction of a Dockerfile as plain data with positions: flags, shell and exec form, variables, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from json import JSONDecodeError
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.docker_lines import CONTINUED, Heredoc, Logical, content, keyword_end, unquoted, words_of
from guardrail.formats.docker_record import Pair, Record
from guardrail.formats.docker_refusals import FLAGS

_MOST_WORDS = 5_000
_FLAG = regex(r"--([A-Za-z][\w-]*)(?:=|\Z)")
_STRINGS = regex(r'\[\s*(?:"(?:[^"\\]|\\.)*"\s*(?:,\s*"(?:[^"\\]|\\.)*"\s*)*)?\]\s*\Z')
_STRING = regex(r'"(?:[^"\\]|\\.)*"')
_WORD = regex(r"(?!\\\n)[^ \t\v\f\r\n](?:(?!\\\n)[^ \t\v\f\r\n]|\\\n(?![ \t\v\f\r]|\\\n|\Z))*")
_COMMAND = regex(r"[\w./:@+-]{1,60}\Z")


class Rest(NamedTuple):
    """What is left of an instruction to be read: from offset `at` of its text, which starts at `base` in the file."""

    text: str
    at: int
    base: int
    heredocs: tuple[Heredoc, ...]
    escape: str = "\\"

    @property
    def end(self) -> int:
        """Where the text ends in the file."""
        return self.base + len(self.text)

    @property
    def start(self) -> int:
        """Where the rest starts in the file."""
        return self.base + self.at

    @property
    def value(self) -> str:
        """The rest as one line."""
        return self.text[self.at :].replace(CONTINUED, "").strip()

    def words(self) -> list[Pair]:
        """The words of the rest with their offsets in the file; at most _MOST_WORDS."""
        found: list[Pair] = []
        for first, last in words_of(self.text, self.at, escape=self.escape):
            found.append((self.text[first:last].replace(CONTINUED, ""), self.base + first, self.base + last))
            if len(found) == _MOST_WORDS:
                break
        return found

    def behind(self, offset: int) -> Rest:
        """The rest behind an offset in the file, without the blanks that follow it."""
        return self._replace(at=content(self.text, offset - self.base))


def instruction(line: Logical, source: str, escape: str) -> Record:
    """The data of an instruction, whatever it is; `source` is the text of the whole file."""
    last = keyword_end(line.text)
    record = Record(line.start, line.end)
    written = line.text[content(line.text, 0) : last].replace(CONTINUED, "")
    keyword = written.upper()
    rest = Rest(line.text, content(line.text, last), line.start, line.heredocs, escape)
    # The text comes first in the places, so that the instruction as a whole is shown by its first line.
    record.put("value", "", rest.start, line.end)
    record.put("keyword", keyword, line.start, line.start + last)
    if written != keyword:
        record.put("written", written, line.start, line.start + last)
    if line.gap:
        record.put("gap", True, line.start, line.start + last)
    rest = _flags(record, rest) if keyword in FLAGS else rest
    record.data["value"] = rest.value
    if line.heredocs:
        _documents(record, line.heredocs, source)
    _READERS.get(keyword, _nothing)(record, rest, source)
    record.put("id", _identity(record.data), line.start, line.start + last)
    return record


def _flags(record: Record, rest: Rest) -> Rest:
    """Read `--name=value` words; all that `--mount` says, which may stand several times, is a list, too."""
    flags: Record | None = None
    behind = rest.start
    many: dict[str, list[Pair]] = {}
    for first, last in words_of(rest.text, rest.at):
        word, start, end = rest.text[first:last].replace(CONTINUED, ""), rest.base + first, rest.base + last
        named = _FLAG.match(word)
        behind = end if word == "--" else behind
        if named is None:
            break
        flags = flags or Record(start, end)
        value = unquoted(word[named.end() :], rest.escape) if "=" in word else "true"
        flags.put(named[1], value, start, end)
        flags.node.end = end
        many.setdefault(named[1], []).append((value, start, end))
        behind = end
    if flags is not None:
        record.hold("flags", flags.data, flags.node, flags.node.start, flags.node.end)
        if "mount" in many:
            record.texts("mounts", many["mount"], many["mount"][0][1], many["mount"][-1][2])
    return rest.behind(behind)


def _documents(record: Record, heredocs: tuple[Heredoc, ...], source: str) -> None:
    found: list[Record] = []
    for heredoc in heredocs:
        one = Record(heredoc.mark[0], heredoc.line_end)
        one.put("name", heredoc.name, *heredoc.mark)
        one.put("value", source[heredoc.start : heredoc.end], heredoc.start, heredoc.end)
        one.put("expand", heredoc.expand, *heredoc.mark)
        one.put("closed", heredoc.closed, *heredoc.mark)
        found.append(one)
    record.records("documents", found, heredocs[0].mark[0], heredocs[-1].line_end)


def _nothing(record: Record, rest: Rest, source: str) -> None:
    """An instruction of which only its text is wanted."""


def _from(record: Record, rest: Rest, source: str) -> None:
    words = rest.words()
    if words:
        record.put("image", *words[0])
    if len(words) >= 3 and words[1][0].upper() == "AS":
        record.put("name", words[2][0], words[2][1], words[2][2])
        record.put("as", words[1][0], words[1][1], words[1][2])


def _strings(rest: Rest) -> list[Pair] | None:
    """The items of a JSON list of texts with their offsets; None where the rest is none: then it is shell form."""
    from json import loads

    text = rest.text[rest.at :].replace(CONTINUED, "  ")
    if not text.startswith("[") or not _STRINGS.match(text):
        return None
    matches = list(_STRING.finditer(text))
    try:
        values = [str(loads(match[0])) for match in matches]
    except JSONDecodeError:
        return None
    return [(v, rest.start + m.start(), rest.start + m.end()) for v, m in zip(values, matches, strict=True)]


def _command(record: Record, rest: Rest, source: str) -> None:
    """RUN, CMD, ENTRYPOINT and what follows HEALTHCHECK CMD: a script for the shell, or a list of words."""
    listed = _strings(rest)
    if listed is not None:
        record.put("form", "exec", rest.start, rest.end)
        record.texts("exec", listed, rest.start, rest.end)
        return
    record.put("form", "shell", rest.start, rest.end)
    end = rest.heredocs[-1].line_end if rest.heredocs else rest.end
    record.put("script", _script(rest, source, end), rest.start, end)


def _script(rest: Rest, source: str, end: int) -> str:
    """The script that the shell is given, as long as it is in the file.

    A here-document alone is the script; one that starts with `#!` runs in what that line names, and is no script of
    ours (Dockerfile reference, "Here-documents").
    """
    script = rest.text[rest.at :] + source[rest.end : end]
    alone = rest.heredocs[0] if rest.heredocs else None
    if alone is None or rest.value != source[alone.mark[0] : alone.mark[1]] or len(rest.heredocs) > 1:
        return script
    body = source[alone.start : min(alone.end, end)]
    if body.startswith("#!") and not regex(r"#!\s*\S*/(?:env +)?(?:ba|da|k|z|a)?sh\b").match(body):
        return " " * len(script)
    before = alone.start - rest.start
    return " " * max(before - 1, 0) + "\n" * (before > 0) + body + " " * (len(script) - before - len(body))


def _healthcheck(record: Record, rest: Rest, source: str) -> None:
    words = rest.words()
    if words and words[0][0].upper() == "CMD":
        record.put("check", "CMD", words[0][1], words[0][2])
        _command(record, rest.behind(words[0][2]), source)
    elif words:
        record.put("check", words[0][0].upper(), words[0][1], words[0][2])


def _variables(record: Record, rest: Rest, source: str) -> None:
    """ENV, LABEL and ARG: `name=value …`; of ENV and LABEL also `name value`, of ARG a name alone."""
    words = rest.words()
    found: list[Record] = []
    keyword = record.data["keyword"]
    if words and "=" not in words[0][0] and keyword != "ARG":
        one = Record(words[0][1], rest.end)
        one.put("name", *words[0])
        behind = rest.behind(words[0][2])
        one.put("value", behind.value, behind.start, rest.end)
        found.append(one)
        words = []
    for word, start, end in words:
        name, equals, value = word.partition("=")
        one = Record(start, end)
        one.put("name", unquoted(name, rest.escape), start, start + len(name))
        if equals:
            one.put("value", unquoted(value, rest.escape), start + len(name) + 1, end)
        found.append(one)
    record.records("variables", found, rest.start, rest.end)


def _transfer(record: Record, rest: Rest, source: str) -> None:
    """ADD and COPY: sources and a destination, apart by blanks, whatever quotes there are."""
    listed = _strings(rest)
    if listed is None:
        found = islice(_WORD.finditer(rest.text, rest.at), _MOST_WORDS)
        listed = [
            (unquoted(m[0].replace(CONTINUED, ""), rest.escape), rest.base + m.start(), rest.base + m.end())
            for m in found
        ]
    if listed:
        sources = listed[:-1]
        record.texts("sources", sources, listed[0][1], (sources or listed)[-1][2])
        record.put("destination", *listed[-1])


def _listed(record: Record, rest: Rest, source: str) -> None:
    """EXPOSE, VOLUME and SHELL: a list, as JSON or as words."""
    exec_form = _strings(rest)
    record.put("form", "exec" if exec_form is not None else "shell", rest.start, rest.end)
    record.texts("words", exec_form if exec_form is not None else rest.words(), rest.start, rest.end)


def _one(record: Record, rest: Rest, source: str) -> None:
    """USER, WORKDIR and STOPSIGNAL: one value."""
    record.put("argument", unquoted(rest.value, rest.escape), rest.start, rest.end)


def _onbuild(record: Record, rest: Rest, source: str) -> None:
    inside = rest.text[rest.at : keyword_end(rest.text[rest.at : rest.at + 40]) + rest.at].upper()
    if inside and inside != "ONBUILD":  # which the builder refuses
        inner = instruction(Logical(rest.start, rest.end, rest.text[rest.at :], rest.heredocs), source, rest.escape)
        record.hold("trigger", inner.data, inner.node, rest.start, rest.end)


_READERS: Mapping[str, Callable[[Record, Rest, str], None]] = {
    "FROM": _from,
    "RUN": _command,
    "CMD": _command,
    "ENTRYPOINT": _command,
    "HEALTHCHECK": _healthcheck,
    "ENV": _variables,
    "LABEL": _variables,
    "ARG": _variables,
    "ADD": _transfer,
    "COPY": _transfer,
    "EXPOSE": _listed,
    "VOLUME": _listed,
    "SHELL": _listed,
    "USER": _one,
    "WORKDIR": _one,
    "STOPSIGNAL": _one,
    "ONBUILD": _onbuild,
}


def _identity(data: Mapping[str, object]) -> str:
    """What tells an instruction from the others of its stage when lines move: never a value, which may be secret."""
    keyword = str(data["keyword"])
    variables = data.get("variables")
    if isinstance(variables, list) and variables:
        return f"{keyword} {variables[0]['name']}"[:80]
    told = data.get("destination") or str(data["value"]).partition(" ")[0]
    return f"{keyword} {told}" if isinstance(told, str) and _COMMAND.match(told) else keyword
