"""What has to be said in the day unit."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field

from oncopolis.foundation import Frozen
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.loop import Scan

MOST = 50  # structure: medicines, limits or values of one day
Number: TypeAlias = Annotated[
    Decimal, Field(gt=0, lt=10**9, allow_inf_nan=False)
]  # structure: any dose in any unit
Bound: TypeAlias = Annotated[Decimal, Field(ge=0, lt=10**9, allow_inf_nan=False)]  # structure: any value


def _insist(is_so: bool) -> bool:
    if not is_so:
        raise ValueError("to be confirmed")
    return is_so


Confirmed: TypeAlias = Annotated[bool, AfterValidator(_insist)]
"""Something that has to be so."""


class LimitSaid(Frozen):
    """A limit of the laboratory, as it was ordered."""

    code: Words
    """LOINC code."""
    label: Words
    unit: Words
    within_h: Annotated[int, Field(ge=1, le=24 * 366)]  # structure: a year
    """Hours for which a value is good."""
    low: Bound | None = None
    high: Bound | None = None


class ReceiveRegimen(Frozen):
    """A day of a cycle as another system has ordered it."""

    requests: Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=MOST)]
    """MedicationRequests, each with the Provenance of its signature in it."""
    regimen: Words
    """What it is called."""
    cycle: Annotated[int, Field(ge=1, le=200)]  # structure: no regimen has more
    day: Annotated[int, Field(ge=1, le=366)]  # structure: days of a cycle
    on: date
    """Day for which it was ordered."""
    limits: Annotated[tuple[LimitSaid, ...], Field(max_length=MOST)] = ()
    """What the laboratory has to say before anything is prepared."""
    no_limits: Text = ""
    """Why it has no limits, if that is meant."""


class ReportValues(Frozen):
    """Values of the laboratory for an order."""

    order: Words
    """Number of the order, or id of the treatment."""
    observations: Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=MOST)]
    """Observations."""


class OfTreatment(Frozen):
    """One day of treatment."""

    treatment: Id
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class ConfirmTreatment(OfTreatment):
    """Somebody has asked for allergies and looked at cumulative doses."""

    allergies_asked: Confirmed
    """The patient was asked, and nothing speaks against what was ordered."""
    totals_seen: Confirmed
    """Cumulative doses were looked at."""
    despite: Text = ""
    """Why, if the record knows of an allergy, or a cumulative dose is above its limit."""


class PutOff(OfTreatment):
    """It is not given today."""

    reason: Text


class PrepareBag(OfTreatment):
    """A bag was prepared: what is in it is said as it was measured, not as it was ordered."""

    request: Id
    """Line of the order."""
    code: Words
    """Code of the medicine that was taken."""
    dose: Number
    unit: Words
    batch: Words
    expires_ms: int
    """Until when it may be begun, milliseconds since 1970 (UTC)."""


class OfBag(Frozen):
    """One bag."""

    bag: Id
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class RejectBag(OfBag):
    """A bag is not to be given."""

    reason: Text


class Seat(OfTreatment):
    """The patient sits down."""

    chair: Id
    """Chair: a unit."""


class LeaveChair(OfTreatment):
    """The patient gets up."""

    more: bool = False
    """Whether something that is not booked is still to be done today."""


class StartInfusion(OfTreatment):
    """A bag is about to be connected: wristband and bag are scanned, and the way is said."""

    patient_code: Scan
    bag_code: Scan
    route: Words
    """Way into the body of the line it is connected to."""
    despite: Id | None = None
    """Check that was stopped before and whose override was granted."""


class StopInfusion(OfBag):
    """A bag has run through, or is stopped."""

    reason: Text = ""
    """Why, if not all of it was given."""


class NoteEvent(OfTreatment):
    """Something happened."""

    words: Text
    """What was seen, and what was done."""
