"""Trends: what was measured at whom in the last days, read from the record whoever wrote it there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.operations.elements import to_instant
from oncopolis.operations.nursing.signs import SignId, list_codes, read_signs
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.search import Found, Question, read_question, search
from oncopolis.record.store import Store
from oncopolis.record.store.reading import Reading

Trend: TypeAlias = Mapping[SignId, Sequence[tuple[int, float]]]
"""Sign -> (moment, value), the oldest first; moments are milliseconds since 1970 (UTC)."""

SHOWN_H: Final = 48  # structure: hours of a trend, two days and the nights between
_PATIENTS: Final = 20  # structure: patients of one question
_LARGEST: Final = 1000  # structure: observations of one question: 20 patients with seven an hour, and more


def read_trends(store: Store, patients: Sequence[str], now_ms: int) -> dict[str, Trend]:
    """Return the trends of patients; of who has none it is empty.

    What carries a label that closes it to some is left out: a list on a ward is seen by many.
    """
    found: dict[str, defaultdict[SignId, list[tuple[int, float]]]] = {
        patient: defaultdict(list) for patient in patients
    }
    for first in range(0, len(patients), _PATIENTS):
        asked = patients[first : first + _PATIENTS]
        question = read_question(
            ("Observation",),
            (
                ("patient", ",".join(asked)),
                ("code", ",".join(list_codes())),
                ("date", f"ge{to_instant(now_ms - SHOWN_H * MS_PER_HOUR)}"),
                ("_sort", "-date"),
                ("_count", str(_LARGEST)),
            ),
        )
        for version in reversed(store.ask(partial(_search, question)).matches):
            record = find_resource(version) or {}
            patient = str(record.get("subject", {}).get("reference", "")).removeprefix("Patient/")
            if patient not in found or record.get("meta", {}).get("security"):
                continue
            for sign, at_ms, value in read_signs(record):
                if at_ms <= now_ms:
                    found[patient][sign].append((at_ms, value))
    return {patient: dict(trend) for patient, trend in found.items()}


def _search(question: Question, reading: Reading) -> Found:
    return search(reading, question)
