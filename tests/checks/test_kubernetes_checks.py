"""Image names, roles, schedules and labels: what the checks of Kubernetes objects make of any input."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import container_images, cron_jobs, object_labels, rbac
from guardrail.checks.container_images import parse
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item, Lens

DIGEST = "sha256:" + "0123456789abcdef" * 4

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def resource(data: dict[str, object]) -> Resource:
    kind = str(data.get("kind", ""))
    return Resource(Document("web.yaml", 0, data, OnePlace(), 1, 1), data, (), "kubernetes", "v1", kind, "web")


def container(image: object) -> Item:
    data = {"kind": "Pod", "spec": {"containers": [{"name": "web", "image": image}]}}
    return Lens(resource(data)).items("containers")[0]


def whole(data: dict[str, object]) -> Item:
    return Lens(resource(data)).items("resource")[0]


@pytest.mark.parametrize(
    ("text", "host", "path", "tag", "digest"),
    [
        # github.com/distribution/reference, normalize_test.go: how names are completed
        ("redis", "docker.io", "library/redis", "", ""),
        ("dmcgowan/myapp:1.0", "docker.io", "dmcgowan/myapp", "1.0", ""),
        ("docker.io/redis", "docker.io", "library/redis", "", ""),
        ("index.docker.io/library/redis", "docker.io", "library/redis", "", ""),
        ("localhost/app", "localhost", "app", "", ""),
        ("localhost:5000/app", "localhost:5000", "app", "", ""),
        ("xn--7o8h.com/myimage:tag", "xn--7o8h.com", "myimage", "tag", ""),
        ("a/b/c/d:1", "docker.io", "a/b/c/d", "1", ""),
        (f"ghcr.io/acme/web:1@{DIGEST}", "ghcr.io", "acme/web", "1", DIGEST),
        (f"web@{DIGEST}", "docker.io", "library/web", "", DIGEST),
        ("Host/app", "Host", "app", "", ""),
    ],
)
def test_image_names_are_taken_apart_as_runtimes_do(text: str, host: str, path: str, tag: str, digest: str) -> None:
    assert parse(text) == (host, path, tag, digest)


@pytest.mark.parametrize(
    "text",
    ["", ":", "web:", "Web:1", "ghcr.io/Acme/web", "web@sha256:0123", "web:1:2", "-web", "web-", "https://x/y", "a//b"],
)
def test_names_that_no_runtime_understands(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=300))
def test_a_name_is_either_taken_apart_or_malformed(text: str) -> None:
    item = container(text)
    hits = [r for r in container_images.malformed(item, {}) if isinstance(r, Hit)]
    assert not (hits and parse(text) is not None)
    both = [*container_images.placeholders(item, {}), *hits]
    assert len(both) <= 1


@given(JSON)
def test_images_of_any_kind(image: object) -> None:
    item = container(image)
    tags = {"tags": ["latest"], "exempt": [], "allowed": [], "denied": []}
    for check in (container_images.moving, container_images.unpinned, container_images.elsewhere):
        assert all(isinstance(r, Hit | Undecided) for r in check(item, tags))


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "a-" * 50_000, "a." * 50_000 + "/", "<" * 100_000, "[" * 100_000, "A_" * 50_000, "x/" * 50_000],
)
def test_long_names_cost_little(text: str) -> None:
    start = perf_counter()
    item = container(text)
    for check in (container_images.malformed, container_images.placeholders):
        list(check(item, {}))
    assert perf_counter() - start < 0.5


RULE = st.fixed_dictionaries(
    {},
    optional={
        "apiGroups": st.lists(st.sampled_from(["", "*", "apps", "x.example"]), max_size=2) | JSON,
        "resources": st.lists(st.sampled_from(["*", "secrets", "pods/exec", "pods/*", "*/exec"]), max_size=2) | JSON,
        "verbs": st.lists(st.sampled_from(["*", "get", "create"]), max_size=2) | JSON,
        "resourceNames": st.lists(st.just("one"), max_size=1),
    },
)
ARGUMENTS = {"groups": [""], "resources": ["secrets", "pods/exec"], "verbs": ["get"], "namespaced": True}


@given(st.lists(RULE | JSON, max_size=4) | JSON)
def test_a_rule_of_a_role_is_told_once(rules: object) -> None:
    item = whole({"kind": "ClusterRole", "rules": rules})
    one = [*rbac.wildcards(item, {"core": True}), *rbac.wildcards(item, {"core": False})]
    one += rbac.granted(item, {**ARGUMENTS, "everything": True, "resources": []})
    assert len({hit.path[:2] for hit in one}) == len(one)
    assert all(hit.path[0] == "rules" for hit in (*one, *rbac.granted(item, ARGUMENTS)))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}, True),
        ({"apiGroups": ["*"], "resources": ["pods/*"], "verbs": ["*"]}, True),
        ({"apiGroups": [""], "resources": ["*/exec"], "verbs": ["get"]}, True),
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["one"]}, False),
        ({"apiGroups": ["x.example"], "resources": ["secrets"], "verbs": ["get"]}, False),
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]}, False),
        ({"apiGroups": [""], "resources": ["*"], "verbs": ["get"]}, False),
        ({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}, False),
    ],
)
def test_what_rules_grant(rule: dict[str, object], told: bool) -> None:
    """rbac/v1 PolicyRule: `*` stands for all, `*/x` for a subresource of all."""
    assert bool(list(rbac.granted(whole({"kind": "ClusterRole", "rules": [rule]}), ARGUMENTS))) is told


@given(st.text(alphabet="0123456789*/,-?@ TZ=adeily", max_size=30))
def test_schedules_never_raise(schedule: str) -> None:
    assert len(list(cron_jobs.refused(whole({"kind": "CronJob", "spec": {"schedule": schedule}}), {}))) <= 1


@given(st.dictionaries(st.text(max_size=80), st.text(max_size=80) | JSON, max_size=4))
def test_labels_never_raise(labels: dict[str, object]) -> None:
    hits = list(object_labels.refused(whole({"kind": "ConfigMap", "metadata": {"labels": labels}}), {}))
    assert len(hits) <= len(labels)


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        # apimachinery, util/validation/validation_test.go
        ("simple", "x", True),
        ("1.2.3.4/5678", "x", True),
        ("example.com/" + "a" * 63, "x", True),
        ("example.com/" + "a" * 64, "x", False),
        ("nospecialchars^=@", "x", False),
        ("cantendwithadash-", "x", False),
        ("only/one/slash", "x", False),
        ("Example.com/abc", "x", False),
        ("app", "UPPERCASEISOK.also_dots-1", True),
        ("app", "", True),
        ("app", "a" * 63, True),
        ("app", "a" * 64, False),
        ("app", "ends-", False),
        ("app", "two words", False),
        ("app", 1.0, False),
        ("app", False, False),
    ],
)
def test_labels_that_the_api_server_takes(key: str, value: object, taken: bool) -> None:
    hits = list(object_labels.refused(whole({"kind": "ConfigMap", "metadata": {"labels": {key: value}}}), {}))
    assert bool(hits) is not taken
