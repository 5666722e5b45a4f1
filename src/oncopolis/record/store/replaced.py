"""Patients who were merged: whom a record was replaced by, and what a record has replaced."""

from typing import Final

from oncopolis.record.fhir.extracting import REPLACED_BY
from oncopolis.record.store.session import Session

_LONGEST_CHAIN: Final = 16  # structure: merges of merges that are followed
_ONWARD: Final = (
    "SELECT i.id FROM index_reference i JOIN resource r ON r.rk = i.rk "
    "WHERE r.type = 'Patient' AND r.id = ? AND i.parameter = ? AND i.type = 'Patient' AND i.url IS NULL"
)
_BACK: Final = (
    "SELECT r.id FROM index_reference i JOIN resource r ON r.rk = i.rk "
    "WHERE i.id = ? AND i.type = 'Patient' AND i.parameter = ? AND i.url IS NULL AND r.type = 'Patient'"
)
WAS_MERGED: Final = (
    "EXISTS (SELECT 1 FROM resource xm JOIN index_reference xn ON xn.rk = xm.rk "  # noqa: S608 - a number and columns of ours
    f"WHERE xm.type = 'Patient' AND xm.id = {{loser}} AND xn.parameter = {REPLACED_BY} "
    "AND xn.type = 'Patient' AND xn.url IS NULL AND xn.id = {survivor})"
)
"""Whether the patient in one column was merged into the one in another."""


def follow(session: Session, id_: str) -> str:
    """Id of the patient that a merged one was replaced by, at the end of a chain; itself for any other."""
    for _ in range(_LONGEST_CHAIN):
        onward = session.query(_ONWARD, (id_, REPLACED_BY))
        if not onward:
            break
        id_ = str(onward[0][0])
    return id_


def list_replaced(session: Session, id_: str) -> list[str]:
    """Ids of the patients that were merged into one, and into those."""
    found: dict[str, None] = {id_: None}
    waiting = [id_]
    while waiting:
        rows = session.query(_BACK, (waiting.pop(), REPLACED_BY))
        new = [name for (name,) in rows if name not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)[1:]
