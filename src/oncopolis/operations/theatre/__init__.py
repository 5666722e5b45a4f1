"""Theatres: the lists of a day, how far each case is, and what was made sure of, taken and used."""

from oncopolis.operations.theatre.going import (
    BEGIN_INDUCTION,
    CHECK_TEAM,
    CLOSE_WOUND,
    ENTER_THEATRE,
    FIRST_INCISION,
    LEAVE_RECOVERY,
    SEND_FOR,
    TO_RECOVERY,
)
from oncopolis.operations.theatre.listing import CANCEL_OPERATION, DELAY_OPERATION, PLAN_OPERATION
from oncopolis.operations.theatre.lists import (
    Case,
    Operations,
    list_cases,
    list_recovery,
    list_theatres,
)
from oncopolis.operations.theatre.taking import TAKE_SPECIMEN, USE_IMPLANT
from oncopolis.operations.theatre.views import Operation

ACTS = (
    PLAN_OPERATION, SEND_FOR, ENTER_THEATRE, CHECK_TEAM, BEGIN_INDUCTION, FIRST_INCISION, CLOSE_WOUND,
    TO_RECOVERY, LEAVE_RECOVERY, DELAY_OPERATION, CANCEL_OPERATION, TAKE_SPECIMEN, USE_IMPLANT,
)  # fmt: skip
"""Everything that can be done in a theatre."""

__all__ = ["ACTS", "Case", "Operation", "Operations", "list_cases", "list_recovery", "list_theatres"]
