"""Checking in: by an appointment, by a scanned code, or without either."""

from dataclasses import replace
from typing import Literal

from oncopolis.centre.number import USUAL_PRIORITY, Priority
from oncopolis.foundation import ConflictError, Frozen, InputError, NotFoundError
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations.arrivals.indexes import Expected, Inside, Queues
from oncopolis.operations.arrivals.numbers import make_number
from oncopolis.operations.arrivals.rules import Rules, find_order_ms, get_rules
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import View
from oncopolis.operations.wards.indexes import Stays
from oncopolis.operations.wards.views import Stay

_ROLES = "role."
"""How the units begin that are posts."""


class Arrival(Frozen):
    """Somebody is there: name one of `booking`, `code`, or `patient` with `activity`."""

    booking: str | None = None
    """Appointment they come for."""
    code: str | None = None
    """What was scanned: the id of an appointment, or of a visit whose next appointment is meant."""
    patient: str | None = None
    """Patient who comes without an appointment."""
    activity: str | None = None
    """What for."""
    priority: Priority | None = None
    """Rank in the queue of somebody without an appointment; the usual one if left out."""
    channel: Literal["kiosk", "phone", "reception"] = "reception"
    """Where it is done. Reception may do it at any hour of the day and in any building."""
    area: str | None = None
    """Department at whose kiosk they stand."""


def check_in(floor: Floor, asked: Arrival, moment: Moment) -> Decision:
    """Let somebody wait for what they come for; repeated, it changes nothing."""
    if asked.booking is None and asked.code is None:
        return _walk_in(floor, asked, moment)
    if asked.patient is not None or asked.activity is not None or None not in (asked.booking, asked.code):
        raise _refuse_wish("more than one thing")
    booking = _find_scanned(floor, asked, moment)
    known = _find_contact(floor, booking.id)
    if known is not None:
        return _answer_again(known)
    _check_status(booking)
    _check_moment(booking, asked, moment)
    _check_building(floor, booking, asked)
    is_by_phone = asked.channel == "phone"
    return open_contact(floor, booking, moment, moment.at_ms, get_rules(floor.house), is_by_phone=is_by_phone)


def _find_scanned(floor: Floor, asked: Arrival, moment: Moment) -> Booking:
    """Return the appointment that is meant: of a visit the one it is in the queue for, else its next."""
    if asked.booking is not None:
        return floor.get(Booking, asked.booking)
    assert asked.code is not None
    visit = floor.find(Visit, asked.code)
    if visit is None:
        return floor.get(Booking, asked.code)
    waiting = [one for one in floor.index(Queues).list_of_visit(visit.id) if one.booking is not None]
    if waiting:
        return floor.get(Booking, waiting[0].booking or "")
    found = list_due(floor, visit.patient, moment)
    if not found:
        raise NotFoundError(
            code="OPS-100", where=f"Encounter/{visit.id}", got="nothing more booked today",
            expected="a visit with an appointment to come", fix="ask at reception",
        )  # fmt: skip
    return found[0]


def list_due(floor: Floor, patient: str, moment: Moment) -> list[Booking]:
    """Return what somebody is still expected for today, the first first."""
    first_ms, end_ms = floor.house.to_ms(moment.day), floor.house.to_ms(moment.day, MINUTES_PER_DAY)
    return floor.index(Expected).list_of_patient(patient, first_ms, end_ms)


def _find_contact(floor: Floor, booking: str) -> Contact | None:
    known = floor.index(Queues).of_booking.get(booking)
    return None if known is None else floor.find(Contact, known)


def _answer_again(contact: Contact) -> Decision:
    return Decision(answer=_tell(contact, again=True))


def _tell(contact: Contact, *, again: bool) -> dict[str, object]:
    return {
        "visit": contact.visit, "contact": contact.id, "number": contact.number, "area": contact.area,
        "again": again,
    }  # fmt: skip


def _check_status(booking: Booking) -> None:
    where, expected = f"Appointment/{booking.id}", "an appointment that is still to come"
    if booking.status == "cancelled":
        raise ConflictError(
            code="OPS-101",
            where=where,
            got="it was cancelled",
            expected=expected,
            fix="check in at reception",
        )
    if booking.status == "noshow":
        raise ConflictError(
            code="OPS-102", where=where, got="nobody came for it, and it was given up", expected=expected,
            fix="check in at reception",
        )  # fmt: skip
    if booking.status == "fulfilled":
        raise ConflictError(
            code="OPS-103", where=where, got="it has taken place", expected=expected,
            fix="check in at reception",
        )  # fmt: skip
    if booking.spot is None:
        raise ConflictError(
            code="OPS-104", where=where, got="no time yet", expected="an appointment with a time",
            fix="give it a time first, or check in without it",
        )  # fmt: skip


def _check_moment(booking: Booking, asked: Arrival, moment: Moment) -> None:
    """Refuse another day, and long before the time except at reception."""
    where, local = f"Appointment/{booking.id}", moment.house.to_local(booking.start_ms)
    if local.date() != moment.day:
        raise ConflictError(
            code="OPS-105", where=where, got=f"{moment.day}", expected=f"{local.date()}",
            fix="come on that day, or ask at reception for another appointment",
        )  # fmt: skip
    first_ms = booking.start_ms - get_rules(moment.house).early_ms
    if asked.channel != "reception" and moment.at_ms < first_ms:
        raise ConflictError(
            code="OPS-106", where=where, got=f"{moment.local:%H:%M}",
            expected=f"{moment.house.to_local(first_ms):%H:%M} or later",
            fix="check in later, or at reception",
        )  # fmt: skip


def _check_building(floor: Floor, booking: Booking, asked: Arrival) -> None:
    """Refuse at the kiosk of another building: the queue would call somebody who is not there."""
    if asked.area is None or asked.channel != "kiosk":
        return
    there = floor.house.get_card(booking.activity).department
    buildings = floor.house.buildings
    if buildings.get(asked.area) != buildings.get(there):
        raise ConflictError(
            code="OPS-107", where=f"Appointment/{booking.id}", got=f"the building of {asked.area}",
            expected=f"building {buildings.get(there, there)}", fix="go to that building and check in there",
        )  # fmt: skip


def open_contact(
    floor: Floor, booking: Booking, moment: Moment, asked_ms: int, rules: Rules, visit: Visit | None = None,
    *, is_by_phone: bool = False,
) -> Decision:  # fmt: skip
    """Let somebody wait for an appointment, from a moment on."""
    planned_ms = booking.start_ms
    made, about = _begin(floor, booking.patient, booking.activity, moment, visit, is_by_phone=is_by_phone)
    contact = replace(
        made,
        priority=booking.priority,
        order_ms=find_order_ms(planned_ms, asked_ms, rules),
        asked_ms=asked_ms,
        planned_ms=planned_ms,
        booking=booking.id,
        pathway=booking.pathway,
        step=booking.step,
        posts=tuple(unit for unit, _ in booking.spot.units if unit.startswith(_ROLES))
        if booking.spot is not None
        else (),
    )
    puts: tuple[View, ...] = (*about, contact, replace(booking, status="arrived"))
    return Decision(puts=puts, answer=_tell(contact, again=False))


def _begin(
    floor: Floor, patient: str, activity: str, moment: Moment, visit: Visit | None, *, is_by_phone: bool
) -> tuple[Contact, tuple[Visit, ...]]:
    """Return a contact of somebody's visit or stay, and the visit if it begins with it."""
    card = floor.house.get_card(activity)
    about: tuple[Visit, ...] = ()
    whole: Visit | Stay | None = visit or floor.index(Inside).of_patient.get(patient)
    if whole is None:
        whole = floor.index(Stays).of_patient.get(patient)
    if whole is None:
        id_ = moment.make_id()
        number = make_number(floor, card.department, id_)
        whole = Visit(
            id_, patient, moment.day, number, card.department, moment.at_ms, is_by_phone=is_by_phone
        )
        about = (whole,)
    elif is_by_phone and isinstance(whole, Visit) and not whole.is_by_phone:
        about = (replace(whole, is_by_phone=True),)
    id_ = moment.make_id()
    number = whole.number if isinstance(whole, Visit) else make_number(floor, card.department, id_)
    contact = Contact(
        id_, patient, whole.id, activity, card.department, number, USUAL_PRIORITY, moment.at_ms, moment.at_ms
    )
    return contact, about


def _walk_in(floor: Floor, asked: Arrival, moment: Moment) -> Decision:
    if asked.patient is None or asked.activity is None:
        raise _refuse_wish("neither an appointment, nor a code, nor a patient with an activity")
    if asked.priority is not None and asked.channel != "reception":
        raise InputError(
            code="OPS-122", where="check_in", got=f"rank {asked.priority} at a {asked.channel}",
            expected="no rank, or reception", fix="ask at reception",
        )  # fmt: skip
    if not floor.house.get_card(asked.activity).is_contact:
        raise InputError(
            code="OPS-109", where=f"activity {asked.activity}", got="work that needs no patient",
            expected="something a patient comes for", fix="choose another activity",
        )  # fmt: skip
    visit = floor.index(Inside).of_patient.get(asked.patient) or floor.index(Stays).of_patient.get(
        asked.patient
    )
    for known in () if visit is None else floor.index(Queues).list_of_visit(visit.id):
        if known.activity == asked.activity:
            return _answer_again(known)
    if visit is None:
        check_patient(floor, asked.patient)
    contact, about = _begin(floor, asked.patient, asked.activity, moment, None, is_by_phone=False)
    priority = USUAL_PRIORITY if asked.priority is None else asked.priority
    contact = replace(contact, priority=priority)
    return Decision(puts=(*about, contact), answer=_tell(contact, again=False))


def _refuse_wish(got: str) -> InputError:
    return InputError(
        code="OPS-108", where="check_in", got=got,
        expected="an appointment, a scanned code, or a patient with an activity", fix="name one of them",
    )  # fmt: skip


CHECK_IN = Act("check_in", Arrival, check_in, ("Encounter", "Appointment"))
