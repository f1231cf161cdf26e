"""Jobs and steps by name: identifiers, `needs`, steps that wait for others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.actions.syntax.cycles import cycles
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import short
from guardrail.model.document import Resource
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.naming import subject
from guardrail.views.workflows import Step, steps

__all__ = ["background", "ids", "needs_cycle", "needs_unknown", "service_ports"]

_ID = regex(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_LONGEST = 100
"""Identifiers have fewer characters (actions/runner, `WorkflowConstants.MaxNodeNameLength`)."""

_SERVERS = {
    "postgres": 5432, "postgis": 5432, "pgvector": 5432, "mysql": 3306, "mariadb": 3306, "redis": 6379, "valkey": 6379,
    "mongo": 27017, "rabbitmq": 5672, "elasticsearch": 9200, "opensearch": 9200, "memcached": 11211, "minio": 9000,
}  # fmt: skip
"""The ports that servers listen on, by the last part of their image's name."""

_MAPPED = regex(r"--network|--net[= ]|(?:^|\s)-p\s|--publish")
_OWN_SERVER = (
    "docker run",
    "docker compose",
    "docker-compose",
    "podman",
    "systemctl start",
    "service ",
    "brew services",
)
_MOST_TEXT, _MOST_SERVICES = 200_000, 50

_SHOWN = 8
"""Jobs of a cycle that a message names."""


def ids(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Identifiers of jobs and steps that GitHub refuses (workflow syntax, `jobs.<job_id>`; runner `IdBuilder`)."""
    resource = item.resource
    jobs = resource.data.get("jobs")
    for id_ in jobs if isinstance(jobs, dict) else ():
        if "${{" not in id_:
            yield from _wrong_id(id_, (*resource.path, "jobs", id_), "job id")
    for step in steps(resource):
        given = step.data.get("id")
        if isinstance(given, str) and given and "${{" not in given:
            yield from _wrong_id(given, (*step.path, "id"), "step id")


def _wrong_id(id_: str, path: Path, word: str) -> Iterator[Hit]:
    if not _ID.match(id_):
        yield Hit(path, f"{word} '{short(id_)}' may hold letters, digits, - and _ only, and begins with a letter or _")
    elif id_.startswith("__"):
        yield Hit(path, f"{word} '{short(id_)}' begins with __, which GitHub keeps for itself")
    elif len(id_) >= _LONGEST:
        yield Hit(path, f"{word} has {len(id_)} characters; it must have fewer than {_LONGEST}")


def repeated_steps(resource: Resource) -> Iterator[Hit]:
    """Step ids given again within one job or action; case does not tell them apart."""
    seen: dict[tuple[str, str], Path] = {}
    for step in steps(resource):
        given = step.data.get("id")
        if not isinstance(given, str) or not given:
            continue
        path = (*step.path, "id")
        first = seen.setdefault((step.job.id, given.lower()), path)
        if first != path:
            related = ((Pointer("", first), "the first step of that id"),)
            yield Hit(path, f"step id {short(given)} is given twice in {_scope(step)}", related=related)


def _scope(step: Step) -> str:
    return subject(step.job.path) if step.job.id else "the action"


def needs_unknown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`needs` that names no job of the workflow; ids are compared without case, as GitHub does."""
    known = _jobs(item.resource)
    for id_, path, word in _needs(item.resource):
        if word.lower() not in known and "${{" not in word:
            message = f"job {id_} needs {short(word)}, and there is no such job{hint(word, known.values())}"
            yield Hit(path, message, missing=True)


def needs_cycle(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Jobs that wait for themselves: one finding for each cycle, at the first job of it."""
    names = _jobs(item.resource)
    graph: dict[str, dict[str, Path]] = {id_: {} for id_ in names}
    for id_, path, word in _needs(item.resource):
        if word.lower() in graph:
            graph[id_.lower()].setdefault(word.lower(), path)
    for cycle in cycles(graph):
        ways = [names[id_] for id_ in [*cycle, cycle[0]]]
        if len(ways) > _SHOWN:
            ways[_SHOWN - 2 : -1] = ["…"]
        path = graph[cycle[0]][cycle[1 % len(cycle)]]
        yield Hit(path, f"job {' needs '.join(ways)}: none of them ever starts")


def background(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`wait` and `cancel` that name no background step before them (workflow syntax, `steps[*].wait`)."""
    before: dict[str, dict[str, bool]] = {}
    for step in steps(item.resource):
        known = before.setdefault(step.job.id, {})
        for key in ("wait", "cancel"):
            for path, word in _words(step.data.get(key), (*step.path, key)):
                if "${{" in word:
                    continue
                if word.lower() not in known:
                    told = f"{key} names {short(word)}, and no step before it has that id{hint(word, known)}"
                    yield Hit(path, told)
                elif not known[word.lower()]:
                    yield Hit(path, f"{key} names {short(word)}, which does not run in the background")
        id_ = step.data.get("id")
        if isinstance(id_, str):
            known[id_.lower()] = step.data.get("background", False) is not False


def _jobs(resource: Resource) -> dict[str, str]:
    """Ids of jobs by their lower-cased form."""
    jobs = resource.data.get("jobs")
    return {id_.lower(): id_ for id_ in jobs} if isinstance(jobs, dict) else {}


def _needs(resource: Resource) -> Iterator[tuple[str, Path, str]]:
    """Job, path and name of each need."""
    jobs = resource.data.get("jobs")
    for id_, job in jobs.items() if isinstance(jobs, dict) else ():
        if isinstance(job, dict):
            for path, word in _words(job.get("needs"), (*resource.path, "jobs", id_, "needs")):
                yield id_, path, word


def _words(given: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(given, str) and given:
        yield path, given
    elif isinstance(given, list):
        yield from (((*path, at), word) for at, word in enumerate(given) if isinstance(word, str) and word)


def service_ports(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services whose port is not mapped, in a job that looks for it at localhost.

    "When you map ports to the Docker host ... localhost"; a job that runs on the machine itself sees no port that is
    not mapped (GitHub Docs, "Communicating with Docker service containers", running jobs on the runner machine).
    """
    job = item.bindings["job"]
    services = job.get("services") if isinstance(job, dict) else None
    if not isinstance(job, dict) or not isinstance(services, dict) or "container" in job:
        return
    texts = list(_texts(job))
    if any(sign in text for _, text in texts for sign in _OWN_SERVER):
        return
    for name, service in list(services.items())[:_MOST_SERVICES]:
        if not isinstance(service, dict) or service.get("ports") or _MAPPED.search(str(service.get("options", ""))):
            continue
        image = str(service.get("image", "")).partition("@")[0].rpartition("/")[2].partition(":")[0]
        port = _SERVERS.get(image)
        at = [path for path, text in texts if f"localhost:{port}" in text or f"127.0.0.1:{port}" in text]
        if port and at:
            told = (
                f"service {name} maps no port, and the job looks for it at localhost:{port}: add ports: [{port}:{port}]"
            )
            related = tuple((Pointer("", (*item.path, *path)), "nothing answers here") for path in at[:_SHOWN])
            yield Hit((*item.path, "services", name, "ports"), told, missing=True, related=related)


def _texts(job: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Scripts, variables and inputs of a job and its steps."""
    holders: list[tuple[Path, object]] = [((), job)]
    listed = job.get("steps")
    holders += [(("steps", at), step) for at, step in enumerate(listed if isinstance(listed, list) else ())]
    for path, data in holders:
        if not isinstance(data, dict):
            continue
        if isinstance(data.get("run"), str):
            yield (*path, "run"), data["run"][:_MOST_TEXT]
        for key in ("env", "with"):
            given = data.get(key)
            for name, value in given.items() if isinstance(given, dict) else ():
                yield (*path, key, str(name)), str(value)[:_MOST_TEXT]
