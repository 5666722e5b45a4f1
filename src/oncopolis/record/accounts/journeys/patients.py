"""What a link has to know of the patient it is about."""

import re

from oncopolis.record.access.relating import CARER, CONSENT
from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.journeys.seeing import find_record, list_latest

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def find_birth_date(desk: Desk, patient: str) -> str | None:
    """Return the date of birth as FHIR writes it; '' if not known to the day, None without such a patient."""
    record = find_record(desk, "Patient", patient)
    if record is None or not is_current(desk, patient):
        return None
    born = str(record.get("birthDate", ""))
    return born if _DAY.fullmatch(born) else ""


def is_current(desk: Desk, patient: str) -> bool:
    """Tell whether a patient's record is there and was not merged into another, whose page is not theirs."""
    record = find_record(desk, "Patient", patient)
    links = record.get("link", ()) if record is not None else ()
    return record is not None and all(one.get("type") != "replaced-by" for one in links)


def find_given_name(desk: Desk, patient: str) -> str:
    """Return the given name of a patient, '' where there is none: it tells the pages of one phone apart."""
    record = find_record(desk, "Patient", patient) or {}
    given = (str(part) for name in record.get("name", ()) for part in name.get("given", ()))
    return next(given, "")


def find_name(desk: Desk, patient: str, type_: str = "Patient") -> str:
    """Return the whole name of a person, their id where there is none."""
    record = find_record(desk, type_, patient) or {}
    for name in record.get("name", ()):
        whole = name.get("text") or " ".join((str(name.get("family", "")), *map(str, name.get("given", ()))))
        if whole.strip():
            return str(whole).strip()
    return patient


def list_carers(desk: Desk, patient: str) -> dict[str, str]:
    """Return who may act for a patient by a consent that is active: id of the RelatedPerson and name."""
    found: dict[str, str] = {}
    for consent in list_latest(desk, patient, "Consent", 0):
        codings = [one for part in consent.get("category", ()) for one in part.get("coding", ())]
        is_carer = any((one.get("system"), one.get("code")) == (CONSENT, CARER) for one in codings)
        if not is_carer or consent.get("status") != "active":
            continue
        for actor in consent.get("provision", {}).get("actor", ()):
            type_, _, id_ = str(actor.get("reference", {}).get("reference", "")).partition("/")
            if type_ == "RelatedPerson":
                found[id_] = find_name(desk, id_, type_)
    return found
