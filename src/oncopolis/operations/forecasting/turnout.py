"""Who comes, and how late: as the definition says of those who are booked."""

import math
from functools import cached_property

from oncopolis.operations.forecasting.durations import compute_sd, resolve
from oncopolis.operations.house import Card, House


class Turnout:
    """Of one house."""

    def __init__(self, house: House) -> None:
        self.house = house

    @cached_property
    def no_show(self) -> dict[str, float]:
        """Resource -> share of the booked who never come."""
        found: dict[str, float] = {}
        for key, booking in self.house.booking.items():
            coefficient = resolve(self.house, booking.no_show, "resources", key, "booking", "no_show")
            found[key] = 0.0 if coefficient is None else self.house.values.get(coefficient)
        return found

    @cached_property
    def lateness(self) -> tuple[float, float]:
        """Mean and standard deviation of the minutes by which the booked come late, as first said."""
        for key, booking in self.house.booking.items():
            coefficient = resolve(self.house, booking.lateness, "resources", key, "booking", "lateness")
            if isinstance(coefficient, str):
                row = self.house.equipped.project.evidence.get_row(coefficient)
                return row.value, compute_sd(row)
        return 0.0, 0.0

    def compute_comes(self, card: Card, due_min: float) -> float:
        """Return the share of the booked who still come, of those who are not here.

        Parameters
        ----------
        due_min
            Minutes from now until the appointment.
        """
        never = next((self.no_show[key] for key in card.holds if key in self.no_show), 0.0)
        mean, sd = self.lateness
        later = float(due_min + mean > 0.0)
        if sd > 0.0:
            later = math.erfc(-(due_min + mean) / (sd * math.sqrt(2.0))) / 2
        coming = (1.0 - never) * later
        whole = coming + never
        # One who is expected is never as sure as one who is here.
        return min(coming / whole, 1.0 - 1e-9) if whole > 0.0 else 0.0  # structure: below 1
