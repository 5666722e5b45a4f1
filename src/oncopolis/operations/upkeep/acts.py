"""Machines and rooms go out of order and come back; who was booked on them is moved and told."""

from dataclasses import replace
from typing import Any

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations.booking.agenda import get_diary, make_agenda
from oncopolis.operations.booking.booker import BOOKER
from oncopolis.operations.booking.making import tell_of, want_again
from oncopolis.operations.booking.units import Check, Down, Machine, Room, find_kind
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import UnitCard
from oncopolis.operations.lines import note_line
from oncopolis.operations.notices import Notice, withdraw
from oncopolis.operations.upkeep.asking import Calibrate, CheckMachine, ReportDown, ReportUp, UndoDown
from oncopolis.operations.upkeep.moving import Shift, bring_back, count_gaps, move_away
from oncopolis.operations.upkeep.uptime import OUT_OF_ORDER, PATHWAY
from oncopolis.operations.views import View


def report_down(floor: Floor, asked: ReportDown, moment: Moment) -> Decision:
    """Put a unit out of order, or say anew when it is expected back; who is booked meanwhile is moved."""
    unit = _get_unit(floor, floor.house.get_unit(asked.unit))
    since_ms = moment.at_ms if asked.since_ms is None else asked.since_ms
    until_ms = moment.house.to_ms(moment.day, MINUTES_PER_DAY) if asked.until_ms is None else asked.until_ms
    if until_ms <= max(since_ms, moment.at_ms):
        raise InputError(
            code="OPS-151", where=f"unit {unit.id}", got="back before it is out of order, or in the past",
            expected="a time to come", fix="say when it is expected back; it can be said anew later",
        )  # fmt: skip
    report = moment.make_id() if unit.down is None else unit.down.report
    down = Down(
        report,
        since_ms if unit.down is None else min(since_ms, unit.down.since_ms),
        until_ms,
        asked.reason,
    )
    agenda = make_agenda(floor, moment.at_ms)
    agenda.outages = agenda.outages.with_down(unit.id, down)
    affected = list_affected(floor, unit.id, max(since_ms, moment.at_ms), until_ms)
    shifts = move_away(agenda, [one for one in affected if one.status == "booked"], report)
    told = [
        tell_of(moment, shift.after, "down" if shift.after.spot is None else "moved", shift.before.spot)
        for shift in shifts
    ]
    return _join(
        [replace(unit, down=down), *(shift.after for shift in shifts)],
        told,
        {
            "report": report,
            "moved": [_show(shift) for shift in shifts if shift.after.spot is not None],
            "waiting": [shift.after.id for shift in shifts if shift.after.spot is None],
            "inside": [one.id for one in affected if one.status != "booked"],
            "gaps": count_gaps(agenda, shifts),
        },
    )


def _join(puts: list[View], told: list[Decision], answer: dict[str, Any]) -> Decision:
    """Return what is changed and told; joined at once, since there may be hundreds."""
    notices = (view for decision in told for view in decision.puts)
    sends = tuple(message for decision in told for message in decision.sends)
    return Decision(puts=(*puts, *notices), sends=sends, answer=answer)


def list_affected(floor: Floor, unit: str, from_ms: int, until_ms: int) -> list[Booking]:
    """Return what is booked on a unit between two moments and not over."""
    first, last = floor.house.to_minute(from_ms)[0], floor.house.to_minute(until_ms)[0]
    found = get_diary(floor).list_of_unit(unit, first, last)
    return [one for one in found if one.start_ms < until_ms and one.end_ms > from_ms]


def report_up(floor: Floor, asked: ReportUp, moment: Moment) -> Decision:
    """Put a unit back in order; who could not be moved when it failed is offered a time."""
    unit = _get_unit(floor, floor.house.get_unit(asked.unit))
    if unit.down is None:
        raise ConflictError(
            code="OPS-152", where=f"unit {unit.id}", got="a unit in order",
            expected="one that is out of order",
            fix="nothing has to be done: somebody else may have reported it",
        )  # fmt: skip
    agenda = make_agenda(floor, moment.at_ms)
    agenda.outages = agenda.outages.with_down(unit.id, None)
    offered: list[Booking] = []
    for waiting in get_diary(floor).list_moved(unit.down.report):
        is_known = waiting.activity in agenda.openings.needs
        if waiting.status != "waitlist" or waiting.offer is not None or not is_known:
            continue
        spot = BOOKER.find(agenda, want_again(agenda, waiting))
        if spot is not None:
            offered.append(replace(waiting, offer=spot))
            agenda.take(replace(waiting, status="proposed", spot=spot))
    answer = {"unit": unit.id, "offered": [one.id for one in offered]}
    line = note_line(
        unit.id, OUT_OF_ORDER, moment.at_ms, start_ms=unit.down.since_ms, resource=unit.id, pathway=PATHWAY
    )
    return Decision(puts=(replace(unit, down=None), *offered), lines=(line,), answer=answer)


def check_machine(floor: Floor, asked: CheckMachine, moment: Moment) -> Decision:
    """Record the check of the day; until it has passed nobody is treated with the machine."""
    unit = _get_unit(floor, floor.house.get_unit(asked.unit))
    check = Check(moment.at_ms, name_person(moment, asked.by, f"unit {unit.id}"), asked.passed)
    what = "checked" if asked.passed else "check_failed"
    line = note_line(unit.id, what, moment.at_ms, resource=unit.id, pathway=PATHWAY)
    return Decision((replace(unit, checked=check),), lines=(line,), answer={"unit": unit.id})


def calibrate(floor: Floor, asked: Calibrate, moment: Moment) -> Decision:
    """Record a calibration."""
    unit = _get_unit(floor, floor.house.get_unit(asked.unit))
    done = Check(moment.at_ms, name_person(moment, asked.by, f"unit {unit.id}"), passed=True)
    line = note_line(unit.id, "calibrated", moment.at_ms, resource=unit.id, pathway=PATHWAY)
    return Decision((replace(unit, calibrated=done),), lines=(line,), answer={"unit": unit.id})


def undo_down(floor: Floor, asked: UndoDown, moment: Moment) -> Decision:
    """Take a report back: its unit is in order, and who was moved is where they were if that is free."""
    moved = [one for one in get_diary(floor).list_moved(asked.report) if one.status in ("booked", "waitlist")]
    unit = _find_down(floor, asked.report)
    if unit is None and not moved:
        raise NotFoundError(
            code="OPS-153", where=f"report {asked.report:.64}", got="no such report, or nothing left of it",
            expected="a report whose unit is out of order or that has moved somebody",
            fix="look at the units that are out of order",
        )  # fmt: skip
    agenda = make_agenda(floor, moment.at_ms)
    if unit is not None:
        agenda.outages = agenda.outages.with_down(unit.id, None)
    shifts, left = bring_back(agenda, moved, moment.at_ms)
    puts: list[View] = [shift.after for shift in shifts]
    if unit is not None:
        puts.append(replace(unit, down=None))
    answer = {"back": [shift.after.id for shift in shifts], "stay": [booking.id for booking in left]}
    return _join(puts, [_tell_back(floor, moment, shift) for shift in shifts], answer)


def _tell_back(floor: Floor, moment: Moment, shift: Shift) -> Decision:
    """Take back what was told and has not left the house, else tell it anew."""
    unsent = [
        notice
        for notice in floor.list(Notice)
        if notice.booking == shift.after.id and notice.kind in ("moved", "down") and notice.is_open
    ]
    if not unsent:
        return tell_of(moment, shift.after, "moved", shift.before.spot)
    decision = Decision()
    for notice in unsent:
        decision += withdraw(notice)
    return decision


def _find_down(floor: Floor, report: str) -> Machine | Room | None:
    units: list[Machine | Room] = [*floor.list(Machine), *floor.list(Room)]
    return next((unit for unit in units if unit.down is not None and unit.down.report == report), None)


def _get_unit(floor: Floor, card: UnitCard) -> Machine | Room:
    kind = find_kind(card)
    if kind is None:
        raise InputError(
            code="OPS-150", where=f"unit {card.id}", got=f"a {card.kind}",
            expected="a machine, room or place",
            fix="close a bed on the ward; give appointments of a post to another one by moving them",
        )  # fmt: skip
    return floor.get(kind, card.id)


def _show(shift: Shift) -> dict[str, Any]:
    spot = shift.after.spot
    assert spot is not None
    return {"booking": shift.after.id, "from_ms": shift.before.start_ms, "to_ms": spot.start_ms}


_WRITES = ("Device", "Location", "Appointment", "Communication")

ACTS: tuple[Act[Any], ...] = (
    Act("report_down", ReportDown, report_down, _WRITES),
    Act("report_up", ReportUp, report_up, _WRITES),
    Act("undo_down", UndoDown, undo_down, _WRITES),
    Act("check_machine", CheckMachine, check_machine, ("Device", "Location")),
    Act("calibrate", Calibrate, calibrate, ("Device", "Location")),
)
"""Everything that can be done about units: out of order, in order again, checked, calibrated."""
