"""Calling: who is next, calling again, and what may happen before somebody is served."""

from bisect import bisect_left
from dataclasses import replace

from oncopolis.centre.number import Priority
from oncopolis.foundation import ConflictError, Frozen, InputError, NotFoundError
from oncopolis.operations.arrivals.finding import NOT_SERVED, get_contact, get_working_unit
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices import tell


class Call(Frozen):
    """Call the next of an area to a room, or a named one with a reason."""

    area: str
    """Department whose queue it is."""
    room: str
    """Unit they are to come to: a room, a place or a machine."""
    activities: tuple[str, ...] = ()
    """Only those who wait for one of these; everybody if left out."""
    posts: tuple[str, ...] = ()
    """Posts that call: nobody is called who was booked with another post of the same role."""
    contact: str | None = None
    """Contact to be called out of turn."""
    reason: str | None = None
    """Why it is called out of turn; needed if others are before it."""


class OfContact(Frozen):
    """One contact."""

    contact: str


class Transfer(Frozen):
    """Let somebody wait in another queue; the time waited counts."""

    contact: str
    area: str
    """Department in whose queue they wait from now on."""
    activity: str | None = None
    """What is done there, if it is something else."""


class Triage(Frozen):
    """Give somebody who waits another rank."""

    contact: str
    priority: Priority
    """Below 5 is urgent."""
    reason: str
    """Why."""


def call(floor: Floor, asked: Call, moment: Moment) -> Decision:
    """Call the first in order who is there, or the named one; who came by phone is told there, too."""
    _check_area(floor, asked.area)
    room = get_working_unit(floor, asked.room)
    if room.kind == "role":
        raise InputError(
            code="OPS-113", where=f"unit {asked.room}", got="a post", expected="a room, a place or a machine",
            fix="name where they are to come",
        )  # fmt: skip
    if asked.contact is None:
        contact, reason = _get_next(floor, asked, moment), None
    else:
        contact, reason = _get_named(floor, asked, moment)
        if contact.state == "called":
            return Decision(answer=_tell(contact))
    called = replace(
        contact, state="called", room=asked.room, called_ms=_find_ms(contact, moment),
        out_of_turn=reason or contact.out_of_turn,
    )  # fmt: skip
    told = _ask_to_come(floor, called, moment) if _is_by_phone(floor, called) else Decision()
    return Decision(puts=(called,), answer=_tell(called)) + told


def _is_by_phone(floor: Floor, contact: Contact) -> bool:
    """Whether somebody checked in with their phone; others look at the board."""
    visit = floor.find(Visit, contact.visit)
    return visit is not None and visit.is_by_phone


def _ask_to_come(floor: Floor, contact: Contact, moment: Moment) -> Decision:
    """Send a notice after somebody who is called."""
    booking = floor.find(Booking, contact.booking) if contact.booking is not None else None
    return tell(
        moment, contact.patient, "come", language="" if booking is None else booking.language,
        activity=contact.activity, unit=contact.room or "", booking=contact.booking or "",
    )  # fmt: skip


def _tell(contact: Contact) -> dict[str, object]:
    return {"contact": contact.id, "number": contact.number, "room": contact.room}


def _find_ms(contact: Contact, moment: Moment) -> int:
    """Return the moment, not before the contact's own last one: clocks differ."""
    return max(moment.at_ms, contact.asked_ms, contact.called_ms or 0, contact.start_ms or 0)


def _check_area(floor: Floor, area: str) -> None:
    if area not in floor.house.centre.departments:
        raise NotFoundError(
            code="OPS-114", where=f"area {area:.80}", got="no such department",
            expected="one of the definition", fix="choose another",
        )  # fmt: skip


def find_next(
    floor: Floor, area: str, at_ms: int, activities: tuple[str, ...] = (), posts: tuple[str, ...] = ()
) -> Contact | None:
    """Return who is next in an area; None if nobody is there for it."""
    queues = floor.index(Queues)
    roles = {floor.house.get_unit(post).resource for post in posts}
    for *_, id_ in queues.waiting[area]:
        contact = queues.of_area[area][id_]
        if contact.asked_ms > at_ms or (activities and contact.activity not in activities):
            continue
        if roles and not _may_see(floor, contact, roles, posts):
            continue
        return contact
    return None


def _may_see(floor: Floor, contact: Contact, roles: set[str], posts: tuple[str, ...]) -> bool:
    """Whether whoever was booked with posts of these roles was booked with one of those who call."""
    own = [post for post in contact.posts if floor.house.get_unit(post).resource in roles]
    return not own or any(post in posts for post in own)


def _get_next(floor: Floor, asked: Call, moment: Moment) -> Contact:
    found = find_next(floor, asked.area, moment.at_ms, asked.activities, asked.posts)
    if found is None:
        raise NotFoundError(
            code="OPS-115", where=f"area {asked.area}", got="nobody who waits for this",
            expected="somebody who waits and is there", fix="wait, or call for other activities",
        )  # fmt: skip
    return found


def _get_named(floor: Floor, asked: Call, moment: Moment) -> tuple[Contact, str | None]:
    """Return who was named, and the reason if others are before them."""
    assert asked.contact is not None
    contact = floor.get(Contact, asked.contact)
    if contact.end is None and contact.state == "called" and contact.room == asked.room:
        return contact, None
    contact = get_contact(floor, asked.contact, ("waiting",), "call who waits; recall who was called")
    if contact.area != asked.area:
        raise ConflictError(
            code="OPS-116", where=f"Encounter/{contact.id}", got=f"somebody who waits in {contact.area}",
            expected=f"somebody who waits in {asked.area}", fix="transfer them first",
        )  # fmt: skip
    first = find_next(floor, asked.area, moment.at_ms, asked.activities, asked.posts)
    if first is None or first.id == contact.id:
        return contact, asked.reason
    if not asked.reason:
        raise InputError(
            code="OPS-117", where=f"Encounter/{contact.id}", got=f"{first.number} is before them",
            expected="a reason for calling out of turn", fix="give a reason, or call the next",
        )  # fmt: skip
    return contact, asked.reason


def recall(floor: Floor, asked: OfContact, moment: Moment) -> Decision:
    """Call somebody again, with a notice: whoever saw no board may see it.

    Nobody is taken for gone until some time after the last call.
    """
    contact = get_contact(floor, asked.contact, ("called",), "call them first")
    called = replace(contact, called_ms=_find_ms(contact, moment))
    return Decision(puts=(called,), answer=_tell(called)) + _ask_to_come(floor, called, moment)


def transfer(floor: Floor, asked: Transfer, _: Moment) -> Decision:
    """Let somebody wait elsewhere by the same rank, order and time of coming; or here again."""
    _check_area(floor, asked.area)
    contact = get_contact(floor, asked.contact, NOT_SERVED, "finish what is being done first")
    activity = contact.activity if asked.activity is None else floor.house.get_card(asked.activity).id
    moved = replace(contact, state="waiting", area=asked.area, activity=activity, called_ms=None, room=None)
    before = bisect_left(floor.index(Queues).waiting[asked.area], moved.rank)
    return Decision(puts=(moved,), answer={"contact": moved.id, "area": moved.area, "before": before})


def triage(floor: Floor, asked: Triage, _: Moment) -> Decision:
    """Give somebody another rank, with a reason."""
    contact = get_contact(floor, asked.contact, NOT_SERVED, "rank is of those who are not served yet")
    if contact.priority == asked.priority:
        return Decision(answer={"contact": contact.id, "again": True})
    ranked = replace(contact, priority=asked.priority, out_of_turn=asked.reason)
    return Decision(puts=(ranked,), answer={"contact": ranked.id, "again": False})


def step_out(floor: Floor, asked: OfContact, _: Moment) -> Decision:
    """Let somebody go out for a while without losing the place; nobody calls them until they are back."""
    contact = floor.get(Contact, asked.contact)
    if contact.end is None and contact.state == "away":
        return Decision(answer={"contact": contact.id, "again": True})
    contact = get_contact(floor, asked.contact, ("waiting", "called"), "who is served cannot step out")
    away = replace(contact, state="away", called_ms=None, room=None)
    return Decision(puts=(away,), answer={"contact": away.id, "again": False})


def come_back(floor: Floor, asked: OfContact, _: Moment) -> Decision:
    """Let somebody wait again who stepped out."""
    contact = floor.get(Contact, asked.contact)
    if contact.end is None and contact.state in ("waiting", "called"):
        return Decision(answer={"contact": contact.id, "again": True})
    contact = get_contact(floor, asked.contact, ("away",), "who is served cannot come back to the queue")
    back = replace(contact, state="waiting")
    return Decision(puts=(back,), answer={"contact": back.id, "again": False})


CALL = Act("call", Call, call, ("Encounter", "Communication"))
RECALL = Act("recall", OfContact, recall, ("Encounter", "Communication"))
TRANSFER = Act("transfer", Transfer, transfer, ("Encounter",))
TRIAGE = Act("triage", Triage, triage, ("Encounter",))
STEP_OUT = Act("step_out", OfContact, step_out, ("Encounter",))
RETURN = Act("return", OfContact, come_back, ("Encounter",))
