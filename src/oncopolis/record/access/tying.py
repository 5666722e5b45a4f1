"""Index rows of open ties: which patient a record ties to which clinic, person or place, while it is open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from oncopolis.record.access.conditions import get_number
from oncopolis.record.access.policy import get_policy
from oncopolis.record.fhir.rows import IndexRow

PLACES: Final = ("Location", "HealthcareService")
"""Types of places, which belong to a clinic."""


@dataclass(frozen=True, slots=True)
class Tying:
    """How records of one type tie.

    Parameters
    ----------
    status
        Number of the search parameter of their status.
    open
        Its values while they tie.
    parties
        Number of a search parameter -> types of the records it ties to.
    """

    status: int
    open: frozenset[str]
    parties: Mapping[int, frozenset[str]]


def list_ties(type_: str, patient: str | None, rows: Sequence[IndexRow]) -> Iterator[IndexRow]:
    """Rows ``tie``: parameter, patient, type and id of whom the patient is tied to.

    Parameters
    ----------
    patient
        Id of the patient the record is about.
    rows
        The other index rows of the record.
    """
    tying = list_tying().get(type_)
    if tying is None or patient is None or not _is_open(tying, rows):
        return
    for kind, values in rows:
        if kind == "reference" and values[0] in tying.parties:
            number, target, id_, url = values
            if url is None and target in tying.parties[number]:
                yield "tie", (number, patient, target, id_)


def _is_open(tying: Tying, rows: Sequence[IndexRow]) -> bool:
    return any(
        kind == "token" and values[0] == tying.status and values[2] in tying.open for kind, values in rows
    )


@cache
def list_tying() -> Mapping[str, Tying]:
    """Type of record -> how it ties, by the packaged policy."""
    made = {}
    for tie in get_policy().ties:
        parties: dict[int, frozenset[str]] = {}
        sides = ((tie.clinic, ("Organization",)), (tie.person, ("Practitioner",)), (tie.place, PLACES))
        for number, types in (
            (get_number(tie.type, code), types) for codes, types in sides for code in codes
        ):
            parties[number] = parties.get(number, frozenset()).union(types)
        made[tie.type] = Tying(get_number(tie.type, "status"), frozenset(tie.open), parties)
    return made
