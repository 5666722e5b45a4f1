"""A sample of a large day without its crowds: nobody waits for those who were left out of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from oncopolis.studies.replaying.day import Day, Part, Visited

WAITED: Final = 0.2  # structure: share of the wait on a campus with several times the people


def ease(day: Day) -> Day:
    """Return a day on which people wait as where as few come; the house itself still has to have room."""
    return replace(day, visits=tuple(_ease(visit) for visit in day.visits))


def _ease(visit: Visited) -> Visited:
    return replace(visit, parts=tuple(_shorten(visit.parts)))


def _shorten(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Yield parts that begin sooner, each by what those before it and its own wait have saved."""
    saved_ms = 0
    for part in parts:
        asked_ms = part.asked_ms - saved_ms
        if part.start_ms is None:
            yield replace(part, asked_ms=asked_ms, end_ms=part.end_ms - saved_ms)
            continue
        wished_ms = asked_ms + round(WAITED * (part.start_ms - part.asked_ms))
        start_ms = min(max(wished_ms, part.planned_ms or 0), part.start_ms - saved_ms)
        start_ms = max(start_ms, asked_ms)
        moved_ms = part.start_ms - start_ms
        yield replace(part, asked_ms=asked_ms, start_ms=start_ms, end_ms=part.end_ms - moved_ms)
        if part.is_contact:
            saved_ms = moved_ms
