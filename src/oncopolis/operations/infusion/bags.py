"""`Bag`: a medicine prepared for a treatment, until it is given. Its record is a MedicationDispense."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_referred,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.grouping import Grouped
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record, View

BagState: TypeAlias = Literal["prepared", "checked", "released", "running", "given", "stopped", "rejected"]

_STATUSES: Final[dict[BagState, str]] = {
    "prepared": "preparation", "checked": "preparation", "released": "in-progress", "running": "in-progress",
    "given": "completed", "stopped": "completed", "rejected": "declined",
}  # fmt: skip
_OWN = (
    "status", "statusReasonCodeableConcept", "medicationCodeableConcept", "subject", "whenPrepared",
    "authorizingPrescription",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag, as it was prepared.

    Parameters
    ----------
    request
        Id of the MedicationRequest it is for.
    code, name, dose, unit
        What is in it, as whoever prepared it has said: it is compared with the order.
    batch
        Of the pharmacy.
    expires_ms
        Until when it may be begun, milliseconds since 1970 (UTC).
    minutes
        How long it runs, as ordered.
    prepared_by, checked_by, released_by
        ``Practitioner/<id>``: the last two are not the first.
    administration
        Id of the MedicationAdministration; empty while nothing was begun.
    """

    TYPE: ClassVar[str] = "MedicationDispense"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("preparation", "in-progress"))

    id: str
    treatment: str
    patient: str
    request: str
    code: str
    name: str
    dose: str
    unit: str
    minutes: int
    batch: str
    prepared_ms: int
    expires_ms: int
    prepared_by: str
    state: BagState = "prepared"
    checked_by: str = ""
    released_by: str = ""
    administration: str = ""
    started_ms: int | None = None
    ended_ms: int | None = None
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be given, or runs."""
        return self.state not in ("given", "stopped", "rejected")

    @property
    def ends_ms(self) -> int | None:
        """When it will have run through; None if it does not run."""
        if self.started_ms is None or self.state != "running":
            return None
        return self.started_ms + self.minutes * MS_PER_MINUTE

    def list_claims(self) -> tuple[Claim, ...]:
        """Return that a line of an order has one bag."""
        return (("bag", self.request),) if self.is_open else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a MedicationDispense is a bag of a treatment."""
        return bool(find_extended(record, "bag-state"))

    def to_record(self) -> Record:
        """Return the MedicationDispense."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "medicationCodeableConcept": make_concept("medicine", self.code, self.name),
            "subject": make_reference("Patient", self.patient),
            "authorizingPrescription": [make_reference("MedicationRequest", self.request)],
            "whenPrepared": to_instant(self.prepared_ms),
        }
        if self.reason:
            record["statusReasonCodeableConcept"] = {"text": self.reason}
        made = extend(
            bag_state__Code=self.state,
            treatment__Reference=make_reference("Task", self.treatment),
            dose__String=self.dose,
            unit__String=self.unit,
            minutes__PositiveInt=self.minutes,
            batch__String=self.batch or None,
            expires__Instant=to_instant(self.expires_ms),
            prepared_by__String=self.prepared_by,
            checked_by__String=self.checked_by or None,
            released_by__String=self.released_by or None,
            administration__Reference=make_reference("MedicationAdministration", self.administration)
            if self.administration
            else None,
            started__Instant=write_ms(self.started_ms),
            ended__Instant=write_ms(self.ended_ms),
        )
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a MedicationDispense that is a bag."""
        state: BagState = find_extended(record, "bag-state")
        if record["status"] not in cls.OPEN[1] and state not in ("given", "stopped", "rejected"):
            state = "rejected"  # Another system has taken it back.
        concept = record["medicationCodeableConcept"]
        return cls(
            id=record["id"],
            treatment=get_referred(find_extended(record, "treatment"), "Task"),
            patient=get_referred(record["subject"], "Patient"),
            request=get_referred(record["authorizingPrescription"][0], "MedicationRequest"),
            code=find_code(concept, "medicine") or "",
            name=concept.get("text", ""),
            dose=find_extended(record, "dose"),
            unit=find_extended(record, "unit"),
            minutes=find_extended(record, "minutes"),
            batch=find_extended(record, "batch", ""),
            prepared_ms=to_ms(record["whenPrepared"]),
            expires_ms=read_ms(record, "expires") or 0,
            prepared_by=find_extended(record, "prepared-by", ""),
            state=state,
            checked_by=find_extended(record, "checked-by", ""),
            released_by=find_extended(record, "released-by", ""),
            administration=get_referred(find_extended(record, "administration"), "MedicationAdministration"),
            started_ms=read_ms(record, "started"),
            ended_ms=read_ms(record, "ended"),
            reason=record.get("statusReasonCodeableConcept", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )


class Bags(Grouped[Bag]):
    """Bags that are not over, by treatment."""

    KIND: ClassVar[type[View]] = Bag
    OF = "treatment"
