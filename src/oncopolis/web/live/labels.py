"""Labels to print: wristbands, rooms and places, containers. Each is a code that no half of is read."""

from typing import Final

from starlette.responses import Response

from oncopolis.foundation import NotFoundError
from oncopolis.operations.doses import Dose
from oncopolis.operations.infusion import Bag
from oncopolis.operations.loop import write_code
from oncopolis.operations.people import Person, write_name
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

BANDS: Final = "/live/labels/patient"


def show_band(station: Station, visit: Visit) -> Response:
    """The wristband of a patient: name, birth date and code."""
    id_ = visit.parts["id"]
    person = station.live.ask(lambda floor: floor.get(Person, id_))
    return show(
        station, visit, "label.html", code_text=write_code("patient", id_),
        title=write_name(person, visit.language), note=person.birth_date,
    )  # fmt: skip


def show_bag(station: Station, visit: Visit) -> Response:
    """The label of a bag, or of a dose for a ward."""
    id_ = visit.parts["id"]
    bag = station.live.ask(lambda floor: floor.find(Dose, id_) or floor.get(Bag, id_))
    return show(
        station, visit, "label.html", code_text=write_code("bag", bag.id),
        title=f"{bag.name} {bag.dose} {bag.unit}",
        note=station.people.find_name(bag.patient, visit.language),
    )  # fmt: skip


def show_place(station: Station, visit: Visit) -> Response:
    """The label of a room, place or machine."""
    id_ = visit.parts["id"]
    card = station.house.get_unit(id_)
    if card.kind == "role":
        raise NotFoundError(
            code="OPS-003", where="address", got=id_[:80], expected="a room, place or machine",
            fix="choose one on the page of machines and rooms",
        )  # fmt: skip
    names = Names(station.house, find_words(visit.language))
    return show(
        station, visit, "label.html", code_text=write_code("place", id_), title=names.unit(id_),
        note=names.area(card.department),
    )  # fmt: skip
