"""String functions of Terraform's documentation, "String Functions". What may have holes says so."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.hcl.functions import holes
from guardrail.hcl.functions.clusters import clusters
from guardrail.hcl.functions.limits import Open, size
from guardrail.hcl.functions.signature import Signature, holed, items, loose, text, whole
from guardrail.hcl.values import EvaluationError, combine
from guardrail.model.value import UnknownValue

Text = str | UnknownValue

_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space as Unicode has it, which is what Go trims; Python would take off \\x1c to \\x1f as well."""


def chomp(value: str) -> str:
    """Without newline characters at the end."""
    return value.rstrip("\r\n")


def endswith(value: Text, suffix: str) -> object:
    """Whether a text ends so; of one with holes, when its end tells."""
    known = holes.trail(value)
    if isinstance(value, str) or known.endswith(suffix):
        return known.endswith(suffix)
    return combine([value]) if suffix.endswith(known) else False


def startswith(value: Text, prefix: str) -> object:
    """Whether a text begins so; of one with holes, when its beginning tells."""
    known = holes.lead(value)
    if isinstance(value, str) or known.startswith(prefix):
        return known.startswith(prefix)
    return combine([value]) if prefix.startswith(known) else False


def strcontains(value: Text, part: str) -> object:
    """Whether a text has another in it; of one with holes, when a known part has."""
    if any(isinstance(p, str) and part in p for p in holes.parts(value)):
        return True
    return combine([value]) if isinstance(value, UnknownValue) else False


def indent(spaces: int, value: Text) -> object:
    """Spaces after every newline; holes stay as they are, though their lines would be indented."""
    if spaces < 0:
        raise EvaluationError("the number of spaces must not be negative")
    size(spaces)
    if isinstance(value, str):
        size(len(value) + value.count("\n") * spaces)
    padding = "\n" + " " * spaces
    if isinstance(value, UnknownValue):
        return holes.mapped(value, lambda part: part.replace("\n", padding))
    return value.replace("\n", padding)


def join(separator: str, *lists: list[object]) -> object:
    """Strings of lists with a separator between; unknown elements are holes, any number of them one hole."""
    pieces: list[object] = []
    for element in (e for each in lists for e in each):
        if element is None:
            raise EvaluationError("an element is null, which no text can be made of")
        if pieces:
            pieces.append(separator)
        pieces.append(element)
    size(sum(len(p) for p in pieces if isinstance(p, str)))
    if any(isinstance(p, UnknownValue) and p.many for p in pieces):
        return _joined(separator, [e for each in lists for e in each])
    return holes.build(pieces)


def _joined(separator: str, elements: list[object]) -> object:
    """What is before and after elements of which nobody knows how many there are, perhaps none."""
    several = [i for i, e in enumerate(elements) if isinstance(e, UnknownValue) and e.many]
    before = [p for e in elements[: several[0]] for p in (e, separator)]
    after = [p for e in elements[several[-1] + 1 :] for p in (separator, e)][1:]
    if not after:
        before = before[:-1]
    middle = combine(e for e in elements if isinstance(e, UnknownValue))
    return holes.build([*before, middle, *after], alone=False)


def lower(value: Text) -> object:
    """Lower case, letter by letter; holes stay holes."""
    return holes.mapped(value, _lower) if isinstance(value, UnknownValue) else _lower(value)


def upper(value: Text) -> object:
    """Upper case, letter by letter (a sharp s stays one, as in Go); holes stay holes."""
    return holes.mapped(value, _upper) if isinstance(value, UnknownValue) else _upper(value)


def _lower(value: str) -> str:
    return value.lower() if value.isascii() else "".join(c.lower()[:1] for c in value)


def _upper(value: str) -> str:
    if value.isascii():
        return value.upper()
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in value)


def title(value: str) -> str:
    """The first letter of each word in upper case; letters, digits and underscores make words (Go's strings.Title)."""
    made: list[str] = []
    inside = False
    for c in value:
        made.append(c if inside else c.title() if len(c.title()) == 1 else c)
        inside = c.isalnum() or c == "_" if c.isascii() else c.isalnum() or not c.isspace()
    return "".join(made)


def replace(value: Text, old: str, new: Text) -> object:
    """Every occurrence replaced; `/.../` is a regular expression. Of a text with holes nothing can be told, but a
    replacement with holes is put in."""
    if isinstance(value, UnknownValue):
        raise Open(combine([value]))
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        if isinstance(new, UnknownValue):
            raise Open(combine([new]))
        from guardrail.hcl.functions import patterns

        return patterns.substitute(old[1:-1], value, new)
    count = value.count(old)
    if isinstance(new, str):
        size(len(value) + count * (len(new) - len(old)))
        return value.replace(old, new)
    if not old:
        raise Open(combine([new]))
    pieces = value.split(old)
    return holes.build([p for piece in pieces for p in (new, piece)][1:])


def split(separator: str, value: str) -> list[object]:
    """Parts between separators; without a separator its characters."""
    if separator:
        return list(value.split(separator))
    return list(value)


def strrev(value: str) -> str:
    """Characters, as a reader sees them, in reverse."""
    return "".join(reversed(clusters(value)))


def substr(value: str, offset: int, length: int) -> str:
    """Characters from an offset, from the end where it is negative; a negative length means all that follow."""
    found = clusters(value)
    if offset < 0:
        offset = max(len(found) + offset, 0)
    return "".join(found[offset:] if length < 0 else found[offset : offset + length])


def trim(value: str, characters: str) -> str:
    """Without given characters at both ends."""
    return value.strip(characters) if characters else value


def trimspace(value: str) -> str:
    """Without white space at both ends."""
    return value.strip(_SPACE)


def trimprefix(value: Text, prefix: str) -> object:
    """Without a beginning, if it is there; of a text with holes, when its beginning tells."""
    if isinstance(value, str):
        return value.removeprefix(prefix)
    if not prefix:
        return value
    there = startswith(value, prefix)
    if isinstance(there, UnknownValue):
        raise Open(there)
    return holes.build([holes.lead(value)[len(prefix) :], *holes.parts(value)[1:]]) if there else value


def trimsuffix(value: Text, suffix: str) -> object:
    """Without an end, if it is there; of a text with holes, when its end tells."""
    if isinstance(value, str):
        return value.removesuffix(suffix)
    there = endswith(value, suffix)
    if isinstance(there, UnknownValue):
        raise Open(there)
    if not there or not suffix:
        return value
    return holes.build([*holes.parts(value)[:-1], holes.trail(value)[: -len(suffix)]])


def regex(pattern: str, value: str) -> object:
    """The first match: its text, its groups as a list, or as a map where they have names."""
    from guardrail.hcl.functions import patterns  # late: few configurations need it

    found = patterns.search(pattern, value)
    if found is None:
        raise EvaluationError("the pattern does not match")
    return found


def regexall(pattern: str, value: str) -> list[object]:
    """Every match, as `regex` gives it."""
    from guardrail.hcl.functions import patterns

    return patterns.find(pattern, value)


FUNCTIONS: Mapping[str, Signature] = {
    "chomp": Signature(chomp, (text,)),
    "endswith": Signature(endswith, (holed, text)),
    "indent": Signature(indent, (whole, holed)),
    "join": Signature(join, (text,), items, needed=2),
    "lower": Signature(lower, (holed,)),
    "regex": Signature(regex, (text, text)),
    "regexall": Signature(regexall, (text, text)),
    "replace": Signature(replace, (loose, text, loose)),
    "split": Signature(split, (text, text)),
    "startswith": Signature(startswith, (holed, text)),
    "strcontains": Signature(strcontains, (holed, text)),
    "strrev": Signature(strrev, (text,)),
    "substr": Signature(substr, (text, whole, whole)),
    "title": Signature(title, (text,)),
    "trim": Signature(trim, (text, text)),
    "trimprefix": Signature(trimprefix, (holed, text)),
    "trimspace": Signature(trimspace, (text,)),
    "trimsuffix": Signature(trimsuffix, (holed, text)),
    "upper": Signature(upper, (holed,)),
}
