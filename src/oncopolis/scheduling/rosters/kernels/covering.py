"""How many work a shift with a skill, and what it costs that some are missing."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.rosters.kernels.tables import COVER, MISSING, OFF, State, Tables


@compiled
def cost_leaving(t: Tables, s: State, day: int, x: int, k: int, penalty: int) -> int:
    """Return what it adds to the cost that somebody leaves what they work."""
    there = s.cover[day, x, k]
    added = t.weights[COVER] if there <= t.wanted[day, x, k] else 0
    return added + penalty if there <= t.least[day, x, k] else added


@compiled
def gain_entering(t: Tables, s: State, day: int, x: int, k: int, penalty: int) -> int:
    """Return what it takes from the cost that somebody enters something."""
    there = s.cover[day, x, k]
    gained = t.weights[COVER] if there < t.wanted[day, x, k] else 0
    return gained + penalty if there < t.least[day, x, k] else gained


@compiled
def leave(t: Tables, s: State, n: int, day: int) -> None:
    """Take a nurse out of what they work."""
    x, k = s.shift[n, day], s.skill[n, day]
    if x != OFF:
        s.cover[day, x, k] -= 1
        s.counts[MISSING] += s.cover[day, x, k] < t.least[day, x, k]


@compiled
def enter(t: Tables, s: State, n: int, day: int, x: int, k: int) -> None:
    """Let a nurse work something, who is in nothing now."""
    s.shift[n, day] = x
    s.skill[n, day] = k
    if x != OFF:
        s.counts[MISSING] -= s.cover[day, x, k] < t.least[day, x, k]
        s.cover[day, x, k] += 1


@compiled
def find_skill(t: Tables, s: State, n: int, day: int, x: int) -> int:
    """Return the skill with which a nurse is missed most in a shift; the first of those as good."""
    best, most = t.skills_of[n, 0], -1
    for place in range(t.n_skills[n]):
        k = t.skills_of[n, place]
        there = s.cover[day, x, k]
        missed = 0
        if there < t.least[day, x, k]:
            missed = 2
        elif there < t.wanted[day, x, k]:
            missed = 1
        if missed > most:
            best, most = k, missed
    return best
