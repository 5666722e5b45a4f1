"""The cheapest days of one nurse, given what each shift of each day is worth: all of them, day by day.

A way to work the days so far is known by its situation, how many shifts it has and how many weekends; of two
ways that are alike in these the cheaper one is enough.

`Pricing`:

- worth (D, S): what it is worth that the nurse works a shift
- ways (D + 1, Q, W): what the cheapest way to each situation costs, W = place of shifts and weekends
- reached (D + 1, Q): whether there is a way
- row (D,): the cheapest days
"""

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.foundation.kernels.reference import Reference
from oncopolis.scheduling.rosters.kernels.rows import cost_totals
from oncopolis.scheduling.rosters.kernels.tables import (
    DAYS,
    HALF,
    N_SHIFTS,
    N_WEEKENDS,
    OFF,
    SHIFTS,
    SITUATIONS,
    WEEK,
    WHOLE,
    Tables,
)

_NEVER = 1e18  # structure: more than anything costs


class Pricing(Reference):
    """What is worked upon."""


@compiled
def cost_step(t: Tables, p: Pricing, n: int, day: int, at: int, x: int) -> float:
    """Return what it costs to go on with a shift from a situation, less what it is worth."""
    kind = t.kind[n]
    cost = t.run_cost[kind, at, x] + t.wish[n, day, x] - p.worth[day, x]
    week = t.sizes[WEEK]
    if day % week == week - 1 and (t.last[kind, at] != OFF) != (x != OFF):
        cost += t.weights[HALF] * t.contract[n, WHOLE]
    return cost


@compiled
def find_move(t: Tables, n: int, day: int, at: int, x: int, n_weekends: int) -> int:
    """Return by how many places the count of shifts and weekends moves on with a step."""
    if x == OFF:
        return 0
    to_sunday = t.sizes[WEEK] - 1 - day % t.sizes[WEEK]
    new = to_sunday == 1 or (to_sunday == 0 and t.last[t.kind[n], at] == OFF)
    return n_weekends + new


@compiled
def relax(p: Pricing, day: int, at: int, to: int, n: int, move: int, cost: float) -> None:
    """Go on from a situation to another, whatever the count."""
    for place in range(n):
        way = p.ways[day, at, place] + cost
        p.ways[day + 1, to, place + move] = min(p.ways[day + 1, to, place + move], way)


@compiled
def leads(t: Tables, p: Pricing, n: int, day: int, before: int, at: int, place: int, n_weekends: int) -> bool:
    """Whether the cheapest way to a situation comes from another one."""
    kind = t.kind[n]
    x = t.last[kind, at]
    if not p.reached[day, before] or t.follows[kind, before, x] != at:
        return False
    from_place = place - find_move(t, n, day, before, x, n_weekends)
    if from_place < 0 or t.forbidden[kind, t.last[kind, before], x]:
        return False
    cost = cost_step(t, p, n, day, before, x)
    return p.ways[day, before, from_place] + cost == p.ways[day + 1, at, place]


@compiled
def trace(t: Tables, p: Pricing, n: int, at: int, place: int, n_weekends: int) -> None:
    """Write the days that lead to a situation."""
    kind = t.kind[n]
    for later in range(t.sizes[DAYS]):
        day = t.sizes[DAYS] - 1 - later
        x = t.last[kind, at]
        p.row[day] = x
        for before in range(t.sizes[SITUATIONS]):
            if leads(t, p, n, day, before, at, place, n_weekends):
                place -= find_move(t, n, day, before, x, n_weekends)
                at = before
                break


@compiled
def go_on(t: Tables, p: Pricing, n: int, day: int, at: int, n_weekends: int) -> None:
    """Go on from a situation with each shift that may follow."""
    kind = t.kind[n]
    n_places = (t.sizes[DAYS] + 1) * n_weekends
    for x in range(t.sizes[SHIFTS]):
        if t.forbidden[kind, t.last[kind, at], x] or (x != OFF and not t.may[n, day]):
            continue
        to = t.follows[kind, at, x]
        if not p.reached[day + 1, to]:
            p.reached[day + 1, to] = 1
            clear(p, day + 1, to, n_places)
        cost = cost_step(t, p, n, day, at, x)
        move = find_move(t, n, day, at, x, n_weekends)
        relax(p, day, at, to, (day + 1) * n_weekends, move, cost)


@compiled
def clear(p: Pricing, day: int, at: int, n_places: int) -> None:
    """Forget all ways to a situation."""
    for place in range(n_places):
        p.ways[day, at, place] = _NEVER


@compiled
def find_end(t: Tables, p: Pricing, n: int, n_weekends: int) -> tuple[float, int, int]:
    """Return what the cheapest way costs with all its shifts and weekends, and where it ends."""
    n_days = t.sizes[DAYS]
    best, best_at, best_place = _NEVER, 0, 0
    for at in range(t.sizes[SITUATIONS]):
        for place in range((n_days + 1) * n_weekends if p.reached[n_days, at] else 0):
            n_shifts = t.past[n, N_SHIFTS] + place // n_weekends
            worked = t.past[n, N_WEEKENDS] + place % n_weekends
            way = p.ways[n_days, at, place] + cost_totals(t, n, n_shifts, worked)
            if way < best:
                best, best_at, best_place = way, at, place
    return best, best_at, best_place


@kernel
def find_cheapest(t: Tables, p: Pricing, n: int) -> float:
    """Write the cheapest days of a nurse into `row`, and return what they cost less what they are worth."""
    n_days, n_at = t.sizes[DAYS], t.sizes[SITUATIONS]
    n_weekends = n_days // t.sizes[WEEK] + 1
    for day in range(n_days + 1):
        for at in range(n_at):
            p.reached[day, at] = 0
    begin = t.begin[n]
    p.reached[0, begin] = 1
    clear(p, 0, begin, (n_days + 1) * n_weekends)
    p.ways[0, begin, 0] = 0.0
    for day in range(n_days):
        for at in range(n_at):
            if p.reached[day, at]:
                go_on(t, p, n, day, at, n_weekends)
    best, at, place = find_end(t, p, n, n_weekends)
    trace(t, p, n, at, place, n_weekends)
    return best
