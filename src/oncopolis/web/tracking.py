"""`Tracking`: hears gateways of tags at a broker, and tells the live centre each second where things are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from time import time_ns
from typing import Final, Self
from uuid import uuid4

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import NS_PER_MS
from oncopolis.interop.devices.background import Background
from oncopolis.interop.devices.broker import hear
from oncopolis.interop.devices.settings import Mqtt, Tags, find_devices
from oncopolis.interop.devices.tags import read_sightings
from oncopolis.operations import Floor, Live, Moment, Wish, get_act
from oncopolis.operations.things import MOST, Garbage, LocateThings, Sighting
from oncopolis.record import Act, Who

EVERY_S: Final = 1.0
MOST_WAITING: Final = 5_000  # structure: things that wait for the next act
MOST_GARBAGE: Final = 50  # structure: different pieces of garbage that wait for it
_HOUSE: Final = Who("Device", "oncopolis", "Oncopolis")


class Tracking:
    """Tells where things are while it is entered.

    Of a thing that is seen many times in a second the last one counts, so a flood becomes one act; what there
    is no room for is counted and told.

    Parameters
    ----------
    say
        Told when the broker comes and goes.
    """

    def __init__(self, live: Live, mqtt: Mqtt, tags: Tags, say: Callable[[str], None]) -> None:
        self._live, self._mqtt, self._tags, self._say = live, mqtt, tags, say
        self._sightings: dict[tuple[str, str], Sighting] = {}
        self._garbage: dict[Garbage, None] = {}
        self._n_turned_away = 0
        self._lock, self._stopping = Lock(), Event()
        self._hearing = Background("tags", self._hear)
        self._telling = Thread(target=self._tell, name="tags told")

    def __enter__(self) -> Self:
        self._telling.start()
        self._hearing.__enter__()
        return self

    def __exit__(self, *told: object) -> None:
        self._stopping.set()
        self._hearing.__exit__(*told)
        self._telling.join()

    async def _hear(self) -> None:
        await hear(self._mqtt, f"{self._mqtt.client}-tags", self._tags.topics, self.take, self._say)

    def take(self, topic: str, payload: bytes) -> None:
        """Take in a message; from any thread."""
        sightings, garbage = read_sightings(self._tags, topic, payload)
        with self._lock:
            for one in sightings:
                key = one.thing, one.area
                if key in self._sightings or len(self._sightings) < MOST_WAITING:
                    self._sightings[key] = one
                else:
                    self._n_turned_away += 1
            for piece in garbage:
                if piece in self._garbage or len(self._garbage) < MOST_GARBAGE:
                    self._garbage[piece] = None
                else:
                    self._n_turned_away += 1

    def _tell(self) -> None:
        while not self._stopping.wait(EVERY_S):
            self.tell()
        self.tell()

    def tell(self) -> None:
        """Tell the live centre what has come since."""
        with self._lock:
            sightings, garbage = list(self._sightings.values()), tuple(self._garbage)
            n_turned_away, self._n_turned_away = self._n_turned_away, 0
            self._sightings, self._garbage = {}, {}
        self._locate(LocateThings(garbage=garbage, turned_away=n_turned_away))
        for first in range(0, len(sightings), MOST):
            some = tuple(sightings[first : first + MOST])
            if not self._locate(LocateThings(sightings=some)):
                with self._lock:  # What was seen meanwhile is newer.
                    self._sightings = {(one.thing, one.area): one for one in some} | self._sightings

    def _locate(self, asked: LocateThings) -> bool:
        """Do the act, unless it would change nothing; whether the record has answered."""
        act = get_act("locate_things")

        def is_news(floor: Floor) -> bool:
            moment = Moment(time_ns() // NS_PER_MS, _HOUSE, lambda: uuid4().hex, floor.house)
            return bool(act.decide(floor, asked, moment).puts)

        try:
            # An act with nothing to do would be in the audit all the same, every second.
            if asked != LocateThings() and self._live.ask(is_news):
                self._live.perform(Wish(act, asked, Act("U", act.name, _HOUSE, uuid4().hex))).result()
        except OncopolisError:
            return False
        return True


@contextmanager
def track(live: Live, project: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hear the gateways of tags of a project while the block runs, if its settings name any."""
    devices = find_devices(project)
    if devices is None or devices.mqtt is None or devices.tags is None:
        yield
        return
    with Tracking(live, devices.mqtt, devices.tags, say):
        yield
