"""The arrays of the search: whole numbers all.

Shapes: P patients, O occupants, R rooms, T theatres, G surgeons, N nurses, D days, S shifts. People are the
patients, then the occupants.

`Tables` does not change:

- sizes (7,): see below; weights (6,): by component
- days_of (P, D): days of admission that can be at all, filled up with -1; n_days_of (P,)
- fee (P, D): what an admission on a day costs besides bed and theatre; -1 where it cannot be
- price (P,): what it costs that a patient is out, without the penalty of mandatory ones
- movable (M,): patients the search may move; peers (M,): the same by surgeon, of whom those of each begin at
  first_peer (G + 1,); fixed (P + O,): who stays where they are
- stay (P + O,): days in bed within the horizon of who comes on day 0; gender, age, alone (P + O,)
- intensive (P + O,): first days of the stay in intensive care; intensive_beds (D,)
- surgery (P,): minutes; surgeon (P,); mandatory (P,)
- rooms_of (P, R): rooms they may lie in, filled up with -1; n_rooms_of (P,); may (P, R)
- work, need (P + O, longest stay in shifts): load, and least level of the nurse
- surgeon_most (G, D), open_min (T, D): minutes; beds (R,)
- skill (N,); most (S, N): most load, -1 off duty; on_duty (S, most on duty), n_on_duty (S,)

`State` does:

- day, room (P + O,), theatre (P,): -1 for those who are out
- lying (R, D, most beds): people in bed; n_lying (R, D); nurse (R, S)
- in_intensive (D,): people in intensive care
- load (S, N): of each nurse; shifts_with (P + O, N): shifts that a nurse looks after somebody
- surgeon_min (G, D), theatre_min (T, D): minutes in use; n_in_theatre (T, D): patients
- of_surgeon (G, D, T): patients of a surgeon there; n_theatres (G, D): theatres a surgeon is in
- random (1,): state of the generator; logs (4096,): minus the logarithm of a uniform variate
- undo (S,): nurses to go back to; undo_room, undo_shift, undo_nurse (4 S,): changes to take back;
  out_who, out_day, out_room, out_theatre: patients to put back
- counts (8,): see below
- best_counts, best_day, best_room, best_theatre, best_nurse: of the best state so far
"""

from oncopolis.foundation.kernels.reference import Reference

OUT = -1
"""Day, room and theatre of those who are not admitted."""

AGE, SKILL, CONTINUITY, LOAD, OPEN, TRANSFER = range(6)  # structure: places in `weights`
PER_DAY, DAYS, SHIFTS, PATIENTS, ROOMS, THEATRES, FIRST_SHIFT = range(7)  # structure: places in `sizes`
COST, N_OUT, N_PROPOSED, N_COSTED, N_ACCEPTED = range(5)  # structure: places in `counts`


class Tables(Reference):
    """What does not change."""

    frozen = True


class State(Reference):
    """What the search changes."""
