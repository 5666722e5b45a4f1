"""Forecasts: how long those who wait will wait yet."""

from oncopolis.operations.forecasting.waits import Forecast, forecast

__all__ = ["Forecast", "forecast"]
