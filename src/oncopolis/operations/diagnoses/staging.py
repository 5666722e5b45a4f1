"""`Staging`: the extent of a tumour as somebody stated it: mCODE's TNM stage group with its members."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, cast, get_args

from oncopolis.operations.diagnoses.coding import (
    AJCC,
    EDITIONS,
    GRADE_CODE,
    GROUP,
    MCODE,
    NCIT,
    PARTS,
    Classified,
    Edition,
    Part,
)
from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_extended,
    get_referred,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.views import Claim, Record
from oncopolis.record.oncology.systems import SNOMED

Source: TypeAlias = Literal["clinician", "pathology", "board", "elsewhere"]
"""Who states a stage."""
SOURCES: Final[tuple[Source, ...]] = get_args(Source)

_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_OWN: Final = (
    "status", "category", "code", "subject", "focus", "effectiveDateTime", "issued", "performer",
    "valueCodeableConcept", "method", "hasMember", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staging:
    """One statement of a stage.

    Parameters
    ----------
    classified
        What it is from: ``c``, ``p``, ``yc``, ``yp``, ``r`` or ``a``.
    t, n, m
        Categories with their prefix: ``cT2``; empty where they are not told.
    group
        Stage group as it was stated; empty where nobody stated one. It is never worked out here.
    grade
        ``G1`` to ``G4``, ``GX``, or empty.
    source, said_by
        Who states it: in what capacity, and the practitioner who answers for it.
    day
        Of which day it is the extent.
    reason
        Why it was withdrawn, or which earlier one it puts right.
    """

    TYPE: ClassVar[str] = "Observation"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("final",))

    id: str
    patient: str
    diagnosis: str
    classified: Classified
    edition: Edition
    day: str
    said_by: str
    stated_ms: int
    t: str = ""
    n: str = ""
    m: str = ""
    group: str = ""
    grade: str = ""
    source: Source = "clinician"
    is_withdrawn: bool = False
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Never: like diagnoses, they are read when they are asked for."""
        return False

    @property
    def tnm(self) -> str:
        """The categories in one line."""
        return " ".join(filter(None, (self.t, self.n, self.m)))

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether an Observation is a stage that was stated here."""
        return find_extended(record, "classified") is not None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read an Observation that is a stage."""
        members = {
            one["reference"].rpartition("-")[2]: one.get("display", "") for one in record.get("hasMember", ())
        }
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            diagnosis=get_referred(record["focus"][0], "Condition"),
            classified=find_extended(record, "classified"),
            edition=cast("Edition", find_extended(record, "edition")),
            day=record["effectiveDateTime"],
            said_by=record["performer"][0]["reference"],
            stated_ms=to_ms(record["issued"]),
            t=members.get("t", ""),
            n=members.get("n", ""),
            m=members.get("m", ""),
            group=record.get("valueCodeableConcept", {}).get("text", ""),
            grade=find_extended(record, "grade", otherwise=""),
            source=find_extended(record, "stated-as", otherwise="clinician"),
            is_withdrawn=record["status"] == "entered-in-error",
            reason=next((one["text"] for one in record.get("note", ())), ""),
            rest=take_rest(record, _OWN),
        )

    def to_record(self) -> Record:
        """Return the stage group; where nobody stated a group, it says that."""
        record = self._observe(GROUP, self.id, self.group)
        members = [
            make_reference("Observation", f"{self.id}-{letter}", value)
            for letter, value in self._list_categories()
        ]
        record |= {"hasMember": members} if members else {}
        record |= {"note": [{"text": self.reason}]} if self.reason else {}
        extensions = extend(
            classified__Code=self.classified,
            edition__Code=self.edition,
            stated_as__Code=self.source,
            grade__Code=self.grade or None,
        )
        record["meta"] = self.rest.get("meta", {}) | record["meta"]
        return add_rest(add_extensions(record, extensions), self.rest)

    def make_members(self) -> tuple[Record, ...]:
        """Return the observations the group is made of, and the grade."""
        categories = [
            self._observe(PARTS[letter], f"{self.id}-{letter}", value)
            for letter, value in self._list_categories()
        ]
        return (*categories, *self._list_grades())

    def _list_categories(self) -> Iterator[tuple[str, str]]:
        return (
            (letter, value) for letter, value in zip("tnm", (self.t, self.n, self.m), strict=True) if value
        )

    def _list_grades(self) -> Iterator[Record]:
        if self.grade:
            record = self._observe(GROUP, f"{self.id}-g", self.grade)
            del record["method"]
            yield record | {
                "meta": {"profile": [MCODE + "histologic-grade"]},
                "category": [{"coding": [{"system": _CATEGORY, "code": "laboratory"}]}],
                "code": {"coding": [{"system": NCIT, "code": GRADE_CODE}]},
                "valueCodeableConcept": {"text": self.grade},
            }

    def _observe(self, part: Part, id_: str, value: str) -> Record:
        name, method = EDITIONS[self.edition]
        coding = {"coding": [{"system": SNOMED, "code": method}]} if method else {}
        told: Record = (
            {"valueCodeableConcept": {"coding": [{"system": AJCC, "code": value}], "text": value}}
            if value
            else {"dataAbsentReason": {"coding": [{"system": _ABSENT, "code": "unknown"}]}}
        )
        return {
            "resourceType": self.TYPE,
            "id": id_,
            "meta": {"profile": [MCODE + part.profile]},
            "status": "entered-in-error" if self.is_withdrawn else "final",
            "category": [{"coding": [{"system": _CATEGORY, "code": "exam"}]}],
            "code": {"coding": [{"system": SNOMED, "code": part.find_code(self.classified)}]},
            "subject": make_reference("Patient", self.patient),
            "focus": [make_reference("Condition", self.diagnosis)],
            "effectiveDateTime": self.day,
            "issued": to_instant(self.stated_ms),
            "performer": [{"reference": self.said_by}],
            **told,
            "method": coding | {"text": name},
        }
