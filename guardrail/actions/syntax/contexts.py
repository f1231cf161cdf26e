"""Properties of the contexts that always have the same ones.

Source: github/docs `content/actions/reference/workflows-and-actions/contexts.md`, the tables of properties. Names that
runners set and the page leaves out (`github.output`, `runner.workspace` ...) are known, too.
"""

from __future__ import annotations

from collections.abc import Mapping

_RESULTS = frozenset({"outputs", "result"})

PROPERTIES: Mapping[str, frozenset[str]] = {
    "github": frozenset(
        "action action_path action_ref action_repository action_status actor actor_id api_url artifacts "
        "artifacts_list artifact_cache_size_limit base_ref env event event_name event_path graphql_url head_ref job "
        "job_workflow_sha output path ref ref_name ref_protected ref_type repository repository_id repository_owner "
        "repository_owner_id repository_visibility repositoryurl retention_days run_attempt run_id run_number "
        "secret_source server_url sha state step_summary token triggering_actor workflow workflow_ref workflow_sha "
        "workspace".split()
    ),
    "runner": frozenset("arch debug environment name os temp tool_cache workspace".split()),
    "job": frozenset(
        "check_run_id container services status workflow_file_path workflow_ref workflow_repository "
        "workflow_sha".split()
    ),
    "strategy": frozenset({"fail-fast", "job-index", "job-total", "max-parallel"}),
}
"""By context, lower-cased."""

BELOW: Mapping[str, frozenset[str]] = {
    "steps": frozenset({"outputs", "outcome", "conclusion"}),
    "needs": _RESULTS,
    "jobs": _RESULTS,
}
"""By context: the properties of each entry, such as `steps.<step_id>.outputs`."""

INSTEAD: Mapping[tuple[str, str], str] = {
    ("github", "branch"): "github.ref_name",
    ("github", "tag"): "github.ref_name",
    ("github", "commit"): "github.sha",
    ("github", "user"): "github.actor",
    ("github", "owner"): "github.repository_owner",
    ("github", "repo"): "github.repository",
    ("github", "pull_request"): "github.event.pull_request",
    ("github", "issue"): "github.event.issue",
    ("github", "inputs"): "inputs",
    ("github", "release"): "github.event.release",
    ("github", "ref_slug"): "github.ref_name",
    ("github", "secrets"): "secrets",
    ("github", "vars"): "vars",
    ("runner", "platform"): "runner.os",
    ("runner", "tmp"): "runner.temp",
    ("steps", "output"): "outputs",
    ("steps", "result"): "outcome or conclusion",
    ("steps", "status"): "outcome or conclusion",
    ("needs", "output"): "outputs",
    ("needs", "outcome"): "result",
    ("needs", "conclusion"): "result",
    ("needs", "status"): "result",
}
"""What is often written, and what is meant."""
