"""The tables, one schema for both databases. What changes here needs a revision in ``migrations``."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from oncopolis.record.store.bank_tables import TURNED
from oncopolis.record.store.metadata import METADATA
from oncopolis.record.store.watch_tables import WATCHED

__all__ = [
    "INDEXES",
    "LONG_DATE",
    "LONG_RANGE",
    "LONG_SECOND",
    "METADATA",
    "SORTED_TEXT",
    "TURNED",
    "WATCHED",
]

NUMBER = BigInteger().with_variant(Integer, "sqlite")
TEXT = String()


def _row_number(name: str) -> Column[int]:
    return Column(name, NUMBER, primary_key=True)


RESOURCE = Table(
    "resource",
    METADATA,
    _row_number("rk"),
    Column("type", TEXT, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deleted", SmallInteger, nullable=False),
    Column("patient", TEXT),
    UniqueConstraint("type", "id", name="resource_type_id"),
)
Index("resource_patient", RESOURCE.c.patient, RESOURCE.c.type)

VERSION = Table(
    "version",
    METADATA,
    _row_number("seq"),
    Column("rk", NUMBER, ForeignKey("resource.rk"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", NUMBER, nullable=False),
    Column("method", TEXT, nullable=False),
    Column("key_id", NUMBER, ForeignKey("patient_key.id")),
    Column("body", LargeBinary),
    UniqueConstraint("rk", "version", name="version_rk_version"),
)

PATIENT_KEY = Table(
    "patient_key",
    METADATA,
    _row_number("id"),
    Column("patient", TEXT, nullable=False, unique=True),
    Column("wrapped", LargeBinary),
    Column("destroyed_ms", NUMBER),
)
Index("version_key_id", VERSION.c.key_id)

CLAIM = Table(
    "claim",
    METADATA,
    Column("kind", TEXT, primary_key=True),
    Column("key", TEXT, primary_key=True),
    Column("holder", TEXT, nullable=False),
    Column("at_ms", NUMBER, nullable=False),
)
Index("claim_holder", CLAIM.c.holder)

AUDIT = Table(
    "audit",
    METADATA,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("at_ms", NUMBER, nullable=False),
    Column("entry", TEXT, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("agent", TEXT),
)
Index("audit_agent", AUDIT.c.agent, AUDIT.c.at_ms)
Index("audit_at", AUDIT.c.at_ms)

AUDIT_PATIENT = Table(
    "audit_patient",
    METADATA,
    Column("patient", TEXT, primary_key=True),
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

JOURNAL = Table(
    "journal",
    METADATA,
    _row_number("seq"),
    Column("case_id", TEXT, nullable=False),
    Column("pathway", TEXT, nullable=False),
    Column("step", TEXT, nullable=False),
    Column("activity", TEXT),
    Column("resource", TEXT),
    Column("planned_ms", NUMBER),
    Column("asked_ms", NUMBER),
    Column("start_ms", NUMBER),
    Column("end_ms", NUMBER, nullable=False),
    Column("outcome", TEXT, nullable=False),
    sqlite_autoincrement=True,
)
Index("journal_case", JOURNAL.c.case_id)
Index("journal_end", JOURNAL.c.end_ms, JOURNAL.c.seq)

WRITER = Table(
    "writer",
    METADATA,
    Column("writer", TEXT, primary_key=True),
    Column("batch", TEXT, nullable=False),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    _row_number("id"),
    Column("kind", TEXT, nullable=False),
    Column("payload", TEXT, nullable=False),
    Column("key", TEXT, unique=True),
    Column("state", TEXT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_ms", NUMBER, nullable=False),
    Column("error", TEXT, nullable=False),
    Column("lease_until", NUMBER, nullable=False),
)
Index("outbox_state_due", OUTBOX.c.state, OUTBOX.c.due_ms)

REQUEST = Table(
    "request",
    METADATA,
    _row_number("id"),
    Column("who", TEXT, nullable=False),
    Column("key", TEXT, nullable=False),
    Column("fingerprint", TEXT, nullable=False),
    Column("at_ms", NUMBER, nullable=False),
    Column("result", TEXT, nullable=False),
    UniqueConstraint("who", "key", name="request_who_key"),
    sqlite_autoincrement=True,
)

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("login", TEXT, nullable=False, unique=True),
    Column("name", TEXT, nullable=False),
    Column("password", TEXT),
    Column("roles", TEXT, nullable=False),
    Column("clinics", TEXT, nullable=False),
    Column("practitioner", TEXT),
    Column("patients", TEXT, nullable=False),
    Column("language", TEXT, nullable=False),
    Column("subject", TEXT, unique=True),
    Column("disabled", SmallInteger, nullable=False),
    Column("made_ms", NUMBER, nullable=False),
)

PASSKEY = Table(
    "passkey",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("account", TEXT, ForeignKey("account.id"), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("uses", NUMBER, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("made_ms", NUMBER, nullable=False),
    Column("used_ms", NUMBER),
)
Index("passkey_account", PASSKEY.c.account)

LOGIN_SESSION = Table(
    "login_session",
    METADATA,
    Column("hash", TEXT, primary_key=True),
    Column("account", TEXT, ForeignKey("account.id"), nullable=False),
    Column("how", TEXT, nullable=False),
    Column("agent", TEXT, nullable=False),
    Column("address", TEXT, nullable=False),
    Column("opened_ms", NUMBER, nullable=False),
    Column("seen_ms", NUMBER, nullable=False),
    Column("until_ms", NUMBER, nullable=False),
)
Index("login_session_account", LOGIN_SESSION.c.account)

APP = Table(
    "app",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("redirects", TEXT, nullable=False),
    Column("secret", TEXT),
    Column("jwks", TEXT),
    Column("scopes", TEXT, nullable=False),
    Column("roles", TEXT, nullable=False),
    Column("clinics", TEXT, nullable=False),
    Column("disabled", SmallInteger, nullable=False),
    Column("made_ms", NUMBER, nullable=False),
)

APP_GRANT = Table(
    "app_grant",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("account", TEXT, ForeignKey("account.id")),
    Column("app", TEXT, ForeignKey("app.id")),
    Column("roles", TEXT, nullable=False),
    Column("clinics", TEXT, nullable=False),
    Column("scopes", TEXT, nullable=False),
    Column("patient", TEXT),
    Column("made_ms", NUMBER, nullable=False),
    Column("until_ms", NUMBER, nullable=False),
    Column("used_ms", NUMBER),
    Column("revoked_ms", NUMBER),
)
Index("app_grant_account", APP_GRANT.c.account)
Index("app_grant_until", APP_GRANT.c.until_ms)

SECRET = Table(
    "secret",
    METADATA,
    Column("hash", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("payload", TEXT, nullable=False),
    Column("until_ms", NUMBER, nullable=False),
    Column("used_ms", NUMBER),
)
Index("secret_owner", SECRET.c.owner)
Index("secret_until", SECRET.c.until_ms)

ATTEMPT = Table(
    "attempt",
    METADATA,
    Column("key", TEXT, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_ms", NUMBER, nullable=False),
    Column("until_ms", NUMBER, nullable=False),
)

SIGNING_KEY = Table(
    "signing_key",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("stored", LargeBinary, nullable=False),
    Column("sealed", SmallInteger, nullable=False),
    Column("made_ms", NUMBER, nullable=False),
)

JOURNEY = Table(
    "journey",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("patient", TEXT, nullable=False),
    Column("carer", TEXT),
    Column("language", TEXT, nullable=False),
    Column("code", TEXT),
    Column("made_ms", NUMBER, nullable=False),
    Column("first_ms", NUMBER, nullable=False),
    Column("until_ms", NUMBER, nullable=False),
    Column("device", TEXT),
    Column("bound_ms", NUMBER),
    Column("tries", Integer, nullable=False),
    Column("locked_ms", NUMBER),
    Column("ended_ms", NUMBER),
)
Index("journey_patient", JOURNEY.c.patient)
Index("journey_device", JOURNEY.c.device)
Index("journey_locked", JOURNEY.c.locked_ms)

FOLLOWER = Table(
    "follower",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("type", TEXT, nullable=False),
    Column("criteria", TEXT, nullable=False),
    Column("until_ms", NUMBER),
    Column("caller", TEXT),
)
Index("follower_type", FOLLOWER.c.type)


DOUBLE = Float(53)  # structure: bits of a double
SORTED_TEXT = String().with_variant(String(collation="C"), "postgresql")
"""Text in the order of its code points, in both databases and whatever the language of the server."""
LONG_DATE = "high_ms - low_ms >= 86400000"
LONG_RANGE = "high > low"
LONG_SECOND = "second_high > second_low"
"""Which rows of an index their low end is not enough to find by; search says the same."""


def _index(kind: str, values: dict[str, TypeEngine[Any]], by: tuple[str, ...]) -> Table:
    table = Table(
        f"index_{kind}",
        METADATA,
        Column("parameter", Integer, nullable=False),
        *(Column(name, type_) for name, type_ in values.items()),
        Column("rk", NUMBER, ForeignKey("resource.rk"), primary_key=True),
        Column("n", Integer, primary_key=True),
        sqlite_with_rowid=False,
    )
    Index(f"index_{kind}_value", *(table.c[name] for name in by))
    return table


def _index_part(kind: str, name: str, by: tuple[str, ...], where: str) -> None:
    table = INDEXES[kind]
    Index(
        f"index_{kind}_{name}",
        *(table.c[column] for column in by),
        sqlite_where=text(where),
        postgresql_where=text(where),
    )


_RANGE: dict[str, TypeEngine[Any]] = {"low": DOUBLE, "high": DOUBLE}
INDEXES = {
    "token": _index("token", {"system": TEXT, "code": SORTED_TEXT}, ("parameter", "code", "rk", "system")),
    "string": _index("string", {"normalised": SORTED_TEXT, "exact": TEXT}, ("parameter", "normalised", "rk")),
    "reference": _index(
        "reference", {"type": TEXT, "id": TEXT, "url": TEXT}, ("id", "type", "parameter", "rk", "url")
    ),
    "date": _index("date", {"low_ms": NUMBER, "high_ms": NUMBER}, ("parameter", "low_ms", "high_ms", "rk")),
    "number": _index("number", _RANGE, ("parameter", "low", "high", "rk")),
    "quantity": _index(
        "quantity", {"system": TEXT, "code": TEXT, **_RANGE}, ("parameter", "low", "high", "rk")
    ),
    "tie": _index("tie", {"patient": TEXT, "type": TEXT, "id": TEXT}, ("patient", "rk", "type", "id")),
    "uri": _index("uri", {"value": SORTED_TEXT}, ("parameter", "value", "rk")),
    "compound": _index(
        "compound",
        {
            "system": TEXT,
            "code": TEXT,
            "second_system": TEXT,
            "second_code": SORTED_TEXT,
            "second_low": DOUBLE,
            "second_high": DOUBLE,
            "third_low": DOUBLE,
            "third_high": DOUBLE,
        },
        ("parameter", "code", "second_low", "second_code", "rk"),
    ),
}
"""The index table of each kind of search parameter, and of ties; rows are of the current versions only."""
_index_part("reference", "url", ("url", "parameter", "rk"), "url IS NOT NULL")
_index_part("date", "long", ("parameter", "high_ms", "rk"), LONG_DATE)
_index_part("number", "long", ("parameter", "high", "rk"), LONG_RANGE)
_index_part("quantity", "long", ("parameter", "high", "rk"), LONG_RANGE)
_index_part("compound", "long", ("parameter", "code", "second_high", "rk"), LONG_SECOND)
Index("resource_type_rk", RESOURCE.c.type, RESOURCE.c.rk)
