"""Tissues are collected, preserved, thawed, measured and used up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.specimens.amounts import check_left, read_amount, show_amount
from oncopolis.biobank.specimens.asking import Collect, Freeze, Measure, Thaw, Use
from oncopolis.biobank.specimens.changing import change
from oncopolis.biobank.specimens.donors import make_donor
from oncopolis.biobank.specimens.sprec import compute_sprec
from oncopolis.biobank.storage.finding import get_present
from oncopolis.biobank.storage.placing import get_all_present
from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.specimens import PARAFFIN, Donor, Result, Specimen

_MS = 1000  # structure: milliseconds in a second
_QUALITY = {"rin": 1.0}
"""Results that are a specimen's quality, and what makes them one of 0 to 10."""


def collect(books: Books, asked: Collect, moment: Moment) -> Decision:
    """Take in a tissue."""
    where = f"specimen {asked.barcode}"
    removed_ms = moment.at_ms if asked.removed_ms is None else asked.removed_ms
    _check_times(asked, removed_ms, moment, where)
    patient = _find_patient(asked, removed_ms, moment, where)
    donor, is_new = _find_donor(books, asked, patient, moment, where)
    amount, unit = read_amount(asked.amount, asked.unit, where)
    warm_s = None if asked.clamped_ms is None else (removed_ms - asked.clamped_ms) // _MS
    id_ = books.make_number(Specimen.TABLE)
    made = Specimen(
        id_, asked.barcode, donor.id, None, id_, asked.collection, asked.kind, asked.site, asked.diagnosis,
        asked.inventory, removed_ms, removed_ms, None, amount, amount, unit, warm_s=warm_s,
        holder=moment.name,
    )  # fmt: skip
    told: dict[str, Any] = {"to": moment.name, "amount": show_amount(amount, unit)}
    told |= {name: value for name in ("operation", "step") if (value := getattr(asked, name))}
    event = Event("collected", id_, told=told)
    answer = {"specimen": id_, "donor": donor.pseudonym}
    return change(books, moment, [made], [event], donors=[donor] if is_new else [], answer=answer)


def _check_times(asked: Collect, removed_ms: int, moment: Moment, where: str) -> None:
    if removed_ms > moment.at_ms or (asked.clamped_ms is not None and asked.clamped_ms > removed_ms):
        raise InputError(
            code="BIO-032", where=where, got="a removal in the future, or before its blood supply was cut",
            expected="blood supply cut, then removed, then told", fix="correct the times",
        )  # fmt: skip


def _find_patient(asked: Collect, removed_ms: int, moment: Moment, where: str) -> str | None:
    """Whose it is, by the operation if one is named: it has to have begun before, and not ended."""
    if asked.operation is None:
        return asked.patient
    record = moment.fetch("Encounter", asked.operation)
    patient = str(record.get("subject", {}).get("reference", "")).removeprefix("Patient/") if record else ""
    if record is None or (asked.patient is not None and patient != asked.patient):
        raise NotFoundError(
            code="BIO-033", where=where, got=f"operation {asked.operation}",
            expected="an encounter of the same patient", fix="choose the operation from the theatre's list",
        )  # fmt: skip
    begun, ended = (_read_moment(record, name) for name in ("start", "end"))
    if (begun is not None and removed_ms < begun) or (ended is not None and removed_ms > ended):
        raise InputError(
            code="BIO-034", where=where, got="a removal before its operation began, or after it ended",
            expected="a time within the operation", fix="correct the time, or choose the other operation",
        )  # fmt: skip
    return patient


def _read_moment(record: Mapping[str, Any], name: str) -> int | None:
    text = record.get("period", {}).get(name)
    return None if text is None else round(datetime.fromisoformat(text).timestamp() * _MS)


def _find_donor(
    books: Books, asked: Collect, patient: str | None, moment: Moment, where: str
) -> tuple[Donor, bool]:
    """The donor, and whether they are new."""
    known = books.find_donor_of(patient) if patient is not None else None
    named = books.find_donor(asked.pseudonym) if asked.pseudonym is not None else None
    found = known or named
    if found is not None:
        if asked.pseudonym not in (None, found.pseudonym) or patient not in (None, found.patient):
            raise ConflictError(
                code="BIO-035", where=where, got=f"pseudonym {asked.pseudonym} for another donor",
                expected="the pseudonym of this patient, or none", fix="leave the pseudonym out: it is found",
            )  # fmt: skip
        return found, False
    if patient is None and asked.pseudonym is None:
        raise InputError(
            code="BIO-036", where=where, got="no donor", expected="a patient, an operation or a pseudonym",
            fix="say whose it is",
        )  # fmt: skip
    return make_donor(books, patient, asked.pseudonym, moment), True


def freeze(books: Books, asked: Freeze, moment: Moment) -> Decision:
    """Preserve specimens; cold ischaemia ends, and SPREC is computed."""
    specimens = get_all_present(books, asked.barcodes)
    after = []
    for one in specimens:
        if one.frozen_ms is not None:
            raise ConflictError(
                code="BIO-037", where=f"specimen {one.barcode}", got="one that was preserved before",
                expected="a fresh one", fix="scan again; what was thawed stays preserved",
            )  # fmt: skip
        cold_s = max(0, moment.at_ms - one.collected_ms) // _MS
        code = compute_sprec(
            one.kind, asked.taken_by, one.warm_s, cold_s, asked.fixation, None, asked.storage_c
        )
        after.append(replace(one, frozen_ms=moment.at_ms, cold_s=cold_s, sprec=code))
    events = [Event("preserved", one.id, told={"how": asked.fixation}) for one in after]
    answer = {"sprec": {one.barcode: one.sprec for one in after}}
    return change(books, moment, after, events, answer=answer)


def thaw(books: Books, asked: Thaw, moment: Moment) -> Decision:
    """Count a thaw of specimens in hand."""
    specimens = get_all_present(books, asked.barcodes)
    for one in specimens:
        check_in_hand(one)
        if one.kind == PARAFFIN:
            raise InputError(
                code="BIO-187", where=f"specimen {one.barcode}", got="a block of paraffin to be thawed",
                expected="something frozen", fix="scan again; a block that is cut is used, not thawed",
            )  # fmt: skip
    after = [replace(one, n_thaws=one.n_thaws + 1) for one in specimens]
    return change(books, moment, after, [Event("thawed", one.id, told={"n": one.n_thaws}) for one in after])


def check_in_hand(specimen: Specimen) -> None:
    """Refuse to work on what is in a position; `ConflictError` BIO-038."""
    if specimen.box is not None:
        raise ConflictError(
            code="BIO-038", where=f"specimen {specimen.barcode}", got="one in a position",
            expected="one in somebody's hands", fix="take it out first",
        )  # fmt: skip


def measure(books: Books, asked: Measure, moment: Moment) -> Decision:
    """Keep a result of quality control; a RIN is the specimen's quality."""
    one = get_present(books, asked.barcode)
    result = Result(
        books.make_number(Result.TABLE),
        one.id,
        asked.kind,
        asked.value,
        asked.unit,
        asked.method,
        moment.at_ms,
    )
    told = {"kind": asked.kind, "value": asked.value, "unit": asked.unit}
    factor = _QUALITY.get(asked.kind)
    after = one if factor is None else replace(one, quality=asked.value * factor)
    return change(books, moment, [after], [Event("measured", one.id, told=told)], rows=[result])


def use(books: Books, asked: Use, moment: Moment) -> Decision:
    """Use some of a specimen; when nothing is left it is gone."""
    one = get_present(books, asked.barcode)
    check_in_hand(one)
    drawn, unit = read_amount(asked.amount, asked.unit, f"specimen {asked.barcode}")
    check_left(one, drawn, unit)
    after = draw(one, drawn)
    told = {"amount": show_amount(drawn, unit), "why": asked.reason}
    return change(books, moment, [after], [Event("used", one.id, told=told)])


def draw(specimen: Specimen, drawn: int) -> Specimen:
    """Return a specimen as it is once some was taken from it."""
    after = replace(specimen, remaining=specimen.remaining - drawn)
    if after.remaining:
        return after
    return replace(after, state="gone", holder="used up", box=None, place=None, request=None)


ACTS = (
    Act("bank_collect", Collect, collect),
    Act("bank_freeze", Freeze, freeze),
    Act("bank_thaw", Thaw, thaw),
    Act("bank_measure", Measure, measure),
    Act("bank_use", Use, use),
)
