"""The concrete ways in which a workflow can start: event, ref, activity type, inputs, upstream conclusion.

A scenario stands for all runs that nothing in the file tells apart. What a scenario does not fix (variables, commit
messages, free inputs) is left for the simulation to assume.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

from guardrail.actions import samples, triggers
from guardrail.actions.model import Pipeline, Scenario
from guardrail.actions.samples import A_TAG, OTHER_BRANCH, Names
from guardrail.actions.triggers import Input, Trigger

LIMIT = 200
"""Scenarios of one workflow; `complete` tells whether there were more."""

_MOST_CHOICES = 24
_A_HEAD = "topic"


def scenarios(pipeline: Pipeline, limit: int = LIMIT) -> tuple[Scenario, ...]:
    """Every scenario of a workflow, in the order of its events, at most `limit`.

    Where there are more, each event gets its share, so that none is lost behind one with many cases.
    """
    by_event = [list(islice(found, limit)) for found in _by_event(pipeline)]
    room, shares = limit, [0] * len(by_event)
    while room and any(share < len(found) for share, found in zip(shares, by_event, strict=True)):
        for i, found in enumerate(by_event):
            if room and shares[i] < len(found):
                shares[i] += 1
                room -= 1
    return tuple(s for found, share in zip(by_event, shares, strict=True) for s in found[:share])


def complete(pipeline: Pipeline, limit: int = LIMIT) -> bool:
    """Whether `scenarios` with this limit leaves none out."""
    every = (scenario for found in _by_event(pipeline) for scenario in found)
    return next(islice(every, limit, None), None) is None


def known_names(pipeline: Pipeline) -> Names:
    """The branches, tags and heads that filters and conditions of a pipeline, or of what it calls, tell apart."""
    read = [triggers.trigger(e, _mapping(c)) for e, c in pipeline.triggers.items()]
    patterns = [p for t in read for f in (t.branches, t.tags) for p in f.patterns]
    called = [job.data for job in pipeline.jobs.values() if job.caller]
    composite = [step.action for job in pipeline.jobs.values() for step in job.steps if step.action]
    return samples.names({"": [pipeline.data, *called, *composite]}, patterns)


def _by_event(pipeline: Pipeline) -> Iterator[Iterator[Scenario]]:
    known = known_names(pipeline)
    for event, config in pipeline.triggers.items():
        read = triggers.trigger(event, _mapping(config))
        read = read._replace(inputs=tuple(i for i in read.inputs if i.name))
        yield _trusting(event, _KINDS.get(event, _on_default_branch)(read, known))


def _trusting(event: str, found: Iterable[Scenario]) -> Iterator[Scenario]:
    for scenario in found:
        yield scenario._replace(trusted=scenario.trusted and event not in triggers.STRANGERS)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _push(read: Trigger, known: Names) -> Iterator[Scenario]:
    if not read.branches.given and read.tags.given:
        branches: tuple[str, ...] = ()
    else:
        branches = samples.branches(read.branches, known)
    for name in branches:
        yield Scenario("push", f"refs/heads/{name}", label=f"push to {name}")
    if read.tags.given or not read.branches.given:
        for name in samples.tags(read.tags, known):
            yield Scenario("push", f"refs/tags/{name}", label=f"push of tag {name}")


def _pull_request(read: Trigger, known: Names) -> Iterator[Scenario]:
    """Base branches x activity types x heads; `closed` both merged and not (events page, `pull_request`)."""
    heads, types = tuple(dict.fromkeys((*known.heads, _A_HEAD))), _types(read, known)
    several = read.explicit_types or len(types) > 1
    for base, action, head in product(samples.branches(read.branches, known), types, heads):
        for merged in (True, False) if action == "closed" else (False,):
            scenario = _with_ref(Scenario(read.event, "", action, base, head=head, merged=merged), known)
            told = [("merged" if merged else action) if several else "", f"from {head}" if head != _A_HEAD else ""]
            more = f" ({', '.join(t for t in told if t)})" if any(told) else ""
            yield scenario._replace(label=f"{read.event} to {base}{more}")


def _with_ref(scenario: Scenario, known: Names) -> Scenario:
    """A pull request scenario with its ref.

    `pull_request` runs on `refs/pull/N/merge`, or on the base branch once merged; `pull_request_target` runs in the
    context of the default branch, whatever the base (events page; until late 2025 it was the base branch).
    """
    if scenario.event == "pull_request_target":
        return scenario._replace(ref=f"refs/heads/{known.default}")
    return scenario._replace(ref=f"refs/heads/{scenario.base}" if scenario.merged else "refs/pull/1/merge")


def _merge_group(read: Trigger, known: Names) -> Iterator[Scenario]:
    for base in samples.branches(read.branches, known):
        ref = f"refs/heads/gh-readonly-queue/{base}/pr-1"
        yield Scenario("merge_group", ref, "checks_requested", base, label=f"merge_group for {base}")


def _release(read: Trigger, known: Names) -> Iterator[Scenario]:
    for action, tag in product(_types(read, known), dict.fromkeys((A_TAG, *known.tags))):
        label = f"release {action}" if tag == A_TAG else f"release {action} of {tag}"
        yield Scenario("release", f"refs/tags/{tag}", action, label=label)


def _dispatch(read: Trigger, known: Names) -> Iterator[Scenario]:
    """Any branch or tag that has the file x the values of choice and boolean inputs (events page)."""
    refs = [("heads", b) for b in (known.default, *known.branches, OTHER_BRANCH)]
    refs += [("tags", t) for t in known.tags] or [("tags", A_TAG) for _ in range("refs/tags" in known.text)]
    for kind, name in dict.fromkeys(refs):
        for values in _values(read.inputs, known):
            told = ", ".join(f"{n}: {str(v).lower() if isinstance(v, bool) else v}" for n, v in values.items())
            label = f"workflow_dispatch on {name}" + (f" with {told}" if told else "")
            yield Scenario(read.event, f"refs/{kind}/{name}", inputs=values, label=label)


def _values(declared: Sequence[Input], known: Names) -> list[dict[str, object]]:
    """The combinations of choice and boolean inputs that the file looks at; when there are too many, the first few.

    Inputs left out are not fixed: the simulation takes them for any of their values.
    """
    kept: list[tuple[str, tuple[object, ...]]] = []
    room = _MOST_CHOICES
    text = known.text.lower()
    for one in declared:
        choices = domain(one)
        if choices and len(choices) <= room and one.name.lower() in text:
            kept.append((one.name, choices))
            room //= len(choices)
    return [dict(zip([n for n, _ in kept], combined, strict=True)) for combined in product(*(c for _, c in kept))]


def domain(declared: Input) -> tuple[object, ...]:
    """All values an input can have when those are known: of a choice or a boolean; the default first."""
    found: tuple[object, ...] = (True, False) if declared.type == "boolean" else ()
    if declared.type == "choice":
        found = declared.options
    return tuple(sorted(found, key=lambda value: value != declared.default))


def _call(read: Trigger, known: Names) -> Iterator[Scenario]:
    """Called by an unknown workflow: event, ref and inputs are those of its caller."""
    yield Scenario(read.event, label="workflow_call")


def _workflow_run(read: Trigger, known: Names) -> Iterator[Scenario]:
    """Upstreams x types x how they ended x what started them: a push to a branch, or a stranger's pull request.

    It starts whatever the upstream conclusion, in the context of the default branch, and one of several upstreams is
    enough (events page, `workflow_run`). A pull request's branch may have any name, `main` included.
    """
    ref = f"refs/heads/{known.default}"
    for upstream, action in product(read.workflows or ("",), read.types):
        for conclusion in ("success", "failure") if action == "completed" else ("",):
            for head in samples.branches(read.branches, known):
                for origin in ("push", "pull_request"):
                    end = f" ({conclusion})" if conclusion else f" ({action})"
                    after = f"workflow_run after {upstream or 'a workflow'}{end}, {origin} "
                    label = after + (f"to {head}" if origin == "push" else f"from {head}")
                    yield Scenario(
                        read.event,
                        ref,
                        action,
                        upstream=upstream,
                        conclusion=conclusion,
                        trusted=origin == "push",
                        label=label,
                        head=head,
                        origin=origin,
                    )


def _create(read: Trigger, known: Names) -> Iterator[Scenario]:
    for kind, name in (("heads", OTHER_BRANCH), ("tags", A_TAG)):
        yield Scenario(read.event, f"refs/{kind}/{name}", label=f"{read.event} of {name}")


def _deployment(read: Trigger, known: Names) -> Iterator[Scenario]:
    yield Scenario(read.event, label=read.event)


def _on_default_branch(read: Trigger, known: Names) -> Iterator[Scenario]:
    """Events that run on the last commit of the default branch, once per activity type."""
    for action in _types(read, known) or ("",):
        label = f"{read.event} ({action})" if action else read.event
        yield Scenario(read.event, f"refs/heads/{known.default}", action, label=label)


def _reviewed(read: Trigger, known: Names) -> Iterator[Scenario]:
    for action in _types(read, known):
        label = f"{read.event} ({action})"
        yield Scenario(read.event, "refs/pull/1/merge", action, known.default, label=label, head=_A_HEAD)


def _types(read: Trigger, known: Names) -> tuple[str, ...]:
    """Activity types to tell apart: those written; all that count when a condition looks at them, else the first."""
    if read.explicit_types or len(read.types) < 2:
        return tuple(dict.fromkeys(read.types)) or ("",)
    return read.types if "event.action" in known.text else read.types[:1]


_KINDS: Mapping[str, Callable[[Trigger, Names], Iterator[Scenario]]] = {
    "push": _push,
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,
    "pull_request_review": _reviewed,
    "pull_request_review_comment": _reviewed,
    "merge_group": _merge_group,
    "release": _release,
    "workflow_dispatch": _dispatch,
    "workflow_call": _call,
    "workflow_run": _workflow_run,
    "create": _create,
    "deployment": _deployment,
    "deployment_status": _deployment,
}
