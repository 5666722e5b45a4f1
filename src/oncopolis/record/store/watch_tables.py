"""Tables of sensors and what they say: readings as they come, and a line an hour of those that are old."""

from sqlalchemy import Column, Float, Index, Integer, SmallInteger, String, Table, UniqueConstraint

from oncopolis.record.store.bank_tables import NUMBER
from oncopolis.record.store.metadata import METADATA

_DOUBLE = Float(53)  # structure: bits of a double

SENSOR = Table(
    "watch_sensor",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("subject", String(), nullable=False),
    Column("kind", String(), nullable=False),
    UniqueConstraint("subject", "kind"),
)
READING = Table(
    "watch_reading",
    METADATA,
    Column("seq", NUMBER, primary_key=True),
    Column("sensor", Integer, nullable=False),
    Column("at_ms", NUMBER, nullable=False),
    Column("value", _DOUBLE),
    Column("doubt", SmallInteger, nullable=False),
    sqlite_autoincrement=True,
)
"""``value`` is null for what is no number; ``doubt`` is 0 for a reading that was believed."""
Index("watch_reading_sensor", READING.c.sensor, READING.c.at_ms)
Index("watch_reading_at", READING.c.at_ms)
HOUR = Table(
    "watch_hour",
    METADATA,
    Column("sensor", Integer, primary_key=True, autoincrement=False),
    Column("hour_ms", NUMBER, primary_key=True, autoincrement=False),
    Column("n", NUMBER, nullable=False),
    Column("n_doubted", NUMBER, nullable=False),
    Column("low", _DOUBLE),
    Column("mean", _DOUBLE),
    Column("high", _DOUBLE),
)
"""``low``, ``mean`` and ``high`` are of the readings that were believed."""

WATCHED = (SENSOR, READING, HOUR)
