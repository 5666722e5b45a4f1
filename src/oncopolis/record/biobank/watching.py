"""Rows of people who keep watch over the tanks. Times are milliseconds since 1970 (UTC)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from oncopolis.record.biobank.rows import select
from oncopolis.record.store.compartment import get_parameter
from oncopolis.record.store.session import Session

Care: TypeAlias = Literal["calibration", "maintenance"]


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


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody is in a room of tanks, or was."""

    TABLE: ClassVar[str] = "bank_inside"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    room: str
    person: str
    name: str
    in_ms: int
    out_ms: int | None = None


def list_inside(session: Session) -> list[Inside]:
    """Who is in rooms of tanks now, who came first first."""
    return select(session, Inside, "t.out_ms IS NULL", (), "ORDER BY t.in_ms, t.id")


def list_open_tasks(session: Session, codes: Sequence[str]) -> list[str]:
    """Ids of Tasks with one of these codes that are not over."""
    marks = ", ".join("?" * len(codes))
    rows = session.query(
        "SELECT DISTINCT r.id FROM index_token c JOIN index_token s ON s.rk = c.rk "  # noqa: S608 - marks
        "JOIN resource r ON r.rk = c.rk WHERE r.type = 'Task' AND c.parameter = ? "
        f"AND c.code IN ({marks}) AND s.parameter = ? AND s.code IN ('requested', 'in-progress') "
        "ORDER BY r.id",
        (get_parameter("Task", "code"), *codes, get_parameter("Task", "status")),
    )
    return [str(id_) for (id_,) in rows]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Something of a tank or room has to be done again and again.

    Parameters
    ----------
    kind
        ``calibration`` or ``maintenance``.
    said, done_by
        Of the last time: the certificate or what was done, and by whom; empty before the first.
    """

    TABLE: ClassVar[str] = "bank_upkeep"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    subject: str
    kind: Care
    what: str
    every_days: int
    due_ms: int
    done_ms: int | None = None
    done_by: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Nitrogen:
    """What is in the bulk tank of liquid nitrogen, as somebody has read it.

    Parameters
    ----------
    delivery_l, every_days
        What the supplier brings at a time, litres, and after how many days; 0 without a supplier.
    next_days
        Days from this reading to the next delivery.
    """

    TABLE: ClassVar[str] = "bank_nitrogen"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    stock_l: float
    delivery_l: float
    every_days: int
    next_days: int
    at_ms: int


def list_upkeep(session: Session) -> list[Upkeep]:
    """What has to be done, what is due first first."""
    return select(session, Upkeep, "1 = 1", (), "ORDER BY t.due_ms, t.id")


def find_nitrogen(session: Session) -> Nitrogen | None:
    """What was read of the bulk tank last."""
    return next(iter(select(session, Nitrogen, "1 = 1", (), "ORDER BY t.id DESC LIMIT 1")), None)
