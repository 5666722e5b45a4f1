"""A tissue is taken in from theatre or biopsy, and divided into vials."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.foundation import OncopolisError
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import read_code
from oncopolis.operations.theatre import Operation, Operations
from oncopolis.web.live.accessions import UNITS
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.bank_doing import read_said
from oncopolis.web.live.doing import add_query, read_local_ms
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import SAMPLES
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

HOME: Final = "/live/biobank/collect"
PARTS: Final = "/live/biobank/specimens/{id}/parts"


def show_collection(station: Station, visit: Visit) -> Response:
    """Ask what was taken, in which operation or of whom, and when."""
    names = Names(station.house, find_words(visit.language))
    now = station.house.to_local(station.now_ms)
    return show(
        station, visit, "collect.html", patients=(), operations=station.live.ask(list_operations),
        names=names, chosen=visit.query, units=UNITS, samples=SAMPLES, today=now.date().isoformat(),
    )  # fmt: skip


def list_operations(floor: Floor) -> list[Operation]:
    """Return operations of which tissue may come now: those that have begun and are not over."""
    rooms = floor.index(Operations).of_room.values()
    found = [one for room in rooms for one in room.values() if one.contact]
    return sorted(found, key=lambda one: (-one.expected_ms, one.id))


def take_collection(station: Station, visit: Visit) -> Response:
    """Take a tissue in; its page then, or the form with what is wrong."""
    try:
        said = read_said(station.house, visit, biobank.ACTS["bank_collect"])
        said |= {
            f"{name}_ms": read_local_ms(station.house, visit.form.get("day", ""), visit.form[name])
            for name in ("clamped", "removed") if visit.form.get(name)
        }  # fmt: skip
        band = read_code(str(said.get("patient", "")))
        if band.kind == "patient":
            said["patient"] = band.value
        told = perform(station, visit, "bank_collect", said)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(f"/live/biobank/specimens/{told['specimen']}", done="bank_collect"))


def take_parts(station: Station, visit: Visit) -> Response:
    """Divide a specimen into parts of one amount, as many as labels were scanned."""
    back = f"/live/biobank/specimens/{visit.parts['id']}"
    try:
        perform(station, visit, "bank_divide", read_parts(visit.form))
    except OncopolisError as error:
        return go(add_query(back, told=error.code))
    return go(add_query(back, done="bank_divide"))


def read_parts(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form says of parts: labels line by line, amount, unit and type for all of them."""
    same = {name: form[name].strip() for name in ("amount", "unit", "kind") if form.get(name, "").strip()}
    labels = [one.strip() for one in form.get("labels", "").splitlines() if one.strip()]
    return {"parent": form.get("parent", ""), "parts": [{"barcode": one, **same} for one in labels]}
