"""What patients are told, and what care is called before a diagnosis is disclosed to them."""

from oncopolis.operations.notices.acts import ACTS, withdraw
from oncopolis.operations.notices.naming import (
    Place,
    Stop,
    find_place,
    find_stop,
    word_place,
    word_role,
    word_stop,
)
from oncopolis.operations.notices.telling import PATIENT_NOTICE, tell
from oncopolis.operations.notices.views import Notice
from oncopolis.operations.notices.writing import write_day, write_notice

__all__ = [
    "ACTS",
    "PATIENT_NOTICE",
    "Notice",
    "Place",
    "Stop",
    "find_place",
    "find_stop",
    "tell",
    "withdraw",
    "word_place",
    "word_role",
    "word_stop",
    "write_day",
    "write_notice",
]
