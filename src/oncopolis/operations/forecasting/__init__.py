"""Forecasts: how long those who wait will wait yet, and how many beds will be wanted."""

from oncopolis.operations.forecasting.beds import Outlook, foresee_ward
from oncopolis.operations.forecasting.waits import Forecast, forecast

__all__ = ["Forecast", "Outlook", "forecast", "foresee_ward"]
