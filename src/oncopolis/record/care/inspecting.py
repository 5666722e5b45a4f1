"""Verification of a database from outside, while it is used or not."""

from collections.abc import Iterator

from oncopolis.foundation.findings import Finding
from oncopolis.foundation.frozen import Frozen
from oncopolis.record.care.erasing import list_erased
from oncopolis.record.care.manifest import Manifest, find_whether_sealed, measure
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.session import DatabaseFault, Session
from oncopolis.record.store.store import look
from oncopolis.record.store.verifying import check


class Inspection(Frozen):
    """What was checked, and what was found."""

    checked: Manifest | None
    """The database as it was; None if it is too damaged to be read to its end."""
    erased: tuple[str, ...]
    """Patients whose key was destroyed."""
    findings: tuple[Finding, ...]
    """What is not as it should be."""


def inspect(url: str, keys: Keys | None = None) -> Inspection:
    """Verify everything in a database as it is at one moment; `look` says what it refuses."""
    with look(url, keys) as reading:
        if keys is not None or find_whether_sealed(reading.session):
            reading.vault.check(reading.session)
        findings: list[Finding] = []
        try:
            findings += _check_file(reading.session)
            checked = measure(reading.session)
            erased = tuple(list_erased(reading.session))
            findings += check(reading)
        except DatabaseFault as error:
            findings.append(_find("file-whole", "It cannot be read to its end.", str(error)))
            return Inspection(checked=None, erased=(), findings=tuple(findings))
        return Inspection(checked=checked, erased=erased, findings=tuple(findings))


def _check_file(session: Session) -> Iterator[Finding]:
    """Pages and references of a file; a server sees to its own."""
    if session.dialect != "sqlite":
        return
    for (fault,) in session.query("PRAGMA integrity_check"):
        if fault != "ok":
            yield _find("file-whole", "The file is damaged.", str(fault))
    for table, row, parent, _ in session.query("PRAGMA foreign_key_check"):
        yield _find("rows-refer", "A row refers to another that is not there.", f"{table} {row}", parent)


def _find(rule: str, message: str, actual: str, expected: str = "") -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        where="database",
        message=message,
        actual=actual,
        expected=expected,
        fix="keep this database as it is, and restore the last backup to another place",
    )
