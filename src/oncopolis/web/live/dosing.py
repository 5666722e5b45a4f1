"""Medicines and tubes of a ward: what is to be given and drawn at each bed, by scanning first."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis.operations.doses import Dose, Doses
from oncopolis.operations.doses.acts import WINDOW
from oncopolis.operations.floor import Floor
from oncopolis.operations.orders import Order
from oncopolis.operations.tubes import list_to_draw
from oncopolis.web.live.bedsides import Bedside, list_bedsides
from oncopolis.web.live.showing import show
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.unit_words import ROUTES
from oncopolis.web.live.wards import get_ward, make_tabs
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

PATH: Final = "/live/wards/{ward}/doses"


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody in a bed with what is to be given to them, and drawn from them."""

    bedside: Bedside
    doses: tuple[Dose, ...]
    orders: tuple[Order, ...]


def list_due(floor: Floor, ward: str) -> list[Due]:
    """Return everybody in a bed of a ward for whom something is due, room by room."""
    doses = floor.index(Doses)
    found = [
        Due(one, doses.list_of(one.stay.patient), tuple(list_to_draw(floor, one.stay.patient)))
        for one in list_bedsides(floor, ward)
    ]
    return [one for one in found if one.doses or one.orders]


def show_doses(station: Station, visit: Visit) -> Response:
    """What is given and drawn on a ward."""
    key, now_ms = get_ward(station, visit), station.now_ms
    due = station.live.ask(lambda floor: list_due(floor, key))
    words = find_words(visit.language)
    window_ms = station.house.values.get_ms(WINDOW)
    patients = {one.bedside.stay.patient for one in due}
    doses = [dose for one in due for dose in one.doses]
    return show(
        station, visit, "doses.html", topics=["dose", "order", "bed", name_topic("ward", key)],
        name=words.label(station.house.centre.resources[key].label), tabs=make_tabs(words, key, "doses"),
        due=due, window_ms=window_ms, routes={route: words.text(one) for route, one in ROUTES.items()},
        n_late=sum(now_ms > one.due_ms + window_ms for one in doses),
        n_now=sum(abs(now_ms - one.due_ms) <= window_ms for one in doses),
        n_tubes=sum(order.drawn_ms is None for one in due for order in one.orders),
        span=lambda ms: tell_span(words, ms),
        people=station.people.find_names(patients, visit.language),
    )  # fmt: skip
