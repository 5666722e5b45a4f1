"""On the list and off it: cases without an appointment, delays, and cases that are given up."""

from dataclasses import replace

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations.booking.asking import Cancel
from oncopolis.operations.booking.changing import cancel
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices.naming import find_stop
from oncopolis.operations.theatre.asking import CancelOperation, Delay, PlanOperation
from oncopolis.operations.theatre.finding import check_stage, get_case, put_case, reach
from oncopolis.operations.theatre.lists import Operations, list_theatres, pass_on
from oncopolis.operations.theatre.views import AHEAD, IN_ROOM, Operation


def plan_operation(floor: Floor, asked: PlanOperation, moment: Moment) -> Decision:
    """Put a case on the list of a theatre; those after it are expected later.

    An appointment that a late case before it has brought onto a list is planned anew as it is asked.
    """
    card = floor.house.get_card(asked.activity)
    if asked.room not in list_theatres(floor.house) or find_stop(floor.house, card.id) != "operation":
        raise InputError(
            code="OPS-253", where=f"unit {asked.room}", got=f"{card.id} there",
            expected="an operation in a theatre", fix="choose a theatre, and what is done in one",
        )  # fmt: skip
    check_patient(floor, asked.patient)
    start_ms = moment.at_ms if asked.start_ms is None else asked.start_ms
    booking = None if asked.booking is None else floor.get(Booking, asked.booking)
    known = None if booking is None else floor.index(Operations).of_booking.get(booking.id)
    is_under_way = known is not None and known.stage != "planned"
    if booking is not None and (booking.patient != asked.patient or is_under_way):
        raise ConflictError(
            code="OPS-258", where=f"Appointment/{booking.id}",
            got="one of a case that is under way" if is_under_way else "one of another patient",
            expected="an appointment of this patient", fix="look at the lists as they are now",
        )  # fmt: skip
    case = Operation(
        moment.make_id() if known is None else known.id, asked.patient, card.id, asked.room, start_ms,
        asked.minutes or max(card.minutes + card.after_min, 1), start_ms, booking=asked.booking or "",
        implants=asked.implants or (() if known is None else known.implants),
    )  # fmt: skip
    return _leave_list(floor, known, case.room, moment) + put_case(floor, case, moment)


def _leave_list(floor: Floor, known: Operation | None, room: str, moment: Moment) -> Decision:
    """Return what follows on the list of another theatre that a case leaves: those after it are sooner."""
    if known is None or known.room == room:
        return Decision()
    others = pass_on(floor, replace(known, stage="cancelled"), moment)
    return Decision(tuple(one for one in others if one.id != known.id))


def delay_operation(floor: Floor, asked: Delay, moment: Moment) -> Decision:
    """Let a case begin later, or take longer; who comes after it, and their ward, see it at once."""
    case = get_case(floor, asked, moment)
    check_stage(case, *AHEAD, *IN_ROOM)
    reason = check_reason(asked.reason, f"Procedure/{case.id}")
    return put_case(floor, replace(case, extra_min=case.extra_min + asked.minutes, reason=reason), moment)


def cancel_operation(floor: Floor, asked: CancelOperation, moment: Moment) -> Decision:
    """Take a case off the list, with its appointment if nobody has come for that."""
    case = get_case(floor, asked, moment)
    check_stage(case, "planned")
    reason = check_reason(asked.reason, f"Procedure/{case.id}")
    decision = reach(floor, replace(case, reason=reason), "cancelled", moment)
    booking = floor.find(Booking, case.booking) if case.booking else None
    if booking is not None and booking.status == "booked":
        decision = cancel(floor, Cancel(booking=booking.id, reason="centre"), moment) + decision
    return decision


PLAN_OPERATION = Act("plan_operation", PlanOperation, plan_operation, ("Procedure",))
DELAY_OPERATION = Act("delay_operation", Delay, delay_operation, ("Procedure",))
CANCEL_OPERATION = Act(
    "cancel_operation", CancelOperation, cancel_operation, ("Procedure", "Appointment", "Communication")
)
