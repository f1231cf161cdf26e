"""Dockerfiles and Compose files through the whole scan: discovery, places, suppressions, masking, documents."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.catalog.load import Catalog, load
from guardrail.formats.compose import form
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.composes import Service, filled, mounts, ports
from tests.docker.test_dockerfile_reader import HOSTILE


def scan(folder: Path, catalog: Catalog, files: dict[str, str], *only: str) -> Report:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = Settings(profile="none", select=only) if only else Settings()
    return Run(settings, catalog, (str(folder),), in_context=False).report()


def found(report: Report) -> list[tuple[str, int, str]]:
    return [(Path(f.location.file).name, f.location.span.line, f.policy.id) for f in report.live]


def test_files_are_found_by_name(tmp_path: Path, catalog: Catalog) -> None:
    bad = "FROM alpine\nUSER 1\n"
    files = dict.fromkeys(("Dockerfile", "api.Dockerfile", "Dockerfile.dev", "Containerfile", "Dockerfile.md"), bad)
    report = scan(tmp_path, catalog, files, "unpinned-base-image")
    names = {"Dockerfile", "api.Dockerfile", "Dockerfile.dev", "Containerfile"}
    assert {file for file, _, _ in found(report)} == names


def test_a_template_is_told_and_not_judged(tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {"Dockerfile.j2": "FROM {{ base }}\n{% if x %}\nRUN y\n{% endif %}\n"})
    assert [p.code for p in report.problems] == ["not-rendered"]
    assert found(report) == []


SUPPRESSED = (
    "# guardrail: ignore[unpinned-base-image] built here and nowhere else\nFROM alpine\n",
    "# hadolint ignore=DL3006\nFROM alpine\n",
    "# hadolint ignore=DL3059,DL3006 # built here\nFROM alpine\n",
    "# hadolint global ignore=DL3006\nARG X\nFROM alpine\n",
    "# checkov:skip=CKV_DOCKER_7: built here\nARG X\nFROM alpine\n",
    "# trivy:ignore:DS001\nFROM alpine\n",
    "# trivy:ignore:AVD-DS-0001\nFROM alpine\n",
    "# kics-scan ignore\nFROM alpine\n",
)


DOCKERS = {
    "named": ("# check=skip=StageNameCasing,WorkdirRelativePath\n", True),
    "all": ("# syntax=docker/dockerfile:1\n# check=skip=all;error=true\n", True),
    "another": ("# check=skip=StageNameCasing\n", False),
    "an error": ("# check=error=true\n", False),
}


@pytest.mark.parametrize("name", DOCKERS)
def test_what_docker_is_told_to_skip(name: str, tmp_path: Path, catalog: Catalog) -> None:
    head, skipped = DOCKERS[name]
    report = scan(tmp_path, catalog, {"Dockerfile": f"{head}FROM a:1\nWORKDIR app\n"}, "workdir-relative")
    assert [f.suppression is not None for f in report.findings] == [skipped]


@pytest.mark.parametrize("text", SUPPRESSED)
def test_suppressions(text: str, tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {"Dockerfile": text}, "unpinned-base-image")
    assert [f.suppression is not None for f in report.findings] == [True]


NOT_SUPPRESSED = (
    "# hadolint ignore=DL3006\nARG X\nFROM alpine\n",
    "# hadolint ignore=DL3008\nFROM alpine\n",
    "FROM alpine\n# hadolint ignore=DL3006\nRUN x\n",
    "FROM alpine\nRUN x\n# guardrail: ignore[unpinned-base-image] too late\n",
)


@pytest.mark.parametrize("text", NOT_SUPPRESSED)
def test_a_comment_covers_the_next_instruction_alone(text: str, tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {"Dockerfile": text}, "unpinned-base-image")
    assert [f.suppression for f in report.findings] == [None]


def test_a_comment_within_an_instruction_covers_it(tmp_path: Path, catalog: Catalog) -> None:
    comment = "# guardrail: ignore[install-asks-question] yes is configured"
    text = f"FROM a:1\nRUN apt-get update && \\\n    {comment}\n    apt-get install x\n"
    report = scan(tmp_path, catalog, {"Dockerfile": text}, "install-asks-question")
    assert [(f.location.span.line, f.suppression is not None) for f in report.findings] == [(4, True)]


def test_secrets_are_masked_wherever_they_are_shown(tmp_path: Path, catalog: Catalog) -> None:
    secret = "q8Zr-41vLx-77"
    docker = f"FROM alpine\nENV DB_PASSWORD={secret}\nRUN sudo mysql -p{secret} && chmod 777 /x\n"
    compose = f"services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: {secret}\n"
    report = scan(tmp_path, catalog, {"Dockerfile": docker, "compose.yml": compose})
    assert {"secret-in-dockerfile", "compose-secret-in-clear"} <= {f.policy.id for f in report.findings}
    assert secret not in repr([(f.message, f.location) for f in report.findings])


def test_blocks_of_a_document(tmp_path: Path, catalog: Catalog) -> None:
    text = (
        "# Run\n\n```dockerfile\n# api/Dockerfile\nFROM node\n...\nUSER 1\n```\n\n```dockerfile\nRUN x\n```\n"
        "\n```yaml\n# docker-compose.yml\nservices:\n  db:\n    image: postgres\n```\n"
    )
    report = scan(tmp_path, catalog, {"README.md": text})
    assert found(report) == [("README.md", 5, "unpinned-base-image"), ("README.md", 18, "compose-image-unpinned")]
    assert "1 block left alone" in report.files[0].reason


def test_findings_keep_their_fingerprint_when_lines_move(tmp_path: Path, catalog: Catalog) -> None:
    before = scan(tmp_path, catalog, {"Dockerfile": "FROM a:1\nADD x /x\nRUN sudo y\nUSER 1\n"})
    moved = "# c\nFROM a:1\nENV A=1\nRUN z\nADD x /x\nRUN sudo y\nUSER 1\n"
    after = scan(tmp_path, catalog, {"Dockerfile": moved})
    assert len(before.findings) == 2
    assert {f.fingerprint for f in before.findings} == {f.fingerprint for f in after.findings}


COMPOSE = {
    "by name": ("docker-compose.prod.yml", "services:\n  a: {}\n", True),
    "by content": ("stack.yaml", "services:\n  a:\n    image: b\n", True),
    "kubernetes": ("a.yaml", "apiVersion: v1\nservices:\n  a:\n    image: b\n", False),
    "workflow": ("a.yaml", "jobs:\n  x:\n    services:\n      a:\n        image: b\n", False),
    "symfony": ("services.yaml", "services:\n  App\\:\n    resource: ../src\n", False),
}


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_files_are_recognised(name: str) -> None:
    file, text, expected = COMPOSE[name]
    assert bool(form(file, text)) is expected


def test_merged_keys_count(tmp_path: Path, catalog: Catalog) -> None:
    text = "x-base: &base\n  privileged: true\nservices:\n  a:\n    <<: *base\n    image: b:1\n"
    report = scan(tmp_path, catalog, {"compose.yml": text}, "compose-privileged")
    assert found(report) == [("compose.yml", 2, "compose-privileged")]


PORTS = {
    "5432:5432": ("", (5432, 5432), (5432, 5432)),
    "127.0.0.1:5432:5432/udp": ("127.0.0.1", (5432, 5432), (5432, 5432)),
    "[::1]:80:8080": ("::1", (80, 80), (8080, 8080)),
    "3000-3005:4000-4005": ("", (3000, 3005), (4000, 4005)),
    "6379": ("", (0, 0), (6379, 6379)),
    "${PORT:-80}:8080": ("", (80, 80), (8080, 8080)),
}


@pytest.mark.parametrize("text", PORTS)
def test_ports(text: str) -> None:
    (port,) = ports(Service("a", {"ports": [text]}, ()))
    assert (port.address, port.host, port.container) == PORTS[text]


def test_mounts() -> None:
    listed = ["./a:/b", "data:/c:ro", "/anonymous", "C:\\x:/d", {"type": "bind", "source": "/e", "target": "/f"}]
    seen = [(m.source, m.target, m.bind, m.read_only) for m in mounts(Service("a", {"volumes": listed}, ()))]
    assert seen == [
        ("./a", "/b", True, False),
        ("data", "/c", False, True),
        ("", "/anonymous", False, False),
        ("C:\\x", "/d", True, False),
        ("/e", "/f", True, False),
    ]


def test_interpolation() -> None:
    assert filled("a${X:-b}$$c") == "ab$c"
    assert filled("${X}") is None
    assert filled("${X:?}") is None
    assert filled("${X-}") == ""


CATALOG = load()
KEYS = (
    "image build ports volumes environment depends_on networks secrets configs cap_add security_opt user deploy "
    "resources limits memory healthcheck test condition source target published type privileged network_mode pid ipc "
    "extends db command args"
).split()

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "db"]), _VALUES, min_size=1, max_size=3), _VALUES)
def test_compose_policies_survive_any_shape(services: object, top: object) -> None:
    data = {"services": services, "volumes": top, "networks": top, "version": top}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "compose.yml")
        path.write_text(json.dumps(data), encoding="utf-8")
        report = Run(Settings(profile="strict"), CATALOG, (str(path),), in_context=False).report()
    assert [p.message for p in report.problems if p.code == "check-failed"] == []


@given(st.text(alphabet="FROMRUNCPYEVS <\\`\"'\n=-[],$:/abc@|&;"))
def test_dockerfile_policies_survive_any_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "Dockerfile")
        path.write_text("FROM a AS b\n" + text, encoding="utf-8")
        report = Run(Settings(profile="strict"), CATALOG, (str(path),), in_context=False).report()
    assert [p.message for p in report.problems if p.code == "check-failed"] == []


@pytest.mark.parametrize("name", ["flags", "onbuild", "variables", "instructions", "stages"])
def test_hostile_files_are_judged(name: str, tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {"Dockerfile": HOSTILE[name]})
    assert [p.message for p in report.problems if p.code == "check-failed"] == []


COMPOSE_SUPPRESSED = (
    "services:\n  a:\n    image: b:1\n    privileged: true  # guardrail: ignore[compose-privileged] needed\n",
    "services:\n  a:\n    image: b:1\n    # guardrail: ignore[compose-privileged] needed\n    privileged: true\n",
    "services:\n  # guardrail: ignore[compose-privileged] needed\n  a:\n    image: b:1\n    privileged: true\n",
    "services:\n  a:\n    image: b:1\n    # kics-scan ignore-line\n    privileged: true\n",
    "# kics-scan disable=ae5b6871-7f45-42e0-bb4c-ab300c4d2026\nservices:\n  a: {image: b:1, privileged: true}\n",
)


@pytest.mark.parametrize("text", COMPOSE_SUPPRESSED)
def test_suppressions_in_compose_files(text: str, tmp_path: Path, catalog: Catalog) -> None:
    report = scan(tmp_path, catalog, {"compose.yml": text}, "compose-privileged")
    assert [f.suppression is not None for f in report.findings] == [True]


def test_a_fault_across_files_is_suppressed_in_place(tmp_path: Path, catalog: Catalog) -> None:
    comment = "# guardrail: ignore[compose-undefined-reference] defined by another team's file"
    text = f"services:\n  a:\n    image: b:1\n    networks:\n      - c  {comment}\n      - d\n"
    report = scan(tmp_path, catalog, {"compose.yml": text}, "compose-undefined-reference")
    assert [(f.location.span.line, f.suppression is not None) for f in report.findings] == [(5, True), (6, False)]


def test_a_snippet_is_not_refused(tmp_path: Path, catalog: Catalog) -> None:
    text = "# docker-compose.yml\nservices:\n  a:\n    image: b:1\n    environment:\n      # yours\n    net: c\n"
    files = {"README.md": f"```yaml\n{text}```\n", "docker-compose.yml": text}
    told = found(scan(tmp_path, catalog, files, "compose-file-invalid"))
    assert [(file, line) for file, line, _ in told] == [("docker-compose.yml", 5), ("docker-compose.yml", 7)]


CASCADES = {
    "a lost backslash": ("FROM a:1\nRUN x &&\n  y &&\n  z\nUSER 1\n  w\n", [3, 6]),
    "no FROM": ("RUN x\nRUN y\nCMD z\n", [1]),
    "two faults": ("FROM a:1\nCOPY a\nRUN x\nCOPY b\n", [2, 4]),
}


@pytest.mark.parametrize("name", CASCADES)
def test_one_slip_is_one_finding(name: str, tmp_path: Path, catalog: Catalog) -> None:
    text, lines = CASCADES[name]
    report = scan(tmp_path, catalog, {"Dockerfile": text}, "dockerfile-syntax")
    assert [f.location.span.line for f in report.findings] == lines


FOLDERS = {
    "relative": ("WORKDIR app", True),
    "of a variable": ("ENV HOME=/home/app\nWORKDIR ${HOME}/src", False),
    "of Windows": ("# escape=`\nENV G=C:\\go\nWORKDIR ${G}\\src\\app", False),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_folders(name: str, tmp_path: Path, catalog: Catalog) -> None:
    """With another escape character a backslash is one."""
    head, escape, rest = FOLDERS[name][0].rpartition("# escape=`\n")
    report = scan(tmp_path, catalog, {"Dockerfile": f"{escape}FROM a:1\n{rest or head}\n"}, "workdir-relative")
    assert bool(found(report)) is FOLDERS[name][1]


def test_what_an_anchor_brings_to_several_services_is_told_once(tmp_path: Path, catalog: Catalog) -> None:
    text = (
        "x-base: &base\n  image: b:1\n  privileged: true\nservices:\n"
        "  a:\n    <<: *base\n  c:\n    <<: *base\n  d: *base\n  e:\n    image: b:1\n    privileged: true\n"
    )
    report = scan(tmp_path, catalog, {"compose.yml": text}, "compose-privileged")
    assert [(f.location.span.line, [r.span.line for r in f.related]) for f in report.live] == [(3, [6, 8, 9]), (12, [])]
