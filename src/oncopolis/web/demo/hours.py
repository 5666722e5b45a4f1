"""The hour at which a demonstration is seen: at night its clock is moved to the late morning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from oncopolis.foundation.units import MS_PER_SECOND
from oncopolis.operations import House
from oncopolis.studies.preparing import Prepared

OPEN_FROM, OPEN_UNTIL = 9, 15  # structure: hours in which a working day is lived as it is
SHOWN_HOUR: Final = 10.5  # structure: an hour of the day at which much happens
_OFFSETS: Final = range(-12, 15)  # structure: hours that zones are apart from UTC
_DAY_H: Final = 24  # structure: hours of a day


def find_zone(house: House, now_ms: int) -> str:
    """Return the time zone in which a demonstration is lived.

    In working hours, and on days on which nobody works anywhere, it is the centre's own; else one in which it
    is the late morning of a working day.
    """
    local = house.to_local(now_ms)
    if house.is_workday(local.date()) and OPEN_FROM <= local.hour < OPEN_UNTIL:
        return house.centre.time_zone
    utc = datetime.fromtimestamp(now_ms / MS_PER_SECOND, UTC)
    for offset in _OFFSETS:
        there = utc + timedelta(hours=offset)
        if there.hour == int(SHOWN_HOUR) and house.is_workday(there.date()):
            # POSIX counts the hours of such a zone the other way round.
            return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"
    return house.centre.time_zone


def move(prepared: Prepared, zone: str) -> Prepared:
    """Return a project that is lived in another time zone."""
    centre = prepared.project.centre.model_copy(update={"time_zone": zone})
    project = replace(prepared.project, centre=centre)
    return replace(prepared, project=project, equipped=replace(prepared.equipped, project=project))
