"""Where secrets may stand in workflows, actions and Dependabot's settings, and which of them open something real.

All that is found is masked. A finding is made of less: what a test database of the run is set up with is no secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex

from guardrail.checks.dependabot import credentials
from guardrail.checks.secret_lines import commands, given
from guardrail.checks.secret_names import PASSWORD, SECRET, WEAK, keeps, promise
from guardrail.checks.secret_shapes import tokens
from guardrail.checks.secret_sighting import ENV, FIELD, Sighting
from guardrail.checks.secret_words import entropy, has_digit_and_letter, is_default, is_label, row
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.once import once

_MOST_NODES = 200_000
_MOST_IN_VALUE = 20
_NAMED_HOLDERS = frozenset({"env", "with", "secrets", "credentials", "inputs"})
_PROMISED = frozenset({PASSWORD, "secret key", "token", SECRET, WEAK})
_FOR_TESTS = row(
    """
    abc acceptance bar baz changeme ci cypress debug demo dev development docker dummy e2e example fake foo github
    githubactions insecure integration invalid junk local localdev localhost mock none not only pipeline play
    playground pwd sample sandbox some spec stub temp temporary test tester testing testpass testpassword tests tmp unit
    whatever
    """
)
_PARTS = r"[A-Za-z]+|\d+"
_NEAR_HOST = r"(?i)@(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal|[a-z0-9_-]+(?=[:/?\s'\"]|\Z))"


@once
def sightings(resource: Resource) -> tuple[Sighting, ...]:
    """Every secret in a workflow, an action, or Dependabot's or pre-commit's settings."""
    return tuple(_sightings(resource))


def _sightings(resource: Resource) -> Iterator[Sighting]:
    if resource.type == "dependabot":
        for _, key, value, path in credentials(resource.data):
            yield Sighting(FIELD, (*resource.path, *path), key, "registry credential", value)
    for path, name, text in _strings(resource) if _may_hold(resource) else ():
        yield from _of_string(path, name, text)


def real(resource: Resource) -> Iterator[Sighting]:
    """The sightings that are told: neither of a test database of this run, nor a word that stands for a secret."""
    known = set(_service_values(resource.data))
    for seen in sightings(resource):
        if _is_real(resource, seen, known):
            yield seen


def _is_real(resource: Resource, seen: Sighting, known: set[str]) -> bool:
    """Whether a sighting opens something; `known` are values that services of the run are set up with."""
    value = seen.value
    words = {word.lower() for word in regex(_PARTS).findall(value)}
    if "EXAMPLE" in value or is_default(value):
        return False
    if seen.kind.startswith("password in"):
        return value not in known and words.isdisjoint(_FOR_TESTS) and not _leads_nearby(resource, seen)
    if seen.kind not in _PROMISED:
        return True
    if value in known or not words.isdisjoint(_FOR_TESTS) or is_label(value):
        return False
    return has_digit_and_letter(value) and len(value) > 7 and entropy(value) >= 2.8


def _leads_nearby(resource: Resource, seen: Sighting) -> bool:
    """Whether what follows the password of a URL is this machine, or a name without a dot: a service of the job."""
    node: object = resource.data
    for step in seen.path[len(resource.path) :]:
        node = node[step] if isinstance(node, dict | list) else ""  # type: ignore[index]
    text = str(node)
    at = text.find(seen.value)
    return bool(regex(_NEAR_HOST).match(text, at + len(seen.value)))


def _service_values(data: dict[str, object]) -> Iterator[str]:
    """Every text in the environment of services: passwords that the run makes up for its own databases."""
    jobs = data.get("jobs")
    for job in jobs.values() if isinstance(jobs, dict) else ():
        services = job.get("services") if isinstance(job, dict) else None
        for service in services.values() if isinstance(services, dict) else ():
            env = service.get("env") if isinstance(service, dict) else None
            yield from (str(value) for value in env.values()) if isinstance(env, dict) else ()


def registry_passwords(resource: Resource) -> Iterator[tuple[Path, str]]:
    """Path and holder of each password of a container's or service's `credentials` that is written out."""
    jobs = resource.data.get("jobs")
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        if not isinstance(job, dict):
            continue
        holders: list[tuple[str, Path, object]] = [("container", ("container",), job.get("container"))]
        services = job.get("services")
        for service, holder in services.items() if isinstance(services, dict) else ():
            holders.append((f"service {service}", ("services", service), holder))
        for called, above, holder in holders:
            known = holder.get("credentials") if isinstance(holder, dict) else None
            value = known.get("password") if isinstance(known, dict) else None
            if isinstance(value, str | int) and str(value).strip() and "${{" not in str(value):
                path = (*resource.path, "jobs", name, *above, "credentials", "password")
                yield path, f"{called} of job {name}"


def _may_hold(resource: Resource) -> bool:
    """Whether anything may be a secret: all text at once, which costs little."""
    found: list[str] = []
    for _, name, text in _strings(resource):
        if "${{" not in text and promise(name) and keeps(promise(name), text):
            return True
        found.append(text)
    text = "\n".join(found)
    return any(next(look(text), None) is not None for look in (tokens, given, commands))


def _of_string(path: Path, name: str, text: str) -> Iterator[Sighting]:
    if name and "\n" not in text:
        promised = promise(name)
        token = next(tokens(text), None)
        if token is not None:
            yield Sighting(ENV, path, name, token.kind, text[token.start : token.end])
            return
        if promised and keeps(promised, text):
            yield Sighting(ENV, path, name, promised, text.strip())
            return
    found = [("", t.kind, t.start, t.end) for t in tokens(text)]
    found += [(g.name, g.kind, g.start, g.end) for g in (*given(text), *commands(text))]
    last = 0
    for inner, kind, start, end in sorted(found, key=lambda f: (f[2], -f[3]))[:_MOST_IN_VALUE]:
        if start >= last:
            yield Sighting(FIELD, path, inner, kind, text[start:end], text.count("\n", 0, start))
            last = end


def _strings(resource: Resource) -> Iterator[tuple[Path, str, str]]:
    """Every text with its path, and its name where that says what the value is, in the document's order."""
    stack: list[tuple[object, Path, str]] = [(resource.data, resource.path, "")]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node, path, name = stack.pop()
        if isinstance(node, str) and len(node) > 3:
            yield path, name, node
        elif isinstance(node, dict):
            naming = bool(path) and path[-1] in _NAMED_HOLDERS
            stack.extend((v, (*path, k), str(k) if naming or name else "") for k, v in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((v, (*path, i), name) for i, v in reversed(list(enumerate(node))))
