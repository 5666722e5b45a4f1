"""Orders that are not over: of a patient, and of a role."""

from datetime import date
from typing import ClassVar

from oncopolis.operations.floor import Floor
from oncopolis.operations.grouping import Grouped
from oncopolis.operations.orders.views import Order
from oncopolis.operations.views import View


class Orders(Grouped[Order]):
    """Open orders by patient."""

    KIND: ClassVar[type[View]] = Order
    OF = "patient"


def list_open_orders(floor: Floor, patient: str) -> list[Order]:
    """Return what was ordered for somebody and has no result yet, or one that nobody has seen.

    The most urgent come first, then what was asked for first.
    """
    return sorted(floor.index(Orders).list_of(patient), key=_rank)


def list_orders(floor: Floor, role: str | None = None) -> list[Order]:
    """Return a work list of orders: those of a role, or all."""
    return sorted((one for one in floor.list(Order) if role in (None, one.owner)), key=_rank)


def count_days_left(order: Order, today: date) -> int | None:
    """Return the days until an order is wished for; below 0 it is late."""
    return None if order.by is None else (order.by - today).days


def _rank(order: Order) -> tuple[int, date, int, str]:
    return order.priority, order.by or date.max, order.asked_ms, order.id
