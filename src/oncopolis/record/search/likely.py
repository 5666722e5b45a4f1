"""Who may be the same person: found by keys that survive a mistake, put in order by how like they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.record.fhir.extracting import LIKENESS
from oncopolis.record.fhir.text import parse
from oncopolis.record.likeness import Described, Likeness, compare, describe, make_keys
from oncopolis.record.likeness.weighing import get_weights
from oncopolis.record.store.compartment import get_parameter
from oncopolis.record.store.indexing import fit
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.replaced import follow
from oncopolis.record.types import Version

__all__ = ["Likely", "find_holders", "find_likely"]

_OF_A_KEY: Final = 300  # structure: records behind one key that are looked at; more tell nobody apart
_COMPARED: Final = 80  # structure: records that are read, those with most keys first
_SHOWN: Final = 10  # structure: people somebody at a desk looks through


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody who may be the one who is asked for.

    Parameters
    ----------
    patient, version
        The record of who they are now: of a merged one the record it was replaced by.
    """

    patient: Mapping[str, Any]
    likeness: Likeness
    version: Version


def find_likely(reading: Reading, asked: Described, most: int = _SHOWN) -> list[Likely]:
    """List those who may be ``asked``, the likeliest first; only such as may be seen.

    Parameters
    ----------
    most
        How many at most.
    """
    weights = get_weights()
    found: dict[str, Likely] = {}
    for version in _list_versions(reading, _choose(reading, asked)):
        patient = _parse(version)
        likeness = compare(asked, describe(patient), weights)
        stays = _find_survivor(reading, patient, version) if likeness.probability >= weights.shown else None
        if stays is None:
            continue
        known = found.get(stays.id)
        if known is None or known.likeness.bits < likeness.bits:
            found[stays.id] = Likely(_parse(stays), likeness, stays)
    return sorted(found.values(), key=lambda one: (-one.likeness.bits, one.patient["id"]))[:most]


def find_holders(reading: Reading, system: str, value: str) -> list[str]:
    """Ids of the patients who are now known by an identifier in its normal form, each once."""
    held = reading.find_token("Patient", "identifier", system, value, _OF_A_KEY)
    return list(dict.fromkeys(follow(reading.session, id_) for id_ in held))


def _choose(reading: Reading, asked: Described) -> list[int]:
    """Rows of the records that share a key, those that share most of them first."""
    number = get_parameter("Patient", "identifier")
    codes = [(LIKENESS, key) for key in make_keys(asked)]
    codes += [(number, value) for _, value in sorted(asked.identifiers)]
    shared = Counter(rk for parameter, code in codes for rk in _list_behind(reading, parameter, code))
    return [rk for rk, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_COMPARED]]


def _list_behind(reading: Reading, parameter: int, code: str) -> set[int]:
    allowed, values = reading.allowed.restrict("Patient", "r")
    sql = (
        "SELECT i.rk FROM index_token i JOIN resource r ON r.rk = i.rk "  # noqa: S608 - a condition of ours
        f"WHERE i.parameter = ? AND i.code = ? AND r.deleted = 0 AND {allowed} LIMIT ?"
    )
    return {rk for (rk,) in reading.session.query(sql, (parameter, fit(code), *values, _OF_A_KEY))}


def _list_versions(reading: Reading, records: Sequence[int]) -> list[Version]:
    if not records:
        return []
    marks = ", ".join("?" * len(records))
    versions = reading.list_where(f"r.rk IN ({marks})", records, is_current=True)
    return [version for version in versions if version.body is not None]


def _parse(version: Version) -> dict[str, Any]:
    assert version.body is not None
    return parse(version.body)


def _find_survivor(reading: Reading, patient: Mapping[str, Any], version: Version) -> Version | None:
    """The record a person has now, None if it may not be seen."""
    if not any(one.get("type") == "replaced-by" for one in patient.get("link", ())):
        return version
    current = reading.read("Patient", follow(reading.session, version.id))
    return current if current is not None and current.body is not None else None
