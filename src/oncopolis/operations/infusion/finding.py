"""What the acts of the day unit look at first."""

from oncopolis.foundation import ConflictError, ForbiddenError
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion.bags import Bag, BagState
from oncopolis.operations.infusion.limits import Gate, judge_limits
from oncopolis.operations.infusion.views import Treatment, TreatmentState
from oncopolis.operations.lines import note_line


def get_treatment(floor: Floor, id_: str, *states: TreatmentState) -> Treatment:
    """Return a treatment that is in one of these states; `ConflictError` if it is in another."""
    known = floor.get(Treatment, id_)
    if known.state not in states:
        raise ConflictError(
            code="OPS-280", where=f"Task/{id_}", got=f"a treatment that is {known.state}",
            expected=" or ".join(states), fix="look at it as it is now",
        )  # fmt: skip
    return known


def get_bag(floor: Floor, id_: str, *states: BagState) -> Bag:
    """Return a bag that is in one of these states; `ConflictError` if it is in another."""
    known = floor.get(Bag, id_)
    if known.state not in states:
        raise ConflictError(
            code="OPS-281", where=f"MedicationDispense/{id_}", got=f"a bag that is {known.state}",
            expected=" or ".join(states), fix="look at it as it is now",
        )  # fmt: skip
    return known


def judge(treatment: Treatment, at_ms: int) -> tuple[Gate, ...]:
    """Return the limits of a treatment with their values at a moment."""
    return judge_limits(treatment.limits, treatment.values, at_ms)


def insist_on_values(treatment: Treatment, moment: Moment) -> None:
    """Refuse to go on where a value of the laboratory is missing, old, or beyond its limit."""
    faults = [gate for gate in judge(treatment, moment.at_ms) if gate.fault is not None]
    if faults:
        got = ", ".join(f"{one.limit.label}: {one.fault}" for one in faults)
        raise ConflictError(
            code="OPS-282", where=f"Task/{treatment.id}", got=got, expected="values within its limits",
            fix="ask whoever ordered it: put it off, or have another order made",
        )  # fmt: skip


def check_second(person: str, first: str, where: str) -> None:
    """Refuse who did the first thing to do the second."""
    if person == first:
        raise ForbiddenError(
            code="OPS-283", where=where, got=f"{person} once more", expected="a second person",
            fix="have a colleague sign in and do it",
        )  # fmt: skip


def put_treatment(after: Treatment, what: str, moment: Moment, outcome: str = "done") -> Decision:
    """Return what follows when something of a treatment has changed."""
    line = note_line(
        after.patient, f"treatment_{what}", moment.at_ms, outcome="cancelled" if outcome != "done" else "done"
    )
    return Decision((after,), lines=(line,), answer={"treatment": after.id, "state": after.state})


def put_bag(after: Bag, what: str, moment: Moment) -> Decision:
    """Return what follows when something of a bag has changed."""
    line = note_line(after.patient, f"bag_{what}", moment.at_ms)
    return Decision((after,), lines=(line,), answer={"bag": after.id, "state": after.state})
