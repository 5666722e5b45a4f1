"""Ends that are no end of service: not coming, not answering, walking out, and the end of the day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Annotated

from pydantic import Field

from oncopolis.centre.journal import Outcome
from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.operations.arrivals.calling import OfContact
from oncopolis.operations.arrivals.finding import get_contact, refuse_served, write_line
from oncopolis.operations.arrivals.indexes import Expected, Inside, Queues
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.arrivals.serving import close_booking, find_end_ms
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import make_line
from oncopolis.operations.wards.discharging import LeaveBed, leave_bed
from oncopolis.record.store.journal import JournalLine

AT_ONCE = 100  # structure: how many are closed in one transaction, so that others need not wait for it


class Leave(Frozen):
    """Somebody walks out before everything is done."""

    visit: str
    reason: str = ""
    """What they said."""


class CloseNoShows(Frozen):
    """Give up those who have not come."""

    at_most: Annotated[int, Field(ge=1, le=AT_ONCE)] = AT_ONCE
    """How many in one go."""


class CloseDay(Frozen):
    """Let every visit of a day be over."""

    day: date | None = None
    """Day; every day before today if left out."""
    at_most: Annotated[int, Field(ge=1, le=AT_ONCE)] = AT_ONCE
    """How many visits in one go."""


def no_show(floor: Floor, asked: OfContact, moment: Moment) -> Decision:
    """Give up somebody who was called and has not come, some time after the last call."""
    contact = floor.get(Contact, asked.contact)
    if contact.end == "no_show":
        return Decision(answer={"contact": contact.id, "again": True})
    contact = get_contact(floor, asked.contact, ("called",), "call them first")
    assert contact.called_ms is not None
    first_ms = contact.called_ms + get_rules(floor.house).no_answer_ms
    if moment.at_ms < first_ms:
        raise ConflictError(
            code="OPS-120", where=f"Encounter/{contact.id}", got=f"{moment.local:%H:%M}",
            expected=f"{floor.house.to_local(first_ms):%H:%M} or later", fix="call again, and wait",
        )  # fmt: skip
    decision = _end(floor, contact, "no_show", moment)
    others = [one for one in floor.index(Queues).list_of_visit(contact.visit) if one.id != contact.id]
    visit = floor.find(Visit, contact.visit)
    if visit is not None and not others:
        gone = replace(visit, end="gave_up", left_ms=find_end_ms(contact, moment))
        decision += Decision(puts=(gone,))
    return decision + Decision(answer={"contact": contact.id, "again": False})


_REASONS: dict[Outcome, str] = {
    "gave_up": "gave-up", "no_show": "no-answer", "sent_home": "sent-home", "cancelled": "left-the-house",
}  # fmt: skip
"""How it ended -> why the appointment is over."""


def _end(floor: Floor, contact: Contact, end: Outcome, moment: Moment) -> Decision:
    ended = replace(contact, end=end, end_ms=find_end_ms(contact, moment))
    how = "fulfilled" if end == "done" else _REASONS[end]
    return Decision(puts=(ended,), lines=(write_line(floor, ended),)) + close_booking(floor, ended, how)


def leave(floor: Floor, asked: Leave, moment: Moment) -> Decision:
    """Let a visit be over with whatever has not been done."""
    visit = floor.get(Visit, asked.visit)
    if visit.end is not None:
        return Decision(answer={"visit": visit.id, "again": True})
    contacts = floor.index(Queues).list_of_visit(visit.id)
    end: Outcome = "gave_up" if contacts else "done"
    return _close(floor, visit, contacts, end, moment) + Decision(answer={"visit": visit.id, "again": False})


def _close(floor: Floor, visit: Visit, contacts: Iterable[Contact], end: Outcome, moment: Moment) -> Decision:
    """End a visit and what is open of it."""
    decision = Decision()
    left_ms = max(moment.at_ms, visit.came_ms)
    for contact in contacts:
        how: Outcome = "done" if end == "sent_home" and contact.state == "served" else end
        decision += _end(floor, contact, how, moment)
        left_ms = max(left_ms, find_end_ms(contact, moment))
    return decision + Decision(puts=(replace(visit, end=end, left_ms=left_ms),))


def left_bed(floor: Floor, asked: LeaveBed, moment: Moment) -> Decision:
    """End a stay, with what was still waited for from the ward."""
    contacts = floor.index(Queues).list_of_visit(asked.stay)
    served = next((one for one in contacts if one.state == "served"), None)
    if served is not None:
        raise refuse_served(served)
    decision = leave_bed(floor, asked, moment)
    for contact in contacts:
        decision += _end(floor, contact, "cancelled", moment)
    return decision


def close_no_shows(floor: Floor, asked: CloseNoShows, moment: Moment) -> Decision:
    """Give up appointments nobody came for; whoever is inside may still be on the way to theirs."""
    before_ms = moment.at_ms - get_rules(floor.house).no_show_ms
    missed = (floor.get(Booking, id_) for id_ in floor.index(Expected).list_missed(before_ms))
    inside = floor.index(Inside).of_patient
    given_up = list(islice((one for one in missed if one.patient not in inside), asked.at_most))
    return Decision(
        puts=tuple(replace(one, status="noshow") for one in given_up),
        lines=tuple(_write_missed(one, moment) for one in given_up),
        answer={"closed": len(given_up)},
    )


def _write_missed(booking: Booking, moment: Moment) -> JournalLine:
    return make_line(
        booking.patient, booking.activity, moment.at_ms, "no_show",
        pathway=booking.pathway, step=booking.step, planned_ms=booking.start_ms,
    )  # fmt: skip


def close_day(floor: Floor, asked: CloseDay, moment: Moment) -> Decision:
    """End every visit of a day: what is being done counts as done, who still waits was sent home."""
    if asked.day is not None and asked.day > moment.day:
        raise InputError(
            code="OPS-121", where="close_day", got=f"{asked.day}", expected=f"{moment.day} or before",
            fix="close a day when it is over",
        )  # fmt: skip
    queues, decision = floor.index(Queues), Decision()
    of_day = [one for one in floor.list(Visit) if _is_over(one.day, asked.day, moment)]
    for visit in of_day[: asked.at_most]:
        contacts = queues.list_of_visit(visit.id)
        waits = any(contact.state != "served" for contact in contacts)
        decision += _close(floor, visit, contacts, "sent_home" if waits else "done", moment)
    n = min(len(of_day), asked.at_most)
    for contact in _list_of_stays(floor, asked.day, moment)[: asked.at_most - n]:
        decision += _end(floor, contact, "done" if contact.state == "served" else "sent_home", moment)
    return decision + Decision(answer={"closed": n, "left": len(of_day) - n})


def _list_of_stays(floor: Floor, day: date | None, moment: Moment) -> list[Contact]:
    """Return what is open of those who came from a ward: it ends with the day, their stay does not."""
    return [
        one
        for one in floor.list(Contact)
        if floor.find(Visit, one.visit) is None
        and _is_over(floor.house.to_local(one.asked_ms).date(), day, moment)
    ]


def _is_over(of: date, day: date | None, moment: Moment) -> bool:
    return of < moment.day if day is None else of == day


NO_SHOW = Act("no_show", OfContact, no_show, ("Encounter", "Appointment"))
LEFT_BED = Act("left_bed", LeaveBed, left_bed, ("Encounter", "Location", "Appointment", "CarePlan"))
LEAVE = Act("leave", Leave, leave, ("Encounter", "Appointment"))
CLOSE_NO_SHOWS = Act("close_no_shows", CloseNoShows, close_no_shows, ("Appointment",))
CLOSE_DAY = Act("close_day", CloseDay, close_day, ("Encounter", "Appointment", "CarePlan"))
