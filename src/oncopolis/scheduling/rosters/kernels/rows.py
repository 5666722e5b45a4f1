"""What the days of one nurse cost."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.rosters.kernels.tables import (
    DAYS,
    HALF,
    LAST,
    LEAST_SHIFTS,
    MORE_SHIFTS,
    MORE_WEEKENDS,
    MOST_SHIFTS,
    MOST_WEEKENDS,
    N_DAYS,
    N_SHIFTS,
    N_WEEKENDS,
    OFF,
    TOTAL,
    UNTIL,
    WEEK,
    WEEKENDS,
    WHOLE,
    State,
    Tables,
)


@compiled
def cost_totals(t: Tables, n: int, n_shifts: int, n_weekends: int) -> int:
    """Return what so many shifts and weekends of a nurse cost."""
    missed = max(t.contract[n, LEAST_SHIFTS] - n_shifts, n_shifts - t.contract[n, MOST_SHIFTS])
    cost = max(0, missed) * t.weights[TOTAL]
    return cost + max(0, n_weekends - t.contract[n, MOST_WEEKENDS]) * t.weights[WEEKENDS]


@compiled
def try_days(t: Tables, s: State, n: int, side: int, first: int, end: int) -> int:
    """Return what it adds to the cost of a nurse to work `try_shift[side]` from one day to before another.

    What comes after is looked at as far as it costs something else now.
    """
    kind = t.kind[n]
    at = s.at[n, first]
    added, more = 0, 0
    for day in range(first, end):
        x, was = s.try_shift[side, day], s.shift[n, day]
        paid = t.run_cost[kind, at, x] + t.wish[n, day, x]
        added += paid - s.paid[n, day]
        more += int(x != OFF) - int(was != OFF)
        at = t.follows[kind, at, x]
        s.try_paid[side, day] = paid
        s.try_at[side, day + 1] = at
    day = end
    n_days = t.sizes[DAYS]
    while day < n_days and at != s.at[n, day]:
        x = s.shift[n, day]
        paid = t.run_cost[kind, at, x] + t.wish[n, day, x]
        added += paid - s.paid[n, day]
        at = t.follows[kind, at, x]
        s.try_paid[side, day] = paid
        s.try_at[side, day + 1] = at
        day += 1
    weekends, half = count_weekends(t, s, n, side, first, end)
    s.tried[side, UNTIL] = day
    s.tried[side, MORE_SHIFTS] = more
    s.tried[side, MORE_WEEKENDS] = weekends
    if more != 0 or weekends != 0:
        n_shifts, n_weekends = s.n_shifts[n], s.n_weekends[n]
        added += cost_totals(t, n, n_shifts + more, n_weekends + weekends)
        added -= cost_totals(t, n, n_shifts, n_weekends)
    return added + half * t.weights[HALF] * t.contract[n, WHOLE]


@compiled
def count_weekends(t: Tables, s: State, n: int, side: int, first: int, end: int) -> tuple[int, int]:
    """Return how many weekends, and weekends worked by half, tried days add."""
    week = t.sizes[WEEK]
    more, half = 0, 0
    saturday = first // week * week + week - 2
    while saturday < end:
        if saturday + 1 >= first:
            was = int(s.shift[n, saturday] != OFF) + int(s.shift[n, saturday + 1] != OFF)
            now = 0
            for day in range(saturday, saturday + 2):
                x = s.try_shift[side, day] if first <= day < end else s.shift[n, day]
                now += x != OFF
            more += int(now > 0) - int(was > 0)
            half += int(now == 1) - int(was == 1)
        saturday += week
    return more, half


@compiled
def take_days(s: State, n: int, side: int, first: int, added: int) -> None:
    """Count what was tried as what is worked."""
    for day in range(first, s.tried[side, UNTIL]):
        s.paid[n, day] = s.try_paid[side, day]
        s.at[n, day + 1] = s.try_at[side, day + 1]
    s.n_shifts[n] += s.tried[side, MORE_SHIFTS]
    s.n_weekends[n] += s.tried[side, MORE_WEEKENDS]
    s.row[n] += added


@compiled
def settle_days(t: Tables, s: State, n: int) -> None:
    """Count what the days of a nurse cost, from what is worked."""
    kind = t.kind[n]
    week = t.sizes[WEEK]
    s.n_shifts[n], s.n_weekends[n] = t.past[n, N_SHIFTS], t.past[n, N_WEEKENDS]
    s.row[n] = 0
    s.at[n, 0] = t.begin[n]
    for day in range(t.sizes[DAYS]):
        x = s.shift[n, day]
        s.paid[n, day] = t.run_cost[kind, s.at[n, day], x] + t.wish[n, day, x]
        s.at[n, day + 1] = t.follows[kind, s.at[n, day], x]
        s.row[n] += s.paid[n, day]
        s.n_shifts[n] += x != OFF
        if day % week == week - 1:
            worked = int(s.shift[n, day - 1] != OFF) + int(x != OFF)
            s.n_weekends[n] += worked > 0
            s.row[n] += (worked == 1) * t.weights[HALF] * t.contract[n, WHOLE]
    s.row[n] += cost_totals(t, n, s.n_shifts[n], s.n_weekends[n])


@compiled
def fits(t: Tables, s: State, n: int, side: int, first: int, end: int) -> bool:
    """Whether all shifts tried, and that of the day after, may be worked then, and after the one before."""
    kind = t.kind[n]
    last = s.shift[n, first - 1] if first > 0 else t.past[n, LAST]
    for day in range(first, end):
        x = s.try_shift[side, day]
        if t.forbidden[kind, last, x] or (x != OFF and not t.may[n, day]):
            return False
        last = x
    if end < t.sizes[DAYS] and t.forbidden[kind, last, s.shift[n, end]]:
        return False
    return t.most_week[n] < 0 or keeps_weeks(t, s, n, side, first, end)


@compiled
def keeps_weeks(t: Tables, s: State, n: int, side: int, first: int, end: int) -> bool:
    """Whether no seven days in a row that hold one of the tried days have more work than may be.

    Of the days before the horizon those are known that were worked up to its begin, each as the last one.
    """
    week, most = t.sizes[WEEK], t.most_week[n]
    low = max(first - week + 1, 1 - min(week, t.past[n, N_DAYS] + 1))
    work = 0
    for day in range(low, min(end + week - 1, t.sizes[DAYS])):
        work += find_length(t, s, n, side, first, end, day)
        if day - week >= low:
            work -= find_length(t, s, n, side, first, end, day - week)
        if work > most:
            return False
    return True


@compiled
def find_length(t: Tables, s: State, n: int, side: int, first: int, end: int, day: int) -> int:
    """Return the minutes worked on a day, be it tried, as it is, or before the horizon."""
    if day < 0:
        return t.length[t.past[n, LAST]] if -day <= t.past[n, N_DAYS] else 0
    return t.length[s.try_shift[side, day] if first <= day < end else s.shift[n, day]]
