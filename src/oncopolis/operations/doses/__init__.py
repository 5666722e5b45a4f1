"""Doses for a ward: dispensed by the pharmacy for one patient and one time, scanned before they are given."""

from oncopolis.operations.doses.acts import DISPENSE_DOSES, GIVE_DOSE, WITHHOLD_DOSE
from oncopolis.operations.doses.views import Dose, Doses

ACTS = (DISPENSE_DOSES, GIVE_DOSE, WITHHOLD_DOSE)
"""Everything that can be done about doses."""
VIEWS = (Dose,)

__all__ = ["ACTS", "VIEWS", "Dose", "Doses"]
