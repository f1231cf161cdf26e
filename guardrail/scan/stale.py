"""Suppressions judged like everything else: as resources of the type `suppression`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.engine.suppress import Directive
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.policy import Policy
from guardrail.scan.judge import Judge, Scene
from guardrail.scan.place import Placer
from guardrail.scan.read import open_text
from guardrail.scan.result import FileResult
from guardrail.views.items import Lens


class Stale(NamedTuple):
    """Judges the suppressions of a run; `text_of` reads a file again when one of its comments is to be shown."""

    judge: Judge
    policies: tuple[Compiled, ...]
    text_of: Callable[[str], str]

    def judge_all(self, results: dict[str, FileResult]) -> None:
        """Judge every suppression of ours; the peers' may be meant for the peer."""
        ours = [c for c in self.policies if c.policy.match.type == "suppression"]
        in_run = {c.policy.id: c.policy for c in self.policies}
        for name, result in results.items():
            found = [
                o
                for directive in result.directives
                if directive.own
                for o in self._outcomes(self._resource(name, directive, result, in_run), ours, result)
            ]
            if found:
                opened = result.opened or open_text(name, self.text_of(name))
                placer = Placer(name, opened.lines, opened.resources)
                for resource, compiled, outcome in found:
                    self.judge.place(compiled, outcome, Scene(resource, placer), result)
                self.judge.finish(result, opened.lines.text)

    def _outcomes(
        self, resource: Resource, ours: list[Compiled], result: FileResult
    ) -> Iterator[tuple[Resource, Compiled, Outcome]]:
        lens = Lens(resource)
        for compiled in ours:
            outcome = Outcome(tally=result.tally(compiled.policy.id))
            evaluate(compiled, lens.items(compiled.each), outcome)
            if outcome.hits or outcome.failures:
                yield resource, compiled, outcome

    def _resource(self, name: str, directive: Directive, result: FileResult, in_run: Mapping[str, Policy]) -> Resource:
        """A suppression as data: names, reason, until, owner, and its state."""
        matcher = self.judge.matcher
        known = {n: matcher.own[n] for n in directive.names if n in matcher.own}
        data: dict[str, object] = {
            "policies": list(directive.names),
            "reason": directive.reason,
            "until": directive.until,
            "owner": directive.owner,
            "used": directive in result.used,
            "expired": matcher.expired(directive),
            "unknown": [n for n in directive.names if n not in known],
            "judged": bool(known) and all(id_ in in_run for id_ in known.values()),
            "locked": [n for n, id_ in known.items() if id_ in in_run and not in_run[id_].suppressible],
        }
        document = Document(name, 0, data, OnePlace(directive.place), 1, 1)
        label = ",".join(directive.names) or "unnamed"
        return Resource(document, data, (), "suppression", kind="suppression", name=label)
