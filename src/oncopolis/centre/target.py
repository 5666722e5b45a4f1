"""`Target`: what the centre wants to keep, such as a longest wait; the twin says how often it does."""

from typing import Literal

from pydantic import model_validator

from oncopolis.centre.number import Share, Time
from oncopolis.foundation import Frozen

Goal = Literal["wait", "treatment", "utilisation", "refused"]

PLACES: dict[Goal, tuple[str, ...]] = {
    "wait": ("activity", "resource", "pathway"),
    "treatment": ("cohort",),
    "utilisation": ("resource",),
    "refused": ("activity", "resource", "pathway"),
}
"""What is kept -> what it can be kept at."""


class Target(Frozen):
    """A level of service that is kept or missed.

    - `wait`: at least `share` of the waits are within `within`;
    - `treatment`: at least `share` of the patients start their first treatment (the first step with a
      modality that is done here) within `within` of referral;
    - `utilisation`: held over open time of a resource stays below `share`;
    - `refused`: at most `share` of those who come are turned away or give up.
    """

    label: str
    """What it is called."""
    of: Goal
    """What is kept."""
    at: str | None = None
    """Where: ``activity.<id>``, ``resource.<id>``, ``pathway.<id>`` or, for `treatment`, ``cohort.<id>``
    (all patients if left out)."""
    within: Time | None = None
    """For `wait` and `treatment`: the time that is kept."""
    share: Share
    """At least, below or at most this share."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Target":
        if (self.of in ("wait", "treatment")) != (self.within is not None):
            raise ValueError("`within` for `of: wait` and `of: treatment`, and only there")
        if self.at is None and self.of != "treatment":
            raise ValueError(f"`at: {_list_places(self.of)}` for `of: {self.of}`")
        if self.at is not None and self.place not in PLACES[self.of]:
            raise ValueError(f"`at: {_list_places(self.of)}` for `of: {self.of}`")
        return self

    @property
    def place(self) -> str:
        """Kind of thing it is kept at: activity, resource, pathway, cohort; empty for all patients."""
        return "" if self.at is None else self.at.partition(".")[0]

    @property
    def name(self) -> str:
        """Id of the thing it is kept at; empty for all patients."""
        return "" if self.at is None else self.at.partition(".")[2]


def _list_places(goal: Goal) -> str:
    return " or ".join(f"{place}.<id>" for place in PLACES[goal])
