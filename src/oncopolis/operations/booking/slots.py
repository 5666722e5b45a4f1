"""Times of a day as bits of a number: bit 0 is the slot at midnight, the next one five minutes later."""

from collections.abc import Iterable, Iterator
from math import ceil

from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations.house import SLOT_MIN

N_SLOTS = MINUTES_PER_DAY // SLOT_MIN
"""Slots of a day."""
WHOLE_DAY = (1 << N_SLOTS) - 1


def count_slots(minutes: float) -> int:
    """Return how many slots a time takes."""
    return ceil(minutes / SLOT_MIN)


def make_mask(first: int, end: int) -> int:
    """Return the slots from `first` up to but not including `end`; what lies outside the day is cut off."""
    first, end = max(first, 0), min(end, N_SLOTS)
    return (1 << end) - (1 << first) if first < end else 0


def make_open(spans: Iterable[tuple[int, int]]) -> int:
    """Return the slots that lie wholly in spans of minutes of the day."""
    mask = 0
    for first, end in spans:
        mask |= make_mask(count_slots(first), end // SLOT_MIN)
    return mask


def find_starts(free: int, n: int) -> int:
    """Return the slots from which on `n` in a row are free."""
    reach = 1
    while reach < n and free:
        step = min(reach, n - reach)
        free &= free >> step
        reach += step
    return free


def find_first(mask: int) -> int:
    """Return the first slot of a mask that has one."""
    return (mask & -mask).bit_length() - 1


def find_nearest(mask: int, slot: int) -> int:
    """Return the slot of a mask that is nearest to another; of two the earlier one."""
    before, after = mask & make_mask(0, slot), mask >> slot << slot
    if not before:
        return find_first(after)
    last = before.bit_length() - 1
    if not after:
        return last
    first = find_first(after)
    return last if slot - last <= first - slot else first


def list_slots(mask: int) -> Iterator[int]:
    """Yield the slots of a mask, the earliest first."""
    while mask:
        yield find_first(mask)
        mask &= mask - 1


def find_longest(mask: int) -> int:
    """Return the length of the longest row of slots in a mask."""
    length = 0
    while mask:
        mask &= mask >> 1
        length += 1
    return length
