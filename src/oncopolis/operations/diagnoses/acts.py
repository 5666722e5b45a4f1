"""A tumour is diagnosed, staged and staged again; what was wrong is put right, and nothing is forgotten."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.diagnoses.coding import Basis, Classified, Edition, Grade, Side
from oncopolis.operations.diagnoses.reading import list_tumours
from oncopolis.operations.diagnoses.staging import Source, Staging
from oncopolis.operations.diagnoses.views import Diagnosis, Note
from oncopolis.operations.elements import to_instant
from oncopolis.operations.floor import Floor
from oncopolis.record.oncology import (
    Checked,
    check_agreement,
    check_icd10,
    check_morphology,
    check_stage,
    check_tnm,
    check_topography,
)

Code: TypeAlias = Annotated[str, Field(max_length=20)]  # structure: longer than any code


class Said(Frozen):
    """What is said of a tumour."""

    icd10: Code
    """Code of ICD-10: C50.9."""
    topography: Code = ""
    """Code of ICD-O-3: C50.9."""
    morphology: Code = ""
    """Code of ICD-O-3 with its behaviour: 8500/3."""
    side: Side | Literal[""] = ""
    """Which of a pair of organs."""
    day: date
    """When the cancer was found."""
    basis: Basis
    """Most valid basis of the diagnosis, as ENCR and IACR number them."""
    is_provisional: bool = False
    """Whether it is still to be confirmed."""
    by: Id | None = None
    """Practitioner who says so, where a program tells."""


class RecordDiagnosis(Said):
    """A tumour is diagnosed."""

    patient: Id
    """Patient."""


class CorrectDiagnosis(Said):
    """What was said of a tumour is put right."""

    diagnosis: Id
    """Diagnosis."""
    reason: Text
    """Why."""


class Withdraw(Frozen):
    """Something was entered in error."""

    reason: Text
    """Why."""
    by: Id | None = None
    """Practitioner who says so, where a program tells."""


class WithdrawDiagnosis(Withdraw):
    """A diagnosis was entered in error, and its stages with it."""

    diagnosis: Id
    """Diagnosis."""


class WithdrawStaging(Withdraw):
    """A stage was entered in error."""

    staging: Id
    """Stage."""


class StageTumour(Frozen):
    """The extent of a tumour is stated. The group is what was stated; it is not worked out."""

    diagnosis: Id
    """Diagnosis."""
    classified: Classified
    """What it is from: c, p, yc, yp, r or a."""
    edition: Edition
    """Edition of the classification."""
    t: Code = ""
    """2, is, X ...: without the letter, or with it."""
    n: Code = ""
    """0, 1a, X ..."""
    m: Code = ""
    """0 or 1 ..."""
    grade: Grade | Literal[""] = ""
    """Grade."""
    group: Code = ""
    """Stage group as it was stated: IIA."""
    source: Source
    """In what capacity it is stated."""
    day: date
    """Of which day it is the extent."""
    instead_of: Id | None = None
    """Stage that was wrong and is withdrawn with it."""
    reason: Text = ""
    """Why, where another one was wrong."""
    by: Id | None = None
    """Practitioner who answers for it, where a program tells."""


def record_diagnosis(floor: Floor, asked: RecordDiagnosis, moment: Moment) -> Decision:
    """Record a tumour."""
    where = f"Patient/{asked.patient}"
    check_patient(floor, asked.patient)
    person = name_person(moment, asked.by, where)
    at = to_instant(moment.at_ms)
    made = _fill(Diagnosis(moment.make_id(), asked.patient, "", said_by=person, recorded=at), asked, moment)
    return _tell(made)


def correct_diagnosis(floor: Floor, asked: CorrectDiagnosis, moment: Moment) -> Decision:
    """Put right what was said of a tumour; who changed what, and why, stays with it."""
    known = _get(floor, asked.diagnosis)
    where = f"Condition/{known.id}"
    person = name_person(moment, asked.by, where)
    note = Note(check_reason(asked.reason, where), person, to_instant(moment.at_ms))
    changed = _fill(replace(known, notes=(*known.notes, note)), asked, moment)
    return _tell(changed)


def withdraw_diagnosis(floor: Floor, asked: WithdrawDiagnosis, moment: Moment) -> Decision:
    """Mark a diagnosis as entered in error."""
    known = _get(floor, asked.diagnosis)
    where = f"Condition/{known.id}"
    person = name_person(moment, asked.by, where)
    note = Note(check_reason(asked.reason, where), person, to_instant(moment.at_ms))
    decision = _tell(replace(known, state="withdrawn", notes=(*known.notes, note)))
    for tumour in list_tumours(floor, known.patient):
        for staging in tumour.stagings if tumour.diagnosis.id == known.id else ():
            decision += Decision() if staging.is_withdrawn else _withdraw(staging, asked.reason)
    return decision


def stage_tumour(floor: Floor, asked: StageTumour, moment: Moment) -> Decision:
    """State the extent of a tumour; one that was wrong is withdrawn with it."""
    known = _get(floor, asked.diagnosis)
    where = f"Condition/{known.id}"
    person = name_person(moment, asked.by, where)
    _check_day(asked.day, moment)
    made = Staging(
        id=moment.make_id(),
        patient=known.patient,
        diagnosis=known.id,
        classified=asked.classified,
        edition=asked.edition,
        day=asked.day.isoformat(),
        said_by=person,
        stated_ms=moment.at_ms,
        t=_read_category(asked, "t", where),
        n=_read_category(asked, "n", where),
        m=_read_category(asked, "m", where),
        group=_read(check_stage(asked.group), where) if asked.group.strip() else "",
        grade=asked.grade,
        source=asked.source,
        reason=asked.reason.strip(),
    )
    if not (made.tnm or made.group):
        raise InputError(
            code="OPS-451", where=where, got="neither T, N, M nor a group", expected="one of them",
            fix="say what was stated",
        )  # fmt: skip
    decision = Decision((made,), made.make_members(), answer={"staging": made.id})
    if asked.instead_of is None:
        return decision
    wrong = _get_staging(floor, asked.instead_of)
    if wrong.diagnosis != known.id:
        raise InputError(
            code="OPS-452", where=f"Observation/{wrong.id}", got="a stage of another tumour",
            expected=f"one of Condition/{known.id}", fix="look it up again",
        )  # fmt: skip
    return _withdraw(wrong, check_reason(asked.reason, where)) + decision


def withdraw_staging(floor: Floor, asked: WithdrawStaging, moment: Moment) -> Decision:
    """Mark a stage, and all it is made of, as entered in error."""
    known = _get_staging(floor, asked.staging)
    where = f"Observation/{known.id}"
    name_person(moment, asked.by, where)
    return _withdraw(known, check_reason(asked.reason, where)) + Decision(answer={"staging": known.id})


def _fill(known: Diagnosis, asked: Said, moment: Moment) -> Diagnosis:
    where = f"Condition/{known.id}"
    _check_day(asked.day, moment)
    icd10 = _read(check_icd10(asked.icd10), where)
    topography = _read(check_topography(asked.topography), where) if asked.topography.strip() else ""
    morphology = _read(check_morphology(asked.morphology), where) if asked.morphology.strip() else ""
    for issue in check_agreement(icd10, morphology) if morphology else ():
        _refuse_code(where, issue.got, issue.expected)
    if asked.side and not topography:
        _refuse_code(where, f"the side {asked.side} of no organ", "a topography beside it")
    return replace(
        known, icd10=icd10, topography=topography, morphology=morphology, side=asked.side,
        day=asked.day.isoformat(), basis=asked.basis,
        state="provisional" if asked.is_provisional else "confirmed",
    )  # fmt: skip


def _read_category(asked: StageTumour, letter: str, where: str) -> str:
    """Return T, N or M with its prefix, checked by the rules of all sites; empty if it is not told."""
    text = str(getattr(asked, letter)).strip()
    if not text:
        return ""
    value = text[1:] if text[0] in (letter, letter.upper()) else text
    return _read(check_tnm(f"{_find_prefix(asked, letter, value)}{letter.upper()}{value}"), where)


def _find_prefix(asked: StageTumour, letter: str, value: str) -> str:
    """Return what a category is from: that there is no metastasis is never proved by a microscope."""
    is_unproved = letter == "m" and value.startswith("0")
    return asked.classified.replace("p", "c") if is_unproved else asked.classified


def _read(checked: Checked, where: str) -> str:
    if not checked.is_sound:
        issue = checked.issues[0]
        _refuse_code(where, issue.got, issue.expected)
    return checked.text


def _refuse_code(where: str, got: str, expected: str) -> None:
    raise InputError(code="OPS-450", where=where, got=got, expected=expected, fix="correct the code")


def _check_day(day: date, moment: Moment) -> None:
    if day > moment.day:
        raise InputError(
            code="OPS-453", where="day", got=f"{day}", expected=f"today ({moment.day}) or before",
            fix="correct the day",
        )  # fmt: skip


def _get(floor: Floor, id_: str) -> Diagnosis:
    known = floor.get(Diagnosis, id_)
    if known.state == "withdrawn":
        _refuse_withdrawn(f"Condition/{id_}")
    return known


def _get_staging(floor: Floor, id_: str) -> Staging:
    known = floor.get(Staging, id_)
    if known.is_withdrawn:
        _refuse_withdrawn(f"Observation/{id_}")
    return known


def _refuse_withdrawn(where: str) -> None:
    raise ConflictError(
        code="OPS-454", where=where, got="something that was entered in error", expected="what holds",
        fix="look at it again; record it anew if it is right",
    )  # fmt: skip


def _withdraw(known: Staging, reason: str) -> Decision:
    gone = replace(known, is_withdrawn=True, reason=reason)
    return Decision((gone,), gone.make_members())


def _tell(diagnosis: Diagnosis) -> Decision:
    return Decision((diagnosis,), answer={"diagnosis": diagnosis.id})


ACTS: Final = (
    Act("record_diagnosis", RecordDiagnosis, record_diagnosis, ("Condition", "Task")),
    Act("correct_diagnosis", CorrectDiagnosis, correct_diagnosis, ("Condition", "Task")),
    Act("withdraw_diagnosis", WithdrawDiagnosis, withdraw_diagnosis, ("Condition", "Observation", "Task")),
    Act("stage_tumour", StageTumour, stage_tumour, ("Observation",)),
    Act("withdraw_staging", WithdrawStaging, withdraw_staging, ("Observation",)),
)
"""Everything that can be done about a diagnosis."""
