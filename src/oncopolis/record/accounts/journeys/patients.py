"""What a link has to know of the patient it is about."""

import re

from oncopolis.record.accounts.desk import Desk
from oncopolis.record.fhir.text import parse

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def find_birth_date(desk: Desk, patient: str) -> str | None:
    """Return the date of birth as FHIR writes it; '' if not known to the day, None without such a patient."""
    version = desk.store.ask(lambda reading: reading.read("Patient", patient))
    if version is None or version.body is None:
        return None
    born = str(parse(version.body).get("birthDate", ""))
    return born if _DAY.fullmatch(born) else ""
