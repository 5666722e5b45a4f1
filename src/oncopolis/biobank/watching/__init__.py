"""Tanks that are watched: readings, what is wrong by them, and alarms until somebody owns them."""
