"""Machines and rooms: out of order and what becomes of who was booked, checks, calibration, uptime."""

from oncopolis.operations.upkeep.acts import ACTS, list_affected
from oncopolis.operations.upkeep.checks import Lock, check_may_treat, list_checked, list_locks, list_unchecked
from oncopolis.operations.upkeep.uptime import PATHWAY, WINDOW_DAYS, compute_down_ms, compute_uptime

__all__ = [
    "ACTS",
    "PATHWAY",
    "WINDOW_DAYS",
    "Lock",
    "check_may_treat",
    "compute_down_ms",
    "compute_uptime",
    "list_affected",
    "list_checked",
    "list_locks",
    "list_unchecked",
]
