"""Putting a case on the list of a theatre: whoever is searched for, or lies in a bed."""

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices.naming import find_stop
from oncopolis.operations.people import Person, write_name
from oncopolis.operations.theatre import list_theatres
from oncopolis.operations.wards.finding import get_number
from oncopolis.operations.wards.views import Stay
from oncopolis.web.live.doing import add_query, perform
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.reception import make_teller, search
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

ACT: Final = "plan_operation"
HOME: Final = "/live/theatre/new"


def list_in_beds(floor: Floor) -> list[tuple[str, str, Person]]:
    """Return who lies in a bed: ward, bed and person, in the order of wards and beds."""
    lying = [(one.ward, one.bed, one.patient) for one in floor.list(Stay) if one.bed is not None]
    lying.sort(key=lambda one: (one[0], get_number(floor.house, one[1])))
    return [(ward, bed, floor.get(Person, patient)) for ward, bed, patient in lying]


def show_addition(station: Station, visit: Visit) -> Response:
    """A search, who lies in a bed, and the form for whoever was chosen."""
    return _show(station, visit)


def take_addition(station: Station, visit: Visit) -> Response:
    """Put somebody on the list of a theatre."""
    try:
        perform(station, visit, ACT, visit.form)
    except OncopolisError as error:
        return _show(station, visit, error)
    return go(add_query("/live/theatre", done=ACT))


def _show(station: Station, visit: Visit, error: OncopolisError | None = None) -> Response:
    words = find_words(visit.language)
    names = Names(station.house, words)
    found = search(station, visit, visit.query)
    error = error or found.error
    patient = visit.form.get("patient") or visit.query.get("patient", "")
    chosen = station.live.ask(lambda floor: floor.get(Person, patient)) if patient else None
    in_beds = [] if chosen else station.live.ask(list_in_beds)
    resources = station.house.centre.resources
    told = {} if error is None else {"told": tell_code(words, error.code)}
    return show(
        station, visit, "addition.html", HTTPStatus.OK if error is None else get_status_of(error), (),
        [patient] if chosen else [person.id for _, _, person in in_beds],
        chosen=chosen, asked=found.asked, found=found.people, is_asked=found.is_asked,
        reasons=make_teller(words), write_name=lambda person: write_name(person, visit.language),
        in_beds=[(words.label(resources[ward].label), bed, person) for ward, bed, person in in_beds],
        said=visit.form,
        rooms=[(room, names.unit(room)) for room in list_theatres(station.house)],
        kinds=sort_by_name(
            (card.id, names.activity(card.id))
            for card in station.house.cards.values()
            if find_stop(station.house, card.id) == "operation"
        ),
        **told,
    )  # fmt: skip
