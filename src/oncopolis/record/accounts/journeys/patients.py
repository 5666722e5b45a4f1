"""What a link has to know of the patient it is about."""

import re

from oncopolis.record.accounts.desk import Desk
from oncopolis.record.accounts.journeys.seeing import find_record

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def find_birth_date(desk: Desk, patient: str) -> str | None:
    """Return the date of birth as FHIR writes it; '' if not known to the day, None without such a patient."""
    record = find_record(desk, "Patient", patient)
    if record is None:
        return None
    born = str(record.get("birthDate", ""))
    return born if _DAY.fullmatch(born) else ""


def find_given_name(desk: Desk, patient: str) -> str:
    """Return the given name of a patient, '' where there is none: what tells several pages of a phone apart."""
    record = find_record(desk, "Patient", patient) or {}
    given = (str(part) for name in record.get("name", ()) for part in name.get("given", ()))
    return next(given, "")
