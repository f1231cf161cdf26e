"""What we say of Compose files against compose-go, which `docker compose` reads them with.

The oracle is a small Go program (tests/oracles/compose). GUARDRAIL_COMPOSE_ORACLE names a built one; else it is built
where Go is, and the tests are skipped where it is not.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.catalog.load import load
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.composes import Service, filled, ports
from tests.docker.compose_texts import FILES
from tests.oracles.programs import running

Oracle = Callable[[dict[str, str]], dict[str, Any]]
CATALOG = load()
POLICIES = (
    "compose-file-invalid",
    "compose-undefined-reference",
    "compose-dependency-cycle",
    "compose-container-name-conflict",
    "compose-ports-discarded",
)


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """A running oracle: files of a project in, the project or an error out."""
    with running("compose", tmp_path_factory) as ask:
        yield lambda files: ask({"files": files, "environment": [], "profiles": ["*"]})


def told(files: dict[str, str]) -> list[str]:
    """What we say is refused in a project."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        run = Run(Settings(profile="none", select=POLICIES), CATALOG, (folder,), in_context=False)
        # What is in vain in the host's network is told, but not refused.
        return [f.message for f in run.report().live if "discarded" not in f.message]


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, oracle: Oracle) -> None:
    answer = oracle({"compose.yml": FILES[name]})
    found = told({"compose.yml": FILES[name]})
    assert bool(found) is ("error" in answer), (answer.get("error"), found)


BESIDE = {
    "override": ("compose.override.yml", True),
    "docker-compose override": ("docker-compose.override.yaml", True),
    "given by -f": ("compose.prod.yml", False),
    "another file": ("stack.yml", False),
}


@pytest.mark.parametrize("name", BESIDE)
def test_files_that_may_be_laid_over(name: str, oracle: Oracle) -> None:
    """What an override defines is there; of a file that has to be named nobody knows, and nothing is told."""
    file, merged = BESIDE[name]
    files = {
        "compose.yml": "services:\n  a:\n    image: x\n    networks: [n]\n    depends_on: [b]\n",
        file: "services:\n  b:\n    image: y\nnetworks:\n  n:\n",
    }
    assert ("error" not in oracle(files)) is merged
    assert bool(told(files)) is (name == "another file")


_SCALARS = st.sampled_from(
    ["x", "80", "80:80", "data:/x", "./a:/b", "A=b", "${A:-b}", "${A", "$A", "1m", "30s", "512m", "true", "no", "CMD"]
) | st.one_of(st.none(), st.booleans(), st.integers(-1, 99_999), st.floats(0, 9, allow_nan=False))
_KEYS = st.sampled_from(
    "image build ports volumes environment depends_on networks secrets healthcheck deploy command entrypoint restart "
    "labels container_name user privileged read_only cap_add security_opt mem_limit pids_limit profiles expose scale "
    "env_file extends test interval retries resources limits memory replicas target published source type context args "
    "external file b x-a".split()
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_KEYS, _VALUES, max_size=3), st.dictionaries(st.sampled_from(["volumes", "secrets"]), _VALUES))
def test_nothing_is_told_of_what_is_taken(oracle: Oracle, service: dict[str, Any], top: dict[str, Any]) -> None:
    data = {"services": {"a": {"image": "x", **service}, "b": {"image": "y"}}, **top}
    files = {"compose.yml": json.dumps(data)}
    if "error" not in oracle(files):
        # The engine refuses these when the container is made, compose-go takes them.
        late = ("restart is", "cannot be the name of a container")
        assert [one for one in told(files) if not one.startswith(late)] == []


_PORTS = st.from_regex(
    r"\A(127\.0\.0\.1:|0\.0\.0\.0:|\[::1\]:)?([1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?:)?[1-9][0-9]{0,4}(/udp|/tcp)?\Z"
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_PORTS)
def test_ports_are_read_alike(oracle: Oracle, text: str) -> None:
    files = {"compose.yml": json.dumps({"services": {"a": {"image": "x", "ports": [text]}}})}
    answer = oracle(files)
    if "error" in answer:
        assert told(files)
        return
    assert told(files) == []
    (port,) = ports(Service("a", {"ports": [text]}, ()))
    listed = answer["project"]["services"]["a"]["ports"]
    assert {one["target"] for one in listed} <= set(range(port.container[0], port.container[1] + 1))
    assert {one.get("host_ip", "") for one in listed} == {port.address}
    assert {one["protocol"] for one in listed} == {port.protocol}
    published = {one.get("published", "0").partition("-")[0] for one in listed}
    assert str(port.host[0]) in published


_TEXTS = st.lists(st.sampled_from(["a", "$$", "${B:-c}", "${C-}", "${D:+e}", "-", "{", "}", "$", ":", "${E:-${F:-g}}"]))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TEXTS.map("".join))
def test_variables_are_filled_alike(oracle: Oracle, text: str) -> None:
    files = {"compose.yml": json.dumps({"services": {"a": {"image": "x", "working_dir": text}}})}
    answer = oracle(files)
    known = filled(text)
    if "error" not in answer:
        assert told(files) == []
        theirs = answer["project"]["services"]["a"].get("working_dir", "")
        assert known is None or known == theirs
