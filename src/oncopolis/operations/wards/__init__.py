"""Wards: beds, admission, transfer, discharge, and what the next days bring."""

from oncopolis.operations.wards.admitting import (
    ADMIT,
    CANCEL_ADMISSION,
    ISOLATE,
    RESERVE_BED,
    TRANSFER_BED,
)
from oncopolis.operations.wards.discharging import (
    CLEANED,
    CLOSE_BED,
    DISCHARGE,
    OPEN_BED,
    ORDER_DISCHARGE,
)
from oncopolis.operations.wards.views import Bed, Stay

ACTS = (
    RESERVE_BED, ADMIT, TRANSFER_BED, ISOLATE, CANCEL_ADMISSION, ORDER_DISCHARGE, DISCHARGE,
    CLEANED, CLOSE_BED, OPEN_BED,
)  # fmt: skip
"""Everything that can be done on a ward."""

__all__ = ["ACTS", "Bed", "Stay"]
