"""The closed loop: what is scanned at a patient is compared by rules; what does not match is stopped."""

from oncopolis.operations.loop.acts import (
    CONFIRM_OVERRIDE,
    OVERRIDE_CHECK,
    SETTLE_CHECK,
    SETTLE_PARKED,
    SETTLE_SIGHTINGS,
)
from oncopolis.operations.loop.bedside import GIVE_BLOOD, VERIFY_PLACE, take
from oncopolis.operations.loop.blood import BloodUnit
from oncopolis.operations.loop.checking import Fact
from oncopolis.operations.loop.codes import Read, read_code, write_code
from oncopolis.operations.loop.parked import Parked, ParkedKind, Why, write_content
from oncopolis.operations.loop.verifying import Scan, Scanned, verify
from oncopolis.operations.loop.views import Check

ACTS = (
    GIVE_BLOOD, VERIFY_PLACE, OVERRIDE_CHECK, CONFIRM_OVERRIDE, SETTLE_CHECK, SETTLE_PARKED, SETTLE_SIGHTINGS,
)  # fmt: skip
"""Everything that can be done in the closed loop outside a unit."""
VIEWS = (Check, Parked, BloodUnit)

__all__ = [
    "ACTS", "VIEWS", "BloodUnit", "Check", "Fact", "Parked", "ParkedKind", "Read", "Scan", "Scanned", "Why",
    "read_code", "take", "verify", "write_code", "write_content",
]  # fmt: skip
