"""One policy, one page: for the documentation, for SARIF viewers, and for a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from guardrail.model.policy import Policy
from guardrail.pages.markup import block, code, plain, prose
from guardrail.pages.portions import as_lines, as_markdown
from guardrail.pages.screen import Paint, clean, listed

_TYPES: Mapping[str, str] = {
    "kubernetes": "Kubernetes",
    "terraform": "Terraform",
    "workflow": "GitHub workflow",
    "dockerfile": "Dockerfile",
    "compose": "Compose",
    "helm-chart": "Helm chart",
    "helm-values": "Helm values",
}
_WIDE = 100_000  # viewers wrap by themselves
_COMMENT = "# guardrail: ignore[{id}] the reason it may stay"
_ANNOTATION = 'guardrail.dev/ignore: "{id}: the reason it may stay"'


def applies_to(policy: Policy) -> str:
    """What the policy looks at, in words.

    `Kubernetes Pod, Workload (1.25 and later), each container`.
    """
    match = policy.match
    words = f"{_TYPES.get(match.type, match.type)} {listed(match.kinds, '')}".strip()
    if match.since > 0 and match.until < 9999:
        words += f" (1.{match.since} to 1.{match.until})"
    elif match.since > 0:
        words += f" (1.{match.since} and later)"
    elif match.until < 9999:
        words += f" (up to 1.{match.until})"
    if policy.scope != "resource":
        words += ", over the whole repository"
    return words if policy.each in ("resource", "document") else f"{words}, each of {policy.each}"


def ignoring(policy: Policy) -> tuple[str, ...]:
    """The ways to ignore the policy as lines to copy; none where that is locked."""
    if not policy.suppressible:
        return ()
    comment = _COMMENT.format(id=policy.id)
    return (comment, _ANNOTATION.format(id=policy.id)) if policy.match.type == "kubernetes" else (comment,)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join([_cells(*heads), _cells(*("---" for _ in heads)), *(_cells(*row) for row in rows)])


def _default(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _facts(policy: Policy) -> str:
    rows = [
        ("id", code(policy.id)),
        ("severity", plain(policy.severity)),
        ("category", plain(policy.category)),
        ("profiles", listed(map(code, policy.profiles))),
        ("applies to", plain(applies_to(policy))),
    ]
    if policy.aliases:
        rows.append(("also known as", listed(map(code, policy.aliases))))
    if policy.replaced_by:
        rows.append(("replaced by", code(policy.replaced_by)))
    return _table(("", ""), rows)


def _parameters(policy: Policy) -> str:
    rows = [
        (
            code(name),
            plain(str(param.schema.get("type", "any"))),
            code(_default(param.default)),
            prose(param.description, cell=True),
        )
        for name, param in sorted(policy.params.items())
    ]
    return _table(("name", "type", "default", "meaning"), rows) if rows else "None."


def _mapped(ids: Mapping[str, tuple[str, ...]], heads: tuple[str, str]) -> str:
    rows = [(plain(name), listed(map(code, ids[name]))) for name in sorted(ids)]
    return _table(heads, rows) if rows else "None."


def _ignore(policy: Policy) -> str:
    lines = ignoring(policy)
    if not lines:
        return "It cannot be ignored: this policy is locked."
    parts = ["A comment on the line, above the key or above the block:", block(lines[0], "yaml")]
    if len(lines) > 1:
        parts += ["An annotation on the object:", block(lines[1], "yaml")]
    parts.append("A reason is required; `until=YYYY-MM-DD` and `owner=NAME` may follow it.")
    return "\n\n".join(parts)


def markdown(policy: Policy, example: str = "") -> str:
    """The page of the documentation; the sections are always the same.

    `example` is output of a scan.
    """
    references = "\n".join(f"- {_reference(ref)}" for ref in policy.references) or "None."
    sections = [
        ("Why", as_markdown(policy.why)),
        ("How to fix", as_markdown(policy.remediation)),
        ("Parameters", _parameters(policy)),
        ("Controls", _mapped(policy.controls, ("framework", "clauses"))),
        ("Equivalents in other scanners", _mapped(policy.equivalents, ("scanner", "ids"))),
        ("How to ignore it", _ignore(policy)),
        ("References", references),
        ("Example", block(example, "text") if example.strip() else "None."),
    ]
    body = "\n\n".join(f"## {title}\n\n{text or 'Not said.'}" for title, text in sections)
    return f"# {prose(policy.title)}\n\n{_facts(policy)}\n\n{body}\n"


def _reference(reference: str) -> str:
    line = clean(reference)
    bare = line.startswith(("https://", "http://")) and not any(c in line for c in " <>\"'`|\\")
    return f"<{line}>" if bare else prose(line)


def help_text(policy: Policy) -> str:
    """The policy in plain words, for SARIF viewers without Markdown."""
    parts = [clean(policy.why), "\n".join(as_lines(policy.remediation, _WIDE, "How to fix: "))]
    if policy.controls:
        parts.append(f"Controls: {_controls(policy)}.")
    parts += [f"To ignore it: {line}" for line in ignoring(policy)[:1]]
    parts.append(f"More: guardrail explain {clean(policy.id)}")
    return "\n\n".join(part for part in parts if part)


def help_markdown(policy: Policy) -> str:
    """The policy for the panel beside a code scanning alert."""
    parts = [as_markdown(policy.why), f"**How to fix**\n\n{as_markdown(policy.remediation)}"]
    if policy.controls:
        parts.append(f"**Controls**: {prose(_controls(policy))}")
    lines = ignoring(policy)
    parts.append(f"**How to ignore it**\n\n{block(lines[0], 'yaml')}" if lines else "**It cannot be ignored.**")
    if policy.references:
        parts.append("**References**\n\n" + "\n".join(f"- {_reference(ref)}" for ref in policy.references))
    parts.append(f"More: {code(f'guardrail explain {policy.id}')}")
    return "\n\n".join(part for part in parts if part)


def _controls(policy: Policy) -> str:
    return "; ".join(f"{clean(name)} {listed(map(clean, policy.controls[name]))}" for name in sorted(policy.controls))


def terminal(policy: Policy, color: bool = False, width: int = 100) -> str:
    """The page for `guardrail explain ID`."""
    paint, room = Paint(color), max(40, width)
    lines = [
        f"{paint(policy.severity, policy.severity + ':')} {paint('bold', clean(policy.title))} [{clean(policy.id)}]"
    ]
    facts = [
        ("category", policy.category),
        ("applies to", applies_to(policy)),
        ("profiles", listed(policy.profiles)),
        ("aliases", listed(policy.aliases, "")),
        ("replaced by", policy.replaced_by),
        ("defined in", policy.place),
    ]
    lines += [f"  {name:<12}{clean(value)}" for name, value in facts if value]
    sections: list[tuple[str, list[str]]] = [
        ("Why", [policy.why]),
        ("How to fix", [policy.remediation]),
        ("Parameters", [_parameter_line(policy, name) for name in sorted(policy.params)]),
        (
            "Controls",
            [f"{name}: {listed(policy.controls[name])}" for name in sorted(policy.controls)],
        ),
        (
            "In other scanners",
            [f"{name}: {listed(policy.equivalents[name])}" for name in sorted(policy.equivalents)],
        ),
        (
            "How to ignore it",
            list(ignoring(policy)) or ["It cannot be ignored: this policy is locked."],
        ),
        ("References", list(policy.references)),
    ]
    for title, texts in sections:
        then = "    " if len(texts) > 1 else "  "
        shown = [line for text in texts for line in as_lines(text, room, "  ", then)]
        lines += ["", paint("bold", title), *shown] if shown else []
    return "\n".join(lines) + "\n"


def _parameter_line(policy: Policy, name: str) -> str:
    param = policy.params[name]
    kind, default = param.schema.get("type", "any"), _default(param.default)
    return f"{name} ({kind}, default {default}): {param.description}"
