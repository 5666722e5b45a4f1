"""`BloodUnit`: blood that the blood bank has issued for a patient. Its record is a SupplyDelivery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.elements import (
    PREFIX,
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
from oncopolis.operations.views import Claim, Record, View

NUMBER: Final = PREFIX + "donation-number"
UnitState: TypeAlias = Literal["issued", "given", "returned"]
_STATUSES: Final[dict[UnitState, str]] = {
    "issued": "in-progress",
    "given": "completed",
    "returned": "abandoned",
}
_STATES: Final[dict[str, UnitState]] = {status: state for state, status in _STATUSES.items()}
_OWN = ("status", "identifier", "patient", "suppliedItem", "occurrenceDateTime")


@dataclass(frozen=True, slots=True)
class BloodUnit:
    """One unit, compatible with one patient: the blood bank says so, not we.

    Parameters
    ----------
    number
        Donation identification number, 13 characters (ISBT 128).
    product, group
        Product code, and blood groups as the label has them.
    expires
        Last day, ISO form.
    given_ms
        Milliseconds since 1970 (UTC).
    """

    TYPE: ClassVar[str] = "SupplyDelivery"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("in-progress",))

    id: str
    patient: str
    number: str
    product: str
    group: str
    expires: str
    state: UnitState = "issued"
    given_ms: int | None = None
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it may be given."""
        return self.state == "issued"

    def list_claims(self) -> tuple[Claim, ...]:
        """Return that no unit of a donation is issued for two patients."""
        return (("blood", f"{self.number} {self.product}"),) if self.is_open else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a SupplyDelivery is a unit of blood for a patient."""
        item = record.get("suppliedItem", {}).get("itemCodeableConcept", {})
        return bool(
            _find_number(record)
            and get_referred(record.get("patient"), "Patient")
            and find_code(item, "blood-product")
        )

    def to_record(self) -> Record:
        """Return the SupplyDelivery."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "identifier": [{"system": NUMBER, "value": self.number}],
            "status": _STATUSES[self.state],
            "patient": make_reference("Patient", self.patient),
            "suppliedItem": {"itemCodeableConcept": make_concept("blood-product", self.product)},
        }
        if self.given_ms is not None:
            record["occurrenceDateTime"] = to_instant(self.given_ms)
        made = extend(blood_group__String=self.group or None, expires__Date=self.expires or None)
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a SupplyDelivery that is a unit of blood."""
        given = record.get("occurrenceDateTime")
        return cls(
            id=record["id"],
            patient=get_referred(record["patient"], "Patient"),
            number=_find_number(record),
            product=str(find_code(record["suppliedItem"]["itemCodeableConcept"], "blood-product")),
            group=find_extended(record, "blood-group", ""),
            expires=find_extended(record, "expires", ""),
            state=_STATES.get(record["status"], "returned"),
            given_ms=None if given is None else to_ms(given),
            rest=take_rest(record, _OWN),
        )


def _find_number(record: Mapping[str, Any]) -> str:
    found = (one.get("value", "") for one in record.get("identifier", ()) if one.get("system") == NUMBER)
    return next(found, "")


class BloodUnits:
    """Units that may be given, by the number and product code of their labels."""

    KIND: ClassVar[type[View]] = BloodUnit

    def __init__(self) -> None:
        self.of_label: dict[tuple[str, str], BloodUnit] = {}

    def change(self, before: BloodUnit | None, after: BloodUnit | None) -> None:
        """A unit was issued, or is not to be given any more."""
        if before is not None:
            self.of_label.pop((before.number, before.product), None)
        if after is not None:
            self.of_label[after.number, after.product] = after

    def find(self, number: str, product: str) -> BloodUnit | None:
        """Return the unit of a label; by its number alone where only that was scanned and one unit has it."""
        if product:
            return self.of_label.get((number, product))
        found = [unit for (known, _), unit in self.of_label.items() if known == number]
        return found[0] if len(found) == 1 else None
