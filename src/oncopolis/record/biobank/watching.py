"""Rows of people who keep watch over the tanks. Times are milliseconds since 1970 (UTC)."""

from dataclasses import dataclass
from typing import ClassVar

from oncopolis.record.biobank.rows import select
from oncopolis.record.store.session import Session


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody is called when something is wrong with a tank, for a time.

    Parameters
    ----------
    rung
        Which rung of the ladder they stand on: 0 is called first.
    person, name
        ``Practitioner/<id>`` or another account, and what they are called.
    address
        Where they are reached: a telephone number or whatever the gateway of messages understands.
    """

    TABLE: ClassVar[str] = "bank_duty"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    rung: int
    person: str
    name: str
    address: str
    from_ms: int
    until_ms: int


def list_duties(session: Session, now_ms: int) -> list[Duty]:
    """Duties that are not over, what begins first first."""
    return select(session, Duty, "t.until_ms > ?", (now_ms,), "ORDER BY t.from_ms, t.rung, t.id")


def list_on_duty(session: Session, now_ms: int) -> list[Duty]:
    """Duties of now, the first rung first."""
    return select(
        session, Duty, "t.from_ms <= ? AND t.until_ms > ?", (now_ms, now_ms), "ORDER BY t.rung, t.id"
    )
