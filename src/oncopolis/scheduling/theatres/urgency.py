"""Clinical classes: target days that are a rule, and such as come before every cost, class after class.

Of the classes that are no rule the number of those past their target is made as small as can be, of the first
class first, whatever it does to later classes and to costs. Within the search that is a price: a unit of a
class is worth more than one move, which touches few patients, can save in all later classes and in costs. So
no move gives up a class for what comes after it. Between schedules units decide, not prices.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from oncopolis.foundation import InputError
from oncopolis.scheduling.theatres.kernels.forcing import MOST as MOST_PUT_OUT
from oncopolis.scheduling.theatres.problem import Patient, Problem
from oncopolis.scheduling.theatres.terms import Terms

OUT, LATE = 2, 1
"""Units of somebody with a target who is left out, and of somebody admitted after it."""

_MOST = 1 << 59  # structure: far from where whole numbers of the search end
_MOST_MOVED = MOST_PUT_OUT + 1
_MOST_CHOSEN = 4  # structure: stays whose nurses one move chooses anew
_HOTTEST = 10  # structure: of the heat, at least what chance allows a move to cost


def harden(problem: Problem) -> Problem:
    """Return the problem with the target days of its hard classes as due days."""
    if not problem.hard_classes:
        return problem
    return replace(
        problem, patients=tuple(_harden(patient, problem.hard_classes) for patient in problem.patients)
    )


def _harden(patient: Patient, hard_classes: frozenset[int]) -> Patient:
    asked = patient.priority
    if asked is None or asked.target_day is None or asked.clinical_class not in hard_classes:
        return patient
    due = asked.target_day if patient.due_day is None else min(asked.target_day, patient.due_day)
    return replace(patient, due_day=due)


def compute_prices(problem: Problem, terms: Terms, heat: float) -> dict[int, int]:
    """Return clinical class -> price of a unit, later classes first; empty if no class has targets.

    Parameters
    ----------
    heat
        First temperature of the search.

    Raises
    ------
    InputError
        SCH-060: so many classes, or such large weights, that their prices cannot be told apart.
    """
    sizes = Counter(
        patient.priority.clinical_class
        for patient in problem.patients
        if patient.priority is not None
        and patient.priority.target_day is not None
        and patient.priority.clinical_class not in problem.hard_classes
    )
    prices: dict[int, int] = {}
    price = (
        1 + min(_compute_most_cost(problem, terms), _compute_most_gain(problem, terms, heat)) if sizes else 0
    )
    for clinical_class in sorted(sizes, reverse=True):
        prices[clinical_class] = price
        price *= 1 + OUT * min(sizes[clinical_class], _MOST_MOVED)
    if sum(OUT * n * prices[clinical_class] for clinical_class, n in sizes.items()) > _MOST:
        raise InputError(
            code="SCH-060", where="clinical classes",
            got=f"{sum(sizes.values())} patients with target days in {len(sizes)} classes",
            expected="few enough that each class outweighs all later ones",
            fix="put classes together, make weights smaller, or make the target days of a class hard",
        )  # fmt: skip
    return prices


class Ranking:
    """What a schedule is worth: units of each class, first class first, then cost.

    Parameters
    ----------
    fixed
        (patients,): who is where they are, whatever that is worth.
    """

    def __init__(self, problem: Problem, prices: Mapping[int, int], fixed: np.ndarray[Any, Any]) -> None:
        self.prices = np.array([prices[one] for one in sorted(prices)], np.int64)
        place = {clinical_class: row for row, clinical_class in enumerate(sorted(prices))}
        counted = [
            (row, place[one.priority.clinical_class], one.priority.target_day)
            for row, one in enumerate(problem.patients)
            if not fixed[row] and one.priority is not None and one.priority.clinical_class in place
            and one.priority.target_day is not None
        ]  # fmt: skip
        table = np.array(counted, np.int64).reshape(-1, 3)  # structure: row, class, target
        self.rows, self.places, self.targets = table.T

    def compute(self, day: np.ndarray[Any, Any], price: int) -> tuple[int, ...]:
        """Return the units of each class and the cost.

        Parameters
        ----------
        day
            (patients or more,): day of admission, below 0 for those who are out.
        price
            Cost with the prices of all units.
        """
        came = day[self.rows]
        units = np.where(came < 0, OUT, np.where(came > self.targets, LATE, 0))
        sums = np.bincount(self.places, units, len(self.prices)).astype(np.int64)
        return (*map(int, sums), price - int(sums @ self.prices))


def compute_fee(prices: Mapping[int, int], patient: Patient, day: int) -> int:
    """Return the price of an admission on a day, as far as it is past the target."""
    asked = patient.priority
    if asked is None or asked.target_day is None or day <= asked.target_day:
        return 0
    return LATE * prices.get(asked.clinical_class, 0)


def compute_price_out(prices: Mapping[int, int], patient: Patient) -> int:
    """Return the price of leaving a patient out."""
    asked = patient.priority
    if asked is None or asked.target_day is None:
        return 0
    return OUT * prices.get(asked.clinical_class, 0)


def _compute_most_gain(problem: Problem, terms: Terms, heat: float) -> int:
    """Return what no move of the search saves in costs, with what heat allows it besides."""
    weights, per_day = problem.weights, len(problem.shifts)
    cares = [*(one.care for one in problem.patients), *(one.care for one in problem.occupants)]
    stay = max((min(care.stay_days, problem.days) for care in cares), default=0)
    load = max((max(care.workload) for care in cares), default=0)
    skill = max((max(care.skill) for care in cares), default=0)
    of_shift = weights.room_nurse_skill * skill + weights.nurse_excessive_workload * load
    of_patient = (
        stay * (2 * weights.room_mixed_age * len(problem.age_groups) + per_day * of_shift)
        + weights.continuity_of_care * min(stay * per_day, len(problem.nurses))
        + weights.open_operating_theatre + weights.surgeon_transfer + weights.patient_delay * problem.days
        + weights.unscheduled_optional + weights.surgeon_preference
        + max(terms.prices.values(), default=0) + max(terms.fees.values(), default=0)
    )  # fmt: skip
    beds = max(room.n_beds for room in problem.rooms)
    of_nurses = _MOST_CHOSEN * stay * per_day * beds * (of_shift + weights.continuity_of_care)
    return _MOST_MOVED * of_patient + of_nurses + int(_HOTTEST * heat)


def _compute_most_cost(problem: Problem, terms: Terms) -> int:
    """Return what no schedule costs more than."""
    weights, days = problem.weights, problem.days
    people = [*(one.care for one in problem.patients), *(one.care for one in problem.occupants)]
    n_shifts = [min(len(care.workload), problem.n_shifts) for care in people]
    return (
        weights.room_mixed_age * len(problem.rooms) * days * (len(problem.age_groups) - 1)
        + weights.room_nurse_skill * sum(sum(care.skill) for care in people)
        + weights.continuity_of_care * sum(min(n, len(problem.nurses)) for n in n_shifts)
        + weights.nurse_excessive_workload * sum(sum(care.workload) for care in people)
        + weights.open_operating_theatre * len(problem.theatres) * days
        + (
            weights.surgeon_transfer
            + weights.patient_delay * days
            + weights.unscheduled_optional
            + weights.surgeon_preference
        )
        * len(problem.patients)
        + sum(terms.prices.values())
        + len(problem.patients) * max(terms.fees.values(), default=0)
    )
