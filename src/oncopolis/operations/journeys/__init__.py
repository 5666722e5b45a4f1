"""The journey of one patient: where to go today, what waits there, and what comes next."""

from oncopolis.operations.journeys.ahead import Ahead, list_ahead
from oncopolis.operations.journeys.offers import Offered, list_offers
from oncopolis.operations.journeys.today import Forecast, Interval, Leg, Today, find_today, list_areas

__all__ = [
    "Ahead", "Forecast", "Interval", "Leg", "Offered", "Today", "find_today", "list_ahead", "list_areas",
    "list_offers",
]  # fmt: skip
