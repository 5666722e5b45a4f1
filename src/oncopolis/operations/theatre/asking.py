"""What has to be said in a theatre."""

from typing import Annotated

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import Frozen
from oncopolis.operations.booking.asking import Id, Minutes, Words
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.loop import Scan
from oncopolis.operations.theatre.checklist import Phase

MOST = 20  # structure: items of a phase, implants of an operation


class OfCase(Frozen):
    """One case: name an operation, or the appointment it comes from."""

    operation: Id | None = None
    booking: Id | None = None
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class PlanOperation(Frozen):
    """Put a case without an appointment on the list of a theatre: an emergency, or one that was moved."""

    patient: Id
    activity: Identifier
    """Which operation."""
    room: Id
    """Theatre."""
    booking: Id | None = None
    """Appointment it was booked as, if that is done in another theatre than was booked."""
    start_ms: int | None = None
    """When, milliseconds since 1970 (UTC); now if left out."""
    minutes: Minutes | None = None
    """How long the theatre is held; what its card says if left out."""
    implants: Annotated[tuple[Words, ...], Field(max_length=MOST)] = ()
    """GTINs of the implants that are planned."""


class Enter(OfCase):
    """The patient is at the theatre: wristband and theatre are scanned."""

    patient_code: Scan
    """Wristband."""
    place_code: Scan
    """Label of the theatre."""
    despite: Id | None = None
    """Check that was stopped before and whose override was granted."""


class CheckTeam(OfCase):
    """The team has gone through a phase of the checklist."""

    phase: Phase
    confirmed: Annotated[tuple[Words, ...], Field(max_length=MOST)] = ()
    """Items that were made sure of."""
    not_applicable: Annotated[tuple[Words, ...], Field(max_length=MOST)] = ()
    """Items that do not apply to this operation."""


class ToRecovery(OfCase):
    """The patient leaves the theatre."""

    place: Id
    """Place in recovery."""


class Delay(OfCase):
    """Somebody says that it begins later, or takes longer."""

    minutes: Minutes
    """By how much, beside what was said before."""
    reason: Text
    """Why."""


class CancelOperation(OfCase):
    """A case is taken off the list before the patient was sent for."""

    reason: Text
    """Why."""


class TakeSpecimen(OfCase):
    """A specimen was taken and is put into its container, beside the patient."""

    patient_code: Scan
    """Wristband."""
    container_code: Scan
    """Label of the container: one of ours, or a package code with a serial number."""
    what: Text
    """What it is, and where from."""
    clamped_ms: int | None = None
    """When its vessels were closed: warm ischaemia begins; milliseconds since 1970 (UTC)."""
    taken_ms: int | None = None
    """When it was out of the body; now if left out."""


class UseImplant(OfCase):
    """An implant is opened for the patient."""

    patient_code: Scan
    """Wristband."""
    package_code: Scan
    """GS1 code of the package: GTIN, last day, lot, serial number."""
    despite: Id | None = None
    """Check that was stopped before and whose override was granted."""
