"""How many work a shift with a skill, and what it costs that some are missing."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.rosters.kernels.tables import COVER, MISSING, OFF, State, Tables


@compiled
def leave(t: Tables, s: State, n: int, day: int, penalty: int) -> int:
    """Take a nurse out of what they work; return what that adds to the cost."""
    x, k = s.shift[n, day], s.skill[n, day]
    if x == OFF:
        return 0
    s.cover[day, x, k] -= 1
    there = s.cover[day, x, k]
    added = 0
    if there < t.wanted[day, x, k]:
        added += t.weights[COVER]
    if there < t.least[day, x, k]:
        added += penalty
        s.counts[MISSING] += 1
    return added


@compiled
def enter(t: Tables, s: State, n: int, day: int, x: int, k: int, penalty: int) -> int:
    """Let a nurse work something, who is in nothing now; return what that adds to the cost."""
    s.shift[n, day] = x
    s.skill[n, day] = k
    if x == OFF:
        return 0
    added = 0
    there = s.cover[day, x, k]
    if there < t.wanted[day, x, k]:
        added -= t.weights[COVER]
    if there < t.least[day, x, k]:
        added -= penalty
        s.counts[MISSING] -= 1
    s.cover[day, x, k] += 1
    return added


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
