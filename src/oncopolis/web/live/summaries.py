"""Discharge summaries: the stays of a patient, and the summary of one, as it is signed and printed."""

from functools import partial

from starlette.responses import Response

from oncopolis.operations.diagnoses import read_records
from oncopolis.operations.floor import Floor
from oncopolis.operations.orders.listing import list_open_orders
from oncopolis.operations.orders.views import Order
from oncopolis.operations.people import Person, write_name
from oncopolis.operations.summaries import PARTS, WRITTEN, Summary, read_summaries
from oncopolis.operations.wards.views import Stay
from oncopolis.record.access.deciding import Rights
from oncopolis.record.store.reading import Reading
from oncopolis.web.live.naming import Names
from oncopolis.web.live.practitioners import list_deciders, name_practitioners
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.summary_words import PARTS as CALLED
from oncopolis.web.live.summary_words import STATES
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

LIST, PATH = "/live/people/{id}/summaries", "/live/stays/{id}/summary"


def show_stays(station: Station, visit: Visit) -> Response:
    """The stays of a patient that whoever asks may read, with their summaries."""
    id_ = visit.parts["id"]
    rights = Rights(to_caller(visit.account), "read", station.now_ms)

    def look(reading: Reading) -> tuple[list[Stay], tuple[Summary, ...]]:
        records = read_records(id_, Stay.TYPE, reading)
        stays = [Stay.from_record(one) for one in records if Stay.is_mine(one)]
        return stays, read_summaries(id_, "", reading)

    stays, summaries = station.live.store.ask(look, rights)
    stays = sorted((one for one in stays if one.came_ms), key=lambda one: one.came_ms or 0, reverse=True)
    words = find_words(visit.language)
    resources = station.house.centre.resources
    return show(
        station, visit, "stays.html", topics=["summary", "stay"], patients=[id_], patient=id_,
        name=station.people.find_name(id_, visit.language), stays=stays,
        wards={one.ward: words.label(resources[one.ward].label) for one in stays if one.ward in resources},
        latest={one.stay: one for one in reversed(summaries) if one.state != "withdrawn"},
        states={key: words.text(one) for key, one in STATES.items()},
    )  # fmt: skip


def show_summary(station: Station, visit: Visit) -> Response:
    """The summary of a stay; on paper it is the document alone."""

    def look(floor: Floor) -> tuple[Stay, Person, list[Order]]:
        stay = floor.get(Stay, visit.parts["id"])
        return stay, floor.get(Person, stay.patient), list_open_orders(floor, stay.patient)

    stay, person, orders = station.live.ask(look)
    rights = Rights(to_caller(visit.account), "read", station.now_ms)
    found = station.live.store.ask(partial(read_summaries, stay.patient, stay.id), rights)
    chosen = visit.query.get("version", "")
    known = [one for one in found if one.state != "withdrawn"]
    summary = next((one for one in found if one.id == chosen), known[0] if known else None)
    words = find_words(visit.language)
    said = {one for each in found for one in (each.written_by, each.signed_by) if one}
    ids = [one.removeprefix("Practitioner/") for one in said]
    called = {f"Practitioner/{key}": one for key, one in name_practitioners(station, ids, visit.language)}
    return show(
        station, visit, "summary.html", topics=["summary"], patients=[stay.patient], stay=stay, person=person,
        name=write_name(person, visit.language), summary=summary, every=found, orders=orders, called=called,
        parts=[(part, words.text(CALLED[part])) for part in PARTS], written=WRITTEN,
        states={key: words.text(one) for key, one in STATES.items()}, deciders=list_deciders(station, visit),
        activity=Names(station.house, words).activity,
    )  # fmt: skip
