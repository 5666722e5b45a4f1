"""Check digits: the schemes that codes and identifiers share."""

from collections.abc import Sequence
from typing import Final

__all__ = ["compute_luhn", "is_verhoeff", "strip", "to_weighted_sum"]

_BASE: Final = 10  # structure: digits there are
_ROTATED: Final = 5  # structure: the first reflection of the dihedral group
_SHIFTS: Final = 8  # structure: length of the permutation's cycle
_PERMUTATION: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)  # structure: Verhoeff's permutation
_SEPARATORS: Final = str.maketrans("", "", " -\u00a0\u2010\u2011\u2012\u2013\u2014")


def strip(text: str) -> str:
    """Text without the spaces and hyphens that people write between digits."""
    return text.translate(_SEPARATORS)


def to_weighted_sum(digits: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights, from the left."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def compute_luhn(digits: str) -> int:
    """Check digit of Luhn's scheme (mod 10, every second digit from the right doubled)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value // _BASE + value % _BASE
    return -total % _BASE


def is_verhoeff(digits: str) -> bool:
    """Whether digits end in their check digit by Verhoeff's scheme."""
    state = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % _SHIFTS):
            value = _PERMUTATION[value]
        state = _multiply(state, value)
    return state == 0


def _multiply(left: int, right: int) -> int:
    """Product in the dihedral group of order ten: rotations 0 to 4, reflections 5 to 9."""
    rotation = (left + right) % _ROTATED if left < _ROTATED else (left - right) % _ROTATED
    return rotation if (left < _ROTATED) == (right < _ROTATED) else rotation + _ROTATED
