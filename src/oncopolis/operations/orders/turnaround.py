"""Turnaround: how long an order has taken, step by step, against the time it may take.

The time comes from evidence: that of the activity if there is a row for it (a project writes its own), else
that of its department. It runs from when the work could begin: from the order for what is done without the
patient, from the moment somebody takes it for what the patient has to come for.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from oncopolis.operations.house import House
from oncopolis.operations.orders.views import Order

Urgency: TypeAlias = Literal["urgent", "usual"]
PREFIX: Final = "result.turnaround"
"""Rows: ``result.turnaround.<urgency>.<activity or department>``."""


@dataclass(frozen=True, slots=True)
class Target:
    """How long work may take, and the key of the row that says so."""

    key: str
    within_ms: int


@dataclass(frozen=True, slots=True)
class Clock:
    """An order by the clock; moments are milliseconds since 1970 (UTC).

    Parameters
    ----------
    begins_ms
        From when its time runs; None as long as it does not.
    due_ms
        When there has to be a result; None if there is no target, or its time does not run.
    target
        None if nothing says how long it may take.
    """

    begins_ms: int | None
    due_ms: int | None
    target: Target | None

    def find_late_ms(self, order: Order, now_ms: int) -> int | None:
        """Return by how much the result came or is too late; below 0 what is left, None without a time."""
        return None if self.due_ms is None else (order.resulted_ms or now_ms) - self.due_ms


def find_target(house: House, activity: str, *, is_urgent: bool) -> Target | None:
    """Return how long an activity may take: the usual time where none is known for what is urgent."""
    card = house.cards.get(activity)
    names = (activity,) if card is None else (activity, card.department)
    urgencies: tuple[Urgency, ...] = ("urgent", "usual") if is_urgent else ("usual",)
    evidence = house.equipped.project.evidence
    for urgency in urgencies:
        for name in names:
            key = f"{PREFIX}.{urgency}.{name}"
            if evidence.find_row(key) is not None:
                return Target(key, house.values.get_ms(key))
    return None


def read_clock(house: House, order: Order) -> Clock:
    """Return an order by the clock."""
    target = find_target(house, order.activity, is_urgent=order.is_urgent)
    card = house.cards.get(order.activity)
    begins_ms = order.taken_ms if card is not None and card.is_contact else order.asked_ms
    due_ms = None if target is None or begins_ms is None else begins_ms + target.within_ms
    return Clock(begins_ms, due_ms, target)
