"""The arrays of the search: whole numbers all.

Shapes: P patients, V sessions, C sectors, M ways of mixing, D days (0 is the day before the first), H slots.

`Tables` does not change:

- sizes (6,): see below
- first_of (P + 1,): first session of each patient; release, last (P,): first and last day a cycle may begin
- may_begin (P, D + 1): whether links allow it
- offset (V,): days since the first session; sector, consulted, monitoring, mixing (V,): what a session is
- ready (M, D, H + 1): slot at which the drug is there, by the slot the consultation ends; H + 1 if never

`State` does:

- nurses (D, H): free nurses, in patients they may monitor; seats (D, H), doctors (C, D, H): what is free
- day (P,): first day of a cycle, -1 for those who are out; consultation, installation, monitoring (V,): slots
- old_day (P,), old_consultation, old_installation, old_monitoring (V,): before a move
- best_day, best_consultation, best_installation, best_monitoring: of the best state so far
- taken (P,): patients taken out by a move; keys (P,): by which they are ordered
- found (V, 3), chosen (V, 3): slots of the sessions of one patient
- random (1,): state of the generator; logs (4096,): minus the logarithm of a uniform variate
- counts, best_counts (4,): see below
"""

from oncopolis.foundation.kernels.reference import Reference

OUT = -1
"""Day of those whose cycle has no time."""

DAYS, SLOTS, PATIENTS, PER_NURSE, CONSULTING, INSTALLING = range(6)  # structure: places in `sizes`
COST, N_OUT, N_PROPOSED, N_ACCEPTED = range(4)  # structure: places in `counts`


class Tables(Reference):
    """What does not change."""

    frozen = True


class State(Reference):
    """What the search changes."""
