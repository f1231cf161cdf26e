"""What a step does, by its `uses:` or its `run:`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.actions.model import Ability
from guardrail.actions.recognise.conditions import filled
from guardrail.actions.recognise.entries import Evidence, abilities, fitting
from guardrail.actions.recognise.patterns import listed, literal, matches
from guardrail.actions.recognise.records import Entry, Recognition, Subject, Table, Where
from guardrail.actions.recognise.run import Place, distinct, of_script
from guardrail.actions.shell import commands


def recognise(step: Mapping[str, object], where: Where, table: Table) -> Recognition:
    """What a step, or a job that calls a reusable workflow, can do. Never raises.

    Local actions and workflows (`./…`) do nothing by themselves: their own steps are looked at.
    """
    env = step.get("env")
    if isinstance(env, Mapping):
        where = where._replace(env={**where.env, **{str(k): literal(v) for k, v in env.items()}})
    uses, run = step.get("uses"), step.get("run")
    if isinstance(uses, str) and uses.strip():
        return _of_uses(uses.strip(), step, where, table)
    if isinstance(run, str):
        if isinstance(step.get("working-directory"), str):
            where = where._replace(directory=str(step["working-directory"]))
        return of_script(run, Place(table, where))
    return Recognition()


def _of_uses(uses: str, step: Mapping[str, object], where: Where, table: Table) -> Recognition:
    if uses.startswith(("./", "../", "$/")):
        return Recognition()
    given = step.get("with")
    inputs = {str(k): literal(v) for k, v in given.items()} if isinstance(given, Mapping) else {}
    subject = Subject((), inputs, where.env, where, uses)
    if uses.startswith("docker://"):
        return _of_image(uses.removeprefix("docker://"), subject, table)
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


def _by_glob(uses: str, table: Table) -> Iterable[Entry]:
    name = uses.partition("@")[0]
    for pattern, entry in table.globs:
        if matches(pattern, uses if "@" in pattern else name):
            yield entry


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
    where = subject.where._replace(shell=str(entry.get("shell", "bash")), windows=False, depth=subject.where.depth + 1)
    return of_script(script, Place(table, where))


def _of_image(image: str, subject: Subject, table: Table) -> Recognition:
    name = image.partition("@")[0].rpartition("/")
    bare = f"{name[0]}{name[1]}{name[2].partition(':')[0]}"
    entries = table.images.get(bare, ())
    if not entries:
        return Recognition((), f"the image {bare} is not in the recognition table")
    found: list[Ability] = []
    for entry, one in fitting((entry, subject) for entry in entries):
        found += abilities(entry, one, Evidence(f"docker://{image}"))
        found += _run_by(entry, one, table).abilities
    return Recognition(tuple(distinct(found)))
