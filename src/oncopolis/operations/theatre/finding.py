"""What the acts of a theatre look at first, and how a case goes on."""

from dataclasses import replace

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import note_line
from oncopolis.operations.theatre.asking import OfCase
from oncopolis.operations.theatre.lists import Operations, find_room, find_ward, make_operation, pass_on
from oncopolis.operations.theatre.views import Operation, Stage


def get_case(floor: Floor, asked: OfCase, moment: Moment) -> Operation:
    """Return the case that is named; an appointment becomes one with the first that is done for it."""
    if (asked.operation is None) == (asked.booking is None):
        raise InputError(
            code="OPS-250", where="case", got="neither or both of operation and booking",
            expected="one of them", fix="name the operation, or the appointment it comes from",
        )  # fmt: skip
    if asked.operation is not None:
        return floor.get(Operation, asked.operation)
    known = floor.index(Operations).of_booking.get(str(asked.booking))
    if known is not None:
        return known
    booking = floor.get(Booking, str(asked.booking))
    room = find_room(floor, booking)
    if room is None or booking.status not in ("booked", "arrived", "checked-in"):
        raise ConflictError(
            code="OPS-251", where=f"Appointment/{booking.id}",
            got=f"{booking.status}, {room or 'no theatre'}",
            expected="one in a theatre that is still to come",
            fix="put the case on a list first",
        )  # fmt: skip
    return make_operation(floor, booking, room, moment.make_id())


def check_stage(case: Operation, *stages: Stage) -> None:
    """Refuse what does not follow on how far a case is."""
    if case.stage not in stages:
        raise ConflictError(
            code="OPS-252", where=f"Procedure/{case.id}", got=f"a case that is at {case.stage}",
            expected=" or ".join(stages), fix="look at the list as it is now",
        )  # fmt: skip


def reach(floor: Floor, case: Operation, stage: Stage, moment: Moment) -> Decision:
    """Return what follows when a case reaches a stage: those after it are expected at another time."""
    at_ms = find_ms(case, moment)
    after = replace(case, stage=stage, reached=(*case.reached, (stage, at_ms)))
    if stage == "inside":
        after = replace(after, expected_ms=at_ms)
    resource = floor.house.get_unit(case.room).resource
    line = note_line(
        case.patient, f"operation_{stage}", at_ms, resource=resource, planned_ms=case.planned_ms,
        outcome="cancelled" if stage == "cancelled" else "done",
    )  # fmt: skip
    return put_case(floor, after, moment) + Decision(lines=(line,))


def put_case(floor: Floor, after: Operation, moment: Moment) -> Decision:
    """Return what follows when something of a case has changed."""
    after = replace(after, ward=find_ward(floor, after.patient) or after.ward)
    puts = pass_on(floor, after, moment)
    told = {"operation": after.id, "stage": after.stage, "passed_on": len(puts) - 1}
    return Decision(puts, answer=told)


def find_ms(case: Operation, moment: Moment) -> int:
    """Return the moment, not before the last one of the case: clocks differ."""
    return max([moment.at_ms, *(at_ms for _, at_ms in case.reached)])
