"""Orders: asked for, taken, answered by a result, seen; or revoked."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from oncopolis.centre.number import USUAL_PRIORITY, Identifier, Priority
from oncopolis.foundation import Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.courses.branching import MANY, get_open
from oncopolis.operations.courses.changing import check_reason, get_mark
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import put_mark
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import make_concept, make_reference, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.orders.answering import answer_order, check_state, put_order, tell_order
from oncopolis.operations.orders.critical import check_read_back, list_seen
from oncopolis.operations.orders.tasks import make_task
from oncopolis.operations.orders.views import Order
from oncopolis.operations.views import Record


class MakeOrder(Frozen):
    """Somebody asks for an activity for a patient."""

    patient: Id
    """Patient."""
    activity: Identifier
    """Activity of the definition."""
    course: Id | None = None
    """Course it belongs to."""
    step: Words | None = None
    """Step of that course; it waits for what is ordered there."""
    owner: Identifier | None = None
    """Role that does it; the first that the activity holds if left out."""
    priority: Priority = USUAL_PRIORITY
    """Rank; below 5 is urgent."""
    by_day: date | None = None
    """Day until which it is wished for."""
    question: Text = ""
    """What is to be found out."""
    by: Id | None = None
    """Practitioner who orders, where a program tells."""


class OfOrder(Frozen):
    """An order that goes on."""

    order: Id
    """Order."""
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class Acknowledge(OfOrder):
    """A result was seen."""

    read_back: Text = ""
    """The value of a critical result, repeated by who has seen it."""


class Result(OfOrder):
    """What was found. Records are named; nothing is interpreted."""

    observations: Annotated[tuple[Id, ...], Field(max_length=MANY)] = ()
    """Observations of it."""
    studies: Annotated[tuple[Id, ...], Field(max_length=MANY)] = ()
    """Imaging studies of it."""
    critical: Text = ""
    """What of it cannot wait, in the words of who found it."""


class Revoke(OfOrder):
    """An order is not wanted any more."""

    reason: Text
    """Why."""


def order(floor: Floor, asked: MakeOrder, moment: Moment) -> Decision:
    """Order an activity; a step of a course waits for it from then on."""
    card = floor.house.get_card(asked.activity)
    where = f"Patient/{asked.patient}"
    if not asked.course:
        check_patient(floor, asked.patient)
    person = name_person(moment, asked.by, where)
    made = Order(
        id=moment.make_id(),
        patient=asked.patient,
        activity=card.id,
        owner=_find_owner(floor, asked),
        asked_ms=moment.at_ms,
        asked_by=person,
        course=asked.course or "",
        step=asked.step or "",
        priority=asked.priority,
        by=asked.by_day,
        question=asked.question,
    )
    course = _want(floor, asked)
    puts = (made,) if course is None else (made, course)
    return Decision(puts, (make_task(made, moment.at_ms),), answer=tell_order(made))


def take(floor: Floor, asked: OfOrder, moment: Moment) -> Decision:
    """Somebody takes an order from the work list; taken again by the same person, nothing changes."""
    known = floor.get(Order, asked.order)
    person = name_person(moment, asked.by, f"ServiceRequest/{known.id}")
    if known.state == "taken" and known.taken_by == person:
        return Decision(answer=tell_order(known))
    check_state(known, "ordered")
    return put_order(replace(known, state="taken", taken_by=person, taken_ms=moment.at_ms), moment)


def result(floor: Floor, asked: Result, moment: Moment) -> Decision:
    """Put the result to an order; work that nobody comes for is done with it."""
    known = floor.get(Order, asked.order)
    check_state(known, "ordered", "taken")
    person = name_person(moment, asked.by, f"ServiceRequest/{known.id}")
    id_, critical = moment.make_id(), asked.critical.strip()
    report: Record = {
        "resourceType": "DiagnosticReport",
        "id": id_,
        "basedOn": [make_reference("ServiceRequest", known.id)],
        "status": "final",
        "code": make_concept("activity", known.activity),
        "subject": make_reference("Patient", known.patient),
        "issued": to_instant(moment.at_ms),
        "performer": [{"reference": person}],
        "result": [make_reference("Observation", one) for one in asked.observations],
        "imagingStudy": [make_reference("ImagingStudy", one) for one in asked.studies],
        "conclusion": critical,
    }
    records = ({name: value for name, value in report.items() if value},)
    return answer_order(floor, known, id_, critical, moment, person) + Decision(
        records=records, answer={"report": id_}
    )


def acknowledge(floor: Floor, asked: Acknowledge, moment: Moment) -> Decision:
    """Somebody who takes care of the patient has seen the result; the value of a critical one is repeated."""
    known = floor.get(Order, asked.order)
    person = name_person(moment, asked.by, f"ServiceRequest/{known.id}")
    check_state(known, "resulted")
    check_read_back(known, asked.read_back)
    seen = replace(
        known, state="seen", seen_ms=moment.at_ms, seen_by=person, read_back=asked.read_back.strip()
    )
    return put_order(seen, moment) + Decision(lines=list_seen(floor.house, seen))


def revoke(floor: Floor, asked: Revoke, moment: Moment) -> Decision:
    """Take an order back, as long as there is no result."""
    known = floor.get(Order, asked.order)
    where = f"ServiceRequest/{known.id}"
    name_person(moment, asked.by, where)
    check_state(known, "ordered", "taken")
    after = replace(known, state="revoked", reason=check_reason(asked.reason, where))
    course = _drop_wish(floor, known)
    return put_order(after, moment) + Decision(() if course is None else (course,))


def _find_owner(floor: Floor, asked: MakeOrder) -> str:
    resources = floor.house.centre.resources
    holds = floor.house.get_card(asked.activity).holds
    roles = [resource for resource in holds if resources[resource].kind == "role"]
    if asked.owner is None and roles:
        return roles[0]
    known = resources.get(asked.owner or "")
    if known is None or known.kind != "role":
        raise InputError(
            code="OPS-183", where=f"activity {asked.activity}", got=f"the owner {asked.owner}",
            expected="a role of the definition", fix="say which role does it",
        )  # fmt: skip
    return str(asked.owner)


def _want(floor: Floor, asked: MakeOrder) -> Course | None:
    """Return the course with a step that waits for what is ordered."""
    if asked.course is None:
        return None
    course = get_open(floor, asked.course)
    if course.patient != asked.patient:
        raise InputError(
            code="OPS-077", where=f"CarePlan/{course.id}", got="a course of another patient",
            expected="one of the same patient", fix="look up their courses",
        )  # fmt: skip
    if asked.step is None:
        return None
    mark = get_mark(get_way(floor, course), course, asked.step)
    if not mark.is_open or asked.activity in dict(mark.wanted):
        return None
    return put_mark(course, replace(mark, wanted=(*mark.wanted, (asked.activity, 1))))


def _drop_wish(floor: Floor, known: Order) -> Course | None:
    """Return the course with a step that waits no more for what was ordered, unless its pathway says so."""
    course = floor.find(Course, known.course) if known.course and known.step else None
    if course is None:
        return None
    way = get_way(floor, course)
    mark = get_mark(way, course, known.step)
    step = way.steps.get(mark.step)
    if step is None or known.activity in {one.activity for one in step.errands if one.is_waited}:
        return None
    left = tuple((activity, n) for activity, n in mark.wanted if activity != known.activity)
    return put_mark(course, replace(mark, wanted=left)) if mark.is_open and left != mark.wanted else None


_WRITES = ("ServiceRequest", "Task")
ORDER = Act("order", MakeOrder, order, (*_WRITES, "CarePlan"))
TAKE = Act("take", OfOrder, take, _WRITES)
RESULT = Act("result", Result, result, (*_WRITES, "DiagnosticReport", "CarePlan"))
ACKNOWLEDGE = Act("acknowledge", Acknowledge, acknowledge, _WRITES)
REVOKE = Act("revoke", Revoke, revoke, (*_WRITES, "CarePlan"))
