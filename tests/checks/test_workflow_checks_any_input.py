"""Checks of workflows, Dependabot and pre-commit settings on anything that YAML can say: never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail import checks
from guardrail.checks.secrets import secret_values
from guardrail.graph.repository import Repository
from guardrail.model.document import Document, Place, Resource
from guardrail.model.place import Path, Span
from guardrail.views.items import Lens

FAMILIES = {
    "workflow": (
        "concurrency",
        "credential_commands",
        "credential_lifetime",
        "credentials",
        "permissions",
        "sarif_uploads",
    ),
    "dependabot": ("dependabot", "manifests"),
    "pre-commit": ("pre_commit",),
}
EACH = {"credential_commands.printed": "steps", "credential_commands.arguments": "steps"} | {
    "credentials.to_moving_action": "uses"
}
PARAMS = {"days": 7, "allowed": ["x*"], "trustedOwners": ["x"], "tags": True, "publishProfiles": True}
KINDS = {"workflow": "Workflow", "dependabot": "Dependabot", "pre-commit": "PreCommitConfig"}

WORDS = st.sampled_from(
    """
    write read none write-all read-all true false 0 -1 main ./.github/workflows/a.yml ./x actions/checkout@v4
    github/codeql-action/upload-sarif@v3 actions/upload-artifact@v4.0 actions/upload-artifact@v999999999999
    aws-actions/configure-aws-credentials@v4 docker://x @ / ${{ ${{secrets}} ${{secrets[a]}} ${{fromJSON(secrets.X).y}}
    ${{secrets.X}} ${{github.token}} ${{matrix.a}} inherit npm * push workflow_call pull_request . results.sarif
    """.split()
)
TEXTS = st.one_of(
    WORDS, st.text(max_size=12), st.sampled_from(["gh pr create", "echo ${{ secrets.X }} | base64", "$("])
)
KEYS = st.sampled_from(
    """
    on jobs permissions steps uses with env run if strategy matrix concurrency group cancel-in-progress queue container
    services credentials password outputs defaults shell secrets environment runs-on contents id-token category upload
    sarif_file persist-credentials path include-hidden-files token workflow_call push branches parallel updates
    package-ecosystem directory directories schedule interval cooldown default-days groups update-types registries
    ignore open-pull-requests-limit repos repo rev hooks additional_dependencies a b max-parallel continue-on-error
    """.split()
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 9), st.floats(allow_nan=False), TEXTS)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=40,
)
JOBS = st.fixed_dictionaries(
    {},
    optional={
        "permissions": TREES,
        "steps": st.lists(
            st.one_of(
                TREES,
                st.fixed_dictionaries(
                    {}, optional={"uses": TREES, "with": TREES, "env": TREES, "run": TEXTS, "if": TREES}
                ),
            ),
            max_size=4,
        ),
        "env": TREES,
        "uses": TREES,
        "concurrency": TREES,
        "strategy": TREES,
        "services": TREES,
        "container": TREES,
        "outputs": TREES,
        "runs-on": TREES,
    },
)
DOCUMENTS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "workflow": st.fixed_dictionaries(
        {"jobs": st.one_of(TREES, st.dictionaries(KEYS, st.one_of(JOBS, TREES), max_size=3))},
        optional={"on": TREES, "permissions": TREES, "env": TREES, "concurrency": TREES, "defaults": TREES},
    ),
    "dependabot": st.fixed_dictionaries(
        {"updates": st.one_of(TREES, st.lists(st.dictionaries(KEYS, TREES, max_size=6), max_size=3))},
        optional={"registries": TREES, "version": TREES},
    ),
    "pre-commit": st.fixed_dictionaries(
        {"repos": st.one_of(TREES, st.lists(st.dictionaries(KEYS, TREES), max_size=3))}
    ),
}


class Nowhere:
    """Places of a document without text."""

    def locate(self, path: Path) -> Place:
        """Line one."""
        return Place(Span(1, 1, 1, 1))


class OneFile:
    """A repository in which every workflow is the one at hand."""

    def __init__(self, data: object) -> None:
        self.data = data

    def text(self, name: str) -> str | None:
        """No text."""
        return None

    def document(self, name: str) -> object:
        """The file at hand."""
        return self.data

    def names(self, folder: str) -> tuple[str, ...]:
        """A little of everything, and no end of it."""
        return (".github/", "a/", "a.yml", "go.mod", "action.yml", "package.json", "yarn.lock")

    def below(self, folder: str, suffixes: tuple[str, ...], most: int) -> tuple[str, ...]:
        """Nothing."""
        return ()


def run_all(type_: str, data: dict[str, Any]) -> None:
    """Every check of a type's families on a document."""
    from guardrail.actions.recognise import table

    file = ".github/dependabot.yml" if type_ == "dependabot" else ".github/workflows/a.yml"
    resource = Resource(Document(file, 0, data, Nowhere(), 1, 1), data, (), type_, "", KINDS[type_])
    lens = Lens(resource)
    repository = Repository("", OneFile(data), lambda: table([]))  # type: ignore[arg-type]
    for family in FAMILIES[type_]:
        for name in checks.names():
            if name.startswith(f"{family}."):
                for item in lens.items(EACH.get(name, "resource")):
                    bound = item._replace(bindings={**item.bindings, "repository": repository})
                    list(checks.find(name)(bound, {"params": PARAMS}))
    list(secret_values(resource))


@pytest.mark.parametrize("type_", sorted(FAMILIES))
@settings(max_examples=120)
@given(data=st.data())
def test_no_document_makes_a_check_fail(type_: str, data: st.DataObject) -> None:
    run_all(type_, data.draw(DOCUMENTS[type_]))


LISTED = [[["x"]]]


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("workflow", {"permissions": {"contents": LISTED, "id-token": {}}, "jobs": {"a": {"steps": [{"run": "x"}]}}}),
        ("workflow", {"jobs": {"a": {"permissions": dict.fromkeys("ab", LISTED), "steps": [{"run": "git push"}]}}}),
        ("workflow", {"on": {"push": {"branches": LISTED}}, "concurrency": {"group": LISTED}, "jobs": LISTED}),
        (
            "workflow",
            {"jobs": {"a": {"steps": [{"uses": LISTED, "with": {"path": LISTED}, "env": LISTED, "run": {}}]}}},
        ),
        ("workflow", {"jobs": {"a": {"services": {"x": LISTED, "y": {"credentials": LISTED, "env": LISTED}}}}}),
        ("dependabot", {"updates": [{"ignore": [{"dependency-name": "*", "update-types": 7}], "groups": {"a": {}}}]}),
        ("dependabot", {"updates": [{"package-ecosystem": LISTED, "directories": LISTED, "cooldown": LISTED}]}),
        ("dependabot", {"registries": {"a": {"token": LISTED, "password": {}}}, "updates": 7}),
        ("pre-commit", {"repos": [{"repo": LISTED, "rev": LISTED, "hooks": [{"additional_dependencies": LISTED}]}]}),
    ],
)
def test_collections_where_scalars_belong(type_: str, data: dict[str, Any]) -> None:
    run_all(type_, data)


def test_depth_and_size_are_bounded() -> None:
    """The reader lets through no more than 250 levels."""
    deep: object = "${{ secrets.X }}"
    for _ in range(240):
        deep = {"a": deep}
    wide = {f"k{n}": "echo ${{ secrets.X }}\n" * 50 for n in range(500)}
    steps = [{"run": "git push\n" * 200, "env": wide}, {"uses": "x/y@main", "with": {"a": deep}}]
    run_all("workflow", {"on": "push", "env": {"a": deep}, "jobs": {"a": {"steps": steps, "outputs": deep}}})
    run_all("dependabot", {"updates": [{"groups": {"a": deep}, "directory": "/" * 9999}] * 200})
