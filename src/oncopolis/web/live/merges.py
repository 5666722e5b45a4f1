"""The same person twice: who is likely the same is shown, and whoever is chosen beside the other."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from oncopolis.operations.people import Person, write_name
from oncopolis.web.live.reception import make_teller, search
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

ACT: Final = "merge"
HOME: Final = "/live/people/{id}/merge"


def show_merge(station: Station, visit: Visit) -> Response:
    """Who may be the same person, found by what is known of this one or is searched by; then both of them."""
    id_, other = visit.parts["id"], visit.query.get("patient", "")
    person = station.live.ask(lambda floor: floor.get(Person, id_))
    chosen = station.live.ask(lambda floor: floor.get(Person, other)) if other else None
    found = search(station, visit, {} if chosen else visit.query)
    if not (chosen or found.is_asked):
        found = search(station, visit, _describe(person))
    words = find_words(visit.language)
    told = {} if found.error is None else {"told": tell_code(words, found.error.code)}
    return show(
        station, visit, "merge.html",
        HTTPStatus.OK if found.error is None else get_status_of(found.error), (),
        [id_, *([other] if chosen else [])],
        person=person, chosen=chosen, asked=found.asked, is_asked=found.is_asked,
        found=[one for one in found.people if one.person.id != id_],
        reasons=make_teller(words), write_name=lambda one: write_name(one, visit.language), **told,
    )  # fmt: skip


def _describe(person: Person) -> Mapping[str, str]:
    """Return what somebody is searched by who is the same."""
    said = {"birth_date": person.birth_date or "", "sex": person.sex or ""}
    if person.names:
        name = person.names[0]
        said |= {"family": name.family, "given": " ".join(name.given[:1])}
    if person.identifiers:
        said["number"] = person.identifiers[0].value
    return said
