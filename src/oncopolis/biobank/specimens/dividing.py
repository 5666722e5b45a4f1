"""A tissue becomes aliquots and derivatives; what is drawn is never more than what there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.specimens.amounts import check_left, read_amount, show_amount
from oncopolis.biobank.specimens.asking import Aliquot, Divide, ReviewTissue
from oncopolis.biobank.specimens.changing import change
from oncopolis.biobank.specimens.collecting import check_in_hand, draw
from oncopolis.biobank.storage.finding import get_present, get_specimen
from oncopolis.foundation import InputError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.specimens import Specimen, Unit


@dataclass(frozen=True, slots=True)
class Part:
    """What is made of a specimen: amounts are in the smallest unit."""

    barcode: str
    amount: int
    unit: Unit
    drawn: int
    drawn_unit: Unit
    kind: str
    made_ms: int


def divide(books: Books, asked: Divide, moment: Moment) -> Decision:
    """Divide a specimen in hand."""
    parent = get_present(books, asked.parent)
    check_in_hand(parent)
    check_new(books, [one.barcode for one in asked.parts])
    parts = [_read_part(one, parent, moment) for one in asked.parts]
    left, made = make_parts(parent, parts, moment.name, books.make_numbers(Specimen))
    return change(books, moment, [left, *made], tell_parts(left, made, parts))


def check_new(books: Books, barcodes: Sequence[str]) -> None:
    """Refuse barcodes that were seen before, or come twice; `InputError` BIO-039."""
    seen: set[str] = set()
    known = books.find_barcodes(barcodes)
    for barcode in barcodes:
        if barcode in seen or barcode in known:
            raise InputError(
                code="BIO-039", where=f"specimen {barcode}", got="a barcode seen before",
                expected="one of its own for every vial", fix="scan again, or replace the label",
            )  # fmt: skip
        seen.add(barcode)


def _read_part(one: Aliquot, parent: Specimen, moment: Moment) -> Part:
    where = f"specimen {one.barcode}"
    amount, unit = read_amount(one.amount, one.unit, where)
    drawn, drawn_unit = amount, unit
    if one.drawn is not None:
        drawn, drawn_unit = read_amount(one.drawn, one.drawn_unit or one.unit, where)
    made_ms = moment.at_ms if one.made_ms is None else one.made_ms
    check_age(one.barcode, made_ms, parent, moment)
    return Part(one.barcode, amount, unit, drawn, drawn_unit, one.kind or parent.kind, made_ms)


def check_age(barcode: str, made_ms: int, parent: Specimen, moment: Moment) -> None:
    """Refuse what is older than what it was made of; `InputError` BIO-040."""
    if not parent.made_ms <= made_ms <= moment.at_ms:
        raise InputError(
            code="BIO-040", where=f"specimen {barcode}",
            got=f"a specimen older than its parent {parent.barcode}, or of the future",
            expected="one that was made after it", fix="correct when it was made",
        )  # fmt: skip


def make_parts(
    parent: Specimen, parts: Sequence[Part], holder: str, numbers: Iterator[int]
) -> tuple[Specimen, list[Specimen]]:
    """The parent with what is left, and what was made of it."""
    left, made = parent, []
    for part in parts:
        check_left(left, part.drawn, part.drawn_unit)
        left = draw(left, part.drawn)
        sprec = parent.sprec if part.kind == parent.kind else ""
        made.append(
            replace(
                parent, id=next(numbers), barcode=part.barcode, parent=parent.id, kind=part.kind,
                made_ms=part.made_ms, amount=part.amount, remaining=part.amount, unit=part.unit, sprec=sprec,
                quality=None, state="out", holder=holder, box=None, place=None, request=None, record=None,
            )
        )  # fmt: skip
    return left, made


def tell_parts(left: Specimen, made: Sequence[Specimen], parts: Sequence[Part]) -> list[Event]:
    """What custody is told of a division."""
    drawn = sum(part.drawn for part in parts)
    events = [Event("divided", left.id, told={"amount": show_amount(drawn, left.unit), "into": len(made)})]
    for one in made:
        told = {"from": left.barcode, "amount": show_amount(one.amount, one.unit), "to": one.holder}
        events.append(Event("made", one.id, told=told))
    return events


def review(books: Books, asked: ReviewTissue, moment: Moment) -> Decision:
    """Let a tissue and all that was made of it be surplus to diagnosis, or needed."""
    root = get_specimen(books, asked.barcode).root
    tree = [one for one in books.list_tree(root) if one.review != asked.verdict]
    after = [replace(one, review=asked.verdict) for one in tree]
    told = {"verdict": asked.verdict, "why": asked.reason, "by": moment.name}
    events = [Event("reviewed", one.id, told=told) for one in after] or [Event("reviewed", root, told=told)]
    return change(books, moment, after, events, answer={"n": len(after)})


ACTS = (
    Act("bank_divide", Divide, divide),
    Act("bank_review", ReviewTissue, review),
)
