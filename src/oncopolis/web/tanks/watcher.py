"""`Watcher`: takes readings from any thread, keeps them, and writes alarms within the second."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock
from time import time_ns
from typing import Final
from uuid import uuid4

from oncopolis.biobank.storage.forecasting import Intake
from oncopolis.biobank.watching.acts import ACTS
from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.biobank.watching.channels import Channel
from oncopolis.biobank.watching.filing import ACT as FILED
from oncopolis.biobank.watching.limits import Limits
from oncopolis.biobank.watching.readings import Kind, Sensor
from oncopolis.biobank.watching.readings import Reading as Value
from oncopolis.biobank.watching.rooms import ACTS as ROOM_ACTS
from oncopolis.biobank.watching.rooms import find_alone
from oncopolis.biobank.watching.rota import CALL, is_to_call, list_calls
from oncopolis.biobank.watching.upkeep import ACTS as UPKEEP_ACTS
from oncopolis.biobank.watching.watch import Watch
from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_SECOND, NS_PER_MS
from oncopolis.record import Act, Who
from oncopolis.record.biobank.readings import Said, add_readings, thin
from oncopolis.record.biobank.watching import Upkeep, list_inside, list_on_duty, list_upkeep
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.naming import make_id
from oncopolis.record.store.reading import Reading
from oncopolis.web.chore import Chore

EVERY_S: Final = 0.5  # structure: seconds between two looks; far below the five an alarm may take
MOST_WAITING: Final = 20_000  # structure: readings that wait for the next look
MOST_A_SECOND: Final = 50  # structure: readings of one tank or room in a second
KEPT_DAYS: Final = 7  # structure: days for which readings are kept as they came
_MOST_PARKED: Final = 200  # structure: what could not be read and is shown
_MOST_SUBJECTS: Final = 1_000  # structure: tanks and rooms that are told of
_HOUSE: Final = Who("Device", "oncopolis", "Oncopolis")
_NAMES: Final = frozenset((*(act.name for act in (*ACTS, *ROOM_ACTS, *UPKEEP_ACTS)), FILED))


@dataclass(frozen=True, slots=True)
class Parked:
    """Something that could not be read: where it came from, when, and why."""

    where: str
    at_ms: int
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """All that is known at a moment.

    Parameters
    ----------
    counts
        ``taken``, ``parked``, and what was turned away: ``flood`` (too much at once), ``stranger`` (too many
        subjects).
    """

    channels: Mapping[str, Mapping[Kind, Channel]]
    alarms: Sequence[TankAlarm]
    counts: Mapping[str, int]
    parked: Sequence[Parked]


class Watcher(Chore):
    """Watches while it is entered.

    Parameters
    ----------
    expected
        Sensors whose silence is an alarm.
    clock_ms
        The time, milliseconds since 1970 (UTC).
    """

    def __init__(
        self, store: Store, expected: Iterable[Sensor], limits: Limits,
        clock_ms: Callable[[], int] = lambda: time_ns() // NS_PER_MS,
    ) -> None:  # fmt: skip
        self._store, self._clock_ms = store, clock_ms
        self.watch = Watch(expected, limits, clock_ms(), load_alarms(store))
        self.watch.alone, self.watch.upkeep = _load_alone(store), _load_upkeep(store)
        self.intake: Intake | None = None
        """What the plan expects to come in; None until it is known."""
        self._waiting: deque[tuple[Value, int]] = deque()
        self._counts: Counter[str] = Counter()
        self._second, self._of_second = 0, Counter[str]()
        self._parked: deque[Parked] = deque(maxlen=_MOST_PARKED)
        self._told: list[Callable[[Sequence[TankAlarm]], None]] = []
        self._lock, self._is_stale = Lock(), Event()
        self._thinned_ms = 0
        super().__init__("tanks")
        store.follow(self._follow)

    def listen(self, tell: Callable[[Sequence[TankAlarm]], None]) -> None:
        """Have somebody told of alarms that have changed."""
        self._told.append(tell)

    @property
    def now_ms(self) -> int:
        """The time, milliseconds since 1970 (UTC)."""
        return self._clock_ms()

    def note_space(self, full_days: int | None) -> None:
        """Say in how many days no place is left, if that is too soon; the next look makes an alarm of it."""
        with self._lock:
            self.watch.full_days = full_days

    def take(self, readings: Sequence[Value]) -> int:
        """Take in readings; how many there was room for. The others are counted."""
        now_ms, n_taken = self._clock_ms(), 0
        with self._lock:
            if now_ms // MS_PER_SECOND != self._second:
                self._second = now_ms // MS_PER_SECOND
                self._of_second.clear()
            for reading in readings:
                why = self._find_reason(reading)
                self._counts[why or "taken"] += 1
                if why:
                    self.watch.note_unread(now_ms)
                else:
                    self._of_second[reading.subject] += 1
                    self._waiting.append((reading, now_ms))
                    n_taken += 1
        return n_taken

    def _find_reason(self, reading: Value) -> str:
        """Why a reading is turned away; empty if it is not."""
        if len(self._waiting) >= MOST_WAITING or self._of_second[reading.subject] >= MOST_A_SECOND:
            return "flood"
        is_known = reading.subject in self.watch.channels
        return "" if is_known or len(self.watch.channels) < _MOST_SUBJECTS else "stranger"

    def park(self, where: str, why: str) -> None:
        """Put something that could not be read on the list."""
        with self._lock:
            self._counts["parked"] += 1
            now_ms = self._clock_ms()
            self._parked.append(Parked(where[:_MOST_PARKED], now_ms, why))
            self.watch.note_unread(now_ms)

    def look(self) -> Look:
        """What is known now; from any thread."""
        with self._lock:
            channels = {subject: dict(known) for subject, known in self.watch.channels.items()}
            return Look(
                channels, list(self.watch.alarms.values()), dict(self._counts), list(self._parked)[::-1]
            )

    def step(self) -> None:
        """Follow what has come, and write what is wrong."""
        now_ms = self._clock_ms()
        if self._is_stale.is_set():
            self._is_stale.clear()
            self._read_again()
        with self._lock:
            new, self._waiting = self._waiting, deque()
            said = [
                Said(one.subject, one.kind, at_ms, one.value, bool(self.watch.take(one, at_ms).doubt))
                for one, at_ms in new
            ]
            changed = self.watch.look(now_ms, lambda: make_id(now_ms))
            before = dict(self.watch.alarms)
        if changed:
            self._write(changed, before, now_ms)
        if said:
            self._store.submit_unseen(lambda transaction: add_readings(transaction.session, said)).result()
        if now_ms - self._thinned_ms >= MS_PER_HOUR:
            self._thinned_ms = now_ms
            until_ms = now_ms - KEPT_DAYS * MS_PER_DAY
            self._store.submit_unseen(lambda transaction: thin(transaction.session, until_ms)).result()

    def _write(
        self, changed: Sequence[TankAlarm], before: Mapping[str, TankAlarm], now_ms: int
    ) -> None:  # fmt: skip
        def write(transaction: Transaction) -> list[str]:
            written = []
            for one in changed:
                # Somebody may have owned it meanwhile: then what becomes of it is found anew.
                if one.key not in before or _fetch(transaction, one.id) == before[one.key]:
                    transaction.put(one.to_record())
                    if is_to_call(before.get(one.key), one):
                        _call(transaction, one, now_ms)
                    written.append(one.id)
            return written

        audited = Act("E", "watch_tanks", _HOUSE, uuid4().hex)
        written = set(self._store.submit(write, audited).result())
        kept = [one for one in changed if one.id in written]
        with self._lock:
            self.watch.keep(kept)
        if len(kept) < len(changed):
            self._is_stale.set()
        self._tell(kept)

    def _follow(self, transaction: Transaction, act: Act) -> None:
        if act.what in _NAMES:
            transaction.on_commit(self._is_stale.set)

    def _read_again(self) -> None:
        alarms, alone = load_alarms(self._store), _load_alone(self._store)
        upkeep = _load_upkeep(self._store)
        with self._lock:
            self.watch.alone, self.watch.upkeep = alone, upkeep
            self.watch.alarms = {one.key: one for one in alarms}
        self._tell(alarms)

    def _tell(self, alarms: Sequence[TankAlarm]) -> None:
        for tell in self._told:
            tell(alarms)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            with suppress(OncopolisError):  # What could not be written is found again at the next look.
                self.step()
        with suppress(OncopolisError):
            self.step()


def load_alarms(store: Store) -> list[TankAlarm]:
    """Alarms of tanks that are open in the record."""

    def find(reading: Reading) -> list[bytes | None]:
        return [one.body for one in reading.list_with_code("Task", "status", ("requested", "in-progress"))]

    records = [parse(body) for body in store.ask(find) if body is not None]
    return [TankAlarm.from_record(one) for one in records if TankAlarm.is_mine(one)]


def _load_alone(store: Store) -> frozenset[str]:
    return store.ask(lambda reading: find_alone(list_inside(reading.session)))


def _load_upkeep(store: Store) -> tuple[Upkeep, ...]:
    return store.ask(lambda reading: tuple(list_upkeep(reading.session)))


def _call(transaction: Transaction, alarm: TankAlarm, now_ms: int) -> None:
    """Have those on duty called once the alarm is written."""
    for payload, key in list_calls(alarm, list_on_duty(transaction.session, now_ms)):
        transaction.send(CALL, payload, key=key)


def _fetch(transaction: Transaction, id_: str) -> TankAlarm | None:
    found = transaction.read("Task", id_)
    return None if found is None or found.body is None else TankAlarm.from_record(parse(found.body))
