"""Orders: what was asked for, until its result has been seen."""

from typing import Any

from oncopolis.operations.deciding import Act
from oncopolis.operations.orders.acts import ACKNOWLEDGE, ORDER, RESULT, REVOKE, TAKE
from oncopolis.operations.orders.critical import RAISE_RESULTS
from oncopolis.operations.orders.listing import count_days_left, list_open_orders, list_orders
from oncopolis.operations.orders.views import Order
from oncopolis.operations.views import View

ACTS: tuple[Act[Any], ...] = (ORDER, TAKE, RESULT, ACKNOWLEDGE, RAISE_RESULTS, REVOKE)
"""Everything that can be done about orders."""

VIEWS: tuple[type[View], ...] = (Order,)
"""Kinds of views on the floor."""

__all__ = ["ACTS", "VIEWS", "Order", "count_days_left", "list_open_orders", "list_orders"]
