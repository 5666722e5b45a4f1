"""A record that is about another patient from now on."""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["KEPT", "move", "refers"]

KEPT: Final = frozenset({"Patient", "Provenance", "AuditEvent"})
"""Types of records that go on saying what was: who was who, and who did what to whom."""


def move(value: Any, before: str, after: str) -> Any:
    """A value in which references to one patient are to another one."""
    if isinstance(value, Mapping):
        return {
            name: f"Patient/{after}"
            if name == "reference" and item == f"Patient/{before}"
            else move(item, before, after)
            for name, item in value.items()
        }
    return [move(item, before, after) for item in value] if isinstance(value, list) else value


def refers(value: Any, patient: str) -> bool:
    """Whether there is a reference to a patient anywhere in a value."""
    if isinstance(value, Mapping):
        return value.get("reference") == f"Patient/{patient}" or any(
            refers(one, patient) for one in value.values()
        )
    return isinstance(value, list) and any(refers(one, patient) for one in value)
