"""`Door`: what the pages of journeys work with, and `Guest`: one request of a phone."""

from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TypeVar

from oncopolis.foundation import ExternalError
from oncopolis.foundation.marking import mark
from oncopolis.operations import House, Live
from oncopolis.operations.forecasting import forecast
from oncopolis.operations.journeys import Forecast
from oncopolis.record.access.disclosing import Default
from oncopolis.record.accounts import Desk
from oncopolis.record.accounts.journeys import Journey, find_journey
from oncopolis.record.accounts.journeys.giving import UNTIL_MS
from oncopolis.record.accounts.journeys.standing import is_told
from oncopolis.record.accounts.tokens import digest
from oncopolis.record.types import Who
from oncopolis.web import pages
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.live.station import Station
from oncopolis.web.live.stream import Stream
from oncopolis.web.login.house import House as Login
from oncopolis.web.login.visits import Visit
from oncopolis.web.mode import Mode
from oncopolis.web.pages.languages import Words, choose, find_words

HOME = "/journey"
COOKIE = "journey"
WAIT_S = 20  # structure: after which a reader is told that it is not known whether it was done
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """The live centre as phones of patients see it.

    Parameters
    ----------
    forecast
        Tells how much longer a wait may take.
    disclosure
        Whether a diagnosis counts as disclosed to a patient of whom nothing is said.
    """

    live: Live
    login: Login
    stream: Stream
    mode: Mode
    forecast: Forecast
    disclosure: Default

    @property
    def house(self) -> House:
        """What is the same every day."""
        return self.live.house

    @property
    def desk(self) -> Desk:
        """The record as links see it."""
        return self.login.desk

    @property
    def now_ms(self) -> int:
        """The time, milliseconds since 1970 (UTC)."""
        return self.desk.clock_ms()


def make_door(station: Station, disclosure: Default) -> Door:
    """Return the door of a live centre."""
    return Door(station.live, station.login, station.stream, station.mode, forecast, disclosure)


def wait(future: Future[T]) -> T:
    """Return what the record answers.

    Raises
    ------
    ExternalError
        It does not in time: what was wished may be done or not.
    """
    try:
        return future.result(WAIT_S)
    except Late:
        raise ExternalError(
            code="WEB-306", where="journey", got=f"no answer in {WAIT_S} s",
            expected="an answer of the record", fix="look whether it was done; send it again if not",
        ) from None  # fmt: skip


class Guest:
    """One request of a phone: which device it is, whose page it has, and in which language.

    Attributes
    ----------
    journey
        The link it has opened, once that is known.
    """

    def __init__(self, door: Door, visit: Visit) -> None:
        self.door, self.visit = door, visit
        self.journey: Journey | None = None

    @property
    def device(self) -> str:
        """What the phone holds, '' if nothing."""
        return self.visit.get_cookie(COOKIE)

    @property
    def parts(self) -> Mapping[str, str]:
        """Parts of the path."""
        return self.visit.parts

    def get_journey(self) -> Journey:
        """Return the link of the address, if this phone has opened it; `JourneyRefused` if not."""
        if self.journey is None:
            self.journey = find_journey(self.door.desk, self.device, self.parts["id"])
        return self.journey

    def keep_device(self, secret: str) -> None:
        """Let the phone hold something from now on."""
        self.visit.cookies.changes[COOKIE] = (secret, UNTIL_MS // MS_PER_S)

    @property
    def language(self) -> str:
        """The language of the answer: chosen, of the link, or of the browser."""
        of_link = self.journey.language if self.journey else ""
        wishes = (self.visit.query.get("language", ""), self.visit.get_cookie("language"), of_link)
        return choose(wishes, self.visit.request.headers.get("accept-language", ""))

    @property
    def words(self) -> Words:
        """Words of that language."""
        return find_words(self.language)

    @property
    def who(self) -> Who:
        """Whose page it is, as the audit names them."""
        one = self.get_journey()
        return Who("RelatedPerson", one.carer) if one.carer else Who("Patient", one.patient)

    @cached_property
    def is_told(self) -> bool:
        """Whether they were told the diagnosis."""
        one, who, default = self.get_journey(), self.who, self.door.disclosure
        return self.door.desk.ask(lambda session: is_told(session, one.patient, who, default))

    @property
    def csrf(self) -> str:
        """What a form of this phone carries; it tells nothing about the cookie."""
        return digest(f"csrf {self.device}") if self.device else self.visit.csrf

    def check_form(self) -> None:
        """Refuse a form that another site sent.

        Raises
        ------
        RequestError
            It does not come from a page of ours on this phone.
        """
        origin = self.visit.request.headers.get("origin", self.door.login.base)
        if origin != self.door.login.base or self.visit.form.get("csrf") != self.csrf:
            raise RequestError(
                code="REC-271", where="form", got="a form of another page, or an old one",
                expected="a form of ours, sent from the phone it was opened on",
                fix="open the page again and send it once more",
                status=HTTPStatus.FORBIDDEN, issue="security",
            )  # fmt: skip

    def make_frame(self) -> pages.Frame:
        """Return what stands around a page: the name of the centre, which may tell too much, does not."""
        is_get = self.visit.method == "GET"
        return pages.Frame(
            self.language, self.words.text(mark("Your visit")), self.door.mode.name == "shadow",
            (lambda code: self.visit.change_query("language", code)) if is_get else None,
            zone=self.door.house.zone, home=HOME if self.device else "",
            values={"csrf": self.csrf, "now_ms": self.door.now_ms},
        )  # fmt: skip
