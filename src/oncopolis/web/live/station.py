"""`Station`: what the pages of the live centre work with."""

from dataclasses import dataclass
from typing import Any, cast

from oncopolis.operations import House, Live
from oncopolis.operations.staff import find_areas, find_tied
from oncopolis.record.accounts import Account
from oncopolis.web.live.people import People
from oncopolis.web.live.playback import Playback
from oncopolis.web.live.stream import Stream
from oncopolis.web.live.viewing import Views
from oncopolis.web.login.house import House as Login
from oncopolis.web.mode import Mode
from oncopolis.web.tanks.watcher import Watcher


@dataclass(frozen=True, slots=True)
class Station:
    """The live centre with those who are signed in to it."""

    live: Live
    login: Login
    stream: Stream
    mode: Mode
    people: People
    views: Views
    playback: Playback
    tanks: Watcher | None = None
    """What watches the tanks; None for a centre without a biobank."""

    @property
    def house(self) -> House:
        """What is the same every day."""
        return self.live.house

    def find_areas(self, account: Account) -> frozenset[str] | None:
        """Return the departments somebody works in; None for all of them."""
        return self.live.ask(lambda floor: find_areas(floor, account.practitioner, account.clinics))

    def find_tied(self, account: Account) -> frozenset[str]:
        """Return the departments that somebody's posts name."""
        return self.live.ask(lambda floor: find_tied(floor, account.practitioner))

    @property
    def now_ms(self) -> int:
        """The time, milliseconds since 1970 (UTC)."""
        return self.login.desk.clock_ms()


def make_station(live: Live, login: Login, mode: Mode, tanks: Watcher | None = None) -> Station:
    """Return the station of a live centre; from now on its stream tells of every change."""
    stream = Stream(live.listen)
    if tanks is not None:
        # Alarms are no views of the floor, but have what topics are found by.
        tanks.listen(lambda alarms: stream.note(cast("Any", alarms)))
    people, views = People(live.store), Views(live.store)
    return Station(live, login, stream, mode, people, views, Playback(live), tanks)
