"""What sensors said: kept as it came for a while, and a line an hour after that."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple

from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.record.store.session import Session

_TABLE = "watch_reading"


class Said(NamedTuple):
    """One reading as it is kept.

    Parameters
    ----------
    at_ms
        When it came, milliseconds since 1970 (UTC).
    is_doubted
        Whether it was not believed.
    """

    subject: str
    kind: str
    at_ms: int
    value: float
    is_doubted: bool


class Hour(NamedTuple):
    """An hour of one sensor; low, mean and high are of what was believed, None if nothing was."""

    hour_ms: int
    n: int
    n_doubted: int
    low: float | None
    mean: float | None
    high: float | None


def add_readings(session: Session, said: Sequence[Said]) -> None:
    """Keep readings."""
    numbers = _number_sensors(session, {(one.subject, one.kind) for one in said})
    session.insert(
        _TABLE,
        ("sensor", "at_ms", "value", "doubt"),
        [
            (
                numbers[one.subject, one.kind], one.at_ms, one.value if isfinite(one.value) else None,
                int(one.is_doubted),
            )
            for one in said
        ],
    )  # fmt: skip


def _number_sensors(session: Session, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    known = {
        (subject, kind): id_
        for id_, subject, kind in session.query("SELECT id, subject, kind FROM watch_sensor")
    }
    after = max(known.values(), default=0)
    new = {key: after + n for n, key in enumerate(sorted(set(wanted) - known.keys()), 1)}
    if new:
        session.insert("watch_sensor", ("id", "subject", "kind"), [(id_, *key) for key, id_ in new.items()])
    return known | new


def list_readings(session: Session, subject: str, kind: str, since_ms: int, until_ms: int) -> list[Said]:
    """Readings of a sensor as they came, from one moment up to, not including, another; NaN for no number."""
    rows = session.query(
        "SELECT r.at_ms, r.value, r.doubt FROM watch_reading r JOIN watch_sensor s ON s.id = r.sensor "
        "WHERE s.subject = ? AND s.kind = ? AND r.at_ms >= ? AND r.at_ms < ? ORDER BY r.at_ms",
        (subject, kind, since_ms, until_ms),
    )
    nan = float("nan")
    return [
        Said(subject, kind, at_ms, nan if value is None else value, bool(doubt))
        for at_ms, value, doubt in rows
    ]


def list_hours(session: Session, subject: str, kind: str) -> list[Hour]:
    """The hours of a sensor that are kept as a line each."""
    rows = session.query(
        "SELECT h.hour_ms, h.n, h.n_doubted, h.low, h.mean, h.high FROM watch_hour h "
        "JOIN watch_sensor s ON s.id = h.sensor WHERE s.subject = ? AND s.kind = ? ORDER BY h.hour_ms",
        (subject, kind),
    )
    return [Hour(*row) for row in rows]


def thin(session: Session, before_ms: int) -> int:
    """Turn whole hours of readings before a moment into a line each; how many readings went.

    What comes late for an hour that has a line is added to that line the next time.
    """
    until_ms = before_ms // MS_PER_HOUR * MS_PER_HOUR
    n = int(session.query("SELECT count(*) FROM watch_reading WHERE at_ms < ?", (until_ms,))[0][0])
    if n:
        hour = f"at_ms / {MS_PER_HOUR} * {MS_PER_HOUR}"
        believed = "CASE WHEN doubt = 0 THEN value END"
        session.query(
            "INSERT INTO watch_hour (sensor, hour_ms, n, n_doubted, low, mean, high) "  # noqa: S608 - of ours
            f"SELECT sensor, {hour}, count(*), sum(doubt), min({believed}), avg({believed}), max({believed}) "
            f"FROM watch_reading WHERE at_ms < ? GROUP BY sensor, {hour} "
            "ON CONFLICT (sensor, hour_ms) DO UPDATE SET n = watch_hour.n + excluded.n, "
            "n_doubted = watch_hour.n_doubted + excluded.n_doubted, "
            "mean = CASE WHEN watch_hour.mean IS NULL THEN excluded.mean "
            "WHEN excluded.mean IS NULL THEN watch_hour.mean "
            "ELSE (watch_hour.mean * (watch_hour.n - watch_hour.n_doubted) "
            "+ excluded.mean * (excluded.n - excluded.n_doubted)) "
            "/ (watch_hour.n - watch_hour.n_doubted + excluded.n - excluded.n_doubted) END, "
            "low = CASE WHEN watch_hour.low < excluded.low OR excluded.low IS NULL "
            "THEN watch_hour.low ELSE excluded.low END, "
            "high = CASE WHEN watch_hour.high > excluded.high OR excluded.high IS NULL "
            "THEN watch_hour.high ELSE excluded.high END",
            (until_ms,),
        )
        session.query("DELETE FROM watch_reading WHERE at_ms < ?", (until_ms,))
    return n
