"""What the commands of a script do, and those of the scripts they run in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.actions.model import MASKED, TESTS, Ability
from guardrail.actions.recognise.conditions import filled
from guardrail.actions.recognise.entries import Evidence, abilities, fitting
from guardrail.actions.recognise.files import path_of
from guardrail.actions.recognise.patterns import follows, head, matches, quoted
from guardrail.actions.recognise.records import Recognition, Subject, Table, Where
from guardrail.actions.recognise.scripts import Asked, Inner, inner
from guardrail.actions.shell import OTHER, POWERSHELL, Command, commands, shell
from guardrail.actions.shell.command import excerpt
from guardrail.actions.shell.powershell import is_program

_DEEPEST = 4
_MOST = 400
_SMOKE = "smoke-test"


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
        # A script for python or R is what that program is given: entries can say what they look for in it.
        whole = _by_table(Command((kind.name,), text[:20000], 0, 0), place)
        return whole if whole.abilities else Recognition((), f"a script for {kind.name or 'nothing'} may do anything")
    found: list[Ability] = []
    opaque: list[str] = []
    for command in commands(text, where.shell, known(where), where.windows):
        one = of_command(command, place)
        found += one.abilities
        opaque += [one.opaque] if one.opaque else []
        if len(found) > _MOST:
            break
    return Recognition(tuple(distinct(found)), "; ".join(dict.fromkeys(opaque))[:500])


def known(where: Where) -> dict[str, str]:
    """What variables and expressions are known to stand for: `X`, `env.X`, `matrix.x` …"""
    return {**where.env, **{f"env.{name}": value for name, value in where.env.items()}, **where.values}


def distinct(found: list[Ability]) -> Iterator[Ability]:
    """Each capability once for each command: what was found first stands."""
    seen = set[tuple[str, int, str]]()
    for ability in found:
        key = ability.capability, ability.order, ability.evidence
        if key not in seen:
            seen.add(key)
            yield ability


def of_command(command: Command, place: Place) -> Recognition:
    """What one command does: by the scripts behind it, else by the table."""
    if command.opaque:
        return Recognition((), command.opaque)
    if not command.words:
        return Recognition()
    where = place.where
    if command.directory and command.directory != "?":
        absolute = command.directory.startswith("/")
        where = where._replace(directory=command.directory if absolute else path_of(where, command.directory))
    place = place._replace(where=where)
    image = image_of(command.wrappers[-1] if command.wrappers else "")
    if image in place.table.images:
        return _in_container(image, command, place)
    behind = inner(Asked(command, where, place.table.heads))
    if behind is None:
        return _by_table(command, place)
    if behind.words:
        return of_command(command._replace(words=behind.words), place._replace(seen=place.seen | {"words"}))
    if where.depth >= _DEEPEST:
        return Recognition((), f"scripts are not followed further than {_DEEPEST} deep")
    return _of_inner(behind, command, place)


def _by_table(command: Command, place: Place) -> Recognition:
    name = head(command.head)
    name = name if name in place.table.heads else name.lower()
    candidates, options = place.table.heads.get(name, ()), place.table.options.get(name, frozenset())
    subject = _subject(command, place.where)._replace(options=options)
    fits = [
        (entry, subject._replace(rest=rest))
        for pattern, entry in candidates
        if (rest := follows(pattern, command.words, options)) is not None
    ]
    found: list[Ability] = []
    opaque = [] if candidates else [_unknown(command, place.where)]
    for entry, one in fitting(fits):
        found += abilities(entry, one, _evidence(command, place))
        opaque.append(str(entry.get("opaque", "")))
    return Recognition(tuple(found), "" if found else next(filter(None, opaque), ""))


def image_of(wrapper: str) -> str:
    """The image of `docker run image:tag`, without tag and digest."""
    if not wrapper.startswith(("docker run", "docker container run", "podman run")):
        return ""
    return bare_image(wrapper.rpartition(" ")[2])


def bare_image(image: str) -> str:
    """The name of an image, without tag and digest."""
    registry, slash, name = image.partition("@")[0].rpartition("/")
    return f"{registry}{slash}{name.partition(':')[0]}"


def _in_container(image: str, command: Command, place: Place) -> Recognition:
    """What the program of a known image does; the words behind the image are its own command's."""
    if command.head in ("docker", "podman"):
        words = command.words
        at = next((i for i, word in enumerate(words) if bare_image(word) == image), len(words)) + 1
        return of_image(image, words[at:], _evidence(command, place), place)
    return Recognition()


def of_image(image: str, words: tuple[str, ...], evidence: Evidence, place: Place) -> Recognition:
    """What a container of a known image does when it is given a command."""
    arguments = " ".join(map(quoted, words))
    subject = Subject(words, {"args": arguments}, place.where.env, place.where, evidence.text)
    found: list[Ability] = []
    opaque = ""
    for entry, one in fitting((entry, subject) for entry in place.table.images.get(image, ())):
        found += abilities(entry, one, evidence)
        script = filled(str(entry.get("runs", "")), one)
        inner = of_script(script, place._replace(where=place.where._replace(shell="bash"))) if script else Recognition()
        more = [a._replace(order=evidence.order, via=(*evidence.via, f"image {image}")) for a in inner.abilities]
        found += [a._replace(teeth=MASKED, reason=evidence.masked) if evidence.masked else a for a in more]
        opaque = opaque or inner.opaque
    return Recognition(tuple(distinct(found)), opaque)


def _unknown(command: Command, where: Where) -> str:
    """Why a command that the table does not know may do anything; tests and cmdlets of PowerShell do not."""
    name = command.head
    if name.startswith(("[[", "((")) or (
        shell(where.shell, where.windows).family == POWERSHELL and not is_program(name)
    ):
        return ""
    if name.startswith(("$", "`")):
        return f"what `{excerpt(name, 40)}` stands for is not known"
    return f"`{excerpt(name, 40)}` is not in the recognition table"


def _evidence(command: Command, place: Place) -> Evidence:
    return Evidence(command.text, command.order, place.via, command.masked, command.guard)


def _subject(command: Command, where: Where) -> Subject:
    """A command as what entries are compared with."""
    text = f"{command.text}\n{command.document}" if command.document else command.text
    env = {**where.env, **command.assigned}
    return Subject(command.words, {}, env, where, text, command.judged, command.wrappers, command.words[1:])


def _of_inner(behind: Inner, command: Command, place: Place) -> Recognition:
    """What the scripts behind a command do; their failures count only if the command's does."""
    found: list[Ability] = []
    opaque: list[str] = [behind.missing] if behind.missing else []
    for script in behind.scripts:
        if script.key in place.seen:
            opaque.append(f"{script.via} runs itself")
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
    found += _of_hooks(behind, command, place)
    found += _hinted(behind, found, command, place)
    found += _smoking(behind, found, command, place)
    masked = command.masked or behind.masked
    placed = (_placed(one, i, len(found), command, masked) for i, one in enumerate(found))
    return Recognition(tuple(placed), "; ".join(dict.fromkeys(opaque)))


def _of_hooks(behind: Inner, command: Command, place: Place) -> Iterator[Ability]:
    for hook in behind.hooks:
        for entry in place.table.hooks.get(hook, ()):
            evidence = _evidence(command, place)._replace(via=(*place.via, f".pre-commit-config.yaml: {hook}"))
            yield from abilities(entry, _subject(command, place.where), evidence)


def _hinted(behind: Inner, found: list[Ability], command: Command, place: Place) -> Iterator[Ability]:
    """What the names of scripts promise where nothing else is known of them: never sure."""
    if found and not behind.missing:
        return
    for name in behind.names:
        reason = behind.missing or f"nothing that is known is run by {name}"
        for one in named(name, _subject(command, place.where), _evidence(command, place), place.table):
            yield one._replace(sure=False, reason=command.masked or f"not verified: {reason}")


def _smoking(behind: Inner, found: list[Ability], command: Command, place: Place) -> list[Ability]:
    """Tests that are smoke tests because the script they are run by is called so: `npm run smoke`."""
    if any(one.capability == _SMOKE for one in found):
        return []
    subject, evidence = _subject(command, place.where), _evidence(command, place)
    promised = (one.capability for name in behind.names for one in named(name, subject, evidence, place.table))
    if _SMOKE not in promised:
        return []
    return [one._replace(capability=_SMOKE) for one in found if one.capability in TESTS]


def named(name: str, subject: Subject, evidence: Evidence, table: Table) -> Iterator[Ability]:
    """What the name of a script promises."""
    for pattern, entry in table.scripts:
        if matches(pattern, name):
            yield from abilities(entry, subject, evidence)


def _placed(one: Ability, i: int, count: int, command: Command, masked: str) -> Ability:
    """An ability found behind a command, at that command's place in the script."""
    order = command.order + i * max(len(command.text), 1) // max(count, 1)
    details = {**one.details, "condition": command.guard} if command.guard else one.details
    if masked:
        one = one._replace(teeth=MASKED, reason=masked)
    return one._replace(order=order, details=details)
