"""`Share`: a case that a partner centre may see, by the patient's consent: its record is that Consent.

`Remark` is what somebody writes about it, and `Opinion` what a member of the partner's board signs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, get_args

from oncopolis.operations.elements import (
    PREFIX,
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_referred,
    list_extended,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record

ShareState: TypeAlias = Literal["active", "withdrawn"]
Scope: TypeAlias = Literal["diagnosis", "procedures", "results", "medicines"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
Agreed: TypeAlias = Literal["patient", "representative"]

_KIND: Final = "share"
_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
_ROLES: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_OWN: Final = (
    "status",
    "scope",
    "category",
    "patient",
    "dateTime",
    "organization",
    "policyRule",
    "provision",
)
_CLINIC: Final = "centre"


@dataclass(frozen=True, slots=True)
class Share:
    """One case in the hands of one partner.

    Parameters
    ----------
    case
        Task on the board's agenda; course it is about.
    partner
        Organization that may see it.
    pseudonym
        What the patient is called there.
    scopes, documents
        What may be seen: kinds of records, and documents one by one.
    until
        Last day on which it may be seen.
    agreed_by
        Who has consented.
    """

    TYPE: ClassVar[str] = "Consent"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("active",))

    id: str
    patient: str
    case: str
    course: str
    partner: str
    pseudonym: str
    question: str
    scopes: tuple[Scope, ...]
    documents: tuple[str, ...]
    until: date
    agreed_by: Agreed
    shared_ms: int
    shared_by: str
    state: ShareState = "active"
    withdrawn_ms: int | None = None
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it was not withdrawn."""
        return self.state == "active"

    def holds_on(self, day: date) -> bool:
        """Whether the partner may see it on a day."""
        return self.is_open and day <= self.until

    def list_claims(self) -> tuple[Claim, ...]:
        """One partner has a case once."""
        return (("share", f"{self.case}|{self.partner}"),)

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Consent lets a partner see a case."""
        return any(find_code(one, _KIND) for one in record.get("category", ()))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Consent that lets a partner see a case; any other status than active withdraws it."""
        provision = record["provision"]
        return cls(
            id=record["id"],
            patient=get_referred(record["patient"], "Patient"),
            case=find_extended(record, "case"),
            course=find_extended(record, "course"),
            partner=get_referred(provision["actor"][0]["reference"], "Organization"),
            pseudonym=find_extended(record, "pseudonym"),
            question=find_extended(record, "question", otherwise=""),
            scopes=tuple(list_extended(record, "scope")),
            documents=tuple(
                get_referred(one["reference"], "DocumentReference") for one in provision.get("data", ())
            ),
            until=date.fromisoformat(provision["period"]["end"]),
            agreed_by=find_extended(record, "agreed-by", otherwise="patient"),
            shared_ms=to_ms(record["dateTime"]),
            shared_by=find_extended(record, "shared-by", otherwise=""),
            state="active" if record["status"] == "active" else "withdrawn",
            withdrawn_ms=read_ms(record, "withdrawn"),
            reason=find_extended(record, "reason", otherwise=""),
            rest=take_rest(record, _OWN),
        )

    def to_record(self) -> Record:
        """Return the Consent."""
        provision: Record = {
            "type": "permit",
            "period": {"end": self.until.isoformat()},
            "actor": [
                {
                    "role": {"coding": [{"system": _ROLES, "code": "IRCP"}]},
                    "reference": make_reference("Organization", self.partner),
                }
            ],
        }
        if self.documents:
            provision["data"] = [
                {"meaning": "instance", "reference": make_reference("DocumentReference", one)}
                for one in self.documents
            ]
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": "active" if self.is_open else "inactive",
            "scope": {"coding": [{"system": _SCOPE, "code": "patient-privacy"}]},
            "category": [make_concept(_KIND, "tumour-board")],
            "patient": make_reference("Patient", self.patient),
            "dateTime": to_instant(self.shared_ms),
            "organization": [make_reference("Organization", _CLINIC)],
            "policyRule": {"text": "Consent of the patient, until withdrawn or expired"},
            "provision": provision,
        }
        made = extend(
            case__String=self.case,
            course__String=self.course,
            pseudonym__String=self.pseudonym,
            question__String=self.question or None,
            scope__Code=self.scopes,
            agreed_by__Code=self.agreed_by,
            shared_by__String=self.shared_by or None,
            withdrawn__Instant=write_ms(self.withdrawn_ms),
            reason__String=self.reason or None,
        )
        return add_rest(add_extensions(record, made), self.rest)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was written about a shared case, seen by both sides. A Communication."""

    TYPE: ClassVar[str] = "Communication"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("completed",))

    id: str
    patient: str
    share: str
    by: str
    at_ms: int
    text: str

    @property
    def is_open(self) -> bool:
        """Never: it is read with its case."""
        return False

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Communication is about a shared case."""
        return any(find_code(one, "share-remark") for one in record.get("category", ()))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        return cls(
            record["id"], get_referred(record["subject"], "Patient"),
            get_referred(record["basedOn"][0], "Consent"), record["sender"]["reference"],
            to_ms(record["sent"]), record["payload"][0]["contentString"],
        )  # fmt: skip

    def to_record(self) -> Record:
        """Return the Communication."""
        return {
            "resourceType": self.TYPE,
            "id": self.id,
            "basedOn": [make_reference("Consent", self.share)],
            "status": "completed",
            "category": [make_concept("share-remark", "remark")],
            "subject": make_reference("Patient", self.patient),
            "sent": to_instant(self.at_ms),
            "sender": {"reference": self.by},
            "payload": [{"contentString": self.text}],
        }


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a member of the partner's board advises, signed. A ClinicalImpression, on the board's agenda.

    Parameters
    ----------
    by
        Who has signed it, ``Practitioner/id``, as a member of ``partner``.
    """

    TYPE: ClassVar[str] = "ClinicalImpression"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("completed",))

    id: str
    patient: str
    share: str
    case: str
    partner: str
    by: str
    at_ms: int
    text: str

    @property
    def is_open(self) -> bool:
        """Never: it is read with its case."""
        return False

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a ClinicalImpression is a partner's opinion."""
        return find_code(record.get("code", {}), "opinion") is not None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        info = record["supportingInfo"]
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            share=next(filter(None, (get_referred(one, "Consent") for one in info)), ""),
            case=next(filter(None, (get_referred(one, "Task") for one in info)), ""),
            partner=find_extended(record, "partner", otherwise=""),
            by=record["assessor"]["reference"],
            at_ms=to_ms(record["date"]),
            text=record["summary"],
        )

    def to_record(self) -> Record:
        """Return the ClinicalImpression."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": "completed",
            "code": make_concept("opinion", "tumour-board"),
            "subject": make_reference("Patient", self.patient),
            "date": to_instant(self.at_ms),
            "assessor": {"reference": self.by},
            "summary": self.text,
            "supportingInfo": [make_reference("Consent", self.share), make_reference("Task", self.case)],
        }
        return add_extensions(record, extend(partner__String=self.partner))

    def make_signature(self, id_: str) -> Record:
        """Return the Provenance that says who has signed it, when, and for whom."""
        author = {"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}
        when = to_instant(self.at_ms)
        return {
            "resourceType": "Provenance",
            "id": id_,
            "target": [make_reference("ClinicalImpression", self.id)],
            "recorded": when,
            "activity": {"coding": [{"system": PREFIX + "activity", "code": "opinion-signed"}]},
            "agent": [
                {
                    "who": {"reference": self.by},
                    "onBehalfOf": make_reference("Organization", self.partner),
                }
            ],
            "signature": [{"type": [author], "when": when, "who": {"reference": self.by}}],
        }
