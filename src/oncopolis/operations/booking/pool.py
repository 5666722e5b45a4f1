"""`Pool`: the units of one resource on one day: what is taken of them and where they have time."""

from collections.abc import Iterator
from typing import Self

from oncopolis.operations.booking.openings import Masks, Rules
from oncopolis.operations.booking.slots import find_starts

LAYERS = 2
"""What is given out first, and what is booked beyond it."""


class Pool:
    """One resource on one day.

    Parameters
    ----------
    masks
        When each unit is open.
    n_open
        Slots of all units by plan, of which the rules give out a share.
    """

    __slots__ = (
        "_beyond",
        "_blocked",
        "_found",
        "_limit",
        "_masks",
        "_over",
        "_taken",
        "_urgent",
        "_used",
        "seen",
    )

    def __init__(self, masks: Masks, n_open: int, rules: Rules) -> None:
        self._masks = masks
        self._limit = int(n_open * rules.scale)
        self._urgent = int(self._limit * rules.urgent_share)
        self._beyond = int(n_open * max(rules.scale - 1, 0.0))
        self._taken = [0] * (LAYERS * len(masks))
        self._blocked: dict[int, int] = {}
        self._used = self._over = 0
        self._found: dict[tuple[int, int, bool], int] = {}
        self.seen = 0
        """State of the breakdowns that is reckoned with."""

    def copy(self) -> Self:
        """Return another that changes by itself."""
        made = object.__new__(type(self))
        for name in Pool.__slots__:
            setattr(made, name, getattr(self, name))
        made._taken, made._blocked, made._found = self._taken.copy(), self._blocked, {}
        return made

    def take(self, unit: int, layer: int, mask: int) -> None:
        """Let a unit be held."""
        self._change(unit, layer, self._taken[LAYERS * unit + layer] | mask)

    def give(self, unit: int, layer: int, mask: int) -> None:
        """Let a unit be free again."""
        self._change(unit, layer, self._taken[LAYERS * unit + layer] & ~mask)

    def _change(self, unit: int, layer: int, mask: int) -> None:
        change = mask.bit_count() - self._taken[LAYERS * unit + layer].bit_count()
        self._taken[LAYERS * unit + layer] = mask
        self._used += change
        self._over += change if layer else 0
        self._found.clear()

    def block(self, blocked: dict[int, int]) -> None:
        """Let units be out of order: unit -> slots."""
        self._blocked = blocked
        self._found.clear()

    def has_time(self, n_slots: int, n: int, *, is_kept: bool, is_beyond: bool) -> bool:
        """Whether so much more may be given out of this day, with what is kept for the urgent."""
        wanted = n_slots * n
        if is_beyond and self._over + wanted > self._beyond:
            return False
        return self._used + wanted <= self._limit - (self._urgent if is_kept else 0)

    def find_starts(self, n_slots: int, n: int, *, is_beyond: bool) -> int:
        """Return when `n` units begin to be free for `n_slots` together."""
        key = (n_slots, n, is_beyond)
        found = self._found.get(key)
        if found is None:
            # Bit of level k: at least k + 1 units.
            levels = [0] * n
            for unit in range(len(self._masks)):
                starts = self.find_unit_starts(unit, n_slots, is_beyond=is_beyond)
                for k in range(n - 1, 0, -1):
                    levels[k] |= levels[k - 1] & starts
                levels[0] |= starts
            found = self._found[key] = levels[-1]
        return found

    def find_unit_starts(self, unit: int, n_slots: int, *, is_beyond: bool) -> int:
        """Return when one unit begins to be free for `n_slots`."""
        starts = find_starts(self.find_free(unit, 0), n_slots)
        return starts | find_starts(self.find_free(unit, 1), n_slots) if is_beyond else starts

    def find_free(self, unit: int, layer: int) -> int:
        """Return when a unit is open, in order and not taken."""
        mask = self._masks[unit] & ~self._taken[LAYERS * unit + layer]
        return mask & ~self._blocked[unit] if unit in self._blocked else mask

    def find_open(self, unit: int) -> int:
        """Return when a unit is open and in order, taken or not."""
        return self._masks[unit] & ~self._blocked.get(unit, 0)

    def count_taken(self, unit: int) -> int:
        """Return how many slots of a unit are taken."""
        return self._taken[LAYERS * unit].bit_count() + self._taken[LAYERS * unit + 1].bit_count()

    def list_units(self) -> Iterator[int]:
        """Yield the places of the units."""
        yield from range(len(self._masks))
