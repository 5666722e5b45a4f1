"""A merge is undone: what it moved goes back, as it was where nobody has changed it since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.merging.merging import ACTIVITY, MERGED, get_body, make_provenance
from oncopolis.record.merging.moving import KEPT, move, refers
from oncopolis.record.store.replaced import follow
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Version, Who

__all__ = ["Undone", "unmerge"]

_PROVENANCES: Final = (
    "SELECT DISTINCT r.id FROM index_reference i JOIN resource r ON r.rk = i.rk "
    "WHERE i.id = ? AND i.type = 'Patient' AND i.url IS NULL AND r.type = 'Provenance'"
)
_MADE_SINCE: Final = (
    "SELECT r.type, r.id FROM resource r JOIN version v ON v.rk = r.rk AND v.version = 1 "
    "WHERE r.patient = ? AND v.at_ms >= ? AND r.deleted = 0 ORDER BY r.type, r.id"
)
_STAMPED: Final = frozenset({"versionId", "lastUpdated"})


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of what was merged.

    Parameters
    ----------
    survivor
        Id of the patient whose record everything was in.
    moved
        Names of the records that went back.
    since
        Names of the records that were made for the survivor since the merge: whose they are, somebody
        has to say.
    """

    survivor: str
    moved: tuple[str, ...]
    since: tuple[str, ...]


def unmerge(transaction: Transaction, loser: str, who: Who, reason: str) -> Undone:
    """Undo the merge of a patient's record into another.

    Raises
    ------
    NotFoundError, GoneError
        There is no such patient.
    ConflictError
        It was not merged here, or what it was merged into was merged itself (REC-343).
    """
    found = _find_merge(transaction, loser)
    if found is None:
        raise ConflictError(
            code="REC-343", where=f"Patient/{loser}", got="no merge that can be undone",
            expected="a record that was merged here, into one that is in use",
            fix="if that one was merged too, undo the later merge first",
        )  # fmt: skip
    survivor, targets, merged_ms = found
    # All is read before anything is written: what is written then goes to the database together.
    found_back = [_find_before(transaction, target, survivor, loser) for target in targets[2:]]
    made = [
        _unlink(transaction, target, other) for target, other in zip(targets, (loser, survivor), strict=False)
    ]
    back = [transaction.put(one.record, expected=one.expected) for one in found_back if one is not None]
    made += back
    moved = tuple(f"{one.type}/{one.id}" for one in back)
    transaction.put(
        make_provenance(
            [f"{one.type}/{one.id}/_history/{one.version}" for one in made],
            transaction.now_ms, who, "unmerged", reason,
        )
    )  # fmt: skip
    made_since = transaction.ask(lambda reading: reading.session.query(_MADE_SINCE, (survivor, merged_ms)))
    since = [f"{type_}/{id_}" for type_, id_ in made_since if type_ not in KEPT]
    return Undone(survivor, moved, tuple(since))


_Target = tuple[str, int]
"""Name of a record, and the version a merge made of it."""


def _find_merge(transaction: Transaction, loser: str) -> tuple[str, list[_Target], int] | None:
    """The survivor, what the latest merge of a patient made, and when."""
    survivor = transaction.ask(lambda reading: follow(reading.session, transaction.get("Patient", loser).id))
    found = transaction.ask(lambda reading: reading.session.query(_PROVENANCES, (loser,)))
    versions = [transaction.get("Provenance", id_) for (id_,) in found]
    for version in sorted(versions, key=lambda one: one.seq, reverse=True):
        record = get_body(version)
        targets = [_read_target(one) for one in record["target"]]
        codes = [(one.get("system"), one.get("code")) for one in record.get("activity", {}).get("coding", ())]
        if (ACTIVITY, MERGED) in codes and [name for name, _ in targets[:2]] == [
            f"Patient/{survivor}",
            f"Patient/{loser}",
        ]:
            return survivor, targets, version.at_ms
    return None


def _read_target(reference: Mapping[str, Any]) -> _Target:
    name, _, number = str(reference["reference"]).partition("/_history/")
    return name, int(number or 0)


def _unlink(transaction: Transaction, target: _Target, other: str) -> Version:
    """Take the link to the other patient out; in use again if it was before."""
    name, number = target
    id_ = name.partition("/")[2]
    current = transaction.get("Patient", id_)
    was = transaction.read_version("Patient", id_, number - 1)
    patient = get_body(current)
    reference = f"Patient/{other}"
    links = [
        one
        for one in patient.get("link", ())
        if one["other"].get("reference") != reference or one.get("type") not in ("replaces", "replaced-by")
    ]
    patient = {key: value for key, value in patient.items() if key not in ("link", "active")}
    before = get_body(was) if was is not None and was.body is not None else {}
    patient |= {"link": links} if links else {}
    patient |= {"active": before["active"]} if "active" in before else {}
    return transaction.put(patient, expected=current.version)


@dataclass(frozen=True, slots=True)
class _Back:
    """A record as it will be again, and the version it is at."""

    record: dict[str, Any]
    expected: int


def _find_before(transaction: Transaction, target: _Target, survivor: str, loser: str) -> _Back | None:
    """A record as it was if it is what the merge made of it, else moved; None if there is nothing to move."""
    name, number = target
    type_, _, id_ = name.partition("/")
    current = transaction.read(type_, id_)
    if current is None or current.body is None:
        return None
    was = transaction.read_version(type_, id_, number - 1) if current.version == number else None
    if was is not None and was.body is not None:
        record = get_body(was)
        meta = {key: value for key, value in record.get("meta", {}).items() if key not in _STAMPED}
        return _Back({**record, "meta": meta}, current.version)
    record = get_body(current)
    return _Back(move(record, survivor, loser), current.version) if refers(record, survivor) else None
