"""Machines and rooms that are out of order, and what becomes of those who were booked on them."""

from oncopolis.operations.upkeep.acts import ACTS, list_affected

__all__ = ["ACTS", "list_affected"]
