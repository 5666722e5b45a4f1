"""`forecast`: how long each of those who wait will probably wait yet."""

import math
from collections import Counter
from typing import ClassVar, NamedTuple

import numpy as np

from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting.area import Surveyor
from oncopolis.operations.forecasting.durations import list_durations
from oncopolis.operations.forecasting.kernels.foreseeing import foresee
from oncopolis.operations.forecasting.pace import Pace
from oncopolis.operations.forecasting.turnout import Turnout
from oncopolis.operations.views import View

N_SAMPLES = 99  # structure: as many as `RANKS` need
RANKS = (9, 49, 89)  # structure: the 10th, 50th and 90th of 99 cut 10, 50 and 90 of 100 off
_REST_MS = 5_000  # structure: a change of an area is taken in at most this late, however many look
_STALE_MS = 30_000  # structure: what waits without a change is looked at anew after this


class Forecast(NamedTuple):
    """Minutes somebody will wait yet: 8 of 10 from `low_min` to `high_min`, half below the middle."""

    low_min: int
    middle_min: int
    high_min: int


class Forecasts:
    """What was foretold of each area last, for all who look."""

    KIND: ClassVar[type[View]] = Contact

    def __init__(self) -> None:
        self.surveyor: Surveyor | None = None
        self._changes: Counter[str] = Counter()
        self._known: dict[str, tuple[int, int, dict[str, Forecast]]] = {}

    def change(self, before: Contact | None, after: Contact | None) -> None:
        """Something else is so in an area."""
        for contact in (before, after):
            if contact is not None:
                self._changes[contact.area] += 1

    def get_surveyor(self, floor: Floor) -> Surveyor:
        """Return the one of a floor."""
        if self.surveyor is None:
            pace = floor.index(Pace)
            pace.durations = list_durations(floor.house)
            self.surveyor = Surveyor(floor, pace, Turnout(floor.house))
        return self.surveyor

    def list_of_area(self, floor: Floor, area: str, at_ms: int) -> dict[str, Forecast]:
        """Return the forecasts of an area by contact; computed once for all who look."""
        changes = self._changes[area]
        known = self._known.get(area)
        if known is not None:
            age_ms = at_ms - known[1]
            rest_ms = _STALE_MS if known[0] == changes else _REST_MS
            if 0 <= age_ms < rest_ms:
                return known[2]
        found = foretell(self.get_surveyor(floor), area, at_ms)
        self._known[area] = (changes, at_ms, found)
        return found


def forecast(floor: Floor, contact_id: str, at_ms: int) -> Forecast | None:
    """Return how long somebody who waits will wait yet; None for others, and where nothing can be said."""
    contact = floor.find(Contact, contact_id)
    if contact is None or contact.state != "waiting":
        return None
    return floor.index(Forecasts).list_of_area(floor, contact.area, at_ms).get(contact_id)


def foretell(surveyor: Surveyor, area: str, at_ms: int) -> dict[str, Forecast]:
    """Return the forecasts of all who wait in an area, from what is so at a moment."""
    waiting = {row[-1] for row in surveyor.floor.index(Queues).waiting[area]}
    if not waiting:
        return {}
    now = surveyor.survey(area, at_ms)
    starts = foresee(
        now.keys, now.mu, now.sigma, now.elapsed, now.needs, now.kinds, now.due, now.comes, now.lateness,
        now.capacity, now.gaps, now.pace_sd, N_SAMPLES,
    )  # fmt: skip
    in_order = np.sort(starts, axis=0)[list(RANKS)]
    return {
        id_: Forecast(math.floor(low), round(middle), math.ceil(high))
        for id_, (low, middle, high) in zip(now.ids, in_order.T, strict=True)
        if id_ in waiting and math.isfinite(high)
    }
