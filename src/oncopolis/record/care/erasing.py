"""Who was erased: the audit names them, so that they stay erased in what is restored from older copies."""

import json
from collections.abc import Iterable
from pathlib import Path

from oncopolis.record.store.session import Session
from oncopolis.record.store.store import Store
from oncopolis.record.types import Act, Who

_ACT = Act("D", "erased again after a restore", Who("Device", "oncopolis"), "restore")


def list_erased(session: Session) -> list[str]:
    """Patients whose keys were destroyed, in the order of their names."""
    rows = session.query("SELECT patient FROM patient_key WHERE destroyed_ms IS NOT NULL ORDER BY patient")
    return [patient for (patient,) in rows]


def find_erased(entries: Iterable[str]) -> set[str]:
    """Patients whose erasure audit entries tell of: version 0 of the patient."""
    return {
        id_
        for entry in entries
        for type_, id_, version, _ in json.loads(entry)["versions"]
        if type_ == "Patient" and version == 0
    }


def write_list(patients: Iterable[str], path: Path) -> None:
    """Write a list of patients, one a line."""
    path.write_text("".join(f"{patient}\n" for patient in patients), "utf-8")


def read_list(path: Path) -> list[str]:
    """Read a list of patients; empty lines and what follows ``#`` do not count."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def erase_again(store: Store, patients: Iterable[str]) -> int:
    """Erase those who are not yet; how many."""
    done = set(store.ask(lambda reading: list_erased(reading.session)))
    left = sorted(set(patients) - done)
    for future in [store.erase(patient, _ACT) for patient in left]:
        future.result()
    return len(left)
