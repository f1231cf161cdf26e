"""Where kinds that describe pods in words of their own keep the parts of them: a table, read by `pod_assembly`.

A kind that holds a pod spec as core/v1 has it, wherever it holds it, needs no entry: `pods` knows it by its shape
(Rollout, Knative, ScaledJob, JobSet, LeaderWorkerSet, RayCluster, Sandbox, ClusterServiceVersion ...).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.model.place import Path
from guardrail.views.pod_containers import OPERATED

EACH = "*"
"""In a path: every entry of a list, or every value of a mapping."""


class Layer(NamedTuple):
    """A mapping that has fields of the pod spec, below the pod, or below the root where `root`.

    `names` are fields that are called otherwise there; an empty name: not there, whatever has that name.
    """

    at: Path = ()
    root: bool = False
    names: Mapping[str, str] = {}


class Slot(NamedTuple):
    """Containers at a path below the pod: the list of the pod spec that they end up in, and the part that they play.

    `name` is for a container that has none; `bases` are what it inherits from, nearest first; of the root it takes the
    fields `taken`.
    """

    at: Path
    listed: str = "containers"
    role: str = "container"
    name: str = ""
    bases: tuple[Layer, ...] = ()
    taken: tuple[str, ...] = ()


class Layout(NamedTuple):
    """Where a kind keeps pods: `root` is what is said for all of them, `pods` are paths below it.

    A field of a pod is taken from the first of `layers` that has it; of the root's volumes those that are mounted.
    `metadata` is what has the pod's labels and annotations. `renamed` are fields of containers that are called
    otherwise, by the name that they have here. Where a layer has one of `patches`, that text may set anything else.
    `open` says who else sets fields of the pod, and reads after "depends on". `filled` is what the controller sets
    where nobody else does. `home` is where a pod spec is or would be, below the pod: not where a container is that the
    pod is itself.
    """

    root: Path
    pods: tuple[Path, ...]
    slots: tuple[Slot, ...]
    layers: tuple[Layer, ...] = (Layer(),)
    metadata: tuple[Layer, ...] = ()
    renamed: Mapping[str, str] = {}
    patches: tuple[str, ...] = ()
    open: str = ""
    filled: Mapping[str, object] = {}
    home: Path = ()


_ENDS = {"restartPolicy": "Never"}
_DEFAULTS = ("templateDefaults",)


def _workflow(root: Path) -> Layout:
    """Argo Workflows, docs/fields.md (WorkflowSpec, Template, ContainerSetTemplate, UserContainer).

    createWorkflowPod (workflow/controller/workflowpod.go): restartPolicy Never; securityContext and the service
    account are the template's, else the workflow's; of the workflow's volumes a pod gets those that it mounts; the
    container of `container` and `script` is named main; sidecars are ordinary containers; podSpecPatch is merged in at
    the end. docs/template-defaults.md: what a template says wins over templateDefaults.
    """

    def main(field: str) -> Slot:
        return Slot((field,), name="main", bases=(Layer((*_DEFAULTS, field), root=True),))

    return Layout(
        root,
        (
            ("templates", EACH),
            ("templates", EACH, "steps", EACH, EACH, "inline"),
            ("templates", EACH, "dag", "tasks", EACH, "inline"),
            _DEFAULTS,
        ),
        (
            Slot(("initContainers", EACH), "initContainers", "initContainer"),
            main("container"),
            main("script"),
            Slot(("containerSet", "containers", EACH)),
            Slot(("sidecars", EACH), role="sidecar"),
        ),
        (Layer(), Layer(_DEFAULTS, root=True), Layer(root=True, names={"priorityClassName": "podPriorityClassName"})),
        (Layer(("metadata",)), Layer((*_DEFAULTS, "metadata"), root=True), Layer(("podMetadata",), root=True)),
        patches=("podSpecPatch",),
        filled=_ENDS,
    )


_STEPS = (
    Slot(("steps", EACH), role="step", bases=(Layer(("stepTemplate",)),)),
    Slot(("sidecars", EACH), role="sidecar"),
)
_RESOURCES = {"resources": "computeResources"}


def _tasks(root: Path, tasks: tuple[Path, ...], run: str = "", shared: tuple[Path, ...] = ()) -> Layout:
    """Tekton, docs/tasks.md, docs/podtemplates.md, docs/pipelineruns.md.

    pkg/pod/pod.go, Build: restartPolicy Never; steps are merged into stepTemplate, sidecars are not; all else of the
    pod comes from the run's podTemplate. `computeResources` is v1's name of `resources`.
    `run`: who brings the podTemplate; `shared`: where it is, below the root.
    """
    layers = (Layer(), *(Layer(path, root=True) for path in shared))
    return Layout(root, tasks, _STEPS, layers, (), _RESOURCES, ("taskRunSpecs",), run, _ENDS)


def _pod_templates(*paths: Path) -> Layout:
    """The podTemplate of a run, whatever Task it is for (Tekton, docs/podtemplates.md)."""
    return Layout(("spec",), paths, (), open="the Task that it is for", filled=_ENDS)


_IN_PIPELINE: tuple[Path, ...] = (("tasks", EACH, "taskSpec"), ("finally", EACH, "taskSpec"))
_OF_RUN: tuple[Path, ...] = (("taskRunTemplate", "podTemplate"), ("taskRunTemplate",), ("podTemplate",), ())
_TASK_RUN, _PIPELINE_RUN = "the podTemplate of its TaskRun", "the podTemplate of its PipelineRun"


def _spark(root: Path, part: str) -> Layout:
    """Spark operator of Kubeflow, api/v1beta2/sparkapplication_types.go (SparkPodSpec, DriverSpec).

    The driver and each executor are a pod and its main container in one; `securityContext` is the container's,
    `podSecurityContext` the pod's; of `volumes` a pod gets those that it mounts (addVolumes, internal/webhook). Spark
    works out resources by itself; a `template` is what it starts from, its first container is the main one (Spark's
    documents, "Running on Kubernetes", pod template).
    """
    start = ("template", "spec")
    names = {"securityContext": "podSecurityContext", "serviceAccountName": "serviceAccount", "volumes": ""}
    base, taken = (Layer((*start, "containers", 0)),), ("image", "imagePullPolicy")
    return Layout(
        root,
        ((part,),),
        (
            Slot(("initContainers", EACH), "initContainers", "initContainer"),
            Slot((*start, "initContainers", EACH), "initContainers", "initContainer"),
            Slot((), role=part, name=f"spark-kubernetes-{part}", bases=base, taken=taken),
            Slot(("sidecars", EACH), role="sidecar"),
        ),
        (Layer(names=names), Layer(start), Layer(root=True, names={"imagePullSecrets": ""})),
        (Layer(), Layer(("template", "metadata"))),
        filled=_ENDS,
        home=start,
    )


LAYOUTS: Mapping[tuple[str, str], tuple[Layout, ...]] = {
    ("argoproj.io", "Workflow"): (_workflow(("spec",)),),
    ("argoproj.io", "WorkflowTemplate"): (_workflow(("spec",)),),
    ("argoproj.io", "ClusterWorkflowTemplate"): (_workflow(("spec",)),),
    ("argoproj.io", "CronWorkflow"): (_workflow(("spec", "workflowSpec")),),
    ("tekton.dev", "Task"): (_tasks(("spec",), ((),), _TASK_RUN),),
    ("tekton.dev", "ClusterTask"): (_tasks(("spec",), ((),), _TASK_RUN),),
    ("tekton.dev", "Pipeline"): (_tasks(("spec",), _IN_PIPELINE, _PIPELINE_RUN),),
    ("tekton.dev", "TaskRun"): (
        _tasks(("spec",), (("taskSpec",),), "", (("podTemplate",), ())),
        _pod_templates(("podTemplate",)),
    ),
    ("tekton.dev", "PipelineRun"): (
        _tasks(("spec",), tuple(("pipelineSpec", *path) for path in _IN_PIPELINE), "", _OF_RUN),
        _pod_templates(*_OF_RUN[:1], ("podTemplate",), ("taskRunSpecs", EACH, "podTemplate")),
    ),
    ("tekton.dev", "StepAction"): (
        Layout((), (("spec",),), (Slot((), role="step"),), (), renamed=_RESOURCES, open=_TASK_RUN, filled=_ENDS),
    ),
    ("sparkoperator.k8s.io", "SparkApplication"): tuple(_spark(("spec",), part) for part in ("driver", "executor")),
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): tuple(
        _spark(("spec", "template"), part) for part in ("driver", "executor")
    ),
}
"""By API group and kind."""


class Completion(NamedTuple):
    """What becomes of pod specs that a kind holds in their own shape: `open` and `filled` as in a layout.

    Where `below` is given, only what lies below a key of that name is a pod spec, and then a patch of one.
    """

    filled: Mapping[str, object] = {}
    open: str = ""
    below: str = ""


COMPLETED: Mapping[tuple[str, str], Completion] = {
    ("keda.sh", "ScaledJob"): Completion({"restartPolicy": "OnFailure"}),
    ("jobset.x-k8s.io", "JobSet"): Completion({"restartPolicy": "OnFailure"}),
    ("monitoring.coreos.com", ""): Completion(open=OPERATED),
    ("postgresql.cnpg.io", ""): Completion(open=OPERATED),
    ("kyverno.io", "ClusterPolicy"): Completion(below="mutate"),
    ("kyverno.io", "Policy"): Completion(below="mutate"),
}
"""By API group and kind, an empty kind for all of a group.

ScaledJob: kedacore/keda, scale_jobs.go; JobSet: kubernetes-sigs/jobset, its defaulting webhook: a restartPolicy that is
not given becomes OnFailure. monitoring.coreos.com: prometheus-operator, api.md: `containers` are added to what the
operator generates or merged into it. postgresql.cnpg.io: CloudNativePG, API reference, Pooler `template`. Kyverno:
kyverno.io, "Mutate Rules", patchStrategicMerge.
"""
