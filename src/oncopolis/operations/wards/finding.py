"""What the acts of a ward look at first, and how a bed changes with a stay."""

from collections.abc import Iterator
from dataclasses import replace

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.operations.deciding import Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.wards.indexes import Beds
from oncopolis.operations.wards.lying import Lying
from oncopolis.operations.wards.rooms import check_bed
from oncopolis.operations.wards.views import Bed, BedState, Stay, StayState


def get_stay(floor: Floor, id_: str, states: tuple[StayState, ...], fix: str) -> Stay:
    """Return a stay that is in one of these states; `ConflictError` if it is in another."""
    stay = floor.get(Stay, id_)
    if stay.end is not None or stay.state not in states:
        got = "over" if stay.end is not None else stay.state
        raise ConflictError(
            code="OPS-131", where=f"Encounter/{id_}", got=f"a stay that is {got}",
            expected=" or ".join(states), fix=fix,
        )  # fmt: skip
    return stay


def get_bed(floor: Floor, id_: str, states: tuple[BedState, ...], fix: str) -> Bed:
    """Return a bed that is in one of these states; `ConflictError` if it is in another."""
    bed = floor.get(Bed, id_)
    if bed.state not in states:
        raise ConflictError(
            code="OPS-132", where=f"Location/{id_}", got=f"a bed that is {bed.state}",
            expected=" or ".join(states), fix=fix,
        )  # fmt: skip
    return bed


def get_bed_for(floor: Floor, stay: Stay, wished: str | None) -> Bed:
    """Return the wished bed, or the first free one of the ward and of those it overflows into.

    Without a wish, one that breaks a rule of its room is not taken.
    """
    if wished is not None:
        states: tuple[BedState, ...] = ("free", "reserved") if wished == stay.reserved else ("free",)
        return get_bed(floor, wished, states, "choose a bed that is free and clean")
    for bed in list_free(floor, stay.ward):
        if all(finding.severity != "error" for finding in check_bed(floor, bed, stay)):
            return bed
    raise ConflictError(
        code="OPS-133", where=f"ward {stay.ward}", got="no free bed",
        expected="one here or where it overflows",
        fix="discharge, have beds cleaned, or name a bed with a reason",
    )  # fmt: skip


def list_wards(floor: Floor, ward: str) -> Iterator[str]:
    """Yield a ward, and those whose beds are taken when it is full."""
    resources, found = floor.house.centre.resources, dict[str, None]()
    next_: str | None = ward
    while next_ is not None and next_ not in found:
        found[next_] = None
        next_ = resources[next_].overflow
    yield from found


def list_free(floor: Floor, ward: str) -> Iterator[Bed]:
    """Yield the free beds of a ward in the order of their numbers, then those of its overflow."""
    for one in list_wards(floor, ward):
        free = [bed for bed in floor.index(Beds).of_ward.get(one, {}).values() if bed.state == "free"]
        yield from sorted(free, key=lambda bed: get_number(floor.house, bed.id))


def get_number(house: House, bed: str) -> tuple[int, str]:
    """Return what puts the beds of a ward in the order of their numbers."""
    card = house.units.get(bed)
    return (0 if card is None else card.number), bed


def find_ward(floor: Floor, activity: str) -> str | None:
    """Return the ward whose beds an activity holds; None if it holds none."""
    resources = floor.house.centre.resources
    holds = floor.house.get_card(activity).holds
    return next((key for key in holds if resources[key].kind == "bed"), None)


def get_ward(floor: Floor, activity: str) -> str:
    """Return the ward whose beds an activity holds."""
    ward = find_ward(floor, activity)
    if ward is None:
        raise NotFoundError(
            code="OPS-134", where=f"activity {activity}", got="no bed", expected="one that holds a bed",
            fix="choose the activity of a stay",
        )  # fmt: skip
    return ward


def lie_down(bed: Bed, stay: Stay) -> Bed:
    """Return a bed with somebody in it."""
    state: BedState = "occupied" if stay.isolation is None else "isolation"
    return replace(bed, state=state, stay=stay.id, dirty=True, contaminated=stay.isolation is not None)


def get_up(bed: Bed) -> Bed:
    """Return a bed somebody has left: to be cleaned."""
    return replace(bed, state="cleaning", stay=None, dirty=True)


def let_go(bed: Bed) -> Bed:
    """Return a bed that is not held for anybody any more, and that nobody was in."""
    return replace(bed, state="free", stay=None)


def move_to(stay: Stay, bed: str, moment: Moment) -> Stay:
    """Return a stay with another bed from now on; not before it was in the last one."""
    at_ms = find_ms(stay, moment)
    before = tuple(replace(one, to_ms=at_ms) if one.to_ms is None else one for one in stay.beds)
    return replace(stay, beds=(*before, Lying(bed, at_ms)), reserved=None)


def find_ms(stay: Stay, moment: Moment) -> int:
    """Return the moment, not before the stay's own last one: clocks differ."""
    return max(moment.at_ms, stay.asked_ms or 0, stay.beds[-1].from_ms if stay.beds else 0)
