"""Charges: what each contact and stay costs by the tariffs of the project, and the claims to who pays."""

from oncopolis.operations.charges.acts import ACTS
from oncopolis.operations.charges.charging import charge_ended, find_payer
from oncopolis.operations.charges.claims import to_csv
from oncopolis.operations.charges.reading import read_claims, read_day, read_state
from oncopolis.operations.charges.views import Charge

__all__ = ["ACTS", "Charge", "charge_ended", "find_payer", "read_claims", "read_day", "read_state", "to_csv"]
