"""`Dose`: a medicine packed for one patient and one time, until it is given: a MedicationDispense."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

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
)
from oncopolis.operations.grouping import Grouped
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record, View

DoseState: TypeAlias = Literal["released", "given", "withheld"]

_STATUSES: Final[dict[DoseState, str]] = {
    "released": "in-progress", "given": "completed", "withheld": "declined",
}  # fmt: skip
_OWN: Final = (
    "status", "statusReasonCodeableConcept", "medicationCodeableConcept", "subject",
    "authorizingPrescription",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose, as the pharmacy has packed it.

    Parameters
    ----------
    request
        Id of the MedicationRequest it is for.
    code, name, dose, unit, route
        What it is, as it was ordered; the dose as a decimal number.
    due_ms, expires_ms
        When it is to be given, and until when it may be; milliseconds since 1970 (UTC).
    batch
        Of the pharmacy.
    ended_ms, by
        When it was given or not, and by whom, ``Practitioner/<id>``.
    reason
        Why it was not given.
    """

    TYPE: ClassVar[str] = "MedicationDispense"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("in-progress",))

    id: str
    patient: str
    request: str
    code: str
    name: str
    dose: str
    unit: str
    route: str
    due_ms: int
    expires_ms: int
    batch: str = ""
    state: DoseState = "released"
    ended_ms: int | None = None
    by: str = ""
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be given."""
        return self.state == "released"

    def list_claims(self) -> tuple[Claim, ...]:
        """An order has one dose at a time."""
        return (("dose", f"{self.request}|{self.due_ms}"),) if self.is_open else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a MedicationDispense is a dose for a ward."""
        return bool(find_extended(record, "dose-state"))

    def to_record(self) -> Record:
        """Return the MedicationDispense."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "medicationCodeableConcept": make_concept("medicine", self.code, self.name),
            "subject": make_reference("Patient", self.patient),
            "authorizingPrescription": [make_reference("MedicationRequest", self.request)],
        }
        if self.reason:
            record["statusReasonCodeableConcept"] = {"text": self.reason}
        made = extend(
            dose_state__Code=self.state,
            dose__String=self.dose,
            unit__String=self.unit,
            route__Code=self.route,
            due__Instant=to_instant(self.due_ms),
            expires__Instant=to_instant(self.expires_ms),
            batch__String=self.batch or None,
            ended__Instant=write_ms(self.ended_ms),
            ended_by__String=self.by or None,
        )
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a MedicationDispense that is a dose."""
        state: DoseState = find_extended(record, "dose-state")
        if state == "released" and record["status"] not in cls.OPEN[1]:
            state = "withheld"  # Another system has taken it back.
        concept = record["medicationCodeableConcept"]
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            request=get_referred(record["authorizingPrescription"][0], "MedicationRequest"),
            code=find_code(concept, "medicine") or "",
            name=concept.get("text", ""),
            dose=find_extended(record, "dose"),
            unit=find_extended(record, "unit"),
            route=find_extended(record, "route", ""),
            due_ms=read_ms(record, "due") or 0,
            expires_ms=read_ms(record, "expires") or 0,
            batch=find_extended(record, "batch", ""),
            state=state,
            ended_ms=read_ms(record, "ended"),
            by=find_extended(record, "ended-by", ""),
            reason=record.get("statusReasonCodeableConcept", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )


class Doses(Grouped[Dose]):
    """Doses that are not over, by patient."""

    KIND: ClassVar[type[View]] = Dose
    OF = "patient"

    def list_of(self, key: str) -> tuple[Dose, ...]:
        """Return the doses of a patient, the one that is due first before others."""
        return tuple(sorted(super().list_of(key), key=lambda one: (one.due_ms, one.id)))
