"""Resources by kind, name and labels, so that a policy across resources costs what it finds and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from guardrail.graph.links import values
from guardrail.views.pods import TEMPLATE_PATHS

Object = dict[str, object]

UNKNOWN_NAMESPACE = "release-namespace"
"""What stands for the namespace of a release, which nobody knows before it is installed."""
_UNWRITTEN = (None, "", UNKNOWN_NAMESPACE)


@dataclass(slots=True, eq=False, repr=False)
class Index:
    """Objects of one scan. A namespace left empty is not known, and matches any."""

    _by_kind: dict[str, list[Object]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[tuple[str, str], list[Object]] = field(default_factory=lambda: defaultdict(list))
    _by_selector: dict[tuple[str, str, str], list[Object]] = field(default_factory=lambda: defaultdict(list))
    _by_label: dict[tuple[str, str, str], list[Object]] = field(default_factory=lambda: defaultdict(list))
    _by_field: dict[tuple[str, str], dict[str, list[Object]]] = field(default_factory=dict)
    _applications: dict[int, str] = field(default_factory=dict)

    def add(self, data: Object, kind: str = "", application: str = "") -> None:
        """Index one object; `kind` is that of its list where it does not say its own, `application` what it is of."""
        self._applications[id(data)] = application
        kind = str(data.get("kind", kind))
        self._by_field.clear()
        self._by_kind[kind].append(data)
        self._by_name[kind, str(_metadata(data).get("name", ""))].append(data)
        pair = _first_pair(_selector(data))
        self._by_selector[kind, *pair].append(data)
        for label in pod_labels(data).items():
            self._by_label[kind, *label].append(data)

    def related(self, subject: Object, relation: Mapping[str, object]) -> list[Object]:
        """The objects a policy's `related` entry joins to `subject`, in the order they were added.

        `kind` names them; `selects`: their selector matches the subject's pod template or labels; `selectedBy`:
        the subject's selector matches theirs; `references`: a field of the subject names them; `naming`: a field of
        theirs names the subject.
        """
        found = list(self._candidates(subject, relation))
        within = relation.get("namespace", "same")
        if within == "same":
            found = [o for o in found if _may_share_namespace(subject, o)]
        elif within == "together":
            found = [o for o in found if self._together(subject, o)]
        return found

    def _together(self, one: Object, other: Object) -> bool:
        """Whether two are surely in one namespace: they name it, or neither does and they are of one application."""
        first, second = _metadata(one).get("namespace"), _metadata(other).get("namespace")
        if first in _UNWRITTEN and second in _UNWRITTEN:
            return self._applications.get(id(one)) == self._applications.get(id(other))
        return first == second

    def _candidates(self, subject: Object, relation: Mapping[str, object]) -> Iterator[Object]:
        kind = str(relation["kind"])
        if "selects" in relation:
            labels = pod_labels(subject) if relation["selects"] == "podTemplate" else _labels(_metadata(subject))
            keys = [("", ""), *labels.items()]
            for key in keys:
                for candidate in self._by_selector.get((kind, *key), ()):
                    if selects(_selector(candidate), labels):
                        yield candidate
        elif "selectedBy" in relation:
            selector = _selector(subject)
            key = _first_pair(selector)
            pool: Iterable[Object] = (
                self._by_kind.get(kind, ()) if key == ("", "") else self._by_label.get((kind, *key), ())
            )
            yield from (o for o in pool if selects(selector, pod_labels(o)))
        elif "naming" in relation:
            named = str(_metadata(subject).get("name", ""))
            yield from self._naming(kind, str(relation["naming"])).get(named, ()) if named else ()
        elif "references" in relation:
            for name in values(subject, str(relation["references"]).split(".")):
                yield from self._by_name.get((kind, str(name)), ())
        else:
            yield from self._by_kind.get(kind, ())

    def _naming(self, kind: str, path: str) -> dict[str, list[Object]]:
        """Objects of a kind by what a field of theirs says."""
        key = (kind, path)
        if key not in self._by_field:
            table = self._by_field[key] = {}
            for candidate in self._by_kind.get(kind, ()):
                for value in values(candidate, path.split(".")):
                    table.setdefault(str(value), []).append(candidate)
        return self._by_field[key]


def pod_labels(data: Object) -> dict[str, str]:
    """Labels of an object's pods; of the object itself when it has no pod template."""
    path = TEMPLATE_PATHS.get(str(data.get("kind", "")), ("spec", "template"))
    node: object = data
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return _labels(_metadata(node)) if isinstance(node, dict) else _labels(_metadata(data))


def selects(selector: Mapping[str, object] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector matches labels (meta/v1 LabelSelector, or the plain map of a Service).

    No selector selects nothing; an empty LabelSelector selects everything.
    """
    if selector is None:
        return False
    wanted = _required(selector)
    if any(labels.get(k) != v for k, v in wanted.items()):
        return False
    expressions = selector.get("matchExpressions")
    return all(_meets(e, labels) for e in expressions) if isinstance(expressions, list) else True


def _meets(expression: object, labels: Mapping[str, str]) -> bool:
    if not isinstance(expression, dict):
        return False
    key, values = str(expression.get("key", "")), expression.get("values")
    listed = [str(v) for v in values] if isinstance(values, list) else []
    match expression.get("operator"):
        case "In":
            return labels.get(key) in listed
        case "NotIn":
            return labels.get(key) not in listed
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False


def _metadata(data: Mapping[str, object]) -> Object:
    found = data.get("metadata")
    return found if isinstance(found, dict) else {}


def _labels(metadata: Object) -> dict[str, str]:
    found = metadata.get("labels")
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _selector(data: Object) -> Object | None:
    """The selector of a Service, a workload, a PodDisruptionBudget (`selector`) or a NetworkPolicy (`podSelector`)."""
    spec = data.get("spec")
    if not isinstance(spec, dict):
        return None
    found = spec.get("selector", spec.get("podSelector"))
    if not isinstance(found, dict) or (not found and data.get("kind") == "Service"):
        return None
    return found


def _required(selector: Mapping[str, object]) -> dict[str, str]:
    exact = selector.get("matchLabels")
    if isinstance(exact, dict):
        return {str(k): str(v) for k, v in exact.items()}
    if "matchExpressions" in selector:
        return {}
    return {str(k): str(v) for k, v in selector.items() if not isinstance(v, dict | list)}


def _first_pair(selector: Mapping[str, object] | None) -> tuple[str, str]:
    return next(iter(_required(selector).items()), ("", "")) if selector else ("", "")


def _may_share_namespace(one: Object, other: Object) -> bool:
    first, second = _metadata(one).get("namespace"), _metadata(other).get("namespace")
    return first in _UNWRITTEN or second in _UNWRITTEN or first == second
