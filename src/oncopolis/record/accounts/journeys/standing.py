"""What holds between a patient, their carers and what they were told, asked for one of them."""

from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import both
from oncopolis.record.access.disclosing import Default, was_told
from oncopolis.record.access.relating import CARER, has_consent
from oncopolis.record.store.session import Session
from oncopolis.record.types import Who


def is_told(session: Session, patient: str, who: Who, default: Default) -> bool:
    """Tell whether the patient, or a carer of theirs, was told the diagnosis."""
    sql, values = both([_is_patient(patient), was_told("xu.id", Caller(who), default)])
    return _is_there(session, sql, values)


def may_act(session: Session, patient: str, carer: str, now_ms: int) -> bool:
    """Tell whether a carer may act for a patient now, by an active consent of theirs."""
    consent = has_consent("xu.id", CARER, now_ms, Caller(Who("RelatedPerson", carer)))
    sql, values = both([_is_patient(patient), consent])
    return _is_there(session, sql, values)


def _is_patient(patient: str) -> tuple[str, tuple[str, ...]]:
    return "xu.type = 'Patient' AND xu.id = ? AND xu.deleted = 0", (patient,)


def _is_there(session: Session, sql: str, values: tuple[object, ...]) -> bool:
    return bool(session.query(f"SELECT 1 FROM resource xu WHERE {sql}", values))  # noqa: S608 - names of columns
