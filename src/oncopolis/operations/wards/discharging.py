"""Out of a bed: ordered, discharged, left, cleaned; and beds that are closed."""

from dataclasses import replace

from oncopolis.centre.journal import Outcome
from oncopolis.foundation import ConflictError, Frozen
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.following import mark_done
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import make_line
from oncopolis.operations.orders.listing import list_open_orders
from oncopolis.operations.views import View
from oncopolis.operations.wards.finding import find_ms, get_bed, get_stay, get_up, let_go
from oncopolis.operations.wards.views import Bed, Stay
from oncopolis.record.store.journal import JournalLine


class OrderDischarge(Frozen):
    """Say when somebody is to go."""

    stay: str
    due_ms: int | None = None
    """When, milliseconds since 1970 (UTC); now if left out."""


class Discharge(Frozen):
    """Let a stay be over on paper."""

    stay: str
    going_on: tuple[str, ...] = ()
    """Orders that are not over and go on after it."""
    reason: str | None = None
    """Why they may."""


class LeaveBed(Frozen):
    """The patient is gone."""

    stay: str
    reason: str | None = None
    """Why they went without being discharged; only then."""


class OfBed(Frozen):
    """One bed."""

    bed: str


class CloseBed(Frozen):
    """Take a bed out of use."""

    bed: str
    reason: str
    """Why."""


def order_discharge(floor: Floor, asked: OrderDischarge, moment: Moment) -> Decision:
    """Set when somebody is to go; the bed is theirs until they have left."""
    stay = get_stay(floor, asked.stay, ("admitted",), "admit them first")
    due_ms = moment.at_ms if asked.due_ms is None else max(asked.due_ms, moment.at_ms)
    return Decision(puts=(replace(stay, due_ms=due_ms),), answer={"stay": stay.id, "due_ms": due_ms})


def discharge(floor: Floor, asked: Discharge, moment: Moment) -> Decision:
    """Let the stay be over on paper; the bed is not free before they have left and it is clean.

    Nothing that was ordered is forgotten: each order has a result that was seen, is revoked, or goes on with
    a reason.
    """
    stay = floor.get(Stay, asked.stay)
    if stay.end is None and stay.state == "discharged":
        return Decision(answer={"stay": stay.id, "again": True})
    stay = get_stay(floor, asked.stay, ("admitted",), "admit them first")
    orders = [order.id for order in list_open_orders(floor, stay.patient)]
    forgotten = [order for order in orders if order not in asked.going_on]
    if forgotten or (orders and not asked.reason):
        raise ConflictError(
            code="OPS-139", where=f"Encounter/{stay.id}",
            got=f"open orders: {', '.join(forgotten or orders)}", expected="each dealt with",
            fix="revoke them, look at their results, or name those that go on, with a reason",
        )  # fmt: skip
    left = replace(
        stay, state="discharged", due_ms=moment.at_ms if stay.due_ms is None else stay.due_ms,
        going_on=tuple(orders), despite=asked.reason or stay.despite,
    )  # fmt: skip
    return Decision(puts=(left,), answer={"stay": stay.id, "again": False})


def leave_bed(floor: Floor, asked: LeaveBed, moment: Moment) -> Decision:
    """End a stay: the patient has left the bed, which has to be cleaned.

    `arrivals` makes an act of it, since what is waited for from a ward ends with the stay.
    """
    stay = floor.get(Stay, asked.stay)
    if stay.end is not None and stay.came_ms is not None:
        return Decision(answer={"stay": stay.id, "again": True})
    stay = get_stay(floor, asked.stay, ("admitted", "discharged"), "they were never in a bed")
    if stay.state == "admitted" and not asked.reason:
        raise ConflictError(
            code="OPS-138", where=f"Encounter/{stay.id}", got="somebody who is not discharged",
            expected="somebody who is, or why they went", fix="discharge them first, or give the reason",
        )  # fmt: skip
    end: Outcome = "done" if stay.state == "discharged" else "gave_up"
    at_ms = find_ms(stay, moment)
    beds = tuple(replace(one, to_ms=at_ms) if one.to_ms is None else one for one in stay.beds)
    over = replace(
        stay, end=end, left_ms=at_ms, beds=beds, reserved=None, despite=asked.reason or stay.despite
    )
    puts: list[View] = [over]
    if stay.bed is not None:
        puts.append(get_up(floor.get(Bed, stay.bed)))
    if stay.reserved is not None:
        puts.append(let_go(floor.get(Bed, stay.reserved)))
    booking = floor.find(Booking, stay.booking) if stay.booking is not None else None
    if booking is not None:
        met = replace(booking, status="fulfilled")
        course = mark_done(floor, met, at_ms, f"Encounter/{stay.id}") if end == "done" else None
        puts += [met] if course is None else [met, course]
    return Decision(
        puts=tuple(puts), lines=(_write_line(over, at_ms, end),), answer={"stay": stay.id, "again": False}
    )


def _write_line(stay: Stay, at_ms: int, end: Outcome) -> JournalLine:
    return make_line(
        stay.patient, stay.activity, at_ms, end,
        pathway=stay.pathway, step=stay.step, resource=stay.ward, planned_ms=stay.expected_ms,
        asked_ms=stay.asked_ms, start_ms=stay.came_ms,
    )  # fmt: skip


def clean(floor: Floor, asked: OfBed, _: Moment) -> Decision:
    """Let a bed be clean: free, or still closed."""
    bed = floor.get(Bed, asked.bed)
    if not bed.dirty and bed.state in ("free", "reserved"):
        return Decision(answer={"bed": bed.id, "again": True})
    bed = get_bed(floor, asked.bed, ("cleaning", "closed"), "nobody is in a bed that is cleaned")
    state = replace(bed, dirty=False, contaminated=False)
    return _put(replace(state, state="free") if bed.state == "cleaning" else state)


def close_bed(floor: Floor, asked: CloseBed, _: Moment) -> Decision:
    """Take a bed out of use in which nobody is and which is held for nobody."""
    bed = floor.get(Bed, asked.bed)
    if bed.state == "closed":
        return Decision(answer={"bed": bed.id, "again": True})
    bed = get_bed(floor, asked.bed, ("free", "cleaning"), "transfer who is in it, or hold another for them")
    return _put(replace(bed, state="closed", reason=asked.reason))


def open_bed(floor: Floor, asked: OfBed, _: Moment) -> Decision:
    """Take a bed into use again; one that was not cleaned is cleaned first."""
    bed = floor.get(Bed, asked.bed)
    if bed.state in ("free", "cleaning"):
        return Decision(answer={"bed": bed.id, "again": True})
    bed = get_bed(floor, asked.bed, ("closed",), "it is in use")
    return _put(replace(bed, state="cleaning" if bed.dirty else "free", reason=None))


def _put(bed: Bed) -> Decision:
    return Decision(puts=(bed,), answer={"bed": bed.id, "again": False})


ORDER_DISCHARGE = Act("order_discharge", OrderDischarge, order_discharge, ("Encounter",))
DISCHARGE = Act("discharge", Discharge, discharge, ("Encounter",))
CLEANED = Act("cleaned", OfBed, clean, ("Location",))
CLOSE_BED = Act("close_bed", CloseBed, close_bed, ("Location",))
OPEN_BED = Act("open_bed", OfBed, open_bed, ("Location",))
