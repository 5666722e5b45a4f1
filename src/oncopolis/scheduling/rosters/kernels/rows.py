"""What the days of one nurse cost."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.rosters.kernels.tables import (
    DAYS,
    HALF,
    LAST,
    LEAST_DAYS,
    LEAST_OFF,
    LEAST_SHIFTS,
    MOST_DAYS,
    MOST_OFF,
    MOST_SHIFTS,
    MOST_WEEKENDS,
    N_DAYS,
    N_OFF,
    N_SAME,
    N_SHIFTS,
    N_WEEKENDS,
    OFF,
    REST,
    SAME,
    TOTAL,
    WEEK,
    WEEKENDS,
    WHOLE,
    WISH,
    WORK,
    State,
    Tables,
)


@compiled
def cost_row(t: Tables, s: State, n: int, most: int) -> int:
    """Return what the days of a nurse cost, in one pass over them; some number above `most` if it is more.

    A run that is too long costs with each of its days, so that those of the past are not counted; one that is
    too short costs where it ends, so that what goes on beyond the horizon is not.
    """
    last = t.past[n, LAST]
    same, work, rest = t.past[n, N_SAME], t.past[n, N_DAYS], t.past[n, N_OFF]
    least_days, most_days = t.contract[n, LEAST_DAYS], t.contract[n, MOST_DAYS]
    least_off, most_off = t.contract[n, LEAST_OFF], t.contract[n, MOST_OFF]
    n_same = n_work = n_rest = n_wish = n_half = 0
    n_shifts, n_weekends = t.past[n, N_SHIFTS], t.past[n, N_WEEKENDS]
    until_sunday, saturday = t.sizes[WEEK] - 1, 0
    for day in range(t.sizes[DAYS]):
        x = s.shift[n, day]
        if x == OFF:
            if last == OFF:
                rest += 1
            else:
                n_same += max(0, t.run[last, 0] - same)
                n_work += max(0, least_days - work)
                rest = 1
            if rest > most_off:
                n_rest += 1
            work = 0
        else:
            n_shifts += 1
            n_wish += t.wish[n, day, x]
            if last == OFF and rest > 0:
                n_rest += max(0, least_off - rest)
            work += 1
            if work > most_days:
                n_work += 1
            if x == last:
                same += 1
            else:
                if last != OFF:
                    n_same += max(0, t.run[last, 0] - same)
                same = 1
            if same > t.run[x, 1]:
                n_same += 1
            rest = 0
        if until_sunday == 0:
            worked = saturday + (x != OFF)
            n_half += worked == 1
            n_weekends += worked > 0
            until_sunday = t.sizes[WEEK]
            so_far = n_same * t.weights[SAME] + n_work * t.weights[WORK] + n_rest * t.weights[REST]
            if so_far > most:
                return so_far
        until_sunday -= 1
        saturday = 1 if x != OFF else 0
        last = x
    cost = n_same * t.weights[SAME] + n_work * t.weights[WORK] + n_rest * t.weights[REST]
    cost += n_wish * t.weights[WISH] + n_half * t.weights[HALF] * t.contract[n, WHOLE]
    missed = max(t.contract[n, LEAST_SHIFTS] - n_shifts, n_shifts - t.contract[n, MOST_SHIFTS])
    cost += max(0, missed) * t.weights[TOTAL]
    cost += max(0, n_weekends - t.contract[n, MOST_WEEKENDS]) * t.weights[WEEKENDS]
    return cost


@compiled
def fits(t: Tables, s: State, n: int, first: int, end: int) -> bool:
    """Whether all shifts of some days, and of the day after, may be worked then, and after the one before."""
    last = s.shift[n, first - 1] if first > 0 else t.past[n, LAST]
    for day in range(first, min(end + 1, t.sizes[DAYS])):
        x = s.shift[n, day]
        if t.forbidden[t.kind[n], last, x] or (x != OFF and not t.may[n, day]):
            return False
        last = x
    return t.most_week[n] < 0 or keeps_weeks(t, s, n, first, end)


@compiled
def keeps_weeks(t: Tables, s: State, n: int, first: int, end: int) -> bool:
    """Whether no seven days in a row that hold one of some days have more work than may be.

    Of the days before the horizon those are known that were worked up to its begin, each as the last one.
    """
    week, most = t.sizes[WEEK], t.most_week[n]
    before = t.length[t.past[n, LAST]]
    low = max(first - week + 1, 1 - min(week, t.past[n, N_DAYS] + 1))
    work = 0
    for day in range(low, min(end + week - 1, t.sizes[DAYS])):
        if day >= 0:
            work += t.length[s.shift[n, day]]
        elif -day <= t.past[n, N_DAYS]:
            work += before
        out = day - week
        if out >= low:
            if out >= 0:
                work -= t.length[s.shift[n, out]]
            elif -out <= t.past[n, N_DAYS]:
                work -= before
        if work > most:
            return False
    return True
