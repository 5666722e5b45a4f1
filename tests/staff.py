"""A live centre with its pages over real HTTP, at a time that tests turn."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.databases import add_file
from tests.doors import PASSWORD, Browser, Clock, add, run
from tests.live import MONDAY_MS, SOMEBODY, get_house
from tests.records import make_keys

from oncopolis.operations import House, Live, make_wish
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.record import Act, Who
from oncopolis.record.accounts import Account, Desk
from oncopolis.record.accounts.journeys import give
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.store import Store, open_store
from oncopolis.web import display, journey, live
from oncopolis.web.app import make_app
from oncopolis.web.definition import apply_differences, find_differences, make_records
from oncopolis.web.live import Station
from oncopolis.web.login import PAGES, Gate, Shield, make_routes, make_security
from oncopolis.web.login.house import House as Login
from oncopolis.web.mode import Mode
from oncopolis.web.pages import make_asset_routes

MADE = Act("C", "made for a test", Who("Person", "test", "test"), "test")
FORM = re.compile(r"<form method=\"post\" action=\"([^\"]+)\"[^>]*>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r"<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")


@dataclass
class Centre:
    """A live centre and its pages."""

    station: Station
    clock: Clock
    gate: Gate
    browsers: list[httpx.Client] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.station.login.desk

    @property
    def base(self) -> str:
        return self.station.login.base

    @property
    def live(self) -> Live:
        return self.station.live

    def do(self, name: str, **said: Any) -> dict[str, Any]:
        """Do an act as the house itself."""
        return self.live.perform(make_wish(name, said, MADE)).result()

    def put(self, record: dict[str, Any]) -> None:
        self.live.store.submit(lambda tx: tx.put(record), MADE).result()

    def give_link(self, patient: str) -> str:
        """The address by which a patient opens their page, once; they are asked for their birth date."""
        made = give(
            self.desk,
            self.station.login.keyring,
            patient,
            SOMEBODY,
            carer=None,
            is_by_code=False,
            language="en",
        )
        return f"/journey/link/{made.text}"

    def add_patient(self, id_: str, family: str, given: str) -> str:
        name = {"use": "official", "family": family, "given": [given]}
        self.put({"resourceType": "Patient", "id": id_, "name": [name], "birthDate": "1960-05-17"})
        return id_

    def add_booking(self, id_: str, patient: str, minutes: int = 10, activity: str = "consult") -> str:
        """An appointment so many minutes from now."""
        unit = "room.consult-room.1" if activity == "consult" else "machine.linac.1"
        spot = Spot(self.clock.now_ms + minutes * 60_000, (Held(unit),))
        self.put(Booking(id_, patient, activity, "booked", 10, self.clock.now_ms, spot=spot).to_record())
        return id_

    def add_account(self, login: str, *roles: str, **members: Any) -> Account:
        return add(self.desk, login, roles=frozenset(roles), **members)

    def open_browser(self, login: str = "", **headers: str) -> "Staff":
        client = httpx.Client(base_url=self.base, headers=headers, timeout=30)
        self.browsers.append(client)
        browser = Staff(client, self.base)
        if login:
            assert browser.sign_in(login, PASSWORD).status_code == 303
        return browser


class Staff(Browser):
    """Sends the forms of a page as they are."""

    def press(
        self, page: str, action: str, given: Mapping[str, str] | None = None, **chosen: str
    ) -> httpx.Response:
        """Send the form of a page that leads to an action and has these hidden values."""
        for path, inside in FORM.findall(self.get(page).text):
            hidden = dict(HIDDEN.findall(inside))
            if path == action and all(hidden.get(name) == value for name, value in chosen.items()):
                return self.client.post(path, data={**hidden, **(given or {})}, headers={"origin": self.base})
        raise AssertionError(f"no form for {action} with {chosen} on {page}")


@contextmanager
def open_centre(folder: Path, *, house: House | None = None) -> Iterator[Centre]:
    """The small clinic on a Monday morning, with nobody in it."""
    clock = Clock(MONDAY_MS)
    keys = make_keys(folder)
    with open_store(add_file(folder), keys=keys, clock_ms=clock) as store:
        yield from _open(store, keys, clock, house or get_house())


def _open(store: Store, keys: Any, clock: Clock, house: House) -> Iterator[Centre]:
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://localhost:{listener.getsockname()[1]}"
    desk = Desk(store, Seal(keys), clock)
    login = Login(desk, Keyring(desk), base, "Test centre", None, house.zone)
    gate = Gate(login)
    apply_differences(store, find_differences(store, make_records(house.equipped)))
    lived = Live(store, house)
    lived.open()
    station = live.make_station(lived, login, Mode(store))
    door = journey.Door(lived, login, station.stream, station.mode, lambda *_: None, "withheld")
    routes = [
        *make_asset_routes(),
        *make_routes(login, PAGES),
        *live.make_routes(station, gate),
        *display.make_routes(station),
        *journey.make_routes(door),
        *live.make_last_routes(station),
    ]
    app = make_app(store, pages=routes, security=make_security(login), gate=gate)
    with run(Shield(app, base, ["127.0.0.1", "localhost"], rate_s=None), listener):
        centre = Centre(station, clock, gate)
        yield centre
        for client in centre.browsers:
            client.close()
        station.stream.end()
