"""`Watch`: all sensors and alarms of a biobank, followed reading by reading and moment by moment.

It does no I/O and looks at no clock: what has to be written is what its methods return.
"""

from collections.abc import Callable, Iterable, Iterator

from oncopolis.biobank.watching.alarms import TankAlarm, go_on, raise_alarm
from oncopolis.biobank.watching.breaches import Breach, find_breaches
from oncopolis.biobank.watching.channels import Channel, follow
from oncopolis.biobank.watching.limits import Limits
from oncopolis.biobank.watching.readings import Kind, Reading, Sensor
from oncopolis.record.biobank.watching import Upkeep

STORAGE = "storage"
"""What the alarm about all places is about."""
INTAKE = "intake"
"""What the alarm about all readings is about."""


class Watch:
    """What is known now.

    Parameters
    ----------
    expected
        Sensors that have to speak: silence is an alarm, also of one that never spoke.
    started_ms
        Since when they are listened to, milliseconds since 1970 (UTC).
    alarms
        Those that were open when it was stopped.
    """

    def __init__(
        self, expected: Iterable[Sensor], limits: Limits, started_ms: int, alarms: Iterable[TankAlarm] = ()
    ) -> None:
        self.expected, self.limits, self.started_ms = tuple(expected), limits, started_ms
        self.channels: dict[str, dict[Kind, Channel]] = {subject: {} for subject, _ in self.expected}
        self.alarms = {one.key: one for one in alarms}
        self.heard_ms = started_ms
        self.unread_ms: int | None = None
        self.alone: frozenset[str] = frozenset()
        self.upkeep: tuple[Upkeep, ...] = ()
        self.full_days: int | None = None
        """Days until no place is left, if these are too few to bring more into use."""

    def take(self, reading: Reading, now_ms: int) -> Channel:
        """Take in a reading; what is known of its sensor then."""
        known = self.channels.setdefault(reading.subject, {})
        known[reading.kind] = follow(known.get(reading.kind), reading, now_ms, self.limits)
        self.heard_ms = max(self.heard_ms, now_ms)
        return known[reading.kind]

    def note_unread(self, now_ms: int) -> None:
        """Something came that could not be read, or was too much: somebody has to see to its sender."""
        self.unread_ms = now_ms

    def look(self, now_ms: int, make_id: Callable[[], str]) -> list[TankAlarm]:
        """Find what is wrong now; alarms that are new, or not as they were."""
        breaches = {one.key: one for one in self.find_breaches(now_ms)}
        changed = [
            after
            for key, alarm in self.alarms.items()
            if (after := go_on(alarm, breaches.get(key), now_ms, self.limits)) != alarm
        ]
        changed += [
            raise_alarm(breach, make_id(), now_ms, self.limits)
            for key, breach in breaches.items()
            if key not in self.alarms
        ]
        return changed

    def keep(self, alarms: Iterable[TankAlarm]) -> None:
        """Keep alarms as they are written now; those that are over go."""
        for one in alarms:
            if one.is_open:
                self.alarms[one.key] = one
            else:
                self.alarms.pop(one.key, None)

    def _find_kept(self, now_ms: int) -> Iterator[Breach]:
        """Yield what no sensor tells: who is alone, what is overdue, and that places run out."""
        for room in self.alone:
            yield Breach("alone", room)
        for one in self.upkeep:
            if one.due_ms < now_ms:
                yield Breach("overdue", one.subject, f"{one.kind} {one.id}")
        if self.full_days is not None:
            yield Breach("space-short", STORAGE, value=self.full_days)

    def find_breaches(self, now_ms: int) -> Iterator[Breach]:
        """Yield all that is wrong. If nothing comes at all, that is one thing and not a hundred."""
        is_deaf = bool(self.expected) and now_ms - self.heard_ms >= self.limits.intake_silent_ms
        if is_deaf:
            yield Breach("intake-silent", INTAKE)
        if self.unread_ms is not None and now_ms - self.unread_ms < self.limits.settled_ms:
            yield Breach("unread", INTAKE)
        yield from self._find_kept(now_ms)
        for subject, channels in self.channels.items():
            for breach in find_breaches(subject, channels, now_ms, self.limits, self.alarms.keys()):
                if breach.rule != "silent" or not is_deaf or breach.key in self.alarms:
                    yield breach
        if not is_deaf and now_ms - self.started_ms >= self.limits.silent_ms:
            for subject, kind in self.expected:
                if kind not in self.channels[subject]:
                    yield Breach("silent", subject, kind)
