"""Names that are the same but for a slip of the pen."""

from __future__ import annotations

_SHORT, _LONGEST = 6, 63
_DIGITS = str.maketrans("", "", "0123456789")


def nearly(one: str, other: str) -> bool:
    """Whether two names are the same but for a slip: one letter, in longer names two; numbers are no slips."""
    if abs(len(one) - len(other)) > 2 or max(len(one), len(other)) > _LONGEST or one == other:
        return False
    if one.translate(_DIGITS) == other.translate(_DIGITS):
        return False
    most = 1 if min(len(one), len(other)) < _SHORT else 2
    if len(set(one) ^ set(other)) > 2 * most:  # each slip changes one letter for another at most
        return False
    return min(len(one), len(other)) > 2 and distance(one, other) <= most


def distance(one: str, other: str) -> int:
    """How many letters to add, drop, change or swap make one of the other (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        following = [i]
        for j, b in enumerate(other, 1):
            least = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            following.append(least)
        before, row = row, following
    return row[-1]
