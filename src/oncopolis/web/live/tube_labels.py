"""Labels to print: of a specimen, of all in a box, or of boxes, as PDF or for a label printer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.storage.finding import get_container
from oncopolis.foundation import InputError
from oncopolis.foundation.marking import mark
from oncopolis.record.biobank.books import Books
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

if TYPE_CHECKING:
    from oncopolis.report.labels import Label

PAGE: Final = "/live/biobank/labels/{of:path}"
STOCKS: Final = {
    "vial": mark("vial of 2 ml"),
    "tube": mark("tube of 5 ml"),
    "straw": mark("straw"),
    "box": mark("box"),
}
"""What labels are for; a box has its name, the others what is in them."""


def show_labels(station: Station, visit: Visit) -> Response:
    """Return the labels as a file; `InputError` WEB-428 for a stock that is not known."""
    from oncopolis.report.labels import SIZES, write_pdf, write_zpl  # It takes long to load.

    label, stock = visit.parts["of"], visit.query.get("size", "vial")
    if stock not in SIZES:
        raise InputError(
            code="WEB-428", where="labels", got=f"stock {stock:.20}", expected=", ".join(SIZES),
            fix="choose one on the page",
        )  # fmt: skip
    found = biobank.Bank(station.live.store).ask(lambda books: list_labels(books, label, stock))
    if visit.query.get("as") == "zpl":
        headers = {"Content-Disposition": 'attachment; filename="labels.zpl"'}
        return Response(
            write_zpl(found, SIZES[stock]), media_type="application/octet-stream", headers=headers
        )
    headers = {"Content-Disposition": 'inline; filename="labels.pdf"'}
    return Response(write_pdf(found, SIZES[stock]), media_type="application/pdf", headers=headers)


def list_labels(books: Books, label: str, stock: str) -> "Sequence[Label]":
    """Return labels of a specimen; of all in a box; or, for boxes, of a container and what stands in it."""
    from oncopolis.report.labels import Label, make_label

    specimen = books.find_specimen(label)
    if specimen is not None:
        return [make_label(specimen)]
    container = get_container(books, label)
    if stock == "box" or container.holds == "containers":
        return [Label(one.name) for one in (container, *books.list_children(container.id))]
    return [make_label(one) for one in books.list_in_box(container.id)]
