"""`Diagnosis`: a tumour of a patient. Its record is a Condition in mCODE's profile of primary cancers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.diagnoses.coding import EVIDENCE, MCODE, SIDES
from oncopolis.operations.elements import (
    add_rest,
    get_referred,
    make_reference,
    take_rest,
)
from oncopolis.operations.views import Claim, Record
from oncopolis.record.oncology.systems import BASIS, ICD10, ICDO3, SNOMED

DiagnosisState: TypeAlias = Literal["confirmed", "provisional", "withdrawn"]

_PROFILE: Final = MCODE + "primary-cancer-condition"
_MORPHOLOGY: Final = MCODE + "histology-morphology-behavior"
_SIDE: Final = MCODE + "laterality-qualifier"
_ASSERTED: Final = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
_MINE: Final = (_MORPHOLOGY, _ASSERTED)
_STATUSES: Final[dict[DiagnosisState, str]] = {
    "confirmed": "confirmed", "provisional": "provisional", "withdrawn": "entered-in-error",
}  # fmt: skip
_STATES: Final[dict[str, DiagnosisState]] = {status: state for state, status in _STATUSES.items()}
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/condition-"
_OWN: Final = (
    "clinicalStatus", "verificationStatus", "category", "code", "bodySite", "subject", "recordedDate",
    "asserter", "evidence", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """Why something was changed, by whom (``Practitioner/id``) and when (an instant)."""

    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One tumour.

    Parameters
    ----------
    icd10, topography, morphology
        Codes in their normal form; the last two of ICD-O-3, empty where they are not told.
    side
        Which of a pair of organs; empty where that is no question, or not known.
    day
        When the cancer was found, to the day, month or year.
    basis
        Most valid basis, as ENCR and IACR number them.
    said_by, recorded
        Who says so, and when it was recorded.
    notes
        What was changed, and why.
    """

    TYPE: ClassVar[str] = "Condition"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("clinical-status", ("active",))

    id: str
    patient: str
    icd10: str
    topography: str = ""
    morphology: str = ""
    side: str = ""
    day: str = ""
    basis: str = ""
    said_by: str = ""
    recorded: str = ""
    state: DiagnosisState = "confirmed"
    notes: tuple[Note, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Never: like people, diagnoses are read when they are asked for."""
        return False

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Condition is a tumour, whoever recorded it."""
        claimed = record.get("meta", {}).get("profile", ())
        return any(one.partition("|")[0] == _PROFILE for one in claimed) and _has_patient(record)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Condition that is a tumour."""
        own = {one.get("url"): one for one in record.get("extension", ())}
        site: Record = next(iter(record.get("bodySite", ())), {})
        evidence = [code for one in record.get("evidence", ()) for code in one.get("code", ())]
        onset = str(record.get("onsetDateTime", ""))[: len("2000-01-01")]
        rest = take_rest(record, _OWN)
        kept = [one for one in rest.get("extension", ()) if one.get("url") not in _MINE]
        others = {name: value for name, value in rest.items() if name != "extension"}
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            icd10=_find(record.get("code", {}), ICD10),
            topography=_find(site, ICDO3),
            morphology=_find(own.get(_MORPHOLOGY, {}).get("valueCodeableConcept", {}), ICDO3),
            side=_find_side(site),
            day=own.get(_ASSERTED, {}).get("valueDateTime", onset),
            basis=next(filter(None, (_find(one, BASIS) for one in evidence)), ""),
            said_by=record.get("asserter", {}).get("reference", ""),
            recorded=record.get("recordedDate", ""),
            state=_STATES.get(
                _find(record.get("verificationStatus", {}), _TERMS + "ver-status"), "confirmed"
            ),
            notes=tuple(
                Note(one["text"], one.get("authorReference", {}).get("reference", ""), one.get("time", ""))
                for one in record.get("note", ())
            ),
            rest=others | ({"extension": kept} if kept else {}),
        )

    def to_record(self) -> Record:
        """Return the Condition; one that was entered in error has no clinical status."""
        meta = self.rest.get("meta", {})
        profiles = [one for one in meta.get("profile", ()) if one != _PROFILE]
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "meta": meta | {"profile": [_PROFILE, *profiles]},
            "extension": self._list_extensions(),
            "clinicalStatus": {} if self.state == "withdrawn" else _make(_TERMS + "clinical", "active"),
            "verificationStatus": _make(_TERMS + "ver-status", _STATUSES[self.state]),
            "category": [_make(_TERMS + "category", "problem-list-item")],
            "code": _make(ICD10, self.icd10),
            "bodySite": self._list_sites(),
            "subject": make_reference("Patient", self.patient),
            "recordedDate": self.recorded,
            "asserter": {"reference": self.said_by} if self.said_by else {},
            "evidence": self._list_evidence(),
            "note": [
                {"authorReference": {"reference": one.by}, "time": one.at, "text": one.text}
                for one in self.notes
            ],
        }
        return add_rest({name: value for name, value in record.items() if value}, self.rest)

    def _list_extensions(self) -> list[Record]:
        told = (
            (_ASSERTED, "valueDateTime", self.day),
            (_MORPHOLOGY, "valueCodeableConcept", self.morphology),
        )
        return [
            {"url": url, name: _make(ICDO3, value) if name == "valueCodeableConcept" else value}
            for url, name, value in told
            if value
        ]

    def _list_sites(self) -> list[Record]:
        if not self.topography:
            return []
        code = next((code for side, code in SIDES.items() if side == self.side), "")
        side = [{"url": _SIDE, "valueCodeableConcept": _make(SNOMED, code)}] if code else []
        return [({"extension": side} if side else {}) | _make(ICDO3, self.topography)]

    def _list_evidence(self) -> list[Record]:
        if not self.basis:
            return []
        kind = next((code for basis, code in EVIDENCE.items() if basis == self.basis), "")
        known = [{"system": SNOMED, "code": kind}] if kind else []
        return [{"code": [{"coding": [{"system": BASIS, "code": self.basis}, *known]}]}]


def _has_patient(record: Mapping[str, Any]) -> bool:
    return bool(get_referred(record.get("subject"), "Patient"))


def _make(system: str, code: str) -> Record:
    return {"coding": [{"system": system, "code": code}]}


def _find(concept: Mapping[str, Any], system: str) -> str:
    codings = concept.get("coding", ())
    return next((one.get("code", "") for one in codings if one.get("system") == system), "")


def _find_side(site: Mapping[str, Any]) -> str:
    told = (one for one in site.get("extension", ()) if one.get("url") == _SIDE)
    code = next((_find(one.get("valueCodeableConcept", {}), SNOMED) for one in told), "")
    return next((side for side, known in SIDES.items() if known == code), "")
