"""Files that people write for guardrail: read with positions, checked against a JSON Schema, errors placed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from guardrail.errors import PolicyError, did_you_mean
from guardrail.formats.nodes import Lines, TreePlaces
from guardrail.formats.scalars import SETTINGS
from guardrail.formats.yaml_text import Parsed, Unreadable, read
from guardrail.model.place import Path, render_path


@dataclass(slots=True, eq=False, repr=False)
class Written:
    """One document of such a file: its data, and how to name a place in it."""

    file: str
    data: dict[str, Any]
    places: TreePlaces

    def place(self, path: Path = ()) -> str:
        """`file:line:column` of a path."""
        span = self.places.locate(path).span
        return f"{self.file}:{span.line}:{span.column}"


def documents(file: FilePath, name: str = "") -> Iterator[Written]:
    """Every YAML document of a file; raises PolicyError where it cannot be read."""
    name = name or str(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise PolicyError(f"cannot be read: {reason}", name) from None
    lines = Lines(text)
    for parsed in read(text, lines, SETTINGS):
        if isinstance(parsed, Unreadable):
            line, column = lines.position(parsed.offset)
            raise PolicyError(parsed.message, f"{name}:{line}:{column}")
        yield _written(name, parsed)


def _written(name: str, parsed: Parsed) -> Written:
    if not isinstance(parsed.data, dict):
        raise PolicyError("a mapping is expected here", f"{name}:1:1")
    for defect in parsed.defects:
        raise PolicyError(defect.detail, f"{name}:{defect.span.line}:{defect.span.column}")
    return Written(name, parsed.data, parsed.places)


@cache
def schema(name: str) -> dict[str, Any]:
    """A shipped JSON Schema: `policy`, `profile` or `settings`."""
    from json import loads

    text = FilePath(__file__).with_name(f"{name}.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = loads(text)
    return found


def validate(written: Written, kind: str) -> None:
    """Check a document against its schema; raises PolicyError at the exact place, with a suggestion."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    errors = list(Draft202012Validator(schema(kind)).iter_errors(written.data))
    if not errors:
        return
    # A misspelt key explains what then is missing, so it is told first.
    misspelt = [e for e in errors if e.validator == "additionalProperties"]
    error: Any = misspelt[0] if misspelt else best_match(iter(errors))
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.schema, dict):
        known = list(error.schema.get("properties", ()))
        wrong = next(k for k in error.instance if k not in known)
        where = f" in {render_path(path)}" if path else ""
        raise PolicyError(f"unknown key '{wrong}'{where}{did_you_mean(wrong, known)}", written.place((*path, wrong)))
    where = render_path(path)
    raise PolicyError(f"{where}: {_sentence(error)}" if where else _sentence(error), written.place(path))


def _sentence(error: Any) -> str:
    if error.validator == "enum":
        return (
            f"'{error.instance}' is not one of {', '.join(map(str, error.validator_value))}"
            f"{did_you_mean(str(error.instance), map(str, error.validator_value))}"
        )
    in_check = not {"assert", "when"}.isdisjoint(error.absolute_path)
    if in_check and error.validator in {"oneOf", "required"}:
        return "a check is either 'cel', or a 'path' with exactly one operator, or 'all', 'any' or 'not'"
    if error.validator == "required":
        missing = [k for k in error.validator_value if k not in error.instance]
        return f"'{missing[0]}' is missing"
    if error.validator == "anyOf":
        return "either 'assert' or 'check' is needed"
    return str(error.message)
