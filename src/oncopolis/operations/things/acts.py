"""What is said of things: they are there, they were seen somewhere, somebody uses them."""

from dataclasses import replace
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.loop import Why
from oncopolis.operations.loop.clocks import is_off
from oncopolis.operations.things.unread import Garbage, park
from oncopolis.operations.things.views import Kind, Thing

MOST: Final = 500  # structure: sightings in one transaction
LAST_MS: Final = 253_402_300_799_000  # structure: the end of the year 9999
FRESH_MS: Final = 10 * MS_PER_MINUTE  # structure: after which a thing that stays is written as seen again
Area: TypeAlias = Annotated[str, Field(min_length=1, max_length=64)]  # structure: characters of an id


class AddThing(Frozen):
    """A thing got a tag."""

    thing: Id
    """The tag."""
    kind: Kind
    """What it is."""
    area: Area
    """Department in which it is."""


class Sighting(Frozen):
    """A thing was seen in a department."""

    thing: Id
    """Its tag."""
    area: Area
    """Department."""
    at_ms: Annotated[int, Field(ge=0, le=LAST_MS)] | None = None
    """When, milliseconds since 1970 (UTC); now if left out."""


class LocateThings(Frozen):
    """Where things were seen, from a gateway of tags."""

    sightings: Annotated[tuple[Sighting, ...], Field(max_length=MOST)] = ()
    """What was seen."""
    garbage: Annotated[tuple[Garbage, ...], Field(max_length=MOST)] = ()
    """What came and could not be read."""
    turned_away: Annotated[int, Field(ge=0)] = 0
    """How many sightings there was no room for."""


class UseThing(Frozen):
    """Somebody takes a thing, or gives it back."""

    thing: Id
    """Its tag."""
    in_use: bool
    """Whether it is in use from now on."""


def add_thing(floor: Floor, asked: AddThing, moment: Moment) -> Decision:
    """Make a thing known; `ConflictError` if its tag is another thing's, `InputError` for no department."""
    if floor.has(Thing.TYPE, asked.thing):
        raise ConflictError(
            code="OPS-486", where=f"Device/{asked.thing}", got="a tag or id that is in use",
            expected="a tag that nothing has", fix="look it up, or use another tag",
        )  # fmt: skip
    if asked.area not in floor.house.centre.departments:
        raise InputError(
            code="OPS-485", where=f"department {asked.area:.60}", got="no such department",
            expected="one of the definition", fix="choose one",
        )  # fmt: skip
    made = Thing(asked.thing, asked.kind, asked.area, moment.at_ms)
    return Decision((made,), answer={"thing": made.id})


def locate_things(floor: Floor, asked: LocateThings, moment: Moment) -> Decision:
    """Take over where things are; what cannot be used is answered and waits on a list, the rest is done."""
    found: dict[str, Thing] = {}
    unread: list[dict[str, str]] = []
    waiting: list[tuple[Why, dict[str, Any]]] = [("garbage", one.model_dump()) for one in asked.garbage]
    for one in asked.sightings:
        at_ms = moment.at_ms if one.at_ms is None else one.at_ms
        thing = found.get(one.thing) or floor.find(Thing, one.thing)
        why = _find_why(floor, one, thing, at_ms, moment)
        if why is not None:
            unread.append({"thing": one.thing, "area": one.area, "why": why})
            waiting.append((why, {"thing": one.thing, "area": one.area, "at": to_instant(at_ms)}))
        elif thing is not None and _is_news(thing, one.area, at_ms):
            found[thing.id] = replace(thing, area=one.area, seen_ms=at_ms)
    parked = park(floor, waiting, asked.turned_away, moment)
    return Decision((*found.values(), *parked), answer={"moved": len(found), "unread": unread})


def _find_why(
    floor: Floor, one: Sighting, thing: Thing | None, at_ms: int, moment: Moment
) -> Why | None:  # fmt: skip
    if thing is None:
        return "unknown"
    if one.area not in floor.house.centre.departments:
        return "area"
    return "clock" if is_off(at_ms, moment) else None


def _is_news(thing: Thing, area: str, at_ms: int) -> bool:
    """Tell whether something changes: a gateway sees what stands still every second."""
    return at_ms >= thing.seen_ms and (area != thing.area or at_ms - thing.seen_ms >= FRESH_MS)


def use_thing(floor: Floor, asked: UseThing, _moment: Moment) -> Decision:
    """Somebody uses a thing, or it is free again; what is in use is not taken twice."""
    thing = floor.get(Thing, asked.thing)
    if thing.in_use and asked.in_use:
        raise ConflictError(
            code="OPS-487", where=f"Device/{thing.id}", got="a thing that is in use",
            expected="one that is free", fix="take another one, or say that it is free again",
        )  # fmt: skip
    return Decision((replace(thing, in_use=asked.in_use),), answer={"thing": thing.id})


LOCATE_THINGS = Act("locate_things", LocateThings, locate_things, ("Device", "Task"))
ACTS = (
    Act("add_thing", AddThing, add_thing, ("Device",)),
    LOCATE_THINGS,
    Act("use_thing", UseThing, use_thing, ("Device",)),
)
"""Everything that can be done with things."""
