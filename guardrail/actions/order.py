"""The order in which jobs can run, and what keeps some from ever running."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence


def in_order(needs: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...], str]]:
    """Jobs in an order in which each comes after those it needs, otherwise as written.

    Each with its needs as the jobs they name are written (GitHub ignores case in job ids), and with what is wrong:
    `needs x, which does not exist`, `needs itself over a, b`. Jobs with a fault come where they stand.
    Source: workflow syntax, `jobs.<job_id>.needs`.
    """
    by_lower = {job.lower(): job for job in reversed(list(needs))}
    resolved = {job: tuple(by_lower.get(n.lower(), n) for n in named) for job, named in needs.items()}
    faults = _missing(resolved)
    placed: dict[str, None] = {}
    for start in resolved:
        _place(start, resolved, placed, faults)
    return [(job, tuple(n for n in resolved[job] if n in resolved), faults.get(job, "")) for job in placed]


def _missing(resolved: Mapping[str, Sequence[str]]) -> dict[str, str]:
    out = {}
    for job, named in resolved.items():
        absent = [n for n in named if n not in resolved]
        if absent:
            out[job] = f"needs {', '.join(absent)}, which {'does' if len(absent) == 1 else 'do'} not exist"
    return out


def _place(start: str, needs: Mapping[str, Sequence[str]], placed: dict[str, None], faults: dict[str, str]) -> None:
    """Depth first, without recursion: place what a job needs, then the job; a need met on the way is a cycle."""
    way: dict[str, Iterator[str]] = {}
    todo = [start]
    while todo:
        job = todo[-1]
        rest = way.setdefault(job, iter(needs[job]))
        following = None if job in placed else next((n for n in rest if n in needs and n not in placed), None)
        if following is None:
            placed[job] = None
            del way[job]
            todo.pop()
        elif following in way:
            _close(following, way, faults)
        else:
            todo.append(following)


def _close(job: str, way: Iterable[str], faults: dict[str, str]) -> None:
    """Mark the jobs of a cycle."""
    on_way = list(way)
    cycle = on_way[on_way.index(job) :]
    for member in cycle:
        others = [c for c in cycle if c != member]
        faults.setdefault(member, f"needs itself{' over ' + ', '.join(others) if others else ''}")
