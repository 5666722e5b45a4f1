"""`Step`: a scheduled procedure step, as a modality is told of it."""

from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from pydicom.dataset import Dataset

from oncopolis.operations.elements import PREFIX
from oncopolis.operations.people.naming import find_script
from oncopolis.operations.people.views import Named, Person

__all__ = ["Step", "StepStatus", "make_name", "to_dataset"]

StepStatus: TypeAlias = Literal["SCHEDULED", "ARRIVED", "READY", "STARTED"]
"""Defined terms of Scheduled Procedure Step Status (PS3.3 C.4.10)."""

_SEXES: Final = {"male": "M", "female": "F", "other": "O"}
_N_SHORT: Final = 10  # structure: bytes that make the 16 characters of a short string (PS3.5, SH)
_LONGEST_CODE: Final = 16  # structure: characters of a short string (PS3.5, SH)
_LONGEST_TEXT: Final = 64  # structure: characters of a long string (PS3.5, LO)
_GROUPS: Final = (("latin", "cyrillic", "hangul"), ("han",), ("hangul",))
"""Component groups of a person's name (PS3.5, PN): alphabetic, ideographic, phonetic -> scripts, best first.

A name that is known in no alphabet of the first choice stands there in its own: a screen that shows the first
group alone would name nobody."""


@dataclass(frozen=True, slots=True)
class Step:
    """One appointment at a machine.

    Parameters
    ----------
    booking
        Id of the appointment.
    station, modality
        Who is to do it, and what it is.
    start
        Local time of the centre.
    label
        What is to be done, in the words of the definition.
    """

    booking: str
    station: str
    modality: str
    unit: str
    activity: str
    start: datetime
    label: str
    status: StepStatus
    priority: str
    person: Person

    @property
    def short_id(self) -> str:
        """16 characters made from the id of the appointment: accession number, procedure and step."""
        return b32encode(sha256(self.booking.encode()).digest()[:_N_SHORT]).decode()

    @property
    def study_uid(self) -> str:
        """Study of the appointment: always the same one (PS3.5 B.2: a UUID as a number below 2.25)."""
        return f"2.25.{uuid5(NAMESPACE_URL, PREFIX + self.booking).int}"


def to_dataset(step: Step) -> Dataset:
    """Return everything a worklist says of a step (PS3.4 K.6.1.2)."""
    person, made = step.person, Dataset()
    made.AccessionNumber = step.short_id
    made.ReferringPhysicianName = ""
    made.PatientName = make_name(person.names)
    made.PatientID = person.id[:_LONGEST_TEXT]
    made.IssuerOfPatientID = PREFIX.rstrip(":")
    made.PatientBirthDate = _write_date(person.birth_date)
    made.PatientSex = _SEXES.get(person.sex, "")
    made.OtherPatientIDsSequence = list(_list_other_ids(person))
    for name in ("PatientWeight", "MedicalAlerts", "Allergies", "PregnancyStatus", "PatientState"):
        setattr(made, name, None if name in ("PatientWeight", "PregnancyStatus") else "")
    made.StudyInstanceUID = step.study_uid
    made.RequestingPhysician = ""
    made.RequestedProcedureDescription = step.label[:_LONGEST_TEXT]
    made.RequestedProcedureCodeSequence = [_make_code(step)]
    made.RequestedProcedureID = step.short_id
    made.RequestedProcedurePriority = step.priority
    for name in ("AdmissionID", "CurrentPatientLocation", "PatientTransportArrangements"):
        setattr(made, name, "")
    made.ConfidentialityConstraintOnPatientDataDescription = ""
    made.ReferencedStudySequence = []
    made.ReferencedPatientSequence = []
    made.ScheduledProcedureStepSequence = [_make_step(step)]
    return made


def _make_step(step: Step) -> Dataset:
    made = Dataset()
    made.Modality = step.modality
    made.ScheduledStationAETitle = step.station
    made.ScheduledProcedureStepStartDate = f"{step.start:%Y%m%d}"
    made.ScheduledProcedureStepStartTime = f"{step.start:%H%M%S}"
    made.ScheduledPerformingPhysicianName = ""
    made.ScheduledProcedureStepDescription = step.label[:_LONGEST_TEXT]
    made.ScheduledProtocolCodeSequence = [_make_code(step)]
    made.ScheduledProcedureStepID = step.short_id
    made.ScheduledStationName = step.unit[-_LONGEST_CODE:]
    made.ScheduledProcedureStepLocation = ""
    made.PreMedication = ""
    made.RequestedContrastAgent = ""
    made.ScheduledProcedureStepStatus = step.status
    return made


def _make_code(step: Step) -> Dataset:
    made = Dataset()
    made.CodeValue = step.activity[:_LONGEST_CODE]
    made.CodingSchemeDesignator = "99ONCOPOLIS"
    made.CodeMeaning = step.label[:_LONGEST_TEXT]
    return made


def _list_other_ids(person: Person) -> Iterator[Dataset]:
    for one in person.identifiers:
        if one.value:
            made = Dataset()
            made.PatientID = one.value[:_LONGEST_TEXT]
            made.IssuerOfPatientID = one.system[:_LONGEST_TEXT]
            made.TypeOfPatientID = "TEXT"
            yield made


def _write_date(date: str) -> str:
    """Return a birthday; nothing if only the year or the month is known."""
    digits = date.replace("-", "")
    return digits if len(digits) == len("YYYYMMDD") else ""


def make_name(names: tuple[Named, ...]) -> str:
    """Return a person's name: alphabetic=ideographic=phonetic, each family^given^middle."""
    current = [name for name in names if name.use not in ("maiden", "old")] or list(names)
    by_script = {find_script(name): name for name in reversed(current)}
    groups = [
        next((_write_name(by_script[one]) for one in scripts if one in by_script), "") for scripts in _GROUPS
    ]
    groups[0] = groups[0] or groups[1]
    if "hangul" in by_script and groups[0] == groups[2]:
        groups[2] = ""
    return "=".join(groups).rstrip("=")


def _write_name(name: Named) -> str:
    if not (name.family or name.given):
        return _clean(name.text)
    return "^".join(_clean(part) for part in (name.family, *name.given)).rstrip("^")


def _clean(text: str) -> str:
    """Without what has a meaning in a name (PS3.5, PN)."""
    return " ".join(text.translate(str.maketrans("^=\\", "   ")).split())[:_LONGEST_TEXT]
