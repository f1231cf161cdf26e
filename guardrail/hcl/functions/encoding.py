"""Encodings, by Terraform's documentation, "Encoding Functions", and OpenTofu's base64gunzip and urldecode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from guardrail.hcl.functions.json_text import jsondecode
from guardrail.hcl.functions.limits import MOST_TEXT, Open, limit, size
from guardrail.hcl.functions.signature import Signature, anything, text
from guardrail.hcl.values import EvaluationError

_CODECS = {"utf-8", "utf-16le", "utf-16be", "us-ascii"}


def _bytes(written: str) -> bytes:
    from base64 import b64decode

    size(len(written))
    try:
        return b64decode(written.replace("\r", "").replace("\n", "").encode("ascii"), validate=True)
    except ValueError:
        raise EvaluationError("not base64") from None


def base64decode(written: str) -> str:
    """The text of base64; what is no UTF-8 is refused."""
    try:
        return _bytes(written).decode("utf-8")
    except UnicodeDecodeError:
        raise EvaluationError("what is encoded is no UTF-8 text") from None


def base64encode(value: str) -> str:
    """Text in base64."""
    from base64 import b64encode

    size(len(value))
    return b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii")


def base64gzip(_: str) -> str:
    """Compressed text: its bytes hang on the library that compresses."""
    raise Open("how text is compressed")


def base64gunzip(written: str) -> str:
    """The text of compressed base64 (OpenTofu)."""
    import zlib

    machine = zlib.decompressobj(wbits=31)
    try:
        found = machine.decompress(_bytes(written), MOST_TEXT * 4)
        if machine.unconsumed_tail:
            raise Open("a text too large to be worked out")
        return found.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        raise EvaluationError("not gzip of UTF-8 text") from None


def csvdecode(written: str) -> list[object]:
    """Lines of comma-separated values as maps by the names of the first line."""
    size(len(written))
    lines = list(_records(written.replace("\r\n", "\n")))
    if not lines:
        raise EvaluationError("there is no line with names")
    names = lines[0]
    if len(set(names)) != len(names):
        raise EvaluationError("a name is given twice")
    if any(len(line) != len(names) for line in lines):
        raise EvaluationError("a line has not as many values as there are names")
    limit(len(lines) * len(names))
    return [dict(zip(names, line, strict=True)) for line in lines[1:]]


_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|\Z)')


def _records(written: str) -> Iterator[list[str]]:
    """Lines of RFC 4180 as Go's encoding/csv reads them: empty ones are left out, a stray quote is an error."""
    record: list[str] = []
    at = 0
    while at < len(written) or record:
        match = _FIELD.match(written, at)
        if match is None:
            raise EvaluationError("not CSV: a quote at a wrong place")
        at = match.end()
        record.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        if match[3] != ",":
            if record != [""] or match[1] is not None:
                yield record
            record = []
        elif at == len(written):
            record.append("")
            yield record
            return


def urlencode(value: str) -> str:
    """Text as part of a URL's query: a space is a plus sign."""
    from urllib.parse import quote_plus

    size(len(value))
    return quote_plus(value, safe="", errors="surrogatepass")


def urldecode(value: str) -> str:
    """The text of a part of a URL's query (OpenTofu)."""
    from urllib.parse import unquote_plus

    return unquote_plus(value)


def textencodebase64(value: str, encoding: str) -> str:
    """Text in another encoding, then base64."""
    from base64 import b64encode

    try:
        return b64encode(value.encode(_codec(encoding))).decode("ascii")
    except UnicodeEncodeError:
        raise EvaluationError(f"the text has characters that {encoding} has not") from None


def textdecodebase64(written: str, encoding: str) -> str:
    """The text of base64 in another encoding."""
    try:
        return _bytes(written).decode(_codec(encoding))
    except UnicodeDecodeError:
        raise EvaluationError(f"what is encoded is not {encoding}") from None


def _codec(encoding: str) -> str:
    name = encoding.lower()
    if name in _CODECS or name.startswith(("windows-125", "iso-8859-")):
        return name
    raise Open(f"text in {encoding[:40]}")


def yamldecode(written: str) -> object:
    """The value of YAML that is JSON; a scope that can read YAML answers instead."""
    if written.lstrip()[:1] not in ("{", "[", '"'):
        raise Open("a YAML text")
    try:
        return jsondecode(written)
    except EvaluationError:
        raise Open("a YAML text") from None


def yamlencode(value: object) -> str:
    """The YAML of a value, all of which must be known."""
    from guardrail.hcl.functions import yaml_text

    return yaml_text.yamlencode(value)


FUNCTIONS: Mapping[str, Signature] = {
    "base64decode": Signature(base64decode, (text,)),
    "base64encode": Signature(base64encode, (text,)),
    "base64gunzip": Signature(base64gunzip, (text,)),
    "base64gzip": Signature(base64gzip, (text,)),
    "csvdecode": Signature(csvdecode, (text,)),
    "textdecodebase64": Signature(textdecodebase64, (text, text)),
    "textencodebase64": Signature(textencodebase64, (text, text)),
    "urldecode": Signature(urldecode, (text,)),
    "urlencode": Signature(urlencode, (text,)),
    "yamldecode": Signature(yamldecode, (text,)),
    "yamlencode": Signature(yamlencode, (anything,)),
}
