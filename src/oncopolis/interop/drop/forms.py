"""The kinds of files, and which column is which field of the message that a row stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["FORMS", "Column", "Form", "FormName"]

FormName: TypeAlias = Literal["patients", "appointments", "results"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Parameters
    ----------
    places
        Segment, field and component; a value may be told in several places.
    type
        What is in it.
    words
        Words of a file -> codes of HL7, for a ``word``.
    """

    meaning: str
    places: tuple[tuple[str, int, int], ...]
    type: Literal["text", "date", "time", "word"] = "text"
    words: Mapping[str, str] | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file.

    Parameters
    ----------
    event
        Type and event of the messages the rows stand for.
    constants
        Fields that every row has.
    """

    event: tuple[str, str]
    columns: Mapping[str, Column]
    constants: tuple[tuple[str, int, int, str], ...] = ()


def _at(segment: str, field: int, component: int = 1) -> tuple[tuple[str, int, int], ...]:
    return ((segment, field, component),)


SEXES: Final = {
    "f": "F", "m": "M", "female": "F", "male": "M", "other": "O", "unknown": "U",
    "ж": "F", "м": "M", "여": "F", "남": "M", "ayol": "F", "erkak": "M",
}  # fmt: skip
_PATIENT: Final = {
    "identifier": Column("number of the patient at the sender", _at("PID", 3), is_required=True),
    "authority": Column("who gives these numbers (a name of `systems` in the settings)", _at("PID", 3, 4)),
}
_CODES: Final = {"final": "F", "preliminary": "P", "corrected": "C", "cancelled": "X"}

FORMS: Final[Mapping[FormName, Form]] = {
    "patients": Form(
        ("ADT", "A31"),
        {
            **_PATIENT,
            "family": Column("family name", _at("PID", 5), is_required=True),
            "given": Column("given name", _at("PID", 5, 2)),
            "middle": Column("patronymic or further given names", _at("PID", 5, 3)),
            "birth_date": Column("day of birth", _at("PID", 7), "date"),
            "sex": Column(
                "female, male, other, unknown; F, M; ж, м; 여, 남; ayol, erkak", _at("PID", 8), "word", SEXES
            ),
            "street": Column("street and number", _at("PID", 11)),
            "city": Column("city", _at("PID", 11, 3)),
            "state": Column("region", _at("PID", 11, 4)),
            "postal_code": Column("postal code", _at("PID", 11, 5)),
            "country": Column("country", _at("PID", 11, 6)),
            "phone": Column("telephone", _at("PID", 13)),
            "work_phone": Column("telephone at work", _at("PID", 14)),
            "language": Column("language, such as uz", _at("PID", 15)),
            "died_at": Column("time of death", _at("PID", 29), "time"),
        },
    ),
    "appointments": Form(
        ("SIU", "S12"),
        {
            "number": Column("number of the appointment at the sender", _at("SCH", 1), is_required=True),
            **_PATIENT,
            "start": Column("when it begins", _at("SCH", 11, 4), "time", is_required=True),
            "end": Column("when it ends", _at("SCH", 11, 5), "time"),
            "minutes": Column("how long it takes, min", _at("SCH", 9)),
            "status": Column(
                "booked, changed, cancelled or noshow; booked if left out", _at("MSH", 9, 2), "word",
                {"booked": "S12", "changed": "S14", "cancelled": "S15", "noshow": "S26"},
            ),
            "type": Column("kind of appointment", _at("SCH", 8, 2)),
            "service": Column("code of the service", _at("AIS", 3)),
            "service_name": Column("name of the service", _at("AIS", 3, 2)),
            "place": Column("ward or room", _at("AIL", 3)),
            "comment": Column("remark", _at("NTE", 3)),
        },
    ),
    "results": Form(
        ("ORU", "R01"),
        {
            "number": Column("number of the report at the sender", _at("OBR", 3), is_required=True),
            **_PATIENT,
            "order": Column("number of the order", _at("OBR", 2)),
            "observed_at": Column("when it was observed", _at("OBR", 7), "time", is_required=True),
            "code": Column(
                "code of what was observed", (("OBR", 4, 1), ("OBX", 3, 1)), is_required=True
            ),
            "code_name": Column("its name", (("OBR", 4, 2), ("OBX", 3, 2))),
            "code_system": Column(
                "code system: LN for LOINC, or a name of the settings", (("OBR", 4, 3), ("OBX", 3, 3))
            ),
            "value": Column("number or text", _at("OBX", 5), is_required=True),
            "unit": Column("UCUM code of the unit", _at("OBX", 6)),
            "range": Column("reference range as text", _at("OBX", 7)),
            "flag": Column("interpretation: H, L, HH, LL, N, A, AA", _at("OBX", 8)),
            "status": Column(
                "final, preliminary, corrected or cancelled; final if left out",
                (("OBR", 25, 1), ("OBX", 11, 1)), "word", _CODES,
            ),
        },
        (("OBX", 2, 1, "NM"), ("OBX", 6, 3, "UCUM"), ("OBR", 25, 1, "F"), ("OBX", 11, 1, "F")),
    ),
}  # fmt: skip
"""Name -> columns. They are documented in the reference from here."""
