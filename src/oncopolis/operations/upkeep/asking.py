"""What is said about machines and rooms that are out of order."""

from typing import Literal, TypeAlias

from oncopolis.foundation import Frozen
from oncopolis.operations.booking.asking import Id

DownReason: TypeAlias = Literal["fault", "quality", "power", "water", "hygiene", "works", "other"]
"""Why: it failed, a check of its quality failed, a supply did, it has to be cleaned, it is worked on."""


class ReportDown(Frozen):
    """A machine or room cannot be used."""

    unit: Id
    """Which."""
    reason: DownReason = "fault"
    """Why."""
    until_ms: int | None = None
    """When it is expected back, milliseconds since 1970 (UTC); at the end of the day if left out."""
    since_ms: int | None = None
    """From when; now if left out."""


class ReportUp(Frozen):
    """A machine or room can be used again."""

    unit: Id
    """Which."""


class CheckMachine(Frozen):
    """The quality of a machine was checked for the day."""

    unit: Id
    """Which."""
    passed: bool = True
    """Whether it may treat."""
    by: Id | None = None
    """Practitioner who checked it, where a program tells."""


class Calibrate(Frozen):
    """A machine or room was calibrated."""

    unit: Id
    """Which."""
    by: Id | None = None
    """Practitioner who did it, where a program tells."""


class UndoDown(Frozen):
    """A report that is taken back with everything it has moved."""

    report: Id
    """The report, as it was answered."""
