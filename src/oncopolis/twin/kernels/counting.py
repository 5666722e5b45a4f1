"""What is counted as it happens: spreads of times, and areas under what is held."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.units import HOURS_PER_DAY
from oncopolis.twin.kernels.bins import find_bin
from oncopolis.twin.kernels.tables import (
    CELL,
    DAY,
    HOUR,
    LOG_COLUMNS,
    N_LOG,
    UNIT,
    WAIT_AREA,
    WAIT_AT,
    WAIT_SUM,
    WAITING,
    WITH_LOG,
    State,
    Tables,
)


@compiled
def add_time(t: Tables, s: State, row: int, ticks: int) -> None:
    """Add one time to a spread."""
    s.spread_n[row] += 1
    s.spread_sum[row] += ticks
    s.spread_squares[row] += float(ticks) * float(ticks)
    s.spread_most[row] = max(s.spread_most[row], ticks)
    s.spread_bins[row, find_bin(ticks)] += 1
    if ticks <= t.limit[row]:
        s.spread_within[row] += 1


@compiled
def touch(s: State, r: int, now: int) -> None:
    """Bring the areas of a resource up to now, before what is held or on duty changes."""
    passed = now - s.area_at[r]
    if passed > 0:
        offered = max(s.nominal[r], 0)
        held = s.held[r]
        s.area_held[r] += held * passed
        s.area_offered[r] += offered * passed
        if held > offered:
            s.area_over[r] += (held - offered) * passed
        if s.broken[r]:
            s.area_down[r] += min(s.broken[r] * UNIT, offered) * passed
        s.area_waiting[r] += s.waiting[r] * passed
        s.area_at[r] = now


@compiled
def count_waiting(s: State, now: int, change: int) -> None:
    """Bring the area under the number waiting up to now, and change the number."""
    s.scalars[WAIT_AREA] += s.scalars[WAITING] * (now - s.scalars[WAIT_AT])
    s.scalars[WAIT_AT] = now
    s.scalars[WAITING] += change


@compiled
def count_waited(s: State, ticks: int) -> None:
    """Add a wait that is over."""
    s.scalars[WAIT_SUM] += ticks


@compiled
def add_present(s: State, dept: int, begin: int, end: int, queueing: int) -> None:
    """Mark somebody as present (or waiting) in the quarters of the day that is pictured."""
    first = s.snapshot[0] * DAY
    if dept < 0 or end <= first or begin >= first + DAY:
        return
    low = max(begin - first, 0) // CELL
    high = min(end - 1 - first, DAY - 1) // CELL
    for quarter in range(low, high + 1):
        if queueing:
            s.queueing[dept, quarter] += 1
        else:
            s.present[dept, quarter] += 1


@compiled
def find_hour(time: int) -> int:
    """Return the hour of the day."""
    return (time // HOUR) % HOURS_PER_DAY


@compiled
def log_row(t: Tables, s: State, e: int, resource: int, end: int, outcome: int) -> None:
    """Append one line of the journal; `N_LOG` beyond the room there is makes the run end with a fault."""
    if not t.sizes[WITH_LOG]:
        return
    n = s.scalars[N_LOG]
    s.scalars[N_LOG] = n + 1
    if n >= len(s.log) // LOG_COLUMNS:
        return
    at = n * LOG_COLUMNS
    s.log[at] = s.key[e]
    s.log[at + 1] = s.stop[e]
    s.log[at + 2] = s.act[e]
    s.log[at + 3] = resource  # structure: column
    s.log[at + 4] = s.planned[e]  # structure: column
    s.log[at + 5] = s.came[e]  # structure: column
    s.log[at + 6] = s.begun[e]  # structure: column
    s.log[at + 7] = end  # structure: column
    s.log[at + 8] = outcome  # structure: column
