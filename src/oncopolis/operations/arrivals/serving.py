"""Serving: start, with the rooms and machines it takes, and finish, with what comes next."""

from dataclasses import replace

from oncopolis.foundation import Frozen, InputError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.checking_in import list_due, open_contact
from oncopolis.operations.arrivals.finding import (
    check_is_free,
    get_contact,
    get_working_unit,
    is_exclusive,
    refuse_served,
    write_line,
)
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.following import mark_done
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.upkeep import check_may_treat


class Start(Frozen):
    """Begin to serve somebody."""

    contact: str
    units: tuple[str, ...] = ()
    """Rooms, places and machines it takes; if left out, the room of the call and the machines booked."""


class Finish(Frozen):
    """End what was begun."""

    contact: str
    more: bool = False
    """Whether something that is not booked is still to be done today: the visit goes on."""


def start(floor: Floor, asked: Start, moment: Moment) -> Decision:
    """Begin: nobody is served in two places, and no unit that is down, in use or unchecked is taken."""
    contact = floor.get(Contact, asked.contact)
    if contact.end is None and contact.state == "served":
        return Decision(answer={"contact": contact.id, "units": contact.units, "again": True})
    contact = get_contact(floor, asked.contact, ("waiting", "called"), "let them come back first")
    for other in floor.index(Queues).list_of_visit(contact.visit):
        if other.state == "served":
            raise refuse_served(other)
    units = asked.units or _list_units(floor, contact)
    if not units and contact.room is None:
        raise InputError(
            code="OPS-119", where=f"Encounter/{contact.id}", got="no room", expected="where it is done",
            fix="call them to a room, or name it",
        )  # fmt: skip
    for unit in units:
        get_working_unit(floor, unit)
        check_is_free(floor, unit, contact)
    check_may_treat(floor, contact.activity, units, moment)
    held = tuple(unit for unit in dict.fromkeys(units) if is_exclusive(floor, contact, unit))
    room = next(iter(asked.units), contact.room)
    begun_ms = max(moment.at_ms, contact.asked_ms, contact.called_ms or 0)
    served = replace(contact, state="served", room=room, units=held, start_ms=begun_ms)
    return Decision(puts=(served,), answer={"contact": served.id, "units": held, "again": False})


def _list_units(floor: Floor, contact: Contact) -> tuple[str, ...]:
    """Return the room somebody was called to, and the machines they were booked on.

    Another room than the booked one may be free first; a machine is part of what was prepared.
    """
    booking = floor.find(Booking, contact.booking) if contact.booking is not None else None
    booked = () if booking is None or booking.spot is None else booking.spot.units
    room = () if contact.room is None else (contact.room,)
    machines = [unit for unit, _ in booked if floor.house.get_unit(unit).kind == "machine"]
    if room and floor.house.get_unit(room[0]).kind == "machine":
        called = floor.house.get_unit(room[0]).resource
        machines = [unit for unit in machines if floor.house.get_unit(unit).resource != called]
    return (*room, *machines)


def finish(floor: Floor, asked: Finish, moment: Moment) -> Decision:
    """End it, keep the appointment as met, and let the patient wait for what is booked next, or go."""
    contact = floor.get(Contact, asked.contact)
    if contact.end == "done":
        return Decision(answer={"contact": contact.id, "next": None, "again": True})
    contact = get_contact(floor, asked.contact, ("served",), "start first")
    done = replace(contact, end="done", end_ms=find_end_ms(contact, moment))
    decision = Decision(
        puts=(done,), lines=(write_line(floor, done),),
        answer={"contact": done.id, "next": None, "again": False},
    ) + close_booking(floor, done, "fulfilled")  # fmt: skip
    return decision + _go_on(floor, done, moment, more=asked.more)


def find_end_ms(contact: Contact, moment: Moment) -> int:
    """Return the end of a contact: now, but not before it began."""
    return max(moment.at_ms, contact.asked_ms, contact.called_ms or 0, contact.start_ms or 0)


def close_booking(floor: Floor, contact: Contact, how: str) -> Decision:
    """Let the appointment of a contact be over, too."""
    booking = floor.find(Booking, contact.booking) if contact.booking is not None else None
    if booking is None:
        return Decision()
    if how == "fulfilled":
        assert contact.end_ms is not None
        met = replace(booking, status="fulfilled")
        course = mark_done(floor, met, contact.end_ms, f"Encounter/{contact.id}")
        return Decision(puts=(met,) if course is None else (met, course))
    return Decision(puts=(replace(booking, status="cancelled", reason=how),))


def _go_on(floor: Floor, done: Contact, moment: Moment, *, more: bool) -> Decision:
    """Let the patient wait for the next appointment if it is soon, and end the visit if there is none."""
    visit = floor.find(Visit, done.visit)
    others = [one for one in floor.index(Queues).list_of_visit(done.visit) if one.id != done.id]
    if others:
        return Decision()
    rules = get_rules(floor.house)
    due = [one for one in list_due(floor, done.patient, moment) if one.id != done.booking]
    if due and due[0].start_ms - moment.at_ms <= rules.early_ms:
        there = floor.house.get_card(due[0].activity).department
        walk_ms = round(floor.house.get_walk_min(done.area, there) * MS_PER_MINUTE)
        ready_ms = find_end_ms(done, moment) + walk_ms
        opened = open_contact(floor, due[0], moment, ready_ms, rules, visit)
        return Decision(puts=opened.puts, answer={"next": opened.answer["contact"]})
    if due or more or visit is None:
        return Decision()
    assert done.end_ms is not None
    return Decision(puts=(replace(visit, end="done", left_ms=done.end_ms),))


START = Act("start", Start, start, ("Encounter",))
FINISH = Act("finish", Finish, finish, ("Encounter", "Appointment", "CarePlan"))
