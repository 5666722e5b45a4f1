"""A box is scanned in: looked at with every problem told, then filled in one act or left as it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.specimens.accessioning import Look, look
from oncopolis.biobank.specimens.asking import Accession
from oncopolis.biobank.specimens.scanning import decode_scan, write_scan
from oncopolis.biobank.storage.finding import get_box
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.foundation import OncopolisError
from oncopolis.foundation.errors import InputErrors
from oncopolis.foundation.marking import mark
from oncopolis.web.live.bank_acts import make_moment, perform, read_asked
from oncopolis.web.live.found_words import tell_found
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import SAMPLES
from oncopolis.web.live.station import Station
from oncopolis.web.live.storage import lay_rows
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/biobank/scan-in"
FORM_BYTES: Final = 465_536  # structure: the file of a scanner with the fields beside it
UNITS: Final = ("ul", "ml", "nl", "mg", "g", "ug", "pcs")
"""Units of amounts, the most usual ones first."""
_END: Final = 5  # structure: characters of a barcode that tell it apart in its box
_FIELDS: Final = ("box", "parent", "amount", "unit", "kind")

PROBLEMS: Final = {
    "BIO-003": mark("The box has no such position."),
    "BIO-004": mark("Nothing has that label."),
    "BIO-005": mark("Specimens do not stand in this. Scan the box."),
    "BIO-007": mark("It was given out or destroyed, by the books."),
    "BIO-008": mark("The box is closed."),
    "BIO-009": mark("The position is reserved or blocked."),
    "BIO-010": mark("The box is for another inventory."),
    "BIO-028": mark("An evacuation needs the position."),
    "BIO-030": mark("The amount cannot be so."),
    "BIO-031": mark("More is drawn than is left of what it was made of."),
    "BIO-038": mark("What it was made of stands in a position: take it out first."),
    "BIO-041": mark("The vial was not read. Wipe the frost off and scan again."),
    "BIO-042": mark("The position or the barcode comes twice."),
    "BIO-043": mark("This is no scan: a position and a barcode in each row."),
    "BIO-044": mark("By the books something else stands there."),
    "BIO-045": mark("It is not known what it was made of."),
    "BIO-046": mark("The amount is missing, or no number."),
    "BIO-186": mark("Blocks of paraffin have storage of their own, and nothing else is in it."),
    "BIO-190": mark("No vial was scanned."),
    "BIO-191": mark("This is no text: export the scan as CSV."),
    "WEB-402": mark("Something in the form cannot be so. Please check it."),
}
"""Code -> what is said of a row or a file."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A position as the scan has it: ``new``, ``moved``, ``wrong`` or ``free``."""

    name: str
    use: str
    barcode: str


def show_form(station: Station, visit: Visit) -> Response:
    """Ask for a box and its scan."""
    return _show(station, visit, dict(visit.query))


def take_box(station: Station, visit: Visit) -> Response:
    """Look at a box that was scanned, or fill it."""
    bank, moment = biobank.Bank(station.live.store), make_moment(station, visit)
    try:
        said: dict[str, Any] = {name: visit.form[name].strip() for name in _FIELDS if visit.form.get(name)}
        said["scan"] = _read_scan(bank, visit, said.get("box", ""))
        if visit.form.get("what") == "take":
            told = perform(station, visit, "bank_accession", said)
            return _show(station, visit, visit.form, filled=told)
        asked = read_asked(Accession, said)
        found = bank.ask(lambda books: look(books, asked, moment))
    except InputErrors:
        return _show(station, visit, visit.form, fault=mark("The box was not filled: look at it again."))
    except OncopolisError as error:
        if error.code not in PROBLEMS:
            raise
        return _show(station, visit, visit.form, fault=PROBLEMS[error.code], detail=error.got)
    return _show(station, visit, visit.form, found=found, rows=lay_rows(found.box, map_scan(found)))


def _read_scan(bank: biobank.Bank, visit: Visit, box: str) -> str:
    """Return the file that was sent; without one the labels that were scanned one after the other."""
    if visit.sent is not None and visit.sent.body:
        return decode_scan(visit.sent.body)
    labels = visit.form.get("labels", "").splitlines()
    return bank.ask(lambda books: write_scan(labels, get_box(books, box)))


def map_scan(found: Look) -> Sequence[Spot]:
    """Lay the scan out over the positions of its box."""
    wrong = {one.position.upper(): one.barcode for one in found.faults}
    seen = {name_place(found.box, one.place): one.barcode for one in found.scanned}

    def walk() -> Iterable[Spot]:
        for place in range(found.box.n_places):
            name = name_place(found.box, place)
            barcode = wrong.get(name) or seen.get(name, "")
            use = "free" if not barcode else "moved" if barcode in found.known else "new"
            yield Spot(name, "wrong" if name in wrong else use, barcode)

    return list(walk())


def _show(station: Station, visit: Visit, said: Any, **values: Any) -> Response:
    words = find_words(visit.language)
    every: dict[str, Any] = {
        "tell": lambda got: tell_found(words, got),
        "fault": "", "detail": "", "filled": None, "found": None, "rows": (), "sentences": PROBLEMS,
        "said": said, "units": UNITS, "samples": SAMPLES, "end": _END, "here_path": HOME,
    }  # fmt: skip
    return show(station, visit, "scan_in.html", **(every | values))
