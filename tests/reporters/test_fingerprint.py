"""Fingerprints survive moved lines and reordered lists, and never hold secret values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.engine.fingerprint import Namer, fingerprint
from guardrail.model.place import Path

_POD = {
    "spec": {
        "containers": [
            {
                "name": "app",
                "env": [{"name": "A", "value": "s3cret"}],
                "args": ["--password=s3cret"],
            },
            {"name": "side", "ports": [{"containerPort": 80}, {"containerPort": 80}]},
        ],
        "tolerations": [{"key": "node", "operator": "Exists"}],
        "drop": ["NET_RAW", "not a word"],
        "keys": [{"key": "s3cret"}],
        "names": [{"name": ""}, {"name": True}],
    }
}


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ((), ()),
        (("spec", "containers", 0, "image"), ("spec", "containers", "[name=app]", "image")),
        (
            ("spec", "containers", 0, "env", 0, "value"),
            ("spec", "containers", "[name=app]", "env", "[name=A]", "value"),
        ),
        (
            ("spec", "containers", 0, "args", 0),
            ("spec", "containers", "[name=app]", "args", "[0]"),
        ),
        (
            ("spec", "containers", 1, "ports", 1),
            ("spec", "containers", "[name=side]", "ports", "[containerPort=80#2]"),
        ),
        (("spec", "tolerations", 0), ("spec", "tolerations", "[key=node]")),
        (("spec", "drop", 0), ("spec", "drop", "[=NET_RAW]")),
        (("spec", "drop", 1), ("spec", "drop", "[1]")),
        (("spec", "keys", 0, "key"), ("spec", "keys", "[0]", "key")),
        (("spec", "names", 0), ("spec", "names", "[0]")),
        (("spec", "names", 1), ("spec", "names", "[1]")),
        (("spec", "gone", 3, "x"), ("spec", "gone", "3", "x")),
        (("spec", "containers", 9), ("spec", "containers", "9")),
    ],
)
def test_positions_become_names(path: Path, named: tuple[str, ...]) -> None:
    assert Namer().path(_POD, path) == named


def test_order_does_not_matter_where_elements_have_names() -> None:
    turned = {"spec": {"containers": list(reversed(_POD["spec"]["containers"]))}}  # type: ignore[call-overload]
    assert Namer().path(_POD, ("spec", "containers", 0)) == Namer().path(turned, ("spec", "containers", 1))


_PARTS = st.lists(st.text(max_size=5), min_size=3, max_size=6)


@given(one=_PARTS, other=_PARTS)
def test_different_parts_give_different_fingerprints(one: list[str], other: list[str]) -> None:
    prints = [fingerprint(p[0], p[1], p[2], p[3:]) for p in (one, other)]
    assert all(len(text) == 32 and int(text, 16) >= 0 for text in prints)
    assert (prints[0] == prints[1]) == (one == other)


def test_the_fingerprint_never_changes() -> None:
    """Baselines hold fingerprints: whoever changes this breaks them all."""
    made = fingerprint("run-as-root", "a.yaml", "v1/Pod/x", ("spec", "[name=app]"))
    assert made == "3aafa206176ad58817c96022e18d0f00"
