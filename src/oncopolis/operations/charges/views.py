"""`Charge`: what one contact or stay costs. Its record is a ChargeItem, never changed in its amounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.elements import (
    PREFIX,
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_referred,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.views import Claim, Record

ChargeState: TypeAlias = Literal["unpriced", "billable", "claimed", "reversed"]
"""No tariff is known; on no claim yet; on one; taken back before it was on one."""

_STATUSES: Final[dict[ChargeState, str]] = {
    "unpriced": "planned", "billable": "billable", "claimed": "billed", "reversed": "not-billable",
}  # fmt: skip
_OWN: Final = (
    "status", "code", "subject", "context", "occurrenceDateTime", "quantity", "priceOverride", "partOf",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Charge:
    """One line. A reversal is a line of its own with the amounts of what it takes back, below zero.

    Parameters
    ----------
    encounter
        Contact or stay it is for.
    day
        Day of the centre's calendar on which that ended.
    quantity
        Contacts, or days of a stay; below zero for a reversal.
    price
        Of one; None as long as no tariff is known.
    net, patient_part
        Amounts of the line, rounded.
    claim
        Claim it is on; empty if on none.
    reverses
        Charge it takes back; empty if it takes back none.
    """

    TYPE: ClassVar[str] = "ChargeItem"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("code", ("unpriced", "billable"))

    id: str
    patient: str
    encounter: str
    activity: str
    day: date
    at_ms: int
    payer: str
    quantity: int
    state: ChargeState
    code: str = ""
    currency: str = ""
    price: Decimal | None = None
    net: Decimal = Decimal(0)
    patient_part: Decimal = Decimal(0)
    claim: str = ""
    reverses: str = ""
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Never: charges are read when somebody asks for them."""
        return False

    @property
    def payer_part(self) -> Decimal:
        """What the payer pays."""
        return self.net - self.patient_part

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a ChargeItem is a charge of the live centre."""
        return find_code(record.get("code", {}), "charge-state") in _STATUSES

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a ChargeItem that is a charge of the live centre."""
        code = record["code"]
        price = find_extended(record, "price")
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            encounter=get_referred(record["context"], "Encounter"),
            activity=find_code(code, "activity") or "",
            day=date.fromisoformat(str(find_code(code, "charge-day"))),
            at_ms=to_ms(record["occurrenceDateTime"]),
            payer=find_extended(record, "payer", otherwise=""),
            quantity=int(record["quantity"]["value"]),
            state=_read_state(find_code(code, "charge-state")),
            code=find_code(code, "tariff") or "",
            currency=find_extended(record, "currency", otherwise=""),
            price=None if price is None else Decimal(price),
            net=Decimal(find_extended(record, "net", otherwise="0")),
            patient_part=Decimal(find_extended(record, "patient-part", otherwise="0")),
            claim=find_extended(record, "claim", otherwise=""),
            reverses=next((get_referred(one, "ChargeItem") for one in record.get("partOf", ())), ""),
            reason=next((one["text"] for one in record.get("note", ())), ""),
            rest=take_rest(record, _OWN),
        )

    def to_record(self) -> Record:
        """Return the ChargeItem. Its day and state are codes, so that they can be searched for."""
        codes = {
            "tariff": self.code, "activity": self.activity, "charge-day": self.day.isoformat(),
            "charge-state": self.state,
        }  # fmt: skip
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "code": {
                "coding": [{"system": PREFIX + kind, "code": code} for kind, code in codes.items() if code]
            },
            "subject": make_reference("Patient", self.patient),
            "context": make_reference("Encounter", self.encounter),
            "occurrenceDateTime": to_instant(self.at_ms),
            "quantity": {"value": self.quantity},
        }
        if self.price is not None:
            record["priceOverride"] = {"value": self.net, "currency": self.currency}
        if self.reverses:
            record["partOf"] = [make_reference("ChargeItem", self.reverses)]
        if self.reason:
            record["note"] = [{"text": self.reason}]
        made = extend(
            payer__String=self.payer,
            currency__String=self.currency or None,
            price__String=None if self.price is None else str(self.price),
            net__String=str(self.net),
            patient_part__String=str(self.patient_part),
            claim__String=self.claim or None,
        )
        return add_rest(add_extensions(record, made), self.rest)


def _read_state(code: str | None) -> ChargeState:
    return next((state for state in _STATUSES if state == code), "unpriced")
