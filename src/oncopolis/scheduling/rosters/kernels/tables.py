"""The arrays of the search: whole numbers all.

Shapes: N nurses, D days, S shifts with 0 for a day off and then each shift, K skills, C contracts, Q
situations.

A situation is all that the days so far mean for what the next one costs: the shift of the last day and how
long it, work, or being off have gone on, as far as it matters.

`Tables` does not change:

- sizes (6,), weights (8,): see below
- forbidden (C, S, S): by contract, 1 for a shift that may not follow; kind (N,): contract of each
- length (S,): minutes; most_week (N,): most minutes in seven days in a row, -1 for no limit
- contract (N, 4), past (N, 4): see below
- follows (C, Q, S): situation after a shift; run_cost (C, Q, S): what runs cost by it; begin (N,): first one
- last (C, Q): shift of the last day of a situation
- least, wanted (D, S, K): nurses needed
- wish (N, D, S): what working the shift costs by wishes that it does not grant
- may (N, D): 0 on days to which a link does not tie them
- skills_of (N, K): skills of a nurse, filled up with -1; n_skills (N,); has (N, K): whether they have one

`State` does:

- shift, skill (N, D): what is worked, skill -1 on a day off; cover (D, S, K): how many do
- at (N, D + 1): situation before each day, and after the last; paid (N, D): what runs and wishes cost a day
- n_shifts, n_weekends (N,): worked so far, those of the past included
- row (N,): cost of a nurse's days
- free (N,): nurses whose days may change, the first n_free[0] of them
- random (1,): state of the generator; logs (4096,): minus the logarithm of a uniform variate
- try_shift, try_skill, try_at, try_paid (2, D + 1): what a move would make of one or two nurses
- tried (2, 3): see below
- counts (5,): see below; best_counts, best_shift, best_skill: of the best state so far
"""

from oncopolis.foundation.kernels.reference import Reference

OFF = 0
"""Shift of a day off."""

DAYS, NURSES, SHIFTS, SKILLS, WEEK, SITUATIONS = range(6)  # structure: places in `sizes`
COVER, SAME, WORK, REST, WISH, HALF, TOTAL, WEEKENDS = range(8)  # structure: places in `weights`
LEAST_SHIFTS, MOST_SHIFTS, MOST_WEEKENDS, WHOLE = range(4)  # structure: places in `contract`
LAST, N_DAYS, N_SHIFTS, N_WEEKENDS = range(4)  # structure: places in `past`
UNTIL, MORE_SHIFTS, MORE_WEEKENDS = range(3)  # structure: places in `tried`
COST, MISSING, N_PROPOSED, N_COSTED, N_ACCEPTED = range(5)  # structure: places in `counts`


class Tables(Reference):
    """What does not change."""

    frozen = True


class State(Reference):
    """What the search changes."""
