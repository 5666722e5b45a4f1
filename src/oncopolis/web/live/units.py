"""Machines and rooms: what is out of order, checked today, calibrated, and for how long it worked."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from starlette.responses import Response

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.booking import find_outages
from oncopolis.operations.booking.units import Check, Down, Machine, Room
from oncopolis.operations.floor import Floor
from oncopolis.operations.upkeep import (
    PATHWAY,
    WINDOW_DAYS,
    Lock,
    compute_down_ms,
    compute_uptime,
    list_checked,
    list_locks,
    list_unchecked,
)
from oncopolis.record.store.journal import list_lines_of
from oncopolis.web.live.naming import PLACES, Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words


def show_units(station: Station, visit: Visit) -> Response:
    """All machines and rooms of a department, those out of order first."""
    names = Names(station.house, find_words(visit.language))
    units = [unit for unit in station.house.units.values() if unit.kind in PLACES]
    own = station.find_areas(visit.account)
    areas = {unit.department for unit in units if own is None or unit.department in own}
    area = visit.query.get("area", "")
    shown = [unit for unit in units if unit.department == area] if area in areas else []
    now_ms = station.now_ms
    state = station.live.ask(lambda floor: _look(floor, [unit.id for unit in shown], now_ms))
    from_ms = now_ms - WINDOW_DAYS * MS_PER_DAY
    lines = station.live.store.ask(lambda reading: list_lines_of(reading, PATHWAY, from_ms, now_ms))
    down_ms = compute_down_ms(lines, state.down, from_ms, now_ms)
    today = station.house.to_local(now_ms).date()
    return show(
        station, visit, "units.html", topics=["machine", "room"], shown=shown,
        down=state.down, used=state.used,
        locks=state.locks, checks=state.checks, unchecked=state.unchecked, calibrated=state.calibrated,
        treating=state.treating,
        uptime={unit.id: compute_uptime(down_ms.get(unit.id, 0)) for unit in shown}, n_days=WINDOW_DAYS,
        area=area, areas=sort_by_name((key, names.area(key)) for key in areas),
        today=today, is_today=lambda at_ms: station.house.to_local(at_ms).date() == today,
    )  # fmt: skip


class _State(NamedTuple):
    """What is known of units: by id."""

    down: Mapping[str, Down]
    used: Mapping[str, str]
    locks: Mapping[str, Lock]
    unchecked: frozenset[str]
    treating: frozenset[str]
    checks: Mapping[str, Check]
    calibrated: Mapping[str, Check]


def _look(floor: Floor, units: Iterable[str], now_ms: int) -> _State:
    found = [one for unit in units for one in (floor.find(Machine, unit) or floor.find(Room, unit),) if one]
    return _State(
        dict(find_outages(floor).of),
        dict(floor.index(Queues).of_unit),
        list_locks(floor, now_ms),
        frozenset(list_unchecked(floor, now_ms)),
        frozenset(list_checked(floor.house)),
        {one.id: one.checked for one in found if one.checked is not None},
        {one.id: one.calibrated for one in found if one.calibrated is not None},
    )
