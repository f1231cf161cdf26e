"""What a policy looks at, one item at a time: the names bound for its expressions, and where each name points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views import admission
from guardrail.views.pods import PATCH, Container, Pod, pods

if TYPE_CHECKING:
    from guardrail.actions.uses import Uses
    from guardrail.views.workflows import Step

Origin = Path | Callable[[Path], Path]
"""A name's place: a path, or a function from the steps below the name to a path."""


class Item(NamedTuple):
    """Bindings for expressions, the path of the thing in focus, and what decides parts that may be set elsewhere.

    `partial` reads after "depends on"; `settled` are top-level keys that are known all the same: where they are absent
    they are set nowhere. `moved` leads from paths of what was put together to where it is written, `texts` from paths
    below a text to that text and the part of it.
    """

    resource: Resource
    path: Path
    bindings: dict[str, object]
    origins: dict[str, Origin]
    partial: str = ""
    settled: frozenset[str] = frozenset()
    moved: Mapping[Path, Path] = {}
    texts: Mapping[Path, tuple[Path, str]] = {}
    inherited: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Lens:
    """The items of one resource, each kind worked out once and only when a policy asks for it."""

    resource: Resource
    _pods: tuple[Pod, ...] | None = None
    _items: dict[str, tuple[Item, ...]] = field(default_factory=dict)

    @property
    def pods(self) -> tuple[Pod, ...]:
        """The resource's pod specs."""
        if self._pods is None:
            self._pods = pods(self.resource) if self.resource.type == "kubernetes" else ()
        return self._pods

    def items(self, each: str) -> tuple[Item, ...]:
        """Every item of a kind: what ROOTS lists for the resource's type."""
        found = self._items.get(each)
        if found is None:
            found = tuple(_KINDS[each](self))
            if excerpt := self.resource.document.excerpt:
                found = tuple(item._replace(partial=item.partial or excerpt) for item in found)
            self._items[each] = found
        return found


def _resource(lens: Lens) -> Iterator[Item]:
    resource = lens.resource
    yield Item(
        resource,
        resource.path,
        {"object": resource.data},
        {"object": resource.path},
        _applied(resource.partial) or _partial(lens.pods),
        moved={path: source for pod in lens.pods for path, source in pod.moved.items()},
    )


def _requested(operation: str) -> Callable[[Lens], Iterator[Item]]:
    def items(lens: Lens) -> Iterator[Item]:
        for item in lens.items("resource"):
            yield item._replace(bindings=admission.bindings(lens.resource, operation))

    return items


def _applied(patch: str) -> str:
    """What a part that a patch does not mention depends on."""
    return f"what {patch} is applied to" if patch else ""


def _partial(found: tuple[Pod, ...]) -> str:
    """What decides the rest of an object of which every pod is a patch."""
    return PATCH if found and all(pod.partial == PATCH for pod in found) else ""


def _pod_base(lens: Lens, pod: Pod) -> Item:
    return Item(
        lens.resource,
        pod.path,
        {"object": lens.resource.data, "podMetadata": pod.metadata, "podSpec": pod.spec},
        {"object": lens.resource.path, "podMetadata": pod.metadata_path, "podSpec": pod.path},
        _applied(lens.resource.partial) or pod.partial,
        moved=pod.moved,
    )


def _pod_specs(lens: Lens) -> Iterator[Item]:
    for pod in lens.pods:
        yield _pod_base(lens, pod)


def _below(base: Item, name: str, data: object, path: Path, more: Mapping[str, object]) -> Item:
    return Item(
        base.resource,
        path,
        {**base.bindings, name: data, **more},
        {**base.origins, name: path},
        base.partial,
        moved=base.moved,
        inherited=base.inherited,
    )


def _images(lens: Lens) -> Iterator[Item]:
    """The images of a kustomization as containers that say nothing else; what is said of one stands at its tag."""
    from guardrail.views.kustomizations import named_images  # for these files alone

    for found in named_images(lens.resource):
        base = lens.items("resource")[0]
        more = {"podMetadata": {}, "podSpec": {}, "role": "image", "effective": {}}
        item = _below(base, "container", {"name": found.name, "image": found.image}, found.path, more)
        item.origins["container"] = lambda _, place=found.place: place  # type: ignore[misc]
        yield item


def _containers(lens: Lens) -> Iterator[Item]:
    if lens.resource.kind in ("Kustomization", "Application"):
        yield from _images(lens)
    for pod in lens.pods:
        whole = _pod_base(lens, pod)
        for container in pod.containers:
            base = whole._replace(partial=_applied(lens.resource.partial) or container.partial, inherited=pod.partial)
            item = _below(
                base,
                "container",
                container.data,
                container.path,
                {"role": container.role, "effective": container.effective},
            )
            item.origins["effective"] = _Inherited(container)
            item.origins["role"] = container.path
            yield item


@dataclass(slots=True, eq=False, repr=False)
class _Inherited:
    """Leads a step below `effective` to the field it stands for; what is set nowhere is the container's to set."""

    container: Container

    def __call__(self, steps: Path) -> Path:
        if not steps:
            return (*self.container.path, "securityContext")
        origin = self.container.origins.get(str(steps[0]))
        if origin is None:
            return (*self.container.path, "securityContext", *steps)
        return (*origin, *steps[1:])


def _volumes(lens: Lens) -> Iterator[Item]:
    for pod in lens.pods:
        base = _pod_base(lens, pod)
        yield from _listed(base, pod.spec, pod.path, ("volumes", "volume"))


def _env(lens: Lens) -> Iterator[Item]:
    for base in lens.items("containers"):
        container = base.bindings["container"]
        if isinstance(container, dict):
            yield from _listed(base, container, base.path, ("env", "env"))


def _components(lens: Lens) -> Iterator[Item]:
    from guardrail.views.components import components  # where a policy asks for them

    for component, pod in components(lens.resource, lens.pods):
        yield Item(
            lens.resource,
            component.path,
            {"object": lens.resource.data, "component": component.data},
            {"object": lens.resource.path, "component": component.origin},
            _applied(lens.resource.partial) or component.partial,
            moved=pod.moved if pod else {},
            texts=component.texts,
        )


def _listed(base: Item, holder: dict[str, object], path: Path, names: tuple[str, str]) -> Iterator[Item]:
    """An item for each mapping in the list under `names[0]`, bound as `names[1]`."""
    key, name = names
    listed = holder.get(key)
    for index, data in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(data, dict):
            yield _below(base, name, data, (*path, key, index), {})


def _jobs(lens: Lens) -> Iterator[Item]:
    from guardrail.views import workflows  # for these files alone

    resource = lens.resource
    for job in workflows.jobs(resource):
        yield Item(
            resource,
            job.path,
            {"object": resource.data, "jobId": job.id, "job": job.data},
            {"object": resource.path, "jobId": job.path, "job": job.path},
        )


def _steps(lens: Lens) -> Iterator[Item]:
    from guardrail.actions.uses import parse_uses  # for these files alone
    from guardrail.views import workflows

    for step in workflows.steps(lens.resource):
        uses = step.data.get("uses")
        parsed = parse_uses(uses.strip()) if isinstance(uses, str) else None
        yield _step(lens.resource, step, parsed, step.path)


def _uses(lens: Lens) -> Iterator[Item]:
    from guardrail.views import workflows  # for these files alone

    for used in workflows.used(lens.resource):
        yield _step(lens.resource, workflows.Step(used.step, used.path[:-1], used.job), used.uses, used.path)


def _step(resource: Resource, step: Step, uses: Uses | None, path: Path) -> Item:
    """A step as an item; whatever is asked of its parsed `uses` stands at the text of it."""
    return Item(
        resource,
        path,
        {
            "object": resource.data,
            "jobId": step.job.id,
            "job": step.job.data,
            "step": step.data,
            "uses": None if uses is None else uses._asdict(),
        },
        {
            "object": resource.path,
            "jobId": step.job.path,
            "job": step.job.path,
            "step": step.path,
            "uses": lambda _: (*step.path, "uses"),
        },
    )


def _stages(lens: Lens) -> Iterator[Item]:
    from guardrail.views import dockerfiles  # for these files alone

    for stage in dockerfiles.stages(lens.resource):
        yield _below(lens.items("resource")[0], "stage", stage.data, stage.path, stage.bindings(stage.state))


def _instructions(lens: Lens) -> Iterator[Item]:
    from guardrail.views import dockerfiles  # for these files alone

    for base, stage in zip(lens.items("stages"), dockerfiles.stages(lens.resource), strict=True):
        for one in stage.instructions:
            yield _below(base, "instruction", one.data, one.path, stage.bindings(one.state))


def _services(lens: Lens) -> Iterator[Item]:
    services = lens.resource.data.get("services")
    for name, data in services.items() if isinstance(services, dict) else ():
        if isinstance(data, dict):
            path = (*lens.resource.path, "services", name)
            yield _below(lens.items("resource")[0], "service", data, path, {"serviceName": name})


_KINDS: Mapping[str, Callable[[Lens], Iterator[Item]]] = {
    "resource": _resource,
    "podSpec": _pod_specs,
    "containers": _containers,
    "volumes": _volumes,
    "env": _env,
    "components": _components,
    "jobs": _jobs,
    "steps": _steps,
    "uses": _uses,
    "stages": _stages,
    "instructions": _instructions,
    "services": _services,
    **{operation: _requested(operation) for operation in admission.OPERATIONS},
}
