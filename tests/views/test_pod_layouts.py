"""Kinds that hold pods: where each has them, what they come to, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.formats.kubernetes import resources
from guardrail.model.document import Document, Resource
from guardrail.model.place import Path, render_path
from guardrail.model.value import UnknownValue
from guardrail.views.pod_layouts import COMPLETED, LAYOUTS
from guardrail.views.pods import OTHER_GROUPS, POLICY_GROUPS, Container, Pod, pods, written
from tests.formats.reading import one


def resource(text: str) -> Resource:
    parsed = one(dedent(text))
    document = Document("x.yaml", 0, parsed.data, parsed.places, 1, 1)
    (found,) = resources(document)
    return found


def found(text: str) -> tuple[Pod, ...]:
    return pods(resource(text))


def containers(text: str) -> list[tuple[str, str]]:
    """Where each container is written, and the part it plays."""
    return [(render_path(c.path), c.role) for pod in found(text) for c in pod.containers]


def only(text: str) -> tuple[Pod, Container]:
    (pod,) = found(text)
    (container,) = pod.containers
    return pod, container


def at(pod: Pod, *steps: str | int) -> str:
    """Where a path below a pod is written."""
    return render_path(written((*pod.path, *steps), pod.moved))


def within(pod: Pod, container: Container, *steps: str | int) -> str:
    return render_path(written((*container.path, *steps), pod.moved))


def value(data: object, path: Path) -> Any:
    node: Any = data
    for step in path:
        node = node[step]
    return node


SHAPES = {
    "argo rollout": ("argoproj.io/v1alpha1", "Rollout", "spec.template.spec"),
    "knative service": ("serving.knative.dev/v1", "Service", "spec.template.spec"),
    "knative configuration": ("serving.knative.dev/v1", "Configuration", "spec.template.spec"),
    "knative revision": ("serving.knative.dev/v1", "Revision", "spec"),
    "container source": ("sources.knative.dev/v1", "ContainerSource", "spec.template.spec"),
    "scaled job": ("keda.sh/v1alpha1", "ScaledJob", "spec.jobTargetRef.template.spec"),
    "job set": ("jobset.x-k8s.io/v1alpha2", "JobSet", "spec.replicatedJobs.0.template.spec.template.spec"),
    "leader": ("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", "spec.leaderWorkerTemplate.leaderTemplate.spec"),
    "worker": ("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", "spec.leaderWorkerTemplate.workerTemplate.spec"),
    "ray head": ("ray.io/v1", "RayCluster", "spec.headGroupSpec.template.spec"),
    "ray worker": ("ray.io/v1", "RayCluster", "spec.workerGroupSpecs.0.template.spec"),
    "ray job": ("ray.io/v1", "RayJob", "spec.rayClusterSpec.headGroupSpec.template.spec"),
    "ray job's submitter": ("ray.io/v1", "RayJob", "spec.submitterPodTemplate.spec"),
    "ray service": ("ray.io/v1", "RayService", "spec.rayClusterConfig.workerGroupSpecs.0.template.spec"),
    "agent sandbox": ("agents.x-k8s.io/v1alpha1", "Sandbox", "spec.podTemplate.spec"),
    "sandbox template": ("extensions.agents.x-k8s.io/v1alpha1", "SandboxTemplate", "spec.podTemplate.spec"),
    "openshift": ("apps.openshift.io/v1", "DeploymentConfig", "spec.template.spec"),
    "pod template": ("v1", "PodTemplate", "template.spec"),
    "volcano": ("batch.volcano.sh/v1alpha1", "Job", "spec.tasks.0.template.spec"),
    "kubeflow": ("kubeflow.org/v1", "PyTorchJob", "spec.pytorchReplicaSpecs.Worker.template.spec"),
    "kserve": ("serving.kserve.io/v1beta1", "InferenceService", "spec.predictor"),
    "serving runtime": ("serving.kserve.io/v1alpha1", "ServingRuntime", "spec"),
    "operator": (
        "operators.coreos.com/v1alpha1",
        "ClusterServiceVersion",
        "spec.install.spec.deployments.0.spec.template.spec",
    ),
    "runners": ("actions.github.com/v1alpha1", "AutoscalingRunnerSet", "spec.template.spec"),
    "apache spark": ("spark.apache.org/v1", "SparkApplication", "spec.driverSpec.podTemplateSpec.spec"),
    "crossplane": ("kubernetes.crossplane.io/v1alpha2", "Object", "spec.forProvider.manifest.spec.template.spec"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_pod_spec_is_known_by_its_shape(name: str) -> None:
    version, kind, dotted = SHAPES[name]
    path: Path = tuple(int(s) if s.isdigit() else s for s in dotted.split("."))
    data: Any = {"containers": [{"name": "a", "image": "b"}]}
    for step in reversed(path):
        data = {step: data} if isinstance(step, str) else [data]
    data = {"apiVersion": version, "kind": kind, **data}
    document = Document("x.yaml", 0, data, one("a: 1").places, 1, 1)
    (pod,) = pods(Resource(document, data, (), "kubernetes", version, kind))
    assert pod.path == path
    assert [c.path for c in pod.containers] == [(*path, "containers", 0)]
    assert (pod.partial, pod.moved) == ("", {})


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("{apiVersion: keda.sh/v1alpha1, kind: ScaledJob, spec: {x: {containers: [{image: a}]}}}", "OnFailure"),
        ("{apiVersion: jobset.x-k8s.io/v1alpha2, kind: JobSet, spec: {x: {containers: [{image: a}]}}}", "OnFailure"),
        ("{apiVersion: keda.sh/v1, kind: ScaledJob, spec: {containers: [{image: a}], restartPolicy: Never}}", "Never"),
        ("{apiVersion: a.b/v1, kind: ScaledJob, spec: {x: {containers: [{image: a}]}}}", None),
    ],
)
def test_what_a_controller_fills_in(text: str, policy: str | None) -> None:
    (pod,) = found(text)
    assert pod.spec.get("restartPolicy") == policy


NOT_PODS = {
    "a workload named by a Rollout": """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
        """,
    "CloudNativePG": """
        apiVersion: postgresql.cnpg.io/v1
        kind: Cluster
        spec: {instances: 3, imageName: "ghcr.io/cloudnative-pg/postgresql:17.2", storage: {size: 1Gi}}
        """,
    "Strimzi": """
        apiVersion: kafka.strimzi.io/v1beta2
        kind: Kafka
        spec: {kafka: {replicas: 3, template: {pod: {securityContext: {runAsUser: 0}}, kafkaContainer: {env: []}}}}
        """,
    "a schema": """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        spec: {versions: [{schema: {default: {containers: [{name: a, image: b}]}}}]}
        """,
    "a schema of Crossplane": """
        apiVersion: apiextensions.crossplane.io/v1
        kind: CompositeResourceDefinition
        spec: {versions: [{schema: {default: {containers: [{name: a, image: b}]}}}]}
        """,
    "a pattern of Kyverno": """
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        spec: {rules: [{validate: {pattern: {spec: {containers: [{name: "*", image: "!*:latest"}]}}}}]}
        """,
    "an example in a constraint of Gatekeeper": """
        apiVersion: constraints.gatekeeper.sh/v1beta1
        kind: K8sAllowedRepos
        spec: {parameters: {containers: [{name: a, image: b}]}}
        """,
    "a mutation of Gatekeeper": """
        apiVersion: mutations.gatekeeper.sh/v1
        kind: Assign
        spec: {location: "spec.containers[name:*].imagePullPolicy", parameters: {assign: {value: Always}}}
        """,
    "a mutating policy": """
        apiVersion: admissionregistration.k8s.io/v1beta1
        kind: MutatingAdmissionPolicy
        spec: {mutations: [{patchType: JSONPatch, jsonPatch: {expression: "[]"}}]}
        """,
    "a Workflow without containers": """
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        spec: {templates: [{name: a, dag: {tasks: [{name: b, template: c}]}}, {name: d, suspend: {}}, {name: e}]}
        """,
    "a Pipeline of references": """
        apiVersion: tekton.dev/v1
        kind: Pipeline
        spec: {tasks: [{name: a, taskRef: {name: b}}]}
        """,
}


@pytest.mark.parametrize("name", NOT_PODS)
def test_what_holds_none(name: str) -> None:
    assert found(NOT_PODS[name]) == ()


def test_a_patch_in_a_policy_is_judged_by_what_it_sets() -> None:
    (pod,) = found("""
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        spec:
          rules:
            - mutate:
                patchStrategicMerge:
                  spec: {containers: [{name: agent, image: agent:1, securityContext: {privileged: true}}]}
        """)
    assert pod.path[-3:] == ("mutate", "patchStrategicMerge", "spec")
    assert pod.partial == pod.containers[0].partial == "what the patch in it sets"


def test_containers_of_an_operator_are_patches_or_more_containers() -> None:
    (pod,) = found("""
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        spec:
          containers: [{name: prometheus, resources: {}}, {name: proxy, image: proxy:1}]
        """)
    assert pod.partial == "what the operator makes of it"
    assert [bool(c.partial) for c in pod.containers] == [True, False]


# Argo Workflows ------------------------------------------------------------------------------------------------------

WORKFLOW = """
    apiVersion: argoproj.io/v1alpha1
    kind: Workflow
    metadata: {generateName: build-}
    spec:
      entrypoint: all
      serviceAccountName: of-all
      podPriorityClassName: low
      hostNetwork: true
      podMetadata: {labels: {of: all}}
      securityContext: {runAsUser: 1000}
      volumes: [{name: shared, emptyDir: {}}, {name: own, emptyDir: {}}]
      templates:
        - name: all
          steps:
            - - {name: a, template: container}
              - name: b
                inline: {container: {image: "inline:1"}}
        - name: graph
          dag: {tasks: [{name: c, inline: {script: {image: "task:1", source: echo}}}]}
        - name: container
          metadata: {annotations: {a: b}}
          serviceAccountName: of-one
          priorityClassName: high
          securityContext: {runAsUser: 0}
          volumes: [{name: own, hostPath: {path: /}}]
          initContainers: [{name: i, image: "i:1"}]
          container: {image: "c:1", volumeMounts: [{name: shared, mountPath: /a}, {name: own, mountPath: /b}]}
          sidecars: [{name: s, image: "s:1"}]
        - name: set
          containerSet:
            containers:
              - {name: x, image: "x:1"}
              - {name: y, image: "y:1", volumeMounts: [{name: own, mountPath: /b}, {name: claim, mountPath: /c}]}
    """


def test_every_container_of_a_workflow() -> None:
    assert containers(WORKFLOW) == [
        ("spec.templates[2].initContainers[0]", "initContainer"),
        ("spec.templates[2].container", "container"),
        ("spec.templates[2].sidecars[0]", "sidecar"),
        ("spec.templates[3].containerSet.containers[0]", "container"),
        ("spec.templates[3].containerSet.containers[1]", "container"),
        ("spec.templates[0].steps[0][1].inline.container", "container"),
        ("spec.templates[1].dag.tasks[0].inline.script", "container"),
    ]


def test_a_template_has_its_own_settings_first_and_then_the_workflow_s() -> None:
    own, other = found(WORKFLOW)[:2]
    assert own.spec["serviceAccountName"] == "of-one"
    assert own.spec["priorityClassName"] == "high"
    assert own.spec["securityContext"] == {"runAsUser": 0}
    assert own.metadata == {"annotations": {"a": "b"}}
    assert other.spec["serviceAccountName"] == "of-all"
    assert other.spec["priorityClassName"] == "low"
    assert other.metadata == {"labels": {"of": "all"}}
    assert own.spec["hostNetwork"] is other.spec["hostNetwork"] is True
    assert own.spec["restartPolicy"] == "Never"
    assert [c["name"] for c in own.spec["containers"]] == ["main", "s"]  # type: ignore[attr-defined]
    assert other.containers[0].effective == {"runAsUser": 1000}


def test_what_a_template_inherits_is_shown_where_it_is_written() -> None:
    own, other = found(WORKFLOW)[:2]
    assert at(own, "securityContext", "runAsUser") == "spec.templates[2].securityContext.runAsUser"
    assert at(own, "hostNetwork") == "spec.hostNetwork"
    assert at(other, "securityContext", "runAsUser") == "spec.securityContext.runAsUser"
    assert at(other, "priorityClassName") == "spec.podPriorityClassName"
    assert render_path(other.metadata_path) == "spec.podMetadata"
    assert at(own, "containers", 0, "image") == "spec.templates[2].container.image"
    assert at(own, "containers", 1) == "spec.templates[2].sidecars[0]"
    assert at(own, "initContainers", 0) == "spec.templates[2].initContainers[0]"


def test_volumes_are_the_template_s_and_what_it_mounts_of_the_workflow_s() -> None:
    own, other = found(WORKFLOW)[:2]
    assert [v["name"] for v in own.spec["volumes"]] == ["own", "shared"]  # type: ignore[attr-defined]
    assert at(own, "volumes", 0, "hostPath") == "spec.templates[2].volumes[0].hostPath"
    assert at(own, "volumes", 1) == "spec.volumes[0]"
    assert [v["name"] for v in other.spec["volumes"]] == ["own"]  # type: ignore[attr-defined]
    assert at(other, "volumes", 0, "emptyDir") == "spec.volumes[1].emptyDir"


@pytest.mark.parametrize(
    ("kind", "root"),
    [("WorkflowTemplate", "spec"), ("ClusterWorkflowTemplate", "spec"), ("CronWorkflow", "spec.workflowSpec")],
)
def test_kinds_of_workflows(kind: str, root: str) -> None:
    templates = "templates: [{name: a, container: {image: b}}]"
    held = f"{{workflowSpec: {{{templates}}}, schedule: '* * * * *'}}" if "." in root else f"{{{templates}}}"
    pod, container = only(f"{{apiVersion: argoproj.io/v1alpha1, kind: {kind}, spec: {held}}}")
    assert render_path(container.path) == f"{root}.templates[0].container"
    assert render_path(pod.path) == f"{root}.templates[0]"


def test_defaults_of_templates() -> None:
    pod = found("""
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        spec:
          templateDefaults:
            serviceAccountName: robot
            container: {securityContext: {privileged: true}, env: [{name: A, value: a}, {name: B, value: b}]}
          templates:
            - {name: a, container: {image: "c:1", securityContext: {runAsUser: 7}, env: [{name: B, value: mine}]}}
        """)[0]
    (container,) = pod.containers
    assert container.data["securityContext"] == {"runAsUser": 7, "privileged": True}
    assert [e["value"] for e in container.data["env"]] == ["mine", "a"]  # type: ignore[attr-defined]
    defaults = "spec.templateDefaults"
    assert within(pod, container, "securityContext", "privileged") == f"{defaults}.container.securityContext.privileged"
    assert within(pod, container, "securityContext", "runAsUser") == (
        "spec.templates[0].container.securityContext.runAsUser"
    )
    assert within(pod, container, "env", 1, "value") == f"{defaults}.container.env[0].value"
    assert at(pod, "serviceAccountName") == f"{defaults}.serviceAccountName"


@pytest.mark.parametrize("where", ["workflow", "template"])
def test_a_patch_in_a_text_may_set_anything(where: str) -> None:
    patch = "podSpecPatch: '{\"hostNetwork\": false}'"
    above, own = (patch, "x: 1") if where == "workflow" else ("x: 1", patch)
    pod, container = only(f"""
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        spec:
          {above}
          templates: [{{name: a, container: {{image: "c:1"}}, {own}}}]
        """)
    assert pod.partial == container.partial == "what the patch in it sets"


# Tekton --------------------------------------------------------------------------------------------------------------

STEPS = "steps: [{name: build, image: 'go:1'}, {name: push, image: 'crane:1'}], sidecars: [{name: db, image: 'db:1'}]"
TEKTON = {
    "v1 Task": ("spec", "{%s}"),
    "v1beta1 ClusterTask": ("spec", "{%s}"),
    "v1 Pipeline": ("spec.tasks[0].taskSpec", "{tasks: [{name: a, taskSpec: {%s}}]}"),
    "v1beta1 Pipeline": ("spec.finally[0].taskSpec", "{tasks: [], finally: [{name: a, taskSpec: {%s}}]}"),
    "v1 TaskRun": ("spec.taskSpec", "{taskSpec: {%s}}"),
    "v1 PipelineRun": ("spec.pipelineSpec.tasks[0].taskSpec", "{pipelineSpec: {tasks: [{taskSpec: {%s}}]}}"),
}


@pytest.mark.parametrize("name", TEKTON)
def test_steps_and_sidecars(name: str) -> None:
    (version, kind), (root, spec) = name.split(), TEKTON[name]
    text = f"{{apiVersion: tekton.dev/{version}, kind: {kind}, spec: {spec % STEPS}}}"
    assert containers(text) == [
        (f"{root}.steps[0]", "step"),
        (f"{root}.steps[1]", "step"),
        (f"{root}.sidecars[0]", "sidecar"),
    ]
    (pod,) = found(text)
    assert render_path(pod.path) == root
    assert pod.spec["restartPolicy"] == "Never"
    assert at(pod, "containers", 2, "image") == f"{root}.sidecars[0].image"


def test_steps_inherit_from_the_step_template_and_sidecars_do_not() -> None:
    (pod,) = found("""
        apiVersion: tekton.dev/v1
        kind: Task
        spec:
          stepTemplate:
            image: base:1
            securityContext: {privileged: true, runAsUser: 5}
            computeResources: {limits: {memory: 1Gi}}
          steps:
            - name: a
            - {name: b, image: "b:1", securityContext: {privileged: false}}
          sidecars: [{name: c, image: "c:1"}]
        """)
    first, second, sidecar = pod.containers
    assert first.data["image"] == "base:1"
    assert not first.partial
    assert first.effective["runAsUser"] == second.effective["runAsUser"] == 5
    assert second.data["securityContext"] == {"privileged": False, "runAsUser": 5}
    assert "securityContext" not in sidecar.data
    template = "spec.stepTemplate"
    assert within(pod, first, "image") == f"{template}.image"
    assert within(pod, first, "securityContext", "privileged") == f"{template}.securityContext.privileged"
    assert within(pod, second, "securityContext", "privileged") == "spec.steps[1].securityContext.privileged"
    assert within(pod, second, "securityContext", "runAsUser") == f"{template}.securityContext.runAsUser"
    assert render_path(written(second.origins["runAsUser"], pod.moved)) == f"{template}.securityContext.runAsUser"
    assert within(pod, first, "resources", "limits") == f"{template}.computeResources.limits"


@pytest.mark.parametrize(("version", "field"), [("v1", "computeResources"), ("v1beta1", "resources")])
def test_resources_of_steps_have_another_name_in_v1(version: str, field: str) -> None:
    pod, container = only(f"""
        apiVersion: tekton.dev/{version}
        kind: Task
        spec: {{steps: [{{name: a, image: b, {field}: {{limits: {{cpu: 500}}}}}}]}}
        """)
    assert container.data["resources"] == {"limits": {"cpu": 500}}
    assert within(pod, container, "resources", "limits", "cpu") == f"spec.steps[0].{field}.limits.cpu"


def test_the_rest_of_a_task_s_pod_is_not_known() -> None:
    pod, container = only("{apiVersion: tekton.dev/v1, kind: Task, spec: {steps: [{name: a, image: b}]}}")
    assert pod.partial == "the podTemplate of its TaskRun"
    assert container.partial == ""
    assert pod.spec["resources"] == UnknownValue("the podTemplate of its TaskRun")
    assert container.effective == {}


@pytest.mark.parametrize(
    ("kind", "run", "task", "place"),
    [
        ("TaskRun", "podTemplate: %s", "taskSpec: %s", "spec.podTemplate"),
        (
            "PipelineRun",
            "taskRunTemplate: {podTemplate: %s}",
            "pipelineSpec: {tasks: [{taskSpec: %s}]}",
            "spec.taskRunTemplate.podTemplate",
        ),
        ("PipelineRun", "podTemplate: %s", "pipelineSpec: {tasks: [{taskSpec: %s}]}", "spec.podTemplate"),
    ],
)
def test_a_run_brings_the_pod_template(kind: str, run: str, task: str, place: str) -> None:
    template = "{hostNetwork: true, securityContext: {runAsNonRoot: true}, volumes: [{name: b}]}"
    tasks = "{steps: [{name: a, image: b, volumeMounts: [{name: b, mountPath: /b}]}], volumes: [{name: a}]}"
    pod, whole = found(f"{{apiVersion: tekton.dev/v1, kind: {kind}, spec: {{{run % template}, {task % tasks}}}}}")
    assert pod.partial == ""
    assert at(pod, "hostNetwork") == f"{place}.hostNetwork"
    assert at(pod, "volumes", 1, "name") == f"{place}.volumes[0].name"
    assert pod.containers[0].effective == {"runAsNonRoot": True}
    assert (render_path(whole.path), whole.containers) == (place, ())
    assert whole.partial == "the Task that it is for"


def test_pod_templates_by_task_leave_all_else_open() -> None:
    pod = found("""
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        spec:
          taskRunSpecs: [{pipelineTaskName: a, podTemplate: {hostNetwork: true}}]
          pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{name: a, image: b}]}}]}
        """)
    assert [p.partial for p in pod] == ["what the patch in it sets", "the Task that it is for"]
    assert at(pod[1], "hostNetwork") == "spec.taskRunSpecs[0].podTemplate.hostNetwork"


def test_a_step_action_is_one_step() -> None:
    _, container = only("{apiVersion: tekton.dev/v1, kind: StepAction, spec: {image: a, securityContext: {}}}")
    assert (render_path(container.path), container.role) == ("spec", "step")


def test_objects_within_objects() -> None:
    assert containers("""
        apiVersion: triggers.tekton.dev/v1beta1
        kind: TriggerTemplate
        spec:
          resourcetemplates:
            - apiVersion: tekton.dev/v1
              kind: TaskRun
              spec: {taskSpec: {steps: [{name: a, image: b}]}}
        """) == [("spec.resourcetemplates[0].spec.taskSpec.steps[0]", "step")]
    assert containers("""
        apiVersion: argoproj.io/v1alpha1
        kind: Sensor
        spec:
          triggers:
            - template:
                argoWorkflow:
                  source:
                    resource:
                      apiVersion: argoproj.io/v1alpha1
                      kind: Workflow
                      spec: {templates: [{name: a, container: {image: b}}]}
        """) == [("spec.triggers[0].template.argoWorkflow.source.resource.spec.templates[0].container", "container")]


# Spark ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "root"), [("SparkApplication", "spec"), ("ScheduledSparkApplication", "spec.template")]
)
def test_driver_and_executors(kind: str, root: str) -> None:
    spec = """{image: "spark:1", volumes: [{name: v, hostPath: {path: /}}],
        driver: {serviceAccount: spark, podSecurityContext: {runAsUser: 0}, securityContext: {privileged: true},
                 volumeMounts: [{name: v, mountPath: /v}], labels: {a: b},
                 initContainers: [{name: i, image: "i:1"}], sidecars: [{name: s, image: "s:1"}]},
        executor: {image: "own:1", cores: 1}}"""
    spec = spec if root == "spec" else f"{{template: {spec}}}"
    text = f"{{apiVersion: sparkoperator.k8s.io/v1beta2, kind: {kind}, spec: {spec}}}"
    driver, executor = found(text)
    assert containers(text) == [
        (f"{root}.driver.initContainers[0]", "initContainer"),
        (f"{root}.driver", "driver"),
        (f"{root}.driver.sidecars[0]", "sidecar"),
        (f"{root}.executor", "executor"),
    ]
    main = driver.containers[1]
    assert main.data["name"] == "spark-kubernetes-driver"
    assert main.data["image"] == "spark:1"
    assert main.effective == {"runAsUser": 0}
    assert driver.spec["securityContext"] == {"runAsUser": 0}
    assert "securityContext" not in executor.spec
    assert driver.metadata["labels"] == {"a": "b"}
    assert within(driver, main, "image") == f"{root}.image"
    assert within(driver, main, "securityContext", "privileged") == f"{root}.driver.securityContext.privileged"
    assert at(driver, "securityContext", "runAsUser") == f"{root}.driver.podSecurityContext.runAsUser"
    assert at(driver, "serviceAccountName") == f"{root}.driver.serviceAccount"
    assert at(driver, "volumes", 0, "hostPath") == f"{root}.volumes[0].hostPath"
    assert executor.containers[0].data["image"] == "own:1"


def test_spark_starts_from_a_pod_template() -> None:
    pod, container = only("""
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        spec:
          image: spark:1
          driver:
            template:
              spec: {hostPID: true, containers: [{name: x, securityContext: {privileged: true}}]}
        """)
    place = "spec.driver.template.spec"
    assert (
        within(pod, container, "securityContext", "privileged") == f"{place}.containers[0].securityContext.privileged"
    )
    assert at(pod, "hostPID") == f"{place}.hostPID"


# All ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [WORKFLOW, *(f"{{apiVersion: tekton.dev/v1, kind: Task, spec: {{{STEPS}}}}}",)])
def test_whatever_is_put_together_is_written_somewhere(text: str) -> None:
    judged = resource(text)
    for pod in pods(judged):
        for container in pod.containers:
            for path, expected in _leaves(container.data, container.path):
                if path[-1:] == ("name",) and expected == "main":
                    continue  # what the controller names
                assert value(judged.data, written(path, pod.moved)) == expected


def _leaves(node: object, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(node, dict):
        for key, entry in node.items():
            yield from _leaves(entry, (*path, key))
    elif isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _leaves(entry, (*path, index))
    else:
        yield path, node


def test_the_groups_that_the_tables_are_read_for_are_those_in_them() -> None:
    assert {group for group, _ in (*LAYOUTS, *COMPLETED)} | POLICY_GROUPS == OTHER_GROUPS


WORD = st.sampled_from(["a", "b", "c"])
LEAF = st.one_of(WORD, st.booleans(), st.integers(0, 3), st.none(), st.just({}), st.just([]))


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A mapping with some of the fields, each now and then of another type."""
    return st.fixed_dictionaries({}, optional={name: st.one_of(of, of, of, LEAF) for name, of in fields.items()})


CONTAINER = some(
    name=WORD,
    image=WORD,
    env=st.lists(some(name=WORD, value=LEAF), max_size=3),
    securityContext=some(privileged=LEAF, runAsUser=LEAF, capabilities=some(add=st.lists(WORD, max_size=2))),
    volumeMounts=st.lists(some(name=WORD, mountPath=WORD), max_size=3),
    resources=some(limits=some(cpu=LEAF)),
    computeResources=some(limits=some(cpu=LEAF)),
)
LISTED = st.lists(CONTAINER, max_size=3)
VOLUMES = st.lists(some(name=WORD, emptyDir=LEAF), max_size=3)
TASK = some(stepTemplate=CONTAINER, steps=LISTED, sidecars=LISTED, volumes=VOLUMES)
PART = some(securityContext=CONTAINER, env=LISTED, sidecars=LISTED, template=some(spec=some(containers=LISTED)))
KINDS = {
    ("tekton.dev", "Task"): TASK,
    ("tekton.dev", "TaskRun"): some(taskSpec=TASK, podTemplate=some(volumes=VOLUMES, hostNetwork=LEAF)),
    ("argoproj.io", "Workflow"): some(
        volumes=VOLUMES,
        templateDefaults=some(container=CONTAINER, script=CONTAINER),
        templates=st.lists(some(container=CONTAINER, script=CONTAINER, sidecars=LISTED, volumes=VOLUMES), max_size=3),
    ),
    ("sparkoperator.k8s.io", "SparkApplication"): some(image=WORD, volumes=VOLUMES, driver=PART, executor=PART),
}


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
@settings(max_examples=100)
def test_whatever_is_given_is_put_together_and_traced_back(kind: tuple[str, str], draw: st.DataObject) -> None:
    data: dict[str, Any] = {"spec": draw.draw(KINDS[kind])}
    document = Document("x.yaml", 0, data, one("a: 1").places, 1, 1)
    for pod in pods(Resource(document, data, (), "kubernetes", f"{kind[0]}/v1", kind[1])):
        found = [(c.data, c.path) for c in pod.containers]
        found += [({"volumes": pod.spec.get("volumes", [])}, pod.path)]
        listed: Any = [pod.spec.get(key, []) for key in ("initContainers", "containers")]
        found += [
            (data, (*pod.path, key, index))
            for key, entries in zip(("initContainers", "containers"), listed, strict=True)
            for index, data in enumerate(entries)
        ]
        for holder, place in found:
            for path, expected in _leaves(holder, place):
                if path != (*place, "name") or expected not in ("main", *CALLED):
                    assert value(data, written(path, pod.moved)) == expected


CALLED = ("spark-kubernetes-driver", "spark-kubernetes-executor")

ODD = ["null", "5", "text", "[]", "{}", "[null, 5, [], {}]", "{a: null, b: [{}]}"]


@pytest.mark.parametrize("kind", sorted({*LAYOUTS, *COMPLETED}))
@pytest.mark.parametrize("odd", ODD)
def test_odd_shapes(kind: tuple[str, str], odd: str) -> None:
    fields = (
        "templates tasks finally steps sidecars stepTemplate taskSpec pipelineSpec podTemplate taskRunTemplate driver "
        "executor workflowSpec template templateDefaults volumes containers initContainers container script "
        "containerSet"
    ).split()
    inner = ", ".join(f"{field}: {odd}" for field in fields)
    for depth in (inner, ", ".join(f"{field}: {{{inner}}}" for field in fields), f"templates: [{{{inner}}}]"):
        found(f"{{apiVersion: {kind[0]}/v1, kind: {kind[1] or 'Any'}, spec: {{{depth}}}}}")
    found(f"{{apiVersion: {kind[0]}/v1, kind: {kind[1] or 'Any'}, spec: {odd}}}")


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        (
            "tekton.dev/v1",
            "Task",
            {
                "stepTemplate": {
                    "env": [{"name": f"V{i}"} for i in range(5_000)],
                    **{f"x{i}": i for i in range(5_000)},
                },
                "steps": [{"image": "a", "env": [{"name": "A"}]} for _ in range(5_000)],
            },
        ),
        (
            "argoproj.io/v1alpha1",
            "Workflow",
            {
                "volumes": [{"name": f"v{i}"} for i in range(5_000)],
                "templates": [{"script": {"image": "a", "volumeMounts": [{"name": "v7"}]}} for _ in range(5_000)],
            },
        ),
    ],
)
def test_many_pods_that_inherit_much_cost_no_product_of_both(version: str, kind: str, spec: dict[str, Any]) -> None:
    data: dict[str, Any] = {"spec": spec}
    document = Document("x.yaml", 0, data, one("a: 1").places, 1, 1)
    found = pods(Resource(document, data, (), "kubernetes", version, kind))
    assert sum(len(pod.containers) for pod in found) == 5_000
    assert sum(len(pod.moved) for pod in found) < 70_000
