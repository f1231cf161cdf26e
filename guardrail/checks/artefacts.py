"""What a deploy ships: whether this run built it, scanned it before it was published, and can name it again.

WORKFLOWS 4.6, GP10 to GP12. Images are compared as they are written; what an expression makes of them is
known only where both sides use the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from re import compile as regex
from typing import Any

from guardrail.actions import simulate
from guardrail.checks.delivery import Look
from guardrail.graph.deploys import Act, Deploy, shortened
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = [
    "moving_tag",
    "pushed_before_scanned",
    "pushed_from_pull_request",
    "rebuilt",
    "scan_misses_image",
    "tag_moved_twice",
    "unbuilt",
]

_EXPRESSION = regex(r"\$\{\{.*?\}\}|\$\{[^}]*\}")
_PUSHES = ("image-push",)
_SCANS = ("container-scan",)


def images(act: Act) -> tuple[str, ...]:
    """The images an act is about, as they are written, one for each line or comma."""
    found = [act.ability.details.get(key, "") for key in ("image", "tags")]
    listed = "\n".join(found).replace(",", "\n").split("\n")
    return tuple(dict.fromkeys(i.strip().strip("\"'") for i in listed if i.strip()))


def repository(image: str) -> str:
    """An image without tag and digest: `ghcr.io/acme/app`."""
    return image[: _end(image)]


def tag(image: str) -> str:
    """The tag of an image; empty where it has none, or a digest."""
    rest = image[_end(image) :]
    return rest[1:] if rest.startswith(":") else ""


def _end(image: str) -> int:
    """Where the name of an image ends; what expressions hold does not count."""
    shown = _EXPRESSION.sub(lambda found: "x" * len(found.group()), image)
    at, colon = shown.find("@"), shown.find(":", shown.rfind("/") + 1)
    return min(i for i in (at, colon, len(shown)) if i >= 0)


def moving_tag(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys of an image by a tag that is moved with every build."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for act in _of_job(look, deploy, ("deploy",)):
            for image in images(act):
                if tag(image) in arguments["moving"] or (":" not in image and "@" not in image and "${{" not in image):
                    message = f"{image} is deployed by a tag that moves: nobody can say which build runs"
                    yield look.hit(act.pointer, message, deploy)
                    break


def unbuilt(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys of an image that no job before it builds or pushes in this run."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        inside = look.delivery.awaited(deploy.job.id)
        built = {repository(i) for a in look.delivery.acts if a.job.id in inside for i in images(a) if _builds(a)}
        for act in _of_job(look, deploy, ("deploy",)):
            shipped = [i for i in images(act) if "${{" not in repository(i) and "$" not in repository(i)]
            known = {b for b in built if "$" not in b}
            if shipped and built == known and not any(repository(i) in built for i in shipped):
                yield look.hit(act.pointer, f"{shipped[0]} is not built by any job before this deploy", deploy)


def rebuilt(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys whose own job builds the image again after an earlier job has built and tested it."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        earlier = look.delivery.awaited(deploy.job.id) - {deploy.job.id}
        before = [a for a in look.delivery.acts if a.job.id in earlier and _builds(a)]
        again = [a for a in _of_job(look, deploy, (*_PUSHES, "build")) if _builds(a)]
        for act in again:
            if any(set(map(repository, images(act))) & set(map(repository, images(b))) for b in before):
                message = f"`{shortened(act.ability.evidence)}` builds again what {before[0].job.id} built and tested"
                yield look.hit(act.pointer, message, deploy)
                break


def pushed_before_scanned(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Images published first and scanned afterwards, so that what the scan finds is out already."""
    look = Look.whole(item, arguments)
    scans = look.delivery.gates(_SCANS)
    for push in look.delivery.gates(_PUSHES):
        awaited = look.delivery.awaited(push.job.id)
        if any(_before(s, push, awaited) for s in scans):
            continue
        late = [s for s in scans if _follows(look, s, push) and _same(s, push)]
        if late:
            scan = shortened(late[0].ability.evidence)
            message = f"`{shortened(push.ability.evidence)}` publishes the image before `{scan}` scans it"
            yield _plain(look, push, message)


def pushed_from_pull_request(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Images that a pull request publishes before anybody has merged it."""
    look = Look.whole(item, arguments)
    scenarios = [s for s in look.delivery.every_scenario if s.event == "pull_request"]
    for push in look.delivery.gates(_PUSHES):
        for scenario in scenarios:
            played = look.delivery.play(scenario, (push.step.key,))
            reached = [simulate.runs_ability(t, push.step.key, push.ability.order) for t in played.traces]
            if played.complete and reached and all(reached) and push.ability.details.get("push", "true") == "true":
                message = f"{scenario.label} publishes `{shortened(push.ability.evidence)}`"
                yield _plain(look, push, message)
                break


def tag_moved_twice(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A moving tag such as `latest` that more than one branch moves."""
    look = Look.whole(item, arguments)
    pushes = [p for p in look.delivery.gates(_PUSHES) if any(tag(i) in arguments["moving"] for i in images(p))]
    for push in pushes:
        refs: set[str] = set()
        for scenario in look.delivery.every_scenario:
            if scenario.event == "push" and scenario.ref.startswith("refs/heads/"):
                traces = look.delivery.play(scenario, (push.step.key,)).traces
                if any(simulate.runs_ability(t, push.step.key, push.ability.order) for t in traces):
                    refs.add(scenario.ref.removeprefix("refs/heads/"))
        if len(refs) > 1:
            names = " and ".join(sorted(refs)[:2])
            moved = next(i for i in images(push) if tag(i) in arguments["moving"])
            yield _plain(look, push, f"{moved} is moved by pushes to {names}: the last one wins")


def scan_misses_image(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Container scans that look at another image than the one that is deployed or published."""
    look = Look.whole(item, arguments)
    shipped = [a for a in look.delivery.acts if a.ability.capability in ("deploy", *_PUSHES) and images(a)]
    for scan in look.delivery.gates(_SCANS):
        seen = images(scan)
        if seen and "steps." in seen[0] and seen[0].rstrip(" }").endswith("outputs.tags"):
            yield _plain(look, scan, f"{seen[0]} is a list of tags, and the scan takes one image")
        elif seen and shipped and not any(_same(scan, s) for s in shipped):
            yield _plain(look, scan, f"scans {seen[0]}, and {images(shipped[0])[0]} is what ships")


def _builds(act: Act) -> bool:
    return act.ability.capability in ("build", *_PUSHES) and bool(images(act))


def _of_job(look: Look, deploy: Deploy, capabilities: Sequence[str]) -> Iterator[Act]:
    return (a for a in look.delivery.gates(capabilities) if a.job.id == deploy.job.id)


def _before(scan: Act, push: Act, awaited: frozenset[str]) -> bool:
    """Whether a scan comes before a push: in a job it waits for, or earlier in its own."""
    if scan.job.id != push.job.id:
        return scan.job.id in awaited
    return _position(scan) < _position(push)


def _follows(look: Look, scan: Act, push: Act) -> bool:
    if scan.job.id != push.job.id:
        return push.job.id in look.delivery.awaited(scan.job.id)
    return _position(scan) > _position(push)


def _position(act: Act) -> tuple[int, int]:
    keys = [s.key for s in act.job.steps]
    own = next((i for i, key in enumerate(keys) if act.step.key == key or act.step.key.startswith(f"{key}/")), -1)
    return own, act.ability.order


def _same(one: Act, other: Act) -> bool:
    """Whether two acts may be about one image: the same name, or a name that only a run tells."""
    first, second = set(map(repository, images(one))), set(map(repository, images(other)))
    return not first or not second or bool(first & second) or any("$" in i for i in first | second)


def _plain(look: Look, act: Act, message: str) -> Hit:
    """A finding at an act, whatever is deployed."""
    return look.hit(act.pointer, message, Deploy(act.job, act, ()))
