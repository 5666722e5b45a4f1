"""What operations of a week share beside theatres and surgeons, and how their lengths spread."""

from collections.abc import Mapping
from math import sqrt

from oncopolis.centre import BoundActivity
from oncopolis.evidence import Row
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.scheduling.theatres import Means
from oncopolis.studies.week.capacity import Capacity
from oncopolis.studies.week.drawing import Waiting

_NOON = MINUTES_PER_DAY // 2
_BOUNDED = 24  # structure: of the variance of a triangle with its top in the middle


def make_means(capacity: Capacity, patients: Mapping[str, Waiting], theatre: str) -> Means:
    """Return spreads from the evidence of each operation, and who gives anaesthesia as the centre has them.

    Parameters
    ----------
    theatre
        Resource that operations hold; who is held all the while it is, and is no surgeon, limits how many
        there are at once.
    """
    house = capacity.house
    cards = [house.make_card(one.operation) for one in patients.values()]
    doctor = _find_all_along(capacity, next(iter(patients.values())).operation, theatre)
    present = (
        max((capacity.count_present(doctor, day, _NOON) for day in range(len(capacity.days))), default=0)
        if doctor
        else 0
    )
    return Means(
        spread=0.0,
        spreads={id_: _compute_spread(capacity, one.operation) for id_, one in patients.items()},
        change_min=max(card.after_min for card in cards),
        anaesthetists=present or None,
    )


def _find_all_along(capacity: Capacity, operation: BoundActivity, theatre: str) -> str | None:
    """Return the physician who is there in every phase with the patient; None if there is none."""
    resources = capacity.house.centre.resources
    phases = [{key for key, _ in phase.hold} for phase in operation.phases if phase.patient]
    always = set.intersection(*phases) if phases else set()
    return next((key for key in sorted(always - {theatre}) if resources[key].group == "physicians"), None)


def _compute_spread(capacity: Capacity, operation: BoundActivity) -> float:
    """Return the standard deviation of the length over its mean."""
    values, rows = capacity.house.values, capacity.house.equipped.project.evidence.rows
    mean = variance = 0.0
    for phase in operation.phases:
        if not phase.patient:
            continue
        minutes = values.get_minutes(phase.duration)
        mean += minutes
        if isinstance(phase.duration, str):
            variance += (minutes * _compute_share(rows[phase.duration])) ** 2
    return sqrt(variance) / mean if mean else 0.0


def _compute_share(row: Row) -> float:
    """Return the standard deviation of a row over its value; 0 where it has no spread."""
    spread = row.distribution
    if spread is None or not row.value or spread.family == "fixed":
        return 0.0
    if spread.family == "exponential":
        return 1.0
    if spread.cv is not None:
        return spread.cv
    if spread.sd is not None:
        return spread.sd / row.value
    assert spread.low is not None
    assert spread.high is not None
    return (spread.high - spread.low) / sqrt(_BOUNDED) / row.value
