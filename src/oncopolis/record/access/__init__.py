"""Who may see and do what: decided from one table, and put into every query."""

from oncopolis.record.access.allowing import EVERYTHING, Allowed
from oncopolis.record.access.caller import Caller

__all__ = ["EVERYTHING", "Allowed", "Caller"]
