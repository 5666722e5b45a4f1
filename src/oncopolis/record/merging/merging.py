"""A merge: what refers to one record of a patient refers to the other from now on, in one transaction.

References are rewritten, not followed by whoever reads: then the patient's compartment, the ties that open a
record to a clinic, consents, subscriptions, searches and the key that seals what is new are those of the one
patient there is, and nothing that reads has to know of merges. What was is kept: the versions before stay,
and a Provenance names each version that was made, so that all of it can be undone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.text import parse
from oncopolis.record.merging.moving import KEPT, move
from oncopolis.record.store.replaced import follow
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Version, Who

__all__ = ["ACTIVITY", "MERGED", "MOST", "Merge", "get_body", "make_agent", "make_provenance", "merge"]

MOST: Final = 5_000  # structure: records that are moved in one transaction, some seconds of the writer
ACTIVITY: Final = "urn:oncopolis:identity"
"""System of what a Provenance says was done: `MERGED`, or ``unmerged``."""
MERGED: Final = "merged"
_OF_ONE: Final = ("inside", "stay")
"""Kinds of claims by which a patient is in the house."""
_MS = 1000  # structure: milliseconds in a second


@dataclass(frozen=True, slots=True)
class Merge:
    """Who is who, and who says so.

    Parameters
    ----------
    stamp
        Puts into both patients' records where that came from.
    """

    survivor: str
    loser: str
    who: Who
    reason: str
    stamp: Callable[[dict[str, Any]], dict[str, Any]] = dict


def merge(transaction: Transaction, wanted: Merge) -> list[str]:
    """Let one record of a patient go into another; names of the other records that were moved.

    Raises
    ------
    NotFoundError, GoneError
        There is no such patient.
    ConflictError
        It is one record, or one of the two is replaced already (REC-340); both are in the house (REC-341);
        too much would be moved at once (REC-342).
    """
    survivor, loser = wanted.survivor, wanted.loser
    stays, ends = (transaction.get("Patient", id_) for id_ in (survivor, loser))
    _check_are_two(transaction, wanted)
    _check_only_one_is_here(transaction, wanted)
    names = _list_moved(transaction, loser)
    versions = [transaction.get(type_, id_) for type_, id_ in names]
    targets = [
        _put(transaction, wanted.stamp(_link(get_body(stays), loser, "replaces")), stays),
        _put(
            transaction,
            wanted.stamp({**_link(get_body(ends), survivor, "replaced-by"), "active": False}),
            ends,
        ),
    ]
    targets += [_put(transaction, move(get_body(one), loser, survivor), one) for one in versions]
    transaction.put(make_provenance(targets, transaction.now_ms, wanted.who, MERGED, wanted.reason))
    return [f"{type_}/{id_}" for type_, id_ in names]


def get_body(version: Version) -> dict[str, Any]:
    """The resource of a version that has one."""
    assert version.body is not None
    return parse(version.body)


def make_provenance(targets: list[str], now_ms: int, who: Who, code: str, reason: str) -> dict[str, Any]:
    """What says that versions were made by a merge, or by undoing one: first those of the two patients."""
    return {
        "resourceType": "Provenance",
        "target": [{"reference": name} for name in targets],
        "recorded": datetime.fromtimestamp(now_ms / _MS, UTC).isoformat(timespec="milliseconds"),
        "activity": {"coding": [{"system": ACTIVITY, "code": code}]},
        **({"reason": [{"text": reason}]} if reason else {}),
        "agent": [make_agent(who)],
    }


def make_agent(who: Who) -> dict[str, Any]:
    """The agent of a Provenance: by reference if there can be a record of them."""
    is_record = get_definitions().is_resource_type(who.kind)
    named: dict[str, Any] = (
        {"reference": who.reference}
        if is_record
        else {"identifier": {"system": f"urn:oncopolis:{who.kind}", "value": who.id}}
    )
    return {"who": named | ({"display": who.name} if who.name else {})}


def _put(transaction: Transaction, record: dict[str, Any], before: Version) -> str:
    made = transaction.put(record, expected=before.version)
    return f"{made.type}/{made.id}/_history/{made.version}"


def _link(patient: dict[str, Any], other: str, kind: str) -> dict[str, Any]:
    link: Mapping[str, Any] = {"other": {"reference": f"Patient/{other}"}, "type": kind}
    return {**patient, "link": [*patient.get("link", ()), link]}


def _list_moved(transaction: Transaction, loser: str) -> list[tuple[str, str]]:
    found = transaction.find_references("Patient", loser, MOST + 1)
    names = [(type_, id_) for type_, id_ in found if type_ not in KEPT]
    if len(names) > MOST:
        raise ConflictError(
            code="REC-342", where=f"Patient/{loser}", got=f"more than {MOST} records",
            expected=f"at most {MOST} that are moved at once",
            fix="merge the other way round: keep the record with more in it",
        )  # fmt: skip
    return names


def _check_are_two(transaction: Transaction, wanted: Merge) -> None:
    replaced = [
        id_
        for id_ in (wanted.survivor, wanted.loser)
        if transaction.ask(lambda reading, id_=id_: follow(reading.session, id_)) != id_  # type: ignore[misc]
    ]
    if replaced or wanted.survivor == wanted.loser:
        raise ConflictError(
            code="REC-340", where=f"Patient/{wanted.loser}",
            got=f"Patient/{replaced[0]}, which was replaced" if replaced else "the same record twice",
            expected="two records of patients that are in use",
            fix="look both up again",
        )  # fmt: skip


def _check_only_one_is_here(transaction: Transaction, wanted: Merge) -> None:
    for kind in _OF_ONE:
        held = [_find_holder(transaction, kind, id_) for id_ in (wanted.survivor, wanted.loser)]
        if all(held):
            raise ConflictError(
                code="REC-341", where=f"Patient/{wanted.loser}",
                got=f"both in the house: {' and '.join(held)}",
                expected="at most one of the two records with somebody in the house",
                fix="end one of the visits first, then merge",
            )  # fmt: skip


def _find_holder(transaction: Transaction, kind: str, key: str) -> str:
    """Name of the record that holds something, empty if none does."""
    sql = "SELECT holder FROM claim WHERE kind = ? AND key = ?"
    found = transaction.ask(lambda reading: reading.session.query(sql, (kind, key)))
    return str(found[0][0]) if found else ""
