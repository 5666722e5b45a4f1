"""Retention: whose records were kept as long as the law asks, and their erasure once somebody releases them.

Nothing is erased by the calendar alone. What is due is listed; a named person releases some or all of it, and
the audit keeps who that was and by which rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from oncopolis.foundation.errors import ConflictError, InputError
from oncopolis.record.access.law import Demand, find_law
from oncopolis.record.fhir.extracting import REPLACED_BY
from oncopolis.record.store.replaced import list_replaced
from oncopolis.record.store.session import Session
from oncopolis.record.store.store import Store
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act, Who

_MS: Final = 1000  # structure: milliseconds in a second
_LONGEST: Final = 200  # structure: characters of a name
_LEAP_DAY: Final = (2, 29)  # structure: the day that most years do not have
_ENTRIES: Final = (
    "SELECT r.patient, max(v.at_ms), count(DISTINCT r.rk) FROM resource r JOIN version v ON v.rk = r.rk "
    "WHERE r.patient {which} AND NOT EXISTS (SELECT 1 FROM patient_key k WHERE k.patient = r.patient "
    "AND k.destroyed_ms IS NOT NULL) GROUP BY r.patient"
)
_MERGED: Final = (
    "SELECT r.id FROM index_reference i JOIN resource r ON r.rk = i.rk "
    "WHERE r.type = 'Patient' AND i.parameter = ? AND i.type = 'Patient' AND i.url IS NULL"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """For how long records are kept.

    Parameters
    ----------
    years
        After the last entry.
    reason
        The act and whether a report of it was opened, or the centre's own decision.
    """

    years: int
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """A patient whose records were kept long enough.

    Parameters
    ----------
    last_ms
        When the last entry was made, milliseconds since 1970 (UTC).
    n_records
        Records that will be unreadable, with those of patients merged into this one.
    """

    patient: str
    last_ms: int
    n_records: int


def find_rule(country: str, own_years: int | None) -> Rule:
    """The rule of a centre.

    Parameters
    ----------
    country
        Its ISO 3166 code.
    own_years
        What the centre decided; None if it follows the law that is noted.

    Raises
    ------
    InputError
        The law is not known and the centre decided nothing, or it decided on less than the law.
    """
    law = find_law(country)
    demand = law.retention_years if law is not None else Demand(None, f"none noted for {country}", "recalled")
    noted = demand.value if isinstance(demand.value, int) else None
    if own_years is None:
        if noted is None:
            raise _refuse("nothing", f"a number of years (law: {demand.law})", "decide it with your lawyer")
        return Rule(noted, _tell(demand))
    if noted is not None and own_years < noted:
        raise _refuse(f"{own_years} years", f"at least {noted} ({_tell(demand)})", "keep them longer")
    return Rule(own_years, f"decided by the centre in access.yaml; the law: {_tell(demand)}")


def _tell(demand: Demand) -> str:
    value = "not noted" if demand.value is None else f"{demand.value} years"
    return f"{value}, {demand.law} [{demand.seen}]"


def list_due(session: Session, rule: Rule, now_ms: int) -> list[Due]:
    """Patients whose last entry lies longer back than the rule asks, the oldest first.

    Those who were merged go with the one they were merged into, and count with them.
    """
    entries = {patient: (last, n) for patient, last, n in session.query(_ENTRIES.format(which="IS NOT NULL"))}
    merged = {id_ for (id_,) in session.query(_MERGED, (REPLACED_BY,))}
    before_ms = compute_limit_ms(rule, now_ms)
    old = [one for one, (last, _) in entries.items() if one not in merged and last < before_ms]
    found = (_put_together(session, one, entries) for one in old)
    return sorted(
        (one for one in found if one.last_ms < before_ms), key=lambda one: (one.last_ms, one.patient)
    )


def _put_together(session: Session, patient: str, entries: dict[str, tuple[int, int]]) -> Due:
    parts = [entries[one] for one in (patient, *list_replaced(session, patient)) if one in entries]
    return Due(patient, max(last for last, _ in parts), sum(n for _, n in parts))


def compute_limit_ms(rule: Rule, now_ms: int) -> int:
    """The moment before which a last entry is old enough, milliseconds since 1970 (UTC)."""
    now = datetime.fromtimestamp(now_ms / _MS, UTC)
    if (now.month, now.day) == _LEAP_DAY:
        now = now.replace(day=_LEAP_DAY[1] - 1)
    return int(now.replace(year=now.year - rule.years).timestamp() * _MS)


def release(store: Store, patients: Iterable[str], rule: Rule, by: str) -> dict[str, int]:
    """Erase patients whose time is over, each in a transaction of its own; records that were of each.

    Parameters
    ----------
    by
        Name of the person who releases them.

    Raises
    ------
    InputError
        Nobody is named; the record is not sealed.
    ConflictError
        One of them is not due (any more); those before it are erased.
    """
    name = by.strip()
    if not name or len(name) > _LONGEST:
        raise InputError(
            code="REC-352", where="--by", got=repr(by[:_LONGEST]), expected="the name of a person",
            fix="say who releases the records",
        )  # fmt: skip
    act = Act(
        "D", "erased after its retention", Who("Person", name, name), "retention",
        reason=f"{rule.years} years: {rule.reason}",
    )  # fmt: skip
    return {one: store.submit(_Release(one, rule), act).result() for one in dict.fromkeys(patients)}


@dataclass(frozen=True, slots=True)
class _Release:
    """Erases one patient, if their time is over when it is done."""

    patient: str
    rule: Rule

    def __call__(self, transaction: Transaction) -> int:
        session = transaction.session
        names = (self.patient, *list_replaced(session, self.patient))
        rows: list[Sequence[int]] = []
        for one in names:
            rows += [row[1:] for row in session.query(_ENTRIES.format(which="= ?"), (one,))]
        last_ms = max((last for last, _ in rows), default=None)
        if last_ms is None or last_ms >= compute_limit_ms(self.rule, transaction.now_ms):
            day = None if last_ms is None else datetime.fromtimestamp(last_ms / _MS, UTC).date()
            raise ConflictError(
                code="REC-351", where=f"Patient/{self.patient}",
                got="no records" if day is None else f"a last entry of {day}",
                expected=f"one more than {self.rule.years} years ago",
                fix="list what is due, and release from that list",
            )  # fmt: skip
        return transaction.erase(self.patient)


def _refuse(got: str, expected: str, fix: str) -> InputError:
    return InputError(
        code="REC-350", where="access.yaml, retention_years", got=got, expected=expected, fix=fix
    )
