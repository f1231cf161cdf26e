"""Random Kubernetes objects that the API server's decoder takes, made from the table of the API's fields."""

from __future__ import annotations

from random import Random
from typing import Any

from guardrail.model.document import Document, OnePlace, Resource
from guardrail.views.api_fields import TABLE
from guardrail.views.api_schema import fields


class Odd(Random):
    """Makes objects that the API server refuses, as often as not."""


KINDS = [
    (api, kind, held)
    for entry in TABLE.split("\n--\n")[0].replace("\n", " ").split(";")
    if entry.strip()
    for api, kind, held in [entry.split()]
]
"""API version, kind and type of every kind in the table."""

FITTING: dict[str, list[Any]] = {
    "?": ["Always", ""],
    "s": ["text", "", "8080", "a-b.c/d:1", "true"],
    "b": [True, False],
    "i": [0, 1, 8080, -1],
    "l": [0, 1, 2**40],
    "q": ["1", "1Gi", "500m", 2, 0.5],
    "x": [80, "http", "25%"],
    "y": ["", "cGFzc3dvcmQ=", "YQ=="],
    "*": [{}],
}
"""Values that fit a code of the table."""


ODD: list[Any] = ["text", "", 3, 0, -1, 1.5, True, False, ["a"], {"a": "b"}, [{}], 2**40, {}, []]
"""Values for any field, whether they fit or not."""


def value(code: str, random: Random, depth: int) -> Any:
    """A value that fits a code of the table; of an `Odd` random one of ODD now and then."""
    if isinstance(random, Odd) and random.random() < 0.08:
        return random.choice(ODD)
    if code[0] == "[":
        return [value(code[1:], random, depth - 1) for _ in range(random.randint(0, 2))]
    if code[0] == "{":
        return {name: value(code[1:], random, depth - 1) for name in random.sample(["app", "b", "c.d/e"], 2)}
    return random.choice(FITTING[code[0]]) if code[0] in FITTING else mapping(code, random, depth)


def mapping(name: str, random: Random, depth: int) -> dict[str, Any]:
    """An object of a type, with some of its fields."""
    known = {k: c for k, c in fields(name).items() if c != "*" and k not in ("apiVersion", "kind")}
    chosen = random.sample(sorted(known), min(len(known), random.randint(0, 5) if depth > 0 else 0))
    wanted = [k for k in ("spec", "template", "containers", "metadata", "securityContext") if k in known]
    return {field: value(known[field], random, depth - 1) for field in dict.fromkeys([*wanted, *chosen])}


def made(kind: tuple[str, str, str], random: Random) -> Resource:
    """An object of one of KINDS."""
    api, name, held = kind
    data = {**mapping(held, random, 9), "apiVersion": api, "kind": name}
    document = Document("f.yaml", 0, data, OnePlace(), 1, 1)
    return Resource(document, data, (), "kubernetes", api, name, "x")
