"""Cards: what the live centre has to know of an activity to book and do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from oncopolis.centre import BoundActivity, Coefficient, Project
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.planning.coefficients import CENTRAL, Coefficients

SLOT_MIN = 5  # structure: what time is given out in, minutes


@dataclass(frozen=True, slots=True)
class Card:
    """One activity.

    Parameters
    ----------
    is_contact
        Whether the patient is there.
    minutes
        How long they are, by central values, rounded up to what time is given out in.
    after_min
        How long its resources are held after they went (turnover, cleaning), rounded up likewise.
    holds
        Resource -> most of it that a phase holds: a share of one where several are served at once.
    """

    id: str
    label: str
    department: str
    is_contact: bool
    minutes: int
    after_min: int
    holds: Mapping[str, float]


class Values:
    """Central values of the coefficients of a project."""

    def __init__(self, project: Project) -> None:
        self._coefficients = Coefficients(project.evidence)

    def get(self, coefficient: Coefficient) -> float:
        """Return a value in its row's unit."""
        return float(self._coefficients.get(coefficient)[CENTRAL])

    def get_minutes(self, coefficient: Coefficient) -> float:
        """Return a duration, minutes."""
        return float(self._coefficients.get_minutes(coefficient)[CENTRAL])

    def get_ms(self, coefficient: Coefficient) -> int:
        """Return a duration, milliseconds."""
        return round(self.get_minutes(coefficient) * MS_PER_MINUTE)


def make_card(activity: BoundActivity, label: str, values: Values) -> Card:
    """Return the card of an activity with its parameters bound."""
    with_patient = after = 0.0
    holds: dict[str, float] = {}
    for phase in activity.phases:
        minutes = values.get_minutes(phase.duration)
        if phase.patient:
            with_patient += minutes
        else:
            after += minutes
        for resource, n in phase.hold:
            holds[resource] = max(holds.get(resource, 0.0), values.get(n))
    return Card(
        activity.id, label, activity.department, activity.contact, _round_up(with_patient), _round_up(after),
        {resource: n for resource, n in holds.items() if n > 0},
    )  # fmt: skip


def _round_up(minutes: float) -> int:
    return ceil(minutes / SLOT_MIN) * SLOT_MIN
