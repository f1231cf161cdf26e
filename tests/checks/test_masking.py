"""What must be masked is found everywhere, and nothing of it is left."""

from __future__ import annotations

from base64 import b64encode
from json import dumps
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guardrail.checks.secrets import mask, secret_values
from guardrail.model.document import Document, Place, Resource
from guardrail.model.place import Path, Span
from tests.checks.made_up import TOKENS

PW = "Wint3r-Coat"
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
WORDS = st.sampled_from(
    ["password", "token", "=", ": ", "'", '"', "\n", "abcd", "*", "****", "a*", "--", "://u:", "@h/"]
)
LINES = st.lists(st.one_of(WORDS, TEXT), max_size=12).map("".join)


class Nowhere:
    """Places of a document that has no text."""

    def locate(self, path: Path) -> Place:
        """Line one."""
        return Place(Span(1, 1, 1, 1))


def resource(data: dict[str, Any]) -> Resource:
    """An object of the given data."""
    document = Document("x.yaml", 0, data, Nowhere(), 1, 1)
    return Resource(document, data, (), "kubernetes", str(data.get("apiVersion")), str(data.get("kind")))


def values(data: dict[str, Any]) -> set[str]:
    """All that is to be masked in an object."""
    return {s.value for s in secret_values(resource(data))}


@settings(max_examples=300)
@given(LINES, st.lists(st.one_of(TEXT, WORDS), max_size=5))
@example("abcde", ["a****", "bcde"])
@example("aaaaaaa", ["aaaa"])
@example("abcdef", ["abcd", "cdef"])
def test_mask_leaves_no_secret_keeps_the_length_and_is_stable(text: str, secrets: list[str]) -> None:
    masked = mask(text, secrets)
    assert len(masked) == len(text)
    assert all(a in {b, "*"} for a, b in zip(masked, text, strict=True))
    assert not any(s in masked for s in secrets if len(s) > 3 and s.strip("*"))
    assert mask(masked, secrets) == masked


@given(LINES, st.sampled_from(sorted(TOKENS)), LINES)
def test_mask_finds_tokens_in_the_text_itself(before: str, name: str, after: str) -> None:
    text = f"{before} {TOKENS[name][1]} {after}"
    masked = mask(text, ())
    assert TOKENS[name][1] not in masked


@pytest.mark.parametrize("text", [f"password: {PW}", f"# password: {PW}", f"--password={PW}", f"redis-cli -a {PW}"])
def test_mask_finds_what_names_give_away(text: str) -> None:
    assert PW not in mask(text, ())


def test_words_of_three_letters_stay() -> None:
    assert mask("a cat sat", ["cat"]) == "a cat sat"


def test_every_value_of_a_secret_is_masked_as_written_and_decoded() -> None:
    encoded = b64encode(PW.encode()).decode()
    found = values(
        {
            "kind": "Secret",
            "data": {"a": encoded, "b": "bm90aGluZw", "n": 123456},
            "stringData": {"c": "plain value", "d": True},
        }
    )
    assert {encoded, PW, "bm90aGluZw", "nothing", "123456", "plain value"} <= found


def test_binary_and_broken_base64_do_not_stop_it() -> None:
    found = values({"kind": "Secret", "data": {"a": "//79/A==", "b": "%%%", "c": None, "d": {}, "e": []}})
    assert found == {"//79/A==", "%%%"}


SPOTS: dict[str, dict[str, Any]] = {
    "env": {"kind": "Pod", "spec": {"containers": [{"name": "a", "env": [{"name": "DB_PASSWORD", "value": PW}]}]}},
    "init": {
        "kind": "Pod",
        "spec": {"containers": [], "initContainers": [{"name": "a", "env": [{"name": "X_PASSWORD", "value": PW}]}]},
    },
    "debug": {
        "kind": "Pod",
        "spec": {"containers": [], "ephemeralContainers": [{"name": "a", "args": [f"--password={PW}"]}]},
    },
    "args": {"kind": "Pod", "spec": {"containers": [{"name": "a", "command": ["x"], "args": ["--password", PW]}]}},
    "probe": {
        "kind": "Pod",
        "spec": {"containers": [{"name": "a", "livenessProbe": {"exec": {"command": ["redis-cli", "-a", PW]}}}]},
    },
    "hook": {
        "kind": "Pod",
        "spec": {
            "containers": [
                {"name": "a", "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", f"mysql -p{PW}"]}}}}
            ]
        },
    },
    "config": {"kind": "ConfigMap", "data": {"a.yaml": f"x: 1\npassword: {PW}\n"}},
    "binary": {"kind": "ConfigMap", "binaryData": {"a": b64encode(f"password={PW}".encode()).decode()}},
    "annotation": {"kind": "Service", "metadata": {"annotations": {"x/url": f"https://shop:{PW}@x/"}}},
    "template annotation": {
        "kind": "Deployment",
        "spec": {
            "template": {
                "metadata": {"annotations": {"x/url": f"https://shop:{PW}@x/"}},
                "spec": {"containers": [{"name": "a"}]},
            }
        },
    },
    "applied": {
        "kind": "Secret",
        "metadata": {
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": dumps(
                    {"kind": "Secret", "stringData": {"password": PW}}
                )
            }
        },
    },
    "header": {
        "kind": "Pod",
        "spec": {
            "containers": [
                {
                    "name": "a",
                    "livenessProbe": {"httpGet": {"httpHeaders": [{"name": "X", "value": f"http://a:{PW}@h/"}]}},
                }
            ]
        },
    },
    "custom": {"apiVersion": "x.example.com/v1", "kind": "Thing", "spec": {"adminPassword": PW + "7"}},
    "pair": {
        "apiVersion": "x.example.com/v1",
        "kind": "Thing",
        "spec": {"p": [{"name": "adminPassword", "value": PW + "7"}]},
    },
    "text": {"apiVersion": "x.example.com/v1", "kind": "Thing", "spec": {"values": f"a: 1\npassword: {PW}\n"}},
    "custom pods": {
        "apiVersion": "x.example.com/v1",
        "kind": "Thing",
        "spec": {"pod": {"containers": [{"name": "a", "env": [{"name": "MY_PASSWORD", "value": PW}]}]}},
    },
}


@pytest.mark.parametrize("data", SPOTS.values(), ids=SPOTS)
def test_every_spot_is_known(data: dict[str, Any]) -> None:
    assert any(PW in value for value in values(data))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.sampled_from([t for _, t in TOKENS.values()])
)
KEYS = st.one_of(
    TEXT,
    st.sampled_from(
        [
            "kind",
            "metadata",
            "annotations",
            "spec",
            "template",
            "containers",
            "env",
            "name",
            "value",
            "args",
            "command",
            "data",
            "stringData",
        ]
    ),
    st.sampled_from(
        ["binaryData", "password", "livenessProbe", "exec", "lifecycle", "sops", "encryptedData", "labels"]
    ),
)
ANY = st.recursive(
    SCALARS, lambda x: st.one_of(st.lists(x, max_size=4), st.dictionaries(KEYS, x, max_size=4)), max_leaves=25
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(KEYS, ANY, max_size=6),
    st.sampled_from(["Pod", "Deployment", "ConfigMap", "Secret", "CronJob", "Thing"]),
)
def test_any_data_is_survived(data: dict[str, Any], kind: str) -> None:
    for secret in secret_values(resource({**data, "kind": kind, "apiVersion": "x.example.com/v1"})):
        assert isinstance(secret.value, str)
        assert isinstance(secret.path, tuple)


def test_depth_and_size_are_survived() -> None:
    deep: Any = "postgres://shop:Wint3r-Coat@db/"
    for _ in range(5000):
        deep = {"x": [deep]}
    assert values({"kind": "Thing", "apiVersion": "x.example.com/v1", "spec": deep}) == {PW}
    huge = "password: " * 300_000
    values({"kind": "ConfigMap", "data": {"a": huge, "b": "=" * 3_000_000, "c": "a.b:" * 500_000}})
