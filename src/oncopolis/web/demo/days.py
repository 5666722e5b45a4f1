"""One invented day after the other, at the pace of the clock, from the hour it is now."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from time import time_ns
from typing import Final

import numpy as np

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, NS_PER_MS
from oncopolis.operations.house import SLOT_MIN, House, make_house
from oncopolis.operations.radiation import list_machines
from oncopolis.operations.wards import Bed
from oncopolis.studies.preparing import Prepared, prepare
from oncopolis.studies.replaying.drawing import draw_day
from oncopolis.studies.replaying.intentions import Intention, Script
from oncopolis.studies.replaying.living import Lived, Living
from oncopolis.studies.replaying.registering import PERSON
from oncopolis.studies.replaying.scripting import write_scripts
from oncopolis.web.calling import Address, Caller
from oncopolis.web.demo.easing import ease
from oncopolis.web.demo.hours import OPEN_FROM, OPEN_UNTIL, SHOWN_HOUR
from oncopolis.web.replaying import calling, search

CONTACTS: Final = 1_000  # structure: a day that fills screens and leaves the machine idle
N_CALLERS: Final = 8  # structure: connections
CATCH_UP_PER_S: Final = 100  # structure: acts a second until the day is at its present hour
CHECKED_MS: Final = 5 * MS_PER_HOUR  # structure: after its midnight, before anybody is treated
LOOK_S: Final = 2
_MS: Final = 1000  # structure: milliseconds of a second


def live_days(project: Path, settings: Mapping[str, str], host: str, port: int, token: str) -> None:
    """Live invented days against a server until it is gone; the body of a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's: it ends this process with itself.
    prepared = prepare(project, settings, _say_nothing)
    asyncio.run(_live(prepared, Address(host, port, token)))


async def _live(prepared: Prepared, address: Address) -> None:
    parent = os.getppid()
    living = asyncio.create_task(_live_on(prepared, address))
    while not living.done():
        await asyncio.wait([living], timeout=LOOK_S)
        if os.getppid() != parent:
            living.cancel()
            return
    living.result()


async def _live_on(prepared: Prepared, address: Address) -> None:
    house = make_house(prepared.equipped)
    day, begin_ms = find_begin(house, time_ns() // NS_PER_MS)
    async with calling(address, N_CALLERS) as callers:
        while True:
            lived = await _live_day(prepared, house, day, begin_ms, callers)
            if lived.errors:
                print(f"demonstration: refused {dict(lived.errors)}", flush=True)  # noqa: T201 - seen by who serves
            day, begin_ms = day + timedelta(days=1), begin_ms + MS_PER_DAY


async def _live_day(
    prepared: Prepared, house: House, day: date, begin_ms: int, callers: list[Caller]
) -> Lived:
    """Live one day: what is past as quickly as it goes, the rest when its time comes."""
    seed = day.toordinal()
    drawn = ease(draw_day(prepared, house, find_workday(house, day), CONTACTS, seed, _say_nothing))
    beds = [
        Bed.from_record(record)
        async for record in search(callers[0], "/fhir/Location?status=active")
        if Bed.is_mine(record)
    ]
    taken = frozenset(bed.id for bed in beds if bed.state != "free")
    salt = f"{begin_ms}"
    written = write_scripts(drawn, house, seed, salt=salt, taken=taken, begin_ms=begin_ms)
    scripts = (*written.scripts, *write_checks(house, begin_ms))
    pace = make_pace(scripts, time_ns() // NS_PER_MS)
    return await Living(scripts, f"demo-{begin_ms}", pace, callers).run()


def write_checks(house: House, begin_ms: int) -> list[Script]:
    """Return what physicists do: each treatment machine is checked early, and again once the date changes."""
    midnight_ms = house.to_ms(house.to_local(begin_ms).date() + timedelta(days=1))
    moments = {begin_ms + CHECKED_MS, max(midnight_ms, begin_ms + CHECKED_MS)}
    return [
        tuple(
            Intention(at_ms, "check_machine", {"unit": unit, "by": PERSON})
            for at_ms in sorted(moments)
            if at_ms < begin_ms + MS_PER_DAY
        )
        for unit in list_machines(house)
    ]


def find_begin(house: House, now_ms: int) -> tuple[date, int]:
    """Return the day that is lived, and the moment that is its midnight, milliseconds since 1970 (UTC).

    In working hours that is today's. When nobody works anywhere the day is moved so that much happens now.
    """
    local = house.to_local(now_ms)
    midnight_ms = house.to_ms(local.date())
    if house.is_workday(local.date()) and OPEN_FROM <= local.hour < OPEN_UNTIL:
        return local.date(), midnight_ms
    slot_ms = SLOT_MIN * MS_PER_MINUTE
    return local.date(), (now_ms - int(SHOWN_HOUR * MS_PER_HOUR)) // slot_ms * slot_ms


def find_workday(house: House, day: date) -> date:
    """Return the first working day from a day on."""
    while not house.is_workday(day):
        day += timedelta(days=1)
    return day


def make_pace(scripts: tuple[Script, ...], now_ms: int) -> Callable[[int], float]:
    """Return a pace that catches up with what is past in its order, and then goes with the clock."""
    past = np.sort(np.array([one.at_ms for script in scripts for one in script if one.at_ms <= now_ms]))
    caught_up_s = len(past) / CATCH_UP_PER_S

    def find(at_ms: int) -> float:
        if at_ms <= now_ms:
            return float(np.searchsorted(past, at_ms)) / CATCH_UP_PER_S
        return max(caught_up_s, (at_ms - now_ms) / _MS)

    return find


def _say_nothing(_what: str, _share: float) -> None:
    """Tell nobody."""
