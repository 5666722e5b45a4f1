"""The nurses of some wards in a week: as many in each shift as the centre has on duty for their beds."""

from collections.abc import Mapping, Sequence
from math import ceil

from oncopolis.foundation.units import DAYS_PER_WEEK
from oncopolis.scheduling.theatres.problem import Duty, Nurse
from oncopolis.studies.week.capacity import Capacity

SHIFTS = ("early", "late", "night")
LOAD = 100  # structure: so that shares of a nurse are whole numbers
"""Load of a nurse's whole shift; somebody in bed is the share of a nurse that the definition gives them."""

_MIDDLES = (720, 1200, 240)  # structure: noon, 20:00 and 4:00, minutes of the day
_MOST_SHIFTS = 5  # structure: working days of a week


def make_nurses(capacity: Capacity, beds: Sequence[str]) -> tuple[Nurse, ...]:
    """Return nurses with their shifts: the same shift all week, five days at most, days off in turn.

    Parameters
    ----------
    beds
        Resources of the wards; nurses who are there for others too are shared by beds.
    """
    wanted = {(day, shift): 0.0 for day in range(DAYS_PER_WEEK) for shift in range(len(SHIFTS))}
    for role, share in _share_roles(capacity, beds).items():
        for day, shift in wanted:
            wanted[day, shift] += share * capacity.count_present(role, day, _MIDDLES[shift])
    nurses: list[Nurse] = []
    for shift in range(len(SHIFTS)):
        needed = [max(1, round(wanted[day, shift])) for day in range(DAYS_PER_WEEK)]
        nurses += _roster(shift, needed, len(nurses))
    return tuple(nurses)


def _share_roles(capacity: Capacity, beds: Sequence[str]) -> dict[str, float]:
    """Return role -> the share of its people who are there for these beds."""
    own: dict[str, float] = {}
    all_: dict[str, float] = {}
    resources = capacity.house.centre.resources
    for bed in resources:
        held = find_nurse_share(capacity, bed)
        for role, share in held.items():
            amount = share * len(capacity.list_units(bed))
            all_[role] = all_.get(role, 0.0) + amount
            if bed in beds:
                own[role] = own.get(role, 0.0) + amount
    return {role: amount / all_[role] for role, amount in own.items() if all_[role]}


def find_nurse_share(capacity: Capacity, bed: str) -> Mapping[str, float]:
    """Return the nurses, by role, that somebody in a bed takes; empty for what is no bed, or has none."""
    resources = capacity.house.centre.resources
    if resources[bed].kind not in ("bed", "place"):
        return {}
    cards = [card for card in capacity.house.cards.values() if bed in card.holds]
    return {
        role: n
        for card in cards[:1]
        for role, n in card.holds.items()
        if resources[role].kind == "role" and resources[role].group == "nurses" and n < 1
    }


def _roster(shift: int, needed: Sequence[int], n_before: int) -> list[Nurse]:
    """Share the duties of a shift among as few as can do them, whoever has fewest first."""
    n = max(*needed, ceil(sum(needed) / _MOST_SHIFTS))
    days: list[list[int]] = [[] for _ in range(n)]
    for day, wanted in enumerate(needed):
        turn = sorted(range(n), key=lambda one: (len(days[one]), (one - sum(needed[:day])) % n))
        for one in turn[:wanted]:
            days[one].append(day)
    return [
        Nurse(f"N{n_before + one + 1:03d}", 0, tuple(Duty(day, shift, LOAD) for day in worked))
        for one, worked in enumerate(days)
    ]
