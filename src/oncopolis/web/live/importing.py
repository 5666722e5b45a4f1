"""An inventory from a file: looked at with every problem told, then taken over whole or not at all."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.importing.bringing import MOST, find_mapping
from oncopolis.biobank.importing.files import write_lines
from oncopolis.biobank.importing.mapping import KNOWN
from oncopolis.biobank.importing.previewing import list_boxes, preview
from oncopolis.biobank.inventory.admitting import Problem
from oncopolis.foundation import OncopolisError
from oncopolis.foundation.errors import InputErrors
from oncopolis.foundation.marking import mark
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.found_words import tell_found
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/biobank/import"
FORM_BYTES: Final = 5_065_536  # structure: a file of five megabytes with the fields beside it
_SHOWN: Final = 200  # structure: problems of a page

PROBLEMS: Final[Mapping[str, str]] = {
    "BIO-003": mark("The box has no such position."),
    "BIO-090": mark("No barcode, or one that was there before."),
    "BIO-091": mark("There is no such box. Bring the storage in first."),
    "BIO-092": mark("Something else is in that position."),
    "BIO-093": mark("Its parent is not known, or of another donor."),
    "BIO-094": mark("It is older than its parent."),
    "BIO-095": mark("The box is for another inventory."),
    "BIO-096": mark("The amounts cannot be so."),
    "BIO-160": mark("The donor was of another sex or year of birth before."),
    "BIO-161": mark("A time that is still to come, or times in the wrong order."),
    "BIO-162": mark("This is no table: send CSV or XLSX with the names of its columns first."),
    "BIO-164": mark("Files of that program are not known."),
    "BIO-165": mark("Something in a cell cannot be so."),
    "BIO-166": mark("Columns are missing, there twice or not known."),
    "BIO-167": mark("Too many rows for this page: split the file, or use the command line."),
    "BIO-168": mark("The file has no row that counts."),
    "BIO-186": mark("Blocks of paraffin have storage of their own, and nothing else is in it."),
}
"""Code -> what is said of a row or a file."""


def show_form(station: Station, visit: Visit) -> Response:
    """Ask for a file."""
    return _show(station, visit)


def take_file(station: Station, visit: Visit) -> Response:
    """Look at a file that was sent, or take it over."""
    sent = visit.sent
    if sent is None or not sent.body:
        return _show(station, visit, fault=mark("Choose a file first."))
    mapping, zone = visit.form.get("mapping", ""), visit.form.get("zone", "") or str(station.house.zone)
    try:
        how = find_mapping(mapping, zone)
        if visit.form.get("what") == "take":
            said = {
                "file": write_lines(sent.body, how.charset, how.separator),
                "mapping": mapping,
                "zone": zone,
            }
            told = perform(station, visit, "bank_import", said)
            return _show(station, visit, brought=told)
        problems: list[Problem] = []
        bank = biobank.Bank(station.live.store)
        found = bank.ask(lambda books: preview(books, sent.body, how, station.now_ms, problems.append))
        boxes = bank.ask(lambda books: list(list_boxes(books, found)))
    except InputErrors:
        return _show(station, visit, fault=mark("Nothing was taken over: look at the file again."))
    except OncopolisError as error:
        if error.code not in PROBLEMS:
            raise
        return _show(station, visit, fault=PROBLEMS[error.code], detail=error.got)
    return _show(station, visit, found=found, problems=problems, boxes=boxes, name=sent.name)


def _show(station: Station, visit: Visit, **values: Any) -> Response:
    words = find_words(visit.language)
    every: dict[str, Any] = {
        "tell": lambda got: tell_found(words, got),
        "fault": "", "detail": "", "brought": None, "found": None, "problems": (), "boxes": (), "name": "",
        "zone": visit.form.get("zone", "") or str(station.house.zone), "shown": _SHOWN,
        "known": KNOWN, "sentences": PROBLEMS, "most": MOST, "here_path": HOME,
        "mapping": visit.form.get("mapping", ""),
    }  # fmt: skip
    return show(station, visit, "import.html", **(every | values))
