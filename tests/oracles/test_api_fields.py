"""Our table of the API's fields, and what it refuses, against the Go types that the API server decodes objects into.

The oracle (`fields/`, Go) decodes random objects strictly; what it refuses we must tell, and what it takes we must not.
It also says what the table must be, and how long API versions live. Its binary is `GUARDRAIL_FIELDS_ORACLE`, else it is
built when Go is there; the tables need Go, because the sources tell them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from shutil import which
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.model.document import Document, OnePlace, Resource
from guardrail.views.api_fields import TABLE
from guardrail.views.api_lifecycle import every
from guardrail.views.api_schema import faults, fields
from tests.oracles.programs import program, running

SOURCE = Path(__file__).parent / "fields"
REFUSED = {"type", "misspelt", "unknown"}
"""Faults that decoding tells; values of enumerations are judged later."""

Ask = Callable[[dict[str, Any]], bool]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The oracle's binary."""
    return program("fields", tmp_path_factory)


@pytest.fixture(scope="session")
def sources() -> str:
    """The folder of the module k8s.io/api, in the version that the oracle is built with."""
    go = which("go")
    if go is None:
        pytest.skip("Go is not there, which knows where the sources are")
    command = [go, "list", "-m", "-f", "{{.Dir}}", "k8s.io/api"]
    found = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        pytest.skip("the sources of k8s.io/api are not there")
    return found


@pytest.fixture(scope="session")
def refuses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Whether strict decoding refuses an object."""
    with running("fields", tmp_path_factory) as ask:

        def refused(made: dict[str, Any]) -> bool:
            answer = ask(as_json(made))
            assert answer["known"]
            return bool(answer["error"] or answer["strict"])

        yield refused


def as_json(made: Any) -> Any:
    """What sigs.k8s.io/yaml hands the decoder: of YAML's 2.0 the number 2."""
    if isinstance(made, dict):
        return {key: as_json(entry) for key, entry in made.items()}
    if isinstance(made, list):
        return [as_json(entry) for entry in made]
    return int(made) if isinstance(made, float) and made.is_integer() else made


def test_the_table_is_what_the_types_are(oracle: str, sources: str) -> None:
    made = subprocess.run([oracle, "table", sources], capture_output=True, text=True, check=True).stdout
    assert made.split() == TABLE.split()


def test_versions_live_as_long_as_the_types_say(oracle: str, sources: str) -> None:
    made = subprocess.run([oracle, "lifecycle", sources], capture_output=True, text=True, check=True).stdout
    said = {(api, kind): [int(n) for n in numbers] for api, kind, *numbers in map(str.split, made.splitlines())}
    ours = {(v.api, v.kind): [v.introduced, v.deprecated, v.removed] for v in every()}
    shared = said.keys() & ours.keys()
    odd = {("v1", "Endpoints")}  # deprecated in words only
    early = {k for k in shared if said[k][0] != ours[k][0]}  # the types begin with 1.0, or say less than the guide
    assert {k for k in shared - odd if said[k][1:] != ours[k][1:]} == set()
    assert all(k[0] in ("v1", "authorization.k8s.io/v1") for k in early)
    assert len(shared) > 90


KINDS = [
    (api, kind, held)
    for entry in TABLE.split("\n--\n")[0].replace("\n", " ").split(";")
    if entry.strip()
    for api, kind, held in [entry.split()]
]
PLAIN: list[Any] = ["text", "", 3, 0, -1, 1.5, 2.0, True, False, ["a"], {"a": "b"}, 2**31, 2**40, {}, []]
"""Values that any field may get; none is a placeholder."""


FITTING: dict[str, list[Any]] = {
    "?": ["Always"],
    "s": ["text"],
    "b": [True, False],
    "i": [0, 1, 8080, 2.0],
    "l": [0, 1, 2**40],
    "q": ["1", "1Gi", "500m", 2, 0.5],
    "x": [80, "http", "25%"],
    "y": ["", "cGFzc3dvcmQ=", "YQ=="],
    "*": [{}],
}
"""Values that fit a code of the table."""


def value(code: str, random: Random, depth: int) -> Any:
    """A value for a code of the table: mostly one that fits."""
    if random.random() < 0.02:
        return random.choice(PLAIN)
    if code[0] == "[":
        return [value(code[1:], random, depth - 1) for _ in range(random.randint(0, 2))]
    if code[0] == "{":
        return {name: value(code[1:], random, depth - 1) for name in random.sample(["a", "b", "c"], 2)}
    return random.choice(FITTING[code[0]]) if code[0] in FITTING else mapping(code, random, depth)


def mapping(name: str, random: Random, depth: int) -> dict[str, Any]:
    """An object of a type, with some of its fields and now and then one it does not have."""
    known = {k: c for k, c in fields(name).items() if c != "*" and k not in SKIPPED}
    chosen = random.sample(sorted(known), min(len(known), random.randint(0, 4) if depth > 0 else 0))
    made = {field: value(known[field], random, depth - 1) for field in chosen}
    if random.random() < 0.03:
        field = random.choice([*sorted(known), "nonsense"])
        made[random.choice([field.upper(), field + "s", field[:-1], "nonsense", field])] = "text"
    return made


SKIPPED = frozenset(
    {"labels", "annotations", "creationTimestamp", "deletionTimestamp", "apiVersion", "kind", "startTime"}
)
"""What another policy tells of, or is text to us and a moment to the decoder."""


@given(st.sampled_from(KINDS), st.randoms(use_true_random=False))
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_decoder_refuses_we_tell(refuses: Ask, kind: tuple[str, str, str], random: Random) -> None:
    api, name, held = kind
    made = {**mapping(held, random, 12), "apiVersion": api, "kind": name}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), made, (), "kubernetes", api, name, "x")
    told = [fault for fault in faults(resource) if fault.kind in REFUSED]
    assert bool(told) == refuses(made), told
