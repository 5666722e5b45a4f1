"""For how long units were out of order lately, from the journal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.booking.units import Down
from oncopolis.record.store.journal import JournalLine

PATHWAY: Final = "upkeep"
"""Pathway of lines about units."""
OUT_OF_ORDER: Final = "out_of_order"
WINDOW_DAYS: Final = 30  # structure: days that are looked back


def compute_down_ms(
    lines: Iterable[JournalLine], downs: Mapping[str, Down], from_ms: int, until_ms: int
) -> dict[str, int]:
    """Return for how long units were out of order between two moments: unit -> milliseconds.

    Parameters
    ----------
    lines
        What is over, of `PATHWAY`, that ended since ``from_ms``.
    downs
        What is out of order still.
    """
    found = Counter[str]()
    for line in lines:
        if line.step == OUT_OF_ORDER and line.resource is not None and line.start_ms is not None:
            found[line.resource] += max(min(line.end_ms, until_ms) - max(line.start_ms, from_ms), 0)
    for unit, down in downs.items():
        found[unit] += max(until_ms - max(down.since_ms, from_ms), 0)
    return dict(found)


def compute_uptime(down_ms: int) -> float:
    """Return the share of the window in which a unit was in order, 0 to 1."""
    return 1 - min(down_ms / (WINDOW_DAYS * MS_PER_DAY), 1)
