"""Results that others write into the record: each finds its order, or waits on the list of somebody."""

from dataclasses import replace
from typing import Any, Final

from oncopolis.foundation import ConflictError, Frozen, NotFoundError
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import get_referred, make_reference, to_ms
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Parked, Why, write_content
from oncopolis.operations.loop.clocks import AT_ONCE_MS, is_ahead
from oncopolis.operations.orders.answering import answer_order, check_state
from oncopolis.operations.orders.views import Order
from oncopolis.operations.reacting import Before, Reaction
from oncopolis.operations.reports.flagged import find_critical
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource

FINAL: Final = ("final", "amended", "corrected", "appended")
OWNER: Final = "laboratory"
"""Role on whose list a result waits that belongs nowhere."""
_HISTORY: Final = "result.history"
_KEPT: Final = ("code", "identifier", "basedOn", "issued", "effectiveDateTime", "status", "conclusion")
"""What of a report is repeated where it waits; the report itself stays in the record."""


def take_report(floor: Floor, record: Record, before: Before, moment: Moment) -> Decision | None:
    """Put a report to its order; park one that has none, or cannot be believed."""
    told_ms = _find_told_ms(record)
    if not _is_news(record, before) or _is_history(floor, told_ms, moment) or _is_parked(floor, record):
        return None
    named = [id_ for one in record.get("basedOn", ()) if (id_ := get_referred(one, "ServiceRequest"))]
    order = next((found for id_ in named if (found := _find_order(floor, id_)) is not None), None)
    if order is None:
        # An order of another system that is in the record is known, though it is not on our lists.
        return None if any(_is_there(floor, id_) for id_ in named) else _park("unknown", record, moment)
    why = _find_fault(order, record, told_ms, moment)
    if why is not None:
        return _park(why, record, moment)
    if order.state == "seen" and told_ms is not None and told_ms <= (order.seen_ms or 0):
        return None
    return answer_order(floor, order, record["id"], find_critical(floor, record), moment)


def _is_news(record: Record, before: Before) -> bool:
    """Whether it says something that was not said before: others write it again, or fill in a reference."""
    if record.get("status") not in FINAL:
        return False
    return before is None or before.get("status") not in FINAL or before.get("issued") != record.get("issued")


def _is_history(floor: Floor, told_ms: int | None, moment: Moment) -> bool:
    """Whether it was told so long ago that somebody loads what is over."""
    return told_ms is not None and told_ms < moment.at_ms - floor.house.values.get_ms(_HISTORY)


def _find_told_ms(record: Record) -> int | None:
    told = record.get("issued") or record.get("effectiveDateTime", "")
    return to_ms(told) if "T" in told else None


def _is_parked(floor: Floor, record: Record) -> bool:
    return any(one.about == _name(record) for one in floor.list(Parked))


def _find_order(floor: Floor, id_: str) -> Order | None:
    try:
        return floor.get(Order, id_)
    except NotFoundError:
        return None


def _is_there(floor: Floor, id_: str) -> bool:
    found = floor.look(lambda reading: reading.read("ServiceRequest", id_), None)
    return found is not None and found.body is not None


def _find_fault(order: Order, record: Record, told_ms: int | None, moment: Moment) -> Why | None:
    if get_referred(record.get("subject"), "Patient") != order.patient:
        return "other_patient"
    if told_ms is not None and (is_ahead(told_ms, moment) or _is_before_its_order(order, record, told_ms)):
        return "clock"
    is_same = order.report == record["id"]
    return "over" if order.state == "revoked" or (order.report and not is_same) else None


def _is_before_its_order(order: Order, record: Record, told_ms: int) -> bool:
    """Whether it was issued well before anybody asked: the clock of who issued it is behind."""
    return "issued" in record and told_ms < order.asked_ms - AT_ONCE_MS


def _park(why: Why, record: Record, moment: Moment) -> Decision:
    content = write_content({name: record[name] for name in _KEPT if name in record})
    patient = get_referred(record.get("subject"), "Patient")
    parked = Parked(
        moment.make_id(), "report", why, OWNER, moment.at_ms, content, patient, about=_name(record)
    )  # fmt: skip
    return Decision((parked,))


def _name(record: Record) -> str:
    return f"DiagnosticReport/{record['id']}"


class MatchReport(Frozen):
    """Somebody knows which order a result belongs to."""

    parked: Id
    """What waits."""
    order: Id
    """Order of the same patient that has no result."""
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


def match_report(floor: Floor, asked: MatchReport, moment: Moment) -> Decision:
    """Put a result that was parked to its order; it is seen and settled as any other from then on."""
    parked = floor.get(Parked, asked.parked)
    where = f"Task/{parked.id}"
    person = name_person(moment, asked.by, where)
    type_, _, id_ = parked.about.partition("/")
    if not parked.is_open or type_ != "DiagnosticReport":
        raise ConflictError(
            code="OPS-420", where=where, got="dealt with already, or no result",
            expected="a result that waits", fix="look at the list as it is now",
        )  # fmt: skip
    order = floor.get(Order, asked.order)
    check_state(order, "ordered", "taken")
    if not parked.patient or parked.patient != order.patient:
        raise ConflictError(
            code="OPS-421", where=where, got=f"a result of Patient/{parked.patient or 'nobody'}",
            expected=f"one of Patient/{order.patient}",
            fix="choose an order of the same patient, or have who sent it correct the patient",
        )  # fmt: skip
    record = _get_report(floor, id_)
    named = make_reference("ServiceRequest", order.id)
    based_on = [one for one in record.get("basedOn", ()) if one != named]
    after = replace(
        parked, note=f"ServiceRequest/{order.id}", settled_by=person,
        settled_ms=max(moment.at_ms, parked.came_ms),
    )  # fmt: skip
    decision = answer_order(floor, order, id_, find_critical(floor, record), moment, person)
    return decision + Decision(
        (after,), (record | {"basedOn": [*based_on, named]},), answer={"parked": parked.id}
    )


def _get_report(floor: Floor, id_: str) -> dict[str, Any]:
    record = find_resource(floor.look(lambda reading: reading.read("DiagnosticReport", id_), None))
    if record is None:
        raise NotFoundError(
            code="OPS-422", where=f"DiagnosticReport/{id_}", got="no such result any more",
            expected="one that is there", fix="take it off the list with a note",
        )  # fmt: skip
    return record


MATCH_REPORT = Act(
    "match_report", MatchReport, match_report, ("ServiceRequest", "Task", "DiagnosticReport", "CarePlan")
)
TAKE_REPORT = Reaction("DiagnosticReport", take_report)
