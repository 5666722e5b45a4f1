"""The work list of a clinic: who waits, who was called, who is being served, and who is still expected."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.foundation import ForbiddenError, NotFoundError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.boards import compute_mean_wait
from oncopolis.operations.arrivals.indexes import Expected, Queues
from oncopolis.operations.arrivals.numbers import name_area
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting import Forecast, forecast
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

_ORDER: Final = ("served", "called", "waiting", "away")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    contact: Contact
    waited_min: int
    is_urgent: bool
    is_next: bool
    may_be_given_up: bool
    wait: Forecast | None
    """How much longer it may take until they are called; None for who does not wait."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as it is now."""

    rows: tuple[Row, ...]
    expected: tuple[Booking, ...]
    n_waiting: int
    mean_wait_min: float | None
    """Mean of today's waits, with those that are not over; None before anybody came."""


def read_queue(floor: Floor, area: str, now_ms: int) -> Queue:
    """Look at the queue of an area, and at who is still expected there today."""
    queues = floor.index(Queues)
    contacts = sorted(
        queues.of_area.get(area, {}).values(), key=lambda one: (_ORDER.index(one.state), one.rank)
    )
    first = next((one.id for one in contacts if one.state == "waiting" and one.asked_ms <= now_ms), None)
    no_answer_ms = get_rules(floor.house).no_answer_ms
    rows = tuple(
        Row(
            one, max(0, now_ms - one.asked_ms) // MS_PER_MINUTE, one.priority < USUAL_PRIORITY,
            one.id == first, one.called_ms is not None and now_ms >= one.called_ms + no_answer_ms,
            forecast(floor, one.id, now_ms),
        )
        for one in contacts
    )  # fmt: skip
    n_waiting = sum(one.state == "waiting" for one in contacts)
    mean_min = compute_mean_wait(floor, area, now_ms)
    return Queue(rows, tuple(_list_expected(floor, area, now_ms)), n_waiting, mean_min)


def _list_expected(floor: Floor, area: str, now_ms: int) -> list[Booking]:
    day, _ = floor.house.to_minute(now_ms)
    first_ms, end_ms = floor.house.to_ms(day), floor.house.to_ms(day, _DAY_MIN)
    expected = floor.index(Expected)
    activities = [card.id for card in floor.house.cards.values() if card.department == area]
    ids = [id_ for activity in activities for id_ in expected.list_ids(activity, first_ms, end_ms)]
    found = [booking for id_ in ids if (booking := floor.find(Booking, id_)) is not None]
    return sorted(found, key=lambda one: (one.start_ms, one.id))


_DAY_MIN: Final = 1440  # structure: minutes of a day


def show_queue(station: Station, visit: Visit) -> Response:
    """The work list."""
    return _show(station, visit, "queue.html")


def show_list(station: Station, visit: Visit) -> Response:
    """The work list for paper."""
    return _show(station, visit, "list.html")


def _show(station: Station, visit: Visit, template: str) -> Response:
    area = get_area(station, visit.parts["area"])
    check_area(station, visit, area)
    now_ms = station.now_ms
    queue = station.live.ask(lambda floor: read_queue(floor, area, now_ms))
    names = Names(station.house, find_words(visit.language))
    patients = {row.contact.patient for row in queue.rows} | {one.patient for one in queue.expected}
    return show(
        station, visit, template, topics=[name_topic("area", area)], area=area, queue=queue,
        letters=name_area(station.house, area),
        rooms=names.list_places(area), at=visit.query.get("at", ""), areas=names.list_areas(),
        people=station.people.find_names(patients, visit.language),
    )  # fmt: skip


def check_area(station: Station, visit: Visit, area: str) -> None:
    """Refuse a department that is none of somebody's.

    Raises
    ------
    ForbiddenError
        OPS-012
    """
    areas = station.find_areas(visit.account)
    if areas is not None and area not in areas:
        raise ForbiddenError(
            code="OPS-012", where="address", got=area, expected=f"one of {', '.join(sorted(areas))}",
            fix="choose one on the first page",
        )  # fmt: skip


def get_area(station: Station, key: str) -> str:
    """Return the department of an address; `NotFoundError` if there is none."""
    if key not in station.house.centre.departments:
        raise NotFoundError(
            code="OPS-114", where="address", got=key[:100], expected="a department of the definition",
            fix="choose one on the first page",
        )  # fmt: skip
    return key
