"""`Later`: what is open and not on the floor yet, read when somebody asks for it, or by and by.

A centre may have hundreds of thousands of appointments ahead of it; a server that was killed is to answer
before it has read them all. When each begins is known from the index of the record, without reading it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from threading import RLock
from typing import Final, TypeVar

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.views import View
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import MANY, Reading
from oncopolis.record.types import Version

T = TypeVar("T")
Look = Callable[[Callable[[Reading], list[Version]], list[Version]], list[Version]]
"""Answers a question by the record, as `Floor.look` does."""

PART: Final = 250  # structure: records between which others get their turn


class Later:
    """Records of one kind of view that are read later; asked only for what is not there already.

    Parameters
    ----------
    kind
        What they are.
    moments
        (row, when it begins in milliseconds since 1970, None if no time is set) of each.
    lock
        Held while the floor is changed.
    look
        Reads from the record, in the transaction of an act or beside it.
    put
        Puts on the floor what was read, unless it is known there.
    """

    def __init__(
        self, kind: type[View], moments: Iterable[tuple[int, int | None]], lock: RLock, look: Look,
        put: Callable[[Sequence[View]], None],
    ) -> None:  # fmt: skip
        self.kind = kind
        self._lock, self._look, self._put = lock, look, put
        self._rows: dict[int, list[int]] = defaultdict(list)
        self._undated: list[int] = []
        self._patients: set[str] = set()
        for row, begin_ms in moments:
            (self._undated if begin_ms is None else self._rows[begin_ms // MS_PER_DAY]).append(row)

    def __bool__(self) -> bool:
        """Whether there is anything left."""
        return bool(self._rows or self._undated)

    def bring_undated(self) -> None:
        """Read what has no time, such as who waits for one."""
        rows, self._undated = self._undated, []
        self._bring_rows(rows)

    def bring_days(self, first_ms: int, end_ms: int) -> None:
        """Read what begins in a time, milliseconds since 1970 (UTC)."""
        first, last = first_ms // MS_PER_DAY, (end_ms - 1) // MS_PER_DAY
        with self._lock:
            days = range(first, last + 1) if last - first < len(self._rows) else sorted(self._rows)
            for day in days:
                if first <= day <= last:
                    self._bring_rows(self._rows.pop(day, ()))

    def bring_patient(self, patient: str) -> None:
        """Read what is of a patient."""
        with self._lock:
            if patient not in self._patients:
                self._patients.add(patient)
                self._bring(self._look(lambda reading: reading.list_of_patient(self.kind.TYPE, patient), []))

    def bring_referring(self, type_: str, id_: str) -> None:
        """Read what refers to a record."""
        with self._lock:
            self._bring(self._look(lambda reading: list(_list_referring(reading, self.kind, type_, id_)), []))

    def bring(self, id_: str) -> None:
        """Read one by its id."""
        with self._lock:
            self._bring(self._look(lambda reading: list(_find(reading, self.kind, id_)), []))

    def bring_all(self) -> None:
        """Read what is left."""
        with self._lock:
            self.bring_undated()
            for day in sorted(self._rows):
                self._bring_rows(self._rows.pop(day))

    def list_parts(self) -> Iterator[Callable[[], None]]:
        """Yield what reads the rest, the earliest days first: each part beside the acts, in little time."""
        while True:
            with self._lock:
                day = min(self._rows, default=None)
                rows = [] if day is None else list(self._rows[day])
            if day is None:
                return
            for first in range(0, len(rows), PART):
                yield partial(self._bring_beside, rows[first : first + PART])
            with self._lock:
                self._rows.pop(day, None)

    def _bring_beside(self, rows: Sequence[int]) -> None:
        # The lock is held for what is quick: whatever has changed since it was read is known on the floor.
        views = self._read(self._look(lambda reading: list(reading.list_of_rows(rows)), []))
        with self._lock:
            self._put(views)

    def _bring_rows(self, rows: Sequence[int]) -> None:
        if rows:
            self._bring(self._look(lambda reading: list(reading.list_of_rows(rows)), []))

    def _bring(self, versions: Iterable[Version]) -> None:
        self._put(self._read(versions))

    def _read(self, versions: Iterable[Version]) -> list[View]:
        records = (find_resource(version) for version in versions)
        return [self.kind.from_record(one) for one in records if one is not None and self.kind.is_mine(one)]


def _find(reading: Reading, kind: type[View], id_: str) -> Iterator[Version]:
    version = reading.read(kind.TYPE, id_)
    if version is not None:
        yield version


def _list_referring(reading: Reading, kind: type[View], type_: str, id_: str) -> Iterator[Version]:
    for found, other in reading.find_references(type_, id_, MANY):
        if found == kind.TYPE:
            yield from _find(reading, kind, other)
