"""The last day as pages play it: read from the journal once in five minutes, however many look."""

from threading import Lock
from typing import NamedTuple

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations import Live
from oncopolis.operations.command import PATHWAY, STEP_MS, Past, find_past, list_going_on
from oncopolis.record.store.journal import JournalLine, list_lines_of, list_times_between


class Played(NamedTuple):
    """A day, and what was done about alarms in it by their time."""

    past: Past
    alarms: tuple[JournalLine, ...]


class Playback:
    """The last day of a live centre, up to the last full five minutes."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._lock = Lock()
        self._known: Played | None = None

    def look(self, now_ms: int) -> Played:
        """Return the day; ``now_ms`` is in milliseconds since 1970 (UTC)."""
        until_ms = now_ms // STEP_MS * STEP_MS
        with self._lock:
            if self._known is None or self._known.past.until_ms != until_ms:
                self._known = self._read(until_ms, now_ms)
            return self._known

    def _read(self, until_ms: int, now_ms: int) -> Played:
        from_ms = until_ms - MS_PER_DAY
        rows, alarms = self._live.store.ask(
            lambda reading: (
                list_times_between(reading, from_ms, now_ms),
                list_lines_of(reading, PATHWAY, from_ms, until_ms + 1),
            )
        )
        past = find_past(self._live.house, rows, self._live.ask(list_going_on), until_ms)
        return Played(past, tuple(alarms))
