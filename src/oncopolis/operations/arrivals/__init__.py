"""Arrivals: checking in, waiting in fair order, being called and served, and leaving."""

from oncopolis.operations.arrivals.calling import CALL, RECALL, RETURN, STEP_OUT, TRANSFER, TRIAGE
from oncopolis.operations.arrivals.checking_in import CHECK_IN
from oncopolis.operations.arrivals.leaving import CLOSE_DAY, CLOSE_NO_SHOWS, LEAVE, LEFT_BED, NO_SHOW
from oncopolis.operations.arrivals.serving import FINISH, START
from oncopolis.operations.arrivals.views import Contact, Visit

ACTS = (
    CHECK_IN, CALL, RECALL, TRANSFER, TRIAGE, STEP_OUT, RETURN, START, FINISH, NO_SHOW, LEAVE,
    CLOSE_NO_SHOWS, CLOSE_DAY, LEFT_BED,
)  # fmt: skip
"""Everything that can be done in a queue."""

__all__ = ["ACTS", "Contact", "Visit"]
