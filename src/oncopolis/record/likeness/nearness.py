"""How near two short texts are: slips of the finger, and the likeness of Jaro and Winkler."""

from functools import lru_cache
from typing import Final

__all__ = ["compute_likeness", "is_slip"]

_N_KEPT: Final = 65_536  # structure: pairs that are remembered
_PREFIX: Final = 4  # structure: letters at the beginning that count more (Winkler 1990)
_SCALE: Final = 0.1  # structure: by how much each (Winkler 1990)


@lru_cache(_N_KEPT)
def compute_likeness(left: str, right: str) -> float:
    """Likeness of Jaro and Winkler, 0 to 1; symmetric."""
    left, right = min(left, right), max(left, right)
    if left == right:
        return 1.0
    pairs = _pair(left, right)
    if not pairs:
        return 0.0
    n = len(pairs)
    second = [right[place] for _, place in sorted(pairs)]
    n_turned = sum(
        a != b for a, b in zip(second, (right[p] for p in sorted(p for _, p in pairs)), strict=True)
    )
    jaro = (n / len(left) + n / len(right) + (n - n_turned / 2) / n) / 3  # structure: a mean of three
    n_same = next(
        (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(map(len, (left, right)))
    )
    return jaro + min(n_same, _PREFIX) * _SCALE * (1 - jaro)


def _pair(left: str, right: str) -> list[tuple[int, int]]:
    """Places of letters that both have, not too far apart; each letter in one pair."""
    reach = max(max(len(left), len(right)) // 2 - 1, 0)
    free = set(range(len(right)))
    pairs = []
    for i, sign in enumerate(left):
        near = range(max(0, i - reach), min(len(right), i + reach + 1))
        found = next((j for j in near if j in free and right[j] == sign), None)
        if found is not None:
            free.discard(found)
            pairs.append((i, found))
    return pairs


def is_slip(left: str, right: str) -> bool:
    """Whether one letter is other, missing or too many, or two neighbours are turned round."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    rest, other = left[start:], right[start:]
    if len(rest) != len(other):
        return rest[1:] == other or rest == other[1:]
    return rest[1:] == other[1:] or (rest[1::-1] == other[:2] and rest[2:] == other[2:])
