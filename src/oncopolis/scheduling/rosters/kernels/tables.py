"""The arrays of the search: whole numbers all.

Shapes: N nurses, D days, S shifts with 0 for a day off and then each shift, K skills.

`Tables` does not change:

- sizes (5,), weights (8,): see below
- forbidden (C, S, S): by contract, 1 for a shift that may not follow; kind (N,): contract of each
- length (S,): minutes; most_week (N,): most minutes in seven days in a row, -1 for no limit
- run (S, 2): least and most days in a row
- contract (N, 8), past (N, 6): see below
- least, wanted (D, S, K): nurses needed
- wish (N, D, S): wishes that working the shift would not grant
- may (N, D): 0 on days to which a link does not tie them
- skills_of (N, K): skills of a nurse, filled up with -1; n_skills (N,)

`State` does:

- shift, skill (N, D): what is worked, skill -1 on a day off; cover (D, S, K): how many do
- row (N,): cost of a nurse's days
- random (1,): state of the generator; logs (4096,): minus the logarithm of a uniform variate
- undo_shift, undo_skill (2, D): days to go back to
- counts (5,): see below; best_counts, best_shift, best_skill: of the best state so far
"""

from oncopolis.foundation.kernels.reference import Reference

OFF = 0
"""Shift of a day off."""

DAYS, NURSES, SHIFTS, SKILLS, WEEK = range(5)  # structure: places in `sizes`
COVER, SAME, WORK, REST, WISH, HALF, TOTAL, WEEKENDS = range(8)  # structure: places in `weights`
(LEAST_SHIFTS, MOST_SHIFTS, LEAST_DAYS, MOST_DAYS, LEAST_OFF, MOST_OFF, MOST_WEEKENDS, WHOLE) = range(
    8
)  # structure: places in `contract`
LAST, N_SAME, N_DAYS, N_OFF, N_SHIFTS, N_WEEKENDS = range(6)  # structure: places in `past`
COST, MISSING, N_PROPOSED, N_COSTED, N_ACCEPTED = range(5)  # structure: places in `counts`


class Tables(Reference):
    """What does not change."""

    frozen = True


class State(Reference):
    """What the search changes."""
