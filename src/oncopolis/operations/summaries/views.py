"""`Summary`: what a stay was about, for whoever treats the patient next. Its record is a Composition."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, get_args

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
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record
from oncopolis.record.oncology.systems import LOINC

SummaryState: TypeAlias = Literal["draft", "signed", "withdrawn"]
Part: TypeAlias = Literal[
    "stay", "diagnoses", "course", "procedures", "results", "medicines", "follow_up", "advice"
]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
WRITTEN: Final[tuple[Part, ...]] = ("course", "advice")
"""Parts that somebody writes; the others come from the record."""

_CODES: Final[dict[Part, str]] = {
    "stay": "46240-8", "diagnoses": "11535-2", "course": "8648-8", "procedures": "47519-4",
    "results": "30954-2", "medicines": "10183-2", "follow_up": "18776-5", "advice": "69730-0",
}  # fmt: skip
"""Part -> LOINC code of its section (RECALLED)."""
KIND: Final = "18842-5"
"""LOINC code of a discharge summary."""
_STATUSES: Final[dict[SummaryState, str]] = {
    "draft": "preliminary", "signed": "final", "withdrawn": "entered-in-error",
}  # fmt: skip
_STATES: Final = {status: state for state, status in _STATUSES.items()}
_LINE: Final = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_OWN: Final = (
    "status", "type", "subject", "encounter", "date", "author", "title", "attester", "relatesTo", "section",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One part: its lines as they were entered, and the records they are from (``Type/id``)."""

    part: Part
    lines: tuple[str, ...]
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """One discharge summary.

    Parameters
    ----------
    written_ms, written_by
        When it was put together last, and who answers for it.
    signed_ms, signed_by
        When and by whom it was signed; None and empty before.
    despite
        Why it was signed although something was open.
    given_ms, given_to
        When and to whom it was given; None and empty before.
    replaces
        Signed summary of the same stay whose place it takes.
    """

    TYPE: ClassVar[str] = "Composition"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("preliminary",))

    id: str
    patient: str
    stay: str
    written_ms: int
    written_by: str
    sections: tuple[Section, ...]
    state: SummaryState = "draft"
    signed_ms: int | None = None
    signed_by: str = ""
    despite: str = ""
    given_ms: int | None = None
    given_to: str = ""
    replaces: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Never: it is read when somebody asks for it."""
        return False

    def get_lines(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part."""
        return next((one.lines for one in self.sections if one.part == part), ())

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Composition is a discharge summary that was made here."""
        codes = {one.get("code") for one in record.get("type", {}).get("coding", ())}
        return KIND in codes and bool(get_referred(record.get("encounter"), "Encounter"))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Composition that is a discharge summary."""
        attester: Record = next(iter(record.get("attester", ())), {})
        replaced = (one.get("targetReference") for one in record.get("relatesTo", ()))
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            stay=get_referred(record["encounter"], "Encounter"),
            written_ms=to_ms(record["date"]),
            written_by=record["author"][0]["reference"],
            sections=tuple(map(_read_section, record.get("section", ()))),
            state=_STATES.get(record["status"], "withdrawn"),
            signed_ms=to_ms(attester["time"]) if attester else None,
            signed_by=attester.get("party", {}).get("reference", ""),
            despite=find_extended(record, "despite", otherwise=""),
            given_ms=read_ms(record, "given"),
            given_to=find_extended(record, "given-to", otherwise=""),
            replaces=next((get_referred(one, "Composition") for one in replaced), ""),
            rest=take_rest(record, _OWN),
        )

    def to_record(self) -> Record:
        """Return the Composition."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "type": {"coding": [{"system": LOINC, "code": KIND}]},
            "subject": make_reference("Patient", self.patient),
            "encounter": make_reference("Encounter", self.stay),
            "date": to_instant(self.written_ms),
            "author": [{"reference": self.written_by}],
            "title": "Discharge summary",
            "section": [_write_section(one) for one in self.sections if one.lines],
        }
        if self.signed_ms is not None:
            party = {"reference": self.signed_by}
            record["attester"] = [{"mode": "legal", "time": to_instant(self.signed_ms), "party": party}]
        if self.replaces:
            target = make_reference("Composition", self.replaces)
            record["relatesTo"] = [{"code": "replaces", "targetReference": target}]
        made = extend(
            despite__String=self.despite or None,
            given__Instant=write_ms(self.given_ms),
            given_to__String=self.given_to or None,
        )
        full = {name: value for name, value in record.items() if value}
        return add_rest(add_extensions(full, made), self.rest)

    def make_document(self) -> Record:
        """Return the DocumentReference under which others find it."""
        return {
            "resourceType": "DocumentReference",
            "id": self.id,
            "status": "entered-in-error" if self.state == "withdrawn" else "current",
            "docStatus": _STATUSES[self.state],
            "type": {"coding": [{"system": LOINC, "code": KIND}]},
            "subject": make_reference("Patient", self.patient),
            "date": to_instant(self.signed_ms if self.signed_ms is not None else self.written_ms),
            "author": [{"reference": self.written_by}],
            "content": [
                {"attachment": {"contentType": "application/fhir+json", "url": f"Composition/{self.id}"}}
            ],
            "context": {"encounter": [make_reference("Encounter", self.stay)]},
        }


def _write_section(section: Section) -> Record:
    lines = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><ul>{lines}</ul></div>'
    record: Record = {
        "title": section.part,
        "code": {"coding": [{"system": LOINC, "code": _CODES[section.part]}]},
        "text": {"status": "generated", "div": div},
    }
    entries = [{"reference": entry} for entry in section.entries]
    return record | ({"entry": entries} if entries else {})


def _read_section(record: Mapping[str, Any]) -> Section:
    div = str(record.get("text", {}).get("div", ""))
    lines = tuple(unescape(line) for line in _LINE.findall(div))
    return Section(record["title"], lines, _list_names(record.get("entry", ())))


def _list_names(entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(one.get("reference", "")) for one in entries)
