"""The record that says whether the centre has approved the server for care: ``Basic/oncopolis-approval``."""

from collections.abc import Mapping
from typing import Any, Final

TYPE, ID = "Basic", "oncopolis-approval"
SYSTEM: Final = "urn:oncopolis:mode"
APPROVED, WITHDRAWN = "approved", "withdrawn"


def is_approval(record: Mapping[str, Any]) -> bool:
    """Whether the record gives the approval, and does not take it back."""
    coding = record.get("code", {}).get("coding", [{}])[0]
    return (coding.get("system"), coding.get("code")) == (SYSTEM, APPROVED)
