"""The chemotherapy day unit: signed orders, the laboratory's gate, bags, chairs and what runs in them."""

from oncopolis.operations.infusion.bags import Bag, Bags
from oncopolis.operations.infusion.giving import (
    LEAVE_CHAIR,
    NOTE_EXTRAVASATION,
    NOTE_REACTION,
    SEAT,
    START_INFUSION,
    STOP_INFUSION,
)
from oncopolis.operations.infusion.preparing import (
    CHECK_BAG,
    CHECK_TREATMENT,
    CONFIRM_TREATMENT,
    PREPARE_BAG,
    PUT_OFF,
    REJECT_BAG,
    RELEASE_BAG,
)
from oncopolis.operations.infusion.receiving import RECEIVE_REGIMEN, REPORT_VALUES
from oncopolis.operations.infusion.views import Treatment, Treatments

ACTS = (
    RECEIVE_REGIMEN, REPORT_VALUES, CONFIRM_TREATMENT, CHECK_TREATMENT, PUT_OFF, PREPARE_BAG, CHECK_BAG,
    RELEASE_BAG, REJECT_BAG, SEAT, START_INFUSION, STOP_INFUSION, NOTE_REACTION,
    NOTE_EXTRAVASATION, LEAVE_CHAIR,
)  # fmt: skip
"""Everything that can be done in the day unit."""
VIEWS = (Treatment, Bag)

__all__ = ["ACTS", "VIEWS", "Bag", "Bags", "Treatment", "Treatments"]
