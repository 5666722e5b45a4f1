"""What follows when an order goes on: its task, and the step of a course that waited for it."""

from dataclasses import replace

from oncopolis.foundation import ConflictError
from oncopolis.operations.courses.changing import get_mark
from oncopolis.operations.courses.doing import add_done
from oncopolis.operations.courses.trail import Done
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import make_line
from oncopolis.operations.orders.tasks import make_task
from oncopolis.operations.orders.views import Order, OrderState


def check_state(known: Order, *states: OrderState) -> None:
    """Refuse an order that is in none of these states."""
    if known.state not in states:
        raise ConflictError(
            code="OPS-184", where=f"ServiceRequest/{known.id}", got=f"an order that is {known.state}",
            expected=" or ".join(states), fix="look at it again: somebody else was first",
        )  # fmt: skip


def put_order(after: Order, moment: Moment) -> Decision:
    """Let an order be this from now on, with its task."""
    return Decision((after,), (make_task(after, moment.at_ms),), answer=tell_order(after))


def tell_order(known: Order) -> dict[str, str]:
    """Return what whoever asked is told of an order."""
    return {"order": known.id, "state": known.state, "owner": known.owner}


def answer_order(
    floor: Floor, known: Order, report: str, critical: str, moment: Moment, by: str = ""
) -> Decision:
    """Let an order have a result: the report of an id. Its step goes on with it."""
    after = replace(
        known, state="resulted", taken_by=known.taken_by or by, report=report, resulted_ms=moment.at_ms,
        critical=critical, raised=0, seen_ms=None, seen_by="",
    )  # fmt: skip
    return put_order(after, moment) + finish_step(floor, after, moment)


def finish_step(floor: Floor, known: Order, moment: Moment) -> Decision:
    """Let the step of an order have it done; of what the patient comes for the visit tells that."""
    course = floor.find(Course, known.course) if known.course else None
    if course is None or not known.step or floor.house.get_card(known.activity).is_contact:
        return Decision()
    way = get_way(floor, course)
    mark = get_mark(way, course, known.step)
    done = Done(moment.at_ms, moment.day, known.activity, f"DiagnosticReport/{known.report}")
    line = make_line(
        known.patient, known.activity, moment.at_ms, "done", pathway=course.pathway,
        step=mark.step or mark.id, asked_ms=known.asked_ms,
    )  # fmt: skip
    return Decision((add_done(way, course, mark, done, floor.house),), lines=(line,))
