"""Hot loops of forecasts."""
