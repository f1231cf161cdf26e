"""Regular expressions: matches (cel-spec), find and findAll (Kubernetes), regex.* (cel-go ext)."""

from __future__ import annotations

from itertools import islice

from guardrail.cel.errors import CelError, CelLimit, Meter
from guardrail.cel.functions import Overload
from guardrail.cel.patterns import Match, Pattern, PatternError, compile_pattern
from guardrail.cel.values import MAX_SIZE, NONE, Optional


def _pattern(source: str) -> Pattern:
    try:
        return compile_pattern(source)
    except PatternError as error:
        raise CelError(str(error)) from None


def _matches(text: str, pattern: str) -> bool:
    return _pattern(pattern).search(text) is not None


def _find(text: str, pattern: str) -> str:
    found = _pattern(pattern).search(text)
    return (found.group() or "") if found else ""


def _find_all(meter: Meter, text: str, pattern: str, limit: int = -1) -> list[object]:
    matches = _go_matches(_pattern(pattern), text)
    found = list(islice(matches, limit)) if limit >= 0 else list(matches)
    meter.spend(len(found) >> 3)
    return [match.group() for match in found]


def _go_matches(pattern: Pattern, text: str) -> list[Match]:
    """All matches as Go and RE2 count them: none that is empty right behind another."""
    kept: list[Match] = []
    for match in pattern.all(text):
        if kept and match.start() == match.end() == kept[-1].end():
            continue
        kept.append(match)
    return kept


def _captured(pattern: Pattern, match: Match) -> str | None:
    return match.group(1) if pattern.groups else match.group()


def _single(source: str) -> Pattern:
    pattern = _pattern(source)
    if pattern.groups > 1:
        raise CelError("regular expression has more than one capturing group")
    return pattern


def _extract(text: str, source: str) -> Optional:
    pattern = _single(source)
    found = pattern.search(text)
    captured = None if found is None else _captured(pattern, found)
    return NONE if captured is None else Optional(captured)


def _extract_all(meter: Meter, text: str, source: str) -> list[object]:
    pattern = _single(source)
    found = _go_matches(pattern, text)
    meter.spend(len(found) >> 3)
    captured = [_captured(pattern, match) for match in found]
    return [part for part in captured if part or (part is not None and not pattern.groups)]


def _replace(meter: Meter, text: str, source: str, template: str, count: int = -1) -> str:
    pattern = _pattern(source)
    parts = _template(template, pattern.groups)
    out: list[str] = []
    last = size = 0
    matches = _go_matches(pattern, text) if count else []
    for match in matches if count < 0 else matches[:count]:
        piece = text[last : match.start()]
        piece += "".join((match.group(p) or "") if isinstance(p, int) else p for p in parts)
        size += len(piece)
        if size > MAX_SIZE:
            raise CelLimit(f"a string or list would grow beyond {MAX_SIZE:,}")
        out.append(piece)
        last = match.end()
    meter.spend(len(out) >> 3)
    return "".join(out) + text[last:]


def _template(template: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char != "\\":
            parts.append(char)
            at += 1
            continue
        following = template[at + 1 : at + 2]
        if following == "\\":
            parts.append("\\")
        elif following.isascii() and following.isdigit():
            if int(following) > groups:
                raise CelError(f"replacement names group {following}, there are only {groups}")
            parts.append(int(following))
        else:
            raise CelError("invalid replacement: a backslash must precede a digit or a backslash")
        at += 2
    return parts


_MATCHES = (Overload((str, str), _matches),)

OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "matches": _MATCHES,
    ".matches": _MATCHES,
    ".find": (Overload((str, str), _find),),
    ".findAll": (
        Overload((str, str), _find_all, metered=True),
        Overload((str, str, int), _find_all, metered=True),
    ),
    "regex.replace": (
        Overload((str, str, str), _replace, metered=True),
        Overload((str, str, str, int), _replace, metered=True),
    ),
    "regex.extract": (Overload((str, str), _extract),),
    "regex.extractAll": (Overload((str, str), _extract_all, metered=True),),
}
