"""Drawing a day: what the twin lives through on one day, or on several put together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import MINYEAR, date, timedelta
from math import exp
from typing import Final

from oncopolis.centre.context import make_context
from oncopolis.foundation import InputError
from oncopolis.foundation.units import MINUTES_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.house import House
from oncopolis.operations.notices.naming import find_stop
from oncopolis.studies.preparing import Prepared, Say
from oncopolis.studies.replaying.day import Day, Fate, Outage, Stayed, Visited
from oncopolis.studies.replaying.dice import Dice
from oncopolis.studies.replaying.reading import Case, Lines, Reader
from oncopolis.studies.sampling import Sampler, choose_period

LOOK_AHEAD_DAYS: Final = 21  # structure: three weeks, in which nearly every stay ends
"""Days run after the one that is drawn, so that stays are seen to their end; people of these days fill up a
day that is to have more than the twin's own."""
_LAST_WEEK: Final = 52  # structure: weeks of every year
"""Every year has as many."""
_WEEK = timedelta(weeks=1)
_MOST_WEEKS: Final = 26  # structure: half a year
"""Weeks that are looked through for a day that is like another."""


def draw_day(prepared: Prepared, house: House, day: date, contacts: int | None, seed: int, say: Say) -> Day:
    """Draw who comes on a day from the twin, with all phases of the centre open.

    Parameters
    ----------
    day
        Day on which it is to be lived.
    contacts
        About how many contacts it is to have; those of the twin's one day if None. Fewer are a sample of
        its people; for more, people of the working days after it come on the day, too.
    seed
        Same seed, same day.
    say
        Told what is being done.

    Raises
    ------
    InputError
        OPS-220 if there is nobody to draw from, or not enough.
    """
    source = choose_source(house, day)
    say(f"drawing the day from the twin, {source}", 0.0)
    lines, n_days = Lines(), LOOK_AHEAD_DAYS + 1
    period = choose_period(prepared, days=n_days, start=source)
    sampler = Sampler(prepared.equipped, prepared.intake, period, seed)
    sampler.run(0, lines)
    reader, dice = Reader(sampler.model, lines.gather(), n_days), Dice(seed)
    days, found = _choose_days(reader, house, source, contacts)
    if not found or (contacts is not None and not 0 < contacts <= found):
        raise _refuse(contacts, found, source)
    cases = _choose_cases(reader, days, contacts, dice)
    visits = [reader.to_visit(number, case) for number, case in enumerate(cases)]
    absent = tuple(_list_absent(reader, cases, visits, dice))
    share = 1.0 if contacts is None else contacts / found
    return Day(
        day=day,
        source=source,
        n_source_days=len(days),
        share=share,
        visits=(*visits, *absent),
        stays=tuple(_list_stays(reader, house, len(days) * share, len(visits) + len(absent), dice)),
        outages=tuple(list_outages(house, day, dice)),
    )


def choose_source(house: House, day: date) -> date:
    """Return the day of the twin that is most like a day: all phases are open, and it is worked likewise."""
    opened = [year for year in house.equipped.opened.values() if year != MINYEAR]
    horizon = house.centre.horizon
    year = min(max([day.year, horizon.first, *opened]), max([horizon.last, *opened]))
    found = date.fromisocalendar(year, min(day.isocalendar().week, _LAST_WEEK), day.isoweekday())
    for step in range(_MOST_WEEKS):
        if house.is_workday(found + step * _WEEK) == house.is_workday(day):
            return found + step * _WEEK
    return found


def _choose_days(reader: Reader, house: House, source: date, contacts: int | None) -> tuple[list[int], int]:
    """Return the days of the run whose people come, with how many contacts they have."""
    is_workday = house.is_workday(source)
    days, found = [0], reader.count_contacts(0)
    for number in range(1, LOOK_AHEAD_DAYS + 1):
        if contacts is None or found >= contacts:
            break
        if house.is_workday(source + timedelta(days=number)) == is_workday:
            days.append(number)
            found += reader.count_contacts(number)
    return days, found


def _choose_cases(reader: Reader, days: Sequence[int], contacts: int | None, dice: Dice) -> list[Case]:
    """Return who comes: everybody, or as many as have the contacts that are asked for."""
    cases = [case for day in days for case in reader.list_cases(day)]
    if contacts is None:
        return cases
    cases.sort(key=lambda case: dice.draw("taken", case.day, case.key))
    found, chosen = 0, []
    for case in cases:
        if found >= contacts:
            break
        found += reader.count_contacts_of(case)
        chosen.append(case)
    return chosen


def _list_absent(
    reader: Reader, cases: Sequence[Case], visits: Sequence[Visited], dice: Dice
) -> Iterator[Visited]:
    """Yield those with an appointment who do not come; the twin has moved its own to other days."""
    number = len(visits)
    for case, visit in zip(cases, visits, strict=True):
        if visit.parts[0].planned_ms is None:
            continue
        no_show, cancelled = reader.find_turnout(case)
        drawn = dice.draw("absent", case.day, case.key)
        fate: Fate = "no_show" if drawn < no_show else "cancels" if drawn < no_show + cancelled else "comes"
        if fate != "comes":
            yield Visited(number, visit.route, visit.parts[:1], fate)
            number += 1


def _list_stays(reader: Reader, house: House, scale: float, number: int, dice: Dice) -> Iterator[Stayed]:
    """Yield who is in bed: as many for each of the twin as there are visits for each of its one day."""
    operations = reader.find_operations({one for one in house.cards if find_stop(house, one) == "operation"})
    for case in reader.list_stays():
        n = int(scale + dice.draw("stays", case.key))
        for _ in range(n):
            yield replace(reader.to_stay(number, case), operation=operations.get(case.key))
            number += 1


def list_outages(house: House, day: date, dice: Dice) -> Iterator[Outage]:
    """Yield what fails on a day by the rates of the definition: one thing at least, if anything can."""
    project = house.equipped.project
    context = make_context(house.centre)
    likely: list[tuple[float, Outage]] = []
    for key, resource in house.centre.resources.items():
        if resource.breakdown is None:
            continue
        every_min, repair_min = (
            house.values.get_minutes(
                project.resolver.resolve(number, ("resources", key, "breakdown", name), context)
            )
            for name, number in (("every", resource.breakdown.every), ("repair", resource.breakdown.repair))
        )
        for unit in house.units_of[key]:
            spans = house.list_hours(unit, day)
            open_min = sum(end - begin for begin, end in spans)
            if not open_min:
                continue
            chance = 1 - exp(-open_min / every_min)
            at = spans[0][0] + dice.draw("fails at", unit) * (spans[-1][1] - spans[0][0])
            until = min(at + repair_min, MINUTES_PER_DAY - 1)
            outage = Outage(unit, int(at * MS_PER_MINUTE), int(until * MS_PER_MINUTE))
            likely.append((dice.draw("fails", unit) / max(chance, 1e-12), outage))  # structure: not by nought
    likely.sort(key=lambda item: item[0])
    for i, (odds, outage) in enumerate(likely):
        if i == 0 or odds < 1:
            yield outage


def _refuse(contacts: int | None, found: int, source: date) -> InputError:
    return InputError(
        code="OPS-220",
        where="--contacts",
        got="a day without anybody" if contacts is None else str(contacts),
        expected=f"1 to {found}, the contacts of outpatients in the days of the twin from {source} on",
        fix="ask for a number within, or replay a larger centre",
    )
