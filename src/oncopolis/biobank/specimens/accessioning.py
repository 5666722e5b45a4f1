"""A box is filled in one act, from what a scanner saw of it; or only looked at, with all that is wrong."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.specimens.amounts import read_amount
from oncopolis.biobank.specimens.asking import Accession
from oncopolis.biobank.specimens.changing import change
from oncopolis.biobank.specimens.collecting import check_in_hand
from oncopolis.biobank.specimens.dividing import Part, make_parts, tell_parts
from oncopolis.biobank.specimens.scanning import Fault, Scanned, read_scan
from oncopolis.biobank.storage.finding import check_present, get_box
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.biobank.storage.placing import check_inventory, check_open, check_paraffin, put, tell_place
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.foundation.errors import Collector
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen


@dataclass(frozen=True, slots=True)
class Look:
    """A box as a scan has it.

    Parameters
    ----------
    known
        Barcodes of vials that the books have: they come to where the scan shows them.
    decision
        What follows; None if something is wrong.
    """

    box: Container
    scanned: Sequence[Scanned]
    known: frozenset[str]
    faults: Sequence[Fault]
    decision: Decision | None


def accession(books: Books, asked: Accession, moment: Moment) -> Decision:
    """Fill a box: known vials come to their positions, new ones are made of their parents; all, or none."""
    found, faults = look(books, asked, moment), Collector()
    for one in found.faults:
        faults.add(one.error)
    faults.raise_if_any()
    assert found.decision is not None
    return found.decision


def look(books: Books, asked: Accession, moment: Moment) -> Look:
    """Look at a box as it was scanned, with everything that is wrong."""
    box = get_box(books, asked.box)
    faults = list[Fault]()
    check_open(books, box, (), moment.at_ms)
    scanned = read_scan(asked.scan, box, faults.append)
    if not scanned and not faults:
        raise InputError(
            code="BIO-190", where=f"scan of {box.name}", got="no vial", expected="at least one",
            fix="scan the box again",
        )  # fmt: skip
    known = books.find_barcodes(one.barcode for one in scanned)

    def tell(one: Scanned, error: OncopolisError) -> None:
        faults.append(Fault(one.row, name_place(box, one.place), one.barcode, error))

    def check_places(some: Sequence[Scanned]) -> None:
        check_open(books, box, [one.place for one in some], moment.at_ms)

    def check_kinds(some: Sequence[Scanned]) -> None:
        check_paraffin(books, [made[one.barcode] for one in some if one.barcode in made], box)

    _check_each(scanned, check_places, tell)
    new = _sort_new(books, asked, moment, box, scanned, known, tell)
    changed, events, made = _divide(books, moment, box, new, tell)
    made |= known
    _check_each(scanned, check_kinds, tell)
    faults.sort(key=lambda one: one.row)
    decision = None
    if not faults:
        after = {one.id: one for one in changed}
        for one in scanned:
            if (before := known.get(one.barcode)) is not None:
                events.append(tell_place(before, box, one.place))
                after[before.id] = put(after.get(before.id, before), box, one.place)
        answer = {"new": sum(map(len, new.values())), "moved": len(known)}
        decision = change(books, moment, after.values(), events, answer=answer)
    return Look(box, scanned, frozenset(known), faults, decision)


def _check_each(
    scanned: Sequence[Scanned],
    check: Callable[[Sequence[Scanned]], None],
    tell: Callable[[Scanned, OncopolisError], None],
) -> None:
    """Check all rows at once; only if that is refused one by one, so that each fault has its row."""
    try:
        check(scanned)
    except OncopolisError:
        for one in scanned:
            try:
                check([one])
            except OncopolisError as error:
                tell(one, error)


def _sort_new(
    books: Books, asked: Accession, moment: Moment, box: Container, scanned: Sequence[Scanned],
    known: Mapping[str, Specimen], tell: Callable[[Scanned, OncopolisError], None],
) -> dict[Specimen, list[tuple[Scanned, Part]]]:  # fmt: skip
    """What is not in the books yet, by what it was made of; the rest is checked."""
    parents = books.find_barcodes({one.parent or asked.parent or "" for one in scanned})
    there = {one.place: one for one in books.list_in_box(box.id)}
    new: dict[Specimen, list[tuple[Scanned, Part]]] = defaultdict(list)
    for one in scanned:
        try:
            _check_spot(one, box, there, known)
            if one.barcode not in known:
                parent = _get_parent(one, asked, parents, box)
                new[parent].append((one, _make_part(one, asked, parent, moment)))
            else:
                check_present(known[one.barcode])
                check_inventory(known[one.barcode], box)
        except OncopolisError as error:
            tell(one, error)
    return new


def _divide(
    books: Books, moment: Moment, box: Container, new: Mapping[Specimen, Sequence[tuple[Scanned, Part]]],
    tell: Callable[[Scanned, OncopolisError], None],
) -> tuple[list[Specimen], list[Event], dict[str, Specimen]]:  # fmt: skip
    """Divide each parent: what changes, what is told, and the new ones by barcode."""
    changed, events, found = list[Specimen](), list[Event](), dict[str, Specimen]()
    numbers = books.make_numbers(Specimen)
    for parent, both in new.items():
        parts = [part for _, part in both]
        try:
            left, made = make_parts(parent, parts, moment.name, numbers)
            check_inventory(left, box)
        except OncopolisError as error:
            tell(both[0][0], error)
            continue
        events += tell_parts(left, made, parts)
        changed.append(left)
        for (one, _), specimen in zip(both, made, strict=True):
            events.append(tell_place(specimen, box, one.place))
            changed.append(put(specimen, box, one.place))
            found[specimen.barcode] = specimen
    return changed, events, found


def _check_spot(
    one: Scanned, box: Container, there: Mapping[int | None, Specimen], known: Mapping[str, Specimen]
) -> None:
    """Refuse a position with something that the scan does not show somewhere else in the box."""
    other = there.get(one.place)
    if other is not None and other.barcode not in known:
        raise InputError(
            code="BIO-044", where=f"row {one.row} of the scan of {box.name}",
            got=f"{one.barcode} at {name_place(box, one.place)}",
            expected=f"{other.barcode}, which is stored there",
            fix="look into the box: the books and the box differ",
        )  # fmt: skip


def _get_parent(one: Scanned, asked: Accession, parents: Mapping[str, Specimen], box: Container) -> Specimen:
    barcode = one.parent or asked.parent or ""
    found = parents.get(barcode)
    if found is None:
        raise InputError(
            code="BIO-045", where=f"row {one.row} of the scan of {box.name}",
            got=f"{one.barcode} at {name_place(box, one.place)}, of {barcode or 'no parent'}",
            expected="a known barcode, or the barcode of what it was made of",
            fix="name the parent in the file or for the whole box; collect the tissue first",
        )  # fmt: skip
    check_present(found)
    check_in_hand(found)
    return found


def _make_part(one: Scanned, asked: Accession, parent: Specimen, moment: Moment) -> Part:
    where = f"row {one.row}, specimen {one.barcode}"
    try:
        said = Decimal(one.amount) if one.amount else asked.amount
    except InvalidOperation:
        said = None
    if said is None or not said.is_finite():
        raise InputError(
            code="BIO-046", where=where, got=f"amount {one.amount!r:.40}", expected="a number",
            fix="give it in the file, or for the whole box",
        )  # fmt: skip
    amount, unit = read_amount(said, asked.unit, where)
    return Part(one.barcode, amount, unit, amount, unit, asked.kind or parent.kind, moment.at_ms)


ACTS = (Act("bank_accession", Accession, accession),)
