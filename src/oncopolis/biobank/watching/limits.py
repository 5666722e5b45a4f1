"""`Limits`: from when something is wrong with a tank, and how soon somebody is told."""

from collections.abc import Callable
from dataclasses import dataclass

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a biobank: evidence, or what its definition says instead.

    Parameters
    ----------
    warm_c, critical_c, cold_by_c
        Too warm; too warm even while the lid is open; degrees below a limit at which it is cold again.
    lowest_c, highest_c, jump_c
        What a sensor can be believed to say, and by how much it may change from one reading to the next.
    rise_c
        Rise within `RISE_MS` from which a tank is warming.
    low_level, filled_by, low_oxygen, good_by, most_oxygen
        Shares.
    """

    warm_c: float
    critical_c: float
    cold_by_c: float
    lowest_c: float
    highest_c: float
    jump_c: float
    rise_c: float
    low_level: float
    filled_by: float
    low_oxygen: float
    good_by: float
    most_oxygen: float
    masked_ms: int
    open_ms: int
    silent_ms: int
    intake_silent_ms: int
    clock_ms: int
    settled_ms: int
    rung_ms: int
    patience_ms: int
    snooze_ms: int
    upkeep_rung_ms: int
    upkeep_patience_ms: int


RISE_MS = 10 * MS_PER_MINUTE  # structure: the time that `tanks.temperature.rise` is told for


def read_limits(get: Callable[[str], float]) -> Limits:
    """Read limits by the keys of their evidence."""

    def get_ms(key: str) -> int:
        return round(get(key) * MS_PER_MINUTE)

    return Limits(
        warm_c=get("tanks.temperature.alarm"),
        critical_c=get("tanks.temperature.critical"),
        cold_by_c=get("tanks.temperature.hysteresis"),
        lowest_c=get("tanks.temperature.lowest"),
        highest_c=get("tanks.temperature.highest"),
        jump_c=get("tanks.temperature.jump"),
        rise_c=get("tanks.temperature.rise"),
        low_level=get("tanks.level.low"),
        filled_by=get("tanks.level.hysteresis"),
        low_oxygen=get("tanks.oxygen.low"),
        good_by=get("tanks.oxygen.hysteresis"),
        most_oxygen=get("tanks.oxygen.highest"),
        masked_ms=get_ms("tanks.lid.masked"),
        open_ms=get_ms("tanks.lid.open"),
        silent_ms=get_ms("tanks.silence.sensor"),
        intake_silent_ms=get_ms("tanks.silence.intake"),
        clock_ms=get_ms("tanks.clock"),
        settled_ms=get_ms("tanks.settled"),
        rung_ms=get_ms("tanks.rung"),
        patience_ms=get_ms("tanks.patience"),
        snooze_ms=get_ms("tanks.snooze"),
        upkeep_rung_ms=round(get("tanks.upkeep.rung") * MS_PER_DAY),
        upkeep_patience_ms=round(get("tanks.upkeep.patience") * MS_PER_DAY),
    )
