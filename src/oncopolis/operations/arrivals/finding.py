"""What the acts of a queue look at first."""

from typing import Final

from oncopolis.foundation import ConflictError
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact, State
from oncopolis.operations.booking.units import find_kind
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import UnitCard
from oncopolis.operations.lines import make_line
from oncopolis.record.store.journal import JournalLine

NOT_SERVED: Final[tuple[State, ...]] = ("waiting", "called", "away")


def refuse_state(contact: Contact, expected: str, fix: str) -> ConflictError:
    """Return the refusal of what cannot be done with a contact as it is."""
    return ConflictError(
        code="OPS-110", where=f"Encounter/{contact.id}",
        got=f"a contact that is {f'over ({contact.end})' if contact.end else contact.state}",
        expected=expected, fix=fix,
    )  # fmt: skip


def refuse_served(contact: Contact) -> ConflictError:
    """Return the refusal of what cannot be done while somebody is served."""
    return ConflictError(
        code="OPS-118", where=f"Encounter/{contact.id}", got=f"somebody served in {contact.area}",
        expected="somebody who is not being served", fix="finish there first",
    )  # fmt: skip


def get_contact(floor: Floor, id_: str, states: tuple[State, ...], fix: str) -> Contact:
    """Return a contact that is in one of these states; `ConflictError` if it is in another."""
    contact = floor.get(Contact, id_)
    if contact.end is not None or contact.state not in states:
        raise refuse_state(contact, " or ".join(states), fix)
    return contact


def is_down(floor: Floor, card: UnitCard) -> bool:
    """Whether a unit is out of order."""
    kind = find_kind(card)
    state = None if kind is None else floor.find(kind, card.id)
    return state is not None and state.down is not None


def get_working_unit(floor: Floor, id_: str) -> UnitCard:
    """Return a unit that is not down; `ConflictError` if it is."""
    card = floor.house.get_unit(id_)
    if is_down(floor, card):
        raise ConflictError(
            code="OPS-111", where=f"unit {id_}", got="out of order", expected="one that works",
            fix="choose another, or report it repaired",
        )  # fmt: skip
    return card


def check_is_free(floor: Floor, unit: str, contact: Contact) -> None:
    """Refuse a unit that somebody else is served in."""
    user = floor.index(Queues).of_unit.get(unit)
    if user is not None and user != contact.id:
        number = floor.get(Contact, user).number
        raise ConflictError(
            code="OPS-112", where=f"unit {unit}", got=f"in use by {number}", expected="one that is free",
            fix="finish there first, or choose another",
        )  # fmt: skip


def is_exclusive(floor: Floor, contact: Contact, unit: str) -> bool:
    """Whether one patient alone has a unit, by the activity; what is held by a share serves several."""
    card = floor.house.get_unit(unit)
    held = floor.house.get_card(contact.activity).holds.get(card.resource, 0.0)
    return card.kind != "role" and held >= 1.0


def write_line(floor: Floor, contact: Contact) -> JournalLine:
    """Return the line of the journal of a contact that is over."""
    assert contact.end is not None
    assert contact.end_ms is not None
    resource = next((floor.house.get_unit(unit).resource for unit in contact.units), None)
    if resource is None and contact.start_ms is not None:
        resource = next(iter(floor.house.get_card(contact.activity).holds), None)
    return make_line(
        contact.patient, contact.activity, contact.end_ms, contact.end,
        pathway=contact.pathway, step=contact.step, resource=resource, planned_ms=contact.planned_ms,
        asked_ms=contact.asked_ms, start_ms=contact.start_ms,
    )  # fmt: skip
