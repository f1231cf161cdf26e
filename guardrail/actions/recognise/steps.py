"""What a step does, by its `uses:` or its `run:`."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.actions.model import MASKED, REPORT_ONLY, Ability
from guardrail.actions.recognise.conditions import filled
from guardrail.actions.recognise.entries import Evidence, abilities, fitting, judged
from guardrail.actions.recognise.patterns import listed, literal, matches
from guardrail.actions.recognise.records import Entry, Recognition, Subject, Table, Where
from guardrail.actions.recognise.run import Place, bare_image, distinct, known, of_image, of_script
from guardrail.actions.shell import commands
from guardrail.actions.shell.substitute import substitute


def recognise(step: Mapping[str, object], where: Where, table: Table) -> Recognition:
    """What a step, or a job that calls a reusable workflow, can do. Never raises.

    Local actions and workflows (`./…`) do nothing by themselves: their own steps are looked at.
    """
    env = step.get("env")
    if isinstance(env, Mapping):
        where = where._replace(env={**where.env, **{str(k): literal(v) for k, v in env.items()}})
    uses, run = step.get("uses"), step.get("run")
    if isinstance(uses, str) and uses.strip():
        return _named(step, _of_uses(uses.strip(), step, where, table), table)
    if isinstance(run, str):
        if isinstance(step.get("working-directory"), str):
            where = where._replace(directory=substitute(str(step["working-directory"]), known(where))[0])
        return _named(step, of_script(run, Place(table, where)), table)
    return Recognition()


def _of_uses(uses: str, step: Mapping[str, object], where: Where, table: Table) -> Recognition:
    if uses.startswith(("./", "../", "$/")):
        return Recognition()
    given = step.get("with")
    values = known(where)
    given = given if isinstance(given, Mapping) else {}
    inputs = {str(k): substitute(literal(v), values)[0] for k, v in given.items()}
    subject = Subject((), inputs, where.env, where, uses)
    if uses.startswith("docker://"):
        return _of_image(uses, inputs, where, table)
    name = uses.partition("@")[0].lower()
    candidates: list[Entry] = [*table.uses.get(name, ()), *_by_glob(uses, table)]
    if not candidates:
        return Recognition((), f"{uses.partition('@')[0]} is not in the recognition table")
    found: list[Ability] = []
    opaque = ""
    for entry, one in fitting((entry, _with_arguments(entry, subject)) for entry in candidates):
        found += abilities(entry, one, Evidence(uses))
        more = _run_by(entry, one, table)
        found += more.abilities
        opaque = opaque or str(entry.get("opaque", "")) or more.opaque
    return Recognition(tuple(distinct(found)), opaque)


def _by_glob(uses: str, table: Table) -> list[Entry]:
    """The entries whose glob fits, in the table's order."""
    name = uses.partition("@")[0]
    owner = name.partition("/")[0].lower()
    candidates = [*table.globs.get("", ()), *(table.globs.get(owner, ()) if owner else ())]
    found = [(at, entry) for at, pattern, entry in candidates if matches(pattern, uses if "@" in pattern else name)]
    return [entry for _, entry in sorted(found, key=lambda one: one[0])]


def _with_arguments(entry: Entry, subject: Subject) -> Subject:
    """The words of the input that an entry says is a command line."""
    text = "\n".join(subject.inputs.get(name, "") for name in listed(entry.get("args")))
    if not text.strip():
        return subject
    words = tuple(word for command in commands(f"_ {' '.join(text.split())}") for word in command.words[1:])
    return subject._replace(words=("_", *words), rest=words, text=f"{subject.text} {text}")


def _run_by(entry: Entry, subject: Subject, table: Table) -> Recognition:
    """What the script does that an action is given as an input."""
    runs = entry.get("runs")
    script = filled(runs, subject) if isinstance(runs, str) else ""
    if not script:
        return Recognition()
    shell = filled(str(entry.get("shell", "bash")), subject)
    where = subject.where._replace(shell=shell, windows=False, depth=subject.where.depth + 1)
    found = of_script(script, Place(table, where))
    teeth, reason = judged(entry, subject)
    if teeth == REPORT_ONLY:
        hidden = (one._replace(teeth=MASKED, reason=reason) for one in found.abilities)
        return Recognition(tuple(hidden), found.opaque)
    return found


def _of_image(uses: str, inputs: Mapping[str, str], where: Where, table: Table) -> Recognition:
    """`uses: docker://image` with `args`."""
    image = bare_image(uses.removeprefix("docker://"))
    if image not in table.images:
        return Recognition((), f"the image {image} is not in the recognition table")
    words = tuple(w for command in commands(f"_ {inputs.get('args', '')}") for w in command.words[1:])
    return of_image(image, words, Evidence(uses), Place(table, where))


def _named(step: Mapping[str, object], found: Recognition, table: Table) -> Recognition:
    """What the name of a step promises of which nothing else is known: never sure."""
    name = step.get("name")
    if not found.opaque or not isinstance(name, str) or any(a.capability not in _LITTLE for a in found.abilities):
        return found
    hints = [
        one._replace(sure=False, reason=f"not verified: only its name says so; {found.opaque}"[:300])
        for pattern, entry in table.names
        if matches(pattern, name.strip())
        for one in abilities(entry, Subject(), Evidence(name))
    ]
    return found._replace(abilities=(*found.abilities, *hints))


_LITTLE = frozenset({"setup", "checkout", "cloud-login", "registry-login"})
