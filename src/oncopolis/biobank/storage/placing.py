"""Specimens in positions: put in, moved, taken out, handed on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.asking import Hand, Place, Take
from oncopolis.biobank.storage.finding import check_present, get_box, get_present
from oncopolis.biobank.storage.geometry import name_place, read_place
from oncopolis.foundation import ConflictError, ForbiddenError, InputError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import PARAFFIN, Specimen

PARAFFIN_STORE: Final = "paraffin"
"""Kind of a container with blocks of paraffin in it, at whatever depth."""


def place(books: Books, asked: Place, moment: Moment) -> Decision:
    """Put a specimen in a position, from somebody's hands or from another position."""
    specimen = get_present(books, asked.barcode)
    box = get_box(books, asked.box)
    where = read_place(box, asked.position, f"specimen {asked.barcode}, box {box.name}")
    check_open(books, box, [where], moment.at_ms)
    check_inventory(specimen, box)
    check_paraffin(books, [specimen], box)
    if specimen.kind != PARAFFIN:
        check_not_warmer(books, specimen.barcode, specimen.box, box.id)
    check_free(books, box, where, specimen)
    after = put(specimen, box, where)
    return Decision((after,), (tell_place(specimen, box, where),), (), {"position": name_place(box, where)})


def put(specimen: Specimen, box: Container, where: int) -> Specimen:
    """Return a specimen as it is once it is in a position."""
    return replace(specimen, state="stored", holder="", box=box.id, place=where)


def tell_place(specimen: Specimen, box: Container, where: int) -> Event:
    """What custody is told of a specimen that comes to a position."""
    told: dict[str, object] = {"box": box.id, "place": where, "at": f"{box.name} {name_place(box, where)}"}
    if specimen.holder:
        told["from"] = specimen.holder
    return Event("stored" if specimen.box is None else "moved", specimen.id, told=told)


def check_open(books: Books, box: Container, places: Sequence[int], now_ms: int) -> None:
    """Refuse a box that is closed, and positions that are reserved or blocked."""
    if box.state != "used":
        raise ConflictError(
            code="BIO-008", where=f"box {box.name}", got="a closed box", expected="one in use",
            fix="choose another box, or open it",
        )  # fmt: skip
    for one in books.list_holds([box.id], now_ms):
        if one.place in places:
            raise ConflictError(
                code="BIO-009", where=f"{box.name} {name_place(box, one.place)}",
                got=f"a position that is {one.kind} ({one.reason})", expected="a free position",
                fix="choose another position, or free this one",
            )  # fmt: skip
    check_promised(books, box, places)


def check_promised(books: Books, box: Container, places: Collection[int]) -> None:
    """Refuse positions that an evacuation needs."""
    for _, promised in books.list_promised([box.id]):
        if promised in places:
            raise ConflictError(
                code="BIO-028", where=f"{box.name} {name_place(box, promised)}",
                got="a position that an evacuation needs", expected="a free position",
                fix="choose another position",
            )  # fmt: skip


def check_inventory(specimen: Specimen, box: Container) -> None:
    """Refuse to mix what is for patients, for diagnosis and for research."""
    if specimen.inventory != box.inventory:
        raise InputError(
            code="BIO-010", where=f"specimen {specimen.barcode}, box {box.name}",
            got=f"{specimen.inventory} material for {box.inventory} storage",
            expected="storage of its own inventory: they are never mixed",
            fix=f"choose a box of the {specimen.inventory} inventory",
        )  # fmt: skip


def check_paraffin(books: Books, specimens: Iterable[Specimen], box: Container) -> None:
    """Refuse blocks of paraffin outside their own storage, which is not cold, and all else in it."""
    is_store = any(one.kind == PARAFFIN_STORE for one in books.list_path(box.id))
    for one in specimens:
        if (one.kind == PARAFFIN) != is_store:
            raise refuse_paraffin(f"specimen {one.barcode}, box {box.name}", is_store=is_store)


def refuse_paraffin(where: str, *, is_store: bool) -> InputError:
    """Say that something is not where blocks of paraffin are, or that one is."""
    return InputError(
        code="BIO-186", where=where,
        got="what is no block of paraffin" if is_store else "a block of paraffin for other storage",
        expected="blocks of paraffin, which have storage of their own, and nothing else in it",
        fix="choose another box; the store of blocks is a container of the kind `paraffin`",
    )  # fmt: skip


def check_free(books: Books, box: Container, where: int, specimen: Specimen) -> None:
    """Refuse a position that another specimen is in; says so where the whole box is full."""
    there = books.find_at(box.id, where)
    if there is None or there.id == specimen.id:
        return
    n_stored = books.count_in_boxes([box.id]).get(box.id, 0)
    is_full = n_stored == box.n_places
    full = f" in a full box ({n_stored} of {box.n_places})" if is_full else ""
    raise ConflictError(
        code="BIO-011", where=f"specimen {specimen.barcode}, {box.name} {name_place(box, where)}",
        got=f"a position with {there.barcode}{full}",
        expected="a free position",
        fix="choose another box" if is_full else "choose a free position, or move what is there first",
    )  # fmt: skip


def check_not_warmer(books: Books, what: str, before: int | None, after: int) -> None:
    """Refuse to bring what is stored into something warmer."""
    if before is None:
        return
    was, will = find_temperature(books, before), find_temperature(books, after)
    if was is not None and will is not None and will > was:
        raise InputError(
            code="BIO-012", where=what, got=f"a place at {will:g} degrees Celsius",
            expected=f"one not warmer than the {was:g} it is kept at",
            fix="choose a colder place; what is to be thawed is taken out",
        )  # fmt: skip


def find_temperature(books: Books, id_: int) -> float | None:
    """What a container is kept at, degrees Celsius: that of the innermost around it that says so."""
    known = [one.temperature_c for one in books.list_path(id_) if one.temperature_c is not None]
    return known[-1] if known else None


def take(books: Books, asked: Take, moment: Moment) -> Decision:
    """Take specimens out of their positions."""
    specimens = get_all_present(books, asked.barcodes)
    withdrawn = books.find_withdrawn(one.donor for one in specimens if one.inventory == "research")
    for one in specimens:
        if one.donor in withdrawn:
            raise ForbiddenError(
                code="BIO-013", where=f"specimen {one.barcode}", got="one whose donor took consent back",
                expected="one that may be used", fix="leave it where it is; a task to destroy it is open",
            )  # fmt: skip
        if one.box is None:
            raise ConflictError(
                code="BIO-047", where=f"specimen {one.barcode}", got=f"in the hands of {one.holder}",
                expected="one in a position", fix="have it handed over",
            )  # fmt: skip
    told = {"box": None, "to": moment.name} | ({"why": asked.reason} if asked.reason else {})
    return Decision(
        tuple(lift(one, moment.name) for one in specimens),
        tuple(Event("taken", one.id, told=told) for one in specimens),
    )


def lift(specimen: Specimen, holder: str) -> Specimen:
    """Return a specimen as it is once somebody has it in hand."""
    return replace(specimen, state="out", holder=holder, box=None, place=None)


def hand(books: Books, asked: Hand, moment: Moment) -> Decision:  # noqa: ARG001 - as others
    """Hand specimens to somebody else."""
    specimens = get_all_present(books, asked.barcodes)
    for one in specimens:
        if one.box is not None:
            raise ConflictError(
                code="BIO-014", where=f"specimen {one.barcode}", got="one in a position",
                expected="one in somebody's hands", fix="take it out first",
            )  # fmt: skip
    return Decision(
        tuple(replace(one, holder=asked.to) for one in specimens),
        tuple(Event("handed", one.id, told={"from": one.holder, "to": asked.to}) for one in specimens),
    )


def get_all_present(books: Books, barcodes: Sequence[str]) -> list[Specimen]:
    """Specimens in the house, as they were scanned; a barcode that came twice counts once."""
    known = books.find_barcodes(barcodes)
    found = []
    for barcode in dict.fromkeys(barcodes):
        one = known.get(barcode) or get_present(books, barcode)
        check_present(one)
        found.append(one)
    return found


ACTS = (
    Act("bank_place", Place, place),
    Act("bank_take", Take, take),
    Act("bank_hand", Hand, hand),
)
