"""From a day to the scripts of everybody on it."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.house import House
from oncopolis.studies.replaying.day import Day, Visited
from oncopolis.studies.replaying.dice import Dice
from oncopolis.studies.replaying.fitting import Broken, Fitting
from oncopolis.studies.replaying.intentions import Intention, Script
from oncopolis.studies.replaying.lying import Lying
from oncopolis.studies.replaying.registering import Registering
from oncopolis.studies.replaying.visiting import Visiting

LEAST_FIT: Final = 0.5  # structure: half
"""Part of the contacts of a day that has to find room in the house."""
LOOK_MS: Final = 15 * MS_PER_MINUTE  # structure: minutes of a rehearsal
"""How often it is looked for those who have not come."""
OPENS_MS, CLOSES_MS = 7 * MS_PER_HOUR, 23 * MS_PER_HOUR  # structure: hours in which anybody is expected
CLOSINGS: Final = 5  # structure: more visits than are open at midnight
"""Times the day is closed in its last minute; each closes up to a hundred visits."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day as scripts.

    Parameters
    ----------
    n_contacts
        Contacts that are meant to take place.
    """

    scripts: tuple[Script, ...]
    n_contacts: int


def write_scripts(
    day: Day,
    house: House,
    seed: int,
    *,
    salt: str = "",
    taken: AbstractSet[str] = frozenset(),
    begin_ms: int | None = None,
) -> Written:
    """Turn a day into what everybody means to do, each in turn.

    Parameters
    ----------
    seed
        Same seed, same scripts.
    salt
        Another one gives other people with the same day, for a server where the first are known.
    taken
        Beds in which others are.
    begin_ms
        Moment that counts as its midnight, milliseconds since 1970 (UTC); its own if None.

    Raises
    ------
    InputError
        OPS-229 if the house has no room for half of it.
    """
    begin_ms = house.to_ms(day.day) if begin_ms is None else begin_ms
    people = Registering(day.day, Dice(seed, salt))
    visiting = Visiting(house, begin_ms, Dice(seed), people)
    coming = [visit for visit in day.visits if visit.fate == "comes"]
    treating = visiting.treating
    operated = [
        stay for stay in day.stays if stay.operation and treating.may_operate(stay.operation.activity)
    ]
    cases = [Visited(stay.number, stay.route, (stay.operation,)) for stay in operated if stay.operation]
    fitted, broken = Fitting(house).fit([*coming, *cases], day.outages)
    served = fitted[: len(coming)]
    n_meant = sum(part.is_contact and part.start_ms is not None for visit in coming for part in visit.parts)
    n_contacts = sum(bool(one.room) for parts in served for one in parts)
    if n_contacts < LEAST_FIT * n_meant:
        raise InputError(
            code="OPS-229", where="--contacts", got=f"{n_meant}",
            expected=f"at most about {n_contacts}, for which there are rooms and machines",
            fix="ask for fewer, or replay a larger centre",
        )  # fmt: skip
    scripts: list[Script] = [visiting.write(*pair) for pair in zip(coming, served, strict=True)]
    scripts += [visiting.write(visit, ()) for visit in day.visits if visit.fate != "comes"]
    of_stay = {
        stay.number: parts[0]
        for stay, parts in zip(operated, fitted[len(coming) :], strict=True)
        if parts and parts[0].part.start_ms is not None
    }
    lying = Lying(house, begin_ms, people, taken, of_stay, treating)
    scripts += [lying.write(stay) for stay in sorted(day.stays, key=lambda stay: stay.from_ms)]
    scripts += [_break(one, begin_ms) for one in broken]
    scripts.append(tuple(_keep_house(begin_ms)))
    return Written(tuple(script for script in scripts if script), n_contacts)


def _break(broken: Broken, begin_ms: int) -> Script:
    outage, use = broken.outage, broken.use
    until_ms = begin_ms + outage.until_ms
    said = {"unit": outage.unit, "reason": "fault", "until_ms": until_ms}
    return (
        Intention(begin_ms + outage.from_ms, "report_down", said, after=use.list_after()),
        Intention(until_ms, "report_up", {"unit": outage.unit}, gives=(use.gives,)),
    )


def _keep_house(begin_ms: int) -> Iterator[Intention]:
    """Yield what nobody in particular does: appointments nobody came for, and the end of the day."""
    for at_ms in range(OPENS_MS, CLOSES_MS, LOOK_MS):
        yield Intention(begin_ms + at_ms, "close_no_shows", {})
    for _ in range(CLOSINGS):
        yield Intention(begin_ms + MS_PER_DAY - 1, "close_day", {"day": None})
