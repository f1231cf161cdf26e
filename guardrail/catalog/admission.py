"""Kubernetes ValidatingAdmissionPolicies as policies: one for each binding, one in audit mode without a binding.

Semantics: kubernetes.io, "Validating Admission Policy". Matching is in `guardrail.catalog.admission_match`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import compile as regex
from typing import Any

from guardrail.catalog.admission_match import GROUP, conditions, kinds, labels_needed, operation
from guardrail.catalog.files import Written, validate
from guardrail.errors import PolicyError, did_you_mean
from guardrail.formats import kubernetes
from guardrail.model.document import Document
from guardrail.model.place import Path, render_path
from guardrail.model.policy import Match, Policy
from guardrail.model.value import UnknownValue

_POLICY, _BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
_OTHERS = (
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
)
_ACTIONS = (
    ("Deny", "high", "a cluster refuses it, so the deployment fails there"),
    ("Warn", "medium", "a cluster answers with a warning"),
    ("Audit", "low", "a cluster notes it in its audit log; here it is reported and never fails a run"),
)
_UNBOUND = "no binding among the policy files puts it in force; it is reported and never fails a run"
_LITERAL = regex(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_MENTIONS = regex(r"(?<![\w.])(authorizer|namespaceObject)\b")
_TITLE_LENGTH = 120


@dataclass(slots=True, eq=False, repr=False)
class Part(Written):
    """A Kubernetes object in a policy file; `at` leads to it within its document."""

    origin: str = ""
    at: Path = ()

    def place(self, path: Path = ()) -> str:
        """`file:line:column` of a path within the object."""
        return Written.place(self, (*self.at, *path))

    @property
    def name(self) -> str:
        """metadata.name."""
        metadata = self.data.get("metadata")
        return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""


def objects(written: Written, origin: str) -> Iterator[Part]:
    """The Kubernetes objects of a document; raises PolicyError for an admission policy that is malformed."""
    document = Document(written.file, 0, written.data, written.places, 1, 1)
    for resource in kubernetes.resources(document):
        data = _without_nulls(resource.data)
        part = Part(written.file, data, written.places, origin, resource.path)
        if resource.api_version.startswith(GROUP + "/") and resource.kind not in _OTHERS:
            if resource.kind not in (_POLICY, _BINDING):
                hint = did_you_mean(resource.kind, (_POLICY, _BINDING))
                raise PolicyError(f"{GROUP} has no kind '{resource.kind}'{hint}", part.place(("kind",)))
            validate(part, "admission")
        yield part


def policies(parts: Sequence[Part]) -> Iterator[Policy]:
    """The policies that admission policies and their bindings amount to.

    Raises PolicyError for a binding without its policy, and for an object defined twice.
    """
    found = {p.name: p for p in _of_kind(parts, _POLICY)}
    bound: dict[str, list[Part]] = {name: [] for name in found}
    for binding in _of_kind(parts, _BINDING):
        name = binding.data["spec"]["policyName"]
        if name not in bound:
            raise PolicyError(
                f"binding {binding.name} names the policy '{name}', which is not among the policy files"
                f"{did_you_mean(name, found)}",
                binding.place(("spec", "policyName")),
            )
        bound[name].append(binding)
    for name, policy in found.items():
        bindings: list[Part | None] = [*bound[name]] or [None]
        yield from (_policy(policy, b, len(bindings) > 1) for b in bindings)


def parameters(parts: Sequence[Part]) -> tuple[dict[str, object], ...]:
    """The objects among `parts` that are of a kind some admission policy takes parameters from."""
    wanted = {p.data["spec"]["paramKind"]["kind"] for p in _of_kind(parts, _POLICY) if "paramKind" in p.data["spec"]}
    return tuple(p.data for p in parts if p.data.get("kind") in wanted)


def _of_kind(parts: Iterable[Part], kind: str) -> Iterator[Part]:
    first: dict[str, Part] = {}
    for part in parts:
        if part.data.get("kind") != kind or not str(part.data.get("apiVersion")).startswith(GROUP):
            continue
        before = first.setdefault(part.name, part)
        if before is not part:
            raise PolicyError(
                f"{kind} {part.name} is defined twice, first in {before.place(('metadata', 'name'))}",
                part.place(("metadata", "name")),
            )
        yield part


def _policy(part: Part, binding: Part | None, several: bool) -> Policy:
    """The policy of one binding; named after its policy, and after the binding too where there are several."""
    spec: Mapping[str, Any] = part.data["spec"]
    bound: Mapping[str, Any] = binding.data["spec"] if binding is not None else {}
    actions = bound.get("validationActions", ())
    word, severity, effect = next((a for a in _ACTIONS if a[0] in actions), ("Audit", "low", _UNBOUND))
    scopes = [s for s in (spec["matchConstraints"], bound.get("matchResources")) if s]
    heard = operation(spec["matchConstraints"])
    related = dict(_related(part, scopes, None if binding is None else bound))
    when = [{"cel": text} for scope in scopes for text in conditions(scope, heard)]
    when += [{"cel": _judged(c["expression"])} for c in spec.get("matchConditions", ())]
    if bound.get("paramRef", {}).get("parameterNotFoundAction") == "Allow":
        when.append({"cel": "params != null"})
    described = _described(part)
    validations = spec.get("validations", ())
    said = next((_message(v) for v in validations if "message" in v), f"Refused by the admission policy {part.name}")
    names = (part.name, binding.name) if binding is not None and several else (part.name,)
    return Policy(
        id=policy_id("-".join(names)),
        title=_short(described.get("title") or said),
        severity=severity,
        category="admission",
        why=_sentence(described.get("description", ""), f"{_subject(part, binding)}: {effect}."),
        remediation=described.get("remediation") or _remediation(validations),
        match=Match("kubernetes", kinds(spec["matchConstraints"], heard) if validations else ()),
        scope="repository" if related else "resource",
        operation=heard,
        mode="audit" if word == "Audit" else "enforce",
        assertions=tuple(_assertion(v) for v in validations),
        when=({"all": when},) if when else (),
        variables={v["name"]: _judged(v["expression"]) for v in spec.get("variables", ())},
        related=related,
        profiles=("essential",),
        tags=tuple(sorted({v["reason"] for v in validations if "reason" in v})),
        place=part.place(("metadata", "name")),
        places=dict(_places(part)),
        origin=part.origin,
    )


def policy_id(name: str) -> str:
    """A Kubernetes name as a policy id: kebab-case, of two words at least, a letter first."""
    text = "-".join(regex(r"[a-z0-9]+").findall(name.lower()))
    if not text[:1].isalpha():
        text = f"policy-{text}"
    return text if "-" in text else f"{text}-policy"


def _assertion(validation: Mapping[str, Any]) -> dict[str, object]:
    # What looks like a template in a plain message is text, and says so as a template.
    assertion: dict[str, object] = {
        "cel": _judged(validation["expression"]),
        "message": _message(validation).replace("{{", "{{'{{'}}"),
    }
    if "messageExpression" in validation:
        assertion["messageExpression"] = validation["messageExpression"]
    return assertion


def _judged(expression: str) -> str:
    """The expression; one that asks the authorizer is as unknown as its answer."""
    return "authorizer" if "authorizer" in _mentioned(expression) else expression


def _mentioned(expression: str) -> set[str]:
    return set(_MENTIONS.findall(_LITERAL.sub("''", expression)))


def _expressions(spec: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for section in ("variables", "matchConditions", "validations"):
        for index, entry in enumerate(spec.get(section, ())):
            for key in ("expression", "messageExpression"):
                if key in entry:
                    yield ("spec", section, index, key), entry[key]


def _places(part: Part) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each expression's path and `file:line:column`, by its text."""
    for path, text in reversed(list(_expressions(part.data["spec"]))):
        yield text, (render_path(path), part.place(path))


def _related(
    part: Part, scopes: Sequence[Mapping[str, Any]], bound: Mapping[str, Any] | None
) -> Iterator[tuple[str, dict[str, object]]]:
    """What has to be looked up in the scan: the Namespace where it matters, and the parameters."""
    spec = part.data["spec"]
    asked = any("namespaceObject" in _mentioned(text) for _, text in _expressions(spec))
    if asked or any(labels_needed(s.get("namespaceSelector", {})) for s in scopes):
        yield (
            "namespaceObject",
            {
                "kind": "Namespace",
                "references": "metadata.namespace",
                "single": True,
            },
        )
    kind = spec.get("paramKind")
    reference = {"selector": None} if bound is None else bound.get("paramRef")
    if kind and reference:
        name = f"{kind['kind']} {reference.get('name', '')}".strip()
        absent: object = UnknownValue(f"{name}, which is not among the files")
        if bound is None:
            absent = UnknownValue(f"the {kind['kind']} that a binding would name")
        elif reference.get("parameterNotFoundAction") == "Allow":
            absent = None
        yield (
            "params",
            {
                "kind": kind["kind"],
                "group": kind["apiVersion"].rpartition("/")[0],
                **{k: v for k, v in reference.items() if k in {"name", "selector"}},
                **({"within": reference["namespace"]} if "namespace" in reference else {}),
                "single": True,
                "absent": absent,
            },
        )


def _described(part: Part) -> dict[str, str]:
    """Annotations in words, by the last part of their keys: `title`, `description`, `remediation`."""
    annotations = part.data["metadata"].get("annotations", {})
    return {str(k).rpartition("/")[2]: " ".join(str(v).split()) for k, v in annotations.items()}


def _message(validation: Mapping[str, Any]) -> str:
    text = validation.get("message") or f"failed expression: {validation['expression']}"
    return " ".join(str(text).split())


def _short(text: str) -> str:
    text = text.rstrip(".")
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1] + "…"


def _subject(part: Part, binding: Part | None) -> str:
    through = f" through its binding {binding.name}" if binding is not None else ""
    return f"The {_POLICY} {part.name} asks for it{through}"


def _sentence(*parts: str) -> str:
    return " ".join(p if p.endswith((".", "!", "?")) else f"{p}." for p in parts if p)


def _remediation(validations: Sequence[Mapping[str, Any]]) -> str:
    wanted = dict.fromkeys(v.get("message") or v["expression"] for v in validations)
    shown = [f"    {line}" for text in wanted for line in str(text).strip().splitlines()]
    return "\n".join(["Make this hold:" if len(wanted) == 1 else "Make each of these hold:", "", *shown])


def _without_nulls(value: Any) -> Any:
    """As the API server reads it: a key whose value is null is not there."""
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if isinstance(value, list) else value
