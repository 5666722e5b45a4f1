"""`Arrivals`: who comes when; each source knows when its next people come."""

import math
from bisect import bisect_right

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import DAY
from oncopolis.twin.reference.agenda import THEN_BEGINS, Agenda, What
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.definition import Definition, Origin
from oncopolis.twin.reference.draws import child, draw_count, uniform
from oncopolis.twin.reference.fates import Fates
from oncopolis.twin.reference.passing import Passing
from oncopolis.twin.reference.people import Patient, Source

_MOST_AT_ONCE = 4096  # structure: people who come at once


class Arrivals:
    """All sources of people."""

    def __init__(
        self, definition: Definition, agenda: Agenda, recorder: Recorder, fates: Fates, passing: Passing
    ) -> None:
        self._definition, self._agenda, self._recorder = definition, agenda, recorder
        self._fates, self._passing = fates, passing

    def begin(self) -> None:
        """Schedule the first arrival of each source, or of each member of a closed population."""
        for origin in self._definition.origins:
            source = Source(origin.number, day=origin.begins // DAY, passed=origin.past)
            self._agenda.now = origin.begins
            if origin.kind != k.MEMBERS:
                self._schedule_next(source, origin)
                continue
            for _ in range(origin.members):
                member = self._let_in(source, origin)
                assert member is not None
                self._fates.stay_away(member, origin, 0)
        self._agenda.now = 0

    def arrive(self, source: Source) -> None:
        """Let the next people of a source come, and schedule those after them."""
        origin = self._definition.origins[source.number]
        n = draw_count(origin.mean_batch, origin.batch, origin.key, k.FOR_BATCH, source.count)
        coming = [self._let_in(source, origin) for _ in range(min(n, _MOST_AT_ONCE))]
        if not coming:
            source.count += 1
        self._schedule_next(source, origin)
        for patient in coming:
            if patient is not None:
                self._recorder.counters.totals["events"] += 1
                self._fates.enter(patient)
                self._passing.go_on(patient, patient.stop)

    def _let_in(self, source: Source, origin: Origin) -> Patient | None:
        """Make one person who comes; None if they do not show up."""
        key = child(origin.key, source.count)
        source.count += 1
        if origin.no_show > 0 and uniform(key, k.FOR_SHOW, 0) < origin.no_show:
            return None
        stop = self._definition.stops[origin.stop]
        patient = self._fates.make_patient(key, stop, origin.number, origin.priority)
        patient.part = uniform(key, k.FOR_REFERRAL, 0) * origin.part
        self._recorder.counters.arrivals[origin.number] += 1
        return patient

    def _schedule_next(self, source: Source, origin: Origin) -> None:
        now = self._agenda.now
        time: int | None
        if origin.kind == k.GAPS:
            assert origin.gap is not None
            time = now + origin.gap.draw_ticks(origin.key, k.FOR_GAP, source.count)
        elif origin.kind == k.TIMES:
            time = self._find_clock_time(source, origin)
        else:
            time = self._find_by_rate(source, origin)
        if time is not None:
            self._agenda.schedule(source, max(time, now), What.ARRIVES, THEN_BEGINS)

    def _find_clock_time(self, source: Source, origin: Origin) -> int | None:
        """Return the next of the fixed times of open days."""
        while source.day < len(origin.expected):
            at = int(source.passed)
            if origin.expected[source.day] > 0 and at < len(origin.clock):
                source.passed = at + 1
                return source.day * DAY + origin.clock[at]
            source.day, source.passed = source.day + 1, 0
        return None

    def _find_by_rate(self, source: Source, origin: Origin) -> int | None:
        """Return when a Poisson process whose days have so many arrivals each has the next."""
        need = -math.log(uniform(origin.key, k.FOR_GAP, source.count))
        while source.day < len(origin.expected):
            expected = origin.expected[source.day]
            left = expected - source.passed
            if need < left:
                source.passed += need
                return source.day * DAY + _find_in_day(origin, source.passed / expected)
            need -= max(left, 0.0)
            source.day, source.passed = source.day + 1, 0.0
        return None


def _find_in_day(origin: Origin, part: float) -> int:
    """Return the tick of the day by which a part of its arrivals has come."""
    if origin.flat:
        return int(part * DAY)
    shape = origin.shape
    n = len(shape) - 1
    at = min(max(bisect_right(shape, part) - 1, 0), n - 1)
    width = shape[at + 1] - shape[at]
    within = (part - shape[at]) / width if width > 0 else 0.0
    return min(int((at + within) / n * DAY), DAY - 1)
