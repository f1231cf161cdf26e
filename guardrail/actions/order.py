"""The order in which jobs can run, and what keeps some from ever running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_MOST_NAMED = 5


def in_order(needs: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...], str]]:
    """Jobs in an order in which each comes after those it needs, otherwise as written.

    Each with its needs as the jobs they name are written (GitHub ignores case in job ids), and with what is wrong:
    `needs x, which does not exist`, `needs itself over a, b`. Jobs with a fault come where they stand.
    Source: workflow syntax, `jobs.<job_id>.needs`.
    """
    by_lower = {job.lower(): job for job in reversed(list(needs))}
    resolved = {job: tuple(by_lower.get(n.lower(), n) for n in named) for job, named in needs.items()}
    present = {job: [n for n in named if n in resolved] for job, named in resolved.items()}
    groups = _Search(present).run()
    faults = _missing(resolved) | _circles(present, groups)
    return [(job, tuple(present[job]), faults.get(job, "")) for group in groups for job in group]


def _missing(resolved: Mapping[str, Sequence[str]]) -> dict[str, str]:
    out = {}
    for job, named in resolved.items():
        absent = [n for n in named if n not in resolved]
        if absent:
            out[job] = f"needs {', '.join(absent)}, which {'does' if len(absent) == 1 else 'do'} not exist"
    return out


def _circles(needs: Mapping[str, Sequence[str]], groups: Sequence[Sequence[str]]) -> dict[str, str]:
    out = {}
    for group in groups:
        if len(group) > 1 or group[0] in needs[group[0]]:
            for job in group:
                others = [other for other in group if other != job]
                more = ", …" if len(others) > _MOST_NAMED else ""
                out[job] = "needs itself" + (f" over {', '.join(others[:_MOST_NAMED])}{more}" if others else "")
    return out


class _Search:
    """Tarjan's algorithm without recursion: jobs in running order, those that need one another together."""

    def __init__(self, needs: Mapping[str, Sequence[str]]) -> None:
        self._needs = needs
        self._number: dict[str, int] = {}
        self._lowest: dict[str, int] = {}
        self._open: dict[str, None] = {}
        self.groups: list[list[str]] = []

    def run(self) -> list[list[str]]:
        for job in self._needs:
            if job not in self._number:
                self._visit(job)
        return self.groups

    def _visit(self, start: str) -> None:
        way = [self._entered(start)]
        while way:
            job, rest = way[-1]
            for need in rest:
                if need not in self._number:
                    way.append(self._entered(need))
                    break
                if need in self._open:
                    self._lowest[job] = min(self._lowest[job], self._number[need])
            else:
                way.pop()
                if way:
                    above = way[-1][0]
                    self._lowest[above] = min(self._lowest[above], self._lowest[job])
                self._left(job)

    def _entered(self, job: str) -> tuple[str, Iterator[str]]:
        self._number[job] = self._lowest[job] = len(self._number)
        self._open[job] = None
        return job, iter(self._needs[job])

    def _left(self, job: str) -> None:
        """Close the group that began with a job, if one did: all that was entered since and is still open."""
        if self._lowest[job] < self._number[job]:
            return
        group: list[str] = []
        while not group or group[-1] != job:
            group.append(self._open.popitem()[0])
        self.groups.append(group[::-1])
