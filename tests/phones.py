"""A centre as phones of patients meet it: over real HTTP, by a clock that tests turn."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.doors import CSRF, Browser, Clock, add, run
from tests.live import MONDAY_MS, SOMEBODY, wish
from tests.records import ACT, make_patient
from tests.waiting import MINUTE_MS, get_clinic, make_booking

from oncopolis.operations import Live, View, get_act
from oncopolis.operations.arrivals import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses import Course
from oncopolis.operations.notices import Notice
from oncopolis.record.accounts import Desk
from oncopolis.record.accounts.journeys import Given, give
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.store import Store
from oncopolis.record.store.keys import Keys
from oncopolis.web import login as logins
from oncopolis.web.app import make_app
from oncopolis.web.journey import Door, make_desk_routes, make_routes
from oncopolis.web.live.stream import Stream
from oncopolis.web.login.house import House
from oncopolis.web.mode import Mode
from oncopolis.web.pages import make_asset_routes

KINDS: tuple[type[View], ...] = (Booking, Course, Visit, Contact, Notice)
BORN = "1970-02-03"
DAY = {"day": "3", "month": "2", "year": "1970"}
FORM = {
    "resourceType": "Questionnaire", "id": "before-visit", "status": "active", "url": "urn:test:before",
    "title": "QLQ-BR23 breast cancer module",
    "meta": {"security": [{"system": "urn:oncopolis:disclosure", "code": "shareable"}]},
    "item": [
        {"linkId": "1", "type": "group", "text": "About you", "item": [
            {"linkId": "1.1", "type": "boolean", "text": "Do you take medicines?", "required": True},
            {"linkId": "1.2", "type": "choice", "repeats": True, "text": "Are you allergic to anything?",
             "answerOption": [{"valueCoding": {"code": "a", "display": "Iodine"}},
                              {"valueString": "Latex"}]},
            {"linkId": "1.3", "type": "integer", "text": "How many hours did you sleep?"},
            {"linkId": "1.4", "type": "date", "text": "When were you last here?"},
            {"linkId": "1.5", "type": "text", "text": "What should we know?", "maxLength": 200,
             "_text": {"extension": [{
                 "url": "http://hl7.org/fhir/StructureDefinition/translation",
                 "extension": [{"url": "lang", "valueCode": "ru"},
                               {"url": "content", "valueString": "Что нам следует знать?"}]}]}},
        ]},
        {"linkId": "2", "type": "display", "text": "Thank you."},
    ],
}  # fmt: skip


@dataclass
class Centre:
    """A server with journeys, at its address."""

    door: Door
    clock: Clock
    phones: list[httpx.Client] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.door.login.base

    @property
    def store(self) -> Store:
        return self.door.desk.store

    def put(self, *records: dict[str, Any]) -> None:
        def command(transaction: Any) -> None:
            for record in records:
                transaction.put(record)

        self.store.submit(command, ACT).result()

    def do(self, act: str, **said: Any) -> dict[str, Any]:
        return self.door.live.perform(wish(get_act(act), said, self.clock.now_ms)).result()

    def give(self, patient: str = "p1", **wished: Any) -> Given:
        wishes = {"carer": None, "is_by_code": False, "language": "en"} | wished
        return give(self.door.desk, self.door.login.keyring, patient, SOMEBODY, **wishes)

    def sign_in(self, *roles: str) -> Browser:
        """Somebody who works here, in a browser."""
        add(self.door.desk, roles=frozenset(roles))
        client = httpx.Client(base_url=self.base, timeout=30)
        self.phones.append(client)
        browser = Browser(client, self.base)
        assert browser.sign_in().status_code == 303
        return browser

    def open_phone(self, **headers: str) -> "Phone":
        client = httpx.Client(base_url=self.base, headers=headers, timeout=30)
        self.phones.append(client)
        return Phone(client, self.base)

    def open_page(self, patient: str = "p1", **wished: Any) -> tuple["Phone", str]:
        """A phone with the page of a patient, and its address."""
        made, phone = self.give(patient, **wished), self.open_phone()
        answer = phone.send(f"/journey/link/{made.text}", DAY)
        assert answer.status_code == 303, answer.text
        return phone, f"/journey/{made.journey.id}"


@dataclass
class Phone:
    """Keeps cookies, fills forms in, follows nothing unasked."""

    client: httpx.Client
    base: str

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def send(self, path: str, form: dict[str, Any], page: str | None = None) -> httpx.Response:
        """Send the form of a page, with what the page hides in it."""
        found = CSRF.search(self.get(page or path).text)
        hidden = {"csrf": found[1]} if found else {}
        return self.client.post(path, data=hidden | form, headers={"origin": self.base})


@contextmanager
def open_centre(
    store: Store, clock: Clock, keys: Keys | None = None, base: str = "localhost"
) -> Iterator[Centre]:
    """The clinic of the queues, on a Monday at eight, with two patients who are expected."""
    listener = socket.create_server(("127.0.0.1", 0))
    desk = Desk(store, Seal(keys), clock)
    house = get_clinic()
    address = f"http://{base}:{listener.getsockname()[1]}"
    login = House(desk, Keyring(desk), address, "Cancer centre", zone=house.zone)
    live = Live(store, house, KINDS)
    live.open()
    door = Door(
        live,
        login,
        Stream(live.listen),
        Mode(store),
        lambda _floor, _id, _at_ms: (5.0, 12.0, 21.0),
        "withheld",
    )
    signing_in = logins.make_routes(login, logins.PAGES)
    addresses = [*make_routes(door), *make_desk_routes(door), *signing_in, *make_asset_routes()]
    app = make_app(store, pages=addresses)
    with run(logins.Shield(app, address, ["127.0.0.1", "localhost"], rate_s=None), listener):
        centre = Centre(door, clock)
        centre.put(make_patient("p1"), make_patient("p2"), FORM)
        centre.put(
            make_booking("b1", "p1", MONDAY_MS + 10 * MINUTE_MS, units=("room.consult-room.2",)).to_record(),
            make_booking("b2", "p1", MONDAY_MS + 90 * MINUTE_MS, activity="fraction",
                         units=("machine.linac.1",)).to_record(),
            make_booking("b3", "p1", MONDAY_MS + 3 * 24 * 60 * MINUTE_MS, activity="fraction").to_record(),
            make_booking("b4", "p2", MONDAY_MS + 5 * MINUTE_MS).to_record(),
        )  # fmt: skip
        yield centre
        for client in centre.phones:
            client.close()
