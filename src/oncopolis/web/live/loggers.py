"""Readings from a file of a logger: looked at with every row that is wrong, then kept whole or not at all."""

from typing import Any, Final

from starlette.responses import Response

from oncopolis.biobank.watching.files import COLUMNS, read_file
from oncopolis.biobank.watching.filing import ACT, file_readings, find_excursions
from oncopolis.biobank.watching.limits import read_limits
from oncopolis.biobank.watching.readings import KINDS
from oncopolis.foundation import InputError
from oncopolis.foundation.marking import mark
from oncopolis.record import Act
from oncopolis.web.live.found_words import tell_found
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.tanks import SENSORS
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words
from oncopolis.web.tanks.words import RULES

HOME: Final = "/live/tanks/readings"
FORM_BYTES: Final = 20_065_536  # structure: a file of twenty megabytes with the fields beside it
_SHOWN: Final = 200  # structure: bad rows of a page
_FAULTS: Final = {
    "BIO-210": mark("This is no table of readings with the columns {columns}."),
    "BIO-211": mark("The file has no row, or too many."),
    "BIO-213": mark("Rows are wrong, so nothing was kept."),
}


def show_form(station: Station, visit: Visit) -> Response:
    """Ask for a file."""
    return _show(station, visit)


def take_file(station: Station, visit: Visit) -> Response:
    """Look at a file that was sent, or keep what it says."""
    if visit.sent is None or not visit.sent.body:
        return _show(station, visit, fault=mark("Choose a file first."))
    limits = read_limits(station.house.values.get)
    whole = {name: visit.form[name] for name in ("subject", "kind") if visit.form.get(name)}
    try:
        found = read_file(
            visit.sent.body, _list_subjects(station), station.house.zone, limits, station.now_ms, whole
        )
        if visit.form.get("what") != "take":
            seen = tuple(find_excursions(found.readings, limits))
            return _show(station, visit, found=found, excursions=seen, name=visit.sent.name)
        caller = to_caller(visit.account)
        audited = Act("E", ACT, caller.who, visit.form.get("key", ACT), caller.purpose)
        filed = file_readings(station.live.store, found, limits, audited, station.now_ms)
    except InputError as error:
        return _show(station, visit, fault=_FAULTS[error.code])
    return _show(station, visit, filed=filed, excursions=filed.excursions)


def _list_subjects(station: Station) -> list[str]:
    return [] if station.tanks is None else sorted(station.tanks.look().channels)


def _show(station: Station, visit: Visit, **values: Any) -> Response:
    words = find_words(visit.language)
    every: dict[str, Any] = {
        "tell": lambda got: tell_found(words, got),
        "fault": "", "found": None, "filed": None, "excursions": (), "name": "", "shown": _SHOWN,
        "columns": ", ".join(COLUMNS), "subjects": _list_subjects(station), "sensors": SENSORS,
        "kinds": KINDS, "rules": RULES, "chosen": visit.form, "patients": (),
    }  # fmt: skip
    return show(station, visit, "readings.html", **(every | values))
