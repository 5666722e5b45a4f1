"""Clinical classes: target days that are a rule, and such as come before every cost, class after class.

Of the classes that are no rule the number of those past their target is made as small as can be, of the first
class first, whatever it does to later classes and to costs. Within the search that is a price: a unit of a
class is worth more than all of the later classes and all costs together can be.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from oncopolis.foundation import InputError
from oncopolis.scheduling.theatres.problem import Patient, Problem
from oncopolis.scheduling.theatres.terms import Terms

OUT, LATE = 2, 1
"""Units of somebody with a target who is left out, and of somebody admitted after it."""

_MOST = 1 << 56  # structure: far from where whole numbers of the search end


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


def compute_prices(problem: Problem, terms: Terms) -> dict[int, int]:
    """Return clinical class -> price of a unit, later classes first; empty if no class has targets.

    Raises
    ------
    InputError
        SCH-060: so many patients in so many classes that their prices cannot be told apart.
    """
    sizes = Counter(
        patient.priority.clinical_class
        for patient in problem.patients
        if patient.priority is not None
        and patient.priority.target_day is not None
        and patient.priority.clinical_class not in problem.hard_classes
    )
    prices: dict[int, int] = {}
    price = 1 + _compute_most_cost(problem, terms) if sizes else 0
    for clinical_class in sorted(sizes, reverse=True):
        prices[clinical_class] = price
        price *= 1 + OUT * sizes[clinical_class]
    if price > _MOST:
        raise InputError(
            code="SCH-060", where="clinical classes",
            got=f"{sum(sizes.values())} patients with target days in {len(sizes)} classes",
            expected="few enough that each class outweighs all later ones",
            fix="put classes together, shorten the horizon, or make the target days of a class hard",
        )  # fmt: skip
    return prices


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
