"""The inventory as a file, with the columns that an import reads."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from oncopolis.biobank.storage.geometry import name_place
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Donor, Specimen

_PAGE = 1_000  # structure: specimens whose donors and parents are looked up together
_MS, _SECONDS = 1000, 60  # structure: milliseconds of a second, seconds of a minute


def list_rows(books: Books, *, is_all: bool = False) -> Iterator[tuple[object, ...]]:
    """Yield a row of `COLUMNS` for each specimen in the house, or for all that ever were.

    What is away or destroyed is not in the house; a parent that is used up is, since others come of it.
    """
    boxes = {one.id: one for one in books.list_all_containers() if one.holds == "specimens"}
    page: list[Specimen] = []
    for one in books.walk_specimens():
        if is_all or one.state in ("stored", "out") or one.remaining == 0:
            page.append(one)
        if len(page) == _PAGE:
            yield from _write_page(books, page, boxes)
            page = []
    yield from _write_page(books, page, boxes)


def _write_page(
    books: Books, page: list[Specimen], boxes: dict[int, Container]
) -> Iterator[tuple[object, ...]]:
    donors = {one.id: one for one in books.get_donors({one.donor for one in page})}
    parents = books.get_specimens({one.parent for one in page if one.parent is not None})
    for one in page:
        yield _write(one, donors[one.donor], parents, boxes)


def _write(
    one: Specimen, donor: Donor, parents: dict[int, Specimen], boxes: dict[int, Container]
) -> tuple[object, ...]:
    box = None if one.box is None else boxes[one.box]
    return (
        one.barcode, donor.pseudonym, "" if one.parent is None else parents[one.parent].barcode,
        "" if box is None else box.name, "" if box is None else name_place(box, one.place or 0),
        one.kind, one.site, one.diagnosis, _write_ms(one.collected_ms), _write_ms(one.made_ms),
        "" if one.frozen_ms is None else _write_ms(one.frozen_ms), one.remaining, one.amount, one.unit,
        one.collection, one.inventory, one.review, one.n_thaws, _write_minutes(one.warm_s),
        _write_minutes(one.cold_s), one.sprec, "" if one.quality is None else one.quality, donor.sex,
        "" if donor.birth_year is None else donor.birth_year,
    )  # fmt: skip


def _write_ms(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / _MS, UTC).isoformat(timespec="milliseconds")


def _write_minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{(Decimal(seconds) / _SECONDS).normalize():f}"
