"""What the commands of a script do, and those of the scripts they run in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.actions.model import MASKED, Ability
from guardrail.actions.recognise.entries import Evidence, abilities, fitting
from guardrail.actions.recognise.files import path_of
from guardrail.actions.recognise.patterns import follows, head, matches
from guardrail.actions.recognise.records import Recognition, Subject, Table, Where
from guardrail.actions.recognise.scripts import Inner, inner
from guardrail.actions.shell import OTHER, Command, commands, shell

_DEEPEST = 4
_MOST = 400


class Place(NamedTuple):
    """Where a script is read: the table, its surroundings, and the scripts it was found through."""

    table: Table
    where: Where
    via: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()


def of_script(text: str, place: Place) -> Recognition:
    """The abilities of a script's commands, in their order."""
    where = place.where
    kind = shell(where.shell, where.windows)
    if kind.family == OTHER:
        return Recognition((), f"a script in {kind.name or 'another language'} may do anything")
    found: list[Ability] = []
    opaque: list[str] = []
    for command in commands(text, where.shell, {**where.env, **where.values}, where.windows):
        one = _of_command(command, place)
        found += one.abilities
        opaque += [one.opaque] if one.opaque else []
        if len(found) > _MOST:
            break
    return Recognition(tuple(distinct(found)), "; ".join(dict.fromkeys(opaque))[:500])


def distinct(found: list[Ability]) -> Iterator[Ability]:
    """Each capability once for each command: what was found first, surely, stands."""
    seen = set[tuple[str, int, str]]()
    for ability in found:
        key = ability.capability, ability.order, ability.evidence
        if key not in seen:
            seen.add(key)
            yield ability


def _of_command(command: Command, place: Place) -> Recognition:
    if command.opaque:
        return Recognition((), command.opaque)
    if not command.words:
        return Recognition()
    evidence = Evidence(command.text, command.order, place.via, command.masked, command.guard)
    if place.where.depth < _DEEPEST:
        behind = inner(command, place.where)
        if behind is not None:
            return _of_inner(behind, command, evidence, place)
    known, entries = False, list[tuple[object, Subject]]()
    found: list[Ability] = []
    name = head(command.head)
    candidates, options = place.table.heads.get(name, ()), place.table.options.get(name, frozenset())
    subject = subject_of(command, place.where)._replace(options=options)
    fits = [
        (entry, subject._replace(rest=rest))
        for pattern, entry in candidates
        if (rest := follows(pattern, command.words, options)) is not None
    ]
    opaque = ""
    for entry, one in fitting(fits):
        found += abilities(entry, one, evidence)
        opaque = opaque or str(entry.get("opaque", ""))
    known = bool(candidates) or bool(entries)
    if not known:
        opaque = f"`{command.head}` is not in the recognition table"
    return Recognition(tuple(found), opaque)


def subject_of(command: Command, where: Where) -> Subject:
    """A command as what entries are compared with."""
    text = f"{command.text}\n{command.document}" if command.document else command.text
    env = {**where.env, **command.assigned}
    return Subject(command.words, {}, env, where, text, command.judged, command.wrappers, command.words[1:])


def _of_inner(behind: Inner, command: Command, evidence: Evidence, place: Place) -> Recognition:
    """What the scripts behind a command do; their failures count only if the command's does."""
    found: list[Ability] = []
    opaque: list[str] = []
    for script in behind.scripts:
        if script.key in place.seen:
            continue
        where = place.where._replace(
            shell=script.shell,
            windows=False,
            directory=path_of(place.where, script.directory),
            depth=place.where.depth + 1,
            env={**place.where.env, **command.assigned},
        )
        via = (*place.via, script.via)
        one = of_script(script.text, Place(place.table, where, via, place.seen | {script.key}))
        found += one.abilities
        opaque += [one.opaque] if one.opaque else []
    if behind.names:
        names = set(a.capability for a in found)
        hints = [a for a in _hinted(behind, evidence, place) if not (found and a.capability in names)]
        found += hints if not found or behind.missing else ()
        if behind.missing:
            opaque.append(behind.missing)
    placed = tuple(_placed(one, i, len(found), command, evidence) for i, one in enumerate(found))
    return Recognition(placed, "; ".join(opaque))


def _hinted(behind: Inner, evidence: Evidence, place: Place) -> Iterator[Ability]:
    """What the names of scripts promise: never sure."""
    for name in behind.names:
        for pattern, entry in place.table.scripts:
            if matches(pattern, name):
                reason = f"not verified: {behind.missing or f'nothing known is run by {name}'}"
                for one in abilities(entry, Subject(where=place.where), evidence):
                    yield one._replace(sure=False, reason=evidence.masked or reason)
                break


def _placed(one: Ability, i: int, count: int, command: Command, evidence: Evidence) -> Ability:
    """An ability found behind a command, at that command's place in the script."""
    order = command.order + i * max(len(command.text), 1) // max(count, 1)
    details = {**one.details, "condition": evidence.guard} if evidence.guard else one.details
    if evidence.masked:
        one = one._replace(teeth=MASKED, reason=evidence.masked)
    return one._replace(order=order, details=details)
