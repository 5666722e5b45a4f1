"""PID / Patient."""

from typing import Any, Final

from oncopolis.interop.mapping.concepts import Concept
from oncopolis.interop.mapping.kinds import Code, Moment, Number, Wrapped, YesNo
from oncopolis.interop.mapping.people import Address, HumanName, Identifier, Telecom
from oncopolis.interop.mapping.rows import Entry, Row, of_one_system

__all__ = ["ROWS"]

SEXES: Final = {"F": "female", "M": "male", "O": "other", "U": "unknown", "A": "other", "N": "other"}
"""HL7 table 0001 -> AdministrativeGender."""
MARITAL: Final = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"


def _is_home(entry: Entry, _stated: Any) -> bool:
    return entry.get("use") in ("home", "mobile")


def _is_work(entry: Entry, _stated: Any) -> bool:
    return entry.get("use") == "work"


ROWS: Final = (
    Row("PID-3", "identifier", Identifier(), is_list=True, replaces=of_one_system),
    Row("PID-5", "name", HumanName(), is_list=True),
    Row("PID-7", "birthDate", Moment(is_date=True)),
    Row("PID-8", "gender", Code(SEXES, name="IS")),
    Row("PID-11", "address", Address(), is_list=True),
    Row("PID-13", "telecom", Telecom("home"), is_list=True, replaces=_is_home),
    Row("PID-14", "telecom", Telecom("work"), is_list=True, replaces=_is_work),
    Row("PID-15", "communication", Wrapped(Concept(default="urn:ietf:bcp:47"), "language"), is_list=True),
    Row("PID-16", "maritalStatus", Concept(default=MARITAL)),
    Row("PID-25", "multipleBirthInteger", Number(is_whole=True)),
    Row("PID-29", "deceasedDateTime", Moment()),
    Row("PID-30", "deceasedBoolean", YesNo()),
)
IDENTIFIERS: Final = (ROWS[0],)
PRIOR: Final = (Row("MRG-1", "identifier", Identifier(), is_list=True, replaces=of_one_system),)
"""The patient record that a merge ends."""
