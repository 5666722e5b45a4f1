"""Into a bed: reserved, admitted, moved, isolated."""

from dataclasses import replace
from typing import Any, Literal

from oncopolis.foundation import ConflictError, Finding, Frozen, InputError
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import View
from oncopolis.operations.wards.finding import (
    find_ms,
    get_bed_for,
    get_stay,
    get_up,
    get_ward,
    let_go,
    lie_down,
    move_to,
)
from oncopolis.operations.wards.indexes import Stays
from oncopolis.operations.wards.rooms import check_bed, insist
from oncopolis.operations.wards.views import Bed, Stay

Sex = Literal["female", "male"]


class ReserveBed(Frozen):
    """Hold a bed for a stay to come, or for one that goes on: name a stay, or who and what for."""

    stay: str | None = None
    """Stay that the bed is for."""
    patient: str | None = None
    """Patient whose stay is planned with it."""
    activity: str | None = None
    """What they come for."""
    booking: str | None = None
    """Appointment the stay is booked with."""
    expected_ms: int | None = None
    """When they are to come, milliseconds since 1970 (UTC)."""
    bed: str | None = None
    """Bed; the first free one if left out."""
    sex: Sex | None = None
    """Of the patient, for who shares a room."""
    reason: str | None = None
    """Why a rule of the room is overruled."""


class Admit(Frozen):
    """Take somebody in: name a planned stay, or who and what for."""

    stay: str | None = None
    patient: str | None = None
    activity: str | None = None
    booking: str | None = None
    bed: str | None = None
    """Bed; the one held for them, or the first free one, if left out."""
    sex: Sex | None = None
    isolation: str | None = None
    """Why they must be alone in a room: a code."""
    reason: str | None = None
    """Why a rule of the room is overruled."""


class TransferBed(Frozen):
    """Move somebody to another bed."""

    stay: str
    bed: str | None = None
    """Bed; the one held for them, or the first free one of the ward, if left out."""
    ward: str | None = None
    """Ward they are for from now on; the same one if left out."""
    reason: str | None = None
    """Why a rule of the room is overruled."""


class Isolate(Frozen):
    """Say that somebody must be alone in a room, or need not any more."""

    stay: str
    isolation: str | None = None
    """Why: a code. Left out: not any more."""


class OfStay(Frozen):
    """One stay."""

    stay: str


def reserve_bed(floor: Floor, asked: ReserveBed, moment: Moment) -> Decision:
    """Hold a bed for somebody; nobody else gets it."""
    if asked.stay is not None:
        stay = get_stay(floor, asked.stay, ("planned", "admitted"), "who is discharged needs no other bed")
        if asked.bed is not None and asked.bed == stay.reserved:
            return _answer(stay, stay.reserved, ())
    else:
        stay = _plan(floor, asked, moment)
    released = _release(floor, stay)
    stay = replace(stay, reserved=None)
    bed = get_bed_for(floor, stay, asked.bed)
    findings = tuple(check_bed(floor, bed, stay))
    insist(findings, asked.reason)
    held = replace(stay, reserved=bed.id, despite=asked.reason or stay.despite)
    puts: tuple[View, ...] = (*released, held, replace(bed, state="reserved", stay=held.id))
    return Decision(puts=puts) + _answer(held, bed.id, findings)


def _plan(floor: Floor, asked: ReserveBed | Admit, moment: Moment) -> Stay:
    """Return a stay to come."""
    booking = floor.get(Booking, asked.booking) if asked.booking is not None else None
    patient = asked.patient if booking is None else booking.patient
    activity = asked.activity if booking is None else booking.activity
    if patient is None or activity is None:
        raise InputError(
            code="OPS-135", where="stay", got="nobody",
            expected="a stay, an appointment, or a patient with an activity", fix="name whom the bed is for",
        )  # fmt: skip
    if booking is None:
        check_patient(floor, patient)
    expected_ms = asked.expected_ms if isinstance(asked, ReserveBed) else None
    if expected_ms is None and booking is not None and booking.spot is not None:
        expected_ms = booking.start_ms
    return Stay(
        moment.make_id(), patient, get_ward(floor, activity), activity,
        planned=isinstance(asked, ReserveBed) or booking is not None,
        booking=None if booking is None else booking.id,
        pathway="" if booking is None else booking.pathway, step="" if booking is None else booking.step,
        expected_ms=expected_ms, sex=asked.sex,
    )  # fmt: skip


def _release(floor: Floor, stay: Stay) -> tuple[Bed, ...]:
    """Return the bed that was held for a stay, given back."""
    bed = floor.find(Bed, stay.reserved) if stay.reserved is not None else None
    return () if bed is None else (let_go(bed),)


def _answer(stay: Stay, bed: str | None, findings: tuple[Finding, ...]) -> Decision:
    told: dict[str, Any] = {"stay": stay.id, "bed": bed, "findings": [finding.rule for finding in findings]}
    return Decision(answer=told)


def admit(floor: Floor, asked: Admit, moment: Moment) -> Decision:
    """Take somebody in; they are in a bed from now on."""
    if asked.stay is not None:
        known = floor.get(Stay, asked.stay)
        if known.end is None and known.state == "admitted":
            return _answer(known, known.bed, ())
        stay = get_stay(floor, asked.stay, ("planned",), "a stay begins once")
    else:
        stay = _plan(floor, asked, moment)
    here = floor.index(Stays).of_patient.get(stay.patient)
    if here is not None:
        raise ConflictError(
            code="OPS-136", where=f"Patient/{stay.patient}",
            got=f"somebody who is in {here.bed or here.ward}", expected="somebody who is not in the house",
            fix="transfer them, or discharge them first",
        )  # fmt: skip
    stay = replace(
        stay, asked_ms=moment.at_ms, isolation=asked.isolation or stay.isolation, sex=asked.sex or stay.sex,
        isolated_ms=moment.at_ms if asked.isolation or stay.isolation else None,
    )  # fmt: skip
    decision = _lie(floor, stay, asked.bed, asked.reason, moment)
    booking = floor.find(Booking, stay.booking) if stay.booking is not None else None
    if booking is not None:
        decision += Decision(puts=(replace(booking, status="arrived"),))
    return decision


def _lie(floor: Floor, stay: Stay, wished: str | None, reason: str | None, moment: Moment) -> Decision:
    """Return a stay in the wished bed, else the one held for it, else a free one."""
    bed = get_bed_for(floor, stay, wished or stay.reserved)
    findings = tuple(check_bed(floor, bed, stay))
    insist(findings, reason)
    puts: list[View] = [] if bed.id == stay.reserved else list(_release(floor, stay))
    if stay.bed is not None:
        puts.append(get_up(floor.get(Bed, stay.bed)))
    lying = move_to(stay, bed.id, moment)
    came_ms = find_ms(stay, moment) if stay.came_ms is None else stay.came_ms
    lying = replace(lying, state="admitted", came_ms=came_ms, despite=reason or stay.despite)
    return Decision(puts=(*puts, lying, lie_down(bed, lying))) + _answer(lying, bed.id, findings)


def transfer_bed(floor: Floor, asked: TransferBed, moment: Moment) -> Decision:
    """Move somebody to another bed; the one they were in has to be cleaned."""
    stay = get_stay(floor, asked.stay, ("admitted",), "admit them first")
    if asked.bed is not None and asked.bed == stay.bed:
        return _answer(stay, stay.bed, ())
    if asked.ward is not None:
        resource = floor.house.centre.resources.get(asked.ward)
        if resource is None or resource.kind != "bed":
            raise InputError(
                code="OPS-137", where=f"ward {asked.ward:.80}", got="no ward", expected="a resource of beds",
                fix="choose one of the definition",
            )  # fmt: skip
        stay = replace(stay, ward=asked.ward)
    return _lie(floor, stay, asked.bed, asked.reason, moment)


def isolate(floor: Floor, asked: Isolate, moment: Moment) -> Decision:
    """Mark somebody who must be alone; what does not fit any more is told, and is for the ward to mend."""
    stay = get_stay(floor, asked.stay, ("planned", "admitted"), "they have been discharged")
    isolated_ms = (stay.isolated_ms or moment.at_ms) if asked.isolation else None
    stay = replace(stay, isolation=asked.isolation, isolated_ms=isolated_ms)
    if stay.bed is None:
        return Decision(puts=(stay,)) + _answer(stay, stay.reserved, ())
    bed = floor.get(Bed, stay.bed)
    state = lie_down(bed, stay)
    # What somebody isolated lay in is cleaned as such, even if they need not be alone any more.
    state = replace(state, contaminated=state.contaminated or bed.contaminated)
    return Decision(puts=(stay, state)) + _answer(stay, bed.id, tuple(check_bed(floor, bed, stay)))


def cancel_admission(floor: Floor, asked: OfStay, moment: Moment) -> Decision:
    """Give up a stay to come, with the bed that was held for it."""
    known = floor.get(Stay, asked.stay)
    if known.end == "cancelled":
        return _answer(known, None, ())
    stay = get_stay(floor, asked.stay, ("planned",), "who is in the house is discharged")
    puts = _release(floor, stay)
    over = replace(stay, end="cancelled", reserved=None, left_ms=moment.at_ms)
    return Decision(puts=(*puts, over)) + _answer(over, None, ())


RESERVE_BED = Act("reserve_bed", ReserveBed, reserve_bed, ("Encounter", "Location"))
ADMIT = Act("admit", Admit, admit, ("Encounter", "Location", "Appointment"))
TRANSFER_BED = Act("transfer_bed", TransferBed, transfer_bed, ("Encounter", "Location"))
ISOLATE = Act("isolate", Isolate, isolate, ("Encounter", "Location"))
CANCEL_ADMISSION = Act("cancel_admission", OfStay, cancel_admission, ("Encounter", "Location"))
