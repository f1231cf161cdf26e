"""How policies look at a delivery: gates by name, the deploys they are about, findings with the run that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from guardrail.actions.model import Trace
from guardrail.actions.simulate import story
from guardrail.graph.deliveries import delivery
from guardrail.graph.delivery import Delivery
from guardrail.graph.deploys import Deploy
from guardrail.graph.evidence import ALL, settled
from guardrail.graph.gates import VIOLATED, Verdict, verdict
from guardrail.graph.repository import Repository
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item

Related = tuple[Pointer, str]
"""A place and what it is, in a word or two."""


class Gate(NamedTuple):
    """A gate as policies ask for it: its name, what counts as it, the words for it in a sentence.

    `of` is what it looks at: `code`, an `image`, the `definition` of infrastructure, or `anything`. A deploy that ships
    nothing of that kind does not need it.
    """

    name: str
    capabilities: tuple[str, ...]
    words: str
    of: str = "code"


GATES: Mapping[str, Gate] = {
    gate.name: gate
    for gate in (
        Gate("tests", ("unit-test", "integration-test", "e2e"), "tests"),
        Gate("unit-test", ("unit-test",), "unit tests"),
        Gate("integration-test", ("integration-test",), "integration tests"),
        Gate("e2e", ("e2e",), "end-to-end tests"),
        Gate("lint", ("lint", "format"), "a linter", "anything"),
        Gate("typecheck", ("typecheck",), "a type check"),
        Gate("coverage", ("coverage",), "a coverage threshold"),
        Gate("mutation", ("mutation",), "mutation tests"),
        Gate("performance", ("performance",), "performance tests"),
        Gate("sast", ("sast",), "static security analysis"),
        Gate("secret-scan", ("secret-scan",), "a secret scan", "anything"),
        Gate("dependency-audit", ("dependency-audit",), "a dependency audit"),
        Gate("licence-check", ("licence-check",), "a licence check", "code"),
        Gate("container-scan", ("container-scan",), "a container scan", "image"),
        Gate("iac-scan", ("iac-scan",), "an infrastructure scan", "definition"),
        Gate("sign", ("sign", "attest", "verify-signature"), "a signature", "image"),
        Gate("sbom", ("sbom",), "a bill of materials", "image"),
    )
}


_INFRASTRUCTURE = frozenset({"terraform", "tofu", "terragrunt", "pulumi", "cloudformation", "cdk", "bicep"})
_DEFINED = frozenset({"kubectl", "helm", "kustomize", "helmfile", "argocd", "ansible", "ansible-playbook"})
"""Tools whose input defines what runs, rather than being it."""


class Look(NamedTuple):
    """A workflow under a gate policy: its delivery, the deploys the policy is about, and what it accepts."""

    repository: Repository
    delivery: Delivery
    deploys: tuple[Deploy, ...]
    arguments: Mapping[str, Any]
    file: str

    @classmethod
    def whole(cls, item: Item, arguments: Mapping[str, Any]) -> Look:
        """The look at a workflow, whatever its deploys go to."""
        repository = item.bindings["repository"]
        assert isinstance(repository, Repository)
        file = item.resource.document.file
        return cls(repository, delivery(repository, file, item.resource.data), (), arguments, file)

    @classmethod
    def at(cls, item: Item, arguments: Mapping[str, Any]) -> Look:
        """The look at a workflow and its deploys to `environments`, those to `exempt` ones left out."""
        look = cls.whole(item, arguments)
        going = look.delivery.going_to(
            arguments["environments"], arguments.get("exempt", ()), arguments.get("unnamed", True)
        )
        return look._replace(deploys=going)

    def verdicts(self, deploy: Deploy, gate: Gate) -> tuple[tuple[Sequence[str], Verdict], ...]:
        """What is known of a gate before a deploy, for each set of tools of which one has to be it."""
        asked = self.arguments.get("toolsOf", {}).get(gate.name) or [self.arguments.get("tools", ())]
        return tuple((tools, self._verdict(deploy, gate, tools)) for tools in asked)

    def _verdict(self, deploy: Deploy, gate: Gate, tools: Sequence[str]) -> Verdict:
        """The same for one set of tools, or whatever does it where that is empty; other workflows are weighed."""

        def make() -> Verdict:
            candidates = self.delivery.gates(gate.capabilities, tools)
            found = verdict(self.delivery, deploy, gate.name, candidates)
            accepted = self.arguments.get("evidence", ALL)
            return settled(found, self.repository, self.delivery, gate.capabilities, accepted)

        asked = (str(list(tools)), str(self.arguments.get("evidence")))
        return self.repository.once((self.file, deploy.job.id, gate.name, *asked), make)

    def concerns(self, deploy: Deploy, gate: Gate) -> bool:
        """Whether a deploy ships something that the gate looks at."""
        if gate.of == "image":
            return any(a.ability.capability == "image-push" or "image" in a.ability.details for a in self.delivery.acts)
        tools = {
            a.ability.details.get("tool", "")
            for a in self.delivery.acts
            if a.job.id == deploy.job.id and a.ability.capability == "deploy"
        }
        if gate.of == "definition":
            return bool(tools & (_DEFINED | _INFRASTRUCTURE))
        return gate.of == "anything" or not tools or not tools <= _INFRASTRUCTURE

    def path(self, deploy: Deploy) -> Path:
        """The path of a deploy's job in the workflow looked at; of the calling job where it is called."""
        pointer = deploy.job.pointer
        return pointer.path if pointer.file == self.file else ("jobs", deploy.job.id.partition("/")[0])

    def hit(
        self,
        pointer: Pointer,
        message: str,
        about: Verdict | Deploy,
        trace: Trace | None = None,
        missing: bool = False,
        related: tuple[Related, ...] = (),
    ) -> Hit:
        """A finding at a pointer, with the places it is about and the run that shows it.

        What lies in a file that is called is shown at the call, with the place itself as related.
        """
        verdict = about if isinstance(about, Verdict) else Verdict("", about, VIOLATED, trace=trace)
        deploy, act = verdict.deploy, verdict.act
        places = [*related]
        if pointer.file != self.file:
            places.append((pointer, "here"))
            pointer = Pointer(self.file, ("jobs", deploy.job.id.partition("/")[0]))
        told = self._story(verdict)
        if not told:  # which leads past both
            places += [] if deploy.pointer == pointer else [(deploy.pointer, "the deploy")]
            places += [] if act is None or act.pointer == pointer else [(act.pointer, "the gate")]
        return Hit(
            pointer.path,
            message,
            missing=missing,
            related=tuple(places),
            text=pointer.text,
            occurrence=pointer.occurrence,
            flow=told,
        )

    def _story(self, verdict: Verdict) -> tuple[Related, ...]:
        deploy = verdict.deploy
        if verdict.trace is None or deploy.act is None:
            return ()
        return story(self.delivery.before(deploy), verdict.trace, verdict.faults, deploy.act.step.key)
