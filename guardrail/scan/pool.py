"""The first phase over many files: in this process, or shared with copies of it that hand their results back.

A copy made by fork has the compiled policies already, so nothing is sent to it; what it found comes back through a
pipe. Where there is no fork, or little to do, everything happens here. The results are the same either way.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from guardrail.scan.discover import Input
from guardrail.scan.judge import Judge
from guardrail.scan.result import FileResult

Progress = Callable[[int, int], None]

_WORTHWHILE = 2_000_000
"""Bytes of input from which a second process pays for itself."""

_AT_HAND = 4_000_000
"""Characters of text whose documents are kept for the second phase; what is beyond is read again where needed."""


def judge_files(
    judge: Judge, files: Sequence[Input], jobs: int, progress: Progress | None = None
) -> dict[str, FileResult]:
    """The result of every file by name, in the order given; `jobs` 0 means one process for each processor."""
    sizes = [_size(source) for source in files]
    jobs = min(jobs or _processors(), len(files))
    if jobs < 2 or not hasattr(os, "fork") or sys.platform != "linux" or sum(sizes) < _WORTHWHILE:
        return _serial(judge, files, progress)
    own, *others = _shares(files, sizes, jobs)
    children = [_start(judge, share) for share in others]
    found = _serial(judge, own, progress, len(files))
    for share, child in zip(others, children, strict=True):
        results = None if child is None else _collect(*child)
        found.update(_serial(judge, share) if results is None else results)
    return {source.name: found[source.name] for source in files}


def _serial(
    judge: Judge, files: Sequence[Input], progress: Progress | None = None, of: int = 0
) -> dict[str, FileResult]:
    results: dict[str, FileResult] = {}
    total = of or len(files)
    at_hand = 0
    for done, source in enumerate(files):
        if progress is not None:
            progress(done * total // len(files), total)
        result = results[source.name] = judge.file(source)
        if result.opened is not None:
            at_hand += len(result.opened.lines.text)
            if at_hand > _AT_HAND:
                result.opened = None
    return results


def _shares(files: Sequence[Input], sizes: Sequence[int], jobs: int) -> list[list[Input]]:
    """Files dealt out by size; standard input can only be read here, so it goes to the first share."""
    shares: list[list[Input]] = [[] for _ in range(jobs)]
    loads = [0] * jobs
    for size, source in sorted(zip(sizes, files, strict=True), key=lambda pair: (bool(pair[1].file), -pair[0])):
        least = loads.index(min(loads)) if source.file else 0
        shares[least].append(source)
        loads[least] += size + 1000
    return shares


def _start(judge: Judge, share: Sequence[Input]) -> tuple[int, int] | None:
    """A copy of this process at work on a share: its id, and where to read its results; None when none can be had."""
    try:
        reading, writing = os.pipe()
        child = os.fork()
    except OSError:
        return None
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        import pickle

        results = _serial(judge, share)
        for result in results.values():
            result.opened = None
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(results, pipe, protocol=pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)  # no clean-up of what belongs to the parent, and no traceback: it does the share itself


def _collect(child: int, reading: int) -> dict[str, FileResult] | None:
    """What a child found; None when it did not come to an end."""
    import pickle

    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        return None
    found: dict[str, FileResult] = pickle.loads(data)
    return found


def _size(source: Input) -> int:
    try:
        return os.stat(source.file).st_size if source.file else 0
    except OSError:
        return 0


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
